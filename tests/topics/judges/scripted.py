"""Visits that ask the other models."""

from kiosk.core.message import Effect, Event, JobAdvanced
from kiosk.core.visit import Answer, Ranked
from kiosk.topics.judges.messages import AskJudges, JudgesAsked, Opinion
from kiosk.topics.models.messages import FoundModel, ModelsFound
from tests.player import CUP, EFFICIENTNET, ESPRESSO, FLAMINGO, MOBILENET, Player, Script
from tests.topics.cards.scripted import at_card

CLEAN = Answer((Ranked(ESPRESSO, 0.88), Ranked(CUP, 0.05)))
FOOLED = Answer((Ranked(FLAMINGO, 0.9), Ranked(ESPRESSO, 0.04)))
OTHER = Answer((Ranked(CUP, 0.5), Ranked(ESPRESSO, 0.3)))
OPINIONS = (
    Opinion("efficientnet_lite0", CLEAN, FOOLED, exact=True),
    Opinion("efficientnet_lite1", CLEAN, CLEAN),
    Opinion("mobilenet_v2", CLEAN, OTHER),
)


class JudgesScript(Script):
    """What this topic's effects are answered with."""

    opinions: tuple[Opinion, ...] = OPINIONS

    def answer(self, playing: Player, effect: Effect) -> tuple[Event, ...] | None:
        """The news that an effect leads to."""
        del playing
        match effect:
            case AskJudges(job):
                return (JobAdvanced(job, 0.5), JudgesAsked(job, self.opinions))
            case _:
                return None


SCRIPT = JudgesScript


def at_judges(panel: str = "1280x800", opinions: tuple[Opinion, ...] = OPINIONS) -> Player:
    """A visit that asked the others."""
    playing = at_card("judges", panel)
    playing.script(JudgesScript).opinions = opinions
    playing.send(ModelsFound((EFFICIENTNET, FoundModel("efficientnet_lite1"), MOBILENET), EFFICIENTNET.name))
    playing.wait(0.5)
    return playing
