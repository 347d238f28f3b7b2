"""Visits that hold a sheet up."""

from kiosk.core.message import Effect, Event
from kiosk.paper.layout import Shown
from kiosk.topics.hold_up.facts import SheetLook, Stretch
from kiosk.topics.hold_up.messages import LooksTallied, SheetsSeen, TallyLooks
from kiosk.topics.printing.messages import Made, Paper, PaperChanged
from tests.player import CUP, ESPRESSO, FLAMINGO, Player, Script
from tests.topics.cards.scripted import at_card


class HoldUpScript(Script):
    """What this topic's effects are answered with: others looked before."""

    def __init__(self) -> None:
        self.lies, self.count = 30, 40

    def answer(self, playing: Player, effect: Effect) -> tuple[Event, ...] | None:
        """The news that an effect leads to."""
        del playing
        match effect:
            case TallyLooks(lies, count):
                self.lies, self.count = self.lies + lies, self.count + count
                return (LooksTallied(self.lies, self.count),)
            case _:
                return None


SCRIPT = HoldUpScript


def look(
    shown: Shown, label: int, *, sheet: int = 0, counts: bool = True, size: float = 0.5, tilt: float = 0.1
) -> SheetLook:
    """A look at one picture."""
    return SheetLook(shown, sheet, label, counts, size, tilt)


def pair(label: int, **held: float) -> SheetsSeen:
    """A frame in which both pictures are seen, the one that was made for paper as that label."""
    original = look(Shown.ORIGINAL, ESPRESSO, **held)  # type: ignore[arg-type]
    return SheetsSeen((original, look(Shown.PROOF, label, **held)))  # type: ignore[arg-type]


def at_hold_up(panel: str = "1280x800") -> Player:
    """A visit before whose camera nothing was held up yet; a sheet was made."""
    playing = at_card("hold-up", panel)
    playing.send(PaperChanged(Paper(made=(Made(0, ESPRESSO, FLAMINGO),))))
    playing.wait(0.3)
    return playing


def at_held(panel: str = "1280x800") -> Player:
    """A visit that holds its sheet up: seven looks fall for the lie, two do not."""
    playing = at_hold_up(panel)
    for label in (FLAMINGO, FLAMINGO, ESPRESSO, FLAMINGO, CUP, *(FLAMINGO,) * 4):
        playing.send(pair(label))
    return playing


def at_compare(panel: str = "1280x800") -> Player:
    """A visit that is about to compare a thing without a sticker and with one."""
    playing = at_hold_up(panel)
    playing.touch("compare")
    playing.wait(0.3)
    return playing


def stretch(playing: Player, which: Stretch, *labels: int) -> None:
    """Begin a stretch, and let so many looks be said to be that."""
    playing.touch(f"stretch-{which.value}")
    for label in labels:
        playing.send(SheetsSeen((), label))
    playing.wait(0.3)


def at_compared(panel: str = "1280x800", after: int = CUP) -> Player:
    """A visit whose sticker was added and taken off again; its hand was in the way twice."""
    playing = at_compare(panel)
    stretch(playing, Stretch.BEFORE, *(CUP,) * 14)
    stretch(playing, Stretch.WITH, CUP, ESPRESSO, *(FLAMINGO,) * 9)
    stretch(playing, Stretch.AFTER, *(after,) * 10)
    return playing
