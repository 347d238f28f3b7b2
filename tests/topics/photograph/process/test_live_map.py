"""The live map, with the real model and our own pictures before the camera."""

from pathlib import Path

import cv2
import numpy as np

from kiosk.device.state_folder import StateFolder
from kiosk.explaining.maps import class_activation_map
from kiosk.topics.photograph.messages import LiveJudged, MapLive, StartLive, StopLive
from kiosk.vision.classifier import Classifier
from kiosk.vision.heatmap import shine, shining, shone_over
from kiosk.vision.picture import Rgb, read_photograph, to_picture
from tests.process.rehearsal import own


def coloured(rgb: Rgb) -> float:
    """How far a picture is from its own grey."""
    return float(np.abs(rgb.astype(float) - rgb.mean(axis=2, keepdims=True)).mean())


def test_it_is_drawn_once_it_is_wanted_and_gone_with_the_screen(state: StateFolder, tmp_path: Path) -> None:
    grey = np.repeat(read_photograph(state.stock / "coffee-cup.png").mean(axis=2, keepdims=True), 3, 2)
    cv2.imwrite(str(tmp_path / "grey.png"), grey.astype(np.uint8))
    with own(state, f"pictures:{tmp_path}") as rehearsal:
        rehearsal.seeing()
        assert rehearsal.ask(StartLive(), LiveJudged).maps
        pictures = rehearsal.performer.pictures
        assert coloured(pictures["camera"]) == 0
        rehearsal.do(MapLive(on=True))
        rehearsal.until(lambda: coloured(pictures["camera"]) > 5, "the map")
        rehearsal.do(MapLive(on=False))
        rehearsal.until(lambda: coloured(pictures["camera"]) == 0, "no map")
        rehearsal.do(MapLive(on=True))
        rehearsal.until(lambda: coloured(pictures["camera"]) > 5, "the map again")
        rehearsal.do(StopLive())
        rehearsal.ask(StartLive(), LiveJudged)
        rehearsal.next(LiveJudged)
        assert coloured(pictures["camera"]) == 0


def test_it_is_what_the_other_maps_are_drawn_as(classifier: Classifier, state: StateFolder) -> None:
    picture = to_picture(read_photograph(state.stock / "coffee-cup.png"), 224)
    prediction, weights = classifier(picture), classifier.last_layer
    assert weights is not None
    drawn = class_activation_map(prediction, weights, prediction.label)
    (slow,) = shining([picture], [drawn])
    quick = shone_over(picture, shine(drawn, 224))
    assert np.abs(slow.astype(int) - quick).mean() < 8, "the eye's grey, not the mean of the three"
