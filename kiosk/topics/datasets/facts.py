"""The datasets that staff keep, as screens know them."""

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.core.lesson import Example, Lesson, Report, Sign, TaughtLabel, Tested


@dataclass(frozen=True, slots=True)
class KeptLabel:
    """A label of a kept dataset, and how many examples it has."""

    sign: Sign
    count: int


@dataclass(frozen=True, slots=True)
class KeptDataset:
    """One that is kept: its name, its labels, and whether a head was kept with it."""

    name: str
    labels: tuple[KeptLabel, ...]
    trained: bool

    @property
    def size(self) -> int:
        """Return how many examples there are."""
        return sum(label.count for label in self.labels)


@dataclass(frozen=True, slots=True)
class OpenedLabel:
    """A label of an opened dataset, and the burst of each of its examples."""

    sign: Sign
    bursts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OpenedDataset:
    """One that was opened; its examples stand in the order of its labels.

    `predicted` says what the head's own test gave each example, None for one that was not in that test (a vaccine).
    It is empty where no head judges.
    """

    labels: tuple[OpenedLabel, ...]
    predicted: tuple[int | None, ...] = ()

    @property
    def size(self) -> int:
        """Return how many examples there are."""
        return sum(len(label.bursts) for label in self.labels)

    def guests(self, wall: Sequence[Sign]) -> tuple[Sign, ...]:
        """Return the signs of its labels that are not on the wall."""
        return tuple(label.sign for label in self.labels if place_of(label.sign, wall) is None)

    def lesson(self, first: int, signs: Sequence[Sign]) -> Lesson:
        """Return the lesson of its examples, numbered from `first` on; `signs` are those of the wall and the guests.

        A burst takes the number of its first example, so that none is ever that of a burst recorded later.
        """
        places = [place for label in self.labels if (place := place_of(label.sign, signs)) is not None]
        bursts: dict[int, int] = {}
        labels: list[TaughtLabel] = []
        tested: list[Tested] = []
        number = first
        for at, (place, label) in enumerate(zip(places, self.labels, strict=True)):
            examples: list[Example] = []
            for burst in label.bursts:
                example = Example(number, bursts.setdefault(burst, number))
                said = self.predicted[number - first] if self.predicted else None
                tested += [] if said is None else [Tested(example, at, said)]
                examples.append(example)
                number += 1
            labels.append(TaughtLabel(place, tuple(examples)))
        report = Report(tuple(places), tuple(tested)) if self.predicted else None
        return Lesson(tuple(labels), report)


def place_of(sign: Sign, signs: Sequence[Sign]) -> int | None:
    """Return where the sign of that name stands, in whatever case it is written."""
    name = sign.name.casefold()
    return next((at for at, other in enumerate(signs) if other.name.casefold() == name), None)
