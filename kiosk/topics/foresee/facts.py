"""Which answers there are to choose from."""

from collections.abc import Sequence
from random import Random

from kiosk.core.labels import Labels
from kiosk.core.visit import Answer

CHOICES = 4


def choices(said: Answer, plain: Answer, labels: Labels, seed: int) -> tuple[int, ...]:
    """Return what people may choose from: the answer, and others that can be told from it by their drawings.

    These are what is said of the picture as it was, what else the answer might have been, then things from the wall.
    The seed decides which, and in which order they stand.
    """
    dice = Random(seed)  # noqa: S311 - a game, nothing secret
    wall = [tile.label for tile in labels.tiles]
    dice.shuffle(wall)
    others = (plain.first.label, *(row.label for row in said.top[1:]), *wall)
    found = _apart([said.first.label, *others], labels)
    dice.shuffle(found)
    return tuple(found)


def _apart(candidates: Sequence[int], labels: Labels) -> list[int]:
    """Return the first few that may be read, no two of which have one name or one drawing."""
    found: list[int] = []
    seen: set[str] = set()
    for label in candidates:
        name, icon = labels.name(label), labels.icon(label)
        if name is not None and icon and not {name, icon} & seen and len(found) < CHOICES:
            found.append(label)
            seen |= {name, icon}
    return found
