"""The classifier with a taught head in place of its own last layer."""

import msgspec

from kiosk.vision.classifier import Classifier, Prediction
from kiosk.vision.head import Head, HeadError
from kiosk.vision.model_card import ModelCard
from kiosk.vision.picture import Rgb


class TaughtClassifier:
    """Answers with a head's labels on a classifier's embedding; the classifier stays its owner's."""

    def __init__(self, classifier: Classifier, head: Head) -> None:
        """Raise HeadError for a head that was taught on another model."""
        if head.model_sha256 != classifier.card.sha256:
            raise HeadError("the head was taught on another model than the one in use; teach it again")
        self._classifier = classifier
        self.head: Head | None = head
        self._taught = head
        self.card: ModelCard = msgspec.structs.replace(classifier.card, labels=head.labels)

    def __call__(self, picture: Rgb) -> Prediction:
        """Return the head's answer on a picture: (side, side, 3) uint8, side as the card's input size."""
        seen = self._classifier(picture)
        return Prediction(
            self._taught.logits(seen.embedding),
            seen.embedding,
            seen.features,
            self._taught.knows(seen.embedding),
        )
