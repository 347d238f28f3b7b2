"""Gradient attacks on the picture: which way each pixel goes, one step at a time.

An iterate is (side, side, 3) float32 in 0..255. Every step goes up the target's log-odds log(p / (1 - p)): the
direction is that of the log-probability and of the probability, without vanishing where p nears 0 or 1.
The caller holds the stack of iterates and alone, with ONNX Runtime's answer, says "fooled".
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from copy import copy
from typing import Literal, Self

import numpy as np
import torch
from torch import Tensor

from kiosk.gradients.compute.network import Network
from kiosk.gradients.compute.taught import TaughtHead
from kiosk.gradients.protocol import StepMethod
from kiosk.vision.arrays import Floats

# `least`: decoupled direction and norm (Rony et al. 2019, arXiv:1811.09600) with 8-bit iterates.
LEAST_FIRST_NORM_255 = 192.0
LEAST_FIRST_MOVE_255 = 255.0
LEAST_LAST_MOVE_255 = 2.55
LEAST_NORM_CHANGE = 0.1
# From an iterate whose noise is several times too loud; with 0.1 forty gradients end at 1.2 times the L2.
LEAST_NORM_CHANGE_BEGUN = 0.2


Objective = Literal["log-odds", "log-probability", "probability"]


class Attacker:
    """A network with its input normalisation, and maybe a taught head: gradients and steps in picture units."""

    def __init__(
        self,
        network: Network,
        mean: tuple[float, ...],
        std: tuple[float, ...],
        head: TaughtHead | None = None,
        around_gradient: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        """`around_gradient` makes what is entered while a gradient is computed."""
        self.network = network
        self._head = head
        self._around_gradient = around_gradient
        self._scale = 1.0 / (255.0 * torch.tensor(std).reshape(1, 3, 1, 1))
        self._shift = torch.tensor(mean).reshape(1, 3, 1, 1) / torch.tensor(std).reshape(1, 3, 1, 1)

    def normalised(self, iterate: torch.Tensor) -> torch.Tensor:
        """Return the network's (1, 3, side, side) input for a (side, side, 3) iterate."""
        return iterate.permute(2, 0, 1).unsqueeze(0) * self._scale - self._shift

    def taught(self, head: TaughtHead | None) -> Self:
        """Return an attacker of the same network with that head's labels; of the network's own for None."""
        other = copy(self)
        other._head = head
        return other

    def logits(self, pixels: Tensor) -> Tensor:
        """Return the logits for a normalised input: the head's where there is one. Shapes: -> (1, labels)."""
        return self._answered(*self.network(pixels, [self._output]))

    def logits_of_features(self, features: Tensor) -> Tensor:
        """Return the logits that follow from the features, in floats and unlimited.

        Shapes: (1, channels, rows, columns) -> (1, labels).
        """
        if self._output == "features":
            return self._answered(features)
        return self._answered(*self.network.tail.resume({"features": features}, [self._output]))

    @property
    def _output(self) -> str:
        return "logits" if self._head is None else self._head.reads

    def _answered(self, output: Tensor) -> Tensor:
        return output if self._head is None else self._head(output)

    def gradient(self, iterate: Floats, label: int, *, of: Objective = "log-odds") -> Floats:
        """Return the gradient of a label's log-odds, or of another objective, at an iterate.

        The graph's roundings are passed over, in both directions: what they add to the activations is noise to a
        gradient (148 of 150 targets reached instead of 146, and 120 of 120 instead of 119 on package crops).
        Shapes: (side, side, 3) float32 in 0..255 -> the same shape. Units: per grey level.
        """
        with self.network.unrounded():
            return self._gradient_and_logits(iterate, label, of)[0]

    def odds_gradient(self, picture: Floats, label: int, against: int) -> Floats:
        """Return the gradient of a label's log-odds against another at a picture, shapes and units as `gradient`'s."""
        leaf = torch.from_numpy(picture.copy()).requires_grad_()
        with self.network.unrounded():
            logits = self.logits_of_features(*self.network(self.normalised(leaf), ["features"]))
            (gradient,) = torch.autograd.grad(logits[0, label] - logits[0, against], leaf)
        return gradient.contiguous().numpy()

    def _gradient_and_logits(
        self, iterate: Floats, label: int, of: Objective = "log-odds"
    ) -> tuple[Floats, Tensor]:
        """Return the gradient and the logits. Shapes: -> (1, labels)."""
        leaf = torch.from_numpy(iterate.copy()).requires_grad_()
        with self._around_gradient():
            logits = self.logits(self.normalised(leaf))
            (gradient,) = torch.autograd.grad(OBJECTIVES[of](logits, label), leaf)
        return gradient.contiguous().numpy(), logits.detach()

    def step(
        self,
        method: StepMethod,
        iterate: Floats,
        original: Floats,
        label: int,
        step_255: float,
        budget_255: float,
    ) -> Floats:
        """Return the next iterate: one step, then back into the budget around the original and into 0..255."""
        gradient = self.gradient(iterate, label, of="probability" if method == "report" else "log-odds")
        change = direction(method, gradient) * (budget_255 if method == "fgsm" else step_255)
        inside = np.clip(iterate + change, original - budget_255, original + budget_255)
        following: Floats = np.clip(inside, 0, 255).astype(np.float32)
        return following

    def least(
        self,
        original: Floats,
        label: int,
        steps: int,
        begin: Floats | None = None,
        *,
        away: bool = False,
        confidence: float = 0.0,
    ) -> Iterator[Floats]:
        """Yield iterates of 8-bit values whose L2 norm closes in on the smallest that fools; one gradient each.

        The norm shrinks while this network is fooled and grows while it is not: while it answers the label with that
        confidence, or with `away`, while it does not answer it. An iterate to `begin` at brings its norm along.
        """
        iterate = original if begin is None else begin
        noise = iterate - original
        norm = LEAST_FIRST_NORM_255 if begin is None else float(np.linalg.norm(noise))
        change = LEAST_NORM_CHANGE if begin is None else LEAST_NORM_CHANGE_BEGUN
        for index in range(steps):
            gradient, logits = self._gradient_and_logits(iterate, label)
            answered = int(logits.argmax()) == label
            sure = float(logits.softmax(1)[0, label]) >= confidence
            fooled = not answered if away else answered and sure
            if index or begin is not None:
                norm *= 1 - change if fooled else 1 + change
            progress = 0.5 * (1 + np.cos(np.pi * index / steps))
            move = LEAST_LAST_MOVE_255 + (LEAST_FIRST_MOVE_255 - LEAST_LAST_MOVE_255) * progress
            move = -move if away else move
            noise = noise + move * gradient / max(float(np.linalg.norm(gradient)), 1e-12)
            noise *= norm / max(float(np.linalg.norm(noise)), 1e-12)
            iterate = np.clip(np.rint(original + noise), 0, 255).astype(np.float32)
            noise = iterate - original
            yield iterate


