"""What this topic asks the performer for, on a step of an attack."""

from kiosk.topics.judges.messages import AskJudges, JudgesAsked
from tests.process.rehearsal import OnStep

ON_STEP: dict[str, OnStep] = {"judges": OnStep(AskJudges, JudgesAsked, ())}
