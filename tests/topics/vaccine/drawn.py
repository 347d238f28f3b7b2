"""The states of this topic that are worth looking at."""

from collections.abc import Callable
from dataclasses import replace

from kiosk.core.health import Health, Phase
from kiosk.core.message import GradientsChanged, JobLost
from kiosk.core.visit import Judged, Verdict
from kiosk.topics.attack.messages import RunStep, StepJudged
from kiosk.topics.vaccine.facts import Resistance, Robustness, Stage, VaccineReport
from kiosk.topics.vaccine.messages import GiveVaccine, VaccineUnderWay
from tests.player import Player, of, taught_answer
from tests.topics.attack.drawn import seen_attack_taught
from tests.topics.teaching.scripted import at_fooled_taught
from tests.topics.vaccine.scripted import HELPED, at_vaccinated, at_vaccinating, at_vaccine


def _fooled_in_doubt(panel: str) -> Player:
    playing = seen_attack_taught(panel)
    playing.touch("more")
    job = of(playing, RunStep)[-1].job
    doubting = taught_answer(0.2, 0.76, 0.04, known=False)
    playing.send(StepJudged(job, Judged(2, doubting, 0.76, Verdict.FOOLED, 1, 0.4)))
    playing.wait(0.5)
    return playing


def _vaccinating(panel: str, stage: Stage, share: float) -> Player:
    playing = at_vaccinating(panel)
    job = of(playing, GiveVaccine)[-1].job
    playing.send(VaccineUnderWay(job, stage, share))
    playing.wait(0.3)
    return playing


def _vaccine_waiting(panel: str) -> Player:
    playing = at_vaccine(panel)
    playing.send(GradientsChanged(Health(Phase.WARMING, 0.4)))
    playing.touch("give")
    playing.wait(0.3)
    return playing


def _vaccine_lost(panel: str) -> Player:
    playing = _vaccinating(panel, Stage.TRAINING, 0.5)
    playing.send(JobLost(of(playing, GiveVaccine)[-1].job, "gone"))
    playing.wait(0.3)
    return playing


def _vaccine_eight(panel: str) -> Player:
    playing = at_vaccine(panel, labels=8)
    playing.touch("label-5")
    playing.wait(0.3)
    return playing


def _table(panel: str, report: VaccineReport) -> Player:
    playing = at_vaccinated(panel, report)
    playing.touch("table")
    playing.wait(0.3)
    return playing


ONLY_HERE = replace(
    HELPED,
    others=tuple(Resistance(3, after, place) for place, after in enumerate((3, 2, 3, 4, 1, 3, 2, 3))),
    clean_after=0.94,
)


NO_HARDER = replace(ONLY_HERE, same_photo=Resistance(4, 3))


STILL_FOOLED = replace(ONLY_HERE, same_picture_right=False, same_photo=Resistance(4, 4))


COPIED = replace(HELPED, clean_after=0.88, robust=Robustness(2.0, 0.21, 0.67))


STATES: dict[str, Callable[[str], Player]] = {
    "attack-doubt": _fooled_in_doubt,
    "attack-fooled-taught": at_fooled_taught,
    "vaccine": at_vaccine,
    "vaccine-eight": _vaccine_eight,
    "vaccine-waiting": _vaccine_waiting,
    "vaccine-before": lambda panel: _vaccinating(panel, Stage.ATTACKING_BEFORE, 0.6),
    "vaccine-copies": lambda panel: _vaccinating(panel, Stage.COPYING, 0.3),
    "vaccine-after": lambda panel: _vaccinating(panel, Stage.ATTACKING_AFTER, 0.4),
    "vaccine-lost": _vaccine_lost,
    "vaccinated": at_vaccinated,
    "vaccinated-only-here": lambda panel: at_vaccinated(panel, ONLY_HERE),
    "vaccinated-no-harder": lambda panel: at_vaccinated(panel, NO_HARDER),
    "vaccinated-still-fooled": lambda panel: at_vaccinated(panel, STILL_FOOLED),
    "vaccinated-table": lambda panel: _table(panel, HELPED),
    "vaccinated-copies": lambda panel: _table(panel, COPIED),
}
