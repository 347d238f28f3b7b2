"""One of our own pictures is made harder and judged; the guesses of the day are counted."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import assert_never

import numpy as np

from kiosk.attack.verdict import answer
from kiosk.errors import KioskError
from kiosk.perform.day_tally import DayTally, today
from kiosk.perform.part import Part
from kiosk.perform.workshop import Workshop
from kiosk.recapture.treatments import blurred
from kiosk.topics.foresee.messages import CountForesight, ForesightCounted, PicturePosed, PosePicture
from kiosk.vision.classifier import AnyClassifier
from kiosk.vision.picture import Rgb, read_photograph, to_picture

POSED = "posed"
FAR_BLUR_PX = 6.0


def plain(picture: Rgb) -> Rgb:
    """Return the picture as it is."""
    return picture


def headlong(picture: Rgb) -> Rgb:
    """Return the picture on its head."""
    return np.ascontiguousarray(picture[::-1, ::-1])


def unfocused(picture: Rgb) -> Rgb:
    """Return the picture far out of focus."""
    return blurred(picture, FAR_BLUR_PX)


POSES: tuple[Callable[[Rgb], Rgb], ...] = (plain, headlong, unfocused)


class Foreseeing(Part[PosePicture | CountForesight]):
    """Poses pictures in the classify thread, and counts guesses, day by day."""

    performs = (PosePicture, CountForesight)

    def __init__(self, workshop: Workshop, day: Callable[[], date] = today) -> None:
        """Count by that calendar."""
        super().__init__(workshop)
        self._tally = DayTally(day)

    def perform(self, effect: PosePicture | CountForesight) -> None:
        """Begin to judge, or count a guess."""
        match effect:
            case PosePicture(job):
                self._workshop.jobs.want(job)
                files = sorted(self._workshop.state.stock.glob("*.png"))
                self._workshop.ask(job, partial(self._pose, effect, files))
            case CountForesight(right):
                self._workshop.jobs.tell(ForesightCounted(*self._tally.add(right=right)))
            case _:
                assert_never(effect)

    def forget_picture(self) -> None:
        """Drop nothing: the picture on the shelf goes with it."""

    def forget(self) -> None:
        """Drop nothing: two numbers say nothing of a visitor."""

    def _pose(self, effect: PosePicture, files: Sequence[Path], classifier: AnyClassifier) -> None:
        """Tell of the first picture, in the order of the seed, whose answer may be read."""
        jobs = self._workshop.jobs
        for number in np.random.default_rng(effect.job).permutation(len(files) * len(POSES)):
            file, pose = divmod(int(number), len(POSES))
            picture = to_picture(read_photograph(files[file]), classifier.card.input_size)
            posed = POSES[pose](picture)
            said = answer(classifier(posed))
            if said.first.label not in effect.blocked:
                told = PicturePosed(effect.job, said, answer(classifier(picture)))
                jobs.tell(told, partial(self._workshop.pictures.update, {POSED: posed}), effect.job)
                return
        jobs.lose(effect.job, KioskError("there is no picture of ours to guess about"))
