"""Measures of one panel: type, gaps, touch targets and grids, from millimetres to pixels."""

from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil, hypot

from kiosk.core.scene import Align, Box, Colour, Weight

TOUCH_FLOOR_MM = 15.0
EM_PER_CAPITAL = 1.0 / 0.72  # Manrope's capitals are 0.72 em high
CAPITAL_MM = 4.0  # of what must be read by somebody who stands at the exhibit
LEAST_CAPITAL_MM = 2.9  # a 7-inch panel has no room for more
NEAR_NEEDED_EM_MM = 3.0 * EM_PER_CAPITAL
NEAR_CAPTION_EM_MM = 2.5 * EM_PER_CAPITAL
REACHED_FROM_MM = 15.0 * 25.4  # a panel of 15 inches and more is so high that not everybody reaches its top
REACHED = 0.6  # of its height, from below
REFERENCE_LONG_MM = 217.0  # 10.1 inch, 1280 x 800: the panel the type scale is drawn for
REFERENCE_SHORT_MM = 136.0
SMALLEST_MM = 177.0  # 7 inches; on less, touch targets of 15 mm leave no room for the pictures
MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Panel:
    """The screen's size in pixels and its real scale."""

    width_px: int
    height_px: int
    px_per_mm: float

    @classmethod
    def of(cls, width_px: int, height_px: int, diagonal_mm: float) -> "Panel":
        """Return a panel whose scale follows from its diagonal; below 7 inches it is laid out as if it had 7."""
        diagonal_px = float((width_px**2 + height_px**2) ** 0.5)
        return cls(width_px, height_px, diagonal_px / max(diagonal_mm, SMALLEST_MM))

    def resized(self, width_px: int, height_px: int) -> "Panel":
        """Return the panel with other pixels on the same diagonal."""
        diagonal_mm = hypot(self.width_px, self.height_px) / self.px_per_mm
        return Panel(width_px, height_px, hypot(width_px, height_px) / diagonal_mm)

    @property
    def portrait(self) -> bool:
        """Return whether the panel is taller than wide."""
        return self.height_px > self.width_px

    @property
    def short_mm(self) -> float:
        """Return the shorter side."""
        return min(self.width_px, self.height_px) / self.px_per_mm

    @property
    def long_mm(self) -> float:
        """Return the longer side."""
        return max(self.width_px, self.height_px) / self.px_per_mm

    @property
    def fit(self) -> float:
        """Return how large it is: the panel that the type scale is drawn for is 1."""
        return min(self.long_mm / REFERENCE_LONG_MM, self.short_mm / REFERENCE_SHORT_MM)

    @property
    def capital_mm(self) -> float:
        """Return how high the capitals are at least of what visitors must read."""
        return min(CAPITAL_MM, max(LEAST_CAPITAL_MM, round(CAPITAL_MM * self.fit, 2)))

    @property
    def reach_px(self) -> int:
        """Return the first row in everybody's reach."""
        high = hypot(self.width_px, self.height_px) / self.px_per_mm >= REACHED_FROM_MM
        return ceil(self.height_px * (1.0 - REACHED)) if high else 0

    def px(self, length_mm: float) -> int:
        """Return a length on this panel in whole pixels."""
        return round(length_mm * self.px_per_mm)


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set: how large, how small it may become, and its [bracketed] parts in the accent colour."""

    size_px: int
    floor_px: int
    colour: Colour = Colour.TEXT
    accent: Colour = Colour.LIE
    weight: Weight = Weight.REGULAR
    align: Align = Align.LEFT
    lines: int = 1
    middle: bool = True


@dataclass(frozen=True, slots=True)
class Layout:
    """The measures of one panel, in pixels; `strip` is the line at its foot that tells what the buttons do."""

    panel: Panel
    margin: int
    strip: int
    gap: int
    tight: int
    least: int
    touch: int
    scale: float
    deck: int
    radius: int
    display: int
    label: int
    control: int
    body: int
    caption: int
    floor: int
    caption_floor: int

    @property
    def page(self) -> Box:
        """Return the panel without its margin, and without the strip of the buttons."""
        whole = Box(0, 0, self.panel.width_px, self.panel.height_px)
        return whole.inset(self.margin).above(max(0, self.strip - self.margin))

    @property
    def buttons(self) -> Box:
        """Return the place of the line that tells what the buttons do."""
        return Box(self.margin, self.panel.height_px - self.strip, self.page.w, self.strip)

    def reached(self, box: Box) -> Box:
        """Return the part of a box that is in everybody's reach."""
        return box.under(max(0, self.panel.reach_px - box.y))

    def style(
        self,
        size_px: int,
        *,
        colour: Colour = Colour.TEXT,
        accent: Colour = Colour.LIE,
        weight: Weight = Weight.REGULAR,
        align: Align = Align.LEFT,
        lines: int = 1,
        middle: bool = True,
    ) -> Style:
        """Return how a text of that size is set here: it never becomes smaller than can be read on this panel."""
        floor = self.caption_floor if size_px <= self.caption else self.floor
        return Style(size_px, min(size_px, floor), colour, accent, weight, align, lines, middle)

    @property
    def compact(self) -> bool:
        """Return whether millimetres are scarce (a 7-inch panel)."""
        return self.panel.short_mm < 110


