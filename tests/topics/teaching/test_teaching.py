"""Visits that teach: labels and examples, training and its test, and the taught model in the main loop."""

from collections.abc import Callable

import pytest

from kiosk.core.context import IdleTimes
from kiosk.core.health import Health, Phase
from kiosk.core.labels import TAUGHT
from kiosk.core.lesson import MOST_EXAMPLES, MOST_LABELS, Example, Lesson
from kiosk.core.message import (
    Button,
    CameraFound,
    CameraLost,
    DropJob,
    Forget,
    ForgetPicture,
    GradientsChanged,
    JobLost,
    Lifted,
    Moved,
    Touched,
)
from kiosk.core.parts import COUNT_S
from kiosk.core.scene import Box, Colour, Curves, Icon, Picture
from kiosk.core.visit import Judged, Verdict
from kiosk.exhibit.topics import TOPICS
from kiosk.program.program import initial
from kiosk.topics.attack.messages import RunStep, StartStack, StepJudged
from kiosk.topics.attack.screens.attack import Attack
from kiosk.topics.attack.screens.choose import Choose
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.attract.screens.forgotten import Forgotten
from kiosk.topics.datasets.messages import ListDatasets
from kiosk.topics.models.messages import ChooseModel, FoundModel, JudgeAgain, ModelChosen, ModelsFound
from kiosk.topics.models.screen import Models
from kiosk.topics.photograph.messages import LiveJudged, StartLive, StopLive
from kiosk.topics.photograph.screens.live import Live
from kiosk.topics.teaching.messages import (
    DropExamples,
    EpochTrained,
    ExampleRecorded,
    HeadTrained,
    RecordExample,
    TrainHead,
)
from kiosk.topics.teaching.screens.album import Album
from kiosk.topics.teaching.screens.confusion import Confusion
from kiosk.topics.teaching.screens.signs import Signs
from kiosk.topics.teaching.screens.teach import BURST_S, MOST_WAITING, Teach
from kiosk.topics.teaching.screens.teach_view import TROUBLE
from kiosk.topics.teaching.screens.training import Training
from tests.layouts import overlap
from tests.player import (
    EFFICIENTNET,
    FLAMINGO,
    MOBILENET,
    ORIGINAL,
    TEXTS,
    Kind,
    Player,
    of,
    player,
    said,
    shown_keys,
    taught_answer,
)
from tests.topics.attack.scripted import at_attack
from tests.topics.cards.scripted import at_cards
from tests.topics.photograph.scripted import at_live
from tests.topics.teaching.scripted import (
    EPOCHS,
    at_confusion,
    at_fooled_taught,
    at_signs,
    at_teach,
    at_trained,
    epoch,
    show,
    trained,
)

IDLE = IdleTimes()


def screen(playing: Player, kind: type[Kind]) -> Kind:
    """The present screen, which must be of that kind."""
    assert isinstance(playing.state.screen, kind)
    return playing.state.screen


def counts(playing: Player) -> list[int]:
    """How many examples each label has."""
    return [len(label.examples) for label in playing.state.visitor.lesson.labels]


def names(playing: Player) -> list[str]:
    """What the labels are called, in their order."""
    return [playing.state.context.signs[label.sign].name for label in playing.state.visitor.lesson.labels]


def shown(playing: Player) -> tuple[Example, ...]:
    """The pictures of the album, which must be the present screen."""
    return screen(playing, Album).examples(playing.state.context)


# Recording.


def test_the_first_label_is_picked_from_the_wall_and_shown_to_the_camera() -> None:
    playing = at_signs()
    assert isinstance(playing.state.screen, Signs)
    assert playing.effects[-3:] == [StopLive(), ForgetPicture(), ListDatasets()], "the bars rest meanwhile"
    playing.touch("sign-3")
    assert names(playing) == ["Phone"]
    assert playing.effects[-1] == StartLive(judging=False)
    assert "camera" in shown_keys(playing)
    assert playing.focused == "record"


def touched(playing: Player) -> None:
    playing.touch("record")


def held_by_a_finger(playing: Player) -> None:
    playing.hold("record", 1.5)


def pressed(playing: Player) -> None:
    playing.press(Button.SHUTTER)


