"""What this topic asks the performer for, on a step of an attack."""

from kiosk.topics.inside.messages import InsideTold, LookInside
from tests.process.rehearsal import OnStep

KEYS = tuple(
    f"inside-{stage}-{key}-{channel}"
    for stage in range(6)
    for key in ("original", "adversarial")
    for channel in range(3)
)
ON_STEP: dict[str, OnStep] = {"inside": OnStep(LookInside, InsideTold, KEYS)}
