"""The staff's screens as lists of events: corner, PIN, first start, health, counts, settings, repair, the sign."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from kiosk.core.health import Health, Phase
from kiosk.core.layout import Panel
from kiosk.core.lesson import Lesson
from kiosk.core.message import (
    Button,
    ButtonDown,
    ButtonUp,
    CameraFound,
    CameraLost,
    Forget,
    GradientsChanged,
    Lifted,
    ModelChanged,
    Moved,
    Touched,
)
from kiosk.core.scene import ControlId, Dot, Icon, Plate
from kiosk.core.screen import STAFF_QUIET_S
from kiosk.core.staff import (
    CORNER,
    CORNER_HOLD_S,
    DIAGONAL,
    MIRRORED,
    TURNED,
    StaffFacts,
    UpdateFacts,
    UpdateStage,
)
from kiosk.device.health import Supply
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.faults.screens.after_hours import LIT_S, AfterHours
from kiosk.topics.faults.screens.closed import Closed
from kiosk.topics.faults.screens.no_model import NoModel
from kiosk.topics.models.messages import FoundModel, ModelsFound
from kiosk.topics.photograph.messages import OrientCamera, RestartCamera, StartFraming, StopLive
from kiosk.topics.photograph.screens.live import Live
from kiosk.topics.staff.facts import SETUP_QUIET_S
from kiosk.topics.staff.messages import (
    AskPin,
    BeginUpdate,
    ChoosePin,
    ClosedMarked,
    CountsExported,
    CountsRead,
    ExportCounts,
    ForgetCrash,
    GoDark,
    HoursTold,
    LookForUpdate,
    MarkClosed,
    OpenNow,
    PinChecked,
    PinChosen,
    ReadBoard,
    ReadCounts,
    RestartExhibit,
    RestartGradients,
    SaveSettings,
    SettingsSaved,
    StaffFound,
    TryPin,
    UpdateTold,
)
from kiosk.topics.staff.screens.counts import StaffCounts
from kiosk.topics.staff.screens.health import StaffHealth
from kiosk.topics.staff.screens.pin import QUIET_S, Pin
from kiosk.topics.staff.screens.repair import StaffRepair
from kiosk.topics.staff.screens.setup_buttons import SetupButtons
from kiosk.topics.staff.screens.setup_camera import SetupCamera
from kiosk.topics.staff.screens.setup_pin import SetupPin
from kiosk.topics.staff.screens.setup_size import CARD_LONG_MM, CARD_SHORT_MM, SetupSize
from kiosk.topics.staff.screens.tuning import StaffTuning
from kiosk.topics.staff.screens.update import SILENT_LOOKS, StaffUpdate
from kiosk.topics.staff.screens.update_pin import UpdatePin
from tests.player import PANELS, Player, of, player, said, screen_of, spelled
from tests.topics.staff.scripted import (
    CRASH,
    ILL,
    OFFERED,
    OLDER,
    PIN,
    SETTINGS,
    WELL,
    at_pin,
    at_setup,
    at_staff,
    board,
    with_staff,
)
from tests.topics.teaching.scripted import at_trained

HELD = CORNER_HOLD_S + 0.1


def says(playing: Player, key: str, **values: str | int) -> bool:
    """Whether those words can be read on the screen."""
    return playing.state.context.texts(key, **values) in said(playing)


def written(thing: object) -> str:
    """How a thing is written, without the addresses of functions, which may hold any digits."""
    return re.sub(r"\b0x[0-9a-f]+", "", repr(thing))


class TestCorner:
    def test_held_it_asks_for_the_pin(self) -> None:
        playing = at_pin()
        assert isinstance(screen_of(playing), Pin)
        assert of(playing, AskPin)
        assert not of(playing, TryPin)

    def test_tapped_it_begins_a_visit_like_everywhere_else(self) -> None:
        playing = with_staff(player())
        playing.hold_corner(0.2)
        assert isinstance(screen_of(playing), Live)

    def test_a_finger_that_slides_off_leaves_it(self) -> None:
        playing = with_staff(player())
        box = playing.control(CORNER).box
        playing.send(Touched(2, 2))
        playing.wait(1.0)
        playing.send(Moved(box.right + 50, 2), Lifted())
        playing.wait(HELD)
        assert not isinstance(screen_of(playing), Pin)

    def test_another_finger_does_not_end_the_hold_of_the_first(self) -> None:
        playing = with_staff(player())
        playing.send(Touched(2, 2, 0), Touched(600, 400, 1), Lifted(1))
        playing.wait(HELD)
        assert isinstance(screen_of(playing), Pin)

    def test_it_is_there_without_a_model(self) -> None:
        playing = with_staff(player(model=Health(Phase.LOST)))
        playing.hold_corner(HELD)
        assert isinstance(screen_of(playing), Pin)

    def test_without_a_pin_one_is_chosen_unless_the_settings_forbid_it(self) -> None:
        playing = with_staff(player(), pin_chosen=False)
        playing.hold_corner(HELD)
        assert screen_of(playing) == SetupPin()
        playing = player()
        playing.send(StaffFound(StaffFacts(may_choose=False)))
        playing.hold_corner(HELD)
        assert not isinstance(screen_of(playing), SetupPin | Pin)

    def test_the_light_never_goes_there(self) -> None:
        playing = with_staff(player())
        playing.wait(1.0)
        seen = {spelled(playing.scene.moved(playing.state.input.focused, by)) for by in (1, -1, 2, 3)}
        assert CORNER not in seen


class TestPin:
    def test_the_right_one_opens_the_staffs_screens(self) -> None:
        assert isinstance(screen_of(at_staff()), StaffHealth)

    def test_a_wrong_one_is_said_and_then_nothing_can_be_typed_for_a_while(self) -> None:
        playing = at_pin()
        playing.type_pin("1111")
        assert says(playing, "pin.wait", seconds=10)
        playing.touch("digit-1")
        assert not any(isinstance(item, Dot) and item.filled for item in playing.scene.items)
        playing.wait(10.0)
        assert says(playing, "pin.wrong")
        playing.type_pin(PIN)
        assert isinstance(screen_of(playing), StaffHealth)

    def test_a_wait_from_before_is_told_at_once(self) -> None:
        playing = at_pin()
        playing.send(PinChecked(None, 42.0))
        assert says(playing, "pin.wait", seconds=42)

    @pytest.mark.parametrize("digits", ["", "1", "123"])
    def test_a_short_one_is_not_tried(self, digits: str) -> None:
        playing = at_pin()
        playing.type_pin(digits)
        assert not of(playing, TryPin)
        assert playing.scene.primary is None

    def test_no_more_digits_are_taken_than_a_pin_can_have_and_the_last_can_be_taken_back(self) -> None:
        playing = at_pin()
        for _ in range(10):
            playing.touch("digit-7")
        assert sum(isinstance(item, Dot) for item in playing.scene.items) == 8
        playing.touch("erase")
        assert sum(isinstance(item, Dot) for item in playing.scene.items) == 7

    def test_digits_are_in_no_words_and_in_no_writing_of_the_state(self) -> None:
        playing = at_pin()
        playing.answers = False
        for digit in PIN:
            playing.touch(f"digit-{digit}")
        assert PIN not in written(playing.state)
        assert not any(PIN in words for words in said(playing))
        playing.touch("enter")
        (tried,) = of(playing, TryPin)
        assert tried.pin == PIN
        assert PIN not in written(tried)
        assert PIN not in written(ChoosePin(PIN))
        assert screen_of(playing) == Pin(trying=True), "nothing of it is kept while it is being tried"

    def test_what_hands_do_there_is_to_be_written_nowhere(self) -> None:
        assert screen_of(at_pin()).secret
        assert screen_of(at_setup()).secret
        assert not screen_of(at_staff()).secret
        assert not screen_of(player()).secret

    def test_an_answer_that_comes_after_leaving_opens_nothing(self) -> None:
        playing = at_pin()
        playing.answers = False
        playing.type_pin(PIN)
        playing.touch("leave")
        assert isinstance(screen_of(playing), Attract)
        playing.send(PinChecked(right=True))
        assert isinstance(screen_of(playing), Attract)

    def test_what_is_amiss_with_the_file_is_said(self) -> None:
        playing = at_pin()
        playing.send(PinChecked(None, fault="staff-pin.json: cannot be read"))
        assert "staff-pin.json: cannot be read" in said(playing)

    def test_it_can_be_typed_with_three_buttons(self) -> None:
        playing = at_pin()
        for digit in PIN:
            while spelled(playing.scene.focused) != f"digit-{digit}":
                playing.press(Button.LESS)
            playing.press(Button.SHUTTER)
        while spelled(playing.scene.focused) != "enter":
            playing.press(Button.LESS)
        playing.press(Button.SHUTTER)
        assert isinstance(screen_of(playing), StaffHealth)


def lamps_of(playing: Player) -> SetupButtons:
    """The present screen, which tests the buttons."""
    screen = screen_of(playing)
    assert isinstance(screen, SetupButtons)
    return screen


class TestQuiet:
    @pytest.mark.parametrize(
        ("make", "quiet_s"),
        [
            (at_pin, QUIET_S),
            (at_staff, STAFF_QUIET_S),
            (lambda: at_setup(station="size"), SETUP_QUIET_S),
        ],
    )
    def test_a_staff_screen_that_nobody_touches_is_left(
        self, make: Callable[[], Player], quiet_s: float
    ) -> None:
        playing = make()
        playing.wait(quiet_s - 4.0, 0.5)
        assert not isinstance(screen_of(playing), Attract)
        playing.wait(5.0)
        assert isinstance(screen_of(playing), Attract)

    def test_a_first_start_waits_for_its_pin_for_ever(self) -> None:
        playing = at_setup()
        playing.wait(4000.0, 10.0)
        assert screen_of(playing) == SetupPin(may_leave=False)
        assert playing.find("leave") is None

    def test_a_touch_begins_the_quiet_time_anew(self) -> None:
        playing = at_staff()
        for page in ("counts", "tuning", "repair", "health"):
            playing.wait(STAFF_QUIET_S - 10.0, 1.0)
            playing.touch(f"page-{page}")
        assert isinstance(screen_of(playing), StaffHealth)


class TestFirstStart:
    def test_begins_only_where_it_was_found_to(self) -> None:
        assert isinstance(screen_of(with_staff(player(), pin_chosen=False)), Attract)
        assert isinstance(screen_of(with_staff(player())), Attract)
        assert isinstance(screen_of(at_setup()), SetupPin)

    def test_a_pin_typed_twice_the_same_is_kept(self) -> None:
        playing = at_setup()
        playing.type_pin("20406")
        assert says(playing, "setup.pin_title_again")
        assert not of(playing, ChoosePin)
        playing.type_pin("20406")
        assert of(playing, ChoosePin) == [ChoosePin("20406")]
        assert playing.state.context.staff.pin_chosen
        assert isinstance(screen_of(playing), SetupSize)

    def test_where_there_is_one_the_present_one_comes_first(self) -> None:
        playing = at_staff(page="repair")
        playing.touch("setup")
        assert says(playing, "setup.pin_title_old")
        for digits in (PIN, "20406", "20406"):
            playing.type_pin(digits)
        assert of(playing, ChoosePin) == [ChoosePin("20406", PIN)]
        assert PIN not in written(of(playing, ChoosePin))

    def test_a_wrong_present_one_changes_nothing_and_is_asked_for_again(self) -> None:
        playing = at_staff(page="repair")
        playing.touch("setup")
        playing.answers = False
        for digits in ("9999", "20406", "20406"):
            playing.type_pin(digits)
        playing.send(PinChosen("That was not the present PIN."))
        assert "That was not the present PIN." in said(playing)
        assert says(playing, "setup.pin_title_old")

    def test_two_that_differ_are_asked_for_again_from_the_first(self) -> None:
        playing = at_setup()
        playing.type_pin("20406")
        playing.type_pin("20407")
        assert not of(playing, ChoosePin)
        assert says(playing, "setup.pin_differs")
        playing.type_pin("20407")
        assert says(playing, "setup.pin_title_again"), "the first of the two is forgotten as well"

    def test_one_that_cannot_be_kept_is_not_taken_for_chosen(self) -> None:
        playing = at_setup()
        playing.answers = False
        playing.type_pin(PIN)
        playing.type_pin(PIN)
        playing.send(PinChosen("the disk is full"))
        assert "the disk is full" in said(playing)
        assert not playing.state.context.staff.pin_chosen
        assert screen_of(playing) == SetupPin(may_leave=False, fault="the disk is full")

    @pytest.mark.parametrize("panel", ["800x480", "1920x1080", "720x1280"])
    def test_the_outline_is_as_large_as_a_card_if_the_diagonal_is_right(self, panel: str) -> None:
        playing = at_setup(panel, "size")
        playing.touch("larger")
        size = screen_of(playing)
        assert isinstance(size, SetupSize)
        assert size.inch is not None
        given = playing.state.context.panel
        true = Panel.of(given.width_px, given.height_px, size.inch * 25.4)
        outlines = [item.box for item in playing.scene.items if isinstance(item, Plate) and item.outline]
        (card,) = outlines
        long_mm, short_mm = sorted((card.w, card.h), reverse=True)
        assert long_mm / true.px_per_mm == pytest.approx(CARD_LONG_MM, abs=0.5)
        assert short_mm / true.px_per_mm == pytest.approx(CARD_SHORT_MM, abs=0.5)

    def test_a_size_that_was_stepped_is_kept_and_in_force_at_once(self) -> None:
        playing = at_setup(station="size")
        before = playing.state.context.panel
        playing.touch("larger")
        playing.touch("larger")
        playing.touch("next")
        assert of(playing, SaveSettings) == [SaveSettings(((DIAGONAL, 12.5),))]
        assert playing.state.context.staff.value(DIAGONAL) == 12.5
        assert playing.state.context.panel == Panel.of(before.width_px, before.height_px, 12.5 * 25.4)
        assert isinstance(screen_of(playing), SetupButtons)

    def test_a_size_that_is_right_already_is_not_written(self) -> None:
        playing = at_setup(station="size")
        playing.touch("next")
        assert not of(playing, SaveSettings)
        assert isinstance(screen_of(playing), SetupButtons)

    def test_a_size_that_cannot_be_kept_says_why_and_can_be_gone_past(self) -> None:
        playing = at_setup(station="size")
        playing.answers = False
        playing.touch("larger")
        playing.touch("next")
        playing.send(SettingsSaved(SETTINGS, "the disk is full"))
        assert "the disk is full" in said(playing)
        assert playing.state.context.panel == PANELS["1280x800"]
        playing.touch("next")
        assert isinstance(screen_of(playing), SetupButtons)

    def test_each_button_lights_its_lamp_while_it_is_down(self) -> None:
        playing = at_setup(station="buttons")
        playing.rest()
        for number, button in enumerate(Button):
            playing.send(ButtonDown(button))
            assert lamps_of(playing).down == {button}
            assert not lamps_of(playing).done
            playing.send(ButtonUp(button))
            assert len(lamps_of(playing).worked) == number + 1
        assert lamps_of(playing).done
        assert spelled(playing.scene.focused) == "next"
        playing.press(Button.SHUTTER)
        assert isinstance(screen_of(playing), SetupCamera), "once they all work they move the light again"

    def test_an_exhibit_without_buttons_goes_on_by_touch(self) -> None:
        playing = at_setup(station="buttons")
        playing.press(Button.SHUTTER, held_s=2.0)
        assert isinstance(screen_of(playing), SetupButtons), "a long press moves no light there"
        playing.touch("next")
        assert isinstance(screen_of(playing), SetupCamera)

    @pytest.mark.parametrize("way", ["done", "leave"])
    def test_the_camera_is_shown_until_it_is_left_and_nothing_of_it_stays(self, way: str) -> None:
        playing = at_setup(station="camera")
        assert playing.effects[-1] == StartFraming()
        playing.touch(way)
        assert playing.effects[-2:] == [StopLive(), Forget()]
        assert isinstance(screen_of(playing), Attract)

    def test_a_camera_that_nobody_mounts_is_let_go_of(self) -> None:
        playing = at_setup(station="camera")
        playing.wait(SETUP_QUIET_S + 1.0, 1.0)
        assert playing.effects[-2:] == [StopLive(), Forget()]

    def test_it_can_be_repeated_with_the_pin_kept(self) -> None:
        playing = at_staff(page="repair")
        playing.touch("setup")
        playing.touch("keep")
        assert isinstance(screen_of(playing), SetupSize)
        assert not of(playing, ChoosePin)


class TestHealth:
    def test_is_read_again_and_again_while_it_is_shown(self) -> None:
        playing = at_staff()
        before = len(of(playing, ReadBoard))
        playing.wait(10.0)
        assert len(of(playing, ReadBoard)) - before == 3
        playing.touch("leave")
        before = len(of(playing, ReadBoard))
        playing.wait(10.0)
        assert len(of(playing, ReadBoard)) == before

    def test_says_of_each_part_how_it_is_and_on_a_press_what_to_do(self) -> None:
        playing = at_staff()
        playing.answers = False
        playing.send(
            board(ILL), CameraLost("unplugged"), GradientsChanged(Health(Phase.LOST, reason="no PyTorch"))
        )
        assert "unplugged" in said(playing)
        assert "212 MB free" in said(playing)
        playing.touch("part-gradients")
        assert "no PyTorch" in said(playing)
        assert says(playing, "health.gradients_advice")
        playing.touch("back")
        playing.touch("part-disk")
        assert "remove old releases or files, or use a larger card" in said(playing)

    def test_only_what_was_looked_at_has_a_tick(self) -> None:
        playing = at_staff()
        playing.answers = False
        ticks = [item.name for item in playing.scene.items if isinstance(item, Icon)].count("enter")
        unknown = replace(WELL, temperature_c=None, supply=Supply(), clock_set=None)
        playing.send(board(unknown), GradientsChanged(Health(Phase.WARMING)))
        icons = [item.name for item in playing.scene.items if isinstance(item, Icon)]
        assert (icons.count("enter"), icons.count("unknown")) == (ticks - 4, 4)

    def test_a_model_that_often_answers_otherwise_than_its_original_is_told(self) -> None:
        playing = at_staff()
        playing.send(ModelsFound((FoundModel("efficientnet_lite0", agreement=0.976),), "efficientnet_lite0"))
        assert "98% like its original" not in said(playing)
        playing.send(ModelsFound((FoundModel("toys", agreement=0.74),), "toys"))
        assert "74% like its original" in said(playing)
        playing.touch("part-toys")
        assert says(playing, "health.disagrees_advice")

    def test_a_crash_that_was_seen_is_forgotten(self) -> None:
        playing = at_staff()
        playing.answers = False
        playing.send(board(crash=CRASH))
        playing.touch("part-last crash")
        assert CRASH in said(playing)
        playing.touch("seen")
        assert of(playing, ForgetCrash)

    def test_notices_are_on_the_staffs_screens_and_only_an_icon_on_attract(self) -> None:
        playing = at_staff()
        playing.state = playing.state.with_context(complaints=("kiosk.toml: unknown key",))
        assert "kiosk.toml: unknown key" in said(playing)
        playing.touch("leave")
        assert not any("unknown key" in words for words in said(playing))
        icons = [getattr(item, "name", "") for item in playing.scene.items]
        assert "wrench" in icons
        playing.state = playing.state.with_context(complaints=())
        assert "wrench" not in [getattr(item, "name", "") for item in playing.scene.items]

    def test_a_model_that_is_lost_meanwhile_sends_nobody_away(self) -> None:
        playing = at_staff()
        playing.send(ModelChanged(Health(Phase.LOST)))
        assert isinstance(screen_of(playing), StaffHealth)
        playing.touch("leave")
        assert isinstance(screen_of(playing), NoModel)


class TestCounts:
    def test_are_read_once_and_written_to_a_stick_on_a_press(self) -> None:
        playing = at_staff(page="counts")
        playing.wait(5.0)
        assert of(playing, ReadCounts) == [ReadCounts()]
        assert "4,120" in said(playing)
        playing.touch("export")
        assert of(playing, ExportCounts)
        assert says(playing, "counts.exported", file="kiosk-counts-20260728-1405.csv")

    @pytest.mark.parametrize(
        ("shown", "words"),
        [
            ("hours", "Today: up to 11"),
            ("days", "Each day: up to 101"),
            ("screens", "25 s  (3,871 x)"),
            ("answers", "64% right or nearly right, of 1,091 who could tell"),
        ],
    )
    def test_are_drawn_and_without_any_say_so(self, shown: str, words: str) -> None:
        playing = at_staff(page="counts")
        playing.touch(f"show-{shown}")
        assert words in said(playing)
        assert not says(playing, "counts.nothing")
        playing.send(CountsRead(()))
        assert says(playing, "counts.nothing")

    def test_a_second_press_waits_for_the_first(self) -> None:
        playing = at_staff(page="counts")
        playing.answers = False
        playing.touch("export")
        playing.touch("export")
        assert len(of(playing, ExportCounts)) == 1
        playing.send(CountsExported("", "There is no USB stick."))
        assert "There is no USB stick." in said(playing)
        playing.touch("export")
        assert len(of(playing, ExportCounts)) == 2

    def test_counts_that_cannot_be_read_say_why(self) -> None:
        playing = at_staff(page="counts")
        playing.send(CountsRead((), "kiosk.sqlite: the disk is full"))
        assert "kiosk.sqlite: the disk is full" in said(playing)
        assert isinstance(screen_of(playing), StaffCounts)


class TestTuning:
    def test_a_value_is_stepped_and_saved(self) -> None:
        playing = at_staff(page="tuning")
        playing.touch("setting-idle.quiet_s")
        playing.touch("higher")
        playing.touch("higher")
        playing.touch("lower")
        playing.touch("save")
        assert of(playing, SaveSettings) == [SaveSettings((("idle.quiet_s", 60.0),))]
        assert playing.state.context.idle.quiet_s == 60.0, "in force at once"
        assert not playing.state.context.staff.restart_due
        assert says(playing, "tuning.saved")

    def test_one_that_waits_for_the_next_start_says_so_on_every_staff_screen(self) -> None:
        playing = at_staff(page="tuning")
        playing.touch("setting-camera.source")
        playing.touch("higher")
        playing.touch("save")
        assert playing.state.context.staff.restart_due
        assert says(playing, "banner.restart_due")
        playing.touch("page-health")
        assert says(playing, "banner.restart_due")

    def test_nothing_is_saved_unasked(self) -> None:
        playing = at_staff(page="tuning")
        playing.touch("setting-heat.paced_from_c")
        playing.touch("higher")
        playing.touch("back")
        playing.touch("setting-heat.paced_from_c")
        playing.touch("save")
        assert not of(playing, SaveSettings)
        assert "75\u00a0°C" in said(playing), "and what was stepped before is forgotten"

    def test_one_that_is_refused_says_why_and_stays(self) -> None:
        playing = at_staff(page="tuning")
        playing.answers = False
        playing.touch("setting-heat.paced_from_c")
        playing.touch("higher")
        playing.touch("save")
        playing.touch("higher")
        playing.send(SettingsSaved(SETTINGS, "takes a paced_from_c below slowest_at_c"))
        assert "takes a paced_from_c below slowest_at_c" in said(playing)
        assert "80\u00a0°C" in said(playing)
        assert isinstance(screen_of(playing), StaffTuning)


class TestRepair:
    def test_a_visit_that_meets_the_sign_leaves_nothing_that_was_taught(self) -> None:
        playing = at_trained()
        playing.touch("try")
        playing.send(ClosedMarked(True))
        playing.touch("shoot")
        playing.wait(3.0)
        assert not of(playing, Forget)
        playing.touch("retake")
        assert isinstance(screen_of(playing), Closed)
        assert of(playing, Forget)
        assert playing.state.visitor.lesson == Lesson()
        assert not playing.state.context.taught

    def test_closed_for_repair_until_staff_open_it_again(self) -> None:
        playing = at_staff(page="repair")
        playing.touch("close")
        assert of(playing, MarkClosed) == [MarkClosed(True)]
        playing.touch("leave")
        assert isinstance(screen_of(playing), Closed)
        assert says(playing, "closed.title")
        playing.wait(1000.0, 5.0)
        playing.send(Touched(700, 400), Lifted())
        playing.press(Button.SHUTTER)
        assert isinstance(screen_of(playing), Closed)
        playing.hold_corner(HELD)
        playing.type_pin(PIN)
        playing.touch("page-repair")
        playing.touch("close")
        assert of(playing, MarkClosed)[-1] == MarkClosed(False)
        playing.touch("leave")
        assert isinstance(screen_of(playing), Attract)

    def test_the_sign_is_there_from_the_first_frame_and_whatever_the_model_does(self) -> None:
        playing = player(model=Health(Phase.WARMING))
        playing.send(StaffFound(StaffFacts(pin_chosen=True, closed=True)))
        assert isinstance(screen_of(playing), Closed)
        playing.send(ModelChanged(Health(Phase.LOST)), ModelChanged(Health(Phase.READY)))
        assert isinstance(screen_of(playing), Closed)

    def test_a_sign_that_a_restart_would_not_find_says_so(self) -> None:
        playing = at_staff(page="repair")
        playing.answers = False
        playing.touch("close")
        playing.send(ClosedMarked(True, "the disk is full"))
        assert "the disk is full" in said(playing)
        playing.touch("leave")
        assert isinstance(screen_of(playing), Closed), "closed now all the same"

    def test_an_answer_that_comes_after_leaving_hangs_the_sign_up(self) -> None:
        playing = at_staff(page="repair")
        playing.answers = False
        playing.touch("close")
        playing.touch("leave")
        assert isinstance(screen_of(playing), Attract)
        playing.send(ClosedMarked(True))
        assert isinstance(screen_of(playing), Closed)

    def test_parts_are_started_again(self) -> None:
        playing = at_staff(page="repair")
        playing.touch("camera")
        playing.touch("gradients")
        assert playing.effects[-2:] == [RestartCamera(), RestartGradients()]

    def test_the_whole_exhibit_only_once_it_was_asked(self) -> None:
        playing = at_staff(page="repair")
        playing.touch("exhibit")
        assert not of(playing, RestartExhibit)
        playing.touch("back")
        playing.touch("exhibit")
        playing.touch("restart")
        assert of(playing, RestartExhibit) == [RestartExhibit()]


def shut(playing: Player, *, opens: str = "9:45", day: str = "saturday") -> Player:
    """The clock has closed the exhibit."""
    playing.send(HoursTold(after_hours=True, opens=opens, opens_day=day))
    playing.wait(0.5)
    return playing


class TestAfterHours:
    def test_it_says_when_it_opens_and_no_hand_begins_a_visit(self) -> None:
        playing = shut(with_staff(player()))
        assert isinstance(screen_of(playing), AfterHours)
        assert "We open on Saturday at 9:45." in said(playing)
        playing.touch("anywhere")
        for button in Button:
            playing.press(button)
        assert isinstance(screen_of(playing), AfterHours)
        playing.send(HoursTold(after_hours=True, opens="9:45"))
        assert "We open at 9:45." in said(playing)
        playing.send(HoursTold(after_hours=False))
        assert isinstance(screen_of(playing), Attract)

    def test_it_goes_dark_a_minute_after_the_last_hand(self) -> None:
        playing = shut(with_staff(player()))
        playing.wait(LIT_S - 5.0, 1.0)
        playing.touch("anywhere")
        playing.wait(LIT_S - 5.0, 1.0)
        assert not of(playing, GoDark)
        playing.wait(10.0, 1.0)
        assert len(of(playing, GoDark)) == 1

    def test_staff_open_it_on_the_screen(self) -> None:
        playing = shut(with_staff(player()))
        playing.hold_corner(HELD)
        playing.type_pin(PIN)
        assert isinstance(screen_of(playing), StaffRepair)
        assert playing.primary == "open"
        playing.wait(0.5)
        playing.touch("open")
        assert of(playing, OpenNow)
        assert says(playing, "repair.open_told")
        playing.touch("leave")
        assert isinstance(screen_of(playing), Attract)

    def test_staff_who_only_look_leave_it_closed(self) -> None:
        playing = shut(with_staff(player()))
        playing.hold_corner(HELD)
        playing.type_pin(PIN)
        playing.wait(STAFF_QUIET_S + 1.0, 1.0)
        assert isinstance(screen_of(playing), AfterHours)

    def test_a_mark_that_stays_says_why(self) -> None:
        playing = shut(with_staff(player()))
        playing.hold_corner(HELD)
        playing.type_pin(PIN)
        playing.answers = False
        playing.wait(0.5)
        playing.touch("open")
        playing.send(HoursTold(after_hours=True, fault="/run/kiosk/closed: cannot be removed"))
        assert "/run/kiosk/closed: cannot be removed" in said(playing)

    def test_the_sign_for_repair_comes_first(self) -> None:
        playing = with_staff(player())
        playing.send(ClosedMarked(closed=True))
        assert isinstance(screen_of(shut(playing)), Closed)


class TestUpdate:
    def test_a_release_on_a_stick_is_offered_with_who_signed_it_and_when(self) -> None:
        playing = at_staff(page="repair")
        playing.touch("update")
        playing.wait(0.5)
        assert of(playing, LookForUpdate)
        assert says(playing, "repair.update_offered", release=OFFERED.offered)
        signed = playing.state.context.texts("repair.update_signed", signer="anna@museum", age="3 days ago")
        assert any(signed in words for words in said(playing))

    def test_it_is_installed_once_the_pin_was_typed_anew(self) -> None:
        playing = at_staff(page="repair")
        for control in ("update", "install"):
            playing.touch(control)
            playing.wait(0.5)
        assert not of(playing, BeginUpdate)
        assert isinstance(screen_of(playing), UpdatePin)
        assert screen_of(playing).secret
        playing.type_pin("1111")
        assert says(playing, "pin.wait", seconds=10)
        playing.wait(10.5)
        playing.type_pin(PIN)
        begun = of(playing, BeginUpdate)
        assert [begin.shown for begin in begun] == [OFFERED, OFFERED]
        assert PIN not in written(begun)
        assert isinstance(screen_of(playing), StaffUpdate)
        assert says(playing, "repair.update_running")

    def test_an_older_one_only_by_a_second_press(self) -> None:
        playing = at_staff(page="repair")
        playing.answers = False
        playing.touch("update")
        playing.send(UpdateTold(OLDER))
        assert playing.find("install") is None
        playing.touch("older")
        assert says(playing, "repair.update_older_ask", release=OLDER.offered)
        playing.send(UpdateTold(OFFERED))
        playing.send(UpdateTold(OLDER))
        assert playing.find("install") is None, "the stick was another one meanwhile"
        playing.touch("older")
        playing.touch("install")
        playing.type_pin(PIN)
        assert of(playing, BeginUpdate) == [BeginUpdate(PIN, OLDER)]

    def test_why_what_is_on_the_stick_is_not_taken_is_told(self) -> None:
        playing = at_staff(page="repair")
        playing.answers = False
        playing.touch("update")
        playing.send(UpdateTold(UpdateFacts(refused="It is not signed.")))
        assert "It is not signed." in said(playing)
        assert playing.find("install") is None

    def test_without_a_stick_there_is_nothing_to_install_but_how_to(self) -> None:
        playing = at_staff(page="repair")
        playing.answers = False
        playing.touch("update")
        playing.send(UpdateTold(UpdateFacts()))
        assert says(playing, "repair.update_how")
        assert playing.find("install") is None

    def test_how_it_went_is_told_before_anything_is_offered(self) -> None:
        playing = at_staff(page="repair")
        playing.answers = False
        playing.touch("update")
        for stage in (UpdateStage.RUNNING, UpdateStage.DONE, UpdateStage.FAILED):
            playing.send(UpdateTold(replace(OFFERED, stage=stage, line=f"line {stage.value}")))
            assert says(playing, f"repair.update_{stage.value}")
            assert f"line {stage.value}" in said(playing)
            assert playing.find("install") is None
        playing.touch("again")
        assert says(playing, "repair.update_offered", release=OFFERED.offered)
        assert playing.find("install")

    def test_it_stays_while_it_installs_and_can_then_be_read(self) -> None:
        playing = at_staff(page="repair")
        playing.answers = False
        playing.touch("update")
        running = replace(OFFERED, stage=UpdateStage.RUNNING, line="checked")
        playing.send(UpdateTold(running))
        playing.wait(STAFF_QUIET_S * 3)
        assert says(playing, "repair.update_running"), "staff wait at it for minutes"
        playing.send(UpdateTold(replace(running, stage=UpdateStage.FAILED, line="the disk is full")))
        playing.wait(STAFF_QUIET_S - 1)
        assert "the disk is full" in said(playing)
        playing.wait(2)
        assert isinstance(screen_of(playing), Attract)

    def test_no_answer_is_told_and_is_no_failure(self) -> None:
        silent = UpdateFacts(stage=UpdateStage.SILENT, line="The service does not answer.")
        playing = at_staff(page="repair")
        playing.answers = False
        playing.touch("update")
        playing.send(UpdateTold(silent))
        assert says(playing, "repair.update_silent")
        assert silent.line in said(playing)
        assert playing.find("install") is None
        assert playing.find("again") is None, "it looks again by itself"
        playing.send(UpdateTold(replace(OFFERED, stage=UpdateStage.RUNNING, line="checked")))
        for _ in range(SILENT_LOOKS):
            playing.send(UpdateTold(silent))
            assert says(playing, "repair.update_running"), "a busy device takes its time"
        playing.send(UpdateTold(silent))
        assert says(playing, "repair.update_silent")

    def test_a_machine_that_takes_up_no_updates_says_so(self) -> None:
        playing = at_staff(page="repair")
        playing.answers = False
        playing.touch("update")
        playing.send(UpdateTold(UpdateFacts(stage=UpdateStage.UNABLE)))
        assert says(playing, "repair.update_unable")
        playing.touch("back")
        assert isinstance(screen_of(playing), StaffRepair)


class TestFraming:
    def test_the_camera_is_turned_and_mirrored_at_once_and_for_later_starts(self) -> None:
        playing = at_setup("1280x800", "camera")
        playing.touch("turn")
        playing.wait(0.3)
        assert of(playing, OrientCamera) == [OrientCamera(270, False)], "clockwise, on a screen that mirrors"
        assert of(playing, SaveSettings)[-1].changes == ((TURNED, 270), (MIRRORED, False))
        playing.touch("mirror")
        playing.wait(0.3)
        assert of(playing, OrientCamera)[-1] == OrientCamera(270, True)
        for _ in range(3):
            playing.touch("turn")
            playing.wait(0.3)
        assert of(playing, OrientCamera)[-1] == OrientCamera(0, True)
        assert not playing.state.context.staff.restart_due, "it is in force already"

    def test_our_own_pictures_are_not_taken_for_the_camera(self) -> None:
        playing = at_setup("1280x800", "camera")
        playing.send(CameraFound("webcam: there is no /dev/video0"))
        assert says(playing, "setup.no_camera")
        assert any("there is no /dev/video0" in words for words in said(playing))
        assert playing.scene.control_of(ControlId("turn")) is None


def test_staff_read_why_our_own_pictures_are_shown() -> None:
    playing = at_staff()
    playing.send(CameraFound("webcam: there is no /dev/video0"))
    assert "webcam: there is no /dev/video0" in said(playing)
    playing.touch("part-camera")
    assert says(playing, "health.camera_advice")
    playing.send(CameraFound())
    playing.touch("back")
    assert not any("/dev/video0" in words for words in said(playing))
