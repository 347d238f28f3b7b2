"""Sheets by the real performer and a real CUPS: printed, held, taken back; else on a stick, or on the screen."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from kiosk.core.message import Forget, JobLost
from kiosk.core.visit import Answer
from kiosk.device.health import HERE, Places
from kiosk.device.state_folder import StateFolder
from kiosk.paper.layout import Paper as PaperSize
from kiosk.paper.layout import Shown, picture_places, sticker_places
from kiosk.paper.markers import SheetFinder, straightened
from kiosk.settings.sections import PrintingSettings, Settings, StaffSettings
from kiosk.topics.printing.facts import Kind, Route, SheetWords, Stage
from kiosk.topics.printing.messages import (
    LaySheet,
    LayStickerSheet,
    Made,
    Paper,
    PaperChanged,
    PrintSheet,
    SheetDropped,
    SheetLaid,
    StickerSheetLaid,
)
from kiosk.vision.classifier import Classifier
from tests.cups import Cups, running_cups
from tests.player import ESPRESSO, FLAMINGO
from tests.process.rehearsal import QUICK, Rehearsal
from tests.sheets import extent_mm, printed
from tests.stickers import TOASTER, with_sticker

PAIR = SheetWords("The kiosk", ("The photo", "The lie"), ("Espresso.", "Flamingo."))
SHEET = PrintSheet(Kind.PAIR, PAIR)


@pytest.fixture
def cups(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cups]:
    """A scheduler without printers."""
    with running_cups(monkeypatch) as cups:
        yield cups


@pytest.fixture
def no_cups(monkeypatch: pytest.MonkeyPatch) -> None:
    """No scheduler, whatever this machine has."""
    monkeypatch.setenv("CUPS_SERVER", "/nowhere/cups.sock")


def settings(**printing: object) -> Settings:
    return QUICK.model_copy(update={"printing": PrintingSettings(**printing)})  # type: ignore[arg-type]


def opened(state: StateFolder, wishes: Settings, places: Places = HERE) -> Rehearsal:
    """A performer with a visitor's picture, and one that stands for what was made for paper."""
    rehearsal = Rehearsal(state, f"pictures:{state.stock / 'coffee-cup.png'}", wishes, places)
    try:
        rehearsal.ready()
        rehearsal.attack(1)
        pictures = rehearsal.performer.pictures
        pictures["proof"] = np.where(pictures["original"] > 127, pictures["original"] - 8, 8).astype(np.uint8)
    except BaseException:
        rehearsal.performer.close()
        raise
    return rehearsal


def newest(rehearsal: Rehearsal) -> Paper:
    return rehearsal.all(PaperChanged)[-1].paper


def until(rehearsal: Rehearsal, stage: Stage) -> None:
    rehearsal.until(lambda: newest(rehearsal).stage is stage, stage.value)


def laid(rehearsal: Rehearsal, route: Route) -> Answer | None:
    """Lay a sheet out, and wait until it is known how it would get out."""
    control = rehearsal.ask(LaySheet(rehearsal.job(), ESPRESSO, FLAMINGO), SheetLaid).control
    rehearsal.until(lambda: newest(rehearsal).route is route, route.value)
    return control


def test_a_sheet_is_printed_and_found_and_read_again_and_the_spool_is_empty(
    state: StateFolder, cups: Cups, classifier: Classifier, tmp_path: Path
) -> None:
    file = cups.add("sheet")
    rehearsal = opened(state, settings(a_visit=1))
    with rehearsal.performer:
        assert laid(rehearsal, Route.PRINTER) is not None
        rehearsal.do(SHEET)
        until(rehearsal, Stage.DONE)

        page = printed(file.read_bytes(), 150, tmp_path)
        found = {sheet.block.shown: sheet for sheet in SheetFinder()(page)}
        original = straightened(page, found[Shown.ORIGINAL], 224)
        off = np.abs(original.astype(np.int16) - rehearsal.performer.pictures["original"]).mean()
        assert off < 6
        assert classifier(original).label == classifier(rehearsal.performer.pictures["original"]).label
        assert picture_places(PaperSize.A4, 2)[0].side == pytest.approx(
            found[Shown.ORIGINAL].side_px / 150 * 25.4, abs=0.5
        )
        assert newest(rehearsal).left == 0
        assert newest(rehearsal).made == (Made(0, ESPRESSO, FLAMINGO),)
        assert cups.spooled == []
        rehearsal.do(Forget())
        rehearsal.look()
        assert newest(rehearsal).left == 1
        assert rehearsal.all(SheetDropped) == []


