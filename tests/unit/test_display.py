"""The display behind the window: turns, plugs, joined screens, and the kernel's own times of keys."""

import os
import time
from pathlib import Path

import numpy as np
import pygame
import pytest

from kiosk.core.message import ButtonDown, ButtonUp
from kiosk.ui.display.canvas import Canvas
from kiosk.ui.display.hotplug import connected_screens, is_hotplug, screen_missing
from kiosk.ui.display.key_times import EVENT, KeyTimes
from kiosk.ui.display.turning import TURNS, chosen_part, on_picture, on_screen, turned_size
from kiosk.ui.window import Window
from tests.golden.pictures import pictures
from tests.player import PANELS, Player
from tests.topics.attack.scripted import at_attack

SCREEN = (1280, 800)
SPACE, UP = 57, 103


@pytest.mark.parametrize("turned", TURNS)
def test_a_point_of_the_picture_is_found_where_it_is_seen(turned: int) -> None:
    width, height = turned_size(SCREEN, turned)
    for point in ((0, 0), (width - 1, 0), (3, height - 1), (411, 97)):
        x, y, w, h = on_screen((*point, 1, 1), SCREEN, turned)
        assert (w, h) == (1, 1)
        assert on_picture((x, y), SCREEN, turned) == point


def shown_on(turned: int, scenes: list[Player]) -> pygame.Surface:
    """A screen after a canvas has shown one scene after the other, each on top of the last."""
    surface = pygame.Surface(SCREEN, 0, 32)
    canvas = Canvas(surface, (0, 0, *SCREEN), turned)
    for playing in scenes:
        canvas.paint(playing.scene, pictures())
    return surface


