"""The gradient process lets pictures go through the network; the channels' maps are drawn here."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from kiosk.attack.dice_noise import dice_noise
from kiosk.perform.part import Part
from kiosk.topics.inside.messages import InsideTold, LookInside, StageTold
from kiosk.vision.arrays import Floats
from kiosk.vision.classifier import AnyClassifier
from kiosk.vision.heatmap import Stage, colours
from kiosk.vision.picture import Rgb


class LookingInside(Part[LookInside]):
    """Asks for the stages, and draws their channels."""

    performs = (LookInside,)

    def perform(self, effect: LookInside) -> None:
        """Begin to look; the job is lost where there is no such step."""
        pair = self._workshop.pair(effect.job, effect.step)
        if pair is not None:
            self._workshop.ask(effect.job, partial(self._throw, effect.job, *pair))

    def forget_picture(self) -> None:
        """Drop nothing: no picture is kept here."""

    def forget(self) -> None:
        """Drop nothing: nothing of a visitor is kept here."""

    def _throw(self, job: int, original: Rgb, made: Rgb, classifier: AnyClassifier) -> None:
        """Throw the dice off the frame loop's thread."""
        del classifier
        pictures = (original, dice_noise(original, made, job), made)
        self._workshop.jobs.go_on(job, partial(self._ask, job, pictures))

    def _ask(self, job: int, pictures: Sequence[Rgb]) -> None:
        self._workshop.ask_gradients(
            job, lambda gradients: gradients.inside(pictures), partial(self._tell, job)
        )

    def _tell(self, job: int, seen: list[Stage]) -> None:
        told = tuple(
            StageTold(each.rows, each.channels, each.changes[1], each.changes[0], each.moved) for each in seen
        )
        shelf = {key: rgb for number, stage in enumerate(seen) for key, rgb in _drawn(number, stage).items()}
        self._workshop.jobs.tell(InsideTold(job, told), partial(self._workshop.pictures.update, shelf), job)


def _drawn(number: int, stage: Stage) -> dict[str, Rgb]:
    """Return the strongest channels of the first and the last picture, on one scale a channel."""
    drawn: dict[str, Rgb] = {}
    for channel in range(stage.maps.shape[1]):
        pair: Floats = stage.maps[[0, -1], channel]
        low, high = float(pair.min()), float(pair.max())
        scaled = (pair - low) / np.float32(max(high - low, 1e-12))
        for key, values in zip(("original", "adversarial"), scaled, strict=True):
            drawn[f"inside-{number}-{key}-{channel}"] = colours(values)
    return drawn
