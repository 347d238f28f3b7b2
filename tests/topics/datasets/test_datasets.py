"""Kept datasets as lists of events: staff keep what was just taught, and visitors begin with what was kept."""

from dataclasses import replace

import pytest

from kiosk.core.health import Health, Phase
from kiosk.core.labels import TAUGHT
from kiosk.core.lesson import NOT_TESTED, Lesson, Sign
from kiosk.core.message import Button, DropJob, Forget, ForgetPicture, JobLost
from kiosk.core.screen import STAFF_QUIET_S
from kiosk.core.staff import CORNER_HOLD_S
from kiosk.store.exhibit_dataset import LONGEST_NAME, free_name
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.attract.screens.forgotten import Forgotten
from kiosk.topics.datasets.facts import OpenedDataset, OpenedLabel
from kiosk.topics.datasets.messages import (
    DatasetKept,
    DatasetOpened,
    DatasetsFound,
    KeepDataset,
    Kept,
    ListDatasets,
    OpenDataset,
    RemoveDataset,
)
from kiosk.topics.datasets.screens.readymade import Readymade
from kiosk.topics.datasets.screens.staff_datasets import StaffDatasets
from kiosk.topics.photograph.messages import StopLive
from kiosk.topics.photograph.screens.live import Live
from kiosk.topics.staff.messages import ClosedMarked
from kiosk.topics.staff.screens.pin import QUIET_S, Pin
from kiosk.topics.teaching.messages import RecordExample
from kiosk.topics.teaching.screens.signs import Signs
from kiosk.topics.teaching.screens.teach import Teach
from kiosk.topics.teaching.screens.training import Training
from tests.player import PANELS, Player, of, said, screen_of
from tests.topics.datasets.scripted import (
    MANY,
    PETS,
    TOOLS,
    DatasetsScript,
    at_keeping,
    at_readymade,
    opened,
    with_datasets,
)
from tests.topics.photograph.scripted import at_live
from tests.topics.staff.scripted import PIN, at_staff, with_staff
from tests.topics.teaching.scripted import at_signs, at_teach, at_trained, show

FULL = "kiosk.sqlite: database or disk is full; free some space"


def says(playing: Player, key: str, **values: str | int) -> bool:
    """Whether those words can be read on the screen."""
    return playing.state.context.texts(key, **values) in said(playing)


def held_corner(playing: Player) -> Player:
    """The corner of the Teach screen is held."""
    with_staff(playing)
    playing.hold_corner(CORNER_HOLD_S + 0.1)
    return playing


def nothing_left(playing: Player) -> bool:
    """Whether the visitor's part of the state is as at a start."""
    state = playing.state
    return (state.visitor.lesson, state.visitor.guests, state.visitor.chosen) == (Lesson(), (), "")


class TestPinInAVisit:
    @pytest.mark.parametrize("panel", sorted(PANELS))
    def test_the_corner_of_the_teach_screen_asks_for_the_pin_and_the_lesson_waits(self, panel: str) -> None:
        playing = at_teach(panel)
        lesson = playing.state.visitor.lesson
        held_corner(playing)
        assert isinstance(screen_of(playing), Pin)
        assert playing.state.visitor.lesson == lesson
        assert of(playing, StopLive), "the camera shows nothing meanwhile"
        assert not of(playing, Forget)

    def test_pictures_under_way_are_dropped(self) -> None:
        playing = with_staff(at_teach())
        playing.answers = False
        show(playing)
        job = of(playing, RecordExample)[-1].job
        playing.hold_corner(CORNER_HOLD_S + 0.1)
        assert DropJob(job) in playing.effects

    def test_a_tap_there_does_nothing(self) -> None:
        playing = with_staff(at_teach())
        playing.hold_corner(1.0)
        assert isinstance(screen_of(playing), Teach)

    @pytest.mark.parametrize("way_out", ["leave", "quiet"])
    def test_whoever_does_not_know_it_keeps_nothing_and_the_lesson_goes_on(self, way_out: str) -> None:
        playing = held_corner(at_trained_on_teach())
        lesson = playing.state.visitor.lesson
        playing.type_pin("1111")
        assert isinstance(screen_of(playing), Pin)
        if way_out == "leave":
            playing.touch("leave")
        else:
            playing.wait(QUIET_S + 0.2)
        assert isinstance(screen_of(playing), Teach)
        assert playing.state.visitor.lesson == lesson
        assert not of(playing, KeepDataset)
        playing.wait(120.0, 0.5)
        assert isinstance(screen_of(playing), Attract)
        assert len(of(playing, Forget)) == 1
        assert nothing_left(playing)

    def test_the_visit_is_counted_as_ended_by_staff_who_know_it(self) -> None:
        playing = with_staff(at_teach())
        playing.counts.clear()
        playing.hold_corner(CORNER_HOLD_S + 0.1)
        assert not playing.counts
        playing.type_pin(PIN)
        assert playing.counts == {"ended_by_staff": 1}


