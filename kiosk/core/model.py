"""What the exhibit knows: the values that state, events and effects are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto

WALL = 12  # tiles of unmistakable targets
SMALLEST_MM = 177.0  # 7 inches; on less, touch targets of 15 mm leave no room for the pictures
BUDGET = 16  # the most steps of an attack


class Button(Enum):
    """The three physical buttons."""

    SHUTTER = auto()
    MORE = auto()
    LESS = auto()


class Verdict(Enum):
    """The three answers to 'was it fooled?'; only the performer, who asks the classifier, says one."""

    FOOLED = "fooled"
    NEARLY = "nearly"
    NOT_YET = "not yet"


class Phase(Enum):
    """How a part of the exhibit (model, gradient process) is doing."""

    WARMING = auto()
    READY = auto()
    LOST = auto()


@dataclass(frozen=True, slots=True)
class Health:
    """The phase of one part; while it warms how far it is (0..1, None where unknown).

    A part that is lost comes back by itself, unless a `reason` says why nobody waits for it any more.
    """

    phase: Phase
    progress: float | None = None
    reason: str = ""

    @property
    def for_good(self) -> bool:
        """Whether it is lost and nobody waits for it."""
        return self.phase is Phase.LOST and bool(self.reason)


@dataclass(frozen=True, slots=True)
class IdleTimes:
    """How long a visit may be quiet, and how long the question after it stands."""

    quiet_s: float = 40.0
    teaching_quiet_s: float = 75.0  # things are fetched and turned around
    countdown_s: float = 20.0


@dataclass(frozen=True, slots=True)
class Panel:
    """The screen's size in pixels and its real scale."""

    width_px: int
    height_px: int
    px_per_mm: float

    @classmethod
    def of(cls, width_px: int, height_px: int, diagonal_mm: float) -> "Panel":
        """A panel whose scale follows from its diagonal; below 7 inches it is laid out as if it had 7."""
        diagonal_px = float((width_px**2 + height_px**2) ** 0.5)
        return cls(width_px, height_px, diagonal_px / max(diagonal_mm, SMALLEST_MM))

    @property
    def portrait(self) -> bool:
        """Whether the panel is taller than wide."""
        return self.height_px > self.width_px

    @property
    def short_mm(self) -> float:
        """The shorter side."""
        return min(self.width_px, self.height_px) / self.px_per_mm

    @property
    def long_mm(self) -> float:
        """The longer side."""
        return max(self.width_px, self.height_px) / self.px_per_mm

    def px(self, length_mm: float) -> int:
        """A length on this panel in whole pixels."""
        return round(length_mm * self.px_per_mm)


@dataclass(frozen=True, slots=True)
class Texts:
    """All words of one language, by key."""

    words: Mapping[str, str]

    def __call__(self, key: str, **values: str | int) -> str:
        """The words of `key` with its places filled."""
        return self.words[key].format(**values)


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the unmistakable targets: its class and the name of its drawing."""

    label: int
    icon: str


@dataclass(frozen=True, slots=True)
class Labels:
    """What visitors may read of the classes: friendly names by index, blocked classes, the wall."""

    names: tuple[str, ...]
    blocked: frozenset[int]
    tiles: tuple[Tile, ...]
    order: tuple[int, ...]

    @classmethod
    def of(cls, names: tuple[str, ...], blocked: frozenset[int], tiles: tuple[Tile, ...]) -> "Labels":
        """The labels with the allowed ones in alphabetical order."""
        allowed = (index for index in range(len(names)) if index not in blocked)
        order = tuple(sorted(allowed, key=lambda index: (names[index].casefold(), index)))
        return cls(names, blocked, tuple(tile for tile in tiles if tile.label not in blocked), order)

    @classmethod
    def plain(cls, names: tuple[str, ...], blocked: frozenset[int]) -> "Labels":
        """The labels as they are; the first of them make the wall, without drawings."""
        labels = cls.of(names, blocked, ())
        return replace(labels, tiles=tuple(Tile(index, "") for index in labels.order[:WALL]))

    def name(self, label: int) -> str | None:
        """The friendly name, or None where visitors must not read it."""
        if label in self.blocked or not 0 <= label < len(self.names):
            return None
        return self.names[label]


@dataclass(frozen=True, slots=True)
class Ranked:
    """One label with the confidence the classifier gave it (0..1)."""

    label: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The classifier's best labels for one picture, best first, never empty.

    `known` is False where it says "I don't know" instead, as only a taught one does.
    """

    top: tuple[Ranked, ...]
    known: bool = True

    @property
    def first(self) -> Ranked:
        """The label it says, or would say if it had to."""
        return self.top[0]

    @property
    def said(self) -> int | None:
        """The label it says, None for "I don't know"."""
        return self.first.label if self.known else None

    def confidence(self, label: int) -> float:
        """The confidence of a label, 0 where it is not among the best."""
        return next((row.confidence for row in self.top if row.label == label), 0.0)


@dataclass(frozen=True, slots=True)
class Judged:
    """One step of the attack as the classifier judged it; step 0 is the picture without noise."""

    step: int
    answer: Answer
    target_confidence: float
    verdict: Verdict
    linf_255: int
    mean_255: float

    @property
    def told(self) -> Answer:
        """The answer as visitors read it: one that is fooled has named the lie, whether it has doubts or not."""
        return replace(self.answer, known=True) if self.verdict is Verdict.FOOLED else self.answer


@dataclass(frozen=True, slots=True)
class Visit:
    """What one visitor did so far: the picture's answer, the lie chosen (None: anything else), the steps.

    `recorded` is how many steps a recorded attack has that is watched instead, 0 for the visitor's own.
    """

    original: Answer
    target: int | None = None
    steps: tuple[Judged, ...] = ()
    shown: int = 0
    recorded: int = 0

    @property
    def boosts(self) -> bool:
        """Whether the lie is what the classifier says anyway, so that noise makes it surer."""
        return self.target is not None and self.target == self.original.said

    @property
    def spent(self) -> bool:
        """Whether the stack is as high as it may grow."""
        return len(self.steps) > (self.recorded or BUDGET)

    @property
    def now(self) -> Judged:
        """The step on the screen."""
        return self.steps[self.shown]

    @property
    def fools(self) -> bool:
        """Whether the step on the screen is taken for what it is not."""
        return bool(self.steps) and self.now.verdict is Verdict.FOOLED and not self.boosts

    def towards(self, target: int | None) -> "Visit":
        """The visit at step 0 of a new stack."""
        confidence = 0.0 if target is None else self.original.confidence(target)
        zero = Judged(0, self.original, confidence, Verdict.NOT_YET, 0, 0.0)
        return Visit(self.original, target, (zero,))


@dataclass(frozen=True, slots=True)
class Film:
    """The attract loop: the answer to picture `film-0`, `film-1` and so on; the last one is fooled."""

    frames: tuple[Ranked, ...]


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """One of the models that can judge: a built one, or the one the visitor taught."""

    name: str
    title: str
    labels: Labels
    taught: bool = False


@dataclass(frozen=True, slots=True)
class FoundModel:
    """A built model as the performer found it; without `labels` of its own visitors read the exhibit's."""

    name: str
    labels: tuple[str, ...] = ()
    blocked: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Epoch:
    """How far a training is: mean loss and accuracy after an epoch, on what is learned and on what is held out."""

    epoch: int
    epochs: int
    loss: float
    accuracy: float
    held_out_loss: float | None
    held_out_accuracy: float | None
