"""Curves and trails, drawn as they grow: nothing of them is kept, since no two frames have the same."""

from collections.abc import Sequence
from itertools import pairwise

import pygame

from kiosk.core.scene import Colour, Curves, Trail
from kiosk.ui.tokens import RGB, Rgb255

GRID_LINES = 4


def draw_curves(surface: pygame.Surface, item: Curves) -> None:
    """Draw a faint grid and the lines over it; a line's newest point is a dot."""
    box, plot = item.box, item.plot
    for number in range(GRID_LINES + 1):
        y = plot.y + (plot.h - 1) * number // GRID_LINES
        surface.fill(RGB[Colour.LINE], (box.x, y, box.w, 1))
    for line in item.lines:
        rgb = RGB[line.colour]
        points = item.points(line)
        _draw_line(surface, rgb, points, line.width_px)
        if points:
            pygame.draw.aacircle(surface, rgb, points[-1], line.dot_px)


def draw_trail(surface: pygame.Surface, item: Trail) -> None:
    """Draw a line from point to point."""
    _draw_line(surface, RGB[item.colour], item.points, item.width_px)


def _draw_line(
    surface: pygame.Surface, rgb: Rgb255, points: Sequence[tuple[int, int]], width_px: int
) -> None:
    for one, other in pairwise(points):
        pygame.draw.aaline(surface, rgb, one, other, width_px)
        pygame.draw.aacircle(surface, rgb, other, width_px / 2)
