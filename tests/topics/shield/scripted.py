"""Visits that put up the shield."""

from kiosk.core.message import Effect, Event, JobAdvanced
from kiosk.topics.shield.messages import Ballot, RaiseShield, ShieldRaised
from tests.player import CUP, ESPRESSO, Player, Script
from tests.topics.cards.scripted import at_card

HELD = Ballot(ESPRESSO, 97, 0, 100, 19.0)
CLEAN = Ballot(ESPRESSO, 100, 0, 100, 19.9)
OTHER = Ballot(CUP, 58, 31, 100, 0.0)


class ShieldScript(Script):
    """What this topic's effects are answered with."""

    adversarial = HELD

    def answer(self, playing: Player, effect: Effect) -> tuple[Event, ...] | None:
        """The news that an effect leads to."""
        del playing
        match effect:
            case RaiseShield(job):
                return (JobAdvanced(job, 0.5), ShieldRaised(job, CLEAN, self.adversarial))
            case _:
                return None


SCRIPT = ShieldScript


def at_shield(panel: str = "1280x800", adversarial: Ballot = HELD) -> Player:
    """A visit whose copies have voted."""
    playing = at_card("shield", panel)
    playing.script(ShieldScript).adversarial = adversarial
    playing.wait(0.5)
    return playing
