"""A taught dataset that staff keep: its labels, its pictures with their embeddings, the head trained on them."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain, count

import numpy as np

from kiosk.errors import KioskError
from kiosk.vision.arrays import Floats
from kiosk.vision.picture import Rgb, picture_in_png, png_bytes

LEAST_LABELS, MOST_LABELS = 2, 8
MOST_EXAMPLES = 200  # a label
LONGEST_NAME = 64
LONGEST_MADE = 32  # of a name made of labels' names: a tile has room for that, and a number behind it
PICTURE_SIDE = 224
# Uncompressed, a picture has 150,752 bytes; a PNG that is larger carries something else.
MOST_PNG_BYTES = 160 * 1024
MOST_CHANNELS = 4096
MOST_HEAD_BYTES = 64 * 2**20


class DatasetError(KioskError, ValueError):
    """A dataset that cannot be kept, read or found."""


@dataclass(frozen=True, slots=True)
class DatasetLabel:
    """A taught label: the name visitors read and the name of its icon."""

    name: str
    icon: str


@dataclass(frozen=True, slots=True, eq=False)
class StoredExample:
    """One picture of a label.

    `label` is an index into the dataset's labels; pictures of one `burst` were taken together and are near-copies.
    `embedding` is the backbone's, (channels,) float32, or None where it was not computed.
    """

    label: int
    burst: int
    png: bytes
    embedding: Floats | None = None

    @classmethod
    def of(cls, picture: Rgb, label: int, burst: int, embedding: Floats | None = None) -> "StoredExample":
        """Return the example of a picture: (224, 224, 3) uint8."""
        return cls(label, burst, png_bytes(picture), embedding)

    def picture(self) -> Rgb:
        """Return the example's pixels: (224, 224, 3) uint8. Raises PictureError where its PNG is damaged."""
        return picture_in_png(self.png, PICTURE_SIDE)


@dataclass(frozen=True, slots=True)
class TrainedHead:
    """A head as a NumPy archive's bytes, and as JSON the settings it was trained with."""

    npz: bytes
    settings: str


@dataclass(frozen=True, slots=True, eq=False)
class ExhibitDataset:
    """What staff keep under a name.

    `backbone` is the SHA-256 of the model file whose embeddings the examples hold; None where they hold none.
    """

    name: str
    created_utc: datetime
    labels: tuple[DatasetLabel, ...]
    examples: tuple[StoredExample, ...]
    backbone: str | None = None
    head: TrainedHead | None = None

    def counts(self) -> tuple[int, ...]:
        """Return how many examples each label has."""
        counted = Counter(example.label for example in self.examples)
        return tuple(counted[index] for index in range(len(self.labels)))

    def embedded(self, backbone: str, embed: Callable[[Rgb], Floats]) -> "ExhibitDataset":
        """Return the dataset with another model's embeddings; its head, trained on the old ones, is gone."""
        examples = tuple(replace(example, embedding=embed(example.picture())) for example in self.examples)
        return replace(self, examples=examples, backbone=backbone, head=None)


def utc_now() -> datetime:
    """Return the time in UTC, in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def name_key(name: str) -> str:
    """Return what two names must differ in: neither case nor the way an accent is written tells them apart."""
    return unicodedata.normalize("NFC", name).casefold()


def check_dataset(dataset: ExhibitDataset) -> None:
    """Raise DatasetError with the first reason why a dataset cannot be kept."""
    shown = dataset.name if _is_name(dataset.name) else ascii(dataset.name)[:LONGEST_NAME]
    for complaint in _complaints(dataset):
        raise DatasetError(f"{shown}: {complaint}")


def _complaints(dataset: ExhibitDataset) -> Iterator[str]:
    """Yield a sentence for each thing wrong with a dataset; none for one that may be kept."""
    if not _is_name(dataset.name):
        yield f"a dataset's name is 1 to {LONGEST_NAME} printable letters, with no space before or after"
    names = [label.name for label in dataset.labels]
    if not LEAST_LABELS <= len(names) <= MOST_LABELS:
        yield f"has {len(names)} labels; a dataset has {LEAST_LABELS} to {MOST_LABELS}"
    for label in dataset.labels:
        if not _is_name(label.name) or (label.icon and not _is_name(label.icon)):
            yield f"{label.name!r}: names are 1 to {LONGEST_NAME} printable letters"
    if len({name_key(name) for name in names}) < len(names):
        yield "two labels have the same name"
    if any(not 0 <= example.label < len(names) or example.burst < 0 for example in dataset.examples):
        yield "an example is of no label, or of no burst"
    for name, examples in zip(names, dataset.counts(), strict=True):
        if not 1 <= examples <= MOST_EXAMPLES:
            yield f"label {name} has {examples} examples; a label has 1 to {MOST_EXAMPLES}"
    if any(len(example.png) > MOST_PNG_BYTES for example in dataset.examples):
        yield f"a picture has more than {MOST_PNG_BYTES // 1024} kB"
    yield from _embedding_complaints(dataset)
    if dataset.head is not None and len(dataset.head.npz) > MOST_HEAD_BYTES:
        yield f"its head has more than {MOST_HEAD_BYTES // 2**20} MB"


def _embedding_complaints(dataset: ExhibitDataset) -> Iterator[str]:
    embeddings = [example.embedding for example in dataset.examples]
    known = [embedding for embedding in embeddings if embedding is not None]
    if len(known) != (0 if dataset.backbone is None else len(embeddings)):
        yield "either all its examples have the embedding of one model, or none has"
    if len({embedding.shape for embedding in known}) > 1 or any(
        embedding.dtype != np.float32 or embedding.ndim != 1 or not 1 <= embedding.size <= MOST_CHANNELS
        for embedding in known
    ):
        yield f"its embeddings are not float32 vectors of one length up to {MOST_CHANNELS}"
    elif not all(bool(np.isfinite(embedding).all()) for embedding in known):
        yield "its embeddings hold infinite or undefined values"


def _is_name(name: str) -> bool:
    return 1 <= len(name) <= LONGEST_NAME and name.isprintable() and name == name.strip()


def free_name(labels: Iterable[str], taken: Iterable[str]) -> str:
    """Return a name for a dataset of these labels: theirs, as many as are soon read, and a number where it is taken."""
    names = [*labels]
    fitting = [n for n in range(1, len(names) + 1) if len(", ".join(names[:n])) <= LONGEST_MADE]
    shown = ", ".join(names[: max(fitting, default=1)])
    if len(fitting) < len(names):
        shown = f"{shown[:LONGEST_MADE].rstrip()}, …"
    keys = {name_key(name) for name in taken}
    numbered = (f"{shown} {number}" for number in count(2))
    return next(name for name in chain([shown], numbered) if name_key(name) not in keys)
