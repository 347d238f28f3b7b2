"""What this topic asks the performer for, on a step of an attack."""

from kiosk.topics.cover.messages import CoversSwept, CoverTile, SweepCovers, TileCovered
from tests.process.rehearsal import OnStep

ON_STEP: dict[str, OnStep] = {
    "cover": OnStep(lambda job, step: CoverTile(job, step, 14), TileCovered, ("covered",)),
    "cover-all": OnStep(lambda job, step: SweepCovers(job, step, 1), CoversSwept, ("cover-map",)),
}
