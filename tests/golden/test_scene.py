"""Every screen on every panel: nothing overlaps, everything can be hit, everything fits, one yellow thing."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

import kiosk
from kiosk.core.layout import CAPITAL_MM, EM_PER_CAPITAL, LEAST_CAPITAL_MM, TOUCH_FLOOR_MM
from kiosk.core.scene import Box, Colour, Control, Look, Scene, Words
from kiosk.core.screen import Screen, StaffScreen, VisitScreen
from kiosk.ui.fonts import Fonts
from kiosk.ui.tokens import RGB, Rgb255
from tests.layouts import control_words, overlap
from tests.player import PANELS, TEXTS, Player, topic_modules

STATES: dict[str, Callable[[str], Player]] = {
    name: state
    for module in topic_modules("drawn")
    for name, state in (module.STATES | getattr(module, "OF_ALL_TOPICS", {})).items()
}
QUESTIONS = ("idle", "leaving")  # they stand over a screen
ROUNDED_MM = 0.03  # type has whole pixels
# Where visitors read smaller capitals than the panel's, in millimetres: this list only shrinks.
SMALLER: dict[str, dict[str, float]] = {
    "800x480": {"choose-groups": 2.46, "choose-dogs": 2.74, "choose-spans": 2.74, "signs-guest": 1.92},
    "1024x600": {
        "attack-recorded": 2.8,
        "choose-groups": 2.48,
        "choose-dogs": 2.69,
        "choose-spans": 2.8,
        "signs-guest": 1.83,
        "dice-other": 2.8,
        "sketchpad": 2.8,
        "sketchpad-fooled": 2.8,
        "sketchpad-truth": 2.8,
        "sketchpad-aiming": 2.8,
        "confusion-eight": 2.8,
    },
    "1280x800": {"choose-groups": 3.3, "attack-many": 3.67, "signs-guest": 3.3},
    "720x1280": {
        "attack-models": 2.52,
        "signs-guest": 2.44,
        "teach-opened-untrained": 2.52,
        "dice": 2.35,
        "dice-other": 2.35,
        "dice-five": 2.35,
        "explain": 2.78,
        "explain-without-noise": 2.78,
        "explain-guess": 2.78,
        "explain-alone": 2.62,
        "explain-alone-dark": 2.35,
        "explain-reason": 2.78,
        "memories": 2.78,
        "trained-eight": 2.44,
        "attack-doubt": 2.78,
        "attack-fooled-taught": 2.78,
        "vaccine-waiting": 2.52,
        "vaccine-before": 2.52,
        "vaccine-copies": 2.78,
        "vaccine-after": 2.52,
    },
}
CASES = [(panel, name) for panel in PANELS for name in STATES]


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    return Fonts()


@cache
def drawn(panel: str, name: str) -> tuple[Screen, Scene]:
    """The screen of a state, and what it shows."""
    playing = STATES[name](panel)
    return playing.state.screen, playing.scene


def scene_of(panel: str, name: str) -> Scene:
    return drawn(panel, name)[1]


def texts_of(scene: Scene, fonts: Fonts) -> Iterator[Words]:
    """Every text of a scene in its box, those of its controls too."""
    for item in scene.items:
        if isinstance(item, Words):
            yield item
        elif isinstance(item, Control):
            yield from control_words(item, fonts)


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
    assert all(Box(*item.box).inside(whole) for item in scene.items)
    staff = isinstance(drawn(panel, name)[0], StaffScreen)
    for text in texts_of(scene, fonts):
        fitted = fonts.fitted(text)
        assert fitted.width_px <= text.box.w, text
        assert fitted.height_px <= text.box.h, text
        assert fitted.size_px >= text.floor_px or not staff, (fitted.size_px, text)


@pytest.mark.parametrize(("panel", "name"), CASES)
def test_visitors_read_capitals_of_four_millimetres_where_the_panel_has_the_room(
    panel: str, name: str, fonts: Fonts
) -> None:
    screen, scene = drawn(panel, name)
    if isinstance(screen, StaffScreen):
        return
    shown = PANELS[panel]
    read = [text for text in texts_of(scene, fonts) if text.text.strip()]
    capitals_mm = [fonts.fitted(text).size_px / EM_PER_CAPITAL / shown.px_per_mm for text in read]
    least_mm = min(capitals_mm, default=shown.capital_mm)
    smaller_mm = SMALLER.get(panel, {}).get(name)
    if smaller_mm is None:
        assert least_mm >= shown.capital_mm - ROUNDED_MM, read[capitals_mm.index(least_mm)]
    else:
        assert least_mm >= smaller_mm - ROUNDED_MM, read[capitals_mm.index(least_mm)]
        assert smaller_mm < shown.capital_mm, "it can be read by now: take it off the list"


def test_seven_inches_alone_have_less_room() -> None:
    assert {panel: shown.capital_mm for panel, shown in PANELS.items()} == {
        "800x480": LEAST_CAPITAL_MM,
        "1024x600": LEAST_CAPITAL_MM,
        "720x1280": LEAST_CAPITAL_MM,
        "1280x800": CAPITAL_MM,
        "1920x1080": CAPITAL_MM,
    }


@pytest.mark.parametrize("panel", PANELS)
def test_start_again_and_back_are_each_in_one_place_on_all_screens_of_a_visit(panel: str) -> None:
    places: dict[str, set[Box]] = {"again": set(), "back": set()}
    for name in STATES:
        screen, scene = drawn(panel, name)
        if not isinstance(screen, VisitScreen) or scene.name in QUESTIONS:
            continue
        here = {control.name: control.box for control in scene.controls if control.name in places}
        assert "again" in here, name
        for control, box in here.items():
            places[control].add(box)
    assert {control: len(boxes) for control, boxes in places.items()} == {"again": 1, "back": 1}


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("panel", [panel for panel, shown in PANELS.items() if shown.reach_px])
def test_on_large_panels_everybody_reaches_every_control(panel: str, name: str) -> None:
    screen, scene = drawn(panel, name)
    if isinstance(screen, StaffScreen):
        return
    shown = PANELS[panel]
    least_px = TOUCH_FLOOR_MM * shown.px_per_mm
    for control in scene.controls:
        if control.name == "place":  # on the picture that fingers paint on; buttons go through all of them
            continue
        if control.look is Look.BARE:  # a picture or an answer: a part of it is enough
            assert control.box.bottom - max(control.box.y, shown.reach_px) >= least_px, control
        elif control.look is not Look.WHOLE:
            assert control.box.y >= shown.height_px * 0.4, control


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
        keys = re.findall(rf'"((?:{tables})\.[a-z_]+)"', source)
        found |= {
            key for key in keys if not key.endswith((".json", ".npz", ".pdf", ".png"))
        }  # files may bear a table's name
    assert len(found) > 30
    assert found <= set(words), sorted(found - set(words))
    assert all(text.strip() for text in words.values())
