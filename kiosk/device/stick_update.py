"""Updates from a USB stick: found and asked for here, carried out by a unit of the system that may install.

The exhibit may install nothing itself. It writes `update/asked` in the state folder, the path of an archive on a
stick; `kiosk-update.path` waits for that file, and its service removes it and writes `update/result`: a word
(running, done, failed), a line for staff, and the boot id of that start. That is all they know of each other.
"""

import re
from pathlib import Path

from kiosk.core.staff import UpdateFacts, UpdateStage
from kiosk.device.durable import replace_files
from kiosk.device.health import HERE, Places
from kiosk.errors import KioskError

FOLDER, ASKED_FILE, RESULT_FILE = "update", "asked", "result"
# As deploy.sh names a release: its version and a digest. systemd/lib/update-from-stick takes no other names.
ARCHIVE = re.compile(r"kiosk-update-([0-9A-Za-z.+-]{1,60})\.tar")
LONGEST_LINE = 300
INTERRUPTED = "It was interrupted, so nothing was changed. Install it again."


class NoUpdateError(KioskError):
    """There is no release on a stick."""


def offered(sticks: tuple[Path, ...]) -> dict[str, Path]:
    """Return the archives on sticks by their releases; one that cannot be read offers none."""
    found: dict[str, Path] = {}
    for stick in sticks:
        try:
            files = sorted(stick.iterdir())
        except OSError:
            continue
        for file in files:
            named = ARCHIVE.fullmatch(file.name)
            if named is not None and file.is_file():
                found.setdefault(named[1], file)
    return found


def update_facts(state_folder: Path, sticks: tuple[Path, ...], places: Places = HERE) -> UpdateFacts:
    """Return what a stick offers (the last by name), and how far the update is that was asked for last.

    One that was running when the system was started anew runs no more: the plug was pulled.
    """
    releases = offered(sticks)
    release = max(releases, default="")
    folder = state_folder / FOLDER
    if (folder / ASKED_FILE).exists():
        return UpdateFacts(release, UpdateStage.ASKED)
    try:
        word, line, boot_id, *_ = [*(folder / RESULT_FILE).read_text("utf-8", "replace").splitlines(), "", ""]
        stage = UpdateStage(word)
    except (OSError, ValueError):
        return UpdateFacts(release)
    if stage is UpdateStage.RUNNING and boot_id.strip() != _boot_id(places):
        return UpdateFacts(release, UpdateStage.FAILED, INTERRUPTED)
    return UpdateFacts(release, stage, line.strip()[:LONGEST_LINE])


def _boot_id(places: Places) -> str:
    try:
        return (places.proc / "sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""


def ask_for_update(state_folder: Path, sticks: tuple[Path, ...]) -> None:
    """Ask for the release that is offered; raises NoUpdateError where there is none any more, and WriteError."""
    releases = offered(sticks)
    if not releases:
        raise NoUpdateError("There is no release on a stick any more. Put it in again.")
    archive = releases[max(releases)]
    replace_files(state_folder / FOLDER, {ASKED_FILE: f"{archive}\n".encode()})
