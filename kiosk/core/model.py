"""What the exhibit knows and says: values, events (what happened), effects (what shall be done)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

SMALLEST_MM = 177.0  # 7 inches; on less, touch targets of 15 mm leave no room for the pictures


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
    """The classifier's best labels for one picture, best first, never empty."""

    top: tuple[Ranked, ...]

    @property
    def first(self) -> Ranked:
        """The label it says."""
        return self.top[0]

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


@dataclass(frozen=True, slots=True)
class Visit:
    """What one visitor did so far: the picture's answer, the lie chosen (None: anything else), the steps."""

    original: Answer
    target: int | None = None
    steps: tuple[Judged, ...] = ()
    shown: int = 0

    @property
    def boosts(self) -> bool:
        """Whether the lie is what the classifier says anyway, so that noise makes it surer."""
        return self.target is not None and self.target == self.original.first.label

    @property
    def now(self) -> Judged:
        """The step on the screen."""
        return self.steps[self.shown]


@dataclass(frozen=True, slots=True)
class Film:
    """The attract loop: the answer to picture `film-0`, `film-1` and so on; the last one is fooled."""

    frames: tuple[Ranked, ...]


# Events: what happened. -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tick:
    """Time went on; the first event of every frame (monotonic seconds, from any start)."""

    now_s: float


@dataclass(frozen=True, slots=True)
class Touched:
    """A finger (or the mouse) came down."""

    x_px: int
    y_px: int


@dataclass(frozen=True, slots=True)
class ButtonDown:
    """A physical button went down."""

    button: Button


@dataclass(frozen=True, slots=True)
class ButtonUp:
    """A physical button came up."""

    button: Button


@dataclass(frozen=True, slots=True)
class LiveJudged:
    """The classifier looked at a newer camera frame."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class CameraFound:
    """The camera gives frames (again)."""


@dataclass(frozen=True, slots=True)
class CameraLost:
    """There is no camera, or it gives no frames."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class PictureTaken:
    """The answer to `TakePicture` and `TakeStockPicture`: `original` is on the shelf and was judged."""

    job: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class StepJudged:
    """The answer to `RunStep`: the new iterate is on the stack, shown as `adversarial`, and was judged."""

    job: int
    judged: Judged


@dataclass(frozen=True, slots=True)
class MapsDrawn:
    """The answer to `DrawMaps`: both maps are on the shelf; False where a map holds no evidence at all."""

    job: int
    label: int
    original_evidence: bool = True
    adversarial_evidence: bool = True


@dataclass(frozen=True, slots=True)
class JobLost:
    """The answer to any job that could not be done."""

    job: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GradientsChanged:
    """The gradient process warms, is ready, or was lost."""

    health: Health


@dataclass(frozen=True, slots=True)
class ModelChanged:
    """The classifier is being made ready, is ready, or is missing (LOST)."""

    health: Health


@dataclass(frozen=True, slots=True)
class FilmReady:
    """The attract loop's pictures are on the shelf."""

    film: Film


Event = (
    Tick
    | Touched
    | ButtonDown
    | ButtonUp
    | LiveJudged
    | CameraFound
    | CameraLost
    | PictureTaken
    | StepJudged
    | MapsDrawn
    | JobLost
    | GradientsChanged
    | ModelChanged
    | FilmReady
)

# Effects: what the performer shall do. --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StartLive:
    """Classify camera frames and say `LiveJudged` for each; keep `camera` fresh."""


@dataclass(frozen=True, slots=True)
class StopLive:
    """Stop classifying camera frames."""


@dataclass(frozen=True, slots=True)
class TakePicture:
    """Freeze the newest frame as `original`, judge it, say `PictureTaken` or `JobLost`."""

    job: int


@dataclass(frozen=True, slots=True)
class TakeStockPicture:
    """Put one of our own pictures there instead (no camera), say `PictureTaken` or `JobLost`."""

    job: int


@dataclass(frozen=True, slots=True)
class StartStack:
    """Begin a new stack at the original for this target (None: anything but the original's label)."""

    target: int | None


@dataclass(frozen=True, slots=True)
class RunStep:
    """Take one step from iterate `at_step`, judge it, say `StepJudged` or `JobLost`."""

    job: int
    at_step: int


@dataclass(frozen=True, slots=True)
class ShowStep:
    """Show iterate `step` of the stack as `adversarial` and `noise` (0 is the original)."""

    step: int


@dataclass(frozen=True, slots=True)
class DrawMaps:
    """Draw both Grad-CAMs of a label, at the original and at iterate `step`; say `MapsDrawn` or `JobLost`."""

    job: int
    label: int
    step: int


@dataclass(frozen=True, slots=True)
class DropJob:
    """Nobody waits for this job any more: its result must not reach the stack or the shelf."""

    job: int


@dataclass(frozen=True, slots=True)
class Forget:
    """Wipe every picture, iterate, map and answer of the visitor, here and in the gradient process."""


Effect = (
    StartLive
    | StopLive
    | TakePicture
    | TakeStockPicture
    | StartStack
    | RunStep
    | ShowStep
    | DrawMaps
    | DropJob
    | Forget
)
