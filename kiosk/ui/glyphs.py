"""The pictures beside the names of labels: glyphs of a font, drawn in one colour as our own icons are."""

from importlib import resources
from io import BytesIO

import pygame

from kiosk.ui.tokens import Rgb255

FILE = ("assets", "fonts", "pictures.ttf")
FIRST = "\u2000"  # our own icons have names of letters


class Glyphs:
    """Owns the font's bytes, read once. What is drawn is kept by those who asked for it, and so no font is."""

    def __init__(self) -> None:
        pygame.font.init()
        self._bytes = resources.files("kiosk").joinpath(*FILE).read_bytes()

    def has(self, name: str) -> bool:
        """Return whether an icon of that name is a glyph."""
        return len(name) == 1 and name >= FIRST

    def draw(self, name: str, side_px: int, rgb: Rgb255) -> pygame.Surface:
        """Return a glyph in the middle of a square of that size."""
        size = max(1, side_px)
        drawn = pygame.font.Font(BytesIO(self._bytes), size).render(name, True, rgb)
        drawn = drawn.subsurface(drawn.get_bounding_rect())
        if max(drawn.get_size()) > size:
            share = size / max(drawn.get_size())
            drawn = pygame.transform.smoothscale(
                drawn, [max(1, int(edge * share)) for edge in drawn.get_size()]
            )
        canvas = pygame.Surface((size, size), pygame.SRCALPHA)
        canvas.fill((*rgb, 0))
        canvas.blit(drawn, ((size - drawn.get_width()) // 2, (size - drawn.get_height()) // 2))
        return canvas
