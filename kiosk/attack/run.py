"""*Fool it*: step, reply, verdict, next step, until fooled or out of budget. Each step is judged by ONNX Runtime."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from kiosk.attack.noise import NoiseSize, iterate_picture, noise_size, truncated_picture
from kiosk.attack.print_proof import Proofing, print_proof_iterates
from kiosk.attack.strides import falling_255
from kiosk.attack.verdict import judge
from kiosk.core.visit import Verdict
from kiosk.errors import BadArgumentError
from kiosk.gradients.client import GradientClient
from kiosk.gradients.protocol import StepMethod
from kiosk.vision.classifier import AnyClassifier, Prediction
from kiosk.vision.picture import Rgb

Method = StepMethod | Literal["falling", "least", "printproof"]
METHODS: tuple[str, ...] = (*get_args(StepMethod), "falling", "least", "printproof")


@dataclass(frozen=True)
class Plan:
    """What to do: method, target (None for `untargeted`), step and L-inf budget in 1/255, most gradients.

    The step of `falling` is its first, the widest. Of `printproof`, steps, budget and gradients are its preset's.
    """

    method: Method
    target: int | None
    step_255: float = 1.0
    budget_255: float = 4.0
    max_steps: int = 10
    fool_confidence: float = 0.0
    proofing: Proofing = field(default_factory=Proofing)

    def stride_255(self, step: int) -> float:
        """Return how far a step, from 1 on, goes."""
        falls = self.method == "falling"
        return falling_255(step, self.max_steps, self.step_255) if falls else self.step_255


@dataclass(frozen=True)
class JudgedStep:
    """One iterate's picture and what the model says of it. `seconds` is the gradient's and the verdict's time."""

    step: int
    picture: Rgb
    prediction: Prediction
    noise: NoiseSize
    verdict: Verdict
    seconds: float


@dataclass(frozen=True)
class Attacked:
    """A finished attack: every judged step, and the one to show: the first fooled one, or the last."""

    steps: tuple[JudgedStep, ...]
    shown: JudgedStep

    @property
    def fooled(self) -> bool:
        """Return whether the model was fooled."""
        return self.shown.verdict is Verdict.FOOLED


def run_attack(
    classifier: AnyClassifier,
    gradients: GradientClient,
    original: Rgb,
    original_label: int,
    plan: Plan,
    on_step: Callable[[JudgedStep], None] = lambda _: None,
) -> Attacked:
    """Return the attack on a picture; raises JobLostError where the gradient process was lost meanwhile."""
    referee = _Referee(classifier, original, original_label, plan, on_step)
    if plan.method == "least":
        return _least(referee, gradients)
    if plan.method == "printproof":
        return _print_proof(referee, gradients)
    method, label = plan.method, original_label if plan.target is None else plan.target
    iterate = original.astype(np.float32)
    for step in range(1, 1 + (1 if method == "fgsm" else plan.max_steps)):
        iterate = gradients.step(
            "sign" if method == "falling" else method,
            iterate,
            original,
            label,
            step_255=plan.stride_255(step),
            budget_255=plan.budget_255,
            head=classifier.head,
        ).result()
        if referee.judged(iterate).verdict is Verdict.FOOLED:
            break
    return Attacked(tuple(referee.steps), referee.steps[-1])


def _least(referee: "_Referee", gradients: GradientClient) -> Attacked:
    """Return the search whose smallest fooled iterate, in L2, is shown."""
    plan = referee.plan
    label = referee.original_label if plan.target is None else plan.target
    gradients.least(
        referee.original,
        label,
        plan.max_steps,
        lambda iterate: _keep(referee, iterate),
        head=referee.classifier.head,
        away=plan.target is None,
        confidence=plan.fool_confidence,
    ).result()
    fooled = [step for step in referee.steps if step.verdict is Verdict.FOOLED]
    return Attacked(
        tuple(referee.steps), min(fooled, key=lambda step: step.noise.l2_255, default=referee.steps[-1])
    )


def _print_proof(referee: "_Referee", gradients: GradientClient) -> Attacked:
    """Return the attack whose last fooled picture is shown: it survives most."""
    plan = referee.plan
    if plan.target is None:
        raise BadArgumentError("printproof: takes a target")
    for iterate in print_proof_iterates(
        referee.classifier, gradients, referee.original, plan.target, plan.proofing
    ):
        referee.judged(iterate)
    last_first = reversed(referee.steps)
    fooled = (step for step in last_first if step.verdict is Verdict.FOOLED)
    return Attacked(tuple(referee.steps), next(fooled, referee.steps[-1]))


def _keep(referee: "_Referee", iterate: NDArray[np.float32]) -> None:
    referee.judged(iterate)


class _Referee:
    """Judges iterates in the order they come and keeps them."""

    def __init__(
        self,
        classifier: AnyClassifier,
        original: Rgb,
        original_label: int,
        plan: Plan,
        on_step: Callable[[JudgedStep], None],
    ) -> None:
        self.original, self.original_label, self.plan = original, original_label, plan
        self.classifier, self._on_step = classifier, on_step
        self._since_s = time.monotonic()
        self.steps: list[JudgedStep] = []

    def judged(self, iterate: NDArray[np.float32]) -> JudgedStep:
        truncating = self.plan.method == "report"
        picture = truncated_picture(iterate, self.original) if truncating else iterate_picture(iterate)
        prediction = self.classifier(picture)
        now_s = time.monotonic()
        step = JudgedStep(
            step=len(self.steps) + 1,
            picture=picture,
            prediction=prediction,
            noise=noise_size(self.original, picture),
            verdict=judge(
                prediction, self.original_label, self.plan.target, fool_confidence=self.plan.fool_confidence
            ),
            seconds=now_s - self._since_s,
        )
        self._since_s = now_s
        self.steps.append(step)
        self._on_step(step)
        return step