def ensemble_step(
    attackers: Sequence[Attacker],
    iterate: Floats,
    original: Floats,
    label: int,
    step_255: float,
    budget_255: float,
) -> Floats:
    """Return the next iterate of `sign` against several networks at once: each one's gradient counts the same."""
    gradients = [attacker.gradient(iterate, label) for attacker in attackers]
    total = np.sum([each / max(float(np.abs(each).mean()), 1e-12) for each in gradients], axis=0)
    inside = np.clip(iterate + step_255 * np.sign(total), original - budget_255, original + budget_255)
    following: Floats = np.clip(inside, 0, 255).astype(np.float32)
    return following


def log_odds(logits: torch.Tensor, label: int) -> torch.Tensor:
    """Return log(p / (1 - p)) of one label of (1, labels) logits."""
    others = torch.cat([logits[0, :label], logits[0, label + 1 :]])
    return logits[0, label] - others.logsumexp(0)


def _log_probability(logits: torch.Tensor, label: int) -> torch.Tensor:
    return logits.log_softmax(1)[0, label]


def _probability(logits: torch.Tensor, label: int) -> torch.Tensor:
    return logits.softmax(1)[0, label]


# The log-probability's gradient vanishes where the label is sure: of many views, those not fooled yet weigh more.
OBJECTIVES: dict[Objective, Callable[[torch.Tensor, int], torch.Tensor]] = {
    "log-odds": log_odds,
    "log-probability": _log_probability,
    "probability": _probability,
}


def direction(method: StepMethod, gradient: Floats) -> Floats:
    """Return which way and how far, within -1..1, each value goes.

    `quiet` clips the gradient at twice its mean size, which halves the L2 of `sign`. `report` is the 2021 report's
    rule: the gradient over its largest value, so that one hot pixel sets the scale.
    """
    size = np.abs(gradient)
    if method == "untargeted":
        return -np.sign(gradient)
    if method == "quiet":
        twice_mean = 2 * float(size.mean())
        return np.clip(gradient / twice_mean, -1, 1) if twice_mean > 0 else np.zeros_like(gradient)
    if method == "report":
        largest = float(size.max())
        return gradient / largest if largest > 0 else np.zeros_like(gradient)
    return np.sign(gradient)
