"""Visits that vaccinate what they taught: the way there, the teaching of one picture, and the honest report."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from kiosk.core.context import IdleTimes
from kiosk.core.health import Health, Phase
from kiosk.core.lesson import MOST_EXAMPLES, Example, Lesson
from kiosk.core.message import Button, DropJob, Forget, ForgetPicture, GradientsChanged, JobLost
from kiosk.core.scene import Bar, Colour
from kiosk.core.visit import Rating, Verdict
from kiosk.topics.attack.messages import StartStack
from kiosk.topics.attack.screens.attack import Attack
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.attract.screens.forgotten import Forgotten
from kiosk.topics.cards.screen import Cards
from kiosk.topics.models.messages import ModelsFound
from kiosk.topics.teaching.messages import DropExamples
from kiosk.topics.teaching.screens.signs import Signs
from kiosk.topics.teaching.screens.teach import Teach
from kiosk.topics.vaccine.facts import Resistance, Robustness, Stage, VaccineReport
from kiosk.topics.vaccine.messages import GiveVaccine, VaccineGiven, VaccineUnderWay
from kiosk.topics.vaccine.screens.vaccinated import Vaccinated, outcome
from kiosk.topics.vaccine.screens.vaccine import Vaccine, opened
from tests.player import EFFICIENTNET, PANELS, TEXTS, Player, of, said, screen_of, shown_keys, taught_answer
from tests.topics.cards.scripted import at_cards
from tests.topics.teaching.scripted import at_fooled_taught, at_trained
from tests.topics.vaccine.scripted import HELPED, at_vaccinated, at_vaccinating, at_vaccine

CAT, DOG, BIRD = 0, 1, 2


def at_cards_taught(panel: str = "1280x800") -> Player:
    playing = at_fooled_taught(panel)
    playing.touch("cards")
    return playing


def busy(stage: Stage | None = None, share: float = 0.5) -> Player:
    """A visit whose vaccine is under way."""
    playing = at_vaccinating()
    if stage is not None:
        playing.send(VaccineUnderWay(job(playing), stage, share))
    return playing


def job(playing: Player) -> int:
    return of(playing, GiveVaccine)[-1].job


def with_lesson(playing: Player, lesson: Lesson) -> None:
    """Make this all that was taught."""
    playing.state = playing.state.with_context(visitor=replace(playing.state.visitor, lesson=lesson))


def asked_of(playing: Player) -> Vaccine:
    """The screen that asks what the picture really is, which must be the present one."""
    screen = screen_of(playing)
    assert isinstance(screen, Vaccine)
    return screen


# The way there.


def test_on_a_fooled_taught_model_the_light_stands_on_the_vaccine() -> None:
    playing = at_cards_taught()
    assert playing.focused == "card-vaccine"
    playing.press(Button.SHUTTER)
    assert isinstance(screen_of(playing), Vaccine)
    playing.touch("back")
    assert isinstance(screen_of(playing), Cards)


@pytest.mark.parametrize("panel", PANELS)
def test_it_is_one_press_from_the_fooled_picture(panel: str) -> None:
    playing = at_fooled_taught(panel)
    playing.send(ModelsFound((EFFICIENTNET,), EFFICIENTNET.name))
    assert playing.control("cards")
    playing.touch("card-vaccine")
    assert isinstance(screen_of(playing), Vaccine)


def test_on_the_thousand_labels_the_card_leads_to_teaching_and_says_why() -> None:
    playing = at_cards()
    assert playing.focused != "card-vaccine"
    assert "You can only vaccinate what you taught. So teach it first." in said(playing)
    playing.touch("card-vaccine")
    assert isinstance(screen_of(playing), Signs)
    assert ForgetPicture() not in playing.effects, "Back leads to it"


def test_where_teaching_is_not_offered_there_is_no_vaccine() -> None:
    playing = at_cards()
    assert playing.find("card-vaccine") is not None
    playing.state = playing.state.with_context(own_signs=())
    assert playing.find("card-vaccine") is None


def test_a_picture_that_does_not_fool_it_is_no_vaccine() -> None:
    playing = at_fooled_taught()
    playing.touch("less")
    assert playing.find("card-vaccine") is None
    playing.touch("more")
    playing.touch("cards")
    screen = screen_of(playing)
    assert isinstance(screen, Cards)
    playing.state = replace(playing.state, screen=Cards(replace(screen.visit, shown=1)))
    assert "A vaccine is made of a picture that fools it. So fool it first." in said(playing)
    playing.touch("card-vaccine")
    assert isinstance(screen_of(playing), Attack)


def test_after_pictures_were_changed_it_is_trained_again_first() -> None:
    playing = at_trained(labels=3)
    lesson = playing.state.visitor.lesson
    assert lesson.learned
    number = lesson.labels[0].examples[0].number
    assert not lesson.without_example(number).learned
    assert not lesson.moved(number, 1).learned
    assert lesson.with_example(0, Example(9999, 9999)).learned, "more pictures hurt nothing"

    playing = at_cards_taught()
    with_lesson(playing, playing.state.visitor.lesson.without_example(number))
    assert "You changed its pictures. So train it again first." in said(playing)
    playing.touch("card-vaccine")
    assert isinstance(screen_of(playing), Teach)


# What it really is.


def test_what_it_said_at_first_is_what_it_really_is_until_another_is_picked() -> None:
    playing = at_vaccine()
    assert asked_of(playing).label == CAT
    assert "Teach it: this is really Cup." in said(playing)
    assert "It says Shoe." in said(playing)
    assert playing.find(f"label-{DOG}") is None, "the lie is what it is not"
    playing.touch(f"label-{BIRD}")
    assert "Teach it: this is really Bottle." in said(playing)
    playing.touch("give")
    playing.wait(0.1)
    assert of(playing, GiveVaccine)[-1] == GiveVaccine(job(playing), 4, BIRD, DOG)


def test_an_answer_that_the_visitor_said_is_wrong_is_not_taught() -> None:
    playing = at_cards_taught()
    screen = screen_of(playing)
    assert isinstance(screen, Cards)
    rated = replace(screen.visit, rated=Rating.WRONG)
    assert opened(rated, playing.state.context).label not in (CAT, DOG)


def test_where_the_first_answer_is_the_lie_the_next_one_is_offered() -> None:
    playing = at_cards_taught()
    screen = screen_of(playing)
    assert isinstance(screen, Cards)
    unsure = replace(screen.visit, original=taught_answer(0.2, 0.5, 0.3, known=False))
    playing.state = replace(playing.state, screen=Cards(unsure))
    playing.touch("card-vaccine")
    assert asked_of(playing).label == BIRD


def test_by_the_buttons_alone() -> None:
    playing = at_vaccine()
    assert playing.focused == "give"
    playing.press(Button.LESS)
    playing.press(Button.LESS)
    assert playing.focused == f"label-{BIRD}"
    playing.press(Button.SHUTTER)
    assert asked_of(playing).label == BIRD
    playing.press(Button.MORE)
    playing.press(Button.MORE)
    playing.press(Button.SHUTTER)
    playing.wait(0.2)
    assert isinstance(screen_of(playing), Vaccinated)
    assert playing.focused == "attack"
    playing.press(Button.SHUTTER)
    assert isinstance(screen_of(playing), Attack)


# While it is given.


def test_it_waits_for_the_gradient_process() -> None:
    playing = at_vaccine()
    playing.send(GradientsChanged(Health(Phase.WARMING)))
    playing.touch("give")
    playing.wait(1.0)
    assert of(playing, GiveVaccine) == []
    playing.touch("cancel")
    assert playing.focused == "give"
    playing.touch("give")
    playing.send(GradientsChanged(Health(Phase.READY)))
    playing.wait(0.1)
    assert isinstance(screen_of(playing), Vaccinated)


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        (Stage.ATTACKING_BEFORE, "Fooling it again, to count the steps"),
        (Stage.COPYING, "Adding noise to your pictures"),
        (Stage.TRAINING, "Learning this picture with the right name"),
        (Stage.ATTACKING_AFTER, "Fooling it again: is it harder now?"),
    ],
)
def test_each_stage_is_said_with_how_far_it_is(stage: Stage, words: str) -> None:
    playing = busy(stage, 0.25)
    assert words in said(playing)
    assert [item.share for item in playing.scene.items if isinstance(item, Bar)] == [0.25]
    assert playing.find("give") is None
    playing.send(VaccineUnderWay(job(playing) - 1, Stage.COPYING, 0.9))
    assert asked_of(playing).stage is stage, "another job's progress"


@pytest.mark.parametrize(("control", "screen"), [("cancel", Vaccine), ("again", Forgotten)])
def test_it_can_be_stopped(control: str, screen: type) -> None:
    playing = busy(Stage.TRAINING)
    asked = job(playing)
    if control == "again":
        playing.start_again()
    else:
        playing.touch(control)
    assert isinstance(screen_of(playing), screen)
    assert DropJob(asked) in playing.effects
    if control == "cancel":
        assert playing.focused == "give"
        assert asked_of(playing).label == CAT


def test_a_lost_vaccine_says_that_nothing_has_changed_and_can_be_tried_again() -> None:
    playing = busy(Stage.TRAINING)
    lesson = playing.state.visitor.lesson
    playing.send(JobLost(job(playing), "gone"))
    assert "Nothing has changed. Please try again in a moment." in said(playing)
    assert playing.state.visitor.lesson == lesson
    playing.answers = True
    playing.touch("give")
    playing.wait(0.2)
    assert isinstance(screen_of(playing), Vaccinated)

    playing = busy(Stage.TRAINING)
    playing.send(GradientsChanged(Health(Phase.LOST)))
    assert asked_of(playing).lost
    assert DropJob(job(playing)) in playing.effects


@pytest.mark.parametrize("make", [at_vaccine, at_vaccinated, lambda: busy(Stage.TRAINING)])
def test_it_is_left_alone_as_patiently_as_teaching(make: object) -> None:
    assert callable(make)
    playing: Player = make()
    times = IdleTimes()
    playing.wait(times.quiet_s + 5)
    assert playing.scene.name != "idle"
    playing.wait(times.teaching_quiet_s - times.quiet_s)
    assert playing.scene.name == "idle"
    assert "adversarial" in shown_keys(playing)
    jobs = [effect.job for effect in of(playing, GiveVaccine)]
    playing.wait(times.countdown_s + 10)
    assert isinstance(screen_of(playing), Attract)
    assert Forget() in playing.effects
    if make not in (at_vaccine, at_vaccinated):
        assert DropJob(jobs[-1]) in playing.effects


# The report.


def test_the_picture_becomes_an_example_and_the_visit_is_as_judged_now() -> None:
    playing = at_vaccine()
    before = playing.state.visitor.lesson
    playing.touch("give")
    playing.wait(0.2)
    screen = screen_of(playing)
    assert isinstance(screen, Vaccinated)
    assert screen.visit.now.verdict is Verdict.NOT_YET, "the new head is not fooled by it"
    after = playing.state.visitor.lesson
    assert after.labels[CAT].examples == (
        *before.labels[CAT].examples,
        Example(job(playing), before.labels[CAT].examples[0].burst),
    )
    assert after.labels[1:] == before.labels[1:]
    assert after.learned
    assert of(playing, DropExamples) == []
    playing.touch("table")
    shown = [key for key in shown_keys(playing) if key.startswith("example-")]
    assert len(shown) == len(HELPED.others)


def test_a_full_label_takes_no_more() -> None:
    playing = at_vaccine()
    lesson = playing.state.visitor.lesson
    crowd = tuple(Example(5000 + n, 1) for n in range(MOST_EXAMPLES))
    full = replace(lesson.labels[CAT], examples=(*lesson.labels[CAT].examples, *crowd)[:MOST_EXAMPLES])
    with_lesson(playing, replace(lesson, labels=(full, *lesson.labels[1:])))
    playing.touch("give")
    playing.wait(0.2)
    assert len(playing.state.visitor.lesson.labels[CAT].examples) == MOST_EXAMPLES
    assert of(playing, DropExamples) == [DropExamples((job(playing),))]


def test_its_own_test_is_told_anew() -> None:
    playing = busy()
    report = playing.state.visitor.lesson.report
    assert report is not None
    assert report.right < report.total
    steps = asked_of(playing).visit.steps
    predicted = tuple(one.right for one in report.tested)
    playing.send(VaccineGiven(job(playing), HELPED, (), predicted, 1, steps[0].answer, steps))
    again = playing.state.visitor.lesson.report
    assert again is not None
    assert again.right == again.total == report.total


def resistances(*pairs: tuple[int | None, int | None]) -> tuple[Resistance, ...]:
    return tuple(Resistance(before, after, place) for place, (before, after) in enumerate(pairs))


CASES: Sequence[tuple[VaccineReport, str, str, str]] = (
    (HELPED, "helped", "It helped!", "It still can be fooled"),
    (
        replace(HELPED, others=resistances((3, 3), (2, 1), (4, 6))),
        "only_here",
        "Most others are not.",
        "That is normal.",
    ),
    (replace(HELPED, same_photo=Resistance(4, 4)), "no_harder", "It did not help", "That is normal."),
    (replace(HELPED, same_photo=Resistance(4, 2)), "no_harder", "It did not help", "That is normal."),
    (replace(HELPED, same_photo=Resistance(None, 9)), "no_harder", "It did not help", "That is normal."),
    (replace(HELPED, same_picture_right=False), "still_fooled", "It did not help", "That is normal."),
    (replace(HELPED, clean_after=0.85), "worse", "It did not help", "That is normal."),
    (replace(HELPED, same_photo=Resistance(None, None)), "unclear", "hard to fool before", "cannot tell"),
)


@pytest.mark.parametrize(("report", "came", "title", "note"), CASES)
def test_the_report_says_plainly_whether_it_helped(
    report: VaccineReport, came: str, title: str, note: str
) -> None:
    assert outcome(report) == came
    assert report.helped is (came in ("helped", "only_here"))
    playing = at_vaccinated(report=report)
    assert any(title in text for text in said(playing))
    assert not any(note in text for text in said(playing)), "one sentence"
    assert len(shown_keys(playing)) == 1, "one picture"
    playing.touch("table")
    assert any(title in text for text in said(playing))
    assert any(note in text for text in said(playing))


@pytest.mark.parametrize("by_buttons", [False, True])
def test_the_table_lies_behind_more_and_back_leads_back(by_buttons: bool) -> None:
    playing = at_vaccinated()
    before = screen_of(playing)
    if by_buttons:
        playing.press(Button.LESS)
        assert playing.focused == "table"
        playing.press(Button.SHUTTER)
        assert playing.focused == "back"
        playing.press(Button.SHUTTER)
    else:
        playing.touch("table")
        assert playing.find("attack") is None
        playing.touch("back")
    assert screen_of(playing) == before
    assert playing.primary == "attack"


def tried(report: VaccineReport) -> list[str]:
    """All that can be read of a report, on the screen and behind More."""
    playing = at_vaccinated(report=report)
    words = said(playing)
    playing.touch("table")
    return words + said(playing)


def test_what_was_shown_once_only_has_no_share_of_clean_pictures() -> None:
    words = tried(replace(HELPED, clean_before=1.0, clean_after=1.0, tested=False))
    assert TEXTS.words["vaccinated.untested"] in words
    assert not [text for text in words if "100" in text]


def test_the_report_shows_all_that_was_tried() -> None:
    words = tried(HELPED)
    for text in (
        "It says Cup. Right!",
        "4 steps",
        "11 steps",
        "Others, in steps: 5 of 8 are harder",
        "3 → 5",
        "5 → 16+",
        "Without noise: 94\u00a0% right, now 97\u00a0%.",
    ):
        assert text in words, text
    assert not [text for text in words if "of 255" in text]

    report = replace(
        HELPED,
        same_picture_right=False,
        same_photo=Resistance(1, None),
        others=(),
        robust=Robustness(2.0, 0.2, 0.65),
    )
    words = tried(report)
    for text in (
        "It says Shoe. Still fooled.",
        "1 step",
        "over 16 steps",
        "There were no other pictures to try.",
        "Noise of 2 shades: 20\u00a0% right, now 65\u00a0%.",
    ):
        assert text in words, text


def test_a_doubt_is_shown_beside_the_answer() -> None:
    playing = busy()
    steps = asked_of(playing).visit.steps
    doubting = replace(steps[-1], answer=taught_answer(0.5, 0.3, 0.2, known=False))
    given = VaccineGiven(job(playing), HELPED, (), (), 1, steps[0].answer, (*steps[:-1], doubting))
    playing.send(given)
    assert "It says Cup, not sure." in said(playing)


@pytest.mark.parametrize(
    ("before", "after", "bars"),
    [
        (4, 11, [(11 / 16, Colour.TRUTH), (4 / 16, Colour.MUTE)]),
        (4, None, [(1.0, Colour.TRUTH), (4 / 16, Colour.MUTE)]),
        (4, 4, [(4 / 16, Colour.MUTE), (4 / 16, Colour.LIE)]),
        (6, 4, [(6 / 16, Colour.MUTE), (4 / 16, Colour.LIE)]),
    ],
)
def test_one_bar_shows_the_steps_before_and_now_blue_where_it_is_harder(
    before: int | None, after: int | None, bars: list[tuple[float, Colour]]
) -> None:
    scene = at_vaccinated(report=replace(HELPED, same_photo=Resistance(before, after))).scene
    drawn = [item for item in scene.items if isinstance(item, Bar)]
    assert [(bar.share, bar.colour) for bar in drawn] == bars, "the shorter lies on the longer"
    assert len({bar.box for bar in drawn}) == 1


def test_attack_again_is_a_fresh_attack_on_the_vaccinated_model() -> None:
    playing = at_vaccinated()
    assert playing.focused == "attack"
    playing.effects.clear()
    playing.touch("attack")
    assert playing.effects == [StartStack(DOG)]
    screen = screen_of(playing)
    assert isinstance(screen, Attack)
    assert len(screen.visit.steps) == 1
    assert screen.visit.target == DOG
    playing.touch("fool")
    playing.wait(1.0)
    assert "Fooled!" in said(playing)
    playing.touch("cards")
    playing.touch("card-vaccine")
    playing.touch("give")
    playing.wait(0.2)
    assert isinstance(screen_of(playing), Vaccinated), "it can be vaccinated again"


def test_more_to_try_goes_on_with_the_picture_as_it_is_judged_now() -> None:
    playing = at_vaccinated()
    playing.touch("cards")
    assert isinstance(screen_of(playing), Cards)
    assert "A vaccine is made of a picture that fools it. So fool it first." in said(playing)
    playing.touch("back")
    assert isinstance(screen_of(playing), Vaccinated)


def test_start_again_forgets_it_all() -> None:
    playing = at_vaccinated()
    playing.start_again()
    assert isinstance(screen_of(playing), Forgotten)
    playing.wait(10.0)
    assert of(playing, Forget) == [Forget()]
    assert not playing.state.visitor.lesson.labels
    assert not playing.state.context.taught
