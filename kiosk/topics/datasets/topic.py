"""Exhibit datasets: staff keep what was taught, visitors begin with it."""

from dataclasses import replace

from kiosk.core.context import Context, StaffPage, Visitor
from kiosk.core.labels import TAUGHT
from kiosk.core.topic import Entered, Topic, door
from kiosk.topics.datasets.messages import ToDatasets, ToOpened, ToReadymade
from kiosk.topics.datasets.screens.readymade import Readymade
from kiosk.topics.datasets.screens.staff_datasets import StaffDatasets
from kiosk.topics.teaching.messages import ToLesson, taught_model


def readymade(_way: ToReadymade, _context: Context) -> Entered:
    """Choose between one's own things and what is kept."""
    return Entered(Readymade())


def page(_way: ToDatasets, _context: Context) -> Entered:
    """Show staff what is kept."""
    return Entered(StaffDatasets())


def opened(way: ToOpened, context: Context) -> Entered:
    """Go on with a dataset as the lesson; where its head judges, it has been learned already."""
    job, dataset = way.opened.job, way.opened.dataset
    guests = dataset.guests(context.own_signs)
    lesson = dataset.lesson(job, (*context.own_signs, *guests))
    known = replace(context, visitor=Visitor(lesson, guests))
    model = "" if way.opened.model == context.default else way.opened.model
    visitor = replace(
        known.visitor,
        taught=taught_model(known, lesson),
        chosen=TAUGHT if lesson.report is not None else model,
    )
    return Entered(ToLesson(0), visitor=visitor, next_job=job + dataset.size)


TOPIC = Topic(
    __package__,
    doors=(door(ToReadymade, readymade), door(ToDatasets, page), door(ToOpened, opened)),
    staff_pages=(StaffPage("datasets", "album", ToDatasets(), 30),),
)
