"""Type: Manrope in its weights, and how a text is made to fit a box without ever being clipped."""

from collections import OrderedDict
from dataclasses import dataclass
from importlib import resources
from io import BytesIO

import pygame

from kiosk.core.scene import Align, Box, Run, Weight, Words

FILES = {
    Weight.REGULAR: "Manrope-Regular.ttf",
    Weight.SEMIBOLD: "Manrope-SemiBold.ttf",
    Weight.EXTRABOLD: "Manrope-ExtraBold.ttf",
}
KEPT_FITS = 512
KEPT_FONTS = 64  # a font that has drawn the alphabet holds 250 KB; a screen has a dozen
LEADING = 1.24
TIGHT_LEADING = 1.12  # large, heavy type stands closer
SHRINK = 0.94
LEAST_PX = 6
LABEL_LINES = 2  # texts of so few lines are shrunk a little before they are wrapped
LABEL_SHRINK = 0.72


@dataclass(frozen=True, slots=True)
class Fitted:
    """A text as it will stand: its size, and its lines as runs of one colour."""

    size_px: int
    lines: tuple[tuple[Run, ...], ...]
    step_px: int
    width_px: int
    height_px: int


class Fonts:
    """Owns the loaded fonts, one for each weight and size; the one not used for longest makes room."""

    def __init__(self) -> None:
        pygame.font.init()
        files = resources.files("font_manrope") / "files"
        self._bytes = {weight: (files / name).read_bytes() for weight, name in FILES.items()}
        self._loaded: OrderedDict[tuple[Weight, int], pygame.font.Font] = OrderedDict()
        self._fits: OrderedDict[Words, Fitted] = OrderedDict()

    def font(self, weight: Weight, size_px: int) -> pygame.font.Font:
        """Return the font of a weight and size."""
        key = (weight, size_px)
        if key in self._loaded:
            self._loaded.move_to_end(key)
            return self._loaded[key]
        if len(self._loaded) >= KEPT_FONTS:
            self._loaded.popitem(last=False)
        # from memory: a font keeps its file open, and there are a hundred sizes
        loaded = self._loaded[key] = pygame.font.Font(BytesIO(self._bytes[weight]), size_px)
        return loaded

    def width(self, text: str, weight: Weight, size_px: int) -> int:
        """Return how wide a text is."""
        return self.font(weight, size_px).size(text)[0]

    def fitted(self, words: Words) -> Fitted:
        """As `fit`, worked out once for the same words."""
        if words in self._fits:
            self._fits.move_to_end(words)
            return self._fits[words]
        if len(self._fits) >= KEPT_FITS:
            self._fits.popitem(last=False)
        found = self._fits[words] = self.fit(words)
        return found

    def fit(self, words: Words) -> Fitted:
        """Return the words at the largest size at which they fit: shrunk a little, wrapped, then shrunk more."""
        size = words.size_px
        if words.lines <= LABEL_LINES:
            while size >= max(words.floor_px, words.size_px * LABEL_SHRINK):
                found = self._tried(words, size, 1)
                if found is not None:
                    return found
                size = min(size - 1, int(size * SHRINK))
            size = words.size_px
        while size >= LEAST_PX:
            allowed = words.lines if size >= words.floor_px else words.lines + 1
            found = self._tried(words, size, allowed)
            if found is not None:
                return found
            size = min(size - 1, int(size * SHRINK)) if size > words.floor_px else size - 1
        return self._tried(words, LEAST_PX, 99, force=True) or Fitted(LEAST_PX, (words.runs,), LEAST_PX, 0, 0)

    def _tried(self, words: Words, size_px: int, most: int, *, force: bool = False) -> Fitted | None:
        """Return the words at one size, or None where they do not fit."""
        lines = self._wrapped(words.runs, words.weight, size_px, words.box.w)
        heavy = words.weight is Weight.EXTRABOLD
        if 1 < len(lines) <= most and (heavy or words.align is Align.CENTRE):
            lines = self._balanced(words, size_px, lines)
        step = round(size_px * (TIGHT_LEADING if heavy and len(lines) > 1 else LEADING))
        widths = [self.width("".join(run.text for run in line), words.weight, size_px) for line in lines]
        width, height = max(widths, default=0), step * len(lines)
        fits = len(lines) <= most and width <= words.box.w and height <= max(words.box.h, 1)
        return Fitted(size_px, lines, step, width, height) if fits or force else None

    def _balanced(
        self, words: Words, size_px: int, lines: tuple[tuple[Run, ...], ...]
    ) -> tuple[tuple[Run, ...], ...]:
        """Return as many lines, as equal in length as they come."""
        narrow, wide = words.box.w // len(lines), words.box.w
        while wide - narrow > 4:
            middle = (narrow + wide) // 2
            tried = self._wrapped(words.runs, words.weight, size_px, middle)
            widths = [self.width("".join(run.text for run in line), words.weight, size_px) for line in tried]
            if len(tried) == len(lines) and max(widths) <= words.box.w:
                wide, lines = middle, tried
            else:
                narrow = middle
        return lines

    def _wrapped(
        self, runs: tuple[Run, ...], weight: Weight, size_px: int, width_px: int
    ) -> tuple[tuple[Run, ...], ...]:
        """Return the runs broken at spaces into lines not wider than that, where words allow it."""
        if self.width("".join(run.text for run in runs), weight, size_px) <= width_px:
            return (runs,)
        lines: list[list[Run]] = [[]]
        line_text = ""
        for word in _words(runs):
            text = "".join(run.text for run in word)
            if line_text and self.width((line_text + text).rstrip(" "), weight, size_px) > width_px:
                lines.append([])
                line_text = ""
            lines[-1] += word
            line_text += text
        return tuple(_joined(line) for line in lines)


def _words(runs: tuple[Run, ...]) -> list[list[Run]]:
    """Return the runs cut after each space; a word may have several colours."""
    words: list[list[Run]] = [[]]
    for run in runs:
        for number, part in enumerate(run.text.split(" ")):
            if number:
                words[-1].append(Run(" ", run.colour))
                words.append([])
            if part:
                words[-1].append(Run(part, run.colour))
    return [word for word in words if word]


def _joined(line: list[Run]) -> tuple[Run, ...]:
    """Return a line with neighbours of one colour made one run, and no space at its end."""
    runs: list[Run] = []
    for run in line:
        if runs and runs[-1].colour is run.colour:
            runs[-1] = Run(runs[-1].text + run.text, run.colour)
        else:
            runs.append(run)
    while runs and not runs[-1].text.rstrip(" "):
        runs.pop()
    if runs:
        runs[-1] = Run(runs[-1].text.rstrip(" "), runs[-1].colour)
    return tuple(runs)


def aligned(align: Align, box: Box, width_px: int) -> int:
    """Return where a line of that width begins in its box."""
    if align is Align.LEFT:
        return box.x
    if align is Align.RIGHT:
        return box.right - width_px
    return box.x + (box.w - width_px) // 2
