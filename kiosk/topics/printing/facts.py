"""Which sheets there are, how they get out of the exhibit, and how far one is."""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What is on a sheet.

    The photo and the picture made for paper, the photo under as much noise by dice, or a sticker and a grey one.
    """

    PAIR = "pair"
    CONTROL = "control"
    STICKER = "sticker"


class Route(Enum):
    """How a sheet gets out: a printer, else a USB stick, else a phone takes it off the screen."""

    PRINTER = "printer"
    STICK = "stick"
    SCREEN = "screen"


class Stage(Enum):
    """How far the newest sheet is."""

    NONE = "none"
    MAKING = "making"
    WAITING = "waiting"
    PRINTING = "printing"
    EMPTY = "empty"
    JAM = "jam"
    PAUSED = "paused"
    AWAY = "away"
    DONE = "done"
    WRITTEN = "written"
    FAILED = "failed"

    @property
    def busy(self) -> bool:
        """Return whether the sheet is still on its way."""
        return self not in (Stage.NONE, Stage.DONE, Stage.WRITTEN, Stage.FAILED)


@dataclass(frozen=True, slots=True)
class SheetWords:
    """What is written on a sheet: the kiosk's name, and a title and a sentence for each picture."""

    name: str
    titles: tuple[str, ...]
    sentences: tuple[str, ...]
