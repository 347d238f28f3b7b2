"""The caller's end of the local queue.

Every job is a future that ends in exactly one way: its answer, JobCancelledError, JobRefusedError or
JobLostError. A crash, a hang or a kill of the process loses the jobs it had; it never answers them wrongly.
No call here waits for the process.
"""

import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from kiosk.gradients import protocol
from kiosk.gradients.jobs import PendingJob, Promise
from kiosk.gradients.protocol import Array, EpochDone, HeadLayers, HeadPatches, MapMethod, StepMethod
from kiosk.gradients.supervisor import Status, Supervisor
from kiosk.recapture.preset import Preset
from kiosk.recapture.proof import Proof
from kiosk.recapture.ranges import Ranges
from kiosk.settings.sections import GradientSettings
from kiosk.vision.arrays import Floats
from kiosk.vision.examples import Examples
from kiosk.vision.head import Doubt, Head, Layer, directions
from kiosk.vision.heatmap import CellMap, Stage
from kiosk.vision.model_card import MODEL_FILE, ModelCard
from kiosk.vision.picture import Rgb
from kiosk.vision.prototypes.head import PrototypeHead
from kiosk.vision.recipe import Recipe


@dataclass(frozen=True, eq=False)
class Taught:
    """A trained head, and what its cross-validation says of every example.

    `predicted` is each example's label by a network that never saw its burst, NEVER_HELD_OUT where its label has one
    burst only. `confusion` counts those: rows are the right labels, columns the predicted ones.
    """

    head: Head
    examples: Examples
    predicted: tuple[int, ...]

    @property
    def confusion(self) -> tuple[tuple[int, ...], ...]:
        """Return how often each label's held-out examples were given each label: [right][predicted]."""
        pairs = Counter(zip(self.examples.labels, self.predicted, strict=True))
        labels = range(len(self.examples.names))
        return tuple(tuple(pairs[right, given] for given in labels) for right in labels)

    @property
    def accuracy(self) -> float | None:
        """Return the share of held-out examples answered rightly, None where none could be held out."""
        pairs = [pair for pair in zip(self.examples.labels, self.predicted, strict=True) if pair[1] >= 0]
        return sum(right == given for right, given in pairs) / len(pairs) if pairs else None


def _ignore(status: Status, reason: str) -> None:
    """Hear nothing of the process's state."""


