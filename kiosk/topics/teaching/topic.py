"""A visitor teaches labels of their own."""

from dataclasses import replace

from kiosk.core.context import Card, Context
from kiosk.core.labels import TAUGHT
from kiosk.core.topic import Entered, Step, Topic, door
from kiosk.core.visit import Visit
from kiosk.topics.datasets.messages import Kept, ListDatasets, ToReadymade
from kiosk.topics.photograph.messages import StartLive
from kiosk.topics.teaching.messages import (
    ToAlbum,
    ToConfusion,
    ToLesson,
    ToSigns,
    ToTeach,
    ToTrained,
    ToTraining,
    taught_model,
)
from kiosk.topics.teaching.screens.album import Album
from kiosk.topics.teaching.screens.confusion import opened
from kiosk.topics.teaching.screens.signs import Signs
from kiosk.topics.teaching.screens.teach import Teach
from kiosk.topics.teaching.screens.training import Training


def teach(_way: ToTeach, _context: Context) -> Entered:
    """Go on with the lesson there is."""
    return Entered(ToLesson())


def lesson(way: ToLesson, context: Context) -> Entered:
    """Show the camera to a label; without labels, begin with what is ready-made, or with the wall of signs."""
    labels = context.lesson.labels
    if not labels:
        kept = context.fact(Kept).datasets
        return Entered(ToReadymade() if kept else Signs(), (ListDatasets(),))
    last = len(labels) - 1
    return Entered(Teach(last if way.at is None else min(way.at, last)), (StartLive(judging=False),))


def signs(_way: ToSigns, _context: Context) -> Entered:
    """Pick the name of a label."""
    return Entered(Signs())


def album(way: ToAlbum, _context: Context) -> Entered:
    """Look through pictures."""
    return Entered(Album(way.at, way.said))


def training(_way: ToTraining, context: Context) -> Entered:
    """Train, without the labels that have no examples."""
    return Entered(Training(), visitor=replace(context.visitor, lesson=context.lesson.filled))


def trained(way: ToTrained, context: Context) -> Entered:
    """Show what came of a training; what was taught judges from now on."""
    learned = context.lesson.tested(way.predicted)
    model = taught_model(context, learned)
    return Entered(way.screen, visitor=replace(context.visitor, lesson=learned, taught=model, chosen=TAUGHT))


def confusion(_way: ToConfusion, context: Context) -> Entered:
    """Look at the test."""
    return Entered(opened(context.lesson))


def offer(_visit: Visit, context: Context) -> Card | None:
    """Return the card, where there are signs to teach with."""
    return Card("teach", "teach", ToTeach(waits=True), "teach.card") if context.signs else None


SCRIPT = (
    Step("signs", sample=lambda context: Signs() if context.signs else None, aside=True),
    Step("teach", sample=lambda context: Teach() if context.signs else None, aside=True),
)

TOPIC = Topic(
    __package__,
    doors=(
        door(ToTeach, teach),
        door(ToLesson, lesson),
        door(ToSigns, signs),
        door(ToAlbum, album),
        door(ToTraining, training),
        door(ToTrained, trained),
        door(ToConfusion, confusion),
    ),
    cards=(offer,),
    script=SCRIPT,
)
