"""Stickers of the open model are laid on the visitor's picture, and judged."""

from functools import partial
from pathlib import Path

import numpy as np

from kiosk.attack.noise import iterate_picture
from kiosk.attack.verdict import answer
from kiosk.errors import KioskError
from kiosk.perform.part import Part
from kiosk.perform.workshop import Workshop
from kiosk.recapture.patches import Patch, best_patches
from kiosk.recapture.sticker import Lying, across, grey_sticker
from kiosk.topics.sticker.messages import LaySticker, StickerJudged, StickersFound
from kiosk.vision.classifier import AnyClassifier
from kiosk.vision.model_card import ModelCard
from kiosk.vision.picture import Rgb


class StickerLaying(Part[LaySticker]):
    """Holds the stickers of the exhibit's own model, which are no visitor's."""

    performs = (LaySticker,)

    def __init__(self, workshop: Workshop) -> None:
        """Read the stickers once the model is opened."""
        super().__init__(workshop)
        self._patches: dict[int, Patch] = {}
        workshop.models.when_opened(self._read)

    def perform(self, effect: LaySticker) -> None:
        """Begin; the job is lost where there is no picture, or no such sticker."""
        jobs, stack = self._workshop.jobs, self._workshop.pictures.stack
        patch = self._patches.get(effect.label)
        jobs.want(effect.job)
        if stack is None or patch is None:
            jobs.lose(effect.job, KioskError("there is no picture, or no such sticker"))
            return
        self._workshop.ask(effect.job, partial(self._judge, effect, stack.original, patch))

    def forget_picture(self) -> None:
        """Drop nothing: no picture is kept here."""

    def forget(self) -> None:
        """Drop nothing: nothing of a visitor is kept here."""

    def _read(self, card: ModelCard) -> None:
        """Read the stickers beside the model, the one that works best for each label; in the classify thread."""
        folder: Path = self._workshop.state.model(self._workshop.models.open_name)
        self._patches = best_patches(folder, card)
        self._workshop.jobs.tell(StickersFound(tuple(sorted(self._patches))))

    def _judge(self, effect: LaySticker, original: Rgb, patch: Patch, classifier: AnyClassifier) -> None:
        lying = Lying.at(len(original), effect.x, effect.y, across(patch.card.area / 100))
        laid, grey = (
            iterate_picture(lying.on(original.astype(np.float32), sticker))
            for sticker in (patch.sticker.astype(np.float32), grey_sticker())
        )
        told = StickerJudged(effect.job, answer(classifier(laid)), answer(classifier(grey)))
        put = partial(self._workshop.pictures.update, {"sticker": laid, "sticker-grey": grey})
        self._workshop.jobs.tell(told, put, effect.job)
