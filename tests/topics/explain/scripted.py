"""Visits that ask why."""

from kiosk.core.message import Effect, Event
from kiosk.topics.explain.facts import Page, Pushed, Tally
from kiosk.topics.explain.messages import (
    ContrastDrawn,
    DrawContrast,
    DrawMaps,
    DrawPushes,
    MapsDrawn,
    PushesDrawn,
)
from tests.player import Player, Script
from tests.topics.attack.scripted import at_fooled

BEFORE, AFTER = Tally(-8.1, -0.6), Tally(7.9, -0.6)
MADE, THROWN = Pushed(0.82, AFTER.total), Pushed(0.5, -8.5)


class ExplainScript(Script):
    """What this topic's effects are answered with."""

    exact = True
    evidence = (True, True)

    def answer(self, playing: Player, effect: Effect) -> tuple[Event, ...] | None:
        """The news that an effect leads to."""
        del playing
        match effect:
            case DrawContrast(job, _, _, step):
                return (ContrastDrawn(job, BEFORE, AFTER if step else BEFORE, self.exact),)
            case DrawMaps(job, label):
                return (MapsDrawn(job, label, *self.evidence),)
            case DrawPushes(job):
                return (PushesDrawn(job, BEFORE.total, MADE, THROWN, 49012),)
            case _:
                return None


SCRIPT = ExplainScript


def at_explain(panel: str = "1280x800") -> Player:
    """A visit that asks why."""
    playing = at_fooled(panel)
    playing.touch("why")
    playing.wait(0.5)
    return playing


def at_page(page: Page, panel: str = "1280x800") -> Player:
    """A visit that asks why in another way."""
    playing = at_explain(panel)
    playing.touch(f"page-{page}")
    playing.wait(0.5)
    return playing
