"""What this topic asks the performer for, on a step of an attack."""

from kiosk.topics.dice.messages import DiceRolled, RollDice
from tests.process.rehearsal import OnStep

ON_STEP: dict[str, OnStep] = {"dice": OnStep(RollDice, DiceRolled, ("dice", "dice-noise"))}
