"""Visits that look at more maps."""

from kiosk.core.message import Effect, Event, JobAdvanced
from kiosk.topics.more_maps.facts import Check, Method
from kiosk.topics.more_maps.messages import CheckedDrawn, DrawChecked
from tests.player import Player, Script
from tests.topics.cards.scripted import at_card


class MoreMapsScript(Script):
    """What this topic's effects are answered with."""

    check = Check.CHANGED

    def answer(self, playing: Player, effect: Effect) -> tuple[Event, ...] | None:
        """The news that an effect leads to."""
        del playing
        match effect:
            case DrawChecked(job):
                return (JobAdvanced(job, 0.5), CheckedDrawn(job, self.check))
            case _:
                return None


SCRIPT = MoreMapsScript


def at_more_maps(
    panel: str = "1280x800", method: Method = Method.GRAD_CAM, check: Check = Check.CHANGED
) -> Player:
    """A visit that sees the maps of a kind, of whose control that was found."""
    playing = at_card("more-maps", panel)
    playing.script(MoreMapsScript).check = check
    if method is not Method.GRAD_CAM or check is not Check.CHANGED:
        playing.wait(0.2)
        playing.touch(f"method-{method.name.lower()}")
    playing.wait(0.5)
    return playing
