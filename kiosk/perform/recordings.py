"""The pictures that a visitor taught, with what a model saw in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.core.lesson import Example, Lesson
from kiosk.errors import KioskError
from kiosk.perform.pictures import Pictures
from kiosk.vision.picture import Rgb


@dataclass(frozen=True, eq=False)
class Recorded:
    """An example: its picture, its embedding by a model, and that model's digest. Shapes: embedding (channels,).

    One that no model has looked at yet has no channels, and no digest.
    """

    picture: Rgb
    embedding: NDArray[np.float32]
    sha256: str


class Recordings:
    """Owns the visitor's examples, by number; they belong to the frame loop's thread.

    At most 8 labels of 200 pictures of 150 kB: 240 MB. The pictures that scenes name are the same arrays, no copies.
    """

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self._recorded: dict[int, Recorded] = {}

    def of(self, lesson: Lesson) -> dict[int, Recorded]:
        """Return a lesson's examples by number, in its order; raises KioskError where one has gone."""
        rows = {example.number: self._recorded.get(example.number) for _, example in lesson.rows}
        there = {number: recorded for number, recorded in rows.items() if recorded is not None}
        if len(there) < len(rows):
            raise KioskError("an example has gone")
        return there

    def keep(self, number: int, recorded: Recorded) -> None:
        """Keep an example under its number."""
        self._recorded[number] = recorded
        self._pictures[Example(number, 0).key] = recorded.picture

    def drop(self, numbers: Iterable[int]) -> None:
        """Drop examples."""
        for number in numbers:
            self._recorded.pop(number, None)
            self._pictures.pop(Example(number, 0).key, None)

    def replace(self, recorded: Mapping[int, Recorded]) -> None:
        """Keep these examples by their numbers, in the place of all there are."""
        self.drop((*self._recorded,))
        for number, example in recorded.items():
            self.keep(number, example)

    def seen_again(self, recorded: Mapping[int, Recorded]) -> None:
        """Keep what another model saw in examples that are here."""
        self._recorded.update(recorded)

    def forget(self) -> None:
        """Drop all examples."""
        self._recorded.clear()
