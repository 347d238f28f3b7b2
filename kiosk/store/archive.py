"""An exhibit dataset as a zip file that can be carried to another kiosk, and is read without trusting it.

In it are `manifest.json`, a folder of PNGs for each label, and, where they are known, `embeddings.f32`: little-endian
float32, one row an example in the manifest's order. The head is not in it: it is trained again in seconds.
"""

import re
import stat
import struct
import unicodedata
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import numpy as np

from kiosk.errors import PictureError
from kiosk.store.exhibit_dataset import (
    MOST_CHANNELS,
    MOST_EXAMPLES,
    MOST_LABELS,
    MOST_PNG_BYTES,
    PICTURE_SIDE,
    DatasetError,
    DatasetLabel,
    ExhibitDataset,
    StoredExample,
    check_dataset,
)
from kiosk.store.unpacking import Limits, Unpacker, UnpackingError, unpacking
from kiosk.vision.arrays import Floats
from kiosk.vision.picture import picture_in_png, png_bytes
from kiosk.vision.reading import DamagedJsonError, decoded_json

MANIFEST, EMBEDDINGS = "manifest.json", "embeddings.f32"
STORED_FLOAT = np.dtype("<f4")
MOST_MANIFEST_BYTES = 2**20
LIMITS = Limits(
    # Pictures and folders, manifest, embeddings; a Mac puts a file beside each, and some more.
    entries=2 * (MOST_LABELS * (MOST_EXAMPLES + 1) + 2) + 16,
    bytes=MOST_LABELS * MOST_EXAMPLES * (MOST_PNG_BYTES + 4 * MOST_CHANNELS) + MOST_MANIFEST_BYTES,
)
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first date a zip file knows: the same bytes whenever it is written
UNIX, PLAIN_FILE = 3, (stat.S_IFREG | 0o644) << 16
PNG_MARK, PIXEL_CHUNKS = b"\x89PNG\r\n\x1a\n", (b"IHDR", b"IDAT", b"IEND")


class _Embeddings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose embeddings the archive holds, and how long each is."""

    backbone: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    channels: Annotated[int, msgspec.Meta(ge=1, le=MOST_CHANNELS)]


class _Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A label, its folder, and the burst of each of its pictures 0001.png, 0002.png and so on."""

    name: str
    icon: str
    folder: Annotated[str, msgspec.Meta(pattern="^[a-z0-9][a-z0-9-]{0,63}$")]
    bursts: tuple[Annotated[int, msgspec.Meta(ge=0, lt=2**31)], ...]

    def files(self) -> list[str]:
        """Return the names of this label's pictures in the archive."""
        return [f"{self.folder}/{number:04}.png" for number in range(1, len(self.bursts) + 1)]


class _Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the archive holds: everything in it is named here."""

    format: Literal["kiosk exhibit dataset"]
    version: Literal[1]
    picture_side: Annotated[int, msgspec.Meta(ge=PICTURE_SIDE, le=PICTURE_SIDE)]
    name: str
    created_utc: Annotated[datetime, msgspec.Meta(tz=True)]
    labels: tuple[_Label, ...]
    embeddings: _Embeddings | None

    def dataset(self) -> ExhibitDataset:
        """Return the dataset without its pictures."""
        return ExhibitDataset(
            self.name,
            self.created_utc.astimezone(UTC),
            tuple(DatasetLabel(label.name, label.icon) for label in self.labels),
            tuple(
                StoredExample(at, burst, b"")
                for at, label in enumerate(self.labels)
                for burst in label.bursts
            ),
        )


# ---- writing


def archive_bytes(dataset: ExhibitDataset) -> bytes:
    """Return a dataset as a zip file: the same bytes for the same dataset. Nothing is compressed, PNGs are already."""
    by_label = sorted(dataset.examples, key=lambda example: example.label)
    manifest = _manifest_of(dataset)
    files = [file for label in manifest.labels for file in label.files()]
    out = BytesIO()
    with zipfile.ZipFile(out, "w", allowZip64=False) as archive:
        archive.writestr(
            _entry(MANIFEST), msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"
        )
        for file, example in zip(files, by_label, strict=True):
            archive.writestr(_entry(file), example.png)
        if manifest.embeddings is not None:
            rows = [example.embedding for example in by_label if example.embedding is not None]
            archive.writestr(_entry(EMBEDDINGS), np.stack(rows).astype(STORED_FLOAT).tobytes())
    return out.getvalue()


def _manifest_of(dataset: ExhibitDataset) -> _Manifest:
    bursts: list[list[int]] = [[] for _ in dataset.labels]
    for example in dataset.examples:
        bursts[example.label].append(example.burst)
    first = dataset.examples[0].embedding
    return _Manifest(
        format="kiosk exhibit dataset",
        version=1,
        picture_side=PICTURE_SIDE,
        name=dataset.name,
        created_utc=dataset.created_utc,
        labels=tuple(
            _Label(label.name, label.icon, _folder(at, label.name), tuple(of_label))
            for at, (label, of_label) in enumerate(zip(dataset.labels, bursts, strict=True))
        ),
        embeddings=(
            None if dataset.backbone is None or first is None else _Embeddings(dataset.backbone, first.size)
        ),
    )


def _folder(at: int, name: str) -> str:
    """Return a label's folder: its number, and as much of its name as every file system bears."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join([str(at + 1), *re.findall("[a-z0-9]+", plain)])[:60]


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EARLIEST)
    entry.create_system, entry.external_attr = UNIX, PLAIN_FILE
    return entry