@pytest.mark.parametrize("turned", TURNS)
def test_a_turned_screen_shows_the_same_pixels_turned_also_of_what_changed(turned: int) -> None:
    width, height = turned_size(SCREEN, turned)
    wide = PANELS["1280x800"].resized(width, height)
    first, second = at_attack(), at_attack()
    for playing in (first, second):
        playing.state = playing.state.with_context(panel=wide)
    second.touch("more")
    seen = pygame.surfarray.array3d(shown_on(turned, [first, second])).swapaxes(0, 1)
    plain = pygame.Surface((width, height), 0, 32)
    Canvas(plain, (0, 0, width, height), 0).paint(second.scene, pictures())
    wanted = pygame.surfarray.array3d(plain).swapaxes(0, 1)
    assert np.array_equal(seen, np.rot90(wanted, -turned // 90))


def test_of_several_screens_in_one_window_the_first_is_drawn_on() -> None:
    assert chosen_part((2560, 720), [(1280, 720), (1280, 720)]) == (0, 0, 1280, 720)
    assert chosen_part((2304, 800), [(1280, 800), (1024, 768)]) == (0, 0, 1280, 800)
    assert chosen_part((1280, 720), [(1280, 720), (1280, 720)]) == (0, 0, 1280, 720)
    assert chosen_part((1024, 600), [(1280, 720)]) == (0, 0, 1024, 600), (
        "SDL's list is old: the window is right"
    )


def test_a_screen_is_missing_only_where_every_socket_says_so(tmp_path: Path) -> None:
    assert not screen_missing(tmp_path), "nothing can be known"
    for name in ("card0-HDMI-A-1", "card1-DSI-1"):
        (tmp_path / "class" / "drm" / name).mkdir(parents=True)
        (tmp_path / "class" / "drm" / name / "status").write_text("disconnected\n", "ascii")
    assert screen_missing(tmp_path)
    status = tmp_path / "class" / "drm" / "card1-DSI-1" / "status"
    status.write_text("unknown\n", "ascii")
    assert not screen_missing(tmp_path)
    status.write_text("connected\n", "ascii")
    assert connected_screens(tmp_path) == ("DSI-1",)


def test_a_plug_is_told_from_other_news_of_the_kernel() -> None:
    plug = b"change@/devices/gpu/drm/card0\0ACTION=change\0SUBSYSTEM=drm\0HOTPLUG=1\0"
    assert is_hotplug(plug)
    assert not is_hotplug(plug.replace(b"HOTPLUG=1", b"LEASE=1"))
    assert not is_hotplug(b"add@/devices/usb\0ACTION=add\0SUBSYSTEM=usb\0")


def press(pipe: int, at_s: float, code: int, value: int) -> None:
    """What the kernel writes of a key: 1 down, 2 repeats, 0 up; and a mark behind each."""
    micros = round(at_s % 1 * 1e6)
    os.write(pipe, EVENT.pack(int(at_s), micros, 1, code, value) + EVENT.pack(int(at_s), micros, 0, 0, 0))


def test_keys_have_the_kernels_times_each_once_and_old_ones_are_dropped(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "event0")
    with KeyTimes(tmp_path) as times:
        times.read(100.0)
        pipe = os.open(tmp_path / "event0", os.O_WRONLY)
        press(pipe, 90.0, SPACE, 1)  # on another console
        times.read(100.0)
        assert times.at(SPACE, down=True) is None
        for at_s, code, value in ((100.1, SPACE, 1), (100.35, SPACE, 2), (100.4, UP, 1), (100.5, SPACE, 0)):
            press(pipe, at_s, code, value)
        times.read(101.0)
        assert times.at(SPACE, down=True) == pytest.approx(100.1)
        assert times.at(SPACE, down=True) is None
        assert times.at(SPACE, down=False) == pytest.approx(100.5)
        assert times.at(UP, down=True) == pytest.approx(100.4)
        os.close(pipe)


def test_times_are_known_however_long_a_frame_took(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "event0")
    with KeyTimes(tmp_path) as times:
        times.read(100.0)
        pipe = os.open(tmp_path / "event0", os.O_WRONLY)
        press(pipe, 100.1, SPACE, 1)
        press(pipe, 100.3, SPACE, 0)
        times.read(108.0)
        assert times.at(SPACE, down=True) == pytest.approx(100.1)
        assert times.at(SPACE, down=False) == pytest.approx(100.3)
        os.close(pipe)


def test_a_key_is_let_go_when_the_kernel_says_so_though_the_compositor_tells_later(tmp_path: Path) -> None:
    """Else a short press that a slow compositor hands on in halves would count as a hold."""
    os.mkfifo(tmp_path / "event0")
    with Window(10.1, (640, 400), unseen_allowed=True) as window, KeyTimes(tmp_path) as window._key_times:
        window.events()
        pipe = os.open(tmp_path / "event0", os.O_WRONLY)
        for _ in range(2):
            down_s = time.monotonic()
            up_s = down_s + 0.01
            press(pipe, down_s, SPACE, 1)
            press(pipe, up_s, SPACE, 0)
            pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_SPACE))
            down, up = window.events()
            assert isinstance(down, ButtonDown)
            assert isinstance(up, ButtonUp)
            assert (down.at_s, up.at_s) == pytest.approx((down_s, up_s), abs=1e-5)
            pygame.event.post(pygame.event.Event(pygame.KEYUP, key=pygame.K_SPACE))
            assert window.events() == [], "told already"
        os.close(pipe)


def test_a_device_that_may_be_read_only_a_moment_after_it_came_is_read(tmp_path: Path) -> None:
    devices = tmp_path / "input"
    devices.mkdir()
    (devices / "event0").symlink_to(tmp_path / "keyboard")
    with KeyTimes(devices) as times:
        times.read(100.0)
        os.mkfifo(tmp_path / "keyboard")
        times.read(100.5)
        pipe = os.open(tmp_path / "keyboard", os.O_WRONLY | os.O_NONBLOCK)
        press(pipe, 101.0, SPACE, 1)
        times.read(101.1)
        assert times.at(SPACE, down=True) == pytest.approx(101.0)
        os.close(pipe)


def test_without_leave_to_read_devices_nothing_is_known(tmp_path: Path) -> None:
    with KeyTimes(tmp_path / "none") as times:
        times.read(time.monotonic())
        assert times.at(SPACE, down=True) is None
