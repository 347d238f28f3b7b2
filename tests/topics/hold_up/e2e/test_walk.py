"""From the attack to the camera: a sheet is printed, that very page is walked past, told right, and all forgotten."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kiosk.core.context import IdleTimes, Visitor
from kiosk.core.scene import Colour, ControlId, Dot
from kiosk.device.running import MARK_FILE
from kiosk.device.state_folder import StateFolder
from kiosk.paper.layout import Shown
from kiosk.paper.markers import SheetFinder, straightened
from kiosk.topics.attack.screens.attack import Attack
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.attract.screens.forgotten import Forgotten
from kiosk.topics.cards.screen import Cards
from kiosk.topics.hold_up.facts import SheetLook
from kiosk.topics.hold_up.messages import LooksTallied, SheetsSeen
from kiosk.topics.hold_up.screens.hold_up import HoldUp
from kiosk.topics.printing.facts import Stage
from kiosk.topics.printing.messages import Paper, PaperChanged
from kiosk.topics.printing.screens.printing import Printing
from kiosk.topics.survival.screens.survival import Survival
from kiosk.ui.tokens import RGB
from kiosk.vision.classifier import Classifier
from kiosk.vision.picture import Rgb
from tests.cups import running_cups
from tests.e2e.exhibit_driver import Display, Exhibit
from tests.e2e.own_state import copy_of
from tests.e2e.test_cards import PRESSES, Press, turned_to, wait_left
from tests.e2e.test_exhibit import LATE_S, begin, end, photograph, wait_fooled, wait_ready
from tests.player import ESPRESSO, FLAMINGO
from tests.sheets import held_up, printed

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

WORK_S = 180.0
FRAME = (800, 600)
DPI, FRAMES, LOOKS = 110, 6, 25
NOWHERE = np.zeros((4, 2), np.float32)
KEPT = re.compile(r"\.?kiosk\.sqlite[a-z.-]*")  # counts, and no picture

Told = tuple[Shown, int, bool]


def opened(exhibit: Exhibit, press: Press, card: str) -> None:
    """Open a card from the wall of cards."""
    turned_to(exhibit, press, card)
    press(exhibit, f"card-{card}")
    exhibit.wait(lambda: not isinstance(exhibit.state.screen, Cards), card)


def stayed_until(exhibit: Exhibit, press: Press, true: Callable[[], object], what: str) -> None:
    """Wait as a visitor does, who says that they are still there."""
    while True:
        exhibit.wait(lambda: exhibit.state.alone_since_s is not None or true(), what, WORK_S)
        if exhibit.state.alone_since_s is None:
            return
        press(exhibit, "stay")
        exhibit.wait(lambda: exhibit.state.alone_since_s is None, "the end of the question")


def attack(exhibit: Exhibit, press: Press) -> None:
    """From the first touch to the cards: the cup is a flamingo."""
    begin(exhibit)
    photograph(exhibit)
    exhibit.tap(f"label-{FLAMINGO}")
    exhibit.wait_screen(Attack)
    wait_ready(exhibit)
    exhibit.tap("fool")
    wait_fooled(exhibit)
    stayed_until(exhibit, press, lambda: exhibit.screen(Attack).visit.settled, "the least noise")
    press(exhibit, "cards")
    exhibit.wait_screen(Cards)


def print_it(exhibit: Exhibit, press: Press) -> None:
    """From the cards to the printed sheet, and back to the cards."""
    opened(exhibit, press, "survival")
    stayed_until(exhibit, press, lambda: not exhibit.screen(Survival).busy, "looks at the invisible noise")
    press(exhibit, "make")
    stayed_until(exhibit, press, lambda: exhibit.screen(Survival).lives, "a picture that lives on paper")
    press(exhibit, "take")
    exhibit.wait_screen(Printing)
    exhibit.wait(lambda: exhibit.scene.control_of(ControlId("print")), "the printer")
    press(exhibit, "print")
    exhibit.wait(lambda: exhibit.screen(Printing).asks, "the question")
    press(exhibit, "yes")
    exhibit.wait(lambda: exhibit.state.context.fact(Paper).stage is Stage.DONE, "the sheet", WORK_S)
    for screen in ("Printing", "Survival"):
        press(exhibit, "back")
        wait_left(exhibit, screen)
    exhibit.wait_screen(Cards)


def walk_past(page: Rgb, folder: Path) -> None:
    """Put a page before the camera, held otherwise in every picture; each takes a cup's place."""
    for number in range(FRAMES):
        frame, _ = held_up(page, NOWHERE, FRAME, (0.9, 0.97), number)
        written = folder.parent / f"{number}.png"
        Image.fromarray(frame).save(written)
        written.replace(folder / f"{number}.png")


