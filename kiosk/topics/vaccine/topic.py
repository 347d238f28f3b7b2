"""Teach what an attacked picture really is, and report honestly whether that helped."""

from dataclasses import replace

from kiosk.core.context import Card, Context
from kiosk.core.lesson import Example
from kiosk.core.topic import Entered, Topic, door
from kiosk.core.visit import Visit
from kiosk.topics.attack.messages import ToAttack
from kiosk.topics.teaching.messages import DropExamples, ToTeach
from kiosk.topics.vaccine.messages import ToVaccinated, ToVaccine
from kiosk.topics.vaccine.screens.vaccinated import Vaccinated
from kiosk.topics.vaccine.screens.vaccine import opened


def vaccine(way: ToVaccine, context: Context) -> Entered:
    """Ask what the picture really is."""
    return Entered(opened(way.visit, context))


def vaccinated(way: ToVaccinated, context: Context) -> Entered:
    """Report; the picture is one of those that the visitor taught from now on, where there is room."""
    given = way.given
    dose = Example(given.job, given.burst)
    lesson = context.lesson.vaccinated(way.label, dose, given.predicted)
    screen = Vaccinated(way.visit, way.label, given.report, given.others)
    refused = () if lesson.holder(dose.number) is not None else (DropExamples((dose.number,)),)
    return Entered(screen, refused, replace(context.visitor, lesson=lesson))


def offer(visit: Visit, context: Context) -> Card | None:
    """Return the card; where no vaccine can be given yet, it leads to what has to come first.

    Without signs nothing can be taught, and so nothing be vaccinated.
    """
    if not context.signs:
        return None
    if context.taught and context.lesson.learned and visit.fools:
        return Card("vaccine", "vaccine", ToVaccine(visit), "vaccine.card", timely=True)
    if not context.taught:
        return Card("vaccine", "vaccine", ToTeach(waits=True), "vaccine.card_untaught")
    if not context.lesson.learned:
        return Card("vaccine", "vaccine", ToTeach(waits=True), "vaccine.card_changed")
    return Card("vaccine", "vaccine", ToAttack(visit), "vaccine.card_unfooled")


TOPIC = Topic(__package__, doors=(door(ToVaccine, vaccine), door(ToVaccinated, vaccinated)), cards=(offer,))
