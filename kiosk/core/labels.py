"""What visitors read of a model: its name, and the names of its labels."""

from collections.abc import Collection
from dataclasses import dataclass, replace

WALL = 12  # tiles of unmistakable targets
LEAST_AGREEMENT = 0.9  # our own models reach 0.92 and more on unseen photographs
TAUGHT = "(taught)"  # the name of the model that the visitor taught; no built one can have it


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the unmistakable targets: its class and the name of its drawing."""

    label: int
    icon: str


@dataclass(frozen=True, slots=True)
class LabelGroup:
    """Classes that are looked for in one place: its name, its drawing, its classes."""

    name: str
    icon: str
    labels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Labels:
    """What visitors may read of the classes: friendly names by index, blocked classes, the wall.

    `icons` are the drawings beside the names, by index. Where there are any, `groups` hold all classes, and `pictured`
    are those whose drawing shows the thing itself. `worn` is what a machine that knows no people calls a person.
    """

    names: tuple[str, ...]
    blocked: frozenset[int]
    tiles: tuple[Tile, ...]
    order: tuple[int, ...]
    icons: tuple[str, ...] = ()
    groups: tuple[LabelGroup, ...] = ()
    pictured: tuple[int, ...] = ()
    worn: frozenset[int] = frozenset()

    @classmethod
    def of(cls, names: tuple[str, ...], blocked: frozenset[int], tiles: tuple[Tile, ...]) -> "Labels":
        """Return the labels with the allowed ones in alphabetical order."""
        allowed = (index for index in range(len(names)) if index not in blocked)
        order = tuple(sorted(allowed, key=lambda index: (names[index].casefold(), index)))
        return cls(names, blocked, tuple(tile for tile in tiles if tile.label not in blocked), order)

    def drawn(
        self, icons: tuple[str, ...], groups: tuple[LabelGroup, ...], pictured: Collection[int]
    ) -> "Labels":
        """Return the labels with drawings and groups; what is blocked is in none, the others are in their order."""
        of_tiles = {tile.label: tile.icon for tile in self.tiles}
        places = {label: place for place, group in enumerate(groups) for label in group.labels}
        kept: list[list[int]] = [[] for _ in groups]
        for label in self.order:
            kept[places[label]].append(label)
        return replace(
            self,
            icons=tuple(of_tiles.get(label, icon) for label, icon in enumerate(icons)),
            groups=tuple(
                replace(group, labels=tuple(labels))
                for group, labels in zip(groups, kept, strict=True)
                if labels
            ),
            pictured=tuple(label for label in self.order if label in pictured or label in of_tiles),
        )

    def icon(self, label: int) -> str:
        """Return the name of the drawing beside a name, nothing where there is none."""
        return self.icons[label] if 0 <= label < len(self.icons) else ""

    @classmethod
    def plain(cls, names: tuple[str, ...], blocked: frozenset[int]) -> "Labels":
        """Return the labels as they are; the first of them make the wall, without drawings."""
        labels = cls.of(names, blocked, ())
        return replace(labels, tiles=tuple(Tile(index, "") for index in labels.order[:WALL]))

    def name(self, label: int) -> str | None:
        """Return the friendly name, or None where visitors must not read it."""
        if label in self.blocked or not 0 <= label < len(self.names):
            return None
        return self.names[label]


def disagrees(agreement: float | None) -> bool:
    """Return whether an int8 model answers so often otherwise than its float twin that staff should know."""
    return agreement is not None and agreement < LEAST_AGREEMENT


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """One of the models that can judge: a built one, or the one the visitor taught.

    `agreement` is the share of pictures to which its int8 file says what its float twin says; None: not known.
    """

    name: str
    title: str
    labels: Labels
    taught: bool = False
    agreement: float | None = None

    @property
    def disagrees(self) -> float | None:
        """Return its agreement with its float twin, where that is so low that staff should know."""
        return self.agreement if disagrees(self.agreement) else None
