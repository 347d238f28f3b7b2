"""A sheet before the camera as lists of events."""

from dataclasses import replace

import pytest

from kiosk.core.scene import Colour, Dot
from kiosk.paper.layout import Shown
from kiosk.topics.cards.screen import Cards
from kiosk.topics.hold_up.messages import SheetsSeen, StartLooks, StopLooks, TallyLooks
from kiosk.topics.hold_up.screens.hold_up import HoldUp
from kiosk.topics.hold_up.topic import offer
from kiosk.topics.printing.messages import Paper
from tests.player import CUP, FLAMINGO, PANELS, Player, of, screen_of, shown_keys, told
from tests.topics.hold_up.scripted import at_held, at_hold_up, look, pair


def lamps(playing: Player, colour: Colour) -> int:
    dots = [item for item in playing.scene.items if isinstance(item, Dot) and item.filled]
    return sum(dot.colour is colour for dot in dots)


@pytest.mark.parametrize("panel", PANELS)
def test_both_pictures_are_seen_side_by_side_a_lamp_for_each_look(panel: str) -> None:
    playing = at_held(panel)

    assert len(of(playing, StartLooks)) == 1
    assert {"camera", "held-original", "held-proof"} <= set(shown_keys(playing))
    assert lamps(playing, Colour.LIE) == 7
    assert lamps(playing, Colour.TRUTH) == 9 + 1
    assert lamps(playing, Colour.MUTE) == 1
    assert told(playing, "Today the lie lived in 37 of 49 looks at sheets.")
    assert told(playing, "It says flamingo")
    assert told(playing, "It says espresso")


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (pair(FLAMINGO, size=0.2), "Closer, please."),
        (pair(FLAMINGO, tilt=0.6), "Hold it straighter."),
        (pair(FLAMINGO, counts=False), "Not counted."),
        (pair(FLAMINGO), "Good."),
        (SheetsSeen((), CUP), "That is less fair."),
    ],
)
def test_how_to_hold_it_is_said(seen: SheetsSeen, words: str) -> None:
    playing = at_hold_up()
    playing.send(seen)
    assert told(playing, words)


def test_with_fewer_markers_it_is_shown_but_not_counted() -> None:
    playing = at_hold_up()
    playing.send(pair(FLAMINGO, counts=False))

    assert "held-proof" in shown_keys(playing)
    assert told(playing, "It says flamingo")
    assert lamps(playing, Colour.LIE) == 0
    assert of(playing, TallyLooks) == []


def test_sheets_of_two_visitors_are_counted_by_their_own_lies() -> None:
    playing = at_hold_up()
    mine, unknown = look(Shown.PROOF, FLAMINGO), look(Shown.PROOF, CUP, sheet=2)
    playing.send(SheetsSeen((mine, unknown)))

    assert of(playing, TallyLooks) == [TallyLooks(1, 1)]  # what nobody made here today is not counted


def test_looks_at_nothing_and_at_the_control_are_not_counted() -> None:
    playing = at_hold_up()
    playing.send(SheetsSeen((), FLAMINGO), SheetsSeen((look(Shown.CONTROL, FLAMINGO),)))

    assert of(playing, TallyLooks) == []
    assert "held-control" in shown_keys(playing)


def test_back_ends_the_looks() -> None:
    playing = at_held()
    playing.touch("back")

    assert playing.effects[-1] == StopLooks()
    assert isinstance(screen_of(playing), Cards)


def test_it_is_offered_where_there_is_a_camera_and_sheets_are_made() -> None:
    playing = at_held()
    screen, context = screen_of(playing), playing.state.context
    assert isinstance(screen, HoldUp)
    assert offer(screen.visit, context) is not None
    assert offer(screen.visit, replace(context, camera_fault="away")) is None
    assert offer(screen.visit, context.with_fact(Paper(offered=False))) is None
