"""How much memory each kind of visit takes at the most, process by process: what the units' limits are made for."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kiosk.core.scene import ControlId
from kiosk.device.state_folder import StateFolder
from kiosk.topics.attack.screens.attack import Attack
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.cards.screen import Cards
from kiosk.topics.photograph.screens.live import Live
from kiosk.topics.photograph.screens.upload import Upload
from kiosk.topics.sketchpad.screens.sketchpad import Sketchpad
from tests.e2e.exhibit_driver import Display, Exhibit, children, command_line
from tests.e2e.test_exhibit import rate, wait_fooled
from tests.e2e.test_teaching import School, things_before_a_camera
from tests.figures import figure
from tests.player import FLAMINGO
from tests.topics.vaccine.e2e.test_vaccine import vaccinate

pytestmark = pytest.mark.slow

# MemoryMax of kiosk.service is 40 % of 4 GB and more, that of kiosk-gradients.service 45 %: half of these is far.
EXHIBIT_MB, GRADIENTS_MB = 800.0, 900.0
PICTURE = (4000, 3000)  # twelve megapixels


def peak_mb(pid: int) -> float:
    """Return the most memory that a process has had so far."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def tell(exhibit: Exhibit, visit: str) -> None:
    """Record what each process has had at the most until the end of a kind of visit."""
    (gradients,) = exhibit.gradient_pids()
    others = [pid for pid in children(exhibit.pid) if pid != gradients]
    told = {" ".join(command_line(pid).decode().split("\0")[3:5]) or str(pid): peak_mb(pid) for pid in others}
    own = peak_mb(exhibit.pid)
    figure.at_most(f"memory of the exhibit, {visit}", own + sum(told.values()), EXHIBIT_MB, " MB")
    for name, megabytes in told.items():
        figure.told(f"of that {name}, {visit}", f"{megabytes:.0f} MB")
    figure.at_most(f"memory of the gradient process, {visit}", peak_mb(gradients), GRADIENTS_MB, " MB")


@pytest.mark.timeout(600)
def test_teaching(display: Display, state: StateFolder, tmp_path: Path) -> None:
    cup, cat, camera = things_before_a_camera(state, tmp_path)
    with Exhibit(display, state.path, tmp_path, camera) as exhibit:
        school = School(exhibit, (cup, cat))
        school.begin()
        school.train()
        tell(exhibit, "teach")
        exhibit.tap("try")
        exhibit.wait_screen(Live)
        school.photograph(cup)
        school.attack(cat)
        exhibit.tap("cards")
        exhibit.wait_screen(Cards)
        vaccinate(school, cup)
        tell(exhibit, "vaccinate")


@pytest.mark.timeout(600)
def test_bringing_a_picture_and_painting(display: Display, state: StateFolder, tmp_path: Path) -> None:
    stick = tmp_path / "media" / "STICK"
    stick.mkdir(parents=True)
    with Image.open(state.stock / "coffee-cup.png") as cup:
        cup.convert("RGB").resize(PICTURE).save(stick / "cup.jpg", quality=95)
    upload = f"[upload]\nfolders = ['{tmp_path / 'media'}']\n"
    with Exhibit(display, state.path, tmp_path, state.stock, upload) as exhibit:
        for kind in ("plain", "upload"):
            exhibit.wait_screen(Attract)
            exhibit.tap("start")
            exhibit.wait_screen(Live)
            if kind == "upload":
                exhibit.wait(lambda: exhibit.scene.control_of(ControlId("stick")), "the way to the stick")
                exhibit.tap("stick")
                exhibit.wait(lambda: exhibit.screen(Upload).seen, "a picture on it")
                exhibit.tap("pick-0")
            else:
                exhibit.tap("shoot")
            rate(exhibit)
            exhibit.tap(f"label-{FLAMINGO}")
            exhibit.wait_screen(Attack)
            exhibit.tap("fool")
            wait_fooled(exhibit)
            tell(exhibit, {"plain": "attack only", "upload": "a picture of 12 megapixels from a stick"}[kind])
            if kind == "plain":
                exhibit.tap("again")
        exhibit.tap("cards")
        exhibit.wait_screen(Cards)
        exhibit.tap("card-paint")
        exhibit.wait_screen(Sketchpad)
        exhibit.wait(lambda: exhibit.screen(Sketchpad).judged, "the first answer")
        exhibit.tap("paint-white")
        for row in np.linspace(0.1, 0.9, 12):
            exhibit.drag("canvas", (0.05, float(row)), (0.95, float(row)))
            exhibit.wait(lambda: exhibit.screen(Sketchpad).job is None, "the answer to the stripe")
        tell(exhibit, "paint")