# ---- reading


def read_archive(path: Path) -> ExhibitDataset:
    """Return the dataset in a zip file; nothing is unpacked to the disk.

    Raises DatasetError with one line that says what is wrong: sizes, counts, types, names and links are all checked,
    sizes while reading, for headers may lie.
    """
    try:
        with unpacking(path, LIMITS) as unpacker:
            return _read(unpacker)
    except UnpackingError as error:
        raise DatasetError(str(error)) from None
    except DatasetError as error:
        raise DatasetError(f"{path}: {error}") from None


def _read(unpacker: Unpacker) -> ExhibitDataset:
    manifest = _read_manifest(unpacker)
    dataset = manifest.dataset()
    check_dataset(dataset)
    files = [file for label in manifest.labels for file in label.files()]
    folders = {f"{label.folder}/" for label in manifest.labels}
    known = {MANIFEST, EMBEDDINGS, *files, *folders}
    if len(folders) < len(manifest.labels):
        raise DatasetError(f"{MANIFEST}: two labels have the same folder")
    if strangers := sorted(unpacker.entries.keys() - known):
        raise DatasetError(f"entry {ascii(strangers[0])[:80]} does not belong in an exhibit dataset")
    embeddings = _read_embeddings(unpacker, manifest.embeddings, len(files))
    examples = tuple(
        replace(example, png=_read_png(unpacker, file), embedding=embedding)
        for example, file, embedding in zip(dataset.examples, files, embeddings, strict=True)
    )
    backbone = None if manifest.embeddings is None else manifest.embeddings.backbone
    dataset = replace(dataset, examples=examples, backbone=backbone)
    check_dataset(dataset)
    return dataset


def _read_manifest(unpacker: Unpacker) -> _Manifest:
    content = unpacker.read(MANIFEST, MOST_MANIFEST_BYTES)
    try:
        manifest: _Manifest = decoded_json(content, _Manifest)
        manifest.created_utc.astimezone(UTC)
    except OverflowError:
        raise DatasetError(f"{MANIFEST} is not an exhibit dataset's (its date is before all dates)") from None
    except DamagedJsonError as error:
        raise DatasetError(f"{MANIFEST} is not an exhibit dataset's ({error})") from None
    return manifest


def _read_embeddings(unpacker: Unpacker, facts: _Embeddings | None, count: int) -> list[Floats | None]:
    """Return each example's embedding, or None for each where the archive holds none."""
    if facts is None:
        return [None] * count
    size = count * facts.channels * STORED_FLOAT.itemsize
    content = unpacker.read(EMBEDDINGS, size)
    if len(content) != size:
        raise DatasetError(f"{EMBEDDINGS} has {len(content)} bytes where the manifest says {size}")
    rows = np.frombuffer(content, STORED_FLOAT).reshape(count, facts.channels).astype(np.float32)
    return [row.copy() for row in rows]


def _read_png(unpacker: Unpacker, name: str) -> bytes:
    """Return a picture's PNG with nothing but pixels in it; raises DatasetError for any other file."""
    png = unpacker.read(name, MOST_PNG_BYTES)
    try:
        picture = picture_in_png(png, PICTURE_SIDE)
    except PictureError as error:
        raise DatasetError(f"{name} {error}") from None
    return png if _holds_only_pixels(png) else png_bytes(picture)


def _holds_only_pixels(png: bytes) -> bool:
    """Return whether a readable PNG has no text, times or other chunks, and nothing behind its end."""
    at, kind = len(PNG_MARK), b""
    while at + 8 <= len(png):
        length, kind = struct.unpack_from(">L4s", png, at)
        if kind not in PIXEL_CHUNKS:
            return False
        at += 12 + length
        if kind == b"IEND":
            break
    return kind == b"IEND" and at == len(png)