def test_what_waits_is_told_and_taken_back_when_its_visitor_is_forgotten(
    state: StateFolder, cups: Cups
) -> None:
    cups.add("sheet")
    cups.run("cupsdisable", "sheet")
    rehearsal = opened(state, settings())
    with rehearsal.performer:
        laid(rehearsal, Route.PRINTER)
        rehearsal.do(SHEET)
        until(rehearsal, Stage.PAUSED)
        assert cups.spooled
        rehearsal.do(Forget())
        rehearsal.next(SheetDropped)
        rehearsal.until(lambda: not cups.spooled, "an empty spool")

    assert cups.run("lpstat", "-o") == ""


@pytest.mark.parametrize(("device", "stage"), [("/empty", Stage.EMPTY), ("/jam", Stage.JAM)])
def test_what_is_wrong_with_the_printer_is_told(
    state: StateFolder, cups: Cups, device: str, stage: Stage
) -> None:
    cups.add("sheet", device)
    rehearsal = opened(state, settings())
    with rehearsal.performer:
        laid(rehearsal, Route.PRINTER)
        rehearsal.do(SHEET)
        until(rehearsal, stage)

    assert cups.run("lpstat", "-o") == ""  # the exhibit that ends takes it back


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A folder that stands for a stick which is put in."""
    stick, proc = tmp_path / "media" / "stick", tmp_path / "proc"
    stick.mkdir(parents=True)
    proc.mkdir()
    (proc / "mounts").write_text(f"/dev/sda1 {stick} vfat rw 0 0\n")
    return stick


def with_stick(stick: Path, **printing: object) -> tuple[Settings, Places]:
    """Settings and places of an exhibit that has this stick."""
    wishes = settings(**printing).model_copy(update={"staff": StaffSettings(sticks=stick.parent)})
    return wishes, Places(proc=stick.parents[1] / "proc")


def test_a_sticker_is_written_with_its_grey_control_also_where_no_photo_is_printed(
    state: StateFolder, no_cups: None, stick: Path, tmp_path: Path
) -> None:
    del no_cups
    here = with_sticker(state, tmp_path / "state")
    rehearsal = opened(here, *with_stick(stick, sticker_mm=60, paper="Letter", stock_only=True))
    with rehearsal.performer:
        assert rehearsal.ask(LayStickerSheet(rehearsal.job(), TOASTER), StickerSheetLaid).wide_mm == 60
        assert {"sheet-sticker", "sheet-grey"} <= set(rehearsal.performer.pictures)
        rehearsal.ask(LayStickerSheet(rehearsal.job(), ESPRESSO), JobLost)
        rehearsal.do(PrintSheet(Kind.STICKER, PAIR))
        until(rehearsal, Stage.WRITTEN)
        (file,) = stick.iterdir()
        rehearsal.do(Forget())
        assert {"sheet-sticker", "sheet-grey"} & set(rehearsal.performer.pictures) == set()
        rehearsal.do(PrintSheet(Kind.STICKER, PAIR))
        rehearsal.look()
        assert newest(rehearsal).stage is Stage.NONE

    _, grey = sticker_places(PaperSize.LETTER, 60)
    extent = extent_mm(printed(file.read_bytes(), 150, tmp_path), 127, grey.y + 30, 150)
    assert extent == pytest.approx((grey.x, grey.x + 60), abs=0.5)


def test_without_a_printer_it_is_written_to_a_stick(
    state: StateFolder, no_cups: None, stick: Path, tmp_path: Path
) -> None:
    del no_cups
    rehearsal = opened(state, *with_stick(stick))
    with rehearsal.performer:
        laid(rehearsal, Route.STICK)
        rehearsal.do(SHEET)
        until(rehearsal, Stage.WRITTEN)

    (file,) = stick.iterdir()
    assert file.read_bytes().startswith(b"%PDF")
    assert {sheet.markers for sheet in SheetFinder()(printed(file.read_bytes(), 100, tmp_path))} == {4}


def test_without_either_a_phone_finds_it_on_the_screen(state: StateFolder, no_cups: None) -> None:
    del no_cups
    rehearsal = opened(state, settings())
    with rehearsal.performer:
        laid(rehearsal, Route.SCREEN)
        shown = [rehearsal.performer.pictures[f"sheet-{key}"] for key in ("original", "proof", "control")]

    assert [[found.block.shown for found in SheetFinder()(one)] for one in shown] == [
        [what] for what in Shown
    ]


def test_where_staff_say_so_no_photo_of_a_visitor_is_laid_out(state: StateFolder, no_cups: None) -> None:
    del no_cups
    rehearsal = opened(state, settings(stock_only=True))
    with rehearsal.performer:
        assert rehearsal.ask(LaySheet(rehearsal.job(), ESPRESSO, FLAMINGO), SheetLaid).control is None
        assert "sheet-original" not in rehearsal.performer.pictures
        del rehearsal.performer.pictures["proof"]
        rehearsal.ask(LaySheet(rehearsal.job(), ESPRESSO, FLAMINGO), JobLost)