@pytest.mark.parametrize("hand", [touched, held_by_a_finger, pressed])
def test_every_hand_has_three_two_one_and_a_burst_of_the_same_length(
    hand: Callable[[Player], None],
) -> None:
    playing = at_teach(labels=1, bursts=0)
    hand(playing)
    began_s = playing.state.context.now_s
    assert {"1", "2", "3"} & set(said(playing)), "it counts"
    while not of(playing, RecordExample):
        playing.wait(0.1)
    assert began_s + 0.5 < playing.state.context.now_s <= began_s + COUNT_S + 0.1
    playing.wait(5.0)
    assert counts(playing) == [10]
    hand(playing)
    playing.wait(5.0)
    examples = playing.state.visitor.lesson.labels[0].examples
    assert len(examples) == 20
    assert playing.state.visitor.lesson.labels[0].bursts == 2
    assert playing.state.visitor.lesson.labels[0].enough, "two presses are enough for a label"
    assert [e.number for e in examples] == [effect.job for effect in of(playing, RecordExample)]


def test_the_words_of_teaching_ask_nobody_to_hold_a_button() -> None:
    asked = [text for key, text in TEXTS.words.items() if key.startswith(("teach.", "control.record"))]
    assert len(asked) > 10
    assert not [text for text in asked if "hold the button" in text.lower() or "let go" in text.lower()]


def test_presses_during_a_burst_begin_no_other_one() -> None:
    playing = at_teach(labels=1, bursts=0)
    for _ in range(12):
        playing.press(Button.SHUTTER)
    assert counts(playing) == [10]
    playing.wait(5.0)
    assert playing.state.visitor.lesson.labels[0].bursts <= 2


def test_a_slow_performer_is_not_flooded() -> None:
    playing = at_teach(labels=1, bursts=0)
    playing.answers = False
    playing.touch("record")
    playing.wait(COUNT_S + 1.0)
    asked = of(playing, RecordExample)
    assert len(asked) == MOST_WAITING
    playing.send(ExampleRecorded(asked[0].job))
    playing.wait(0.3)
    assert len(of(playing, RecordExample)) == MOST_WAITING + 1
    assert counts(playing) == [1]


def test_pictures_that_do_not_come_are_not_counted_and_get_a_word() -> None:
    playing = at_teach(labels=1, bursts=0)
    playing.answers = False
    show(playing)
    for effect in of(playing, RecordExample):
        playing.send(JobLost(effect.job, "no new frame"))
    assert len(of(playing, RecordExample)) == TROUBLE
    assert counts(playing) == [0]
    assert playing.state.context.texts("teach.lost") in said(playing)


def test_leaving_lets_go_of_pictures_still_under_way() -> None:
    playing = at_teach(labels=2, bursts=1)
    playing.answers = False
    show(playing)
    job = of(playing, RecordExample)[-1].job
    playing.touch("album")
    assert DropJob(job) in playing.effects
    playing.send(ExampleRecorded(job))
    assert counts(playing) == [10, 10]


