"""Visits that look inside."""

from kiosk.core.message import Effect, Event
from kiosk.topics.inside.messages import InsideTold, LookInside, StageTold
from tests.player import Player, Script
from tests.topics.cards.scripted import at_card

STAGES = tuple(
    StageTold(rows, channels, aimed, aimed / 5, (aimed / 2, aimed, aimed * 1.3))
    for rows, channels, aimed in (
        (224, 3, 0.02),
        (112, 32, 0.04),
        (56, 24, 0.08),
        (28, 40, 0.13),
        (14, 112, 0.3),
        (7, 1280, 0.72),
    )
)


class InsideScript(Script):
    """What this topic's effects are answered with."""

    def answer(self, playing: Player, effect: Effect) -> tuple[Event, ...] | None:
        """The news that an effect leads to."""
        del playing
        match effect:
            case LookInside(job):
                return (InsideTold(job, STAGES),)
            case _:
                return None


SCRIPT = InsideScript


def at_inside(panel: str = "1280x800") -> Player:
    """A visit that looked inside."""
    playing = at_card("inside", panel)
    playing.wait(0.5)
    return playing
