"""What this topic asks the performer for, on a step of an attack."""

from kiosk.topics.shield.messages import RaiseShield, ShieldRaised
from tests.player import FLAMINGO
from tests.process.rehearsal import OnStep

ON_STEP: dict[str, OnStep] = {
    "shield": OnStep(
        lambda job, step: RaiseShield(job, step, FLAMINGO),
        ShieldRaised,
        ("shield-original", "shield-adversarial"),
    )
}
