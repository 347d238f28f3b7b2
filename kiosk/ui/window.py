"""The one window: it opens the display, follows it to another size, and turns fingers, mouse and keys into events."""

import atexit
import logging
import os
import time
from collections.abc import Iterable, Iterator
from types import TracebackType

import pygame

from kiosk.core.layout import Panel
from kiosk.core.message import Button, ButtonDown, ButtonUp, Event, Lifted, Moved, PanelResized, Touched
from kiosk.core.scene import Scene
from kiosk.errors import KioskError
from kiosk.ui.display.canvas import Canvas
from kiosk.ui.display.hotplug import screen_missing, screen_watch
from kiosk.ui.display.key_times import KeyTimes
from kiosk.ui.display.turning import chosen_part
from kiosk.ui.paint import PicturesByKey

LOG = logging.getLogger(__name__)
KEYS = {
    pygame.K_SPACE: Button.SHUTTER,
    pygame.K_UP: Button.MORE,
    pygame.K_DOWN: Button.LESS,
}
CODES = {pygame.K_SPACE: 57, pygame.K_UP: 103, pygame.K_DOWN: 108}  # of linux/input-event-codes.h
LOOK_EVERY_S = 1.0
# A screen that was just plugged in tells what it can a moment later.
SETTLES_S = 1.5
ENDED_WITH_THE_PROCESS = ("kmsdrm", "wayland")
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
        return _seen(_open_driver())
    except pygame.error as error:
        raise _no_display(error) from error
    finally:
        pygame.display.quit()


