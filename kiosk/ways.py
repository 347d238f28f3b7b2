"""Where the ways lead: the screen that is entered, and what has to start or end there."""

from dataclasses import replace
from typing import assert_never

from kiosk.core.datasets import ListDatasets
from kiosk.core.effects import DropExamples, Effect, Forget, ForgetPicture, StartLive
from kiosk.core.lesson import Example, Lesson
from kiosk.core.model import Phase
from kiosk.core.screen import (
    MoreWay,
    TeachWay,
    ToAlbum,
    ToAttack,
    ToAttract,
    ToCards,
    ToChoose,
    ToConfusion,
    ToDice,
    ToEnd,
    ToExplain,
    ToLive,
    ToModels,
    ToOpened,
    ToOtherModel,
    ToPin,
    ToSetup,
    ToSigns,
    ToSketchpad,
    ToStaff,
    ToTeach,
    ToTrained,
    ToTraining,
    ToUpload,
    ToVaccinated,
    ToVaccine,
    Way,
)
from kiosk.dispatch import Active, Screen, Staffed, StillThere, lesson_of, picture_shown, staff_screen
from kiosk.hands import Hands
from kiosk.screens import confusion, live, vaccine
from kiosk.screens.album import Album
from kiosk.screens.attack import Attack
from kiosk.screens.cards import Cards
from kiosk.screens.choose import Choose
from kiosk.screens.closed import Closed
from kiosk.screens.dice import Dice
from kiosk.screens.explain import Explain
from kiosk.screens.faults import NoCamera, NoModel
from kiosk.screens.idle import Forgotten
from kiosk.screens.live import Live
from kiosk.screens.models import Models
from kiosk.screens.readymade import Readymade
from kiosk.screens.signs import Signs
from kiosk.screens.sketchpad import Sketchpad
from kiosk.screens.teach import Teach
from kiosk.screens.training import Training
from kiosk.screens.upload import Upload
from kiosk.screens.vaccinated import Vaccinated
from kiosk.state import TAUGHT, Outcome, State


def entered(state: State, way: Way) -> Outcome:
    """The screen a way leads to, with what has to start there; the light goes back to its place."""
    state = replace(state, hands=replace(state.hands, lit="", held=None), kept=state.lesson)
    match way:
        case ToAttract() if isinstance(state.screen, Staffed) and state.kept != Lesson():
            return _ended(state)  # staff came from somebody's lesson
        case ToAttract():
            return replace(state, screen=state.resting, hands=Hands(touched_s=state.now_s)), ()
        case ToLive():
            visiting = isinstance(state.screen, Active | StillThere)
            forget: tuple[Effect, ...] = (ForgetPicture(),) if visiting else ()
            if state.staff.closed:
                return replace(state, screen=Closed()), (Forget(),) if visiting else ()
            if state.model.phase is not Phase.READY:
                return replace(state, screen=NoModel(awaited=True)), forget
            if not state.camera:
                return replace(state, screen=NoCamera()), forget
            return replace(state, screen=Live(state.now_s)), (*forget, *live.entering())
        case ToUpload():
            return replace(state, screen=Upload()), ()
        case ToChoose(visit):
            return replace(state, screen=Choose(visit)), ()
        case ToAttack(visit):
            return replace(state, screen=Attack(visit)), ()
        case ToExplain(visit, label):
            return replace(state, screen=Explain(visit, label)), ()
        case ToCards() | ToDice() | ToSketchpad() | ToVaccine():
            return replace(state, screen=_more(state, way)), ()
        case ToVaccinated():
            return _vaccinated(state, way)
        case ToModels(visit):
            return replace(state, screen=Models(visit)), ()
        case ToOtherModel(name, visit):
            return replace(state, screen=Choose(visit), chosen="" if name == state.default else name), ()
        case ToTeach() | ToSigns() | ToAlbum() | ToTraining() | ToTrained() | ToConfusion() | ToOpened():
            return _taught(state, way)
        case ToEnd():
            return _ended(state)
        case ToPin() | ToStaff() | ToSetup():
            screen, effects = staff_screen(way)
            quiet = replace(state.hands, touched_s=state.now_s)  # it was found, not touched, at a first start
            return replace(state, screen=screen, hands=quiet), effects
        case _:
            assert_never(way)


def _more(state: State, way: MoreWay) -> Screen:
    """The screens with more to try on a picture that was attacked."""
    match way:
        case ToCards(visit):
            return Cards(visit)
        case ToDice(visit):
            return Dice(visit)
        case ToSketchpad(visit):
            return Sketchpad(visit)
        case ToVaccine(visit):
            return vaccine.opened(visit, state.hall)
        case _:
            assert_never(way)


def _vaccinated(state: State, way: ToVaccinated) -> Outcome:
    """The report of a vaccine; its picture is one of those that the visitor taught from now on, where there is room."""
    given = way.given
    dose = Example(given.job, given.burst)
    lesson = state.kept.vaccinated(way.label, dose, given.predicted)
    screen = Vaccinated(way.visit, way.label, given.report, given.others)
    refused = () if lesson.holder(dose.number) is not None else (DropExamples((dose.number,)),)
    return replace(state, screen=screen, kept=lesson), refused


def _taught(state: State, way: TeachWay) -> Outcome:
    """The screens of teaching: the camera is shown on one of them only, and a picture that was attacked goes."""
    match way:
        case ToTeach(lesson, at):
            lesson = state.kept if lesson is None else lesson
            forget = () if lesson_of(state.screen) is not None else (ForgetPicture(),)
            if not lesson.labels:
                first: Screen = Readymade(lesson) if state.datasets else Signs(lesson)
                return replace(state, screen=first), (*forget, ListDatasets())
            last = len(lesson.labels) - 1
            teach = Teach(lesson, last if at is None else min(at, last))
            return replace(state, screen=teach), (*forget, StartLive(judging=False))
        case ToOpened():
            return _opened(state, way)
        case ToSigns(lesson):
            return replace(state, screen=Signs(lesson)), ()
        case ToAlbum(lesson, at, said):
            return replace(state, screen=Album(lesson, at, said)), ()
        case ToTraining(lesson):
            return replace(state, screen=Training(lesson)), ()
        case ToTrained(lesson, epochs):
            learned = Training(lesson, epochs, wanted=False, done=True)
            return replace(state, screen=learned, chosen=TAUGHT), ()
        case ToConfusion(lesson):
            return replace(state, screen=confusion.opened(lesson)), ()
        case _:
            assert_never(way)


def _opened(state: State, way: ToOpened) -> Outcome:
    """What staff had kept is the lesson now; where its head judges, it has been learned already."""
    job, dataset = way.opened.job, way.opened.dataset
    guests = dataset.guests(state.signs)
    lesson = dataset.lesson(job, (*state.signs, *guests))
    model = "" if way.opened.model == state.default else way.opened.model
    after = replace(
        state,
        kept=lesson,
        guests=guests,
        chosen=TAUGHT if lesson.report is not None else model,
        next_job=max(state.next_job, job + dataset.size),
    )
    return _taught(after, ToTeach(lesson, 0))


def _ended(state: State) -> Outcome:
    """The end of a visit: what was shown dissolves, and everything is forgotten."""
    newest = state.kept.newest
    key = picture_shown(state.screen) or (newest.key if newest is not None else "")
    ended = replace(state, hands=Hands(touched_s=state.now_s))
    if not key:  # no picture was taken: nothing to show as it goes, still everything is wiped
        return replace(ended, screen=state.resting), (Forget(),)
    return replace(ended, screen=Forgotten(state.now_s, key, taught=newest is not None)), ()