def at_trained_on_teach(labels: int = 2) -> Player:
    """A visit that has learned, and is back where it can show more."""
    playing = at_trained(labels=labels)
    playing.touch("back")
    return playing


class TestKeep:
    def test_what_was_just_taught_is_shown_and_kept_without_typing(self) -> None:
        playing = at_keeping(labels=3)
        assert says(playing, "datasets.taught", labels="Cup 20, Shoe 20, Bottle 20")
        playing.touch("keep")
        (asked,) = of(playing, KeepDataset)
        assert [sign.name for sign in asked.signs] == ["Cup", "Shoe", "Bottle"]
        assert asked.lesson == playing.state.visitor.lesson
        assert says(playing, "datasets.kept", name="Cup, Shoe, Bottle")
        assert [one.name for one in playing.state.context.fact(Kept).datasets] == ["Cup, Shoe, Bottle"]
        assert playing.find("keep") is None, "once is enough"

    def test_labels_without_pictures_are_not_kept(self) -> None:
        playing = at_trained_on_teach()
        playing.touch("add")
        playing.touch("sign-4")
        held_corner(playing)
        playing.type_pin(PIN)
        playing.touch("page-datasets")
        playing.touch("keep")
        (asked,) = of(playing, KeepDataset)
        assert len(asked.signs) == len(asked.lesson.labels) == 2

    def test_a_full_disk_is_told_and_it_can_be_tried_again(self) -> None:
        playing = at_keeping()
        lesson = playing.state.visitor.lesson
        playing.answers = False
        playing.touch("keep")
        assert says(playing, "datasets.keeping")
        assert playing.find("keep") is None
        playing.send(DatasetKept("", FULL))
        assert FULL in said(playing)
        assert playing.state.visitor.lesson == lesson
        playing.touch("keep")
        assert len(of(playing, KeepDataset)) == 2

    def test_leaving_forgets_it_as_every_visit_is_forgotten(self) -> None:
        for way_out in ("leave", "idle"):
            playing = at_keeping()
            playing.touch("keep")
            if way_out == "leave":
                playing.touch("leave")
            else:
                playing.wait(STAFF_QUIET_S + 0.2)
            assert isinstance(screen_of(playing), Forgotten)
            playing.wait(6.0)
            assert nothing_left(playing)
            assert len(of(playing, Forget)) == 1
            assert playing.state.context.fact(Kept).datasets, "what staff kept stays"

    def test_without_a_lesson_there_is_nothing_to_keep(self) -> None:
        playing = at_staff(page="datasets")
        assert playing.find("keep") is None
        assert says(playing, "datasets.none")
        playing.touch("leave")
        assert isinstance(screen_of(playing), Attract), "there is nothing to forget either"

    def test_one_label_is_no_dataset(self) -> None:
        playing = held_corner(at_teach(labels=1))
        playing.type_pin(PIN)
        playing.touch("page-datasets")
        assert playing.find("keep") is None


