"""Visits that paint."""

from kiosk.core.message import Effect, Event
from kiosk.core.visit import Answer, Verdict
from kiosk.topics.sketchpad.messages import JudgePainting, PaintingJudged
from kiosk.topics.sketchpad.screens.sketchpad import Sketchpad
from tests.player import ESPRESSO, ORIGINAL, Player, Script
from tests.topics.cards.scripted import at_cards


class SketchpadScript(Script):
    """What this topic's effects are answered with."""

    painted: Answer = ORIGINAL  # what is said to any paint

    def answer(self, playing: Player, effect: Effect) -> tuple[Event, ...] | None:
        """The news that an effect leads to."""
        match effect:
            case JudgePainting(job):
                return (self._judged(playing, job),)
            case _:
                return None

    def _judged(self, playing: Player, job: int) -> PaintingJudged:
        """Without paint what the step says, with any what `painted` says."""
        screen = playing.state.screen
        assert isinstance(screen, Sketchpad)
        if not screen.painted:
            return PaintingJudged(job, screen.visit.now.answer, screen.visit.now.verdict)
        label = self.painted.first.label
        said = Verdict.FOOLED if label == playing.target else Verdict.NEARLY
        return PaintingJudged(job, self.painted, Verdict.NOT_YET if label == ESPRESSO else said)


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
