"""Visits that put their picture on paper."""

from kiosk.core.message import Effect, Event, JobAdvanced
from kiosk.topics.survival.facts import Glance, Treated, Treatment, Which
from kiosk.topics.survival.messages import (
    MakeProof,
    PicturesTreated,
    ProofAdvanced,
    ProofMade,
    SeeViews,
    TreatPictures,
    ViewSeen,
    ViewsSeen,
)
from tests.player import Player, Script
from tests.topics.cards.scripted import at_card, turned_to

LIVES = (Treatment.BRIGHTER, Treatment.GRAIN)  # through these the hidden noise does


def treated(*, proof: bool = False) -> tuple[Treated, ...]:
    """What is left of a lie: hidden noise lives in more light, one made for paper through nearly all."""
    found = []
    for treatment in Treatment:
        hidden = Glance.LIE if treatment in LIVES else Glance.RIGHT
        found.append(Treated(treatment, Which.NOISY, hidden))
        clean = Glance.OTHER if treatment is Treatment.TURNED else Glance.RIGHT
        found.append(Treated(treatment, Which.CLEAN, clean))
        if proof:
            lie = Glance.OTHER if treatment is Treatment.SMALLER else Glance.LIE
            found.append(Treated(treatment, Which.PROOF, lie))
    return tuple(found)


class SurvivalScript(Script):
    """What this topic's effects are answered with: hidden noise dies, a picture made for paper nearly always lives."""

    proof = False

    def answer(self, playing: Player, effect: Effect) -> tuple[Event, ...] | None:
        """The news that an effect leads to."""
        del playing
        match effect:
            case SeeViews(job, step, _, views):
                looks = [
                    Glance.LIE if step is None and at != 7 else Glance.OTHER if at % 5 == 4 else Glance.RIGHT
                    for at in range(views)
                ]
                seen = (ViewSeen(job, (at + 1) / views, look) for at, look in enumerate(looks))
                return (*seen, ViewsSeen(job))
            case MakeProof(job):
                return (ProofAdvanced(job, 0.5, 0.5), ProofMade(job, fooled=True))
            case TreatPictures(job):
                return (JobAdvanced(job, 0.5), PicturesTreated(job, treated(proof=self.proof)))
            case _:
                return None


SCRIPT = SurvivalScript


def at_survival(panel: str = "1280x800") -> Player:
    """A visit whose picture was looked at on paper."""
    playing = at_card("survival", panel)
    playing.wait(0.5)
    return playing


def at_survivor(panel: str = "1280x800") -> Player:
    """A visit with a picture that lives on paper."""
    playing = at_survival(panel)
    playing.touch("make")
    playing.wait(0.3)
    return playing


def at_lab(panel: str = "1280x800", *, proof: bool = False) -> Player:
    """A visit whose pictures went through all treatments."""
    playing = turned_to("lab", panel)
    playing.script(SurvivalScript).proof = proof
    playing.touch("card-lab")
    playing.wait(0.5)
    return playing
