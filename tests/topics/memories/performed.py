"""What this topic asks the performer for, on a step of an attack."""

from kiosk.topics.memories.messages import Remember, Remembered
from tests.process.rehearsal import OnStep

ON_STEP: dict[str, OnStep] = {"memories": OnStep(Remember, Remembered, ())}
