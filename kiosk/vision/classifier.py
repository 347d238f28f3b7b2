"""The visitor's classifier: one ONNX Runtime session over the int8 model file."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as status

from kiosk.vision.arrays import Floats
from kiosk.vision.head import Head
from kiosk.vision.model_card import FLOAT_FILE, MODEL_FILE, ModelCard, ModelError, read_card
from kiosk.vision.picture import Rgb, to_input

OUTPUTS = ("logits", "embedding", "features")
# What ONNX Runtime raises on a file that it cannot run; its own words may quote bytes of it that are no text.
LOAD_ERRORS = (
    status.EPFail,
    status.EngineError,
    status.Fail,
    status.InvalidArgument,
    status.InvalidGraph,
    status.InvalidProtobuf,
    status.ModelLoadCanceled,
    status.NoModel,
    status.NoSuchFile,
    status.NotFound,
    status.NotImplemented,
    status.RuntimeException,
    MemoryError,
    UnicodeDecodeError,
)


@dataclass(frozen=True)
class Prediction:
    """What the model says of one picture.

    Shapes: logits and probabilities (labels,), embedding (channels,), features (channels, rows, columns); float32.
    `known` is False where a taught head says "I don't know"; a model's own labels know no doubt.
    """

    logits: NDArray[np.float32]
    embedding: NDArray[np.float32]
    features: NDArray[np.float32]
    known: bool = True

    @property
    def probabilities(self) -> NDArray[np.float32]:
        """Return the softmax of the logits."""
        odds = np.exp(self.logits - self.logits.max())
        return np.asarray(odds / odds.sum(), dtype=np.float32)

    @property
    def label(self) -> int:
        """Return the index of the most probable label."""
        return int(self.logits.argmax())

    def top(self, count: int) -> list[tuple[int, float]]:
        """Return the most probable labels with their probabilities, best first; ties go to the lower index."""
        probabilities = self.probabilities
        order = np.argsort(-self.logits, kind="stable")[:count]
        return [(int(index), float(probabilities[index])) for index in order]


class AnyClassifier(Protocol):
    """What answers on a picture: a model's own classifier, or one with a taught head, which attacks then need too."""

    @property
    def card(self) -> ModelCard:
        """Return the model's card, with the labels that are answered."""

    @property
    def head(self) -> Head | None:
        """Return the taught head, None for the model's own labels."""

    def __call__(self, picture: Rgb) -> Prediction:
        """Return the answer on a picture."""


def open_session(file: Path, *, threads: int, spinning: bool = False) -> onnxruntime.InferenceSession:
    """Return an ONNX Runtime session on the CPU; raises ModelError for a file it cannot run."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Spinning threads take the cores that the screen and the gradient process need.
    options.add_session_config_entry("session.intra_op.allow_spinning", str(int(spinning)))
    try:
        return onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    except LOAD_ERRORS as error:
        reason = str(error).splitlines()[0]
        raise ModelError(f"{file}: ONNX Runtime cannot load it ({reason}); build the model again") from None


class Classifier:
    """Owns an ONNX Runtime session over a model folder's int8 file (or, for figures only, its float file)."""

    head: Head | None = None

    def __init__(
        self, folder: Path, *, threads: int = 1, spinning: bool = False, file: str = MODEL_FILE
    ) -> None:
        self.card: ModelCard = read_card(folder)
        self.folder, self._file = folder, folder / file
        self._session = open_session(folder / file, threads=threads, spinning=spinning)
        self._input = self._session.get_inputs()[0].name
        self._refuse_foreign(folder / file)

    def _refuse_foreign(self, file: Path) -> None:
        """Raise ModelError for a network that is not what its card says."""
        side, labels = self.card.input_size, len(self.card.labels)
        shapes = {tensor.name: tensor.shape for tensor in self._session.get_outputs()}
        inputs = [tensor.shape for tensor in self._session.get_inputs()]
        if inputs != [[1, 3, side, side]] or tuple(shapes) != OUTPUTS or shapes["logits"] != [1, labels]:
            raise ModelError(
                f"{file}: its input and outputs are not those of its card; build the model again"
            )

    def __call__(self, picture: Rgb) -> Prediction:
        """Return the model's answer on a picture: (side, side, 3) uint8, side as the card's input size."""
        logits, embedding, features = self._session.run(
            OUTPUTS, {self._input: to_input(picture, self.card.mean, self.card.std)}
        )
        return Prediction(logits[0], embedding[0], features[0])

    @cached_property
    def last_layer(self) -> Floats | None:
        """Return the weights from the embedding to the logits, (labels, channels); None where more lies between."""
        # Imported here: reading ONNX files takes a quarter of a second to import, and the first frame needs none.
        from kiosk.vision.last_layer import last_layer

        return last_layer(self._file)

    @property
    def channels(self) -> int:
        """Return the size of an embedding."""
        return int(self._session.get_outputs()[OUTPUTS.index("embedding")].shape[1])

    @classmethod
    def float_twin(cls, folder: Path, *, threads: int = 1) -> "Classifier | None":
        """Return a classifier over the float file kept for figures, or None where it was not kept."""
        return cls(folder, threads=threads, file=FLOAT_FILE) if (folder / FLOAT_FILE).is_file() else None

    def close(self) -> None:
        """Close the session."""
        del self._session

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
