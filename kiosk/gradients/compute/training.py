"""Training a head on frozen embeddings, with its cross-validation in the same passes.

One training trains several networks at once, which see the same batches: the head itself, on every example, and one
network a fold, which never sees that fold's bursts. What these answer on their own fold is the honest part: curves,
confusion and doubt come from it. A burst is never parted, since its frames are near-copies.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from kiosk.vision.arrays import Floats
from kiosk.vision.examples import NEVER_HELD_OUT, Examples
from kiosk.vision.head import Layer, directions
from kiosk.vision.recipe import Recipe

FOLDS = 5
WEIGHT_DECAY, BETAS, EPSILON = 1e-3, (0.9, 0.999), 1e-8
# Doubt begins below this share of what held-out examples reach. Chosen on package photographs, where one taught
# thing called unknown weighs as much as three strangers missed: 0.4 and 0.45 cost the same there, and 0.45 errs less
# often in all (30 lessons of 2, 4 and 8 labels; tests/figures/test_head.py).
DOUBT_BELOW = 0.45
# What they are taken to reach where no label has a second burst to be held out.
LIKENESS_UNTESTED, CONFIDENCE_UNTESTED = 0.8, 0.9

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class EpochFigures:
    """Mean loss and accuracy after an epoch, on what the networks learn and on what they do not; None without folds.

    `said` is each example's label by the network that never saw it, or by the head where its label is never held out.
    """

    epoch: int
    loss: float
    accuracy: float
    held_out_loss: float | None
    held_out_accuracy: float | None
    said: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class TrainingResult:
    """A finished training. `predicted` is each example's label by the network that never saw its burst."""

    mean: Floats
    spread: float
    layers: tuple[Layer, ...]
    least_likeness: float
    least_confidence: float
    predicted: tuple[int, ...]


def train_head(
    examples: Examples, recipe: Recipe, on_epoch: Callable[[EpochFigures], None]
) -> TrainingResult:
    """Return a head trained by a recipe; the same arguments give the same bytes on as many threads.

    `on_epoch` may raise to end the training.
    """
    labels, bursts = np.array(examples.labels), np.array(examples.bursts)
    folds = folds_of(labels, bursts, recipe.seed)
    mean, spread = examples.embeddings.mean(0), max(float(examples.embeddings.std(0).mean()), 1e-3)
    inputs = torch.from_numpy((examples.embeddings - mean) / np.float32(spread))
    answers = torch.from_numpy(labels)
    learns = _learns(folds)
    widths = (inputs.shape[1], *recipe.layers, len(examples.names))
    networks = Networks.drawn(widths, len(learns), recipe.seed)
    descent = AdamW(networks.parameters, recipe.learning_rate)
    order = torch.Generator().manual_seed(recipe.seed)
    for epoch in range(1, recipe.epochs + 1):
        shuffled = torch.randperm(len(answers), generator=order)
        for start in range(0, len(answers), recipe.batch):
            batch = shuffled[start : start + recipe.batch]
            losses = _losses(networks(inputs[batch]), answers[batch])
            descent.step(_mean_where(losses, learns[:, batch]).sum())
        with torch.no_grad():
            logits = networks(inputs)
        on_epoch(_figures(epoch, logits, answers, learns, folds))
    held_out = _held_out(logits.numpy(), folds)
    least_likeness, least_confidence = _doubt(examples, labels, bursts, held_out[folds != NEVER_HELD_OUT])
    predicted = np.where(folds == NEVER_HELD_OUT, NEVER_HELD_OUT, held_out.argmax(1))
    return TrainingResult(
        mean, spread, networks.layers(0), least_likeness, least_confidence, tuple(predicted.tolist())
    )


def folds_of(labels: Integers, bursts: Integers, seed: int) -> Integers:
    """Return each example's fold: whole bursts, dealt out label by label. Shapes: (n,) -> (n,).

    A label with one burst is never held out: the networks would have nothing to know it by.
    """
    folds = np.full(len(labels), NEVER_HELD_OUT)
    rng = np.random.default_rng(seed)
    for label in np.unique(labels):
        own = np.unique(bursts[labels == label])
        if len(own) > 1:
            dealt = dict(zip(rng.permutation(own).tolist(), np.arange(len(own)) % FOLDS, strict=True))
            for burst, fold in dealt.items():
                folds[(labels == label) & (bursts == burst)] = fold
    return folds


