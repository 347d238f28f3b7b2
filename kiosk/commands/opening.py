"""What `demo`, `evaluate` and `bench` open first: settings, the model in use, its gradient process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kiosk.device.state_folder import StateFolder
from kiosk.gradients.client import GradientClient
from kiosk.recapture.ranges import Ranges
from kiosk.settings.files import load_settings
from kiosk.settings.sections import Settings
from kiosk.store.colour_maps import calibrated
from kiosk.vision.classifier import Classifier
from kiosk.vision.decoding.decoder import Decoder
from kiosk.words.model_labels import ModelLabels


@dataclass(frozen=True)
class Looking:
    """A classifier, its labels, what reads pictures, and what staff set."""

    settings: Settings
    state: StateFolder
    classifier: Classifier
    labels: ModelLabels
    decoder: Decoder

    @property
    def ranges(self) -> Ranges:
        """Return what print-proof attacks prepare for, around the colours that staff measured."""
        return calibrated(self.settings.recapture.attack, self.state.path)


@dataclass(frozen=True)
class Opened(Looking):
    """The same with the gradient process of the same model file."""

    gradients: GradientClient


@contextmanager
def looking(settings_file: Path | None, model: str | None) -> Iterator[Looking]:
    """Yield the model of that name, or the one in use, ready to classify."""
    settings: Settings = load_settings(settings_file)
    state = StateFolder(settings.state_folder())
    threads, spinning = settings.classifier.threads, settings.classifier.spinning
    with (
        Classifier(state.model(model), threads=threads, spinning=spinning) as classifier,
        Decoder() as decoder,
    ):
        yield Looking(settings, state, classifier, ModelLabels(classifier.card.labels), decoder)


@contextmanager
def opened(settings_file: Path | None, model: str | None) -> Iterator[Opened]:
    """Yield the model of that name, or the one in use, ready to classify; its gradient process is warming up."""
    with (
        looking(settings_file, model) as ready,
        GradientClient(ready.classifier.folder, ready.classifier.card, ready.settings.gradients) as gradients,
    ):
        yield Opened(ready.settings, ready.state, ready.classifier, ready.labels, ready.decoder, gradients)
