"""What visitors read for each ImageNet class, what is never said of them, and the twelve lies on the wall.

A model whose labels are not ImageNet's in torchvision's order is read by its own labels; so is a taught head.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.resources import files
from itertools import chain

import msgspec

from kiosk.core.labels import Labels, Tile
from kiosk.errors import BadArgumentError
from kiosk.vision.model_card import ModelCard
from kiosk.words.label_groups import load_label_groups

CLASSES = 1000
# Of the names on the cards of the models that this package builds, one a line.
IMAGENET_SHA256 = "1f386e0d1cb6e28b9c2dac651c3dea6801e98ad1b41a14ce6bb1a093d72069f5"


@dataclass(frozen=True, slots=True)
class Target:
    """One tile on the wall of lies: a class, and the name of the icon drawn for it."""

    index: int
    icon: str


@dataclass(frozen=True, slots=True)
class FriendlyLabels:
    """The names by class index, the classes never shown, and the wall's twelve in their order."""

    names: tuple[str, ...]
    blocked: frozenset[int]
    targets: tuple[Target, ...]


class _LabelSheet(msgspec.Struct, forbid_unknown_fields=True):
    """The label file as it is written."""

    targets: list[Target]
    names: dict[int, str]
    blocked: dict[str, list[int]]


def load_friendly_labels() -> FriendlyLabels:
    """Return the labels this package ships."""
    sheet = files("kiosk").joinpath("assets", "labels", "imagenet.toml")
    return parse_friendly_labels(sheet.read_text(encoding="utf-8"))


def parse_friendly_labels(text: str) -> FriendlyLabels:
    """Return the labels in the TOML text; BadArgumentError says everything that is wrong with it."""
    try:
        sheet = msgspec.toml.decode(text, type=_LabelSheet)
    except msgspec.MsgspecError as error:
        raise BadArgumentError(f"the label file cannot be read: {error}") from error
    blocked = tuple(chain.from_iterable(sheet.blocked.values()))
    chosen = tuple(target.index for target in sheet.targets)
    faults = [*_name_faults(sheet.names), *_class_faults("blocked", blocked)]
    faults += _class_faults("targets", chosen)
    faults += [f"class {index} is blocked and a target" for index in chosen if index in blocked]
    if faults:
        raise BadArgumentError(f"the label file is wrong: {'; '.join(faults)}")
    names = tuple(sheet.names[index] for index in range(CLASSES))
    return FriendlyLabels(names=names, blocked=frozenset(blocked), targets=tuple(sheet.targets))


def _name_faults(names: Mapping[int, str]) -> Iterator[str]:
    """Yield a sentence for each thing wrong with the names: every class has one, and no two classes share it."""
    if wrong := sorted(set(range(CLASSES)) ^ set(names)):
        yield f"the names are of classes 0 to {CLASSES - 1}, look at {wrong[:5]}"
    owners: dict[str, int] = {}
    for index, name in names.items():
        if not name or name != name.strip():
            yield f"class {index} has an empty or padded name"
        elif (owner := owners.setdefault(name.casefold(), index)) != index:
            yield f"classes {owner} and {index} are both {name!r}"


def _class_faults(part: str, indices: Sequence[int]) -> Iterator[str]:
    """Yield a sentence for each index in that part of the file which is no class, or stands there twice."""
    for index, times in Counter(indices).items():
        if not 0 <= index < CLASSES:
            yield f"{part}: there is no class {index}"
        if times > 1:
            yield f"{part}: class {index} stands there {times} times"


def labels_for(card: ModelCard) -> Labels:
    """Return what visitors read of a model's classes, less those that the staff who added it blocked.

    Labels that are not ImageNet's are read as they are on the card; the wall has the first of them, without drawings.
    """
    blocked = frozenset(card.blocked)
    return visitor_labels(blocked) if are_imagenet(card.labels) else Labels.plain(card.labels, blocked)


def are_imagenet(names: Sequence[str]) -> bool:
    """Return whether a model's labels are ImageNet's in torchvision's order, which have friendlier names."""
    return sha256("\n".join(names).encode()).hexdigest() == IMAGENET_SHA256


def visitor_labels(blocked: frozenset[int] = frozenset()) -> Labels:
    """Return what visitors read of ImageNet's classes, which every model that this package builds has."""
    shipped = load_friendly_labels()
    tiles = tuple(Tile(target.index, target.icon) for target in shipped.targets)
    sorted_out = load_label_groups()
    labels = Labels.of(shipped.names, shipped.blocked | blocked, tiles)
    drawn = labels.drawn(sorted_out.icons(CLASSES), sorted_out.groups, sorted_out.pictures)
    return replace(drawn, worn=sorted_out.worn)
