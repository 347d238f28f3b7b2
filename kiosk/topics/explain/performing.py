"""The Grad-CAMs of one label, on the clean picture and on an attacked one."""

from concurrent.futures import Future
from functools import partial
from typing import Any

from kiosk.errors import KioskError
from kiosk.perform.part import Part
from kiosk.topics.explain.messages import DrawMaps, MapsDrawn
from kiosk.vision.heatmap import overlay
from kiosk.vision.picture import Rgb


class MapDrawing(Part[DrawMaps]):
    """Lets the gradient process draw both maps, and lays them over their pictures."""

    performs = (DrawMaps,)

    def perform(self, effect: DrawMaps) -> None:
        """Begin to draw."""
        self._draw_maps(effect.job, effect.label, effect.step)

    def forget_picture(self) -> None:
        """Drop nothing: no picture is kept here."""

    def forget(self) -> None:
        """Drop nothing: nothing of a visitor is kept here."""

    def _draw_maps(self, job: int, label: int, step: int) -> None:
        stack, gradients = self._workshop.pictures.stack, self._workshop.models.gradients
        self._workshop.jobs.want(job)
        if stack is None or gradients is None or step >= len(stack.iterates):
            self._workshop.jobs.lose(job, KioskError("there is no picture, or no gradient process yet"))
            return
        pictures = (stack.original, stack.picture(step))
        promise = gradients.grad_cam(pictures, label, head=self._workshop.models.head)
        self._workshop.jobs.want(job, promise)
        promise.add_done_callback(partial(self._mapped, job, label, pictures))

    def _mapped(self, job: int, label: int, pictures: tuple[Rgb, Rgb], promise: "Future[Any]") -> None:
        error = promise.exception()
        if error is not None:
            self._workshop.jobs.lose(job, error)
            return
        evidence = promise.result()
        maps = [overlay(picture, seen.map) for picture, seen in zip(pictures, evidence, strict=True)]
        drawn = MapsDrawn(job, label, *(seen.peak > 0 for seen in evidence))
        self._workshop.jobs.tell(drawn, partial(self._put_maps, *maps), job)

    def _put_maps(self, original: Rgb, adversarial: Rgb) -> None:
        pictures = self._workshop.pictures
        pictures["gradcam-original"], pictures["gradcam-adversarial"] = original, adversarial
