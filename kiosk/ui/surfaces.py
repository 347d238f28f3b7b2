"""Surfaces that are drawn once and blitted again and again, within a bound of memory."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

import pygame

KEPT_BYTES = 24 * 2**20


class Surfaces:
    """Owns what was drawn, by what decides how it looks; the one not used for longest makes room."""

    def __init__(self, most_bytes: int = KEPT_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Hashable, pygame.Surface] = OrderedDict()
        self.bytes = 0

    def __call__(self, key: Hashable, make: Callable[[], pygame.Surface]) -> pygame.Surface:
        """Return the surface of that key, made where it is not there (any more)."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        made = self._kept[key] = make()
        self.bytes += _bytes(made)
        while self.bytes > self._most_bytes and len(self._kept) > 1:
            self.bytes -= _bytes(self._kept.popitem(last=False)[1])
        return made


def _bytes(surface: pygame.Surface) -> int:
    return surface.get_pitch() * surface.get_height()
