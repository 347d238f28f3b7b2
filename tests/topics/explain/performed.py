"""What this topic asks the performer for, on a step of an attack."""

from kiosk.topics.explain.messages import ContrastDrawn, DrawContrast, DrawPushes, PushesDrawn
from tests.player import ESPRESSO, FLAMINGO
from tests.process.rehearsal import OnStep

ON_STEP: dict[str, OnStep] = {
    "contrast": OnStep(
        lambda job, step: DrawContrast(job, FLAMINGO, ESPRESSO, step),
        ContrastDrawn,
        ("contrast-original", "contrast-adversarial"),
    ),
    "pushes": OnStep(
        lambda job, step: DrawPushes(job, FLAMINGO, ESPRESSO, step),
        PushesDrawn,
        ("pushes-made", "pushes-thrown"),
    ),
}
