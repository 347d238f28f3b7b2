"""What this topic asks the performer for, on a step of an attack."""

from kiosk.topics.explain.messages import ContrastDrawn, DrawContrast, DrawPushes, PushesDrawn
from tests.process.rehearsal import OnStep

TWO = (1, 0)  # labels of the network and of any taught head

ON_STEP: dict[str, OnStep] = {
    "contrast": OnStep(
        lambda job, step: DrawContrast(job, *TWO, step),
        ContrastDrawn,
        ("contrast-original", "contrast-adversarial"),
    ),
    "pushes": OnStep(
        lambda job, step: DrawPushes(job, *TWO, step),
        PushesDrawn,
        ("pushes-made", "pushes-thrown"),
    ),
}