def layout_of(panel: Panel) -> Layout:
    """Return the measures for what visitors see: all that must be read has capitals of `panel.capital_mm` at least."""
    large = min(2.5, max(0.62, panel.fit))
    floor = ceil(panel.capital_mm * EM_PER_CAPITAL * panel.px_per_mm)
    caption = round(floor * min(1.2, max(1.0, large)))
    return replace(
        _measures(panel),
        strip=max(round(floor * 1.3), panel.px(4.0)),
        label=max(round(caption * 1.35), panel.px(8.5 * large)),
        control=round(caption * 1.12),
        body=round(caption * 1.06),
        caption=caption,
        floor=floor,
        caption_floor=floor,
    )


def near_layout_of(panel: Panel) -> Layout:
    """Return the measures for staff, who stand near: smaller type, and no strip, because they are shown the buttons."""
    return _measures(panel)


def _measures(panel: Panel) -> Layout:
    """Return the measures of a panel: small type has a floor in millimetres, large type grows with the panel."""
    large = min(2.5, max(0.62, panel.fit))
    small = max(1.0, large)

    def px(length_mm: float) -> int:
        return max(1, panel.px(length_mm))

    least = int(TOUCH_FLOOR_MM * panel.px_per_mm) + 1
    touch = max(least, px(TOUCH_FLOOR_MM * small))
    margin = px(4.0 if large < 1 else 5.5 * large)
    return Layout(
        panel=panel,
        margin=margin,
        strip=margin,
        gap=px(3.0 if large < 1 else 4.0 * large),
        tight=px(1.5 * small),
        least=least,
        touch=touch,
        scale=small,
        deck=max(touch, px(20.0 * large)) if large >= 0.95 else max(touch, px(17.0)),
        radius=px(4.0 * max(0.8, large)),
        display=px(14.0 * large),
        label=px(max(6.4, 8.5 * large)),
        control=px(4.7 * small),
        body=px(NEAR_NEEDED_EM_MM * small),
        caption=px(NEAR_CAPTION_EM_MM * small),
        floor=px(NEAR_CAPTION_EM_MM) - 1,
        caption_floor=px(NEAR_CAPTION_EM_MM) - 3,
    )


def columns(box: Box, count: int, gap: int) -> tuple[Box, ...]:
    """Return a box cut into equal columns; they end exactly at its right edge."""
    edges = [box.x + (box.w + gap) * i // count for i in range(count + 1)]
    return tuple(Box(a, box.y, b - a - gap, box.h) for a, b in pairwise(edges))


def rows(box: Box, count: int, gap: int) -> tuple[Box, ...]:
    """Return a box cut into equal rows."""
    edges = [box.y + (box.h + gap) * i // count for i in range(count + 1)]
    return tuple(Box(box.x, a, box.w, b - a - gap) for a, b in pairwise(edges))


def split(box: Box, shares: tuple[float, ...], gap: int) -> tuple[Box, ...]:
    """Return a box cut into columns of unequal shares."""
    room = box.w - gap * (len(shares) - 1)
    whole = sum(shares)
    x = float(box.x)
    cut = []
    for share in shares:
        width = room * share / whole
        cut.append(Box(round(x), box.y, round(x + width) - round(x), box.h))
        x += width + gap
    return tuple(cut)


def grid(box: Box, count: int, across: int, gap: int) -> tuple[Box, ...]:
    """Return the first `count` cells of a grid with so many columns that fills the box."""
    lines = rows(box, -(-count // across), gap)
    return tuple(cell for line in lines for cell in columns(line, across, gap))[:count]


def best_across(box: Box, count: int, gap: int, shape: float, least: int) -> int:
    """Return how many columns make the tiles come nearest to a width : height of `shape`, none smaller than that."""
    most_lines = max(1, (box.h + gap) // (least + gap))
    fewest, most = -(-count // most_lines), max(1, (box.w + gap) // (least + gap))

    def misfit(across: int) -> float:
        lines = -(-count // across)
        width = (box.w - gap * (across - 1)) / across
        height = max(1.0, (box.h - gap * (lines - 1)) / lines)
        holes = across * lines - count
        ratio = max(width, 1.0) / height
        return abs(ratio / shape if ratio > shape else shape / ratio) + holes * 0.2

    return min(range(min(fewest, most), min(most, count) + 1), key=misfit, default=most)
