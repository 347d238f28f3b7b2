"""The attacked picture taught with its right name, and the honest report on that."""

from dataclasses import dataclass

from kiosk.core.message import Asking, Reply, Way
from kiosk.core.visit import Answer, Judged, Visit
from kiosk.topics.vaccine.facts import Stage, VaccineReport


@dataclass(frozen=True, slots=True)
class ToVaccine(Way):
    """Teach it what the attacked picture really is."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class ToVaccinated(Way):
    """It learned that the picture is a `label`, not the `lie`: see whether that helped; the visit is as judged now."""

    visit: Visit
    label: int
    lie: int
    given: "VaccineGiven"


@dataclass(frozen=True, slots=True)
class GiveVaccine(Asking):
    """Teach that iterate `step` is really a `label`, not the `lie` that it is taken for.

    Say `VaccineUnderWay` again and again, then `VaccineGiven`, or `JobLost`: then nothing has changed.
    """

    step: int
    label: int
    lie: int


@dataclass(frozen=True, slots=True)
class VaccineUnderWay(Reply):
    """`GiveVaccine` is so far (0..1) in this stage; more follows."""

    stage: Stage
    share: float


@dataclass(frozen=True, slots=True)
class VaccineGiven(Reply):
    """The answer to `GiveVaccine`: another head judges from now on; the picture is an example too, `example-JOB`.

    `others` are the numbers of the examples that the report's other attacks were made on, `predicted` is as in
    `HeadTrained`, for the same examples, and `burst` is the one that the picture joined. `original` and `steps` are
    what the head says now of the visitor's picture and of every iterate there is.
    """

    report: VaccineReport
    others: tuple[int, ...]
    predicted: tuple[int, ...]
    burst: int
    original: Answer
    steps: tuple[Judged, ...]
