"""Issue 14, must show 3: how surely and how exactly sheets are found."""

import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.paper.layout import Block, Paper, Shown, picture_places
from kiosk.paper.markers import FoundSheet, SheetFinder
from kiosk.paper.pdf import Part, sheet_pdf
from kiosk.vision.arrays import Floats
from kiosk.vision.picture import Rgb, read_photograph
from tests.figures.figure import at_least, at_most, told
from tests.sheets import held_up, part_of, printed

FRAMES, SHARE = 200, (0.35, 0.70)
DPI = 150
WITHOUT = 1000

Seen = list[tuple[FoundSheet | None, Floats]]


@pytest.fixture(scope="module")
def sheet(coffee: Rgb, tmp_path_factory: pytest.TempPathFactory) -> tuple[Rgb, Floats]:
    """A printed picture between its markers."""
    pdf = sheet_pdf(
        [Part(coffee, Block(Shown.PROOF), "The lie", "Made to be read as a teapot.")], "The kiosk"
    )
    page = printed(pdf, DPI, tmp_path_factory.mktemp("sheet"))
    return part_of(page, picture_places(Paper.A4, 1)[0], DPI)


def seen(sheet: tuple[Rgb, Floats], size: tuple[int, int]) -> tuple[Seen, list[float]]:
    finder, found, times = SheetFinder(), [], []
    cv2.setNumThreads(1)
    for seed in range(FRAMES):
        frame, truly = held_up(*sheet, size, SHARE, seed)
        since_s = time.thread_time()
        sheets = finder(frame)
        times.append(time.thread_time() - since_s)
        found.append((sheets[0] if sheets else None, truly))
    return found, times


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_sheets_in_large_frames(sheet: tuple[Rgb, Floats]) -> None:
    found, times = seen(sheet, (1280, 720))
    whole = [(one, truly) for one, truly in found if one is not None and one.counts]
    errors = np.concatenate([np.linalg.norm(one.corners - truly, axis=1) for one, truly in whole])

    at_least("sheets, 1280 x 720: usable", sum(one is not None for one, _ in found) / FRAMES, 0.99)
    at_least("sheets, 1280 x 720: all four markers", len(whole) / FRAMES, 0.97)
    at_most("sheets, 1280 x 720: corner error, median", float(np.median(errors)), 0.3, " px")
    at_most("sheets, 1280 x 720: corner error, p99", float(np.percentile(errors, 99)), 1, " px")
    at_most("sheets, 1280 x 720: one thread's time, median", float(np.median(times)) * 1e3, 5, " ms")


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_sheets_in_small_frames(sheet: tuple[Rgb, Floats]) -> None:
    found, _ = seen(sheet, (640, 480))

    at_least(
        "sheets, 640 x 480: all four markers", sum(bool(one and one.counts) for one, _ in found) / FRAMES, 0.8
    )


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_no_sheet_is_found_where_there_is_none(photographs: list[Path]) -> None:
    finder, rng, frames, finds = SheetFinder(), np.random.default_rng(0), 0, 0
    each = -(-WITHOUT // len(photographs))
    for file in photographs:
        photograph = read_photograph(file)
        for number in range(each):
            height, width = photograph.shape[:2]
            share = 1.0 if number == 0 else rng.uniform(0.3, 1)
            high, wide = int(height * share), int(width * share)
            top, left = rng.integers(0, height - high + 1), rng.integers(0, width - wide + 1)
            frame = cv2.resize(photograph[top : top + high, left : left + wide], (1280, 720))
            finds += bool(finder(np.asarray(frame, np.uint8)))
            frames += 1

    at_most(f"frames without a sheet, {frames}: false finds", finds, 0)
    told("frames without a sheet", str(frames))
