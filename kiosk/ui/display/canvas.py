"""What the painter draws on: the whole window, or a part of it, or a picture that is turned on its way there."""

import pygame

from kiosk.core.scene import Scene
from kiosk.ui.display.turning import Point, Rectangle, on_picture, on_screen, turned_size
from kiosk.ui.paint import Painter, PicturesByKey


class Canvas:
    """Owns the painter of a window's surface; another surface needs another canvas."""

    def __init__(self, surface: pygame.Surface, part: Rectangle, turned: int) -> None:
        """Draw on a part of the surface, turned clockwise by so many degrees (0, 90, 180, 270)."""
        self._surface, self._window = surface, surface.get_size()
        self._place = pygame.Rect(part)
        self._turned = turned
        self.size = turned_size(self._place.size, turned)
        # The display's own where that is the picture. Never a part of it: SDL takes its pixels away at another size.
        self._whole = not turned and self._place.size == self._window
        self._picture = surface if self._whole else pygame.Surface(self.size, 0, surface)
        self.painter = Painter(self._picture)

    def fits(self, surface: pygame.Surface | None) -> bool:
        """Return whether that surface, the display's now, is the one that is drawn on, at the size it had."""
        return surface is self._surface and surface.get_size() == self._window

    def paint(self, scene: Scene, pictures: PicturesByKey) -> list[pygame.Rect]:
        """Return the rectangles of the surface that changed."""
        dirty = self.painter.paint(scene, pictures)
        if self._whole:
            return dirty
        shown = []
        for rect in dirty:
            part = self._picture.subsurface(rect)
            x, y, w, h = on_screen((rect.x, rect.y, rect.w, rect.h), self._place.size, self._turned)
            place = pygame.Rect(x, y, w, h).move(self._place.topleft)
            self._surface.blit(pygame.transform.rotate(part, -self._turned) if self._turned else part, place)
            shown.append(place)
        return shown

    def under_finger(self, x: float, y: float) -> Point:
        """Return the picture's point under a finger, which is told as shares of the screen."""
        return self._inside((int(x * self._place.w), int(y * self._place.h)))

    def under_pointer(self, place: Point) -> Point:
        """Return the picture's point under the mouse, which is told in pixels of the window."""
        return self._inside((place[0] - self._place.x, place[1] - self._place.y))

    def _inside(self, point: Point) -> Point:
        """Return the picture's point at the screen's: a finger at the very edge reports exactly 1.0."""
        w, h = self._place.size
        within = min(w - 1, max(0, point[0])), min(h - 1, max(0, point[1]))
        return on_picture(within, (w, h), self._turned)
