"""The demo's one sheet that a person can read: your picture + a little noise = the same picture, another answer.

It says what it says in the exhibit's own words.
"""

from dataclasses import dataclass

import font_manrope
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from kiosk.attack.noise import NoiseSize
from kiosk.core.context import Texts
from kiosk.core.parts import GUESSING
from kiosk.core.scene import Colour, accented
from kiosk.core.visit import Verdict
from kiosk.topics.attack.facts import looks
from kiosk.vision.heatmap import two_colours
from kiosk.vision.picture import Rgb

INK, PANEL, TEXT, MUTE = "#0d1117", "#171d26", "#f2f4f7", "#a7b0bd"
TRUTH, LIE = "#56b4e9", "#f87e31"
SIZE = (1600, 1240)
PICTURE, SMALL = 460, 300
LEFT, MIDDLE, RIGHT = 60, 650, 1080
TOP_Y, LABEL_Y, BARS_Y, BAR_GAP, WHY_Y = 110, 590, 660, 38, 880
HEADLINES = {
    Verdict.FOOLED: "attack.fooled",
    Verdict.NEARLY: "attack.nearly",
    Verdict.NOT_YET: "attack.not_yet",
}


@dataclass(frozen=True)
class Outcome:
    """What came of the attack: the verdict, the share of the answer it gave, and after how many steps."""

    verdict: Verdict
    confidence: float
    steps: int
    boosts: bool

    @property
    def headline(self) -> str:
        """Return the key of what it is called, large: a lie that is only guessed is no triumph."""
        if self.boosts:
            return "attack.surer"
        guessed = self.verdict is Verdict.FOOLED and self.confidence < GUESSING
        return "attack.guessed" if guessed else HEADLINES[self.verdict]

    @property
    def note(self) -> str:
        """Return the key of how many steps it took."""
        return "attack.fooled_one" if self.steps == 1 else "attack.fooled_note"


@dataclass(frozen=True)
class Side:
    """One half of the sheet: a picture, what the model says of it, and which way each square of it pulls."""

    picture: Rgb
    top: list[tuple[str, float]]
    squares: Rgb


def draw_sheet(
    texts: Texts,
    truth: Side,
    lie: Side,
    ends: tuple[str, str],
    noise: Rgb,
    size: NoiseSize,
    outcome: Outcome,
) -> Rgb:
    """Return the composed sheet, (1240, 1600, 3) uint8 RGB; the squares pull to one or the other of two labels."""
    sheet = Image.new("RGB", SIZE, INK)
    draw = ImageDraw.Draw(sheet)
    _half(sheet, draw, truth, LEFT, texts("attack.original"), TRUTH)
    fools = outcome.verdict is Verdict.FOOLED and not outcome.boosts
    _half(sheet, draw, lie, RIGHT, texts(looks(size.psnr_db, fools=fools)), LIE)
    _paste(sheet, noise, MIDDLE, TOP_Y + 80, SMALL)
    _text(draw, MIDDLE, TOP_Y + 40, texts("attack.noise"), MUTE, 24)
    mean = texts("attack.mean", number=f"{size.mean_255:.1f}")
    words = texts("attack.noise_words", most=size.linf_255, mean=mean)
    for line, sentence in enumerate(
        "".join(run.text for run in accented(words, Colour.TEXT, Colour.LIE)).split(". ")
    ):
        _centred(draw, TOP_Y + 400 + 34 * line, sentence, TEXT, 24)
    _sign(draw, (LEFT + PICTURE + MIDDLE) // 2, TOP_Y + 230, "+")
    _sign(draw, (MIDDLE + SMALL + RIGHT) // 2, TOP_Y + 230, "=")
    fooled = outcome.headline == HEADLINES[Verdict.FOOLED]
    _centred(
        draw, LABEL_Y, texts(outcome.headline), LIE if fooled else TEXT, 52 if fooled else 40, "ExtraBold"
    )
    _centred(draw, LABEL_Y + 72, texts(outcome.note, steps=outcome.steps), MUTE, 26)
    _legend(texts, sheet, draw, ends)
    return np.asarray(sheet)


def _half(
    sheet: Image.Image, draw: ImageDraw.ImageDraw, side: Side, x: int, caption: str, colour: str
) -> None:
    _text(draw, x, TOP_Y - 46, caption, MUTE, 26)
    _paste(sheet, side.picture, x, TOP_Y, PICTURE)
    _text(draw, x, LABEL_Y - 6, side.top[0][0], colour, 50, "ExtraBold", PICTURE)
    for row, (label, confidence) in enumerate(side.top):
        _bar(draw, x, BARS_Y + row * BAR_GAP, label, confidence, colour if row == 0 else MUTE)
    _paste(sheet, side.squares, x + (PICTURE - SMALL) // 2, WHY_Y, SMALL)


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


def _legend(texts: Texts, sheet: Image.Image, draw: ImageDraw.ImageDraw, ends: tuple[str, str]) -> None:
    hue, opacity = two_colours(np.tile(np.linspace(-1, 1, SMALL, dtype=np.float32), (18, 1)))
    sheet.paste(Image.fromarray((hue * opacity).round().astype(np.uint8)), (MIDDLE, WHY_Y + 110))
    half = SMALL // 2 - 8
    _text(draw, MIDDLE, WHY_Y + 134, ends[0], TRUTH, 22, "Bold", half)
    wide = min(half, round(draw.textlength(ends[1], _font(22, "Bold"))))
    _text(draw, MIDDLE + SMALL - wide, WHY_Y + 134, ends[1], LIE, 22, "Bold", half)
    _centred(draw, WHY_Y + 60, texts("explain.squares"), TEXT, 20)
    for line, words in enumerate(texts("explain.caution").split(", ")):
        _centred(draw, WHY_Y + 190 + 26 * line, words, MUTE, 20)


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
