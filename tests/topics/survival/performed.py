"""What this topic asks the performer for, on a step of an attack."""

from kiosk.topics.survival.facts import Treatment
from kiosk.topics.survival.messages import PicturesTreated, SeeViews, TreatPictures, ViewsSeen
from tests.player import FLAMINGO
from tests.process.rehearsal import OnStep

ON_STEP: dict[str, OnStep] = {
    "survival": OnStep(lambda job, step: SeeViews(job, step, FLAMINGO, views=2), ViewsSeen, ("view",)),
    "treated": OnStep(
        lambda job, step: TreatPictures(job, step, FLAMINGO),
        PicturesTreated,
        tuple(f"lab-{treatment.value}-{which}" for treatment in Treatment for which in ("noisy", "clean")),
    ),
}