class Networks:
    """Several networks of one shape, trained side by side on the same inputs."""

    def __init__(self, weights: list[Tensor], biases: list[Tensor]) -> None:
        self._weights, self._biases = weights, biases
        self.parameters = [tensor.requires_grad_() for tensor in (*weights, *biases)]

    @classmethod
    def drawn(cls, widths: tuple[int, ...], members: int, seed: int) -> Self:
        """Return networks that all begin with the same weights, drawn as He et al. 2015 do (arXiv:1502.01852)."""
        draw = torch.Generator().manual_seed(seed)
        weights, biases = [], []
        for inputs, outputs in pairwise(widths):
            weight = torch.randn((inputs, outputs), generator=draw) * (2 / inputs) ** 0.5
            weights.append(weight.repeat(members, 1, 1))
            biases.append(torch.zeros(members, 1, outputs))
        return cls(weights, biases)

    def __call__(self, inputs: Tensor) -> Tensor:
        """Return every network's logits. Shapes: (n, channels) -> (members, n, labels)."""
        values = inputs
        for index, (weight, bias) in enumerate(zip(self._weights, self._biases, strict=True)):
            values = torch.matmul(functional.relu(values) if index else values, weight) + bias
        return values

    def layers(self, member: int) -> tuple[Layer, ...]:
        """Return one network's layers."""
        return tuple(
            Layer(weight[member].detach().T.contiguous().numpy(), bias[member, 0].detach().numpy().copy())
            for weight, bias in zip(self._weights, self._biases, strict=True)
        )


class AdamW:
    """Adam with decoupled weight decay (Loshchilov and Hutter 2017, arXiv:1711.05101), as torch.optim does it.

    Ours because the first use of torch.optim imports PyTorch's compiler: 150 MB and seconds, on a device many.
    """

    def __init__(self, parameters: Sequence[Tensor], learning_rate: float) -> None:
        self._parameters, self._rate, self._steps = parameters, learning_rate, 0
        self._means = [torch.zeros_like(parameter) for parameter in parameters]
        self._squares = [torch.zeros_like(parameter) for parameter in parameters]

    def step(self, loss: Tensor) -> None:
        """Move the parameters once against a loss's gradient."""
        gradients = torch.autograd.grad(loss, self._parameters)
        self._steps += 1
        shrunk_mean, shrunk_square = (1 - beta**self._steps for beta in BETAS)
        with torch.no_grad():
            for parameter, gradient, mean, square in zip(
                self._parameters, gradients, self._means, self._squares, strict=True
            ):
                mean.lerp_(gradient, 1 - BETAS[0])
                square.mul_(BETAS[1]).addcmul_(gradient, gradient, value=1 - BETAS[1])
                parameter.mul_(1 - self._rate * WEIGHT_DECAY)
                size = square.sqrt().div_(shrunk_square**0.5).add_(EPSILON)
                parameter.addcdiv_(mean, size, value=-self._rate / shrunk_mean)


def _learns(folds: Integers) -> Tensor:
    """Return which network learns which example, (members, n): the first all, each other one all but its fold."""
    others = [folds != fold for fold in range(int(folds.max()) + 1)]
    return torch.from_numpy(np.stack([np.ones(len(folds), bool), *others]))


def _losses(logits: Tensor, answers: Tensor) -> Tensor:
    """Return each network's loss on each example: (members, n)."""
    return functional.cross_entropy(logits.movedim(2, 1), answers.expand(len(logits), -1), reduction="none")


def _mean_where(values: Tensor, chosen: Tensor) -> Tensor:
    """Return each row's mean over its chosen places, 0 where there are none."""
    return (values * chosen).sum(1) / chosen.sum(1).clamp(min=1)


def _figures(epoch: int, logits: Tensor, answers: Tensor, learns: Tensor, folds: Integers) -> EpochFigures:
    losses, right = _losses(logits, answers), (logits.argmax(2) == answers).float()
    members = slice(1, None) if len(learns) > 1 else slice(None)
    loss, accuracy = (float(_mean_where(v[members], learns[members]).mean()) for v in (losses, right))
    tested = folds != NEVER_HELD_OUT
    held_out = (
        [_held_out(v.numpy(), folds)[tested].mean() for v in (losses, right)] if tested.any() else [None] * 2
    )
    said = _held_out(logits.numpy(), folds).argmax(1)
    unseen_loss, unseen_accuracy = (None if v is None else float(v) for v in held_out)
    return EpochFigures(epoch, loss, accuracy, unseen_loss, unseen_accuracy, tuple(said.tolist()))


def _held_out(values: NDArray[np.float32], folds: Integers) -> NDArray[np.float32]:
    """Return each example's row of the network that never saw it: (members, n, …) -> (n, …); else of the head's."""
    return values[folds + 1, np.arange(len(folds))]


def _doubt(examples: Examples, labels: Integers, bursts: Integers, held_out: Floats) -> tuple[float, float]:
    """Return the least likeness and confidence of an embedding that is known: a share of what is usual for examples.

    Usual is the median of their likeness to their own label's other bursts, and of the highest probability that the
    networks which never saw them give. `held_out` holds those networks' logits: (examples held out, labels).
    """
    towards = directions(examples.embeddings)
    likeness = towards @ towards.T
    others = (labels[:, None] == labels) & (bursts[:, None] != bursts)
    usual = np.where(others, likeness, -1).max(1)[others.any(1)]
    odds = np.exp(held_out - held_out.max(1, keepdims=True))
    confidence = odds.max(1) / odds.sum(1)
    return (
        DOUBT_BELOW * (float(np.median(usual)) if len(usual) else LIKENESS_UNTESTED),
        DOUBT_BELOW * (float(np.median(confidence)) if len(confidence) else CONFIDENCE_UNTESTED),
    )