class TestStaffList:
    def test_all_are_listed_with_what_they_are(self) -> None:
        playing = at_keeping(datasets=MANY)
        names = [PETS.name, TOOLS.name]
        assert set(names) <= set(said(playing))
        assert says(playing, "datasets.size", labels=2, count=60, trained="Not trained.")
        playing.touch("turn-4")
        assert MANY[-1].name in said(playing)

    def test_removing_asks_once_more(self) -> None:
        playing = at_keeping(datasets=MANY)
        playing.touch(f"set-{TOOLS.name}")
        assert any("Hammer 30, Phone 30. Not trained." in words for words in said(playing))
        playing.touch("remove")
        assert not of(playing, RemoveDataset)
        assert playing.focused == "back", "the light stands on the way out"
        playing.touch("back")
        playing.touch("remove")
        playing.touch("remove")
        assert of(playing, RemoveDataset) == [RemoveDataset(TOOLS.name)]
        assert TOOLS not in playing.state.context.fact(Kept).datasets
        assert says(playing, "datasets.removed")

    def test_one_that_could_not_be_removed_says_why(self) -> None:
        playing = at_keeping(datasets=MANY)
        playing.answers = False
        for control in (f"set-{TOOLS.name}", "remove", "remove"):
            playing.touch(control)
        playing.send(DatasetsFound(MANY, FULL))
        assert FULL in said(playing)

    def test_opened_it_takes_the_place_of_what_was_just_taught(self) -> None:
        playing = at_keeping(datasets=MANY)
        playing.touch(f"set-{PETS.name}")
        assert any(playing.state.context.texts("datasets.replaces") in words for words in said(playing))
        playing.touch("open")
        assert isinstance(screen_of(playing), Teach)
        assert [len(label.examples) for label in playing.state.visitor.lesson.labels] == [12] * 4
        assert not of(playing, Forget), "its pictures went when those of the dataset came"

    def test_one_that_cannot_be_opened_says_so_and_nothing_is_lost(self) -> None:
        playing = at_keeping(datasets=MANY)
        lesson = playing.state.visitor.lesson
        playing.script(DatasetsScript).datasets = ()
        playing.touch(f"set-{PETS.name}")
        playing.touch("open")
        assert says(playing, "datasets.open_failed", reason="Cat, Dog, Rabbit, Bird: no such exhibit dataset")
        assert playing.state.visitor.lesson == lesson
        assert playing.state.context.fact(Kept).datasets == ()

    @pytest.mark.parametrize("way_out", ["back", "leave", "page-health"])
    def test_an_opening_can_be_left(self, way_out: str) -> None:
        playing = at_keeping(datasets=MANY)
        playing.answers = False
        playing.touch(f"set-{PETS.name}")
        playing.touch("open")
        job = of(playing, OpenDataset)[-1].job
        playing.touch(way_out)
        assert DropJob(job) in playing.effects
        playing.send(DatasetOpened(job, "efficientnet_lite0", opened(PETS)))
        assert not isinstance(screen_of(playing), Teach)

    @pytest.mark.parametrize("without", ["model", "opening"])
    def test_where_there_can_be_no_visit_none_is_opened(self, without: str) -> None:
        playing = at_staff(page="datasets")
        with_datasets(playing)
        if without == "model":
            playing.state = playing.state.with_context(model=Health(Phase.LOST))
        else:
            playing.send(ClosedMarked(True))
        playing.touch(f"set-{PETS.name}")
        assert playing.find("open") is None
        assert playing.find("remove") is not None


