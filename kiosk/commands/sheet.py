"""The demo's one sheet that a person can read: your picture + a little noise = the same picture, another answer."""

from dataclasses import dataclass

import font_manrope
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from kiosk.attack.noise import NoiseSize
from kiosk.core.visit import Verdict
from kiosk.vision.heatmap import colours
from kiosk.vision.picture import Rgb

INK, PANEL, TEXT, MUTE = "#0d1117", "#171d26", "#f2f4f7", "#a7b0bd"
TRUTH, LIE = "#56b4e9", "#ff8a3d"
SIZE = (1600, 1240)
PICTURE, SMALL = 460, 300
LEFT, MIDDLE, RIGHT = 60, 650, 1080
TOP_Y, LABEL_Y, BARS_Y, BAR_GAP, WHY_Y = 110, 590, 660, 38, 880
HEADLINES = {Verdict.FOOLED: "Fooled!", Verdict.NEARLY: "Nearly", Verdict.NOT_YET: "Not yet"}


@dataclass(frozen=True)
class Side:
    """One half of the sheet: a picture, what the model says of it, and what one label leaned on there."""

    picture: Rgb
    top: list[tuple[str, float]]
    evidence: Rgb
    evidence_label: str
    has_evidence: bool


def draw_sheet(
    truth: Side, lie: Side, noise: Rgb, size: NoiseSize, verdict: Verdict, steps: int, *, boosts: bool
) -> Rgb:
    """Return the composed sheet: (1240, 1600, 3) uint8 RGB."""
    sheet = Image.new("RGB", SIZE, INK)
    draw = ImageDraw.Draw(sheet)
    _half(sheet, draw, truth, LEFT, "Your picture", TRUTH)
    _half(sheet, draw, lie, RIGHT, "The same to you. To the machine:", LIE)
    _paste(sheet, noise, MIDDLE, TOP_Y + 80, SMALL)
    _text(draw, MIDDLE, TOP_Y + 40, "Noise, ten times", MUTE, 24)
    _centred(draw, TOP_Y + 400, f"Biggest change: {size.linf_255} of 255 steps", TEXT, 24)
    _centred(draw, TOP_Y + 434, f"on average {size.mean_255:.1f}", MUTE, 22)
    _sign(draw, (LEFT + PICTURE + MIDDLE) // 2, TOP_Y + 230, "+")
    _sign(draw, (MIDDLE + SMALL + RIGHT) // 2, TOP_Y + 230, "=")
    _centred(
        draw,
        LABEL_Y,
        "Surer" if boosts else HEADLINES[verdict],
        LIE if verdict is Verdict.FOOLED else TEXT,
        52,
        "ExtraBold",
    )
    _centred(draw, LABEL_Y + 72, f"in {steps} step{'' if steps == 1 else 's'}", MUTE, 26)
    _legend(sheet, draw)
    return np.asarray(sheet)


def _half(
    sheet: Image.Image, draw: ImageDraw.ImageDraw, side: Side, x: int, caption: str, colour: str
) -> None:
    _text(draw, x, TOP_Y - 46, caption, MUTE, 26)
    _paste(sheet, side.picture, x, TOP_Y, PICTURE)
    _text(draw, x, LABEL_Y - 6, side.top[0][0], colour, 50, "ExtraBold", PICTURE)
    for row, (label, confidence) in enumerate(side.top):
        _bar(draw, x, BARS_Y + row * BAR_GAP, label, confidence, colour if row == 0 else MUTE)
    beside, room = x + SMALL + 24, PICTURE - SMALL + 40
    _text(draw, beside, WHY_Y + 4, side.evidence_label, colour, 28, "Bold", room)
    _text(
        draw,
        beside,
        WHY_Y + 44,
        "leaned on this" if side.has_evidence else "no evidence",
        MUTE,
        22,
        width=room,
    )
    _paste(sheet, side.evidence, x, WHY_Y, SMALL)


def _bar(draw: ImageDraw.ImageDraw, x: int, y: int, label: str, confidence: float, colour: str) -> None:
    _text(draw, x, y, label, TEXT, 22, width=170)
    start, length = x + 180, 190
    draw.rounded_rectangle((start, y + 6, start + length, y + 24), 9, PANEL)
    filled = round(length * confidence)
    if filled >= 1:
        draw.rounded_rectangle(
            (start, y + 6, start + max(filled, 4), y + 24), min(9, max(filled, 4) // 2), colour
        )
    _text(draw, start + length + 12, y, f"{confidence:.0%}", TEXT, 22, "Bold")


def _legend(sheet: Image.Image, draw: ImageDraw.ImageDraw) -> None:
    scale = np.tile(np.linspace(0, 1, SMALL, dtype=np.float32), (18, 1))
    sheet.paste(Image.fromarray(colours(scale)), (MIDDLE, WHY_Y + 110))
    _text(draw, MIDDLE, WHY_Y + 134, "not at all", MUTE, 20)
    draw.text((MIDDLE + SMALL, WHY_Y + 134), "most", MUTE, _font(20), anchor="ra")
    _centred(draw, WHY_Y + 60, "Bright = what this answer leaned on", TEXT, 20)
    _centred(draw, WHY_Y + 180, "It does not tell whether", MUTE, 20)
    _centred(draw, WHY_Y + 206, "the answer is right.", MUTE, 20)


def _paste(sheet: Image.Image, picture: Rgb, x: int, y: int, side: int) -> None:
    mask = Image.new("L", (side, side))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, side - 1, side - 1), 18, 255)
    sheet.paste(Image.fromarray(picture).resize((side, side), Image.Resampling.BICUBIC), (x, y), mask)


def _sign(draw: ImageDraw.ImageDraw, x: int, y: int, sign: str) -> None:
    draw.text((x, y), sign, MUTE, _font(64, "Bold"), anchor="mm")


def _centred(
    draw: ImageDraw.ImageDraw, y: int, words: str, colour: str, size: int, weight: str = "SemiBold"
) -> None:
    draw.text((MIDDLE + SMALL // 2, y), words, colour, _font(size, weight), anchor="ma")


def _text(
    draw: ImageDraw.ImageDraw,
    x: int,
    y: int,
    words: str,
    colour: str,
    size: int,
    weight: str = "SemiBold",
    width: int = 1000,
) -> None:
    """Draw one line, shrunk until it fits the width; below two thirds of its size it is shortened instead."""
    font = _font(size, weight)
    while draw.textlength(words, font) > width and font.size > size * 2 / 3:
        font = _font(int(font.size) - 1, weight)
    while draw.textlength(words, font) > width:
        words = words.rstrip("…")[:-1].rstrip() + "…"
    draw.text((x, y), words, colour, font)


def _font(size: int, weight: str = "SemiBold") -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_manrope.font_files[f"Manrope{weight}"], size)
