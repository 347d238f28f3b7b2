"""The caller's end of the local queue.

Every job is a future that ends in exactly one way: its answer, JobCancelledError, JobRefusedError or
JobLostError. A crash, a hang or a kill of the process loses the jobs it had; it never answers them wrongly.
No call here waits for the process.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from kiosk.gradients import protocol
from kiosk.gradients.jobs import Answer, PendingJob
from kiosk.gradients.protocol import Array, StepMethod
from kiosk.gradients.supervisor import Status, Supervisor
from kiosk.settings import GradientSettings
from kiosk.vision.model_card import ModelCard
from kiosk.vision.picture import Rgb

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Evidence:
    """A Grad-CAM map, (side, side) float32 in 0..1, and its raw peak: 0 means no evidence for the label."""

    map: Floats
    peak: float


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
        load = protocol.LoadModel(0, folder=str(folder.resolve()), sha256=card.sha256)
        self._supervisor = Supervisor(settings, load, socket, on_status)

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
    ) -> Answer:
        """Return the next iterate, (side, side, 3) float32 in 0..255, as a future."""
        request = protocol.Step(
            next(self._numbers),
            method=method,
            iterate=Array.of(iterate),
            original=Array.of(original.astype(np.float32)),
            label=label,
            step_255=step_255,
            budget_255=budget_255,
        )
        return self._submit(request, lambda reply: reply.iterate.values())

    def least(self, original: Rgb, label: int, steps: int, on_iterate: Callable[[Floats], None]) -> Answer:
        """Return a future that ends with the search; `on_iterate` hears each iterate, in another thread."""
        request = protocol.Least(
            next(self._numbers), original=Array.of(original.astype(np.float32)), label=label, steps=steps
        )
        return self._submit(request, lambda _: None, on_iterate)

    def grad_cam(self, pictures: Sequence[Rgb], label: int) -> Answer:
        """Return one label's Grad-CAM on each picture, as a future."""
        request = protocol.GradCam(
            next(self._numbers), pictures=tuple(Array.of(picture) for picture in pictures), label=label
        )
        return self._submit(
            request,
            lambda reply: [Evidence(m.values(), p) for m, p in zip(reply.maps, reply.peaks, strict=True)],
        )

    def forget(self) -> Answer:
        """Return a future that ends when the process holds nothing of a visitor any more."""
        return self._submit(protocol.Forget(next(self._numbers)), lambda _: None)

    def ping(self) -> Answer:
        """Return the process id that answers, as a future."""
        return self._submit(protocol.Ping(next(self._numbers)), lambda reply: int(reply.pid))

    def cancel(self, answer: Answer) -> None:
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
        request: protocol.Job | protocol.Forget | protocol.Ping,
        read: Callable[[Any], Any],
        on_iterate: Callable[[Floats], None] | None = None,
    ) -> Answer:
        job = PendingJob(request, self._deadline_s, read, on_iterate, Answer(request.job))
        self._supervisor.submit(job)
        return job.answer
