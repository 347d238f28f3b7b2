"""Steps on the visitor's stack, made by the gradient process or played from a recording."""

import time
from concurrent.futures import Future
from functools import partial
from typing import Any, assert_never

import numpy as np
from numpy.typing import NDArray

from kiosk.attack.film import film_folder, load_film
from kiosk.attack.noise import iterate_picture, noise_size, noise_view
from kiosk.attack.verdict import answer, judged
from kiosk.device.health import step_pause_s, temperature_c
from kiosk.errors import KioskError
from kiosk.gradients.client import GradientClient
from kiosk.perform.part import Part
from kiosk.perform.stack import Stack
from kiosk.perform.workshop import Workshop
from kiosk.topics.attack.messages import (
    RecordingTaken,
    RunStep,
    ShowStep,
    StartStack,
    StepJudged,
    TakeRecording,
)
from kiosk.vision.classifier import AnyClassifier
from kiosk.vision.picture import Rgb

# A taught head is fooled by less; a vaccine counts the same steps (`Regimen`).
STEP_255, TAUGHT_STEP_255, BUDGET_255 = 1.0, 0.5, 16.0


class Attacking(Part[StartStack | RunStep | ShowStep | TakeRecording]):
    """Grows the stack step by step; what a dropped job would have brought never reaches stack or shelf."""

    performs = (StartStack, RunStep, ShowStep, TakeRecording)

    def __init__(self, workshop: Workshop) -> None:
        """Work with what all parts share."""
        super().__init__(workshop)
        self._paced: tuple[float, RunStep] | None = None

    def perform(self, effect: StartStack | RunStep | ShowStep | TakeRecording) -> None:
        """Begin what an effect asks for."""
        stack = self._workshop.pictures.stack
        match effect:
            case StartStack(target):
                if stack is not None:
                    stack.begin(target)
                    self._workshop.pictures.show_noise(stack.original, stack.original)
            case ShowStep(step):
                if stack is not None:
                    self._workshop.pictures.show_noise(stack.original, stack.picture(step))
            case RunStep():
                self._pace(effect)
            case TakeRecording(job):
                self._workshop.jobs.want(job)
                self._workshop.ask(job, partial(self._judge_recording, job))
            case _:
                assert_never(effect)

    def refresh(self) -> None:
        """Begin the step that waited for the processor to cool, if it is time and a screen still waits for it."""
        if self._paced is None or time.monotonic() < self._paced[0]:
            return
        step, self._paced = self._paced[1], None
        if step.job in self._workshop.jobs.wanted:
            self._run_step(step.job, step.at_step)

    def forget_picture(self) -> None:
        """Drop the step that waits."""
        self._paced = None

    def forget(self) -> None:
        """Drop the step that waits."""
        self._paced = None

    def _ready(self, job: int, step: int) -> tuple[Stack, GradientClient] | None:
        """Return the stack and the gradient process, or None where the job is lost for want of either."""
        stack, gradients = self._workshop.pictures.stack, self._workshop.models.gradients
        self._workshop.jobs.want(job)
        if stack is None or gradients is None or step >= len(stack.iterates):
            self._workshop.jobs.lose(job, KioskError("there is no picture, or no gradient process yet"))
            return None
        return stack, gradients

    def _pace(self, effect: RunStep) -> None:
        """Begin a step, later where the processor is hot; the frame loop goes on meanwhile."""
        self._workshop.jobs.want(effect.job)
        pause_s = step_pause_s(temperature_c(self._workshop.places), self._workshop.settings.heat)
        self._paced = (time.monotonic() + pause_s, effect)
        self.refresh()

    def _run_step(self, job: int, at_step: int) -> None:
        played = self._workshop.pictures.stack
        if played is not None and at_step < len(played.recorded):
            iterate = played.recorded[at_step].astype(np.float32)
            self._workshop.ask(job, partial(self._judge_step, job, at_step, played, iterate))
            return
        ready = self._ready(job, at_step)
        if ready is None:
            return
        stack, gradients = ready
        head = self._workshop.models.head
        promise = gradients.step(
            "untargeted" if stack.target is None else "sign",
            stack.iterates[at_step],
            stack.original,
            stack.label,
            step_255=STEP_255 if head is None else TAUGHT_STEP_255,
            budget_255=BUDGET_255,
            head=head,
        )
        self._workshop.jobs.want(job, promise)
        promise.add_done_callback(partial(self._stepped, job, at_step, stack))

    def _stepped(self, job: int, at_step: int, stack: Stack, promise: "Future[Any]") -> None:
        error = promise.exception()
        if error is not None:
            self._workshop.jobs.lose(job, error)
        else:
            self._workshop.ask(job, partial(self._judge_step, job, at_step, stack, promise.result()))

    def _judge_step(
        self, job: int, at_step: int, stack: Stack, iterate: NDArray[np.float32], classifier: AnyClassifier
    ) -> None:
        picture = iterate_picture(iterate)
        prediction = classifier(picture)
        size = noise_size(stack.original, picture)
        judgement = judged(at_step + 1, prediction, size, stack.original_label, stack.target)
        noise = noise_view(stack.original, picture)
        put = partial(self._workshop.pictures.grow, stack, at_step, iterate, picture, noise)
        self._workshop.jobs.tell(StepJudged(job, judgement), put, job)

    def _judge_recording(self, job: int, classifier: AnyClassifier) -> None:
        """Classify the pictures of the attract loop's film anew: what it shows is what the model says now."""
        card = classifier.card
        film = load_film(film_folder(self._workshop.state.stock, card.name), card.sha256)
        if film is None:
            self._workshop.jobs.lose(job, KioskError(f"there is no recorded attack on {card.name}"))
            return
        original, *steps = film.pictures
        prediction, last = classifier(original), classifier(film.pictures[-1])
        put = partial(
            self._put_recording, Stack(original, original, prediction.label), last.label, tuple(steps)
        )
        self._workshop.jobs.tell(RecordingTaken(job, answer(prediction), last.label), put, job)

    def _put_recording(self, stack: Stack, target: int, steps: tuple[Rgb, ...]) -> None:
        stack.begin(target)
        stack.recorded = steps
        self._workshop.pictures.put_original(stack)
        self._workshop.pictures.show_noise(stack.original, stack.original)