class GradientClient:
    """Owns a gradient process for one model; answers come as futures."""

    def __init__(
        self,
        folder: Path,
        card: ModelCard,
        settings: GradientSettings,
        *,
        socket: Path | None = None,
        on_status: Callable[[Status, str], None] = _ignore,
    ) -> None:
        """Start a process for the model in a folder, or use the one behind a socket; `on_status` hears its state."""
        self._numbers = itertools.count(1)
        self._deadline_s = settings.job_deadline_s
        self._sha256 = card.sha256
        load = protocol.LoadModel(
            0,
            name=card.name,
            sha256=card.sha256,
            side=card.input_size,
            mean=card.mean,
            std=card.std,
            labels=len(card.labels),
        )
        self._supervisor = Supervisor(settings, load, folder.resolve() / MODEL_FILE, socket, on_status)

    @property
    def pid(self) -> int | None:
        """Return the process id of the gradient process, if one runs."""
        process = self._supervisor.process
        return process.pid if process else None

    def step(
        self,
        method: StepMethod,
        iterate: Floats,
        original: Rgb,
        label: int,
        *,
        step_255: float = 1.0,
        budget_255: float = 16.0,
        head: Head | PrototypeHead | None = None,
    ) -> Promise:
        """Return the next iterate, (side, side, 3) float32 in 0..255, as a future; a head brings its own labels."""
        request = protocol.AttackStep(
            next(self._numbers),
            method=method,
            iterate=Array.of(iterate),
            original=Array.of(original.astype(np.float32)),
            label=label,
            step_255=step_255,
            budget_255=budget_255,
            head=HeadPatches.of(head) if isinstance(head, PrototypeHead) else _layers(head),
        )
        return self._submit(request, lambda reply: reply.iterate.values())

    def least(
        self,
        original: Rgb,
        label: int,
        steps: int,
        on_iterate: Callable[[Floats], None],
        *,
        head: Head | None = None,
        begin: Floats | None = None,
        away: bool = False,
        confidence: float = 0.0,
    ) -> Promise:
        """Return a future that ends with the search; `on_iterate` hears each iterate, in another thread.

        It begins at an iterate that fools, or at the original; `away` looks for any other label, else that one has to
        be answered with so much `confidence`.
        """
        request = protocol.Least(
            next(self._numbers),
            original=Array.of(original.astype(np.float32)),
            label=label,
            steps=steps,
            head=_layers(head),
            begin=None if begin is None else Array.of(begin),
            away=away,
            confidence=confidence,
        )
        return self._submit(request, lambda _: None, lambda part: on_iterate(part.iterate.values()))

    def print_proof_step(
        self,
        at: Proof,
        original: Rgb,
        label: int,
        step: int,
        preset: Preset,
        *,
        ranges: Ranges,
        seed: int,
        head: Head | None = None,
    ) -> Promise:
        """Return the Proof that one step, from 0 on, leads to, as a future."""
        request = protocol.PrintProofStep(
            next(self._numbers),
            iterate=Array.of(at.iterate),
            momentum=Array.of(at.momentum),
            original=Array.of(original.astype(np.float32)),
            label=label,
            step=step,
            preset=preset,
            ranges=ranges,
            seed=seed,
            head=_layers(head),
        )
        return self._submit(
            request,
            lambda reply: Proof(reply.iterate.values(), reply.momentum.values(), reply.view.values()),
        )

    def maps(
        self,
        method: MapMethod,
        pictures: Sequence[Rgb],
        label: int,
        against: int | None = None,
        *,
        head: Head | None = None,
        on_share: Callable[[float], None] = lambda _: None,
    ) -> Promise:
        """Return a label's CellMap on each picture, as a future; `contrast` weighs it against another label.

        Where that takes many gradients, `on_share` hears how far (0..1) it is, in another thread.
        """
        request = protocol.DrawMaps(
            next(self._numbers),
            method=method,
            pictures=tuple(Array.of(picture) for picture in pictures),
            label=label,
            against=against,
            head=_layers(head),
        )
        return self._submit(
            request,
            lambda reply: [CellMap(m.cells.values(), m.rest, m.exact) for m in reply.maps],
            lambda part: on_share(part.share),
        )

    def odds_gradient(self, picture: Rgb, label: int, against: int, *, head: Head | None = None) -> Promise:
        """Return the gradient of a label's log-odds against another, (side, side, 3) per grey level, as a future."""
        request = protocol.OddsGradient(
            next(self._numbers),
            picture=Array.of(picture),
            label=label,
            against=against,
            head=_layers(head),
        )
        return self._submit(request, lambda reply: reply.gradient.values())

    def inside(self, pictures: Sequence[Rgb]) -> Promise:
        """Return the Stages that pictures go through, as a future; all are compared with the first one."""
        request = protocol.LookInside(
            next(self._numbers), pictures=tuple(Array.of(picture) for picture in pictures)
        )
        return self._submit(
            request,
            lambda reply: [
                Stage(each.rows, each.channels, each.changes, each.moved, each.maps.values())
                for each in reply.stages
            ],
        )

    def train(
        self, examples: Examples, recipe: Recipe, on_epoch: Callable[[EpochDone], None] = lambda _: None
    ) -> Promise:
        """Return a future of the Taught head; `on_epoch` hears the figures of each epoch, in another thread."""
        request = protocol.Train(
            next(self._numbers),
            names=examples.names,
            embeddings=Array.of(examples.embeddings),
            labels=examples.labels,
            bursts=examples.bursts,
            recipe=recipe,
        )
        return self._submit(request, lambda reply: _taught(reply, examples, self._sha256), on_epoch)

    def forget(self) -> Promise:
        """Return a future that ends when the process holds nothing of a visitor any more."""
        return self._submit(protocol.ForgetVisitor(next(self._numbers)), lambda _: None)

    def ping(self) -> Promise:
        """Return the process id that answers, as a future."""
        return self._submit(protocol.Ping(next(self._numbers)), lambda reply: int(reply.pid))

    def cancel(self, answer: Promise) -> None:
        """Ask for the end of a job; it then ends with JobCancelledError, or with its answer if that was quicker."""
        self._supervisor.cancel(answer.number)

    def restart(self) -> None:
        """End the process and start it again, also one that was found unusable; what it had to do is lost."""
        self._supervisor.restart()

    def close(self) -> None:
        """End the process."""
        self._supervisor.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _submit(
        self,
        request: protocol.Job | protocol.ForgetVisitor | protocol.Ping,
        read: Callable[[Any], Any],
        on_part: Callable[[Any], None] | None = None,
    ) -> Promise:
        job = PendingJob(request, self._deadline_s, read, on_part, Promise(request.job))
        self._supervisor.submit(job)
        return job.answer


def _layers(head: Head | None) -> HeadLayers | None:
    return None if head is None else HeadLayers.of(head.mean, head.spread, head.layers)


def _taught(reply: protocol.Trained, examples: Examples, sha256: str) -> Taught:
    """Return the head of a reply, with the examples it was taught from as what it knows."""
    layers = zip(reply.layers.weights, reply.layers.biases, strict=True)
    head = Head(
        labels=examples.names,
        model_sha256=sha256,
        mean=reply.layers.mean.values(),
        spread=reply.layers.spread,
        layers=tuple(Layer(weight.values(), bias.values()) for weight, bias in layers),
        doubt=Doubt(directions(examples.embeddings), reply.least_likeness, reply.least_confidence),
    )
    return Taught(head, examples, reply.predicted)
