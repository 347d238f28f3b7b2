"""A thing before a sticker is added, with it, and after, as lists of events."""

import pytest

from kiosk.core.message import Button
from kiosk.core.scene import Colour, Dot
from kiosk.paper.layout import Shown
from kiosk.topics.hold_up.facts import LAMPS, Looks, Stretch
from kiosk.topics.hold_up.messages import SheetsSeen, StartLooks, StopLooks, TallyLooks
from kiosk.topics.hold_up.screens.compare import Compare
from kiosk.topics.hold_up.screens.hold_up import HoldUp
from tests.player import CUP, ESPRESSO, FLAMINGO, PANELS, Player, of, said, screen_of, told
from tests.topics.hold_up.scripted import at_compare, at_compared, at_hold_up, look, pair, stretch


def looks(playing: Player) -> list[tuple[int | None, int, int]]:
    screen = screen_of(playing)
    assert isinstance(screen, Compare)
    return [(each.most, each.count, len(each.labels)) for each in screen.looks]


@pytest.mark.parametrize("panel", PANELS)
def test_what_was_said_is_told_and_lit_stretch_by_stretch(panel: str) -> None:
    playing = at_compared(panel)

    assert {"cup in 12 of 12", "flamingo in 9 of 11", "cup in 10 of 10"} <= set(said(playing))
    assert told(playing, "Without the sticker: cup. With it: flamingo.")
    dots = [item for item in playing.scene.items if isinstance(item, Dot)]
    assert len(dots) == 3 * LAMPS
    lit = [dot.colour for dot in dots if dot.filled]
    assert (lit.count(Colour.TRUTH), lit.count(Colour.LIE), lit.count(Colour.MUTE)) == (12 + 1 + 10, 9, 1)


def test_three_presses_of_a_button_lead_through_it() -> None:
    playing = at_hold_up()
    playing.send(SheetsSeen((), CUP))
    assert playing.focused == "compare"
    playing.press(Button.SHUTTER)
    playing.wait(0.5)
    for which, label in zip(Stretch, (CUP, FLAMINGO, CUP), strict=True):
        assert playing.focused == f"stretch-{which.value}"
        playing.press(Button.SHUTTER)
        for _ in range(6):
            playing.send(SheetsSeen((), label))
        playing.wait(0.5)

    assert looks(playing) == [(CUP, 6, 6), (FLAMINGO, 6, 6), (CUP, 6, 6)]
    assert told(playing, "With it: flamingo.")


def test_nothing_is_counted_before_the_first_press_nor_while_a_sheet_is_there() -> None:
    playing = at_compare()
    playing.send(SheetsSeen((), CUP))
    assert told(playing, "It says cup. No squares: less fair.")
    assert told(playing, "Then press Before.")
    stretch(playing, Stretch.BEFORE)
    playing.send(pair(FLAMINGO), SheetsSeen((look(Shown.PROOF, FLAMINGO),)))

    assert told(playing, "Not counted: that is a sheet.")
    assert looks(playing) == [(None, 0, 0)] * 3
    assert of(playing, TallyLooks) == []


def test_a_stretch_that_is_begun_again_is_counted_anew_and_so_is_what_follows() -> None:
    playing = at_compared()
    stretch(playing, Stretch.WITH, ESPRESSO)

    assert looks(playing) == [(CUP, 12, 12), (ESPRESSO, 1, 1), (None, 0, 0)]
    stretch(playing, Stretch.BEFORE)
    assert looks(playing) == [(None, 0, 0)] * 3


@pytest.mark.parametrize(
    ("made", "words"),
    [
        ((CUP, CUP, CUP), "The sticker did nothing. It still says cup."),
        ((CUP, FLAMINGO, ESPRESSO), "It changed its mind by itself."),
        ((CUP, CUP, FLAMINGO), "It changed its mind by itself."),
    ],
)
def test_no_sticker_is_praised_for_what_it_did_not_do(made: tuple[int, int, int], words: str) -> None:
    playing = at_compare()
    for which, label in zip(Stretch, made, strict=True):
        stretch(playing, which, *(label,) * 6)

    assert told(playing, words)


@pytest.mark.parametrize(
    ("few", "words"),
    [
        ((), "Hold it still. It looks"),
        ((CUP,) * 4, "Hold it still. It looks"),
        ((CUP, ESPRESSO, CUP, ESPRESSO, FLAMINGO), "Not clear yet."),
    ],
)
def test_too_few_looks_or_mixed_ones_decide_nothing(few: tuple[int, ...], words: str) -> None:
    playing = at_compare()
    stretch(playing, Stretch.BEFORE, *(CUP,) * 6)
    stretch(playing, Stretch.WITH, *(FLAMINGO,) * 6)
    stretch(playing, Stretch.AFTER, *few)

    assert told(playing, words)


def test_the_newest_of_equals_is_what_was_said_most() -> None:
    assert Looks((CUP, CUP, FLAMINGO, FLAMINGO)).most == FLAMINGO
    assert Looks((CUP, FLAMINGO, CUP, FLAMINGO, CUP)).count == 3
    assert not Looks((CUP,) * 3 + (FLAMINGO,) * 3).clear


def test_leaving_it_forgets_it_and_the_sheets_are_looked_for_again() -> None:
    playing = at_compared()
    before = len(of(playing, StartLooks))
    playing.touch("back")

    assert isinstance(screen_of(playing), HoldUp)
    assert playing.effects[-2:] == [StopLooks(), StartLooks()]
    assert len(of(playing, StartLooks)) == before + 1
    playing.touch("compare")
    assert looks(playing) == [(None, 0, 0)] * 3
