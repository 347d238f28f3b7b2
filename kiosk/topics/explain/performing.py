"""The maps of an answer, on the clean picture and on an attacked one, and what each dot of the noise pushes."""

from functools import partial
from typing import assert_never

import numpy as np

from kiosk.attack.dice_noise import dice_noise
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
        pictures, head = self._workshop.pair(job, step), self._workshop.models.head
        if pictures is None:
            return
        match effect:
            case DrawContrast(_, label, against):
                self._workshop.ask_gradients(
                    job,
                    lambda gradients: gradients.maps("contrast", pictures, label, against, head=head),
                    partial(self._contrasted, job, pictures),
                )
            case DrawMaps(_, label):
                self._workshop.ask_gradients(
                    job,
                    lambda gradients: gradients.maps("grad-cam", pictures, label, head=head),
                    partial(self._mapped, job, label, pictures),
                )
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
        label, against, head = effect.label, effect.against, self._workshop.models.head
        self._workshop.ask_gradients(
            effect.job,
            lambda gradients: gradients.maps("contrast", pictures, label, against, head=head),
            partial(self._weighed, effect, pictures),
        )

    def _weighed(self, effect: DrawPushes, pictures: tuple[Rgb, Rgb, Rgb], maps: list[CellMap]) -> None:
        totals = [drawn.total for drawn in maps]
        self._workshop.jobs.go_on(effect.job, partial(self._listen, effect, pictures, totals))

    def _listen(self, effect: DrawPushes, pictures: tuple[Rgb, Rgb, Rgb], totals: list[float]) -> None:
        """Ask for the direction that the answer listens to."""
        label, against, head = effect.label, effect.against, self._workshop.models.head
        self._workshop.ask_gradients(
            effect.job,
            lambda gradients: gradients.odds_gradient(pictures[0], label, against, head=head),
            partial(self._pushed, effect.job, pictures, totals),
        )

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

    def _tell(
        self, told: ContrastDrawn | MapsDrawn | PushesDrawn, keys: tuple[str, str], drawn: list[Rgb]
    ) -> None:
        put = partial(self._workshop.pictures.update, zip(keys, drawn, strict=True))
        self._workshop.jobs.tell(told, put, told.job)
