"""Visits with several models."""

from kiosk.core.message import Effect, Event
from kiosk.topics.models.messages import ChooseModel, ModelChosen
from tests.player import Player, Script


class ModelsScript(Script):
    """What this topic's effects are answered with."""

    def answer(self, playing: Player, effect: Effect) -> tuple[Event, ...] | None:
        """The news that an effect leads to."""
        match effect:
            case ChooseModel(job, name):
                return (ModelChosen(job, name, playing.original),)
            case _:
                return None


SCRIPT = ModelsScript
