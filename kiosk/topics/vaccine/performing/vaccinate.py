"""The vaccine: an adversarial picture is taught with its right label, and what that changed is told honestly.

The backbone stays as it is, so a head can learn one trick on one picture, hardly robustness. Therefore the report
never shows the same picture alone: it attacks afresh, there and on other pictures, and looks at the clean examples.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from math import ceil

from kiosk.attack.run import Attacked, JudgedStep, Method, Plan, run_attack
from kiosk.gradients.client import GradientClient, Taught
from kiosk.gradients.jobs import JobCancelledError
from kiosk.topics.vaccine.facts import Resistance, Robustness, Stage, VaccineReport
from kiosk.vision.classifier import Classifier
from kiosk.vision.examples import NEVER_HELD_OUT, Examples
from kiosk.vision.head import Head, directions
from kiosk.vision.picture import Rgb
from kiosk.vision.recipe import Recipe
from kiosk.vision.taught import TaughtClassifier

MOST_OTHERS, MOST_ROBUST = 8, 24
CANCEL_WITHIN_S = 0.2


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


@dataclass(frozen=True, eq=False)
class VaccinationResult:
    """The head after the vaccine, and the report on it."""

    taught: Taught
    report: VaccineReport


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
) -> VaccinationResult:
    """Return the head retrained with a dose, and what that changed. Waits for each job: call it in a thread.

    `pictures`, one at least, are those of the first examples, in order: after them come only doses given before.
    `on_progress` hears a stage and its share done, training's in another thread. Raises JobCancelledError soon after
    `cancelled` says so, and JobLostError with the gradient process.
    """
    clinic = _Clinic(classifier, gradients, regimen, on_progress, cancelled)
    order = list(_over_labels(taught.examples, len(pictures)))
    probes = [_Probe(pictures[index], taught.examples.labels[index], index) for index in order]
    trials = [_Trial(dose.original, dose.label, dose.target), *clinic.others(taught.head, probes, dose)]
    before, robust_before = clinic.examined(Stage.ATTACKING_BEFORE, taught.head, trials, probes)
    retrained = clinic.retrained(clinic.with_attacked_copies(taught, pictures), dose)
    after, robust_after = clinic.examined(Stage.ATTACKING_AFTER, retrained.head, trials, probes)
    same_photo, *others = (
        Resistance(was, now, trial.example) for was, now, trial in zip(before, after, trials, strict=True)
    )
    robust = None
    if robust_before is not None and robust_after is not None:
        robust = Robustness(regimen.copies_budget_255, robust_before, robust_after)
    again = TaughtClassifier(classifier, retrained.head)(dose.adversarial)
    report = VaccineReport(
        same_picture_right=again.label == dose.label,
        same_photo=same_photo,
        others=tuple(others),
        clean_before=_clean_accuracy(taught, len(pictures)),
        clean_after=_clean_accuracy(retrained, len(pictures)),
        most_steps=regimen.max_steps,
        robust=robust,
        tested=taught.accuracy is not None,
    )
    return VaccinationResult(retrained, report)


@dataclass(frozen=True, eq=False)
class _Probe:
    """A taught picture with its label, and its place among the examples."""

    picture: Rgb
    label: int
    example: int


@dataclass(frozen=True, eq=False)
class _Trial:
    """A fresh attack to be made before and after, on an example or (None) on the visitor's photograph."""

    picture: Rgb
    label: int
    target: int
    example: int | None = None


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

    def others(self, head: Head, probes: Sequence[_Probe], dose: Dose) -> list[_Trial]:
        """Return fresh attacks on up to eight examples that the head answers rightly."""
        answers = TaughtClassifier(self._classifier, head)
        right = (probe for probe in probes if answers(probe.picture).label == probe.label)
        return [
            _Trial(
                probe.picture,
                probe.label,
                dose.label if probe.label == dose.target else dose.target,
                probe.example,
            )
            for probe in islice(right, MOST_OTHERS)
        ]

    def examined(
        self, stage: Stage, head: Head, trials: Sequence[_Trial], probes: Sequence[_Probe]
    ) -> tuple[list[int | None], float | None]:
        """Return the steps that each attack needs against a head (None: it fails), and how robust the head is.

        That is the share of some examples which stay right when attacked as the copies were; None without copies.
        """
        chosen = probes[:MOST_ROBUST] if self._regimen.attacked_copies else ()
        whole = len(trials) + len(chosen)
        steps, survived = list[int | None](), 0
        for done, trial in enumerate(trials):
            self._on_progress(stage, done / whole)
            steps.append(self._steps_needed(head, trial))
        for done, probe in enumerate(chosen, start=len(trials)):
            self._on_progress(stage, done / whole)
            survived += self._stays_right(head, probe)
        return steps, survived / len(chosen) if chosen else None

    def _steps_needed(self, head: Head, trial: _Trial) -> int | None:
        regimen = self._regimen
        plan = Plan("sign", trial.target, regimen.step_255, regimen.budget_255, regimen.max_steps)
        result = self._attack(head, trial.picture, trial.label, plan)
        return result.shown.step if result.fooled else None

    def _stays_right(self, head: Head, probe: _Probe) -> bool:
        if TaughtClassifier(self._classifier, head)(probe.picture).label != probe.label:
            return False
        return not self._attack(head, probe.picture, probe.label, self._copying()).fooled

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
