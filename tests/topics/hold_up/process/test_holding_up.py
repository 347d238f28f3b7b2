"""Sheets before a camera, by the real performer: a page out of a PDF, photographed by the referee."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kiosk.core.message import Forget
from kiosk.device.state_folder import StateFolder
from kiosk.paper.layout import Block, Paper, Shown, picture_places
from kiosk.paper.pdf import Part, sheet_pdf
from kiosk.topics.hold_up.messages import LooksTallied, SheetsSeen, StartLooks, StopLooks, TallyLooks
from kiosk.topics.hold_up.performing import HoldingUp
from kiosk.vision.classifier import Classifier
from kiosk.vision.picture import Rgb
from tests.process.rehearsal import Rehearsal, own
from tests.sheets import held_up, part_of, printed

DPI = 150


@pytest.fixture
def walk(coffee: Rgb, tmp_path: Path) -> Path:
    """Frames of a sheet that somebody holds up, and one of an empty hall."""
    parts = [Part(coffee, Block(shown, 1), "", "") for shown in (Shown.ORIGINAL, Shown.PROOF)]
    page = printed(sheet_pdf(parts, "The kiosk"), DPI, tmp_path)
    sheet, within = part_of(page, picture_places(Paper.A4, 2)[0], DPI)
    folder = tmp_path / "walk"
    folder.mkdir()
    for seed in range(3):
        frame, _ = held_up(sheet, within, (1280, 720), (0.5, 0.8), seed)
        Image.fromarray(frame).save(folder / f"{seed}.png")
    Image.fromarray(np.full((720, 1280, 3), 90, np.uint8)).save(folder / "hall.png")
    return folder


@pytest.fixture
def rehearsal(state: StateFolder, walk: Path) -> Iterator[Rehearsal]:
    """A performer before whose camera a sheet is held."""
    with own(state, f"pictures:{walk}", parts=(HoldingUp,)) as rehearsal:
        rehearsal.seeing()
        yield rehearsal


def test_a_sheet_is_found_held_straight_and_judged(
    rehearsal: Rehearsal, coffee: Rgb, classifier: Classifier
) -> None:
    rehearsal.do(StartLooks())
    seen = rehearsal.next(SheetsSeen)
    rehearsal.until(lambda: any(told.looks for told in rehearsal.all(SheetsSeen)), "a sheet")
    seen = next(told for told in rehearsal.all(SheetsSeen) if told.looks)
    (look,) = seen.looks
    pictures = rehearsal.performer.pictures

    assert (look.shown, look.sheet, look.counts, seen.middle) == (Shown.ORIGINAL, 1, True, None)
    assert 0.3 < look.size < 0.8
    assert look.label == classifier(pictures["held-original"]).label
    right = classifier(coffee).label
    rehearsal.until(lambda: len(rehearsal.all(SheetsSeen)) >= 8, "more looks")
    labels = [look.label for told in rehearsal.all(SheetsSeen) for look in told.looks]
    assert labels.count(right) >= len(labels) / 2
    assert "camera" in pictures


def test_without_a_sheet_the_middle_is_looked_at(rehearsal: Rehearsal) -> None:
    rehearsal.do(StartLooks())
    rehearsal.until(lambda: any(told.middle is not None for told in rehearsal.all(SheetsSeen)), "the hall")

    assert "held-middle" in rehearsal.performer.pictures


def test_nothing_is_looked_at_after_the_end_and_nothing_left(rehearsal: Rehearsal) -> None:
    rehearsal.do(StartLooks())
    rehearsal.next(SheetsSeen)
    rehearsal.do(StopLooks(), Forget())
    rehearsal.look()
    before = len(rehearsal.all(SheetsSeen))
    rehearsal.do(TallyLooks(3, 4), TallyLooks(1, 2))
    rehearsal.until(lambda: len(rehearsal.all(LooksTallied)) == 2, "the looks of the day")

    assert rehearsal.all(LooksTallied)[-1] == LooksTallied(4, 6)
    assert len(rehearsal.all(SheetsSeen)) <= before + 1
    assert {key for key in rehearsal.performer.pictures if key.startswith("held-")} == set()
