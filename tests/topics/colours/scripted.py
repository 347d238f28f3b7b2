"""Staff who measure the colours of their printer."""

from kiosk.core.message import Effect, Event
from kiosk.topics.colours.messages import (
    ChartGiven,
    ColoursTold,
    GiveChart,
    MeasureChart,
    ReadColours,
    UndoColours,
)
from tests.player import Player, Script
from tests.topics.staff.scripted import at_staff


class ColoursScript(Script):
    """What this topic's effects are answered with: each chart is measured a little better."""

    def __init__(self) -> None:
        self.residuals: list[float] = []
        self.fault = ""
        self.on_stick = False

    def answer(self, playing: Player, effect: Effect) -> tuple[Event, ...] | None:
        """The news that an effect leads to."""
        del playing
        match effect:
            case GiveChart():
                return (ChartGiven(self.on_stick, self.fault),)
            case MeasureChart() if not self.fault:
                self.residuals.append(4.2 - len(self.residuals))
            case UndoColours():
                self.residuals = self.residuals[:-1]
            case ReadColours() | MeasureChart():
                pass
            case _:
                return None
        return (ColoursTold(self.residuals[-1] if self.residuals else None, self.fault),)


SCRIPT = ColoursScript


def at_colours(panel: str = "1280x800") -> Player:
    """Staff who see what the camera sees; nothing was measured yet."""
    playing = at_staff(panel, "repair")
    playing.touch("colours")
    playing.wait(0.3)
    return playing


def at_measured(panel: str = "1280x800") -> Player:
    """Staff whose chart was measured."""
    playing = at_colours(panel)
    playing.touch("measure")
    playing.wait(0.3)
    return playing
