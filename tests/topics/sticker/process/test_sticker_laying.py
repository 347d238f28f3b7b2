"""Stickers by the real performer."""

from pathlib import Path

import numpy as np

from kiosk.core.message import Forget, JobLost
from kiosk.device.state_folder import StateFolder
from kiosk.topics.attack.performing.attacking import Attacking
from kiosk.topics.photograph.performing.photos import Photos
from kiosk.topics.sticker.messages import LaySticker, StickerJudged, StickersFound
from kiosk.topics.sticker.performing import StickerLaying
from kiosk.vision.classifier import Classifier
from tests.process.rehearsal import own
from tests.stickers import TOASTER, with_sticker


def test_a_sticker_is_laid_where_it_is_asked_for_and_judged_beside_a_grey_one(
    state: StateFolder, classifier: Classifier, tmp_path: Path
) -> None:
    parts, here = (Photos, Attacking, StickerLaying), with_sticker(state, tmp_path / "state")
    with own(here, f"pictures:{here.stock}", parts=parts) as rehearsal:
        rehearsal.seeing()
        rehearsal.photograph()
        assert rehearsal.all(StickersFound) == [StickersFound((TOASTER,))]
        told = rehearsal.ask(LaySticker(rehearsal.job(), TOASTER, 0.3, 0.7), StickerJudged)

        pictures = rehearsal.performer.pictures
        for key, said in (("sticker", told.answer), ("sticker-grey", told.grey)):
            assert classifier(pictures[key]).label == said.first.label
        assert tuple(pictures["sticker-grey"][round(0.7 * 224), round(0.3 * 224)]) == (127, 127, 127)
        assert np.array_equal(pictures["sticker"][:40], pictures["original"][:40])
        rehearsal.ask(LaySticker(rehearsal.job(), 1, 0.3, 0.7), JobLost)
        rehearsal.do(Forget())
        assert {"sticker", "sticker-grey"} & set(pictures) == set()
        rehearsal.ask(LaySticker(rehearsal.job(), TOASTER, 0.3, 0.7), JobLost)
