"""What `demo`, `evaluate` and `bench` open first: settings, the model in use, its gradient process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kiosk.device.state_folder import StateFolder
from kiosk.gradients.client import GradientClient
from kiosk.settings.files import load_settings
from kiosk.settings.sections import Settings
from kiosk.vision.classifier import Classifier
from kiosk.vision.decoding.decoder import Decoder
from kiosk.words.model_labels import ModelLabels


@dataclass(frozen=True)
class Opened:
    """A classifier with the gradient process of the same model file, and what reads pictures."""

    state: StateFolder
    classifier: Classifier
    gradients: GradientClient
    labels: ModelLabels
    decoder: Decoder


@contextmanager
def opened(settings_file: Path | None, model: str | None) -> Iterator[Opened]:
    """Yield the model of that name, or the one in use, ready to classify; its gradient process is warming up."""
    settings: Settings = load_settings(settings_file)
    state = StateFolder(settings.state_folder())
    threads, spinning = settings.classifier.threads, settings.classifier.spinning
    with (
        Classifier(state.model(model), threads=threads, spinning=spinning) as classifier,
        GradientClient(classifier.folder, classifier.card, settings.gradients) as gradients,
        Decoder() as decoder,
    ):
        yield Opened(state, classifier, gradients, ModelLabels(classifier.card.labels), decoder)
