"""The one window: it opens the display and turns fingers, mouse and keys into events."""

import logging
import os
from collections.abc import Iterable
from types import TracebackType

import pygame

from kiosk.core.layout import Panel
from kiosk.core.message import Button, ButtonDown, ButtonUp, Event, Lifted, Moved, Touched
from kiosk.core.scene import Scene
from kiosk.errors import KioskError
from kiosk.ui.paint import Painter, PicturesByKey

LOG = logging.getLogger(__name__)
KEYS = {
    pygame.K_SPACE: Button.SHUTTER,
    pygame.K_UP: Button.MORE,
    pygame.K_DOWN: Button.LESS,
}
UNSEEN = ("dummy", "offscreen", "evdev")  # drivers whose drawing is not seen
MM_PER_INCH = 25.4


class DisplayUnavailableError(KioskError, RuntimeError):
    """There is no display that a person could look at."""


def display_driver() -> str:
    """Return the name of the display driver that opens here, without a window.

    Raises DisplayUnavailableError as a window would.
    """
    try:
        pygame.display.init()
        return _seen(pygame.display.get_driver())
    except pygame.error as error:
        raise _no_display(error) from error
    finally:
        pygame.display.quit()


def _no_display(error: pygame.error) -> DisplayUnavailableError:
    return DisplayUnavailableError(
        f"no display opens ({error}); connect one, or run a visit without it: kiosk demo --out DIR"
    )


def _seen(driver: str) -> str:
    """Return the driver's name; raises DisplayUnavailableError for one that shows nothing."""
    if driver in UNSEEN:
        raise DisplayUnavailableError(
            f"only the display driver '{driver}' opens, and it shows nothing; connect a screen, "
            "or run the visit without one: kiosk demo --out DIR"
        )
    return driver


class Window:
    """Owns the display; `events` reads the hands, `show` draws a scene.

    A touch screen speaks as fingers, a desk as a mouse; SDL can say both for one tap, so its own
    translation is switched off and mouse events that stem from a touch are dropped.
    """

    def __init__(
        self,
        diagonal_inch: float,
        size_px: tuple[int, int] | None = None,
        *,
        driver: str | None = None,
        unseen_allowed: bool = False,
    ) -> None:
        """Full screen without `size_px`, else a window of that size.

        Raises DisplayUnavailableError where no driver opens, or only one that shows nothing.
        """
        os.environ["SDL_TOUCH_MOUSE_EVENTS"] = "0"
        os.environ["SDL_MOUSE_TOUCH_EVENTS"] = "0"
        if driver is not None:
            os.environ["SDL_VIDEODRIVER"] = driver
        try:
            pygame.display.init()
            if pygame.display.get_driver() == "x11":
                # Through OpenGL it would load a software renderer: a hundred megabytes, and each update slower.
                # Wayland and KMSDRM have no other way to show pixels.
                os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
            flags = 0 if size_px is not None else pygame.FULLSCREEN
            self._surface = pygame.display.set_mode(size_px or (0, 0), flags)
        except pygame.error as error:
            pygame.display.quit()
            raise _no_display(error) from error
        self.driver = pygame.display.get_driver()
        if not unseen_allowed:
            try:
                _seen(self.driver)
            except DisplayUnavailableError:
                pygame.display.quit()
                raise
        pygame.display.set_caption("kiosk")
        pygame.mouse.set_visible(size_px is not None)
        pygame.event.set_blocked(None)
        pygame.event.set_allowed(
            [
                pygame.QUIT,
                pygame.KEYDOWN,
                pygame.KEYUP,
                pygame.FINGERDOWN,
                pygame.FINGERMOTION,
                pygame.FINGERUP,
                pygame.MOUSEBUTTONDOWN,
                pygame.MOUSEMOTION,
                pygame.MOUSEBUTTONUP,
                pygame.WINDOWEXPOSED,
            ]
        )
        width_px, height_px = self._surface.get_size()
        self.panel = Panel.of(width_px, height_px, diagonal_inch * MM_PER_INCH)
        self.closed = False
        self._painter = Painter(self._surface)
        self._windowed = size_px is not None
        LOG.info("display driver=%s size=%dx%d", self.driver, width_px, height_px)

    def __enter__(self) -> "Window":
        """Return the open window."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Give the display back; twice is fine."""
        self.closed = True
        pygame.display.quit()

    def events(self) -> list[Event]:
        """Return what hands did since the last call; sets `closed` when the window was asked to close."""
        found: list[Event] = []
        for event in pygame.event.get():
            translated = self._translated(event)
            if translated is not None:
                found.append(translated)
        return found

    def _translated(self, event: pygame.event.Event) -> Event | None:
        """Return one event of the display in our words, or None."""
        if event.type == pygame.QUIT:
            self.closed = True
        elif event.type == pygame.WINDOWEXPOSED:
            self._painter.repaint()
        elif event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE and self._windowed:
            self.closed = True
        elif event.type == pygame.KEYDOWN and event.key in KEYS:
            return ButtonDown(KEYS[event.key])
        elif event.type == pygame.KEYUP and event.key in KEYS:
            return ButtonUp(KEYS[event.key])
        elif event.type in (pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP):
            return self._finger(event)
        elif event.type in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEMOTION, pygame.MOUSEBUTTONUP):
            return self._mouse(event)
        return None

    def _finger(self, event: pygame.event.Event) -> Event:
        """Return what a finger did."""
        if event.type == pygame.FINGERUP:
            return Lifted(event.finger_id)
        point = self._inside(event.x * self.panel.width_px, event.y * self.panel.height_px)
        kind = Touched if event.type == pygame.FINGERDOWN else Moved
        return kind(*point, event.finger_id)

    def _mouse(self, event: pygame.event.Event) -> Event | None:
        """Return what the mouse did with its first button; what SDL says of a touch is left out."""
        if event.touch:
            return None
        if event.type == pygame.MOUSEMOTION:
            return Moved(*self._inside(*event.pos)) if event.buttons[0] else None
        if event.button != 1:
            return None
        return Touched(*self._inside(*event.pos)) if event.type == pygame.MOUSEBUTTONDOWN else Lifted()

    def _inside(self, x: float, y: float) -> tuple[int, int]:
        """Return a point inside the panel: a finger at the very edge reports exactly 1.0."""
        return (
            min(self.panel.width_px - 1, max(0, int(x))),
            min(self.panel.height_px - 1, max(0, int(y))),
        )

    def show(self, scene: Scene, pictures: PicturesByKey) -> int:
        """Return how many rectangles were repainted and shown."""
        dirty = self._painter.paint(scene, pictures)
        if dirty:
            pygame.display.update(dirty)
        return len(dirty)

    def rehearse(self, scenes: Iterable[Scene]) -> None:
        """Prepare the parts of scenes that will be shown, so that no first frame is late."""
        for scene in scenes:
            self._painter.rehearse(scene)

    def forget(self) -> None:
        """Drop every picture that was drawn."""
        self._painter.forget()
