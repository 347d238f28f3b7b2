"""Sheets as PDF files, with everything to its millimetre: printed at 100 %, they are as large as they say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import font_manrope
from PIL import Image

from kiosk.paper.layout import Block, Chart, Paper, Square, markers_around, picture_places, sticker_places
from kiosk.paper.markers import SQUARES, marker_drawing
from kiosk.vision.picture import Rgb

if TYPE_CHECKING:
    from fpdf import FPDF

FONT, TITLE_PT, CAPTION_PT, TEXT_PT, SMALL_PT, WATERMARK_PT = "Manrope", 15, 12, 11, 8, 40
PALE, MUTED = 238, 110
SLOPE_DEG = 55  # of the name across an empty page
MARGIN_MM = 14.0
NEVER = datetime(2000, 1, 1, tzinfo=UTC)  # a sheet does not tell when its visitor was there


@dataclass(frozen=True, eq=False)
class Part:
    """One picture on a sheet: (side, side, 3) uint8, its markers, what is above it and the sentence below."""

    picture: Rgb
    block: Block | Chart
    title: str
    sentence: str


@dataclass(frozen=True, eq=False)
class Round:
    """A sticker: (side, side, 3) uint8, of which the circle is printed, and what is above it."""

    picture: Rgb
    title: str


def sheet_pdf(parts: Sequence[Part], name: str, paper: Paper = Paper.A4) -> bytes:
    """Return a page of one or two pictures, each between its markers; the kiosk's name lies pale behind them."""
    pdf = _page(paper, name)
    for part, place in zip(parts, picture_places(paper, len(parts)), strict=True):
        _image(pdf, part.picture, place)
        for number, marker in enumerate(markers_around(place)):
            _marker(pdf, part.block.first_id + number, marker)
        _text(pdf, part.title, place.y - 9, TITLE_PT)
        _text(pdf, part.sentence, place.y + place.side + 3, TEXT_PT)
    _text(pdf, _sizes(picture_places(paper, 1)[0]), paper.value[1] - 13, SMALL_PT, MUTED)
    return bytes(pdf.output())


def patch_pdf(
    stickers: Sequence[Round], sentence: str, side_mm: float, name: str, paper: Paper = Paper.A4
) -> bytes:
    """Return a page of a sticker to cut out and its grey control, each so wide, and a sentence on what they are."""
    places = sticker_places(paper, side_mm)
    low = places[0].y + side_mm
    pdf = _page(paper, name, low)
    for sticker, place in zip(stickers, places, strict=True):
        with pdf.round_clip(place.x, place.y, side_mm):
            _image(pdf, sticker.picture, place)
        pdf.set_draw_color(MUTED)
        pdf.ellipse(place.x, place.y, side_mm, side_mm)
        _text(pdf, sticker.title, place.y - 10, CAPTION_PT, within=place)
    _text(pdf, sentence, low + 8, TEXT_PT)
    _text(
        pdf,
        f"Both {side_mm:g} mm across. Print at 100 %. Cut them out.",
        paper.value[1] - 13,
        SMALL_PT,
        MUTED,
    )
    return bytes(pdf.output())


def _page(paper: Paper, name: str, below_mm: float = 0.0) -> "FPDF":
    """Return an empty page with the name across it, as far as it is free: below so many millimetres."""
    # Imported here: it takes a third of a second to import, and the exhibit's first frame needs none of it.
    from fpdf import FPDF

    pdf = FPDF(unit="mm", format=paper.value)
    pdf.set_auto_page_break(False)
    pdf.set_creation_date(NEVER)
    pdf.add_font(FONT, fname=Path(font_manrope.ManropeMedium))
    pdf.add_page()
    pdf.set_font(FONT, size=WATERMARK_PT)
    pdf.set_text_color(PALE)
    width, height = paper.value
    middle = (below_mm + height) / 2
    with pdf.rotation(SLOPE_DEG * (1 - below_mm / height), width / 2, middle):
        pdf.text((width - pdf.get_string_width(name)) / 2, middle, name)
    return pdf


def _image(pdf: "FPDF", picture: Rgb, place: Square) -> None:
    pdf.image(Image.fromarray(picture), place.x, place.y, place.side, place.side)


def _marker(pdf: "FPDF", marker: int, place: Square) -> None:
    """Draw a marker on white of its own, which the finder needs: as one image, squares would show their seams."""
    white = place.side / SQUARES
    pdf.set_fill_color(255)
    pdf.rect(place.x - white, place.y - white, place.side + 2 * white, place.side + 2 * white, style="F")
    pdf.image(Image.fromarray(marker_drawing(marker)), place.x, place.y, place.side, place.side)


def _text(
    pdf: "FPDF", text: str, y: float, size: float, grey: int = 0, *, within: Square | None = None
) -> None:
    """Write a text in the middle of the page, or above or below what lies there."""
    pdf.set_font(FONT, size=size)
    pdf.set_text_color(grey)
    pdf.set_xy(MARGIN_MM if within is None else within.x, y)
    width = pdf.w - 2 * MARGIN_MM if within is None else within.side
    pdf.multi_cell(width, size * 0.45, text, align="C")


def _sizes(picture: Square) -> str:
    marker = markers_around(picture)[0].side
    return f"Pictures {picture.side:g} mm, markers {marker:.1f} mm. Print at 100 %. Nobody keeps a copy."
