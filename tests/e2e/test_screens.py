"""The window on real X servers that change under it: another mode, a turned picture, a screen that comes late."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Self

import numpy as np
import pytest
from PIL import Image

from kiosk.core.layout import Panel
from kiosk.device.state_folder import StateFolder
from kiosk.ui.display.turning import TURNS
from kiosk.ui.paint import scene_png
from tests.e2e.exhibit_driver import Display, Pixels, until
from tests.e2e.own_state import copy_of
from tests.e2e.test_service import Systemd
from tests.player import player

SIZE, OTHER = (1280, 800), (1024, 600)


class Shown:
    """Owns the program that shows the first screen alone, on a display."""

    def __init__(self, display: Display, turned: int = 0, window: str = "") -> None:
        self._display = display
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.shown_on_screens", str(turned), window],
            env=os.environ | {"DISPLAY": display.name, "SDL_VIDEODRIVER": "x11"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        self._told = self._process.stdout
        self.opened = self.line("open ")

    def line(self, beginning: str) -> str:
        """The next line that it prints and that begins so."""
        while line := self._told.readline():
            if line.startswith(beginning):
                return line.strip()
        raise AssertionError(f"it ended with {self._process.wait()} and never said {beginning!r}")

    def click(self, x: int, y: int) -> str:
        """What it makes of a press there."""
        self._display.do("mousemove", x, y, "click", 1)
        return self.line("Touched")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._told.close()


@contextmanager
def resizable(size: tuple[int, int]) -> Iterator[Display]:
    """A screen whose mode can be changed: an X server in a window of another one."""
    missing = [tool for tool in ("Xephyr", "xrandr", "xdotool", "Xvfb") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"NOT TESTED: another mode. apt-get install xserver-xephyr x11-xserver-utils ({missing})")
    with Display(2000, 1300) as outer, Display(*size, inside=outer) as display:
        yield display


def drawn(size: tuple[int, int]) -> Pixels:
    """What the painter makes of the first screen at that size, in memory."""
    playing = player(film=False)
    playing.state = playing.state.with_context(panel=Panel.of(*SIZE, 10.1 * 25.4).resized(*size))
    png = scene_png(playing.scene, {})
    return np.asarray(Image.open(BytesIO(png)).convert("RGB"))


def looks_like(seen: Pixels, wanted: Pixels) -> bool:
    """Whether a screen shows a picture, but for a few pixels (a mouse pointer)."""
    return seen.shape == wanted.shape and bool((seen != wanted).any(axis=-1).mean() < 0.01)


def seen_on(display: Display, wanted: Pixels) -> bool:
    """Whether a screen shows that now, from its upper left corner on."""
    return looks_like(display.pixels()[: wanted.shape[0], : wanted.shape[1]], wanted)


@pytest.mark.parametrize("turned", TURNS)
def test_a_turned_picture_fills_the_screen_and_is_touched_where_it_is_seen(turned: int) -> None:
    size = SIZE if turned % 180 == 0 else SIZE[::-1]
    with Display(*SIZE) as display, Shown(display, turned) as shown:
        assert shown.opened == f"open {size[0]}x{size[1]}"
        wanted = np.rot90(drawn(size), -turned // 90)
        until(lambda: looks_like(display.pixels(), wanted), "the first screen, turned")
        at = {0: (30, 700), 90: (99, 30), 180: (1249, 99), 270: (1180, 769)}[turned]
        heard = shown.click(*at)
        x, y = {0: (30, 700), 90: (30, 1180), 180: (30, 700), 270: (30, 1180)}[turned]
        assert f"x_px={x}, y_px={y}," in heard


def test_another_mode_is_laid_out_anew_and_hears_touches_where_they_are() -> None:
    with resizable(SIZE) as display, Shown(display) as shown:
        until(lambda: looks_like(display.pixels(), drawn(SIZE)), "the first screen")
        for size in ((1024, 768), SIZE):
            display.change_mode(*size)
            assert f"width_px={size[0]}, height_px={size[1]}" in shown.line("PanelResized")
            wanted = drawn(size)
            until(partial(seen_on, display, wanted), "all of it at its new size")
        assert "x_px=1270, y_px=790," in shown.click(1270, 790)


@pytest.mark.parametrize("size", [OTHER, (600, 1024), (1366, 768)])
def test_a_window_of_another_size_is_drawn_wholly(size: tuple[int, int]) -> None:
    with Display(1920, 1080) as display, Shown(display, window="1280x800") as shown:
        window = subprocess.run(
            ["xdotool", "getwindowfocus"],
            env=os.environ | {"DISPLAY": display.name},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()[0]
        display.do("windowmove", window, 0, 0, "windowsize", window, *size)
        assert f"width_px={size[0]}, height_px={size[1]}" in shown.line("PanelResized")
        wanted = drawn(size)
        until(partial(seen_on, display, wanted), "all of it, at its new size")


def test_a_screen_that_comes_late_is_waited_for_and_no_failure(state: StateFolder, tmp_path: Path) -> None:
    """Neither socket nor server at first; a person plugs the screen in, and the exhibit opens by itself."""
    socket = tmp_path / "sys" / "class" / "drm" / "card0-HDMI-A-1" / "status"
    socket.parent.mkdir(parents=True)
    socket.write_text("disconnected\n", "ascii")
    own = copy_of(state, tmp_path / "state")
    number = f":{1000 + os.getpid()}"  # far above those that servers choose themselves
    with Systemd(tmp_path / "notify") as systemd:
        environment = {
            "SYSFS": str(tmp_path / "sys"),
            "SDL_VIDEODRIVER": "x11",
            "DISPLAY": number,
            "NOTIFY_SOCKET": str(systemd.path),
            "WATCHDOG_USEC": "3000000",
            "KIOSK_STATE": str(own.path),
        }
        exhibit = subprocess.Popen(
            [sys.executable, "-m", "kiosk", "--camera", f"pictures:{state.stock}"],
            env=os.environ | environment,
        )
        try:
            until(lambda: systemd.lines("STATUS=waiting for a screen"), "its status")
            assert systemd.lines("READY=1") == ["READY=1"], "as ready as it can be"
            until(lambda: len(systemd.lines("WATCHDOG=1")) > 2, "it is alive")
            assert exhibit.poll() is None
            with Display(*SIZE, number=number) as display:
                socket.write_text("connected\n", "ascii")
                until(lambda: display.pixels().std() > 10, "the first screen")
                until(lambda: "model" in systemd.lines("STATUS=")[-1], "its status again")
                assert systemd.lines("READY=1") == ["READY=1"]
                exhibit.terminate()
                assert exhibit.wait(30) == 0
        finally:
            exhibit.kill()
            exhibit.wait()
