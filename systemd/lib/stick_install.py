"""Updates from a USB stick: what is offered, and how the one that staff asked for is installed."""

from __future__ import annotations

import errno
import json
import os
import re
import stat
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from device_release import Device, Offer
from root_pin import replace_file
from signed_release import Refused, version_key

ARCHIVE = re.compile(r"kiosk-update-([0-9A-Za-z.+-]{1,60})\.tar", re.ASCII)
MOST_ARCHIVES = 8
TOLD_FILE = "update-told.json"
INTERRUPTED = "It was interrupted. The release from before runs on; install this one again."
OTHER_NOW = (
    "The stick does not hold any more what was shown here. Look at what it holds now, then press again."
)
NONE_THERE = "There is no release on a stick any more. Put it in again."
DAY_S = 86400


def log(line: str) -> None:
    """Write a line to the journal."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201


@dataclass(frozen=True)
class Places:
    """Where sticks are mounted, what marks a Jetson, and what an installer runs in."""

    sticks: Path = Path("/media")
    jetson: Path = Path("/etc/nv_tegra_release")
    # The installer is as free as root at a push, which this sandbox is not; it gets verified files alone.
    unit: tuple[str, ...] = (
        "systemd-run",
        "--quiet",
        "--wait",
        "--pipe",
        "--collect",
        "--unit=install-kiosk-release",
    )


def open_archive(place: Path) -> BinaryIO:
    """Return an archive on a stick, opened to be read once; raises OSError for what is no plain file."""
    descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is no plain file")
    return os.fdopen(descriptor, "rb")


def name_refused(place: Path, offer: Offer) -> str:
    """Return why an archive must not have its name, if so."""
    if place.name == f"kiosk-update-{offer.manifest.release}.tar":
        return ""
    named = ARCHIVE.fullmatch(place.name)
    return (
        f"It was renamed: it holds release {offer.manifest.release}, not {named[1] if named else place.name}."
    )


@dataclass
class StickInstall:
    """Owns the one installation that may be under way, and what was told of the last."""

    device: Device
    places: Places = Places()
    _thread: threading.Thread | None = field(default=None, init=False)
    _logged: str = field(default="", init=False)

    @property
    def busy(self) -> bool:
        """Return whether one is under way."""
        return self._thread is not None and self._thread.is_alive()

    def archives(self) -> list[Path]:
        """Return the archives on sticks, newest version first; a name that is none comes last."""
        found = [
            place
            for stick in sorted(self.places.sticks.glob("*"))
            for place in _files_in(stick)
            if ARCHIVE.fullmatch(place.name)
        ]
        return sorted(found, key=lambda place: (_named_version(place), place.name), reverse=True)[
            :MOST_ARCHIVES
        ]

    def look(self) -> dict[str, object]:
        """Return what the screen shows: the best release offered, or why none is taken; and how far the last is."""
        shown: dict[str, object] = {"running": self.device.running(), **self._told()}
        if self.busy:  # also for the moment between its last word and its end
            return {**shown, "stage": "running"}
        refused = ""
        for place in self.archives():
            try:
                with open_archive(place) as archive:
                    offer = self._offer(place, archive)
            except Refused as refusal:
                refused = refused or f"{_named(place)}: {refusal}"
                continue
            except OSError as error:
                refused = refused or f"{_named(place)}: it cannot be read ({error.strerror})."
                continue
            made_utc_s = offer.manifest.made_utc_s
            return {
                **shown,
                "release": offer.manifest.release,
                "seen": offer.head.digest,
                "signer": offer.signer.name,
                "fingerprint": offer.signer.fingerprint,
                "made_utc_s": made_utc_s,
                "age_days": int((time.time() - made_utc_s) // DAY_S),
                "older": offer.older,
            }
        if refused and refused != self._logged:
            log(f"not offered: {refused}")
        self._logged = refused
        return {**shown, "refused": refused}

    def _offer(self, place: Path, archive: BinaryIO) -> Offer:
        offer = self.device.offered(archive)
        renamed = name_refused(place, offer)
        if renamed:
            raise Refused(renamed)
        return offer

    def _sound(self, place: Path, archive: BinaryIO) -> Offer | None:
        try:
            return self._offer(place, archive)
        except (Refused, OSError):
            return None

    def begin(self, seen: str, *, older: bool) -> None:
        """Install, in a thread, the archive whose manifest was shown; raises Refused. The PIN was right."""
        if self.busy:
            raise Refused("One is being installed already.")
        try:
            archive, offer = self._find(seen, older=older)
        except Refused as refusal:
            self._tell("failed", str(refusal))
            raise
        self._tell(
            "running",
            f"Release {offer.manifest.release} is checked and installed. The screen goes dark for a moment.",
        )
        self._thread = threading.Thread(target=self._install, args=(archive, offer), name="install")
        self._thread.start()

    def _find(self, seen: str, *, older: bool) -> tuple[BinaryIO, Offer]:
        places = self.archives()
        for place in places:
            try:
                archive = open_archive(place)
            except OSError:
                continue
            found = self._sound(place, archive)
            if found is not None and found.head.digest == seen:
                if found.older and not older:
                    archive.close()
                    raise Refused(
                        f"Release {found.manifest.release} is older than {self.device.running()}, which runs."
                    )
                return archive, found
            archive.close()
        raise Refused(OTHER_NOW if places else NONE_THERE)

    def _install(self, archive: BinaryIO, offer: Offer) -> None:
        release = offer.manifest.release
        log(f"installing {release}, signed by {offer.signer.name} ({offer.signer.fingerprint})")
        try:
            with archive, self.device.verified(archive, offer) as folder:
                self._run(folder, release)
        except Refused as refusal:
            self._tell("failed", str(refusal))
        except OSError as error:
            self._tell("failed", f"The stick or the disk could not be used ({error.strerror}). Try again.")
        else:
            self._tell("done", f"Release {release} runs.")

    def _run(self, folder: Path, release: str) -> None:
        """Run the verified release's own installer on it; raises Refused with its last line."""
        options = ["--from", str(folder), "--offline", *(["--jetson"] if self.places.jetson.exists() else [])]
        script = str(folder / "release" / "systemd" / "install-release")
        last = "it says nothing"
        with subprocess.Popen(  # noqa: S603
            [*self.places.unit, "bash", script, "install", release, *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            errors="replace",
        ) as child:
            for line in child.stdout or ():
                last = line.strip() or last
                log(last)
        if child.returncode:
            raise Refused(last.replace("device: ", "", 1))

    def _told(self) -> dict[str, object]:
        """Return stage and line of the last one; the plug may have been pulled while it ran."""
        try:
            told = json.loads((self.device.private / TOLD_FILE).read_text("utf-8"))
            stage, line = str(told["stage"]), str(told["line"])
        except (OSError, ValueError, KeyError, TypeError):
            return {"stage": "none", "line": ""}
        if stage == "running" and not self.busy:
            return {"stage": "failed", "line": INTERRUPTED}
        return {"stage": stage, "line": line}

    def _tell(self, stage: str, line: str) -> None:
        log(f"{stage}: {line}")
        replace_file(self.device.make_private() / TOLD_FILE, json.dumps({"stage": stage, "line": line}))


def _files_in(stick: Path) -> list[Path]:
    try:
        return [stick / name for name in os.listdir(stick)]  # noqa: PTH208
    except OSError:
        return []


def _named(place: Path) -> str:
    """Return the release that an archive is named for."""
    named = ARCHIVE.fullmatch(place.name)
    return named[1] if named else place.name


def _named_version(place: Path) -> tuple[float, ...]:
    try:
        return version_key(_named(place))
    except Refused:
        return ()
