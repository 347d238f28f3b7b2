"""What of an attack is left when a camera sees it again: views by the referee, each judged by the model."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kiosk.attack.likeness import likeness
from kiosk.recapture.conditions import Conditions, Medium
from kiosk.recapture.referee import views
from kiosk.vision.classifier import AnyClassifier, Prediction
from kiosk.vision.picture import Rgb

SURVIVES = 0.8  # of a picture's views, for the picture to count as one that survives
RESAMPLED = 4000
NORMAL_95 = 1.959964


@dataclass(frozen=True, eq=False)
class JudgedView:
    """One view and what the model says of it."""

    picture: Rgb
    prediction: Prediction


def judged_views(
    classifier: AnyClassifier,
    picture: Rgb,
    count: int,
    seed: int,
    conditions: Conditions,
    medium: Medium = Medium.PAPER,
) -> Iterator[JudgedView]:
    """Yield so many views of a picture, judged; the same seed gives the same ones."""
    for view in views(picture, count, seed, medium, conditions):
        yield JudgedView(view, classifier(view))


def share_interval(hits: int, total: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share of independent views."""
    square = NORMAL_95**2
    middle = (hits + square / 2) / (total + square)
    reach = NORMAL_95 / (total + square) * np.sqrt(hits * (total - hits) / total + square / 4)
    return max(0.0, float(middle - reach)), min(1.0, float(middle + reach))


def mean_interval(shares: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % interval of a mean over pictures, by bootstrap: views of one picture are not independent."""
    drawn = np.random.default_rng(0).choice(np.asarray(shares), (RESAMPLED, len(shares)))
    low, high = np.percentile(drawn.mean(1), (2.5, 97.5))
    return float(low), float(high)


@dataclass(frozen=True)
class Survival:
    """How often each attacked picture is photographed, and how hard that is made."""

    views: int
    conditions: Conditions

    def row(
        self,
        classifier: AnyClassifier,
        original: Rgb,
        right: int,
        attacked: Rgb,
        target: int | None,
        seed: int,
    ) -> dict[str, Any]:
        """Return what is told of one attack: shares of its views and of the clean picture's; empty without views.

        Without a target any answer but the right one is the lie.
        """
        if not self.views:
            return {}
        seen, clean = (
            [
                view.prediction.label
                for view in judged_views(classifier, picture, self.views, seed, self.conditions)
            ]
            for picture in (attacked, original)
        )
        lies = [label != right if target is None else label == target for label in seen]
        return {
            "views_lie": statistics.fmean(lies),
            "views_right": statistics.fmean(label == right for label in seen),
            "clean_views_right": statistics.fmean(label == right for label in clean),
            "ssim": likeness(original, attacked),
        }


def survival_summary(rows: Sequence[dict[str, Any]], views: int) -> dict[str, Any]:
    """Return what is told of all attacks; intervals are of 95 %, by bootstrap over pictures. Empty without views."""
    if not views or not rows:
        return {}
    lies = [row["views_lie"] for row in rows]
    survivors = [float(share >= SURVIVES) for share in lies]
    return {
        "views": views,
        "views_lie": statistics.fmean(lies),
        "views_lie_interval": mean_interval(lies),
        "views_right": statistics.fmean(row["views_right"] for row in rows),
        "clean_views_right": statistics.fmean(row["clean_views_right"] for row in rows),
        "survivors": statistics.fmean(survivors),
        "survivors_interval": mean_interval(survivors),
        "ssim_mean": statistics.fmean(row["ssim"] for row in rows),
        "psnr_db_mean": _mean([row["psnr_db"] for row in rows if row["psnr_db"] is not None]),
        "seconds_median": statistics.median(row["seconds_whole"] for row in rows),
    }


def _mean(values: Sequence[float]) -> float | None:
    return statistics.fmean(values) if values else None