def _open_driver() -> str:
    """Return the name of the driver that is open, as settings and environment have it: SDL itself says KMSDRM."""
    return pygame.display.get_driver().lower()


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
        turned: int = 0,
    ) -> None:
        """Full screen without `size_px`, else a window of that size; its picture `turned` clockwise (0, 90, 180, 270).

        Raises DisplayUnavailableError where no driver opens, or only one that shows nothing.
        """
        self._windowed, self._turned = size_px is not None, turned
        self._size_px = size_px
        self._open(driver, unseen_allowed=unseen_allowed)
        width_px, height_px = self._canvas.size
        self.panel = Panel.of(width_px, height_px, diagonal_inch * MM_PER_INCH)
        self.closed = False
        self.outdated = False  # only a new start shows anything on the screen that is there now
        self._due_s: float | None = None
        self._looked_s = time.monotonic()
        self._watch = None if self._windowed else screen_watch(self.driver)
        self._key_times = KeyTimes()
        self._down_s: dict[int, float] = {}  # when keys went down that are not let go yet
        LOG.info("display driver=%s size=%dx%d turned=%d", self.driver, width_px, height_px, turned)

    def _open(self, driver: str | None, *, unseen_allowed: bool) -> None:
        """Open the display and a canvas on it."""
        os.environ["SDL_TOUCH_MOUSE_EVENTS"] = "0"
        os.environ["SDL_MOUSE_TOUCH_EVENTS"] = "0"
        if driver is not None:
            os.environ["SDL_VIDEODRIVER"] = driver
        try:
            pygame.display.init()
            if _open_driver() == "x11":
                # Through OpenGL it would load a software renderer: a hundred megabytes, and each update slower.
                # Wayland and KMSDRM have no other way to show pixels.
                os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
            flags = pygame.RESIZABLE if self._windowed else pygame.FULLSCREEN
            surface = pygame.display.set_mode(self._size_px or (0, 0), flags)
        except pygame.error as error:
            pygame.display.quit()
            raise _no_display(error) from error
        self.driver = _open_driver()
        if not unseen_allowed:
            try:
                _seen(self.driver)
            except DisplayUnavailableError:
                pygame.display.quit()
                raise
        pygame.display.set_caption("kiosk")
        pygame.mouse.set_visible(self._windowed)
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
        self._canvas = self._canvas_on(surface)

    def _canvas_on(self, surface: pygame.Surface) -> Canvas:
        size = surface.get_size()
        part = (0, 0, *size) if self._windowed else chosen_part(size, pygame.display.get_desktop_sizes())
        return Canvas(surface, part, self._turned)

    def __enter__(self) -> "Window":
        """Return the open window."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Give the display back; twice is fine.

        On the screen itself and in a compositor that is left to the end of the process: with its screen unplugged SDL
        crashes on the way, and a crash while the exhibit ends would be taken for a fault of it.
        """
        self.closed = True
        self._key_times.close()
        if self._watch is not None:
            self._watch.close()
            self._watch = None
        if self.driver in ENDED_WITH_THE_PROCESS:
            atexit.unregister(pygame.quit)
        else:
            pygame.display.quit()

    def events(self) -> list[Event]:
        """Return what hands did since the last call, and another size of the panel.

        Sets `closed` when the window was asked to close, `outdated` when the exhibit has to start anew to be seen.
        """
        now_s = time.monotonic()
        self._key_times.read(now_s)
        found: list[Event] = []
        for event in pygame.event.get():
            translated = self._translated(event, now_s)
            if translated is not None:
                found.append(translated)
        found += self._let_go()
        self._look_at_screen(now_s)
        resized = self._followed()
        return found if resized is None else [*found, resized]

    def _look_at_screen(self, now_s: float) -> None:
        """Open the display anew where it changed unseen by SDL; under kmsdrm only a new start does that safely."""
        if self._watch is None or now_s - self._looked_s < LOOK_EVERY_S:
            return
        self._looked_s = now_s
        if self._watch.changed():
            self._due_s = now_s + SETTLES_S
        if self._due_s is None or now_s < self._due_s or (self.driver == "kmsdrm" and screen_missing()):
            return
        self._due_s = None
        LOG.warning("event=screen_changed driver=%s", self.driver)
        if self.driver == "kmsdrm":
            self.outdated = True
            return
        pygame.display.quit()
        self._open(self.driver, unseen_allowed=True)

    def _followed(self) -> Event | None:
        """Return that the panel has another size, once all is drawn on the surface that the display has now."""
        surface = pygame.display.get_surface()
        if surface is not None and not self._canvas.fits(surface):
            self._canvas = self._canvas_on(surface)
        width_px, height_px = self._canvas.size
        if (width_px, height_px) == (self.panel.width_px, self.panel.height_px):
            return None
        LOG.warning("event=panel_resized size=%dx%d", width_px, height_px)
        self.panel = self.panel.resized(width_px, height_px)
        return PanelResized(width_px, height_px)

    def _translated(self, event: pygame.event.Event, now_s: float) -> Event | None:
        """Return one event of the display in our words, or None; it was fetched at `now_s`."""
        if event.type == pygame.QUIT:
            self.closed = True
        elif event.type == pygame.WINDOWEXPOSED:
            self._canvas.painter.repaint()
        elif event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE and self._windowed:
            self.closed = True
        elif event.type == pygame.KEYDOWN and event.key in KEYS:
            self._down_s[event.key] = self._key_s(event.key, now_s, down=True)
            return ButtonDown(KEYS[event.key], self._down_s[event.key])
        elif event.type == pygame.KEYUP and self._down_s.pop(event.key, None) is not None:
            return ButtonUp(KEYS[event.key], self._key_s(event.key, now_s, down=False))
        elif event.type in (pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP):
            return self._finger(event, now_s)
        elif event.type in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEMOTION, pygame.MOUSEBUTTONUP):
            return self._mouse(event, now_s)
        return None

    def _let_go(self) -> Iterator[Event]:
        """Yield the keys that the kernel says are up: before the compositor tells so, a press would count as a hold."""
        for key, down_s in list(self._down_s.items()):
            up_s = self._key_times.up_since(CODES[key], down_s)
            if up_s is not None:
                del self._down_s[key]
                yield ButtonUp(KEYS[key], up_s)

    def _key_s(self, key: int, now_s: float, *, down: bool) -> float:
        """Return when a key went down or up: by the kernel where that is known, else when it was fetched."""
        told_s = self._key_times.at(CODES[key], down=down)
        return now_s if told_s is None else min(told_s, now_s)

    def _finger(self, event: pygame.event.Event, now_s: float) -> Event:
        """Return what a finger did."""
        if event.type == pygame.FINGERUP:
            return Lifted(event.finger_id, now_s)
        point = self._canvas.under_finger(event.x, event.y)
        kind = Touched if event.type == pygame.FINGERDOWN else Moved
        return kind(*point, event.finger_id, now_s)

    def _mouse(self, event: pygame.event.Event, now_s: float) -> Event | None:
        """Return what the mouse did with its first button; what SDL says of a touch is left out."""
        if event.touch:
            return None
        if event.type == pygame.MOUSEMOTION:
            return Moved(*self._canvas.under_pointer(event.pos), at_s=now_s) if event.buttons[0] else None
        if event.button != 1:
            return None
        if event.type == pygame.MOUSEBUTTONUP:
            return Lifted(at_s=now_s)
        return Touched(*self._canvas.under_pointer(event.pos), at_s=now_s)

    def show(self, scene: Scene, pictures: PicturesByKey) -> int:
        """Return how many rectangles were repainted and shown; `outdated` is set where the display takes none."""
        if not self._canvas.fits(pygame.display.get_surface()):
            return 0  # it changed this moment: `events` follows
        dirty = self._canvas.paint(scene, pictures)
        if dirty:
            try:
                pygame.display.update(dirty)
            except pygame.error as error:
                LOG.warning("event=frame_refused reason=%s", error)
                self.outdated = True
        return len(dirty)

    def rehearse(self, scenes: Iterable[Scene]) -> None:
        """Prepare the parts of scenes that will be shown, so that no first frame is late."""
        for scene in scenes:
            self._canvas.painter.rehearse(scene)

    def forget(self) -> None:
        """Drop every picture that was drawn."""
        self._canvas.painter.forget()
