"""The staff of the installed exhibit on a real display: first start, hidden corner, PIN, health, settings, the sign."""

import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from kiosk.core.message import Button
from kiosk.core.scene import Colour
from kiosk.device.closed_signs import is_closed
from kiosk.device.health import temperature_c
from kiosk.device.staff_pin import StaffPin
from kiosk.device.state_folder import StateFolder
from kiosk.settings.files import STAFF_FILE
from kiosk.store.store import Store
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.faults.screens.closed import Closed
from kiosk.topics.photograph.screens.live import Live
from kiosk.topics.staff.messages import BoardRead
from kiosk.topics.staff.screens.health import StaffHealth
from kiosk.topics.staff.screens.pin import Pin
from kiosk.topics.staff.screens.repair import StaffRepair
from kiosk.topics.staff.screens.setup_buttons import SetupButtons
from kiosk.topics.staff.screens.setup_camera import SetupCamera
from kiosk.topics.staff.screens.setup_pin import SetupPin
from kiosk.topics.staff.screens.setup_size import SetupSize
from kiosk.topics.staff.screens.tuning import StaffTuning
from tests.e2e.exhibit_driver import Display, Exhibit, cut, share_of
from tests.e2e.own_state import copy_of
from tests.e2e.test_exhibit import begin, end, not_black

PIN = "804159"
Opening = Callable[..., Exhibit]


@pytest.fixture
def own_state(state: StateFolder, tmp_path: Path) -> StateFolder:
    """A state folder for staff to change."""
    return copy_of(state, tmp_path / "state")


@pytest.fixture
def open_exhibit(display: Display, own_state: StateFolder, tmp_path: Path) -> Iterator[Opening]:
    """Start the exhibit on that folder, again and again; each is ended for certain."""
    with ExitStack() as stack:

        def opened(name: str, settings: str = "") -> Exhibit:
            folder = tmp_path / name
            folder.mkdir()
            return stack.enter_context(Exhibit(display, own_state.path, folder, own_state.stock, settings))

        yield opened


def hold_corner(exhibit: Exhibit) -> None:
    exhibit.hold_corner(lambda: isinstance(exhibit.state.screen, Pin), "the question for the PIN")


def test_staff_find_their_screens_change_a_setting_and_close_the_exhibit(
    open_exhibit: Opening, own_state: StateFolder, tmp_path: Path
) -> None:
    StaffPin(own_state.path).choose(PIN)
    exhibit = open_exhibit("first")
    begin(exhibit)
    exhibit.tap("again")
    exhibit.wait_screen(Attract)

    hold_corner(exhibit)
    exhibit.type_pin("111111")
    exhibit.wait(lambda: exhibit.says("not the PIN"), "a wrong PIN")
    exhibit.type_pin(PIN)
    exhibit.wait_screen(StaffHealth)
    exhibit.wait(lambda: exhibit.events(BoardRead), "what was read of the board")
    warm = temperature_c()
    assert exhibit.says("not known here" if warm is None else "°C")
    assert exhibit.says("MB free")
    not_black(exhibit.pixels())

    exhibit.tap("page-counts")
    exhibit.wait(lambda: exhibit.says("Visits begun") and exhibit.says("1"), "the visit was counted")
    exhibit.tap("page-tuning")
    exhibit.wait_screen(StaffTuning)
    exhibit.tap("setting-idle.quiet_s")
    exhibit.tap("higher")
    assert exhibit.says("60\u00a0s")
    exhibit.tap("save")
    exhibit.wait(lambda: exhibit.state.context.idle.quiet_s == 60.0, "the idle time is in force")
    assert tomllib.loads((own_state.path / STAFF_FILE).read_text("utf-8")) == {"idle": {"quiet_s": 60.0}}

    exhibit.tap("page-repair")
    exhibit.wait_screen(StaffRepair)
    exhibit.tap("close")
    exhibit.wait(lambda: exhibit.state.context.staff.closed, "it is closed")
    assert is_closed(own_state.path)
    exhibit.tap("leave")
    exhibit.wait_screen(Closed)
    end(exhibit)
    story = (tmp_path / "first" / "events.jsonl").read_text("utf-8")
    assert PIN not in story
    assert '"x_px"' not in "".join(line for line in story.splitlines(True) if '"screen": "Pin"' in line)

    again = open_exhibit("second")
    again.wait_screen(Closed)
    again.wait(lambda: again.says("Closed for repair"), "the sign, at a start")
    not_black(again.pixels())
    hold_corner(again)
    again.type_pin(PIN)
    again.wait_screen(StaffHealth)
    again.tap("page-repair")
    again.tap("close")
    again.wait(lambda: not again.state.context.staff.closed, "it is open again")
    assert not is_closed(own_state.path)
    again.tap("leave")
    begin(again)
    assert again.state.context.idle.quiet_s == 40.0, "the replay knows only the log; the exhibit has 60"
    end(again)
    with Store(own_state.database) as store:
        (counts,) = store.counts().values()
    assert counts["visits"] >= 1
    assert counts["ended_by_visitor"] == 1


@pytest.mark.slow
def test_the_first_start_asks_for_pin_size_buttons_and_camera(
    open_exhibit: Opening, own_state: StateFolder
) -> None:
    exhibit = open_exhibit("first", "staff.first_start = true")
    exhibit.wait_screen(SetupPin)
    exhibit.type_pin(PIN)
    exhibit.type_pin(PIN)
    exhibit.wait_screen(SetupSize)
    assert StaffPin(own_state.path).attempt(PIN).right
    exhibit.tap("larger")
    exhibit.tap("next")
    exhibit.wait_screen(SetupButtons)
    settings = tomllib.loads((own_state.path / STAFF_FILE).read_text("utf-8"))
    assert settings == {"display": {"diagonal_inch": 11.6}}
    for button in Button:
        exhibit.key(button)
    assert exhibit.screen(SetupButtons).done
    exhibit.wait_light("next")
    exhibit.key(Button.SHUTTER)
    exhibit.wait_screen(SetupCamera)
    where = exhibit.picture_box("framing")
    exhibit.wait(lambda: cut(exhibit.pixels(), where).std() > 20, "what the camera sees")
    middle = where.square(where.w // 3)
    assert share_of(cut(exhibit.pixels(), middle), Colour.INK) < 0.5
    exhibit.tap("done")
    exhibit.wait_screen(Attract)
    exhibit.tap("start")
    exhibit.wait_screen(Live)
    end(exhibit)
