"""Visits that vaccinate."""

from kiosk.core.message import Effect, Event
from kiosk.topics.vaccine.facts import Resistance, Stage, VaccineReport
from kiosk.topics.vaccine.messages import GiveVaccine, VaccineGiven, VaccineUnderWay
from kiosk.topics.vaccine.screens.vaccine import Vaccine
from tests.player import Player, Script
from tests.topics.attack.scripted import judged_taught
from tests.topics.teaching.scripted import at_fooled_taught

OTHERS = (
    *((3, 5), (2, 2), (4, 9), (3, 3)),
    *((5, None), (2, 3), (4, 3), (6, 8)),
)
HELPED = VaccineReport(
    same_picture_right=True,
    same_photo=Resistance(4, 11),
    others=tuple(Resistance(before, after, place) for place, (before, after) in enumerate(OTHERS)),
    clean_before=0.94,
    clean_after=0.97,
    most_steps=16,
)
STAGES = (Stage.ATTACKING_BEFORE, Stage.TRAINING, Stage.ATTACKING_AFTER)


class VaccineScript(Script):
    """What this topic's effects are answered with."""

    report: VaccineReport = HELPED

    def answer(self, playing: Player, effect: Effect) -> tuple[Event, ...] | None:
        """The news that an effect leads to."""
        match effect:
            case GiveVaccine(job):
                so_far = (VaccineUnderWay(job, stage, share) for stage in STAGES for share in (0.0, 0.5))
                return (*so_far, self._vaccinated(playing, job))
            case _:
                return None

    def _vaccinated(self, playing: Player, job: int) -> VaccineGiven:
        """The attacked picture is right again where the report says so, and the steps below it with it."""
        report, learned = self.report, playing.state.visitor.lesson.report
        screen = playing.state.screen
        assert isinstance(screen, Vaccine)
        assert learned is not None
        needed = 40 if report.same_picture_right else playing.needed
        steps = tuple(judged_taught(at, playing.target, needed) for at in range(len(screen.visit.steps)))
        numbers = [one.example.number for one in learned.tested]
        others = tuple(numbers[other.example] for other in report.others if other.example is not None)
        predicted = tuple(one.said for one in learned.tested)
        burst = learned.tested[0].example.burst
        return VaccineGiven(job, report, others, predicted, burst, steps[0].answer, steps)


SCRIPT = VaccineScript


def at_vaccine(panel: str = "1280x800", *, labels: int = 3) -> Player:
    """A visit that may vaccinate what it taught."""
    playing = at_fooled_taught(panel, labels=labels)
    playing.touch("cards")
    playing.touch("card-vaccine")
    playing.wait(0.3)
    return playing


def at_vaccinating(panel: str = "1280x800") -> Player:
    """A visit whose vaccine is under way, and not answered."""
    playing = at_vaccine(panel)
    playing.answers = False
    playing.touch("give")
    playing.wait(0.2)
    return playing


def at_vaccinated(panel: str = "1280x800", report: VaccineReport = HELPED, *, labels: int = 3) -> Player:
    """A visit that has vaccinated what it taught."""
    playing = at_vaccine(panel, labels=labels)
    playing.script(VaccineScript).report = report
    playing.touch("give")
    playing.wait(0.3)
    return playing
