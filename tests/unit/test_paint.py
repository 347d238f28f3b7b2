"""The painter: repaints what changed, keeps nothing of a visitor, and reacts within a frame."""

import socket
import string
import time
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pygame
import pytest

from kiosk.core.message import Button, ButtonDown, ButtonUp, Event, HandEvent, Lifted, Moved, Tick, Touched
from kiosk.core.scene import Box, Colour, Control, Picture, Scene, Weight, Words, plain
from kiosk.exhibit.rehearsal import rehearsed
from kiosk.exhibit.topics import TOPICS
from kiosk.ui.display.hotplug import SYSFS_VARIABLE, UEVENTS, Uevents
from kiosk.ui.fonts import Fonts
from kiosk.ui.glyphs import Glyphs
from kiosk.ui.icons import ICONS, draw_icon
from kiosk.ui.paint import Painter, scene_png
from kiosk.ui.surfaces import Surfaces
from kiosk.ui.tokens import RGB
from kiosk.ui.window import DisplayUnavailableError, Window, display_driver
from kiosk.words.friendly_labels import visitor_labels
from tests.golden.pictures import pictures as shelf
from tests.player import player
from tests.process.memory import allocated_mb
from tests.topics.attack.scripted import at_attack, at_fooled


def painted() -> tuple[Painter, pygame.Surface]:
    surface = pygame.Surface((1280, 800), 0, 32)
    return Painter(surface), surface


def test_an_unchanged_scene_costs_nothing() -> None:
    painter, _ = painted()
    scene, pictures = at_attack().scene, shelf()
    assert painter.paint(scene, pictures)
    assert painter.paint(scene, pictures) == []


def test_only_what_changed_is_repainted_and_looks_as_if_drawn_anew() -> None:
    painter, surface = painted()
    playing, pictures = at_attack(), shelf()
    playing.answers = False
    playing.wait(1.0)
    painter.paint(playing.scene, pictures)
    playing.touch("more")
    dirty = painter.paint(playing.scene, pictures)
    assert dirty, "a press shows in the next frame"
    assert sum(rect.w * rect.h for rect in dirty) < 1280 * 800 / 4
    fresh, whole = painted()
    fresh.paint(playing.scene, pictures)
    assert np.array_equal(pygame.surfarray.array3d(surface), pygame.surfarray.array3d(whole))


