"""What this topic asks the performer for."""

from kiosk.topics.foresee.messages import PicturePosed, PosePicture
from tests.process.rehearsal import OnStep

ON_STEP: dict[str, OnStep] = {
    "foresee": OnStep(lambda job, _step: PosePicture(job, frozenset()), PicturePosed, ("posed",))
}