class TestReadymade:
    def test_it_is_offered_while_nothing_is_taught(self) -> None:
        playing = at_readymade()
        assert isinstance(screen_of(playing), Readymade)
        assert of(playing, ForgetPicture)
        shown = said(playing)
        assert all(dataset.name in shown for dataset in MANY[:5])
        playing.touch("own")
        assert screen_of(playing) == Signs()
        assert playing.state.visitor.lesson == Lesson()
        playing.touch("back")
        assert isinstance(screen_of(playing), Readymade)

    def test_it_is_offered_again_once_all_that_was_taught_is_deleted(self) -> None:
        playing = with_datasets(at_trained_on_teach())
        for _ in range(2):
            playing.touch("album")
            playing.touch("all")
            playing.touch("all")
        assert isinstance(screen_of(playing), Readymade)
        playing.touch("back")
        assert playing.state.context.taught, "what it learned still judges, and under its own names"
        assert playing.state.context.labels.names == ("Cup", "Shoe")

    def test_without_any_the_wall_of_signs_comes_at_once(self) -> None:
        playing = at_signs()
        assert isinstance(screen_of(playing), Signs)
        assert of(playing, ListDatasets), "the next visitor sees one that came meanwhile"

    def test_one_press_and_it_can_be_attacked(self) -> None:
        playing = at_readymade()
        playing.touch(f"set-{PETS.name}")
        assert isinstance(screen_of(playing), Teach)
        lesson = playing.state.visitor.lesson
        names = [playing.state.context.signs[label.sign].name for label in lesson.labels]
        assert names == ["Cat", "Dog", "Rabbit", "Bird"]
        assert lesson.report is not None
        assert (lesson.report.right, lesson.report.total) == (48, 48)
        assert playing.state.visitor.chosen == TAUGHT
        assert playing.focused == "try"
        playing.touch("try")
        assert isinstance(screen_of(playing), Live)
        assert playing.state.context.labels.names == ("Cat", "Dog", "Rabbit", "Bird")

    def test_one_without_a_head_that_fits_is_trained_first(self) -> None:
        playing = at_readymade()
        playing.touch(f"set-{TOOLS.name}")
        assert playing.state.visitor.chosen == ""
        assert playing.focused == "train"
        playing.touch("train")
        playing.wait(0.3)
        assert isinstance(screen_of(playing), Training)
        assert playing.state.visitor.chosen == TAUGHT

    def test_a_label_that_is_on_no_wall_joins_it_for_the_visit(self) -> None:
        playing = at_readymade()
        shipped = len(playing.state.context.signs)
        playing.touch(f"set-{TOOLS.name}")
        assert playing.state.visitor.guests == (Sign("Hammer", "hammer"),)
        playing.touch("add")
        assert playing.control(f"sign-{shipped}").text == "Hammer"
        playing.start_again()
        playing.wait(6.0)
        assert isinstance(screen_of(playing), Attract)
        assert nothing_left(playing)
        assert len(playing.state.context.signs) == shipped

    def test_what_is_recorded_later_is_neither_an_old_picture_nor_in_an_old_burst(self) -> None:
        playing = at_readymade()
        playing.touch(f"set-{TOOLS.name}")
        before = {example for _, example in playing.state.visitor.lesson.rows}
        show(playing)
        added = {example for _, example in playing.state.visitor.lesson.rows} - before
        assert added
        assert not {e.number for e in added} & {e.number for e in before}
        assert not {e.burst for e in added} & {e.burst for e in before}

    def test_one_that_is_damaged_or_gone_says_so_in_plain_words(self) -> None:
        playing = at_readymade()
        playing.answers = False
        playing.touch(f"set-{PETS.name}")
        assert says(playing, "readymade.opening")
        playing.touch(f"set-{TOOLS.name}")
        assert len(of(playing, OpenDataset)) == 1, "one at a time"
        playing.send(JobLost(of(playing, OpenDataset)[-1].job, "example 3: is no PNG"))
        assert says(playing, "readymade.failed")
        assert isinstance(playing.effects[-1], ListDatasets)
        playing.send(DatasetsFound(MANY[1:]))
        playing.answers = True
        playing.touch(f"set-{TOOLS.name}")
        assert isinstance(screen_of(playing), Teach)

    @pytest.mark.parametrize("way_out", ["own", "back", "again", "page-5"])
    def test_whoever_does_not_wait_for_it_leaves_it(self, way_out: str) -> None:
        playing = at_readymade()
        playing.answers = False
        playing.touch(f"set-{PETS.name}")
        job = of(playing, OpenDataset)[-1].job
        playing.touch(way_out)
        assert DropJob(job) in playing.effects
        playing.send(DatasetOpened(job, "efficientnet_lite0", opened(PETS)))
        assert playing.state.visitor.lesson == Lesson()

    def test_more_than_fit_are_on_further_pages(self) -> None:
        playing = at_readymade()
        assert playing.find(f"set-{MANY[5].name}") is None
        playing.touch("page-5")
        assert playing.find(f"set-{MANY[6].name}") is not None
        playing.touch("page-0")
        assert playing.find(f"set-{MANY[0].name}") is not None

    def test_with_three_buttons(self) -> None:
        playing = at_readymade()
        playing.press(Button.LESS)
        assert playing.focused == f"set-{PETS.name}"
        playing.press(Button.SHUTTER)
        assert isinstance(screen_of(playing), Teach)

    def test_a_visitor_who_walks_away_while_it_opens_is_asked_and_forgotten(self) -> None:
        playing = at_readymade()
        playing.answers = False
        playing.touch(f"set-{PETS.name}")
        playing.wait(200.0)
        assert isinstance(screen_of(playing), Attract)
        assert nothing_left(playing)
        assert of(playing, Forget)

    def test_under_another_model_than_the_exhibits_own_that_one_stays_chosen(self) -> None:
        playing = with_datasets(at_live(), (TOOLS,))
        chosen = replace(playing.state.visitor, chosen="mobilenet_v2")
        playing.state = playing.state.with_context(default="efficientnet_lite0", visitor=chosen)
        playing.answers = False
        playing.touch("teach")
        playing.touch(f"set-{TOOLS.name}")
        playing.send(DatasetOpened(of(playing, OpenDataset)[-1].job, "mobilenet_v2", opened(TOOLS)))
        assert playing.state.visitor.chosen == "mobilenet_v2"


