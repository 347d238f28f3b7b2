"""What a visitor teaches: labels and their examples, by number; the pictures themselves are the performer's."""

from collections import Counter
from dataclasses import dataclass, replace

FEWEST_LABELS, MOST_LABELS, MOST_EXAMPLES = 2, 8, 200  # how much can be taught at once
NOT_TESTED = -1
ENOUGH_EXAMPLES, ENOUGH_BURSTS = 10, 2  # a label shown in one burst only cannot be tested honestly


@dataclass(frozen=True, slots=True)
class Sign:
    """What a label can be called: visitors never type, they pick one of these."""

    name: str
    icon: str


@dataclass(frozen=True, slots=True)
class Example:
    """One picture of a label: its number (that of the job which recorded it), and the hold it was recorded in."""

    number: int
    burst: int

    @property
    def key(self) -> str:
        """Return the name of its picture on the shelf."""
        return f"example-{self.number}"


@dataclass(frozen=True, slots=True)
class TaughtLabel:
    """A label: its sign on the wall, and its examples in the order they were recorded."""

    sign: int
    examples: tuple[Example, ...] = ()

    @property
    def bursts(self) -> int:
        """In how many holds they were recorded."""
        return len({example.burst for example in self.examples})

    @property
    def room(self) -> int:
        """Return how many more it may have."""
        return MOST_EXAMPLES - len(self.examples)

    @property
    def enough(self) -> bool:
        """Return whether it can be learned and tested."""
        return len(self.examples) >= ENOUGH_EXAMPLES and self.bursts >= ENOUGH_BURSTS


@dataclass(frozen=True, slots=True)
class Tested:
    """One example in the cross-validation: the label it has, and the one it was given (NOT_TESTED: none)."""

    example: Example
    right: int
    said: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a training came to: the signs in the order of its labels, and how its own test went."""

    signs: tuple[int, ...]
    tested: tuple[Tested, ...]

    @property
    def matrix(self) -> tuple[tuple[int, ...], ...]:
        """Return how many examples of each label were given each label: [right][said]."""
        pairs = Counter((one.right, one.said) for one in self.tested)
        labels = range(len(self.signs))
        return tuple(tuple(pairs[right, said] for said in labels) for right in labels)

    @property
    def right(self) -> int:
        """Return how many examples were given their own label."""
        return sum(one.right == one.said for one in self.tested)

    @property
    def total(self) -> int:
        """Return how many could be tested."""
        return sum(one.said != NOT_TESTED for one in self.tested)

    @property
    def untested(self) -> tuple[int, ...]:
        """Return where the labels stand of which no example could be tested."""
        seen = {one.right for one in self.tested if one.said != NOT_TESTED}
        return tuple(at for at in range(len(self.signs)) if at not in seen)

    def score(self, label: int) -> tuple[int, int]:
        """Return how many examples of a label were given it, and how many could be tested."""
        said = [one.said for one in self.tested if one.right == label and one.said != NOT_TESTED]
        return said.count(label), len(said)

    def cell(self, right: int, said: int) -> tuple[Example, ...]:
        """Return the examples of one cell of the matrix."""
        return tuple(one.example for one in self.tested if (one.right, one.said) == (right, said))


@dataclass(frozen=True, slots=True)
class Lesson:
    """All labels with their examples, and the report of the last training (of the examples there were then)."""

    labels: tuple[TaughtLabel, ...] = ()
    report: Report | None = None

    @property
    def full(self) -> bool:
        """Return whether there are as many labels as can be told apart on a screen."""
        return len(self.labels) >= MOST_LABELS

    @property
    def teachable(self) -> bool:
        """Return whether a head can be trained: two labels or more have examples."""
        return len(self.filled.labels) >= FEWEST_LABELS

    @property
    def filled(self) -> "Lesson":
        """Return the lesson without labels that have no examples: what can be trained."""
        return replace(self, labels=tuple(label for label in self.labels if label.examples))

    @property
    def rows(self) -> tuple[tuple[int, Example], ...]:
        """Return every example with the place of its label: the order in which a training has them."""
        return tuple((at, example) for at, label in enumerate(self.labels) for example in label.examples)

    @property
    def learned(self) -> bool:
        """Return whether all that the last training learned from is still here, under the labels it had then."""
        if self.report is None:
            return False
        signs = {example.number: self.labels[at].sign for at, example in self.rows}
        return all(
            signs.get(one.example.number) == self.report.signs[one.right] for one in self.report.tested
        )

    @property
    def known(self) -> bool:
        """Return whether the last training learned from all of this and nothing else: there is nothing new to learn."""
        tested = () if self.report is None else self.report.tested
        return self.learned and len(self.rows) == len(tested)

    @property
    def newest(self) -> Example | None:
        """Return the example recorded last."""
        examples = (example for _, example in self.rows)
        return max(examples, key=lambda example: example.number, default=None)

    def index_of(self, sign: int) -> int | None:
        """Return where the label of that sign stands, if there is one."""
        return next((at for at, label in enumerate(self.labels) if label.sign == sign), None)

    def holder(self, number: int) -> int | None:
        """Return where the label of that example stands, if it is still there."""
        return next((at for at, example in self.rows if example.number == number), None)

    def tested(self, predicted: tuple[int, ...]) -> "Lesson":
        """Return the lesson with the report of a training that gave each of its examples this label, in their order."""
        rows = zip(self.rows, predicted, strict=False)
        tested = tuple(Tested(example, at, said) for (at, example), said in rows)
        return replace(self, report=Report(tuple(label.sign for label in self.labels), tested))

    def vaccinated(self, label: int, example: Example, predicted: tuple[int, ...]) -> "Lesson":
        """Return the lesson with one more example of a label of the report, which is about its old examples as before.

        They were given the labels `predicted` by the training with the new one, in the report's order. A label that is
        full does not take it.
        """
        if self.report is None:
            return self
        tested = (replace(one, said=said) for one, said in zip(self.report.tested, predicted, strict=False))
        again = replace(self, report=replace(self.report, tested=tuple(tested)))
        at = self.index_of(self.report.signs[label])
        return again if at is None or self.labels[at].room <= 0 else again.with_example(at, example)

    def with_label(self, sign: int) -> "Lesson":
        """Return the lesson with one more label, which has no examples yet."""
        if self.full or self.index_of(sign) is not None:
            return self
        return replace(self, labels=(*self.labels, TaughtLabel(sign)))

    def without_label(self, at: int) -> "Lesson":
        """Return the lesson without a label and its examples."""
        return replace(self, labels=self.labels[:at] + self.labels[at + 1 :])

    def with_example(self, at: int, example: Example) -> "Lesson":
        """Return the lesson with one more example of a label."""
        return self._changed(at, (*self.labels[at].examples, example))

    def without_example(self, number: int) -> "Lesson":
        """Return the lesson without an example."""
        at = self.holder(number)
        if at is None:
            return self
        return self._changed(at, tuple(e for e in self.labels[at].examples if e.number != number))

    def moved(self, number: int, at: int) -> "Lesson":
        """Return the lesson with an example under another label, unless that one is full."""
        holder = self.holder(number)
        if holder is None or holder == at or self.labels[at].room <= 0:
            return self
        example = next(e for e in self.labels[holder].examples if e.number == number)
        return self.without_example(number).with_example(at, example)

    def _changed(self, at: int, examples: tuple[Example, ...]) -> "Lesson":
        labels = [*self.labels]
        labels[at] = replace(labels[at], examples=examples)
        return replace(self, labels=tuple(labels))
