"""Staff teach the installed exhibit two things and keep them; after a restart a visitor begins with what they kept."""

from pathlib import Path

import pytest

from kiosk.core.lesson import Lesson
from kiosk.device.staff_pin import StaffPin
from kiosk.device.state_folder import StateFolder
from kiosk.store.store import Store
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.datasets.screens.readymade import Readymade
from kiosk.topics.datasets.screens.staff_datasets import StaffDatasets
from kiosk.topics.photograph.screens.live import Live
from kiosk.topics.staff.screens.health import StaffHealth
from kiosk.topics.staff.screens.pin import Pin
from kiosk.topics.teaching.screens.teach import Teach
from tests.e2e.exhibit_driver import Display, Exhibit
from tests.e2e.own_state import copy_of
from tests.e2e.test_exhibit import end
from tests.e2e.test_staff import PIN
from tests.e2e.test_teaching import School, things_before_a_camera


@pytest.mark.slow
def test_what_staff_taught_and_kept_is_there_for_a_visitor_after_a_restart(
    display: Display, state: StateFolder, tmp_path: Path
) -> None:
    own = copy_of(state, tmp_path / "state")
    StaffPin(own.path).choose(PIN)
    cup, cat, camera = things_before_a_camera(state, tmp_path)
    for run in ("first", "second"):
        (tmp_path / run).mkdir()

    with Exhibit(display, own.path, tmp_path / "first", camera) as exhibit:
        school = School(exhibit, (cup, cat))
        school.begin()
        school.train()
        exhibit.tap("back")
        exhibit.wait_screen(Teach)
        exhibit.hold_corner(lambda: isinstance(exhibit.state.screen, Pin), "the question for the PIN")
        exhibit.type_pin(PIN)
        exhibit.wait_screen(StaffHealth)
        exhibit.tap("page-datasets")
        exhibit.wait_screen(StaffDatasets)
        assert exhibit.says("Just taught: Cup")
        exhibit.tap("keep")
        exhibit.wait(lambda: exhibit.says("Kept as Cup, Cat."), "it is kept")
        exhibit.tap("leave")
        exhibit.wait_screen(Attract)
        assert exhibit.state.visitor.lesson == Lesson()
        end(exhibit)
    with Store(own.database) as store:
        (kept,) = store.dataset_summaries()
    assert kept.trained

    with Exhibit(display, own.path, tmp_path / "second", camera) as exhibit:
        school = School(exhibit, (cup, cat))
        exhibit.wait_screen(Attract)
        exhibit.tap("start")
        exhibit.wait_screen(Live)
        exhibit.tap("teach")
        exhibit.wait_screen(Readymade)
        exhibit.tap(f"set-{kept.name}")
        exhibit.wait_screen(Teach)
        assert exhibit.says("It knows these.")
        exhibit.tap("try")
        exhibit.wait_screen(Live)
        for thing in (cup, cat):
            school.wait_said(thing)
        end(exhibit)