class TestTeachKnows:
    def test_back_from_a_training_there_is_nothing_to_train_until_more_is_shown(self) -> None:
        playing = at_trained_on_teach()
        assert playing.find("train") is None
        assert playing.focused == "try"
        show(playing)
        assert playing.find("try") is None
        assert playing.find("train") is not None


class TestOpenedDataset:
    def test_numbers_go_on_from_the_first_and_bursts_with_them(self) -> None:
        wall = (Sign("Dog", "dog"), Sign("Cat", "cat"))
        dataset = OpenedDataset(
            (OpenedLabel(Sign("CAT", "x"), (7, 7, 9)), OpenedLabel(Sign("Owl", "owl"), (9,))),
            (0, NOT_TESTED, None, 1),
        )
        assert dataset.guests(wall) == (Sign("Owl", "owl"),)
        lesson = dataset.lesson(40, (*wall, *dataset.guests(wall)))
        assert [label.sign for label in lesson.labels] == [1, 2]
        assert [(at, e.number, e.burst) for at, e in lesson.rows] == [
            (0, 40, 40), (0, 41, 40), (0, 42, 42), (1, 43, 42),
        ]  # fmt: skip
        assert lesson.report is not None
        assert [(one.example.number, one.right, one.said) for one in lesson.report.tested] == [
            (40, 0, 0), (41, 0, NOT_TESTED), (43, 1, 1),
        ]  # fmt: skip
        assert lesson.learned
        assert not lesson.known, "the vaccine was not in the test"

    def test_without_a_head_there_is_no_report(self) -> None:
        assert (
            opened(replace(PETS, trained=False)).lesson(1, [label.sign for label in PETS.labels]).report
            is None
        )


@pytest.mark.parametrize(
    ("labels", "taken", "name"),
    [
        (("Cat", "Dog"), (), "Cat, Dog"),
        (("Cat", "Dog"), ("cat, dog",), "Cat, Dog 2"),
        (("Cat", "Dog"), ("Cat, Dog", "Cat, Dog 2", "Cat, Dog 4"), "Cat, Dog 3"),
        (("Dinosaur", "Smile", "Frown", "Heart", "Star"), (), "Dinosaur, Smile, Frown, Heart, …"),
        (("x" * 64, "y"), (), "x" * 32 + ", …"),
    ],
)
def test_a_name_is_made_of_the_labels(labels: tuple[str, ...], taken: tuple[str, ...], name: str) -> None:
    assert free_name(labels, taken) == name
    assert len(name) <= LONGEST_NAME


def test_staff_datasets_hears_only_what_it_asked_for() -> None:
    playing = at_staff(page="datasets")
    screen = playing.state.screen
    playing.send(DatasetKept("Cat", ""), DatasetOpened(99, "m", opened(PETS)), JobLost(99))
    assert playing.state.screen == screen
    assert isinstance(screen, StaffDatasets)
