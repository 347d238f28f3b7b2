"""The card that all tests begin with: the real push to a new card, staff at the first start, a snapshot of it all."""

import hashlib
import json
import shutil
import subprocess
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from kiosk.core.health import Phase
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.staff.screens.setup_buttons import SetupButtons
from kiosk.topics.staff.screens.setup_camera import SetupCamera
from kiosk.topics.staff.screens.setup_pin import SetupPin
from kiosk.topics.staff.screens.setup_size import SetupSize
from tests.device.machine.fresh_clone import FreshClone
from tests.device.machine.hardware import Bench
from tests.device.machine.machine import Machine, overlay
from tests.device.machine.visitor import Visitor
from tests.device.machine.wrapped import wrap
from tests.device.pushed_checkout import ROOT

PIN = "804159"
SNAPSHOT = "ready"
PUSHED_FILES = ("kiosk", "systemd", "firmware_config", "pyproject.toml", "deploy.sh")


@dataclass(frozen=True)
class PushedCard:
    """Where it lies, and how it came about."""

    folder: str
    release: str
    boot_s: float
    push_s: float
    reboot_s: float  # by its own clock, to READY
    said: str
    snapshot: str = SNAPSHOT

    @property
    def card(self) -> Path:
        return Path(self.folder) / "card.qcow2"

    @property
    def clone(self) -> Path:
        """The checkout that was pushed; to be copied before it is changed."""
        return Path(self.folder) / "clone"


def pushed_card(bench: Bench) -> PushedCard:
    """Return the card of the last commit, which is kept; it is made where there is none."""
    folder = bench.folder / "pushed"
    told = folder / "told.json"
    wanted = f"{committed_files()} {own_files()} {(bench.folder / 'card' / '.whole').read_text('utf-8')}"
    if told.is_file() and (kept := json.loads(told.read_text("utf-8"))).pop("of") == wanted:
        return PushedCard(**kept)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    card = _pushed(bench, folder)
    told.write_text(json.dumps(asdict(card) | {"of": wanted}), "utf-8")
    return card


def committed_files() -> str:
    """Return what tells this commit's release from others."""
    return subprocess.run(
        ["git", "-C", str(ROOT), "rev-parse", *(f"HEAD:{file}" for file in PUSHED_FILES)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def own_files() -> str:
    """Return what tells the tests' own part in such a card from others."""
    found = hashlib.sha256()
    for name in ("pushed.py", "wrapped.py", "hardware.py"):
        found.update(Path(__file__).with_name(name).read_bytes())
    return found.hexdigest()


def _pushed(bench: Bench, folder: Path) -> PushedCard:
    with Machine(bench, overlay(bench, bench.card, folder / "card.qcow2")) as machine:
        boot_s = machine.guest.wait_booted()
        wrap(machine.guest)
        clone = FreshClone.made(folder / "clone", machine.guest.ssh_config)
        since_s = time.monotonic()
        done = clone.deploy("push", "pi@kiosk", "--wheelhouse", bench.wheels)
        push_s = time.monotonic() - since_s
        assert done.returncode == 0, done.stdout
        machine.guest.reboot()  # as the README says: the watchdog and the masked keys come with it
        machine.guest.wait_ready()
        reboot_s = machine.guest.started_s()
        set_up(Visitor(machine))
        release = machine.guest.run("basename $(readlink -f /opt/kiosk/current)")
        machine.guest.hang_up()
        machine.keep(SNAPSHOT)
        return PushedCard(str(folder), release, boot_s, push_s, reboot_s, done.stdout)


def set_up(visitor: Visitor) -> None:
    """Do what staff do at the first start: a PIN, the panel's size, each button once, the camera's framing."""
    visitor.wait_screen(SetupPin)
    for _ in range(2):
        visitor.type_pin(PIN)
    visitor.wait_screen(SetupSize)
    visitor.tap("next")
    visitor.wait_screen(SetupButtons)
    for name in ("shutter", "more", "less"):
        visitor.press(name)
    visitor.wait(lambda: visitor.screen(SetupButtons).done, "all three lamps")
    visitor.tap("next")
    visitor.wait_screen(SetupCamera)
    visitor.tap("done")
    visitor.wait_screen(Attract)
    visitor.wait(
        lambda: visitor.state.context.gradients.phase is Phase.READY, "the gradient process is ready"
    )
