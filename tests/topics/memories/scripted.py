"""Visits that ask what both pictures remind it of."""

from kiosk.core.message import Effect, Event
from kiosk.topics.memories.messages import Memory, Remember, Remembered
from tests.player import Player, Script
from tests.topics.cards.scripted import at_card

CUP = tuple(
    Memory(name, f"memory-{number}", likeness)
    for number, (name, likeness) in enumerate((("coffee cup", 0.93), ("coins", 0.41), ("flower", 0.36)))
)
ELSE = tuple(
    Memory(name, f"memory-{number}", likeness)
    for number, (name, likeness) in enumerate((("flower", 0.44), ("coffee cup", 0.43), ("palace", 0.3)), 3)
)


class MemoriesScript(Script):
    """What this topic's effects are answered with."""

    def answer(self, playing: Player, effect: Effect) -> tuple[Event, ...] | None:
        """The news that an effect leads to."""
        del playing
        match effect:
            case Remember(job):
                return (Remembered(job, CUP, ELSE, 0.38),)
            case _:
                return None


SCRIPT = MemoriesScript


def at_memories(panel: str = "1280x800") -> Player:
    """A visit that sees what both pictures remind it of."""
    playing = at_card("memories", panel)
    playing.wait(0.5)
    return playing
