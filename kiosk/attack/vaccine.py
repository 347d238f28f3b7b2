"""The vaccine: an adversarial picture is taught with its right label, and what that changed is told honestly.

The backbone stays as it is, so a head can learn one trick on one picture, hardly robustness. Therefore the report
never shows the same picture alone: it attacks afresh, there and on other pictures, and looks at the clean examples.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice, zip_longest
from math import ceil

from kiosk.attack.run import Attacked, JudgedStep, Method, Plan, run_attack
from kiosk.gradients.client import GradientClient, Taught
from kiosk.gradients.jobs import JobCancelledError
from kiosk.gradients.recipe import Recipe
from kiosk.vision.classifier import Classifier
from kiosk.vision.examples import NEVER_HELD_OUT, Examples
from kiosk.vision.head import Head, directions
from kiosk.vision.picture import Rgb
from kiosk.vision.taught import TaughtClassifier

MOST_OTHERS, MOST_ROBUST = 8, 24
CANCEL_WITHIN_S = 0.2
# A clean accuracy that falls by more than this undoes the good of a vaccine.
CLEAN_LOSS = 0.02


@dataclass(frozen=True, eq=False)
class Dose:
    """An adversarial picture with its original, both (side, side, 3) uint8, what it really is, and the lie it told."""

    original: Rgb
    adversarial: Rgb
    label: int
    target: int


@dataclass(frozen=True)
class Regimen:
    """How to vaccinate: the training, attacked copies of every example (staff), and the fresh attacks."""

    recipe: Recipe = field(default_factory=Recipe)
    attacked_copies: int = 0
    step_255: float = 0.5
    budget_255: float = 8.0
    max_steps: int = 16
    copies_budget_255: float = 2.0


@dataclass(frozen=True)
class Resistance:
    """Steps that a fresh attack needs before and after the vaccine; None where it fails within its budget."""

    before: int | None
    after: int | None

    @property
    def grew(self) -> bool:
        """Return whether the attack is harder now."""
        return self.before is not None and (self.after is None or self.after > self.before)


@dataclass(frozen=True)
class VaccineReport:
    """What a vaccine changed. Rates are fractions 0..1.

    `clean_before` and `clean_after` are the held-out accuracy on the clean examples, or the accuracy on the examples
    themselves where no label has a second burst. `robust_before` and `robust_after`, with attacked copies only, are the
    share of some examples that stay right when attacked afresh as the copies were: they were taught, so it flatters.
    """

    same_picture_right: bool
    same_photo: Resistance
    others: tuple[Resistance, ...]
    clean_before: float
    clean_after: float
    robust_before: float | None = None
    robust_after: float | None = None

    @property
    def helped(self) -> bool:
        """Return whether fooling this photograph became harder, at no cost for clean pictures."""
        kept = self.clean_after >= self.clean_before - CLEAN_LOSS
        return self.same_picture_right and self.same_photo.grew and kept

    @property
    def helped_elsewhere(self) -> bool:
        """Return whether most of the other pictures became harder to fool as well."""
        return sum(other.grew for other in self.others) * 2 > len(self.others)


@dataclass(frozen=True, eq=False)
class Vaccinated:
    """The head after the vaccine, and the report on it."""

    taught: Taught
    report: VaccineReport


class Stage(Enum):
    """What a vaccination is doing."""

    ATTACKING_BEFORE = "attacking before"
    COPYING = "copying"
    TRAINING = "training"
    ATTACKING_AFTER = "attacking after"


def vaccinate(
    classifier: Classifier,
    gradients: GradientClient,
    taught: Taught,
    pictures: Sequence[Rgb],
    dose: Dose,
    regimen: Regimen,
    *,
    on_progress: Callable[[Stage, float], None] = lambda _stage, _share: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Vaccinated:
    """Return the head retrained with a dose, and what that changed. Waits for each job: call it in a thread.

    `pictures` are those of the first examples, in their order: what comes after them are doses given before.
    `on_progress` hears a stage and its share done, training's in another thread. Raises JobCancelledError soon after
    `cancelled` says so, and JobLostError with the gradient process.
    """
    clinic = _Clinic(classifier, gradients, regimen, on_progress, cancelled)
    order = list(_over_labels(taught.examples, len(pictures)))
    probes = [(pictures[index], taught.examples.labels[index]) for index in order]
    trials = [_Trial(dose.original, dose.label, dose.target), *clinic.others(taught.head, probes, dose)]
    before = clinic.attacked(Stage.ATTACKING_BEFORE, taught.head, trials)
    robust_before = clinic.robust_share(Stage.ATTACKING_BEFORE, taught.head, probes)
    retrained = clinic.retrained(clinic.with_attacked_copies(taught, pictures), dose)
    after = clinic.attacked(Stage.ATTACKING_AFTER, retrained.head, trials)
    robust_after = clinic.robust_share(Stage.ATTACKING_AFTER, retrained.head, probes)
    same_photo, *others = (Resistance(*steps) for steps in zip(before, after, strict=True))
    again = TaughtClassifier(classifier, retrained.head)(dose.adversarial)
    report = VaccineReport(
        same_picture_right=again.label == dose.label,
        same_photo=same_photo,
        others=tuple(others),
        clean_before=_clean_accuracy(taught, len(pictures)),
        clean_after=_clean_accuracy(retrained, len(pictures)),
        robust_before=robust_before,
        robust_after=robust_after,
    )
    return Vaccinated(retrained, report)


@dataclass(frozen=True, eq=False)
class _Trial:
    """A fresh attack to be made before and after."""

    picture: Rgb
    label: int
    target: int


class _Clinic:
    """Attacks, copies and trains as a regimen says, telling how far it is and stopping when told to."""

    def __init__(
        self,
        classifier: Classifier,
        gradients: GradientClient,
        regimen: Regimen,
        on_progress: Callable[[Stage, float], None],
        cancelled: Callable[[], bool],
    ) -> None:
        self._classifier, self._gradients, self._regimen = classifier, gradients, regimen
        self._on_progress, self._cancelled = on_progress, cancelled

    def others(self, head: Head, probes: Sequence[tuple[Rgb, int]], dose: Dose) -> list[_Trial]:
        """Return fresh attacks on up to eight examples that the head answers rightly."""
        answers = TaughtClassifier(self._classifier, head)
        right = (probe for probe in probes if answers(probe[0]).label == probe[1])
        return [
            _Trial(picture, label, dose.label if label == dose.target else dose.target)
            for picture, label in islice(right, MOST_OTHERS)
        ]

    def attacked(self, stage: Stage, head: Head, trials: Sequence[_Trial]) -> list[int | None]:
        """Return the steps that each attack needs against a head, None where it fails."""
        regimen, steps = self._regimen, list[int | None]()
        for done, trial in enumerate(trials):
            self._on_progress(stage, done / len(trials))
            plan = Plan("sign", trial.target, regimen.step_255, regimen.budget_255, regimen.max_steps)
            result = self._attack(head, trial.picture, trial.label, plan)
            steps.append(result.shown.step if result.fooled else None)
        return steps

    def robust_share(self, stage: Stage, head: Head, probes: Sequence[tuple[Rgb, int]]) -> float | None:
        """Return how many of some examples stay right when attacked as the copies were; None without copies."""
        chosen = probes[:MOST_ROBUST] if self._regimen.attacked_copies else ()
        answers, survived = TaughtClassifier(self._classifier, head), 0
        for done, (picture, label) in enumerate(chosen):
            self._on_progress(stage, done / len(chosen))
            if answers(picture).label == label:
                survived += not self._attack(head, picture, label, self._copying()).fooled
        return survived / len(chosen) if chosen else None

    def with_attacked_copies(self, taught: Taught, pictures: Sequence[Rgb]) -> Examples:
        """Return the examples with attacked copies of each, in their bursts (Madry et al. 2017, arXiv:1706.06083).

        Each copy is attacked against the head as it is, towards another label in turn, and seen by ONNX Runtime.
        """
        examples, count = taught.examples, len(taught.examples.names)
        embeddings, labels, bursts = [], [], []
        for index, picture in enumerate(pictures if self._regimen.attacked_copies else ()):
            self._on_progress(Stage.COPYING, index / len(pictures))
            label = examples.labels[index]
            for copy in range(self._regimen.attacked_copies):
                target = (label + 1 + (index + copy) % (count - 1)) % count
                shown = self._attack(taught.head, picture, label, self._copying(target)).shown
                embeddings.append(shown.prediction.embedding)
                labels.append(label)
                bursts.append(examples.bursts[index])
        return examples.with_more(embeddings, labels, bursts) if embeddings else examples

    def retrained(self, examples: Examples, dose: Dose) -> Taught:
        """Return a head taught with the dose, which joins the burst of its label that it resembles most.

        Once is enough: of 8 pictures among 250 examples all 8 were right again and harder to attack, with one copy or
        with three.
        """
        embedding = self._classifier(dose.adversarial).embedding
        own = [index for index, label in enumerate(examples.labels) if label == dose.label]
        nearest = own[int((directions(examples.embeddings[own]) @ embedding).argmax())]
        more = examples.with_more([embedding], [dose.label], [examples.bursts[nearest]])
        epochs = self._regimen.recipe.epochs
        answer = self._gradients.train(
            more, self._regimen.recipe, lambda epoch: self._on_progress(Stage.TRAINING, epoch.epoch / epochs)
        )
        while True:
            try:
                taught: Taught = answer.result(CANCEL_WITHIN_S)
            except TimeoutError:
                if self._cancelled():
                    self._gradients.cancel(answer)
            else:
                return taught

    def _copying(self, target: int | None = None) -> Plan:
        regimen = self._regimen
        steps = ceil(2 * regimen.copies_budget_255 / regimen.step_255)
        method: Method = "untargeted" if target is None else "sign"
        return Plan(method, target, regimen.step_255, regimen.copies_budget_255, steps)

    def _attack(self, head: Head, picture: Rgb, label: int, plan: Plan) -> Attacked:
        answers = TaughtClassifier(self._classifier, head)
        return run_attack(answers, self._gradients, picture, label, plan, self._check)

    def _check(self, _step: JudgedStep) -> None:
        if self._cancelled():
            raise JobCancelledError("the vaccination was cancelled")


def _over_labels(examples: Examples, pictures: int) -> Iterator[int]:
    """Yield the examples that have pictures, a label after another in turn, each burst's first frame first."""
    frames: Counter[tuple[int, int]] = Counter()
    places: list[tuple[int, int, int]] = []
    for index, of_burst in enumerate(zip(examples.labels[:pictures], examples.bursts, strict=False)):
        places.append((frames[of_burst], index, of_burst[0]))
        frames[of_burst] += 1
    by_label = [[i for _, i, own in sorted(places) if own == label] for label in range(len(examples.names))]
    yield from (index for turn in zip_longest(*by_label) for index in turn if index is not None)


def _clean_accuracy(taught: Taught, pictures: int) -> float:
    """Return the held-out accuracy on the clean examples, or that of the head itself where none was held out."""
    examples = taught.examples
    pairs = list(zip(examples.labels[:pictures], taught.predicted, strict=False))
    pairs = [pair for pair in pairs if pair[1] != NEVER_HELD_OUT]
    if not pairs:
        answers = taught.head.logits(examples.embeddings[:pictures]).argmax(1).tolist()
        pairs = list(zip(examples.labels, answers, strict=False))
    return sum(right == answer for right, answer in pairs) / len(pairs)