def test_a_label_takes_two_hundred_pictures_and_no_more() -> None:
    playing = at_teach(labels=1, bursts=MOST_EXAMPLES // 10)
    assert counts(playing) == [MOST_EXAMPLES]
    before = len(of(playing, RecordExample))
    show(playing)
    assert len(of(playing, RecordExample)) == before
    assert any("that is enough" in words for words in said(playing))


def test_eight_labels_are_the_most() -> None:
    playing = at_teach(labels=MOST_LABELS)
    assert playing.find("add") is None
    assert any("Eight" in words or "8 things" in words for words in said(playing))
    assert playing.focused == "train"


def test_a_sign_in_use_leads_back_to_its_label() -> None:
    playing = at_teach(labels=2, bursts=1)
    playing.touch("add")
    playing.touch("sign-0")
    assert screen(playing, Teach).at == 0
    assert names(playing) == ["Cup", "Shoe"]


def test_the_light_says_what_is_next() -> None:
    playing = at_teach(labels=1, bursts=0)
    assert playing.focused == "record"
    show(playing)
    assert playing.focused == "record"
    assert any("another side" in words for words in said(playing))
    show(playing)
    assert playing.focused == "add"
    playing.touch("add")
    playing.touch("sign-1")
    playing.touch("label-0")
    assert playing.focused == "label-1", "the one without pictures"
    playing.touch("label-1")
    for _ in range(2):
        show(playing)
    assert playing.focused == "train"


def test_without_a_camera_nothing_is_recorded_and_nothing_is_lost() -> None:
    playing = at_teach(labels=2, bursts=1)
    playing.send(CameraLost("unplugged"))
    assert isinstance(playing.state.screen, Teach)
    before = counts(playing)
    show(playing)
    assert counts(playing) == before
    assert playing.state.context.texts("teach.no_camera") in said(playing)
    assert playing.focused == "train"
    playing.send(CameraFound())
    show(playing)
    assert counts(playing)[1] > before[1]


def test_where_teaching_is_not_offered_nothing_leads_there() -> None:
    playing = player()
    context = playing.state.context
    bare = initial(TOPICS, context.panel, context.texts, context.labels)
    assert bare.context.signs == ()
    playing.state = bare
    playing.touch("anywhere")
    assert isinstance(playing.state.screen, Live)
    assert playing.find("teach") is None


# The album.


def test_one_picture_is_deleted_and_the_next_one_picked() -> None:
    playing = at_teach(labels=2)
    playing.touch("album")
    numbers = [example.number for example in shown(playing)]
    playing.touch(f"example-{numbers[2]}")
    playing.touch("delete")
    assert of(playing, DropExamples) == [DropExamples((numbers[2],))]
    assert counts(playing) == [20, 19]
    assert screen(playing, Album).picked == numbers[3]
    playing.touch("delete")
    playing.touch("back")
    assert counts(playing) == [20, 18]
    assert isinstance(playing.state.screen, Teach)


def test_a_picture_is_moved_under_another_label() -> None:
    playing = at_teach(labels=3)
    playing.touch("album")
    number = shown(playing)[0].number
    playing.touch(f"example-{number}")
    playing.touch("move")
    assert [name for name in playing.names if name.startswith("to-")] == ["to-0", "to-1"]
    playing.touch("to-1")
    assert counts(playing) == [20, 21, 19]
    assert playing.state.visitor.lesson.holder(number) == 1
    assert not of(playing, DropExamples), "its picture is still needed"
    playing.touch("back")
    assert screen(playing, Teach).at == 2


def test_a_full_label_takes_no_moved_picture() -> None:
    playing = at_teach(labels=1, bursts=MOST_EXAMPLES // 10)
    playing.touch("add")
    playing.touch("sign-1")
    show(playing)
    playing.touch("album")
    playing.touch(playing.names[0])
    playing.touch("move")
    assert playing.control("to-0").note == playing.state.context.texts("album.full")
    playing.touch("to-0")
    assert counts(playing) == [MOST_EXAMPLES, 10]


def test_a_whole_label_is_deleted_when_asked_twice() -> None:
    playing = at_teach(labels=2)
    playing.touch("album")
    numbers = tuple(example.number for example in shown(playing))
    playing.touch("all")
    assert counts(playing) == [20, 20]
    assert "Really" in playing.control("all").text
    playing.touch("all")
    assert of(playing, DropExamples) == [DropExamples(numbers)]
    assert names(playing) == ["Cup"]
    screen(playing, Teach)
    playing.touch("album")
    playing.touch("all")
    playing.touch("all")
    screen(playing, Signs)  # with no label left, it begins again


@pytest.mark.parametrize("panel", ["800x480", "1280x800", "720x1280"])
def test_every_picture_of_a_label_can_be_reached(panel: str) -> None:
    playing = at_teach(panel, labels=1, bursts=7)
    playing.touch("album")
    wanted = [example.key for example in shown(playing)]
    seen: list[str] = []
    while True:
        seen += [name for name in playing.names if name.startswith("example-")]
        start = screen(playing, Album).start
        onward = [name for name in playing.names if name.startswith("page-")]
        later = [name for name in onward if int(name.partition("-")[2]) > start]
        if not later:
            break
        playing.touch(later[0])
    assert seen == wanted
    left = len(wanted)
    while screen(playing, Album).start:  # until the last page is empty and the first one is shown
        if screen(playing, Album).picked is None:
            playing.touch(next(name for name in playing.names if name.startswith("example-")))
        assert f"example-{screen(playing, Album).picked}" in shown_keys(playing)
        playing.touch("delete")
        left -= 1
    assert counts(playing) == [left]
    assert screen(playing, Album).picked is None, "nothing that is not seen can be deleted"


# Training and its test.


def begin_training(playing: Player) -> int:
    """The job of a training that is not answered."""
    playing.answers = False
    playing.touch("train")
    playing.wait(0.2)
    return of(playing, TrainHead)[-1].job


def test_training_asks_for_all_labels_by_their_names() -> None:
    playing = at_teach(labels=3)
    playing.touch("add")
    playing.touch("sign-9")  # a label that gets no pictures
    begin_training(playing)
    asked = of(playing, TrainHead)[-1]
    assert asked.names == ("Cup", "Shoe", "Bottle")
    assert [len(label.examples) for label in asked.lesson.labels] == [20, 20, 20]
    assert {example.burst for _, example in asked.lesson.rows} <= {e.job for e in of(playing, RecordExample)}


def test_the_examples_sort_themselves_as_it_learns() -> None:
    playing = at_teach(labels=3)
    begin_training(playing)
    asked = of(playing, TrainHead)[-1]
    keys = {example.key for _, example in playing.state.visitor.lesson.rows}
    heap = trays(playing)
    assert set(heap) <= keys
    assert not any(item.name == "cup" for item in playing.scene.items if isinstance(item, Icon))
    playing.send(EpochTrained(asked.job, epoch(1, asked)))
    playing.wait(0.4)
    first = trays(playing)
    assert set(first) == set(heap)
    said_now = dict(zip((e.key for _, e in asked.lesson.rows), epoch(1, asked).said, strict=True))
    columns = sorted({x // 400 for x in (box.x for box in first.values())})
    assert len(columns) == 3, "one tray a label"
    assert all(columns[said_now[key]] == box.x // 400 for key, box in first.items()), (
        "in the tray of its answer"
    )
    playing.send(*(EpochTrained(asked.job, epoch(number, asked)) for number in range(2, EPOCHS + 1)))
    playing.wait(0.05)
    soon = trays(playing)
    playing.wait(5.0)
    assert trays(playing) != soon, "a quick training can still be watched"
    said_now = dict(zip((e.key for _, e in asked.lesson.rows), epoch(EPOCHS, asked).said, strict=True))
    assert all(columns[said_now[key]] == box.x // 400 for key, box in trays(playing).items())
    playing.send(trained(asked))
    crossed = [
        item for item in playing.scene.items if isinstance(item, Picture) and item.outline is Colour.LIE
    ]
    rights = {example.key: at for at, example in asked.lesson.rows}
    assert {item.key for item in crossed} == {key for key in heap if said_now[key] != rights[key]}


def trays(playing: Player) -> dict[str, Box]:
    """Where the examples lie."""
    return {item.key: item.box for item in playing.scene.items if isinstance(item, Picture)}


def test_the_curves_are_behind_more_and_grow_with_every_epoch() -> None:
    playing = at_teach()
    job = begin_training(playing)
    asked = of(playing, TrainHead)[-1]
    assert not [item for item in playing.scene.items if isinstance(item, Curves)]
    playing.touch("more")
    for number in range(1, 6):
        playing.send(EpochTrained(job, epoch(number, asked)))
        plots = [item for item in playing.scene.items if isinstance(item, Curves)]
        assert [len(line.heights) for plot in plots for line in plot.lines] == [number] * 4
        assert all(plot.length == EPOCHS for plot in plots)
    playing.send(EpochTrained(job + 1, epoch(6, asked)))
    assert len(screen(playing, Training).epochs) == 5, "another training's"
    playing.touch("more")
    assert not [item for item in playing.scene.items if isinstance(item, Curves)]


def test_a_training_can_be_stopped() -> None:
    playing = at_teach()
    job = begin_training(playing)
    playing.send(EpochTrained(job, epoch(1, of(playing, TrainHead)[-1])))
    playing.touch("cancel")
    assert playing.effects[-2:] == [DropJob(job), StartLive(judging=False)]
    assert isinstance(playing.state.screen, Teach)
    assert playing.state.visitor.chosen == ""
    playing.send(HeadTrained(job, (0,) * 40))
    assert playing.state.visitor.lesson.report is None


def test_training_waits_for_the_gradient_process() -> None:
    playing = at_teach()
    playing.send(GradientsChanged(Health(Phase.WARMING)))
    playing.touch("train")
    playing.wait(2.0)
    assert not of(playing, TrainHead)
    playing.send(GradientsChanged(Health(Phase.READY)))
    playing.wait(0.2)
    assert isinstance(playing.state.screen, Training)
    assert screen(playing, Training).done


@pytest.mark.parametrize("how", ["job", "process"])
def test_a_lost_training_can_be_tried_again(how: str) -> None:
    playing = at_teach()
    job = begin_training(playing)
    playing.send(JobLost(job) if how == "job" else GradientsChanged(Health(Phase.LOST)))
    assert playing.focused == "retry"
    assert counts(playing) == [20, 20]
    playing.send(GradientsChanged(Health(Phase.READY)))
    playing.answers = True
    playing.touch("retry")
    playing.wait(0.3)
    assert screen(playing, Training).done


def test_what_was_taught_judges_at_once() -> None:
    playing = at_trained(labels=3)
    assert playing.state.visitor.chosen == TAUGHT
    assert playing.state.context.taught
    assert playing.state.context.labels.names == ("Cup", "Shoe", "Bottle")
    assert any("51 of 60" in words for words in said(playing))
    playing.touch("try")
    assert isinstance(playing.state.screen, Live)
    playing.send(LiveJudged(taught_answer(0.1, 0.8, 0.1)))
    assert "Shoe" in said(playing)
    playing.send(LiveJudged(taught_answer(0.4, 0.3, 0.3, known=False)))
    assert said(playing).index(playing.state.context.texts("label.unknown")) < said(playing).index("Cup")


def test_what_was_shown_once_only_has_no_test_and_no_figure() -> None:
    playing = at_teach(labels=2, bursts=1)
    playing.touch("train")
    playing.wait(5.0)
    assert playing.state.context.texts("training.untested") in said(playing)
    assert said(playing).count("not tested") == 2
    playing.touch("more")
    assert not [words for words in said(playing) if "%" in words or "of" in words.split()]
    playing.touch("more")
    assert playing.find("test") is None
    assert playing.focused == "showing"
    playing.touch("showing")
    assert screen(playing, Teach).at == 0


def test_a_label_that_the_test_left_out_is_named_and_asked_for_once_more() -> None:
    playing = at_teach(labels=2)
    playing.touch("add")
    playing.touch("sign-2")
    show(playing)
    playing.touch("train")
    playing.wait(5.0)
    assert "It has learned! Its own test: 34 of 40 right. Bottle was not tested." in said(playing)
    assert said(playing).count("17 of 20 right") == 2
    assert said(playing).count("not tested") == 1
    playing.touch("test")
    assert "Its own test: 34 of 40 right. Bottle was not tested." in said(playing)
    assert said(playing).count("not tested") == 1
    playing.touch("back")
    if isinstance(playing.state.screen, Training):
        playing.touch("showing")
    playing.touch("label-0")
    assert playing.focused == "label-2"
    assert "Bottle was not tested. Show it once more." in said(playing)
    playing.touch("label-2")
    assert playing.focused == "record"
    show(playing)
    playing.touch("train")
    playing.wait(5.0)
    assert "It has learned! Its own test: 51 of 60 right." in said(playing)
    assert playing.focused == "try"


def test_every_drawing_of_the_test_has_its_name_beside_it() -> None:
    for panel in ("800x480", "1280x800", "720x1280"):
        playing = at_confusion(panel, labels=8)
        words = said(playing)
        assert all(name in words for name in names(playing)), panel


def test_the_test_opens_at_its_largest_mistake_and_shows_the_pictures() -> None:
    playing = at_confusion(labels=3)
    report = playing.state.visitor.lesson.report
    assert report is not None
    assert sum(map(sum, report.matrix)) == 60
    confusion = screen(playing, Confusion)
    mistakes = {
        (right, told): report.matrix[right][told] for right in range(3) for told in range(3) if right != told
    }
    assert mistakes[confusion.right, confusion.said] == max(mistakes.values())
    playing.touch("album")
    screen(playing, Album)
    assert [e.number for e in shown(playing)] == [
        e.number for e in report.cell(confusion.right, confusion.said)
    ]
    first = shown(playing)[0].number
    playing.touch(f"example-{first}")
    playing.touch("move")
    playing.touch("to-2")
    assert playing.state.visitor.lesson.holder(first) == 2, "a wrong label is put right where it is found"
    playing.touch("back")
    assert isinstance(playing.state.screen, Confusion)


def place(box: Box, right: int, told: int, labels: int) -> tuple[int, int]:
    """The middle of a cell."""
    return box.x + (2 * told + 1) * box.w // (2 * labels), box.y + (2 * right + 1) * box.h // (2 * labels)


def test_a_finger_picks_the_cell_under_it_and_a_button_the_next_one() -> None:
    playing = at_confusion(labels=3)
    box = playing.control("matrix").box
    playing.rest()
    playing.send(Touched(*place(box, 2, 1, 3)))
    assert (screen(playing, Confusion).right, screen(playing, Confusion).said) == (2, 1)
    assert playing.find("album") is None, "nothing in it"
    playing.send(Moved(*place(box, 1, 1, 3)))
    assert (screen(playing, Confusion).right, screen(playing, Confusion).said) == (1, 1)
    playing.send(Lifted())
    playing.press(Button.LESS)
    while playing.focused != "matrix":
        playing.press(Button.LESS)
    playing.press(Button.SHUTTER)
    report = playing.state.visitor.lesson.report
    assert report is not None
    cell = (screen(playing, Confusion).right, screen(playing, Confusion).said)
    assert cell == (1, 2)
    assert report.matrix[1][2]


def test_a_label_deleted_after_the_training_is_still_what_the_model_says() -> None:
    playing = at_trained(labels=3)
    playing.touch("back")
    playing.touch("album")
    playing.touch("all")
    playing.touch("all")
    assert len(names(playing)) == 2
    playing.touch("back")
    assert playing.state.context.labels.names == ("Cup", "Shoe", "Bottle")
    playing.touch("teach")
    playing.touch("train")
    playing.wait(0.3)
    assert playing.state.context.labels.names == tuple(names(playing))


# The main loop on what was taught.


def at_taught_choose(*, known: bool = True) -> Player:
    """A picture that the taught model has judged."""
    playing = at_trained(labels=3)
    playing.touch("try")
    playing.original = taught_answer(0.9, 0.06, 0.04, known=known)
    playing.touch("shoot")
    playing.wait(3.0)
    playing.touch("rate-unsure")
    return playing


def test_the_wall_of_lies_has_the_taught_labels() -> None:
    playing = at_taught_choose()
    wall = [control for control in playing.scene.controls if control.name == "label"]
    assert [(control.text, control.icon) for control in wall] == [
        ("Cup", "cup"), ("Shoe", "shoe"), ("Bottle", "bottle"),
    ]  # fmt: skip
    assert playing.find("letters") is None
    assert playing.focused == "label-1"
    playing.touch("label-1")
    assert of(playing, StartStack)[-1] == StartStack(1)
    assert isinstance(playing.state.screen, Attack)


def test_a_picture_it_does_not_know_can_be_given_any_label() -> None:
    playing = at_taught_choose(known=False)
    assert playing.state.context.texts("choose.unknown").replace("[", "").replace("]", "") in said(playing)
    assert playing.find("anything") is None
    playing.touch("label-0")
    assert not screen(playing, Attack).visit.boosts


def test_who_does_not_know_is_not_fooled_yet() -> None:
    playing = at_taught_choose()
    playing.touch("label-1")
    playing.answers = False
    playing.touch("fool")
    job = of(playing, RunStep)[-1].job
    unsure = taught_answer(0.44, 0.52, 0.04, known=False)
    playing.send(StepJudged(job, Judged(1, unsure, 0.52, Verdict.NEARLY, 1, 0.4)))
    assert playing.state.context.texts("label.unknown") in said(playing)
    playing.wait(0.3)
    assert len(of(playing, RunStep)) == 2, "it goes on"


def test_who_is_fooled_names_the_lie_and_its_doubts_are_told() -> None:
    playing = at_taught_choose()
    playing.touch("label-1")
    playing.answers = False
    playing.touch("more")
    job = of(playing, RunStep)[-1].job
    unsure = taught_answer(0.2, 0.76, 0.04, known=False)
    playing.send(StepJudged(job, Judged(1, unsure, 0.76, Verdict.FOOLED, 1, 0.4)))
    words = said(playing)
    assert playing.state.context.texts("attack.fooled") in words
    assert playing.state.context.texts("attack.fooled_doubt") in words
    assert playing.state.context.texts("label.unknown") not in words


def test_a_new_photograph_keeps_what_was_taught() -> None:
    playing = at_taught_choose()
    before = playing.state.visitor.lesson
    playing.touch("retake")
    assert ForgetPicture() in playing.effects
    assert Forget() not in playing.effects
    assert playing.state.visitor.lesson == before
    assert playing.state.visitor.chosen == TAUGHT
    playing.touch("teach")
    screen(playing, Teach)
    assert playing.state.visitor.lesson == before


def test_three_buttons_teach_and_attack_what_was_taught() -> None:
    playing = at_live()

    def light(name: str) -> None:
        for _ in range(len(playing.scene.controls)):
            if playing.focused == name:
                return
            playing.press(Button.LESS)
        raise AssertionError(f"no light on {name}")

    light("teach")
    playing.press(Button.SHUTTER)
    for _ in range(2):
        playing.press(Button.SHUTTER)  # the lit sign, the first that is not in use
        for _ in range(2):
            assert playing.focused == "record"
            playing.press(Button.SHUTTER)
            playing.wait(COUNT_S + BURST_S + 0.1)
        if playing.focused == "add":
            playing.press(Button.SHUTTER)
    assert counts(playing) == [20, 20]
    assert playing.focused == "train"
    playing.press(Button.SHUTTER)
    playing.wait(0.5)
    assert playing.focused == "try"
    playing.press(Button.SHUTTER)
    playing.original = taught_answer(0.9, 0.1)
    playing.press(Button.SHUTTER)
    playing.wait(3.0)
    playing.press(Button.SHUTTER)
    assert isinstance(playing.state.screen, Choose)
    playing.press(Button.SHUTTER)
    assert screen(playing, Attack).visit.target == 1


# Other models.


def at_models(extra: tuple[FoundModel, ...] = ()) -> Player:
    """An attack on one of several machines, at the question which one is to look."""
    playing = at_attack()
    playing.send(models_found(*extra))
    playing.touch("models")
    return playing


def models_found(*extra: FoundModel) -> ModelsFound:
    return ModelsFound((EFFICIENTNET, MOBILENET, *extra), EFFICIENTNET.name)


def test_another_machine_judges_the_same_picture_anew() -> None:
    playing = at_models()
    playing.touch("model-mobilenet_v2")
    assert of(playing, ChooseModel)[-1].name == "mobilenet_v2"
    assert screen(playing, Choose).visit.original == ORIGINAL
    assert playing.state.context.chosen == "mobilenet_v2"
    playing.touch(f"label-{FLAMINGO}")
    assert playing.control("models").text == "MobileNet 2"


def test_while_a_machine_wakes_up_only_the_end_goes_on() -> None:
    playing = at_models()
    playing.answers = False
    playing.touch("model-mobilenet_v2")
    job = of(playing, ChooseModel)[-1].job
    playing.touch("back")
    playing.touch("model-efficientnet_lite0")
    assert isinstance(playing.state.screen, Models)
    assert len(of(playing, ChooseModel)) == 1
    playing.start_again()
    assert DropJob(job) in playing.effects
    playing.send(ModelChosen(job, "mobilenet_v2", ORIGINAL))
    assert playing.state.visitor.chosen == ""


def test_a_machine_that_does_not_wake_up_leaves_the_old_one() -> None:
    playing = at_models()
    playing.answers = False
    playing.touch("model-mobilenet_v2")
    playing.send(JobLost(of(playing, ChooseModel)[-1].job))
    assert playing.state.context.texts("models.failed") in said(playing)
    playing.touch("back")
    assert screen(playing, Attack).visit.target == FLAMINGO
    assert playing.state.context.chosen == "efficientnet_lite0"


def test_a_machine_with_labels_of_its_own_is_read_by_them() -> None:
    playing = at_models((FoundModel("fruit", ("apple", "pear")),))
    playing.original = taught_answer(0.8, 0.2)
    playing.touch("model-fruit")
    assert playing.state.context.labels.names == ("apple", "pear")
    assert any("apple" in words for words in said(playing))


def test_what_was_taught_is_one_of_the_machines() -> None:
    playing = at_trained(labels=2)
    playing.send(models_found())
    playing.touch("try")
    playing.touch("shoot")
    playing.wait(3.0)
    playing.touch("rate-unsure")
    playing.touch("label-1")
    playing.touch("models")
    names = [name for name in playing.names if name.startswith("model-")]
    assert names == ["model-efficientnet_lite0", "model-mobilenet_v2", f"model-{TAUGHT}"]
    playing.touch("model-efficientnet_lite0")
    assert playing.state.visitor.chosen == ""
    assert len(playing.state.context.labels.names) == 1000


@pytest.mark.parametrize("panel", ["800x480", "1280x800", "720x1280"])
def test_the_picker_is_there_with_several_machines_only(panel: str) -> None:
    playing = at_attack(panel)
    assert playing.find("models") is None
    playing.send(models_found())
    box = playing.control("models").box
    others = [c.box for c in playing.scene.controls if c.name in ("again", "other", "retake")]
    assert all(box.y <= other.y for other in others), "at the top"
    assert not any(overlap(box, other) for other in others)


# The end.


TEACHING: dict[str, Callable[[], Player]] = {
    "signs": at_signs,
    "teach": at_teach,
    "trained": at_trained,
    "confusion": at_confusion,
}


@pytest.mark.parametrize("where", TEACHING)
def test_somebody_who_teaches_may_be_quiet_for_longer(where: str) -> None:
    playing = TEACHING[where]()
    playing.wait(IDLE.teaching_quiet_s - 8.0)
    assert playing.scene.name != "idle"
    playing.wait(9.0)
    assert playing.scene.name == "idle"
    playing.wait(IDLE.countdown_s + 6.0)
    screen(playing, Attract)
    assert Forget() in playing.effects
    assert IDLE.quiet_s < IDLE.teaching_quiet_s


def test_the_end_forgets_all_that_was_taught_and_shows_it() -> None:
    playing = at_trained()
    newest = playing.state.visitor.lesson.newest
    assert newest is not None
    playing.start_again()
    assert shown_keys(playing) == [newest.key]
    playing.wait(2.0)
    assert isinstance(playing.state.screen, Forgotten)
    assert playing.state.context.texts("forgotten.title_taught") in said(playing)
    assert playing.state.visitor.lesson == Lesson()
    assert playing.state.visitor.chosen == ""
    assert playing.effects[-1] == Forget()
    playing.touch("anywhere")
    assert len(playing.state.context.labels.names) == 1000
    assert playing.control("teach").text == playing.state.context.texts("control.teach")


def test_a_visit_that_ends_elsewhere_forgets_the_lesson_too() -> None:
    playing = at_taught_choose()
    playing.start_again()
    playing.wait(6.0)
    assert isinstance(playing.state.screen, Attract)
    assert playing.state.visitor.lesson == Lesson()
    assert playing.state.context.models == ()


def forgets_picture(playing: Player) -> bool:
    return ForgetPicture() in playing.effects or Forget() in playing.effects


@pytest.mark.parametrize("card", ["card-teach", "card-vaccine"])
def test_from_the_cards_to_teaching_and_back_the_fooled_picture_is_still_there(card: str) -> None:
    playing = at_cards()
    before = playing.state.screen
    playing.effects.clear()
    playing.touch(card)
    screen(playing, Signs)
    playing.touch("sign-0")
    playing.touch("back")
    assert playing.state.screen == before
    playing.touch(card)
    show(playing, 2)
    playing.touch("add")
    playing.touch("sign-1")
    show(playing, 2)
    playing.touch("back")
    assert playing.state.screen == before
    assert not forgets_picture(playing)
    playing.touch("back")
    assert screen(playing, Attack).visit.fools
    assert shown_keys(playing)


def test_what_judged_the_fooled_picture_judges_again_when_back_leads_to_it_from_a_training() -> None:
    playing = at_cards()
    playing.send(models_found())
    playing.touch("back")
    playing.touch("cards")
    before = playing.state.screen
    playing.effects.clear()
    playing.touch("card-teach")
    for number in range(2):
        playing.touch(f"sign-{number}")
        show(playing, 2)
        if not number:
            playing.touch("add")
    playing.touch("train")
    playing.wait(5.0)
    assert playing.state.context.taught
    assert not forgets_picture(playing)
    playing.touch("back")
    assert playing.focused == "try"
    playing.touch("back")
    assert playing.state.screen == before
    assert playing.state.visitor.chosen == ""
    assert of(playing, JudgeAgain) == [JudgeAgain(playing.state.context.default)]
    playing.touch("card-teach")
    assert playing.focused == "try", "it knows them still"
    playing.touch("try")
    assert playing.state.visitor.chosen == TAUGHT
    assert of(playing, JudgeAgain)[-1] == JudgeAgain(TAUGHT)
    assert ForgetPicture() in playing.effects, "a new picture is taken"


def test_a_picture_goes_with_the_head_that_judged_it() -> None:
    playing = at_fooled_taught()
    playing.touch("cards")
    playing.touch("card-teach")
    show(playing)
    playing.effects.clear()
    playing.touch("train")
    playing.wait(5.0)
    assert playing.effects.count(ForgetPicture()) == 1
    playing.touch("back")
    screen(playing, Teach)
    playing.touch("back")
    screen(playing, Live)


def test_a_picture_that_waits_is_shown_as_it_is_forgotten() -> None:
    playing = at_cards()
    playing.touch("card-teach")
    playing.start_again()
    screen(playing, Forgotten)
    assert shown_keys(playing) == ["adversarial"]