def test_a_new_array_under_a_key_is_a_new_picture() -> None:
    painter, surface = painted()
    scene, pictures = at_fooled().scene, shelf()
    painter.paint(scene, pictures)
    red = np.zeros((224, 224, 3), dtype=np.uint8)
    red[..., 0] = 255
    dirty = painter.paint(scene, {**pictures, "adversarial": red})
    box = next(item.box for item in scene.items if isinstance(item, Picture) and item.key == "adversarial")
    assert any(rect.contains(pygame.Rect(box)) for rect in dirty)
    assert surface.get_at((box.x + box.w // 2, box.y + box.h // 2))[:3] == (255, 0, 0), "red stays red"


def test_the_preview_is_mirrored_and_nothing_else_is() -> None:
    half = np.zeros((224, 224, 3), dtype=np.uint8)
    half[:, :112, 0] = 255
    for mirrored in (False, True):
        painter, surface = painted()
        item = Picture(Box(100, 100, 400, 400), "camera", 20, mirrored=mirrored)
        painter.paint(Scene("test", 1280, 800, (item,), None), {"camera": half})
        left, right = surface.get_at((150, 300))[0], surface.get_at((450, 300))[0]
        assert (left > 200, right > 200) == (not mirrored, mirrored)


def test_forgetting_leaves_no_picture_in_the_painter() -> None:
    painter, _ = painted()
    painter.paint(at_fooled().scene, shelf())
    assert painter._scaled
    painter.forget()
    assert not painter._scaled
    painter.paint(at_fooled().scene, shelf())
    painter.paint(player().scene, {})
    assert not {key[0] for key in painter._scaled} & {"original", "adversarial", "noise"}


def test_type_of_ever_more_sizes_takes_no_more_memory() -> None:
    fonts = Fonts()

    def draw(sizes: range) -> float:
        for size in sizes:
            for weight in Weight:
                fonts.font(weight, size).render(string.printable, True, RGB[Colour.TEXT])
        return allocated_mb()

    grown_by = -draw(range(60, 100)) + draw(range(20, 60))
    assert grown_by < 0.5, "MB"


def test_a_long_text_is_shrunk_then_wrapped_and_never_clipped() -> None:
    fonts = Fonts()

    def fit(text: str, width: int, lines: int = 2) -> tuple[int, int]:
        words = Words(Box(0, 0, width, 90), plain(text), 40, 12, lines=lines)
        fitted = fonts.fitted(words)
        assert fitted.width_px <= width
        assert fitted.height_px <= 90
        return fitted.size_px, len(fitted.lines)

    assert fit("cup", 300) == (40, 1)
    size, lines = fit("hot-air balloon", 250)
    assert size < 40
    assert lines == 1
    size, lines = fit("something I was never taught", 250)
    assert lines == 2
    size, lines = fit("Rindfleischetikettierungsgesetz", 160)
    assert lines == 1
    assert size < 20


def test_every_icon_that_is_asked_for_is_drawn() -> None:
    wanted = {tile.icon for tile in visitor_labels().tiles}
    assert len(wanted) == 12
    for scene in rehearsed(player().state, TOPICS):
        wanted |= {item.icon for item in scene.items if isinstance(item, Control) and item.icon}
    assert {name for name in wanted if not Glyphs().has(name)} <= set(ICONS)
    drawn = {name: pygame.surfarray.array_alpha(draw_icon(name, 48, (255, 255, 255))) for name in ICONS}
    for name, alpha in drawn.items():
        assert 0.02 < (alpha > 128).mean() < 0.9, name


def test_a_rehearsal_makes_the_first_frame_quick_and_changes_no_pixel() -> None:
    painter, surface = painted()
    scene = at_attack().scene
    for rehearsal in rehearsed(player().state, TOPICS):
        painter.rehearse(rehearsal)
    assert not pygame.surfarray.array3d(surface).any()
    painter.paint(scene, shelf())
    fresh, whole = painted()
    fresh.paint(scene, shelf())
    assert np.array_equal(pygame.surfarray.array3d(surface), pygame.surfarray.array3d(whole))


def test_a_scene_becomes_a_file_without_a_display(tmp_path: Path) -> None:
    path = tmp_path / "attract.png"
    path.write_bytes(scene_png(player().scene, shelf()))
    picture = pygame.image.load(str(path))
    assert picture.get_size() == (1280, 800)
    assert picture.get_at((2, 2))[:3] == RGB[Colour.INK]


def test_a_window_nobody_can_see_is_refused() -> None:
    with pytest.raises(DisplayUnavailableError, match="dummy"):
        Window(10.1, (640, 400))


def test_a_display_driver_is_called_as_in_the_settings_though_sdl_has_it_in_capitals(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pygame.display, "get_driver", lambda: "KMSDRM")
    monkeypatch.setenv(SYSFS_VARIABLE, str(tmp_path))
    assert display_driver() == "kmsdrm"
    with Window(10.1) as window:
        assert window.driver == "kmsdrm"
        # where a socket to the kernel may not be opened, nothing is heard
        with suppress(OSError), socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, UEVENTS):
            assert isinstance(window._watch, Uevents)
    assert pygame.display.get_init(), "its end is left to the process's"


def untimed(events: list[Event]) -> list[object]:
    """The events without their times, which are those of now."""
    now_s = time.monotonic()
    assert all(now_s - 5.0 < getattr(event, "at_s", now_s) <= now_s for event in events)
    return [replace(event, at_s=0.0) for event in events if isinstance(event, HandEvent)]


def test_hands_become_events_and_one_tap_is_one_event() -> None:
    with Window(10.1, (640, 400), unseen_allowed=True) as window:
        pygame.event.clear()
        post = pygame.event.post
        post(pygame.event.Event(pygame.FINGERDOWN, x=0.5, y=1.0, touch_id=1, finger_id=0))
        post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=(320, 399), button=1, touch=True))
        post(pygame.event.Event(pygame.FINGERMOTION, x=0.25, y=0.5, touch_id=1, finger_id=0))
        post(
            pygame.event.Event(pygame.MOUSEMOTION, pos=(160, 200), rel=(1, 1), buttons=(1, 0, 0), touch=True)
        )
        post(pygame.event.Event(pygame.FINGERUP, x=0.25, y=0.5, touch_id=1, finger_id=0))
        post(pygame.event.Event(pygame.MOUSEMOTION, pos=(9, 9), rel=(1, 1), buttons=(0, 0, 0), touch=False))
        post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=(10, 20), button=1, touch=False))
        post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=(10, 20), button=3, touch=False))
        post(pygame.event.Event(pygame.MOUSEMOTION, pos=(12, 24), rel=(2, 4), buttons=(1, 0, 0), touch=False))
        post(pygame.event.Event(pygame.MOUSEBUTTONUP, pos=(12, 24), button=1, touch=False))
        post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_SPACE))
        post(pygame.event.Event(pygame.KEYUP, key=pygame.K_SPACE))
        post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_UP))
        post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_x))
        assert untimed(window.events()) == [
            Touched(320, 399, finger=0),
            Moved(160, 200, finger=0),
            Lifted(finger=0),
            Touched(10, 20),
            Moved(12, 24),
            Lifted(),
            ButtonDown(Button.SHUTTER),
            ButtonUp(Button.SHUTTER),
            ButtonDown(Button.MORE),
        ]
        playing = player()
        playing.send(Tick(1.0))
        assert window.show(playing.scene, shelf()) == 1
        assert window.show(playing.scene, shelf()) >= 0
        post(pygame.event.Event(pygame.QUIT))
        assert window.events() == []
        assert window.closed
    window.close()


def test_what_is_drawn_once_is_kept_within_bounds() -> None:
    surfaces = Surfaces(400_000)
    first = surfaces("first", lambda: pygame.Surface((100, 100), 0, 32))
    assert surfaces("first", lambda: pygame.Surface((1, 1))) is first
    for side in range(100, 180):
        surfaces(side, partial(pygame.Surface, (side, side), 0, 32))
        assert surfaces.bytes <= 400_000
    assert surfaces("first", lambda: pygame.Surface((1, 1))) is not first
