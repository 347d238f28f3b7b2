"""Every screen on every panel: nothing overlaps, everything can be hit, everything fits, one yellow thing."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

import kiosk
from kiosk.core.layout import TOUCH_FLOOR_MM
from kiosk.core.scene import Box, Colour, Control, Look, Scene, Words
from kiosk.ui.fonts import Fonts
from kiosk.ui.tokens import RGB, Rgb255
from tests.layouts import control_words, overlap
from tests.player import PANELS, TEXTS, Player, topic_modules

STATES: dict[str, Callable[[str], Player]] = {
    name: state
    for module in topic_modules("drawn")
    for name, state in (module.STATES | getattr(module, "OF_ALL_TOPICS", {})).items()
}
CASES = [(panel, name) for panel in PANELS for name in STATES]


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    return Fonts()


@cache
def scene_of(panel: str, name: str) -> Scene:
    return STATES[name](panel).scene


@pytest.mark.parametrize(("panel", "name"), CASES)
def test_controls_keep_apart_and_are_large_enough(panel: str, name: str) -> None:
    scene = scene_of(panel, name)
    real = [c for c in scene.controls if c.look is not Look.WHOLE]
    whole = Box(0, 0, scene.width_px, scene.height_px)
    px_per_mm = PANELS[panel].px_per_mm
    ids = [c.id for c in scene.controls]
    assert len(set(ids)) == len(ids)
    for number, control in enumerate(real):
        assert control.box.inside(whole), control
        assert min(control.box.w, control.box.h) / px_per_mm >= TOUCH_FLOOR_MM, control
        for other in real[number + 1 :]:
            assert not overlap(control.box, other.box), (control.id, other.id)
        x, y = control.box.x + control.box.w // 2, control.box.y + control.box.h // 2
        for point in ((x, y), control.box[:2], (control.box.right - 1, control.box.bottom - 1)):
            assert scene.hit(*point) == control
    assert scene.hit(-1, -1) is None


@pytest.mark.parametrize(("panel", "name"), CASES)
def test_every_text_fits_its_box_at_a_size_that_can_be_read(panel: str, name: str, fonts: Fonts) -> None:
    scene = scene_of(panel, name)
    whole = Box(0, 0, scene.width_px, scene.height_px)
    words = [item for item in scene.items if isinstance(item, Words)]
    for item in scene.items:
        assert Box(*item.box).inside(whole), item
        if isinstance(item, Control):
            words += control_words(item, fonts)
    for text in words:
        fitted = fonts.fitted(text)
        assert fitted.width_px <= text.box.w, text
        assert fitted.height_px <= text.box.h, text
        assert fitted.size_px >= text.floor_px, (fitted.size_px, text)


@pytest.mark.parametrize(("panel", "name"), CASES)
def test_texts_keep_out_of_each_other_and_of_controls(panel: str, name: str) -> None:
    scene = scene_of(panel, name)
    solid = [c for c in scene.controls if c.look in (Look.BUTTON, Look.TILE)]
    words = [item for item in scene.items if isinstance(item, Words) and item.text]
    for number, text in enumerate(words):
        for control in solid:
            assert not overlap(text.box, control.box), (text.text, control.id)
        for other in words[number + 1 :]:
            assert not overlap(text.box, other.box), (text.text, other.text)


@pytest.mark.parametrize(("panel", "name"), CASES)
def test_yellow_is_only_the_next_action(panel: str, name: str) -> None:
    scene = scene_of(panel, name)
    for item in scene.items:
        used = {getattr(item, field, None) for field in ("colour", "fill", "outline", "tint")}
        used |= {run.colour for run in getattr(item, "runs", ())}
        assert Colour.GO not in used, "yellow is the painter's, for the control with the focus alone"
    assert sum(control.id == scene.focused for control in scene.controls) <= 1


def luminance(rgb: Rgb255) -> float:
    """Return the relative luminance as WCAG defines it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in rgb)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Rgb255, other: Rgb255) -> float:
    """Return the contrast ratio of two colours, 1..21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_words_can_be_read_on_every_ground() -> None:
    for ground in (Colour.INK, Colour.PANEL):
        for colour in (Colour.TEXT, Colour.MUTE, Colour.TRUTH, Colour.LIE, Colour.GO):
            assert contrast(RGB[colour], RGB[ground]) >= 4.5, (colour, ground)
    assert contrast(RGB[Colour.INK], RGB[Colour.GO]) >= 4.5
    for colour in (Colour.MUTE, Colour.TRUTH, Colour.LIE):
        assert contrast(RGB[colour], RGB[Colour.TRACK]) >= 3.0, "a bar stands out from its track"
    assert contrast((255, 255, 255), (0, 0, 0)) == pytest.approx(21.0)


def test_every_key_has_its_words() -> None:
    words = TEXTS.words
    tables = "|".join({key.partition(".")[0] for key in words})
    found: set[str] = set()
    for path in Path(kiosk.__file__).parent.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        found |= set(re.findall(rf'"((?:{tables})\.[a-z_]+)"', source))
    assert len(found) > 30
    assert found <= set(words), sorted(found - set(words))
    assert all(text.strip() for text in words.values())
