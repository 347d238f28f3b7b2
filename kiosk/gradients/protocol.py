"""The messages of the local queue between the exhibit and its gradient process."""

import math
from collections.abc import Sequence
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from kiosk.recapture.preset import Preset
from kiosk.recapture.ranges import Ranges
from kiosk.vision.head import Layer
from kiosk.vision.prototypes.head import PrototypeHead
from kiosk.vision.recipe import Recipe
from kiosk.wire.messages import MAX_MESSAGE_BYTES, Incoming, ProtocolError, encode

__all__ = ["MAX_MESSAGE_BYTES", "Incoming", "ProtocolError", "encode"]  # how its messages travel

DTYPES: dict[str, np.dtype[Any]] = {"uint8": np.dtype(np.uint8), "float32": np.dtype(np.float32)}

MapMethod = Literal["grad-cam", "grad-cam++", "contrast", "smoothgrad", "integrated-gradients"]
StepMethod = Literal["sign", "quiet", "fgsm", "untargeted", "report"]


class Array(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An array on the wire: raw little-endian bytes with their shape and type."""

    dtype: Literal["uint8", "float32"]
    shape: tuple[int, ...]
    raw: bytes

    @classmethod
    def of(cls, values: NDArray[Any]) -> "Array":
        """Return the wire form of a uint8 or float32 array."""
        name: Any = values.dtype.name
        return cls(name, values.shape, np.ascontiguousarray(values).tobytes())

    def values(self) -> NDArray[Any]:
        """Return the array, read only; raises ProtocolError where shape, type and bytes do not agree."""
        dtype = DTYPES[self.dtype]
        if len(self.shape) > 4 or min(self.shape, default=1) < 1:
            raise ProtocolError(f"an array of shape {self.shape}")
        if math.prod(self.shape) * dtype.itemsize != len(self.raw):
            raise ProtocolError(f"an array of shape {self.shape} {self.dtype} with {len(self.raw)} bytes")
        values: NDArray[Any] = np.frombuffer(self.raw, dtype).reshape(self.shape)
        return values


class HeadLayers(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """What a gradient needs of a taught head: the standardisation of its input and its layers, first to last.

    Shapes: mean (channels,), weights (out, in), biases (out,); float32.
    """

    mean: Array
    spread: float
    weights: tuple[Array, ...]
    biases: tuple[Array, ...]

    @classmethod
    def of(cls, mean: NDArray[Any], spread: float, layers: Sequence[Layer]) -> "HeadLayers":
        """Return the wire form of a head's layers; its examples and its doubt stay with the caller."""
        return cls(
            Array.of(mean),
            spread,
            tuple(Array.of(layer.weight) for layer in layers),
            tuple(Array.of(layer.bias) for layer in layers),
        )


class HeadPatches(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """What a gradient needs of a head that explains itself.

    Shapes: mean (channels,), axes (axes, channels), patches (patches, axes), float32; `counts` are of each label.
    """

    mean: Array
    axes: Array
    patches: Array
    counts: tuple[int, ...]
    scale: float

    @classmethod
    def of(cls, head: PrototypeHead) -> "HeadPatches":
        """Return the wire form of a head."""
        space = head.space
        patches = Array.of(head.patches)
        return cls(Array.of(space.mean), Array.of(space.axes), patches, head.counts, head.scale)


class _Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """Every message names the job it is about."""

    job: int


class LoadModel(_Message, frozen=True):
    """Take the model whose file was passed on with the first bytes of the connection; answered by Loaded.

    A process of another user could not open it. `name` is for words alone; `side`, `mean`, `std` are its card's, as is
    how many `labels` there are.
    """

    name: str
    sha256: str
    side: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    labels: int


class AttackStep(_Message, frozen=True):
    """One step of an attack from an iterate; answered by Stepped.

    Shapes: iterate and original (side, side, 3) float32 in 0..255. Units: step and budget (L-inf) in 1/255.
    With a head, the label is one of the head's.
    """

    method: StepMethod
    iterate: Array
    original: Array
    label: int
    step_255: float
    budget_255: float
    head: HeadLayers | HeadPatches | None = None


class Least(_Message, frozen=True):
    """Look for the smallest noise in L2 within a number of gradients; streams Iterate, ends with Finished.

    It fools while the label is answered with that confidence (0..1), or with `away`, while it is not answered. `begin`
    is an iterate, (side, side, 3) float32, whose noise is to become less; without one it begins at the original.
    """

    original: Array
    label: int
    steps: int
    head: HeadLayers | None = None
    begin: Array | None = None
    away: bool = False
    confidence: float = 0.0


class PrintProofStep(_Message, frozen=True):
    """One step of the attack that survives paper; answered by PrintProofed.

    Shapes: iterate, momentum and original (side, side, 3) float32. Steps are counted from 0 on; the view that is looked
    at follows from the ranges, the seed and the step.
    """

    iterate: Array
    momentum: Array
    original: Array
    label: int
    step: int
    preset: Preset
    ranges: Ranges
    seed: int
    head: HeadLayers | None = None


class DrawMaps(_Message, frozen=True):
    """What speaks for a label, maybe against another, on some (side, side, 3) uint8 pictures.

    Streams Advanced where that takes many gradients, ends with Mapped.
    """

    method: MapMethod
    pictures: tuple[Array, ...]
    label: int
    against: int | None = None
    head: HeadLayers | None = None


class OddsGradient(_Message, frozen=True):
    """The gradient of a label's log-odds against another at a uint8 picture; answered by GradientTaken."""

    picture: Array
    label: int
    against: int
    head: HeadLayers | None = None


class LookInside(_Message, frozen=True):
    """How some (side, side, 3) uint8 pictures go through the network, stage by stage; answered by InsideSeen."""

    pictures: tuple[Array, ...]


class Train(_Message, frozen=True):
    """Train a head on embeddings, (n, channels) float32; streams EpochDone, ends with Trained.

    One label and one burst for each row.
    """

    names: tuple[str, ...]
    embeddings: Array
    labels: tuple[int, ...]
    bursts: tuple[int, ...]
    recipe: Recipe


class ForgetVisitor(_Message, frozen=True):
    """Drop every visitor array and head; answered by Finished."""


class Ping(_Message, frozen=True):
    """Answered by Pong at once, even during a job."""


class Cancel(_Message, frozen=True):
    """End that job before its next gradient or epoch; it is answered by Cancelled."""


class Loaded(_Message, frozen=True):
    """The model is ready for gradients."""


class Stepped(_Message, frozen=True):
    """The next iterate: (side, side, 3) float32 in 0..255."""

    iterate: Array


class Iterate(_Message, frozen=True):
    """One iterate of a running Least: (side, side, 3) float32, whole numbers in 0..255."""

    iterate: Array


class PrintProofed(_Message, frozen=True):
    """The next iterate and its momentum, float32, and the view that was looked at, uint8: all (side, side, 3)."""

    iterate: Array
    momentum: Array
    view: Array


class EpochDone(_Message, frozen=True):
    """One epoch of a running Train: mean loss and accuracy of both splits, None where nothing is held out.

    `said` is each example's label by a network that never saw its burst, or by the head where there is none.
    """

    epoch: int
    loss: float
    accuracy: float
    held_out_loss: float | None
    held_out_accuracy: float | None
    said: tuple[int, ...]


class Trained(_Message, frozen=True):
    """A trained head, what its doubt needs, and each example's label by a network that never saw its burst, or -1."""

    layers: HeadLayers
    least_likeness: float
    least_confidence: float
    predicted: tuple[int, ...]


class Cells(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A map on the wire, (rows, columns) float32; see `CellMap`."""

    cells: Array
    rest: float
    exact: bool


class Advanced(_Message, frozen=True):
    """How far (0..1) a running DrawMaps is."""

    share: float


class Mapped(_Message, frozen=True):
    """A map for each picture, unscaled."""

    maps: tuple[Cells, ...]


class StageSeen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A stage on the wire; see `Stage`."""

    rows: int
    channels: int
    changes: tuple[float, ...]
    moved: tuple[float, ...]
    maps: Array


class InsideSeen(_Message, frozen=True):
    """The stages, from the picture to the features."""

    stages: tuple[StageSeen, ...]


class GradientTaken(_Message, frozen=True):
    """The gradient, (side, side, 3) float32: log-odds per grey level."""

    gradient: Array


class Finished(_Message, frozen=True):
    """The job is done and has nothing more to say."""


class Pong(_Message, frozen=True):
    """The process lives; `busy` is the job it is computing, if any."""

    pid: int
    busy: int | None


class Cancelled(_Message, frozen=True):
    """The job was cancelled, or a newer one took its place in the queue."""


class Refused(_Message, frozen=True):
    """The job cannot be done; the reason is one plain line."""

    reason: str


Job = AttackStep | Least | PrintProofStep | DrawMaps | OddsGradient | LookInside | Train
Request = LoadModel | Job | ForgetVisitor | Ping | Cancel
Response = (
    Loaded
    | Stepped
    | Iterate
    | Advanced
    | PrintProofed
    | Mapped
    | InsideSeen
    | GradientTaken
    | EpochDone
    | Trained
    | Finished
    | Pong
    | Cancelled
    | Refused
)
