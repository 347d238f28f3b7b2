"""Sheets as they come out of a printer: a PDF's page as pixels, and what the referee photographs of it."""

import io
import shutil
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from kiosk.paper.layout import Square
from kiosk.recapture.referee import photograph, posed_corners
from kiosk.vision.arrays import Floats
from kiosk.vision.picture import Rgb

MM_AN_INCH = 25.4


def printed(pdf: bytes, dots_an_inch: int, folder: Path) -> Rgb:
    """A PDF's only page as poppler renders it."""
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm is missing; install it with: apt-get install poppler-utils")
    file = folder / "sheet.pdf"
    file.write_bytes(pdf)
    page = subprocess.run(
        ["pdftoppm", "-r", str(dots_an_inch), "-png", str(file)], capture_output=True, check=True
    ).stdout
    return np.array(Image.open(io.BytesIO(page)).convert("RGB"))


def extent_mm(page: Rgb, shade: int, row_mm: float, dots_an_inch: int) -> tuple[float, float]:
    """From where to where there is such a grey in a row of a page."""
    each = dots_an_inch / MM_AN_INCH
    there = np.flatnonzero((page[round(row_mm * each)] == shade).all(axis=1))
    return there[0] / each, (there[-1] + 1) / each


def part_of(page: Rgb, picture: Square, dots_an_inch: int) -> tuple[Rgb, Floats]:
    """A picture's part of a page with its markers, and the picture's corners in it, (4, 2), in shares of that part."""
    left, right = picture.x - 0.38 * picture.side, picture.x + 1.38 * picture.side
    top, low = picture.y - 0.12 * picture.side, picture.y + 1.12 * picture.side
    each = dots_an_inch / MM_AN_INCH
    cut = page[round(top * each) : round(low * each), round(left * each) : round(right * each)]
    x = [
        (at - round(left * each) / each) / (cut.shape[1] / each)
        for at in (picture.x, picture.x + picture.side)
    ]
    y = [
        (at - round(top * each) / each) / (cut.shape[0] / each)
        for at in (picture.y, picture.y + picture.side)
    ]
    return np.ascontiguousarray(cut), np.array(
        ((x[0], y[0]), (x[1], y[0]), (x[1], y[1]), (x[0], y[1])), np.float32
    )


def held_up(
    sheet: Rgb, within: Floats, size: tuple[int, int], share: tuple[float, float], seed: int
) -> tuple[Rgb, Floats]:
    """A frame of a sheet that fills such a share of its height, and where its picture's corners truly are.

    (0, 0) is the middle of the frame's first pixel.
    """
    rng = np.random.default_rng(seed)
    height, width = sheet.shape[:2]
    corners = posed_corners(width / height, size, size[1] * rng.uniform(*share), rng)
    frame = photograph(sheet, corners, size, rng)
    unit = np.array(((0, 0), (1, 0), (1, 1), (0, 1)), np.float32)
    mapping = cv2.getPerspectiveTransform(unit, corners)
    truly = cv2.perspectiveTransform(within.reshape(1, 4, 2), mapping).reshape(4, 2)
    return frame, np.asarray(truly - 0.5, np.float32)
