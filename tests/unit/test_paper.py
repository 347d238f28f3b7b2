"""Sheets: right to half a millimetre on paper, and found again by a camera, whole or not at all."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.paper.layout import (
    LEAST_STICKER_MM,
    MARKERS,
    MOST_STICKER_MM,
    SHEETS_APART,
    Block,
    Paper,
    Shown,
    Square,
    markers_around,
    picture_places,
    sticker_places,
)
from kiosk.paper.markers import SheetFinder, straightened
from kiosk.paper.pdf import Part, Round, patch_pdf, sheet_pdf
from kiosk.vision.classifier import Classifier
from kiosk.vision.picture import Rgb
from tests.sheets import MM_AN_INCH, held_up, part_of, printed

NAME = "The kiosk that can be fooled"
DPI = 200
EACH = DPI / MM_AN_INCH  # pixels a millimetre


def two_pictures(coffee: Rgb, paper: Paper = Paper.A4, sheet: int = 0) -> bytes:
    parts = [
        Part(coffee, Block(Shown.ORIGINAL, sheet), "The photo", "The machine says espresso."),
        Part(
            coffee, Block(Shown.PROOF, sheet), "The lie", "Made so that a machine says teapot, even on paper."
        ),
    ]
    return sheet_pdf(parts, NAME, paper)


@pytest.mark.parametrize("paper", Paper)
def test_pictures_and_markers_lie_where_they_should_to_half_a_millimetre(
    coffee: Rgb, paper: Paper, tmp_path: Path
) -> None:
    page = printed(two_pictures(coffee, paper), DPI, tmp_path)

    assert page.shape[1] / DPI * MM_AN_INCH == pytest.approx(paper.value[0], abs=0.2)
    assert page.shape[0] / DPI * MM_AN_INCH == pytest.approx(paper.value[1], abs=0.2)
    found = {sheet.block.shown: sheet for sheet in SheetFinder()(page)}
    assert {sheet.markers for sheet in found.values()} == {4}
    for shown, place in zip((Shown.ORIGINAL, Shown.PROOF), picture_places(paper, 2), strict=True):
        corners = (found[shown].corners + 0.5) / DPI * MM_AN_INCH
        assert corners[0] == pytest.approx((place.x, place.y), abs=0.5)
        assert corners[2] == pytest.approx((place.x + place.side, place.y + place.side), abs=0.5)
        low = place.y + place.side
        assert low + 20 < paper.value[1]
        cut = page[
            round(place.y / MM_AN_INCH * DPI) : round(low / MM_AN_INCH * DPI),
            round(place.x / MM_AN_INCH * DPI) : round((place.x + place.side) / MM_AN_INCH * DPI),
        ]
        small = cv2.resize(cut, (224, 224), interpolation=cv2.INTER_AREA)
        assert np.abs(small.astype(np.int16) - coffee).mean() < 6  # the cut is right to a pixel only


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("wide_mm", [LEAST_STICKER_MM, 80.0, MOST_STICKER_MM])
def test_a_sticker_and_its_grey_control_are_as_large_as_they_say_to_half_a_millimetre(
    paper: Paper, wide_mm: float, tmp_path: Path
) -> None:
    shades = ((200, 40, 40), (127, 127, 127))
    stickers = [Round(np.full((112, 112, 3), shade, np.uint8), "Sticker") for shade in shades]
    page = printed(patch_pdf(stickers, "Lay it beside a thing.", wide_mm, NAME, paper), DPI, tmp_path)

    for shade, place in zip(shades, sticker_places(paper, wide_mm), strict=True):
        left, top, side = (round(at * EACH) for at in (place.x - 2, place.y - 2, wide_mm + 4))
        cut = page[top : top + side, left : left + side].astype(np.int16)
        there = np.abs(cut - shade).max(axis=2) < 60
        rows, columns = (np.flatnonzero(there.any(axis=way)) for way in (1, 0))
        for first, last in ((columns[0], columns[-1]), (rows[0], rows[-1])):
            assert first / EACH == pytest.approx(2, abs=0.5)
            assert (last + 1 - first) / EACH == pytest.approx(wide_mm, abs=0.5)
        assert there.sum() / EACH**2 == pytest.approx(np.pi * wide_mm**2 / 4, rel=0.03)  # a circle
        assert place.x >= 10
        assert place.x + wide_mm <= paper.value[0] - 10


def test_a_sheet_tells_neither_when_nor_by_whom_it_was_made(coffee: Rgb) -> None:
    pdf = two_pictures(coffee)

    assert pdf == two_pictures(coffee)
    assert b"D:2000" in pdf


def test_a_photographed_sheet_is_found_and_its_picture_is_read(
    coffee: Rgb, classifier: Classifier, tmp_path: Path
) -> None:
    page = printed(two_pictures(coffee), DPI, tmp_path)
    sheet, within = part_of(page, picture_places(Paper.A4, 2)[0], DPI)
    label, read = classifier(coffee).label, 0
    for seed in range(4):
        frame, truly = held_up(sheet, within, (1280, 720), (0.5, 0.8), seed)
        (found,) = SheetFinder()(frame)
        assert found.counts
        assert np.linalg.norm(found.corners - truly, axis=1).max() < 2
        read += classifier(straightened(frame, found, 224)).label == label

    assert read >= 3


def test_two_visitors_sheets_are_told_apart(coffee: Rgb, tmp_path: Path) -> None:
    pages = [printed(two_pictures(coffee, sheet=number), 60, tmp_path) for number in (0, 1)]

    found = SheetFinder()(np.hstack(pages))

    assert {(sheet.block.shown, sheet.block.sheet) for sheet in found} == {
        (shown, number) for shown in (Shown.ORIGINAL, Shown.PROOF) for number in (0, 1)
    }


def test_the_same_sheet_twice_in_one_frame_is_not_mixed_up(coffee: Rgb, tmp_path: Path) -> None:
    page = printed(two_pictures(coffee), 60, tmp_path)

    assert SheetFinder()(np.hstack((page, page))) == ()


@pytest.mark.parametrize(("hidden", "markers"), [(1, 3), (2, 2), (3, 0), (4, 0)])
def test_with_fewer_markers_it_is_found_but_does_not_count(
    coffee: Rgb, tmp_path: Path, hidden: int, markers: int
) -> None:
    page = printed(two_pictures(coffee), 100, tmp_path)
    place = picture_places(Paper.A4, 2)[0]
    for marker in markers_around(place)[:hidden]:
        x, y, side = (round(value / MM_AN_INCH * 100) for value in (marker.x, marker.y, marker.side))
        page[y : y + side, x : x + side] = 255

    found = [sheet for sheet in SheetFinder()(page) if sheet.block.shown is Shown.ORIGINAL]

    assert [sheet.markers for sheet in found] == ([markers] if markers else [])
    assert not any(sheet.counts for sheet in found)


def test_nothing_is_found_where_there_is_no_sheet(coffee: Rgb, noise_picture: Rgb) -> None:
    for picture in (coffee, noise_picture):
        assert SheetFinder()(np.asarray(cv2.resize(picture, (1280, 720)), np.uint8)) == ()


def test_every_picture_of_every_sheet_has_markers_of_its_own() -> None:
    blocks = [Block(shown, sheet) for shown in Shown for sheet in range(SHEETS_APART)]
    markers = [block.first_id + corner for block in blocks for corner in range(4)]

    assert sorted(markers) == list(range(MARKERS))
    assert all(Block.of(block.first_id + corner) == block for block in blocks for corner in range(4))
    assert markers_around(Square(0, 0, 1))[0].x < 0
