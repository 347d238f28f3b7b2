"""What is measured of a live picture."""

from kiosk.topics.photograph.facts import Seen
from kiosk.vision import seen
from kiosk.vision.arrays import Floats
from kiosk.vision.classifier import Prediction
from kiosk.vision.picture import Rgb


def measured(picture: Rgb, prediction: Prediction, weights: Floats | None) -> Seen:
    """Return the measures of a picture; without a last layer its answers lie nowhere, so never apart."""
    return Seen(
        light=seen.light(picture),
        blur=seen.blur(picture),
        doubt=seen.doubt(prediction),
        spread=seen.spread(prediction),
        apartness=0.0 if weights is None else seen.apartness(prediction, weights),
    )
