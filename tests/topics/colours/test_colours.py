"""The colours of the printer as lists of events."""

import pytest

from kiosk.core.message import Button, CameraLost, Forget
from kiosk.topics.colours.messages import (
    ChartGiven,
    ColoursTold,
    GiveChart,
    MeasureChart,
    ReadColours,
    UndoColours,
)
from kiosk.topics.photograph.messages import StartFraming, StopLive
from kiosk.topics.staff.screens.repair import StaffRepair
from tests.player import PANELS, of, screen_of, shown_keys, told
from tests.topics.colours.scripted import ColoursScript, at_colours, at_measured


@pytest.mark.parametrize("panel", PANELS)
def test_staff_print_the_chart_measure_it_and_read_how_far_it_is_off(panel: str) -> None:
    playing = at_colours(panel)
    assert (len(of(playing, StartFraming)), len(of(playing, ReadColours))) == (1, 1)
    assert "framing" in shown_keys(playing)
    assert told(playing, "Colours are not measured.")
    playing.touch("chart")
    assert told(playing, "The chart is in the printer.")
    (given,) = of(playing, GiveChart)
    assert "even light" in given.words.sentence
    playing.touch("measure")

    assert told(playing, "They are off by 4 of 255.")
    assert told(playing, "Kept.")


def test_undo_brings_back_what_was_before() -> None:
    playing = at_measured()
    playing.touch("measure")
    assert told(playing, "off by 3 of 255")
    playing.touch("undo")
    assert told(playing, "off by 4 of 255")
    assert not told(playing, "Kept.")
    playing.touch("undo")
    assert told(playing, "Colours are not measured.")
    playing.touch("undo")
    assert len(of(playing, UndoColours)) == 2


def test_a_bad_chart_is_told_in_one_line_and_the_old_colours_stay() -> None:
    playing = at_measured()
    playing.script(ColoursScript).fault = "No chart is seen."
    playing.touch("measure")

    assert told(playing, "No chart is seen.")
    assert told(playing, "off by 4 of 255")
    playing.touch("chart")
    assert told(playing, "No chart is seen.")


def test_one_thing_is_done_at_a_time() -> None:
    playing = at_colours()
    playing.answers = False
    playing.touch("measure")
    for name in ("measure", "chart", "undo"):
        playing.touch(name)
    assert (len(of(playing, MeasureChart)), of(playing, GiveChart)) == (1, [])
    playing.send(ColoursTold(2.0))
    assert told(playing, "Kept.")


def test_it_is_done_by_three_buttons_too() -> None:
    playing = at_colours()
    assert playing.focused == "measure"
    playing.press(Button.SHUTTER)
    assert len(of(playing, MeasureChart)) == 1


def test_without_a_camera_the_chart_is_printed_only() -> None:
    playing = at_colours()
    playing.send(CameraLost("it was unplugged"), ChartGiven(on_stick=True))
    assert told(playing, "The chart is on the stick.")
    playing.touch("measure")
    assert of(playing, MeasureChart) == []


def test_leaving_forgets_what_the_camera_saw() -> None:
    playing = at_measured()
    playing.touch("page-repair")

    assert isinstance(screen_of(playing), StaffRepair)
    assert playing.effects[-2:] == [StopLive(), Forget()]
