"""Further cards are data: up to 24 of them, each to be pressed anywhere, a few on a page where they do not all fit."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from kiosk.core.layout import layout_of
from kiosk.core.message import Button
from kiosk.core.scene import Box, Control, ControlId, Scene, Words
from kiosk.core.screen import Pressed
from kiosk.ui.fonts import Fonts
from tests.layouts import control_words, overlap
from tests.player import PANELS, Player, said, screen_of, spelled
from tests.topics.cards.scripted import Idea, ToIdea, at_cards_of

MOST = 24
SEVERAL = [5, 6, 7, 9, 23, MOST]


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    return Fonts()


def cards_of(scene: Scene) -> list[Control]:
    return [control for control in scene.controls if control.name == "card"]


def turning(playing: Player, icon: str = "later") -> Control | None:
    """Return the control that turns the page on (or back), if there is one."""
    named = (control for control in playing.scene.controls if control.name == "turn")
    return next((control for control in named if control.icon == icon), None)


def turning_on(playing: Player) -> Control:
    later = turning(playing)
    assert later is not None
    return later


def pages(playing: Player) -> Iterator[Scene]:
    """Turn from the first page to the last."""
    yield playing.scene
    while (later := turning(playing)) is not None:
        playing.touch(spelled(later.id))
        yield playing.scene


def check_layout(scene: Scene, panel: str, fonts: Fonts) -> None:
    """Every control can be hit, and every text be read."""
    whole = Box(0, 0, scene.width_px, scene.height_px)
    layout = layout_of(PANELS[panel])
    words = [item for item in scene.items if isinstance(item, Words)]
    assert len({control.id for control in scene.controls}) == len(scene.controls)
    for number, control in enumerate(scene.controls):
        assert min(control.box.w, control.box.h) >= layout.least
        assert control.box.inside(control.target)
        assert control.target.inside(whole)
        assert not any(overlap(control.target, other.target) for other in scene.controls[number + 1 :])
        words += control_words(control, fonts)
    for text in words:
        fitted = fonts.fitted(text)
        assert fitted.width_px <= text.box.w, text
        assert fitted.height_px <= text.box.h, text
        assert fitted.size_px >= text.floor_px, (fitted.size_px, text)


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("count", [2, 3, 4])
def test_so_many_cards_fit(panel: str, count: int, fonts: Fonts) -> None:
    playing = at_cards_of(panel, count)
    scene = playing.scene
    assert [card.value for card in cards_of(scene)] == [str(number) for number in range(count)]
    assert all(card.reach is not None for card in cards_of(scene))
    assert turning(playing) is None
    check_layout(scene, panel, fonts)


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("count", SEVERAL)
def test_more_cards_are_told_over_pages(panel: str, count: int, fonts: Fonts) -> None:
    playing = at_cards_of(panel, count)
    seen = list(pages(playing))
    assert [card.value for scene in seen for card in cards_of(scene)] == [str(n) for n in range(count)]
    each = len(cards_of(seen[0]))
    assert 3 <= each <= 6
    assert all(len(cards_of(scene)) == each for scene in seen[:-1])
    for scene in seen:
        check_layout(scene, panel, fonts)


@pytest.mark.parametrize("panel", PANELS)
def test_the_parts_of_a_card_lie_on_it(panel: str) -> None:
    for scene in pages(at_cards_of(panel, MOST)):
        targets = [card.target for card in cards_of(scene)]
        below = [item for item in scene.items if item.box.y >= targets[0].y]
        inside = [sum(item.box.inside(target) for target in targets) for item in below]
        turns = sum(isinstance(item, Control) and item.name == "turn" for item in below)
        assert inside.count(1) == 5 * len(targets), "ground, drawing, title, sentence, action"
        assert inside.count(0) == turns + 1 + 3, "what turns the page, its number, and the ways around"


def by_touch(playing: Player, wanted: ControlId) -> None:
    """Press a control with a finger."""
    playing.touch(spelled(wanted))


def by_down(playing: Player, wanted: ControlId) -> None:
    """Move the focus on with a button until it stands there, and press the shutter."""
    by_arrow(playing, wanted, Button.LESS)


def by_up(playing: Player, wanted: ControlId) -> None:
    """Move the focus back with a button until it stands there, and press the shutter."""
    by_arrow(playing, wanted, Button.MORE)


def by_arrow(playing: Player, wanted: ControlId, arrow: Button) -> None:
    for _ in playing.scene.controls:
        if playing.scene.focused != wanted:
            playing.press(arrow)
    assert playing.scene.focused == wanted
    playing.press(Button.SHUTTER)


def by_shutter(playing: Player, wanted: ControlId) -> None:
    """Press a control by the shutter alone, which moves the focus as long as it is held."""
    for _ in playing.scene.controls:
        if playing.scene.focused != wanted:
            playing.press(Button.SHUTTER, held_s=0.7)
    assert playing.scene.focused == wanted
    playing.press(Button.SHUTTER)


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("press", [by_touch, by_down, by_up, by_shutter])
def test_every_card_can_be_opened(panel: str, press: Callable[[Player, ControlId], None]) -> None:
    playing = at_cards_of(panel, MOST)
    opened = []
    later: Control | None = None
    while True:
        page = playing.state
        for card in cards_of(playing.scene):
            playing.state = page
            press(playing, card.id)
            screen = screen_of(playing)
            assert isinstance(screen, Idea)
            opened.append(screen.number)
        playing.state = page
        later = turning(playing)
        if later is None:
            break
        press(playing, later.id)
    assert opened == list(range(MOST))


@pytest.mark.parametrize("panel", PANELS)
def test_a_card_can_be_pressed_anywhere(panel: str) -> None:
    scene = at_cards_of(panel, MOST).scene
    for card in cards_of(scene):
        for x, y in ((card.target.x, card.target.y), (card.target.right - 1, card.target.bottom - 1)):
            assert scene.hit(x, y) == card


@pytest.mark.parametrize("panel", PANELS)
def test_the_focus_goes_through_the_cards_then_the_turning_then_the_ways_out(panel: str) -> None:
    playing = at_cards_of(panel, MOST)
    playing.touch(spelled(turning_on(playing).id))
    order = [control.name for control in playing.scene.controls]
    each = order.count("card")
    assert order == ["card"] * each + ["turn"] * 2 + ["back", "retake", "again"]


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("press", [by_touch, by_down])
def test_a_page_turned_has_the_focus_on_its_first_card(
    panel: str, press: Callable[[Player, ControlId], None]
) -> None:
    playing = at_cards_of(panel, MOST)
    each = len(cards_of(playing.scene))
    assert turning(playing, "earlier") is None
    press(playing, turning_on(playing).id)
    assert playing.scene.focused == ControlId("card", str(each))
    press(playing, turning_on(playing).id)
    assert playing.scene.focused == ControlId("card", str(2 * each))
    earlier = turning(playing, "earlier")
    assert earlier is not None
    press(playing, earlier.id)
    assert playing.scene.focused == ControlId("card", str(each))


@pytest.mark.parametrize("panel", PANELS)
def test_a_page_says_which_it_is(panel: str) -> None:
    playing = at_cards_of(panel, MOST)
    count = MOST // len(cards_of(playing.scene))
    for number, _ in enumerate(pages(playing), start=1):
        assert f"{number} of {count}" in said(playing)


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("count", [4, MOST])
def test_the_timely_card_is_the_first(panel: str, count: int) -> None:
    playing = at_cards_of(panel, count, timely=count - 1)
    assert cards_of(playing.scene)[0].value == str(count - 1)
    assert playing.scene.focused == ControlId("card", str(count - 1))
    shown = [card.value for scene in pages(playing) for card in cards_of(scene)]
    assert shown == [str(count - 1), *(str(number) for number in range(count - 1))]


def test_the_cards_begin_at_the_first_page_again() -> None:
    playing = at_cards_of("1280x800", MOST)
    playing.touch(spelled(turning_on(playing).id))
    assert playing.find("card-0") is None
    playing.touch("back")
    playing.touch("cards")
    assert playing.find("card-0") is not None


@pytest.mark.parametrize("count", [0, 1, 4, 9])
def test_where_there_are_fewer_cards_by_now_the_last_page_is_shown(count: int) -> None:
    playing = at_cards_of("800x480", MOST)
    assert len(list(pages(playing))) > 3
    offers = playing.state.context.offers[:count]
    playing.state = replace(playing.state, context=replace(playing.state.context, offers=offers))
    shown = [card.value for card in cards_of(playing.scene)]
    assert shown == (["8"] if count == 9 else [str(number) for number in range(count)])
    assert playing.scene.focused == (ControlId("card", shown[0]) if shown else ControlId("back"))


def test_a_card_that_is_gone_leads_nowhere() -> None:
    playing = at_cards_of("1280x800", 4)
    screen, context = screen_of(playing), playing.state.context
    assert screen.update(Pressed("card", "3"), context).after == ToIdea(3)
    assert screen.update(Pressed("card", "3"), replace(context, offers=context.offers[:3])).after == screen
