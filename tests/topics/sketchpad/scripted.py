"""Visits that paint."""

from kiosk.core.message import Effect, Event
from kiosk.core.visit import Answer, Verdict
from kiosk.topics.sketchpad.messages import (
    ClearPaint,
    JudgePainting,
    PaintingJudged,
    Stamp,
    Stroke,
    UndoPaint,
)
from kiosk.topics.sketchpad.performing.paint_layer import PaintLayer
from kiosk.topics.sketchpad.screens.sketchpad import Sketchpad
from tests.player import ESPRESSO, ORIGINAL, Player, Script
from tests.topics.cards.scripted import at_cards


class SketchpadScript(Script):
    """What this topic's effects are answered with; the paint is real."""

    painted: Answer = ORIGINAL  # what is said to any paint

    def __init__(self) -> None:
        self.layer = PaintLayer(32)

    def answer(self, playing: Player, effect: Effect) -> tuple[Event, ...] | None:
        """The news that an effect leads to."""
        match effect:
            case Stroke(ink, start, end, begins):
                self.layer.stroke(ink, start, end, begins=begins)
            case Stamp(shape, ink, place):
                self.layer.stamp(shape, ink, place)
            case ClearPaint():
                self.layer.clear()
            case UndoPaint():
                self.layer.undo()
            case JudgePainting(job):
                return (self._judged(playing, job),)
            case _:
                return None
        return ()

    def _judged(self, playing: Player, job: int) -> PaintingJudged:
        """Without paint what the step says, with any what `painted` says."""
        painted, undoable = self.layer.painted, self.layer.undoable
        if not painted:
            now = sketchpad_of(playing).visit.now
            return PaintingJudged(job, now.answer, now.verdict, painted, undoable)
        label = self.painted.first.label
        said = Verdict.FOOLED if label == playing.target else Verdict.NEARLY
        verdict = Verdict.NOT_YET if label == ESPRESSO else said
        return PaintingJudged(job, self.painted, verdict, painted, undoable)


SCRIPT = SketchpadScript


def at_sketchpad(panel: str = "1280x800") -> Player:
    """A visit that may paint."""
    playing = at_cards(panel)
    playing.touch("card-paint")
    playing.wait(0.5)
    return playing


def sketchpad_of(playing: Player) -> Sketchpad:
    """The sketchpad, which must be the present screen."""
    screen = playing.state.screen
    assert isinstance(screen, Sketchpad)
    return screen
