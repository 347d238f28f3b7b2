"""A vaccine on a real display: what was taught is fooled, vaccinated, and attacked again."""

import pytest

from kiosk.core.lesson import Lesson
from kiosk.core.visit import Verdict
from kiosk.topics.attack.messages import StepJudged
from kiosk.topics.attack.screens.attack import Attack
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.cards.screen import Cards
from kiosk.topics.photograph.screens.live import Live
from kiosk.topics.vaccine.messages import VaccineGiven
from kiosk.topics.vaccine.screens.vaccinated import Vaccinated
from kiosk.topics.vaccine.screens.vaccine import Vaccine
from tests.e2e.exhibit_driver import END_S
from tests.e2e.test_teaching import VACCINE_S, School, Thing, school

__all__ = ["school"]


@pytest.mark.slow  # test_teaching teaches and attacks in every run
def test_what_was_taught_is_vaccinated(school: School) -> None:
    exhibit, (cup, cat) = school.exhibit, school.things
    school.begin()
    school.train()
    exhibit.tap("try")
    exhibit.wait_screen(Live)
    school.photograph(cup)
    school.attack(cat)
    last = exhibit.events(StepJudged)[-1].judged
    assert last.verdict is Verdict.FOOLED

    exhibit.tap("cards")
    exhibit.wait_screen(Cards)
    given = vaccinate(school, cup)
    adversarial = exhibit.state.visitor.lesson.labels[cup.label].examples[-1]
    assert adversarial.number == given.job, "it is one of the cup's pictures from now on"
    assert exhibit.says("It did not help" if not given.report.helped else "It helped")
    assert given.report.same_photo.before == last.step, "that attack was as fresh"
    exhibit.tap("attack")
    exhibit.wait_screen(Attack)
    steps = school.fool()
    if given.report.same_photo.after is not None:
        assert steps == given.report.same_photo.after, "the report was true"

    exhibit.tap("again")
    exhibit.tap("forget")
    exhibit.wait_screen(Attract)
    assert exhibit.state.visitor.lesson == Lesson()
    assert not exhibit.state.context.taught
    status, seconds = exhibit.terminate()
    assert status == 0, exhibit.story()
    assert seconds <= END_S
    assert exhibit.errors == ""


def vaccinate(school: School, thing: Thing) -> VaccineGiven:
    """Teach what the attacked picture really is, and see the report."""
    school.exhibit.tap("card-vaccine")
    school.exhibit.wait_screen(Vaccine)
    assert school.exhibit.screen(Vaccine).label == thing.label, "what it said at first"
    school.exhibit.tap("give")
    school.exhibit.wait_screen(Vaccinated, VACCINE_S)
    return school.exhibit.events(VaccineGiven)[-1]
