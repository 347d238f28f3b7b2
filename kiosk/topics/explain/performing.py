"""The maps of an answer, on the clean picture and on an attacked one, and what each dot of the noise pushes."""

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, assert_never

import numpy as np

from kiosk.attack.dice_noise import dice_noise
from kiosk.errors import KioskError
from kiosk.gradients.client import GradientClient
from kiosk.gradients.jobs import Promise
from kiosk.perform.part import Part
from kiosk.topics.explain.facts import Pushed, Tally
from kiosk.topics.explain.messages import (
    ContrastDrawn,
    DrawContrast,
    DrawMaps,
    DrawPushes,
    MapsDrawn,
    PushesDrawn,
)
from kiosk.vision.arrays import Floats
from kiosk.vision.classifier import AnyClassifier
from kiosk.vision.heatmap import CellMap, pulling, pushing, shining
from kiosk.vision.picture import Rgb

DrawsExplanation = DrawContrast | DrawMaps | DrawPushes


class MapDrawing(Part[DrawsExplanation]):
    """Lets the gradient process tell what speaks for an answer, and draws it."""

    performs = (DrawContrast, DrawMaps, DrawPushes)

    def perform(self, effect: DrawsExplanation) -> None:
        """Begin to draw."""
        job, step = effect.job, effect.step
        stack, gradients = self._workshop.pictures.stack, self._workshop.models.gradients
        self._workshop.jobs.want(job)
        if stack is None or gradients is None or step >= len(stack.iterates):
            self._workshop.jobs.lose(job, KioskError("there is no picture, or no gradient process yet"))
            return
        pictures, head = (stack.original, stack.picture(step)), self._workshop.models.head
        match effect:
            case DrawContrast(_, label, against):
                promise = gradients.maps("contrast", pictures, label, against, head=head)
                self._wait(job, promise, partial(self._contrasted, job, pictures))
            case DrawMaps(_, label):
                promise = gradients.maps("grad-cam", pictures, label, head=head)
                self._wait(job, promise, partial(self._mapped, job, label, pictures))
            case DrawPushes():
                self._workshop.ask(job, partial(self._throw, effect, *pictures))
            case _:
                assert_never(effect)

    def forget_picture(self) -> None:
        """Drop nothing: no picture is kept here."""

    def forget(self) -> None:
        """Drop nothing: nothing of a visitor is kept here."""

    def _contrasted(self, job: int, pictures: tuple[Rgb, Rgb], maps: list[CellMap]) -> None:
        original, adversarial = (Tally(drawn.squares, drawn.rest) for drawn in maps)
        told = ContrastDrawn(job, original, adversarial, all(drawn.exact for drawn in maps))
        self._tell(told, ("contrast-original", "contrast-adversarial"), pulling(pictures, maps))

    def _mapped(self, job: int, label: int, pictures: tuple[Rgb, Rgb], maps: list[CellMap]) -> None:
        told = MapsDrawn(job, label, *(drawn.peak > 0 for drawn in maps))
        self._tell(told, ("gradcam-original", "gradcam-adversarial"), shining(pictures, maps))

    def _throw(self, effect: DrawPushes, original: Rgb, made: Rgb, classifier: AnyClassifier) -> None:
        """Throw the dice off the frame loop's thread."""
        del classifier
        pictures = (original, made, dice_noise(original, made, effect.step))
        self._workshop.jobs.go_on(effect.job, partial(self._weigh, effect, pictures))

    def _weigh(self, effect: DrawPushes, pictures: tuple[Rgb, Rgb, Rgb]) -> None:
        """Ask for the log-odds with either noise, and without."""
        gradients = self._gradients(effect.job)
        if gradients is not None:
            head = self._workshop.models.head
            promise = gradients.maps("contrast", pictures, effect.label, effect.against, head=head)
            self._wait(effect.job, promise, partial(self._weighed, effect, pictures))

    def _weighed(self, effect: DrawPushes, pictures: tuple[Rgb, Rgb, Rgb], maps: list[CellMap]) -> None:
        totals = [drawn.total for drawn in maps]
        self._workshop.jobs.go_on(effect.job, partial(self._listen, effect, pictures, totals))

    def _listen(self, effect: DrawPushes, pictures: tuple[Rgb, Rgb, Rgb], totals: list[float]) -> None:
        """Ask for the direction that the answer listens to."""
        gradients = self._gradients(effect.job)
        if gradients is not None:
            head = self._workshop.models.head
            promise = gradients.odds_gradient(pictures[0], effect.label, effect.against, head=head)
            self._wait(effect.job, promise, partial(self._pushed, effect.job, pictures, totals))

    def _pushed(
        self, job: int, pictures: tuple[Rgb, Rgb, Rgb], totals: list[float], gradient: Floats
    ) -> None:
        original = pictures[0].astype(np.float32)
        noises = [picture - original for picture in pictures[1:]]
        pushes: list[Floats] = [(gradient * noise).sum(axis=2) for noise in noises]
        moved = [noise.any(axis=2) for noise in noises]
        made, thrown = (
            Pushed(float((push[there] > 0).mean()) if there.any() else 0.0, total)
            for push, there, total in zip(pushes, moved, totals[1:], strict=True)
        )
        told = PushesDrawn(job, totals[0], made, thrown, int(moved[0].sum()))
        self._tell(told, ("pushes-made", "pushes-thrown"), pushing(pushes))

    def _gradients(self, job: int) -> GradientClient | None:
        """Return the gradient process; without one the job is lost."""
        gradients = self._workshop.models.gradients
        if gradients is None:
            self._workshop.jobs.lose(job, KioskError("the gradient process has gone"))
        return gradients

    def _wait(self, job: int, promise: Promise, draw: Callable[[Any], None]) -> None:
        self._workshop.jobs.want(job, promise)
        promise.add_done_callback(partial(self._ended, job, draw))

    def _ended(self, job: int, draw: Callable[[Any], None], promise: "Future[Any]") -> None:
        error = promise.exception()
        if error is not None:
            self._workshop.jobs.lose(job, error)
        else:
            draw(promise.result())

    def _tell(
        self, told: ContrastDrawn | MapsDrawn | PushesDrawn, keys: tuple[str, str], drawn: list[Rgb]
    ) -> None:
        put = partial(self._workshop.pictures.update, zip(keys, drawn, strict=True))
        self._workshop.jobs.tell(told, put, told.job)
