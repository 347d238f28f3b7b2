"""What this topic asks the performer for, on a step of an attack."""

from kiosk.topics.journey.messages import TraceWay, WayTraced
from tests.player import FLAMINGO
from tests.process.rehearsal import OnStep

ON_STEP: dict[str, OnStep] = {
    "journey": OnStep(lambda job, step: TraceWay(job, step, FLAMINGO), WayTraced, ())
}
