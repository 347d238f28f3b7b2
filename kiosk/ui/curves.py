"""The curves of a training, drawn as they grow: nothing of them is kept, since no two frames have the same."""

from itertools import pairwise

import pygame

from kiosk.core.scene import Colour, Curves
from kiosk.ui.tokens import RGB

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
        for one, other in pairwise(points):
            pygame.draw.aaline(surface, rgb, one, other, line.width_px)
            pygame.draw.aacircle(surface, rgb, other, line.width_px / 2)
        if points:
            pygame.draw.aacircle(surface, rgb, points[-1], line.dot_px)
