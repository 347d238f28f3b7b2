"""The close look: both pictures in one place, the magnifier, and the noise alone, which is never judged."""

import pytest

from kiosk.core.message import Button
from kiosk.core.scene import Box, Picture
from kiosk.topics.attack.screens.attack import Attack
from kiosk.topics.attack.screens.look import PLACES, Closely, Mode
from tests.player import PANELS, Player, said, screen_of, shown_keys
from tests.topics.attack.scripted import at_quiet

SIZES = sorted(PANELS)


def looking(panel: str = "1280x800") -> Player:
    """A visit that looks closely at what fooled it."""
    playing = at_quiet(panel)
    playing.touch("look")
    return playing


def closely(playing: Player) -> Closely:
    """The screen for a close look, which must be the present one."""
    screen = playing.state.screen
    assert isinstance(screen, Closely)
    return screen


def parts(playing: Player) -> list[Box | None]:
    """Which parts of the large pictures are shown."""
    return [item.part for item in playing.scene.items if isinstance(item, Picture) and item.part is not None]


@pytest.mark.parametrize("control", ["flip", "flip-picture"])
def test_a_press_flips_and_a_hold_only_peeps(control: str) -> None:
    playing = looking()
    assert shown_keys(playing) == ["adversarial"]
    assert "flamingo" in said(playing)
    playing.hold(control, 0.1)
    assert shown_keys(playing) == ["original"]
    assert "espresso" in said(playing)
    playing.hold(control, 0.1)
    assert shown_keys(playing) == ["adversarial"]
    playing.touch(control)
    assert shown_keys(playing) == ["original"], "while it is held"
    playing.hold(control, 1.0)
    assert shown_keys(playing) == ["original"], "and after a long hold it is as before"


def test_the_buttons_alone_flip_magnify_and_lead_back() -> None:
    playing = looking()
    assert playing.focused == "flip"
    playing.press(Button.SHUTTER)
    assert shown_keys(playing) == ["original"]
    light(playing, "mode-lens")
    playing.press(Button.SHUTTER)
    assert playing.focused == "next_place"
    seen = {tuple(parts(playing))}
    for _ in PLACES[1:]:
        playing.press(Button.SHUTTER)
        seen.add(tuple(parts(playing)))
    assert len(seen) == len(PLACES), "every place of the picture is reached"
    light(playing, "back")
    playing.press(Button.SHUTTER)
    assert isinstance(screen_of(playing), Attack)


def light(playing: Player, control: str) -> None:
    """The light goes from control to control to that one."""
    for _ in playing.names:
        if playing.focused == control:
            return
        playing.press(Button.LESS)
    assert playing.focused == control


@pytest.mark.parametrize("panel", SIZES)
def test_the_magnifier_shows_an_eighth_of_both_pictures_where_it_was_tapped(panel: str) -> None:
    playing = looking(panel)
    playing.touch("mode-lens")
    playing.drag("place", (0.0, 1.0))
    (original, attacked) = parts(playing)
    assert original == attacked == Box(0, 224 - 28, 28, 28)
    playing.drag("place", (0.5, 0.5), (1.0, 0.0))
    assert parts(playing)[0] == Box(224 - 28, 0, 28, 28)


@pytest.mark.parametrize("panel", SIZES)
def test_the_picture_is_larger_than_in_the_sum(panel: str) -> None:
    playing = at_quiet(panel)
    small = max(item.box.w for item in playing.scene.items if isinstance(item, Picture))
    playing.touch("look")
    (large,) = [item.box.w for item in playing.scene.items if isinstance(item, Picture)]
    assert large > 1.2 * small


def test_the_noise_alone_says_how_strong_it_is_drawn_and_has_no_verdict() -> None:
    playing = at_quiet()
    playing.touch("noise")
    assert closely(playing).mode is Mode.NOISE
    assert shown_keys(playing) == ["noise"]
    words = said(playing)
    assert playing.state.context.texts("look.noise") in words
    assert not any("%" in word or "flamingo" in word or "espresso" in word for word in words)
    playing.touch("mode-flip")
    assert shown_keys(playing) == ["adversarial"]
