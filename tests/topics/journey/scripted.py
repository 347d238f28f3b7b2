"""Visits that see the map, and a picture's way over it."""

from kiosk.core.message import Effect, Event, JobAdvanced
from kiosk.topics.journey.facts import Chart, Place, Region
from kiosk.topics.journey.messages import TraceWay, WayTraced
from tests.player import Player, Script
from tests.topics.cards.scripted import at_card

# What the built-in model keeps, on its map and on that turned from espresso to flamingo, in whole tenths.
MIDDLES: dict[str, tuple[Place, Place]] = {
    "astronaut": ((-3.7, -6.2), (-0.4, -3.7)),
    "bricks": ((0.0, 10.9), (0.3, 0.0)),
    "cameraman": ((-3.8, -4.9), (0.0, -3.8)),
    "cat": ((-4.6, 1.6), (0.4, -4.6)),
    "coffee cup": ((-2.3, -1.7), (-2.8, -2.2)),
    "coins": ((11.0, -2.5), (0.6, 11.0)),
    "grass": ((0.0, 4.8), (-0.3, 0.0)),
    "gravel": ((2.2, 5.3), (-0.5, 2.2)),
    "galaxies": ((9.7, -3.3), (0.2, 9.7)),
    "motorcycle": ((-2.3, -1.1), (0.0, -2.3)),
    "rocket": ((-2.3, -0.4), (0.4, -2.3)),
    "palace": ((-3.4, -1.9), (1.0, -3.4)),
    "flower": ((-0.6, -0.7), (1.1, -0.6)),
}


def _regions(which: int) -> tuple[Region, ...]:
    """Six places around each middle."""
    ring = ((0.0, 0.0), (0.3, 0.1), (-0.2, 0.3), (0.1, -0.3), (-0.3, -0.1), (0.2, 0.3))
    return tuple(
        Region(name, tuple((both[which][0] + x, both[which][1] + y) for x, y in ring))
        for name, both in MIDDLES.items()
    )


PATH: tuple[Place, ...] = ((-2.5, -1.7), (-2.2, -1.3), (-2.3, -1.7), (-2.5, -2.6), (-2.4, -3.2))
FLAT = Chart(
    _regions(0),
    PATH,
    ((-2.5, -1.7), (-2.5, -1.8), (-2.6, -1.7), (-2.5, -1.6), (-2.6, -1.9)),
    (1.0, 0.07, 0.02, 0.05, 0.08),
    0.2287,
)
TURNED = Chart(
    _regions(1),
    ((-2.8, -2.4), (-1.1, -2.2), (-0.2, -2.3), (0.1, -2.6), (3.4, -2.5)),
    ((-2.8, -2.4), (-2.7, -2.5), (-2.7, -2.3), (-2.6, -2.5), (-2.5, -2.2)),
    (1.0, 0.28, 0.3, 0.33, 0.33),
    0.13,
    border=0.2,
)


class JourneyScript(Script):
    """What this topic's effects are answered with; `turns` off as by a taught model."""

    turns = True

    def answer(self, playing: Player, effect: Effect) -> tuple[Event, ...] | None:
        """The news that an effect leads to."""
        del playing
        match effect:
            case TraceWay(job):
                return (JobAdvanced(job, 0.5), WayTraced(job, FLAT, TURNED if self.turns else None))
            case _:
                return None


SCRIPT = JourneyScript


def at_journey(panel: str = "1280x800") -> Player:
    """A visit that sees the whole way on the map."""
    playing = at_card("journey", panel)
    playing.wait(0.5)
    return playing


def at_turned(panel: str = "1280x800") -> Player:
    """A visit that turned the map."""
    playing = at_journey(panel)
    playing.touch("turn")
    return playing
