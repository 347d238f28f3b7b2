"""A pen that draws smooth shapes on a canvas of 100 by 100 units: what icons are made of."""

import math
from collections.abc import Sequence
from itertools import pairwise

import pygame

from kiosk.ui.tokens import Rgb255

OVER = 4  # drawn so many times larger, then scaled down: smooth edges
Point = tuple[float, float]


class Pen:
    """Owns one oversized canvas; `cut` takes away instead of adding."""

    def __init__(self, side_px: int, rgb: Rgb255) -> None:
        self._side_px = max(1, side_px)
        self._unit = self._side_px * OVER / 100
        self._canvas = pygame.Surface((self._side_px * OVER, self._side_px * OVER), pygame.SRCALPHA)
        self._canvas.fill((*rgb, 0))
        self._ink = (*rgb, 255)
        self._none = (*rgb, 0)

    def finish(self) -> pygame.Surface:
        """Return the drawing at its size."""
        return pygame.transform.smoothscale(self._canvas, (self._side_px, self._side_px))

    def _at(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self._unit, y * self._unit) for x, y in points]

    def _paint(self, cut: bool) -> tuple[int, int, int, int]:
        return self._none if cut else self._ink

    def disc(self, x: float, y: float, r: float, *, cut: bool = False) -> None:
        """A filled circle."""
        pygame.draw.circle(self._canvas, self._paint(cut), self._at([(x, y)])[0], r * self._unit)

    def oval(self, x: float, y: float, rx: float, ry: float, turn: float = 0.0, *, cut: bool = False) -> None:
        """A filled ellipse, turned by so many degrees."""
        c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
        steps = [math.tau * i / 48 for i in range(48)]
        self.poly(
            [
                (
                    x + rx * math.cos(t) * c - ry * math.sin(t) * s,
                    y + rx * math.cos(t) * s + ry * math.sin(t) * c,
                )
                for t in steps
            ],
            cut=cut,
        )

    def poly(self, points: Sequence[Point], *, cut: bool = False) -> None:
        """A filled polygon."""
        pygame.draw.polygon(self._canvas, self._paint(cut), self._at(points))

    def blob(self, points: Sequence[Point], *, cut: bool = False) -> None:
        """A filled closed curve through the points."""
        self.poly(smooth(points, closed=True), cut=cut)

    def line(self, points: Sequence[Point], width: float = 8.0, *, cut: bool = False) -> None:
        """A line with round ends and corners."""
        radius = width * self._unit / 2
        placed = self._at(points)
        for a, b in pairwise(placed):
            length = math.hypot(b[0] - a[0], b[1] - a[1])
            if length == 0:
                continue
            nx, ny = -(b[1] - a[1]) / length * radius, (b[0] - a[0]) / length * radius
            corners = [
                (a[0] + nx, a[1] + ny),
                (b[0] + nx, b[1] + ny),
                (b[0] - nx, b[1] - ny),
                (a[0] - nx, a[1] - ny),
            ]
            pygame.draw.polygon(self._canvas, self._paint(cut), corners)
        for point in placed:
            pygame.draw.circle(self._canvas, self._paint(cut), point, radius)

    def curve(self, points: Sequence[Point], width: float = 8.0, *, cut: bool = False) -> None:
        """An open curve through the points."""
        self.line(smooth(points, closed=False), width, cut=cut)

    def arc(
        self, x: float, y: float, r: float, start: float, end: float, width: float = 8.0, *, cut: bool = False
    ) -> None:
        """A part of a circle; degrees clockwise from the right."""
        count = max(2, int(abs(end - start) / 6))
        turns = [math.radians(start + (end - start) * i / count) for i in range(count + 1)]
        self.line([(x + r * math.cos(t), y + r * math.sin(t)) for t in turns], width, cut=cut)

    def box(self, x: float, y: float, w: float, h: float, r: float = 0.0, *, cut: bool = False) -> None:
        """A filled rectangle with round corners."""
        u = self._unit
        rect = pygame.Rect(round(x * u), round(y * u), round(w * u), round(h * u))
        pygame.draw.rect(self._canvas, self._paint(cut), rect, border_radius=round(r * u))


def smooth(points: Sequence[Point], *, closed: bool, steps: int = 10) -> list[Point]:
    """Return a Catmull-Rom curve through the points."""
    count = len(points)
    found: list[Point] = []
    for i in range(count if closed else count - 1):
        if closed:
            a, b, c, d = (points[(i + k) % count] for k in (-1, 0, 1, 2))
        else:
            a, b, c, d = (points[min(max(i + k, 0), count - 1)] for k in (-1, 0, 1, 2))
        for n in range(steps):
            t = n / steps
            x, y = (
                0.5
                * (
                    2 * b[k]
                    + (c[k] - a[k]) * t
                    + (2 * a[k] - 5 * b[k] + 4 * c[k] - d[k]) * t * t
                    + (3 * b[k] - a[k] - 3 * c[k] + d[k]) * t**3
                )
                for k in (0, 1)
            )
            found.append((x, y))
    return found if closed else [*found, points[-1]]
