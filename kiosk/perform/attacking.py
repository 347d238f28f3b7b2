"""The attack's part: steps on the visitor's stack, and the Grad-CAMs of a step."""

import time
from concurrent.futures import Future
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kiosk.attack.noise import iterate_picture, noise_size, noise_view
from kiosk.attack.verdict import answer, judged
from kiosk.core.effects import AttackEffect, DrawMaps, RunStep, ShowStep, StartStack, TakeRecording
from kiosk.core.events import MapsDrawn, RecordingTaken, StepJudged
from kiosk.device.health import Places, step_pause_s, temperature_c
from kiosk.errors import KioskError
from kiosk.gradients.client import GradientClient
from kiosk.perform import shelf as keys
from kiosk.perform.backstage import Backstage
from kiosk.perform.film import film_folder, load_film
from kiosk.perform.stack import Stack
from kiosk.vision.classifier import AnyClassifier
from kiosk.vision.heatmap import overlay
from kiosk.vision.picture import Rgb

STEP_255, TAUGHT_STEP_255, BUDGET_255 = 1.0, 0.5, 16.0


class Attacking:
    """Grows the stack step by step; what a dropped job would have brought never reaches stack or shelf."""

    def __init__(self, backstage: Backstage, places: Places) -> None:
        self._backstage, self._places = backstage, places
        self._paced: tuple[float, RunStep] | None = None

    def perform(self, effect: AttackEffect) -> None:
        """Begin what an effect asks for."""
        stack = self._backstage.stack
        match effect:
            case StartStack(target) if stack is not None:
                stack.begin(target)
                self._backstage.pictures.show_noise(stack.original, stack.original)
            case ShowStep(step) if stack is not None:
                self._backstage.pictures.show_noise(stack.original, stack.picture(step))
            case RunStep():
                self._pace(effect)
            case DrawMaps(job, label, step):
                self._draw_maps(job, label, step)
            case TakeRecording(job):
                self._backstage.news.want(job)
                self._backstage.ask(job, partial(self._judge_recording, job))

    def _ready(self, job: int, step: int) -> tuple[Stack, GradientClient] | None:
        """The stack and the gradient process, or None where the job is lost for want of either."""
        stack, gradients = self._backstage.stack, self._backstage.gradients
        self._backstage.news.want(job)
        if stack is None or gradients is None or step >= len(stack.iterates):
            self._backstage.news.lose(job, KioskError("there is no picture, or no gradient process yet"))
            return None
        return stack, gradients

    def _pace(self, effect: RunStep) -> None:
        """Begin a step, later where the processor is hot; the frame loop goes on meanwhile."""
        self._backstage.news.want(effect.job)
        pause_s = step_pause_s(temperature_c(self._places), self._backstage.settings.heat)
        self._paced = (time.monotonic() + pause_s, effect)
        self.begin_due()

    def begin_due(self) -> None:
        """Begin the step that waited for the processor to cool, if it is time and somebody still waits."""
        if self._paced is None or time.monotonic() < self._paced[0]:
            return
        step, self._paced = self._paced[1], None
        if step.job in self._backstage.news.wanted:
            self._run_step(step.job, step.at_step)

    def _run_step(self, job: int, at_step: int) -> None:
        played = self._backstage.stack
        if played is not None and at_step < len(played.recorded):
            iterate = played.recorded[at_step].astype(np.float32)
            self._backstage.ask(job, partial(self._judge_step, job, at_step, played, iterate))
            return
        ready = self._ready(job, at_step)
        if ready is None:
            return
        stack, gradients = ready
        head = self._backstage.judge.head
        promise = gradients.step(
            "untargeted" if stack.target is None else "sign",
            stack.iterates[at_step],
            stack.original,
            stack.label,
            step_255=STEP_255 if head is None else TAUGHT_STEP_255,
            budget_255=BUDGET_255,
            head=head,
        )
        self._backstage.news.want(job, promise)
        promise.add_done_callback(partial(self._stepped, job, at_step, stack))

    def _stepped(self, job: int, at_step: int, stack: Stack, promise: "Future[Any]") -> None:
        error = promise.exception()
        if error is not None:
            self._backstage.news.lose(job, error)
        else:
            self._backstage.ask(job, partial(self._judge_step, job, at_step, stack, promise.result()))

    def _judge_step(
        self, job: int, at_step: int, stack: Stack, iterate: NDArray[np.float32], classifier: AnyClassifier
    ) -> None:
        picture = iterate_picture(iterate)
        prediction = classifier(picture)
        size = noise_size(stack.original, picture)
        judgement = judged(at_step + 1, prediction, size, stack.original_label, stack.target)
        noise = noise_view(stack.original, picture)
        put = partial(self._put_step, stack, at_step, iterate, picture, noise)
        self._backstage.news.tell(StepJudged(job, judgement), put, job)

    def _put_step(
        self, stack: Stack, at_step: int, iterate: NDArray[np.float32], picture: Rgb, noise: Rgb
    ) -> None:
        del stack.iterates[at_step + 1 :]
        stack.iterates.append(iterate)
        pictures = self._backstage.pictures
        pictures[keys.ADVERSARIAL], pictures[keys.NOISE] = picture, noise

    def _judge_recording(self, job: int, classifier: AnyClassifier) -> None:
        """Let the classifier look at the attract loop's film: what it says to its pictures is said now."""
        card = classifier.card
        film = load_film(film_folder(self._backstage.state.stock, card.name), card.sha256)
        if film is None:
            self._backstage.news.lose(job, KioskError(f"there is no recorded attack on {card.name}"))
            return
        original, *steps = film.pictures
        prediction, last = classifier(original), classifier(film.pictures[-1])
        put = partial(
            self._put_recording, Stack(original, original, prediction.label), last.label, tuple(steps)
        )
        self._backstage.news.tell(RecordingTaken(job, answer(prediction), last.label), put, job)

    def _put_recording(self, stack: Stack, target: int, steps: tuple[Rgb, ...]) -> None:
        stack.begin(target)
        stack.recorded = steps
        self._backstage.put_original(stack)
        self._backstage.pictures.show_noise(stack.original, stack.original)

    def _draw_maps(self, job: int, label: int, step: int) -> None:
        ready = self._ready(job, step)
        if ready is None:
            return
        stack, gradients = ready
        pictures = (stack.original, stack.picture(step))
        promise = gradients.grad_cam(pictures, label, head=self._backstage.judge.head)
        self._backstage.news.want(job, promise)
        promise.add_done_callback(partial(self._mapped, job, label, pictures))

    def _mapped(self, job: int, label: int, pictures: tuple[Rgb, Rgb], promise: "Future[Any]") -> None:
        error = promise.exception()
        if error is not None:
            self._backstage.news.lose(job, error)
            return
        evidence = promise.result()
        maps = [overlay(picture, seen.map) for picture, seen in zip(pictures, evidence, strict=True)]
        drawn = MapsDrawn(job, label, *(seen.peak > 0 for seen in evidence))
        self._backstage.news.tell(drawn, partial(self._put_maps, *maps), job)

    def _put_maps(self, original: Rgb, adversarial: Rgb) -> None:
        pictures = self._backstage.pictures
        pictures[keys.GRADCAM_ORIGINAL], pictures[keys.GRADCAM_ADVERSARIAL] = original, adversarial
