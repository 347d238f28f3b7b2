"""Visits that ask why."""

from kiosk.core.message import Effect, Event
from kiosk.topics.explain.messages import DrawMaps, MapsDrawn
from tests.player import Player, Script
from tests.topics.attack.scripted import at_fooled


class ExplainScript(Script):
    """What this topic's effects are answered with."""

    def answer(self, playing: Player, effect: Effect) -> tuple[Event, ...] | None:
        """The news that an effect leads to."""
        del playing
        match effect:
            case DrawMaps(job, label):
                return (MapsDrawn(job, label),)
            case _:
                return None


SCRIPT = ExplainScript


def at_explain(panel: str = "1280x800") -> Player:
    """A visit that asks why."""
    playing = at_fooled(panel)
    playing.touch("why")
    playing.wait(0.5)
    return playing
