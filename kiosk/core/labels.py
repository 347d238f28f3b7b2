"""What visitors read of a model: its name, and the names of its labels."""

from dataclasses import dataclass, replace

WALL = 12  # tiles of unmistakable targets
TAUGHT = "(taught)"  # the name of the model that the visitor taught; no built one can have it


@dataclass(frozen=True, slots=True)
class Tile:
    """One of the unmistakable targets: its class and the name of its drawing."""

    label: int
    icon: str


@dataclass(frozen=True, slots=True)
class Labels:
    """What visitors may read of the classes: friendly names by index, blocked classes, the wall."""

    names: tuple[str, ...]
    blocked: frozenset[int]
    tiles: tuple[Tile, ...]
    order: tuple[int, ...]

    @classmethod
    def of(cls, names: tuple[str, ...], blocked: frozenset[int], tiles: tuple[Tile, ...]) -> "Labels":
        """Return the labels with the allowed ones in alphabetical order."""
        allowed = (index for index in range(len(names)) if index not in blocked)
        order = tuple(sorted(allowed, key=lambda index: (names[index].casefold(), index)))
        return cls(names, blocked, tuple(tile for tile in tiles if tile.label not in blocked), order)

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


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """One of the models that can judge: a built one, or the one the visitor taught."""

    name: str
    title: str
    labels: Labels
    taught: bool = False
