"""What a classifier answered, and what one visit made of it."""

from dataclasses import dataclass, replace
from enum import Enum

from kiosk.core.labels import Labels

BUDGET = 16  # the most steps of an attack


class Verdict(Enum):
    """The three answers to 'was it fooled?'; only a part that asked the classifier gives one."""

    FOOLED = "fooled"
    NEARLY = "nearly"
    NOT_YET = "not yet"


class Rating(Enum):
    """What a visitor says of the first answer; nobody else knows what was held up."""

    RIGHT = "right"
    NEARLY = "nearly"
    WRONG = "wrong"
    UNSURE = "unsure"


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
        """Return the label it says, or would say if it had to."""
        return self.top[0]

    @property
    def said(self) -> int | None:
        """Return the label it says, None for "I don't know"."""
        return self.first.label if self.known else None

    def confidence(self, label: int) -> float:
        """Return the confidence of a label, 0 where it is not among the best."""
        return next((row.confidence for row in self.top if row.label == label), 0.0)


@dataclass(frozen=True, slots=True)
class Judged:
    """One step of the attack as the classifier judged it; step 0 is the picture without noise.

    `l2_255` and `psnr_db` (None without noise) are the noise's size; `quiet` is no step further, but the least noise
    found that keeps the lie.
    """

    step: int
    answer: Answer
    target_confidence: float
    verdict: Verdict
    linf_255: int
    mean_255: float
    l2_255: float = 0.0
    psnr_db: float | None = None
    quiet: bool = False

    @property
    def told(self) -> Answer:
        """Return the answer as visitors read it: one that is fooled has named the lie, whether it has doubts or not."""
        return replace(self.answer, known=True) if self.verdict is Verdict.FOOLED else self.answer


@dataclass(frozen=True, slots=True)
class Visit:
    """What one visitor did so far: the picture's answer, the lie chosen (None: anything else), the steps.

    `recorded` is how many steps a recorded attack has that is watched instead, 0 for the visitor's own. `rated` is what
    the visitor says of the picture's answer. `settled` says that no less noise needs to be looked for.
    """

    original: Answer
    target: int | None = None
    steps: tuple[Judged, ...] = ()
    shown: int = 0
    recorded: int = 0
    rated: Rating = Rating.UNSURE
    settled: bool = False

    @property
    def boosts(self) -> bool:
        """Return whether the lie is what the classifier says anyway, so that noise makes it surer."""
        return self.target is not None and self.target == self.original.said

    @property
    def spent(self) -> bool:
        """Return whether the stack is as high as it may grow."""
        return len(self.taken) > (self.recorded or BUDGET)

    @property
    def taken(self) -> tuple[Judged, ...]:
        """Return the steps that were taken, the start among them; the least noise found is none of them."""
        return tuple(step for step in self.steps if not step.quiet)

    @property
    def now(self) -> Judged:
        """Return the step on the screen."""
        return self.steps[self.shown]

    @property
    def lie(self) -> int:
        """Return what the attack makes of the picture: the target, or what the last step was taken for."""
        return self.taken[-1].answer.first.label if self.target is None else self.target

    def rival(self, asked: int) -> int:
        """Return what is weighed against the first answer: the label asked for, else the lie, else the next one."""
        first = self.original.first.label
        target = () if self.target is None else (self.target,)
        following = (row.label for answer in (self.now.answer, self.original) for row in answer.top)
        return next((label for label in (asked, *target, *following) if label != first), first)

    @property
    def loud(self) -> int:
        """Return the step on the screen, or the one that was made quieter there."""
        return self.shown - 1 if self.now.quiet else self.shown

    @property
    def fools(self) -> bool:
        """Return whether the step on the screen is taken for what it is not."""
        return bool(self.steps) and self.now.verdict is Verdict.FOOLED and not self.boosts

    @property
    def afresh(self) -> "Visit":
        """Return the visit before any lie was chosen."""
        return Visit(self.original, rated=self.rated)

    def towards(self, target: int | None) -> "Visit":
        """Return the visit at step 0 of a new stack."""
        confidence = 0.0 if target is None else self.original.confidence(target)
        zero = Judged(0, self.original, confidence, Verdict.NOT_YET, 0, 0.0)
        return replace(self.afresh, target=target, steps=(zero,))


def sample_visit(labels: Labels) -> Visit:
    """Return a visit with everything on its screens, for what is drawn before any visit: fooled by its second step."""
    label, lie = labels.order[0], labels.order[1]
    clean = Judged(0, Answer((Ranked(label, 0.9), Ranked(lie, 0.1))), 0.1, Verdict.NOT_YET, 0, 0.0)
    near = replace(
        clean, step=1, verdict=Verdict.NEARLY, linf_255=1, mean_255=0.6, l2_255=300.0, psnr_db=50.3
    )
    done = Judged(2, Answer((Ranked(lie, 0.9), Ranked(label, 0.1))), 0.9, Verdict.FOOLED, 2, 1.2, 600.0, 44.3)
    return Visit(clean.answer, lie, (clean, near, done), 2)
