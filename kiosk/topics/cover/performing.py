"""The model that judges looks at covered pictures, a few a frame."""

from functools import partial

import numpy as np

from kiosk.attack.verdict import answer
from kiosk.explaining.occlusion import covered, sweep
from kiosk.perform.in_steps import Finding, Pieces, in_steps
from kiosk.perform.part import Part
from kiosk.topics.cover.facts import ACROSS
from kiosk.topics.cover.messages import CoversSwept, CoverTile, SweepCovers, TileCovered
from kiosk.vision.classifier import AnyClassifier
from kiosk.vision.heatmap import CellMap, shining
from kiosk.vision.picture import Rgb


class Covering(Part[CoverTile | SweepCovers]):
    """Covers squares."""

    performs = (CoverTile, SweepCovers)

    def perform(self, effect: CoverTile | SweepCovers) -> None:
        """Begin to look; the job is lost where there is no such step."""
        pair = self._workshop.pair(effect.job, effect.step)
        if pair is None:
            return
        _, picture = pair
        begin = (
            partial(_one, effect, picture)
            if isinstance(effect, CoverTile)
            else partial(_all, effect, picture)
        )
        in_steps(self._workshop, effect.job, begin)

    def forget_picture(self) -> None:
        """Drop nothing: no picture is kept here."""

    def forget(self) -> None:
        """Drop nothing: nothing of a visitor is kept here."""


def _one(effect: CoverTile, picture: Rgb, classifier: AnyClassifier) -> Pieces:
    """Look at one covered picture."""
    changed = covered(picture, ACROSS, effect.tile)
    told = TileCovered(effect.job, effect.tile, answer(classifier(changed)))
    yield from ()
    return Finding(told, {"covered": changed})


def _all(effect: SweepCovers, picture: Rgb, classifier: AnyClassifier) -> Pieces:
    """Look at all covered pictures, a row of squares at once, and draw what each square is worth."""
    losses: list[float] = []
    for loss in sweep(classifier, picture, effect.label, ACROSS):
        losses.append(loss)
        if len(losses) % ACROSS == 0:
            yield len(losses) / ACROSS**2
    cells = np.array(losses, np.float32).reshape(ACROSS, ACROSS)
    (drawn,) = shining([picture], [CellMap(cells)])
    return Finding(CoversSwept(effect.job, tuple(losses)), {"cover-map": drawn})
