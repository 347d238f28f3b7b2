"""A sheet to take home as lists of events."""

from dataclasses import replace

import pytest

from kiosk.core.message import Button
from kiosk.topics.printing.facts import Kind, Route, Stage
from kiosk.topics.printing.messages import (
    LaySheet,
    LayStickerSheet,
    Paper,
    PaperChanged,
    PrintSheet,
    SheetDropped,
    SheetLaid,
)
from kiosk.topics.printing.screens.printing import Printing
from kiosk.topics.sticker.screen import Sticker
from kiosk.topics.survival.screens.survival import Survival
from tests.player import ESPRESSO, FLAMINGO, PANELS, of, screen_of, shown_keys, told
from tests.stickers import TOASTER
from tests.topics.printing.scripted import at_question, at_sheet, at_stage, at_sticker_sheet
from tests.topics.sticker.scripted import at_sticker
from tests.topics.survival.scripted import at_survivor


@pytest.mark.parametrize("panel", PANELS)
def test_nothing_is_printed_before_somebody_says_so_once(panel: str) -> None:
    playing = at_sheet(panel)
    assert shown_keys(playing)[:2] == ["sheet-original", "sheet-proof"]
    playing.touch("print")
    assert told(playing, "This prints your picture.")
    assert of(playing, PrintSheet) == []
    playing.touch("no")
    assert of(playing, PrintSheet) == []
    playing.touch("print")
    playing.touch("yes")

    assert [(laid.right, laid.lie) for laid in of(playing, LaySheet)] == [(ESPRESSO, FLAMINGO)]
    (sheet,) = of(playing, PrintSheet)
    assert sheet.kind is Kind.PAIR
    assert sheet.words.sentences == (
        "A machine calls this: espresso.",
        "Made so that a machine calls this: flamingo, even on paper.",
    )
    assert told(playing, "The printer is done.")
    assert playing.counts["sheet_pair"] == 1


def test_it_is_printed_by_three_buttons_too() -> None:
    playing = at_survivor()
    assert playing.focused == "take"
    for focus in ("print", "yes"):
        playing.press(Button.SHUTTER)
        playing.wait(0.5)
        assert playing.focused == focus
    playing.press(Button.SHUTTER)

    assert len(of(playing, PrintSheet)) == 1


def test_the_control_sheet_says_what_is_said_to_the_dice() -> None:
    playing = at_sheet()
    playing.touch("kind")

    assert shown_keys(playing) == ["sheet-control"]
    assert told(playing, "The machine says espresso.")
    playing.touch("print")
    playing.touch("yes")
    assert [sheet.kind for sheet in of(playing, PrintSheet)] == [Kind.CONTROL]


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        (Stage.WAITING, "It waits for the printer"),
        (Stage.EMPTY, "out of paper"),
        (Stage.JAM, "stuck"),
        (Stage.PAUSED, "stopped"),
        (Stage.FAILED, "That did not work."),
    ],
)
def test_how_far_the_sheet_is_can_be_read(stage: Stage, words: str) -> None:
    assert told(at_stage("1280x800", stage), words)


def test_while_a_sheet_is_on_its_way_no_other_is_asked_for() -> None:
    playing = at_stage("1280x800", Stage.PRINTING)
    assert playing.find("print") is None


@pytest.mark.parametrize(
    ("route", "left", "words"),
    [
        (Route.SCREEN, 2, "There is no printer. Show it large"),
        (Route.PRINTER, 0, "No more paper for now."),
    ],
)
def test_without_paper_it_is_held_out_to_a_phone(route: Route, left: int, words: str) -> None:
    playing = at_sheet(route=route, left=left)
    assert told(playing, words)
    assert playing.find("print") is None
    playing.touch("show")
    assert set(shown_keys(playing)) == {"sheet-original", "sheet-proof"}
    playing.touch("back")
    assert told(playing, words)


def test_staff_may_allow_our_own_pictures_only() -> None:
    playing = at_survivor()
    playing.answers = False
    playing.touch("take")
    playing.wait(0.3)
    playing.send(SheetLaid(of(playing, LaySheet)[-1].job, None))

    assert told(playing, "We print none but our own pictures here.")
    assert {"print", "show", "kind"} & set(playing.names) == set()


def test_where_nothing_is_to_be_taken_home_it_is_not_offered() -> None:
    playing = at_survivor()
    playing.send(PaperChanged(replace(Paper(), offered=False)))

    assert playing.find("take") is None
    assert playing.focused == "look"


def test_a_sticker_is_printed_as_wide_as_it_says_with_a_grey_one() -> None:
    playing = at_sticker_sheet()
    assert shown_keys(playing)[:2] == ["sheet-sticker", "sheet-grey"]
    playing.touch("print")
    assert told(playing, "It is 80 mm wide.")
    assert of(playing, PrintSheet) == []
    playing.touch("yes")

    assert [laid.label for laid in of(playing, LayStickerSheet)] == [TOASTER]
    (sheet,) = of(playing, PrintSheet)
    assert (sheet.kind, sheet.words.titles) == (Kind.STICKER, ("Made by noise", "Just grey"))
    assert "toaster" in sheet.words.sentences[0]
    assert playing.counts["sheet_sticker"] == 1
    playing.touch("back")
    assert isinstance(screen_of(playing), Sticker)


def test_a_sticker_is_printed_by_three_buttons_too() -> None:
    playing = at_sticker()
    while playing.focused != "take":
        playing.press(Button.MORE)
    for focus in ("print", "yes"):
        playing.press(Button.SHUTTER)
        playing.wait(0.5)
        assert playing.focused == focus
    playing.press(Button.SHUTTER)

    assert [sheet.kind for sheet in of(playing, PrintSheet)] == [Kind.STICKER]


def test_a_sticker_is_not_offered_where_nothing_is_to_be_taken_home() -> None:
    playing = at_sticker()
    playing.send(PaperChanged(replace(Paper(), offered=False)))

    assert playing.find("take") is None


def test_back_leads_to_the_looks_as_they_were() -> None:
    playing = at_sheet()
    playing.touch("back")
    screen = screen_of(playing)

    assert isinstance(screen, Survival)
    assert screen.lives


def test_a_sheet_that_was_taken_back_is_told_when_all_is_forgotten() -> None:
    playing = at_question()
    assert isinstance(screen_of(playing), Printing)
    playing.start_again()
    playing.send(SheetDropped())

    assert told(playing, "Your sheet was not printed. We took it back.")
