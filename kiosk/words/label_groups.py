"""The groups of ImageNet's classes that a child looks in, and the picture beside each name."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

import msgspec

from kiosk.core.labels import LabelGroup
from kiosk.errors import BadArgumentError


@dataclass(frozen=True, slots=True)
class LabelGroups:
    """The groups in their order, the classes that have a picture of their own, and what is said of people."""

    groups: tuple[LabelGroup, ...]
    pictures: dict[int, str]
    worn: frozenset[int]

    def icons(self, count: int) -> tuple[str, ...]:
        """Return the picture beside each of so many names: its own, else that of its group."""
        shared = {label: group.icon for group in self.groups for label in group.labels}
        return tuple(self.pictures.get(label, shared.get(label, "")) for label in range(count))


class _Group(msgspec.Struct, forbid_unknown_fields=True):
    """A group as it is written; `of` are classes ("815") and spans of them ("269-280")."""

    name: str
    icon: str
    of: list[str]


class _Sheet(msgspec.Struct, forbid_unknown_fields=True):
    """The file as it is written."""

    worn: list[str]
    groups: list[_Group]
    icons: dict[str, list[int]]


def load_label_groups() -> LabelGroups:
    """Return the groups this package ships."""
    text = files("kiosk").joinpath("assets", "labels", "groups.toml").read_text(encoding="utf-8")
    return parse_label_groups(text)


def parse_label_groups(text: str) -> LabelGroups:
    """Return the groups in the TOML text; raises BadArgumentError."""
    try:
        sheet = msgspec.toml.decode(text, type=_Sheet)
        groups = tuple(
            LabelGroup(group.name, group.icon, tuple(_classes(group.of))) for group in sheet.groups
        )
        worn = frozenset(_classes(sheet.worn))
    except (msgspec.MsgspecError, ValueError) as error:
        raise BadArgumentError(f"the file of label groups cannot be read: {error}") from error
    pictures = {label: icon for icon, labels in sheet.icons.items() for label in labels}
    return LabelGroups(groups, pictures, worn)


def _classes(spans: list[str]) -> Iterator[int]:
    """Yield the classes of some spans; raises ValueError."""
    for span in spans:
        first, _, last = span.partition("-")
        yield from range(int(first), int(last or first) + 1)