def seen_in(folder: Path, classifier: Classifier) -> set[Told]:
    """What is to be seen in the pictures before the camera, found and judged here."""
    seen: set[Told] = set()
    for file in folder.iterdir():
        frame = np.asarray(Image.open(file).convert("RGB"))
        for sheet in SheetFinder()(frame):
            label = classifier(straightened(frame, sheet, 224)).label
            seen.add((sheet.block.shown, label, sheet.counts))
    return seen


def looks(exhibit: Exhibit) -> list[SheetLook]:
    """All looks at pictures of a sheet so far."""
    return [look for seen in exhibit.events(SheetsSeen) for look in seen.looks]


def tally(looked: Sequence[SheetLook]) -> LooksTallied:
    """What is counted of so many looks."""
    return LooksTallied(sum(look.label == FLAMINGO for look in looked), len(looked))


def lamps_shine(exhibit: Exhibit, colour: Colour) -> bool:
    """Whether a lamp of that colour is on the screen, and on the display as well."""
    dots = [item for item in exhibit.scene.items if isinstance(item, Dot) and item.filled]
    pixels = exhibit.pixels()
    return any(
        tuple(pixels[dot.box.y + dot.box.h // 2, dot.box.x + dot.box.w // 2]) == RGB[colour]
        for dot in dots
        if dot.colour is colour
    )


@pytest.mark.parametrize("hands", list(PRESSES))
def test_a_printed_page_is_walked_past_the_camera_and_told_right_and_nothing_is_left(
    hands: str,
    display: Display,
    state: StateFolder,
    classifier: Classifier,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    press, own, camera = PRESSES[hands], copy_of(state, tmp_path / "state"), tmp_path / "camera"
    camera.mkdir()
    for number in range(FRAMES):
        (camera / f"{number}.png").write_bytes((state.stock / "coffee-cup.png").read_bytes())
    before = {file for file in own.path.rglob("*") if file.is_file()}
    with running_cups(monkeypatch) as cups:
        file = cups.add("sheet")
        with Exhibit(display, own.path, tmp_path, camera) as exhibit:
            attack(exhibit, press)
            print_it(exhibit, press)
            assert [made.lie for made in exhibit.events(PaperChanged)[-1].paper.made] == [FLAMINGO]
            walk_past(printed(file.read_bytes(), DPI, tmp_path), camera)
            to_be_seen = seen_in(camera, classifier)

            opened(exhibit, press, "hold-up")
            exhibit.wait_screen(HoldUp)
            stayed_until(exhibit, press, lambda: len(looks(exhibit)) >= LOOKS, "looks at the sheet")
            for colour in (Colour.LIE, Colour.TRUTH):
                exhibit.wait(partial(lamps_shine, exhibit, colour), f"a lamp, {colour}")
            exhibit.wait_still_there(IdleTimes().teaching_quiet_s + LATE_S)
            exhibit.wait_screen(Forgotten, IdleTimes().countdown_s + LATE_S)
            exhibit.wait_screen(Attract)

            told = looks(exhibit)
            assert {(look.shown, look.label, look.counts) for look in told} <= to_be_seen
            counted = [look for look in told if look.shown is Shown.PROOF and look.counts]
            lies = tally(counted).lies
            # The last look may come as the screen is left: told, and no longer counted.
            assert exhibit.events(LooksTallied)[-1] in (tally(counted), tally(counted[:-1]))
            assert lies >= len(counted) / 2
            right = [look.label == ESPRESSO for look in told if look.shown is Shown.ORIGINAL]
            assert sum(right) >= len(right) / 3
            assert exhibit.state.visitor == Visitor()
            end(exhibit)
            assert exhibit.errors == ""
        assert cups.spooled == []
        assert cups.run("lpstat", "-o") == ""
    left = {file.name for file in own.path.rglob("*") if file.is_file() and file not in before}
    assert [name for name in left - {MARK_FILE} if not KEPT.fullmatch(name)] == []
    assert (own.path / MARK_FILE).read_bytes() == b""
