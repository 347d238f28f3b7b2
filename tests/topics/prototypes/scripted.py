"""Visits that ask the judge which tells why."""

from kiosk.core.message import Effect, Event, JobAdvanced
from kiosk.topics.prototypes.facts import Cell, Likeness, Reasoned
from kiosk.topics.prototypes.messages import AskReasons, FoolReasons, ReasonsFooled, ReasonsGiven
from tests.player import Player, Script
from tests.topics.teaching.scripted import at_fooled_taught


def reasoned(label: int, rival: int, *points: float, seed: int = 0) -> Reasoned:
    """An answer whose last points are those of all other parts."""
    *told, rest = points
    parts = tuple(
        Likeness(
            Cell((1 + 2 * at + seed) % 7, (2 + 3 * at) % 7, 7, 7),
            f"prototype-{at + seed}",
            Cell((4 + at) % 7, (3 + seed + at) % 7, 7, 7),
            0.9 - 0.1 * at,
            given,
        )
        for at, given in enumerate(told)
    )
    return Reasoned(label, rival, 0.93, sum(points), parts, rest)


CLEAN = reasoned(0, 1, 3.1, 1.8, 0.9, 1.4)
HELD = reasoned(0, 1, 1.6, 1.2, 0.7, 0.9, seed=1)
TRICKED = reasoned(1, 0, 1.4, 1.3, 0.9, 2.2, seed=3)


class PrototypesScript(Script):
    """What this topic's effects are answered with."""

    after: Reasoned = HELD
    fooled: Reasoned = TRICKED

    def answer(self, playing: Player, effect: Effect) -> tuple[Event, ...] | None:
        """The news that an effect leads to."""
        del playing
        match effect:
            case AskReasons(job):
                return (JobAdvanced(job, 0.5), ReasonsGiven(job, CLEAN, self.after, 0.94, 0.97))
            case FoolReasons(job):
                return (JobAdvanced(job, 0.25), ReasonsFooled(job, self.fooled, 7))
            case _:
                return None


SCRIPT = PrototypesScript


def before_asking(panel: str = "1280x800") -> Player:
    """A visit that fooled what it taught, and is about to ask the judge which tells why."""
    playing = at_fooled_taught(panel)
    playing.touch("cards")
    while playing.find("card-prototypes") is None:
        turns = [int(name.removeprefix("turn-")) for name in playing.names if name.startswith("turn-")]
        playing.touch(f"turn-{max(turns)}")
    return playing


def at_prototypes(panel: str = "1280x800", after: Reasoned = HELD, *, noisy: bool = False) -> Player:
    """A visit that knows why, of the picture without noise or with it."""
    playing = before_asking(panel)
    playing.script(PrototypesScript).after = after
    playing.touch("card-prototypes")
    playing.wait(0.5)
    if noisy:
        playing.touch("other")
        playing.wait(0.3)
    return playing


def at_fooled_reasons(panel: str = "1280x800", fooled: Reasoned = TRICKED) -> Player:
    """A visit that attacked this judge."""
    playing = at_prototypes(panel)
    playing.script(PrototypesScript).fooled = fooled
    playing.touch("fool")
    playing.wait(0.5)
    return playing
