"""What the exhibit and its commands read from the state folder, from staff and from the gradient process."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np

from kiosk.attack.film import DevelopedFilm, keep_film, load_film
from kiosk.core.visit import Ranked
from kiosk.device.staff_pin import PIN_FILE, PinFileError, StaffPin
from kiosk.device.state_folder import StateFolder
from kiosk.errors import BadArgumentError
from kiosk.exhibit.app import labels_in_use
from kiosk.gradients import protocol
from kiosk.gradients.protocol import Array, HeadLayers, HeadPatches, Incoming, ProtocolError
from kiosk.recapture.preset import PRESETS
from kiosk.recapture.ranges import Ranges
from kiosk.settings.files import settings_at_start
from kiosk.settings.sections import Settings
from kiosk.store.archive import archive_bytes, read_archive
from kiosk.store.exhibit_dataset import DatasetError
from kiosk.vision.head import Doubt, Head, HeadError, Layer, head_bytes, load_head
from kiosk.vision.memories import (
    MEMORIES_FILE,
    FlatMap,
    Memories,
    MemoriesError,
    load_memories,
    memories_bytes,
    nearest_kinds,
)
from kiosk.vision.model_card import (
    CARD_FILE,
    MODEL_FILE,
    Measured,
    ModelCard,
    ModelError,
    card_bytes,
    read_card,
)
from kiosk.vision.prototypes.head import PatchSpace, PrototypeHead
from kiosk.vision.recipe import Recipe
from kiosk.words.friendly_labels import labels_for
from kiosk.words.label_file import read_label_file
from kiosk.words.signs import load_signs
from tests.fuzz.kind import Kind, SilentLossError
from tests.unit.kept_datasets import taught

SHA256 = "ab" * 32
CHANNELS = 6
# What the digest of `test` is: the model file that the cards describe holds that word.
MODEL, MODEL_SHA256 = b"test", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
PIN = "804159"


def file_of(folder: Path, name: str, content: bytes) -> Path:
    """Return a file with that content, and no other content than that."""
    file = folder / name
    file.write_bytes(content)
    return file


# ---- messages of the gradient process


def messages() -> Sequence[bytes]:
    picture = Array.of(np.zeros((8, 8, 3), np.float32))
    row = np.ones((2, CHANNELS), np.float32)
    layers = HeadLayers.of(row[0], 1.0, [Layer(row, np.zeros(2, np.float32))])
    patches = HeadPatches.of(PrototypeHead(("a", "b"), PatchSpace(row[0], row), row[:, :2], (1, 1), 4.0))
    return [
        protocol.encode(protocol.AttackStep(1, "sign", picture, picture, 7, 1.0, 16.0, layers)),
        protocol.encode(protocol.AttackStep(1, "sign", picture, picture, 1, 0.5, 16.0, patches)),
        protocol.encode(protocol.Least(2, picture, 3, 20)),
        protocol.encode(
            protocol.PrintProofStep(
                2, picture, picture, picture, 7, 3, PRESETS["quick"], Ranges(), 5, head=layers
            )
        ),
        protocol.encode(protocol.PrintProofed(2, picture, picture, Array.of(np.zeros((8, 8, 3), np.uint8)))),
        protocol.encode(protocol.Train(3, ("a", "b"), Array.of(row), (0, 1), (0, 1), Recipe())),
        protocol.encode(protocol.LoadModel(4, "small", SHA256, 224, (0.5,) * 3, (0.5,) * 3, 1000)),
        protocol.encode(protocol.Stepped(1, picture)),
        protocol.encode(protocol.Trained(3, layers, 0.5, 0.5, (0, -1))),
        protocol.encode(protocol.Mapped(5, (protocol.Cells(picture, 0.5, True),)))
        + protocol.encode(protocol.Pong(6, 1234, None)),
    ]


def read_messages(content: bytes, _folder: Path) -> None:
    """Read them as requests and as responses; they are refused where they are neither."""
    refused: list[ProtocolError] = []
    for kind in (protocol.Request, protocol.Response):
        try:
            for message in Incoming(kind).feed(content):
                for array in arrays_in(message):
                    array.values()
        except ProtocolError as error:
            refused.append(error)
    if len(refused) == 2:
        raise refused[0]


def arrays_in(message: object) -> Iterator[Array]:
    if isinstance(message, Array):
        yield message
    elif isinstance(message, tuple):
        for part in message:
            yield from arrays_in(part)
    elif isinstance(message, msgspec.Struct):
        for name in message.__struct_fields__:
            yield from arrays_in(getattr(message, name))


# ---- heads, cards, labels, archives


def heads() -> Sequence[bytes]:
    rng = np.random.default_rng(0)

    def floats(*shape: int) -> np.ndarray:
        return rng.normal(size=shape).astype(np.float32)

    layers = (Layer(floats(4, CHANNELS), floats(4)), Layer(floats(2, 4), floats(2)))
    known = Doubt(floats(5, CHANNELS), 0.5, 0.4)
    return [
        head_bytes(Head(("cup", "Küche"), SHA256, floats(CHANNELS), 1.5, layers, known)),
        head_bytes(
            Head(("a", "b"), SHA256, floats(CHANNELS), 1.0, (Layer(floats(2, CHANNELS), floats(2)),), known)
        ),
    ]


def read_head(content: bytes, folder: Path) -> None:
    head = load_head(file_of(folder, "head.npz", content), SHA256, CHANNELS)
    with np.errstate(all="ignore"):
        assert head.logits(np.ones(CHANNELS, np.float32)).shape == (len(head.labels),)
        head.knows(np.ones(CHANNELS, np.float32))


def memories() -> Sequence[bytes]:
    rng = np.random.default_rng(0)

    def floats(*shape: int) -> np.ndarray:
        return rng.normal(size=shape).astype(np.float32)

    flat = FlatMap(floats(CHANNELS), floats(2, CHANNELS), 0.4)
    return [
        memories_bytes(
            Memories(names, np.zeros((len(names), 4, 4, 3), np.uint8), floats(len(names), CHANNELS), flat)
        )
        for names in (("cup", "Küche", "cup"), ("a",))
    ]


def read_memories(content: bytes, folder: Path) -> None:
    file_of(folder, MEMORIES_FILE, content)
    kept = load_memories(folder)
    with np.errstate(all="ignore"):
        found = nearest_kinds(kept.embeddings[0], kept, 3)
        assert {kept.names[one.place] for one in found} <= set(kept.names)
        assert kept.map.places(kept.embeddings).shape == (len(kept.names), 2)


def cards() -> Sequence[bytes]:
    measured = Measured(24, 0.97, 0.99, None, None, 4000, None)
    card = ModelCard(
        "ours",
        224,
        (0.5, 0.5, 0.5),
        (0.5, 0.5, 0.5),
        tuple(f"label {index}" for index in range(12)),
        ("logits", "embedding", "features"),
        "uint8",
        "package",
        MODEL_SHA256,
        measured,
        (3,),
    )
    return [card_bytes(card), msgspec.json.encode(card)]


def read_model_card(content: bytes, folder: Path) -> None:
    file_of(folder, MODEL_FILE, MODEL)
    file_of(folder, CARD_FILE, content)
    card = read_card(folder)
    labels = labels_for(card)
    assert all(labels.name(index) != "" for index in range(len(card.labels)))


def label_files() -> Sequence[bytes]:
    names = [*(f"label {index}" for index in range(9)), "!never", "Küche"]
    return ["\n".join(names).encode(), "\r\n".join(names).encode("utf-8-sig"), msgspec.json.encode(names)]


def read_labels(content: bytes, folder: Path) -> None:
    read = read_label_file(file_of(folder, "labels.txt", content))
    assert len(read.names) >= 2
    assert all(name.isprintable() for name in read.names)


def archives() -> Sequence[bytes]:
    return [archive_bytes(taught(each=2)), archive_bytes(taught(labels=2, each=1, embedded=False))]


def read_dataset(content: bytes, folder: Path) -> None:
    dataset = read_archive(file_of(folder, "dataset.zip", content))
    for example in dataset.examples:
        example.picture()


# ---- what the exhibit starts with


def films() -> Sequence[bytes]:
    return [
        msgspec.json.encode({"sha256": SHA256, "answers": [[967, 0.94], [130, 0.6]]}),
        msgspec.json.encode({"sha256": SHA256, "answers": [[1, 1], [2, 0.25], [3, 1e-9]]}),
        msgspec.json.encode({"sha256": SHA256, "answers": [[1, 1], [2, 0.5]], "race": [[1, 0], [0.25, 0.5]]}),
    ]


def read_film(content: bytes, folder: Path) -> None:
    kept = tuple(np.full((16, 16, 3), shade, np.uint8) for shade in range(3))
    if not (folder / "film-0.png").exists():
        keep_film(folder, SHA256, DevelopedFilm((Ranked(1, 0.5),) * 3, kept))
    file_of(folder, "film.json", content)
    film = load_film(folder, SHA256)
    if film is not None:
        assert len(film.pictures_by_key()) == len(film.frames) + 1
        assert len(film.race) in (0, len(film.frames))


SETTINGS = b"""\
state_dir = "/data/kiosk"
[display]
diagonal_inch = 7.0
driver = "wayland"
[camera]
source = "webcam:/dev/video0"
[idle]
quiet_s = 40
[upload]
folders = ["/media", "/srv/pictures"]
[[teaching.signs]]
name = "Cup"
icon = "cup"
[[teaching.signs]]
name = "Cat"
"""


def settings_files() -> Sequence[bytes]:
    return [
        SETTINGS,
        b"[display]\r\ndiagonal_inch = 7.0\r\n[teaching]\r\nlayers = [32, 32]\r\nlearning_rate = 3e-3\r\n",
    ]


def read_settings(content: bytes, folder: Path) -> None:
    """Read a file as the exhibit does at its start; what it then opens must not fail by what was in the file."""
    read = settings_at_start(file_of(folder, "kiosk.toml", content))
    assert all(len(line.splitlines()) == 1 and line.isprintable() for line in read.complaints)
    if read.settings == Settings() and not read.complaints and _says_something(content):
        raise SilentLossError("no setting was taken, and nobody was told")
    state = StateFolder(read.settings.state_folder())
    labels_in_use(state, None)
    load_signs(read.settings.teaching)


def _says_something(content: bytes) -> bool:
    """Return whether there is a line that is neither empty, nor a comment, nor the head of a section."""
    lines = content.decode("utf-8", "replace").lstrip("\ufeff").splitlines()
    return any(line.strip() and line.strip()[0] not in "#[" for line in lines)


def pin_files() -> Sequence[bytes]:
    salt = bytes(range(16)).hex()
    return [
        msgspec.json.encode({"salt": salt, "hash": "0f" * 64}),
        msgspec.json.encode({"salt": salt, "hash": "1e" * 64, "wrong_tries": 5, "last_wrong_utc_s": 1.7e9}),
    ]


def read_pin(content: bytes, folder: Path) -> None:
    file_of(folder, PIN_FILE, content)
    pin = StaffPin(folder)
    if not pin.chosen:
        raise SilentLossError("there was a PIN, and anybody may choose another now")
    assert not pin.attempt(PIN).right


KINDS = (
    Kind("protocol", messages, read_messages, (ProtocolError,)),
    Kind("archive", archives, read_dataset, (DatasetError,)),
    Kind("head", heads, read_head, (HeadError,)),
    Kind("memories", memories, read_memories, (MemoriesError,)),
    Kind("card", cards, read_model_card, (ModelError,)),
    Kind("labels", label_files, read_labels, (BadArgumentError,)),
    Kind("film", films, read_film),
    Kind("settings", settings_files, read_settings),
    Kind("PIN", pin_files, read_pin, (PinFileError,)),
)
