"""The colour chart: given out, measured, taken back."""

from dataclasses import dataclass

from kiosk.core.message import Effect, News, Way


@dataclass(frozen=True, slots=True)
class ToColours(Way):
    """Measure the colours of the printer and the camera."""


@dataclass(frozen=True, slots=True)
class ChartWords:
    """What is written on the chart's page: the kiosk's name, a title, a sentence."""

    name: str
    title: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ReadColours(Effect):
    """Say `ColoursTold`."""


@dataclass(frozen=True, slots=True)
class GiveChart(Effect):
    """Print the chart, or write it to a stick where there is no printer; say `ChartGiven`."""

    words: ChartWords


@dataclass(frozen=True, slots=True)
class MeasureChart(Effect):
    """Measure the chart that the camera sees, keep its map, say `ColoursTold`."""


@dataclass(frozen=True, slots=True)
class UndoColours(Effect):
    """Put the map before in force again, or none; say `ColoursTold`."""


@dataclass(frozen=True, slots=True)
class ColoursTold(News):
    """How far the map in force is off, in 1/255 (None: there is none); `fault` is why nothing was changed."""

    residual_255: float | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class ChartGiven(News):
    """The chart is in the printer's queue, or (`on_stick`) on a stick; `fault` is why it is nowhere."""

    on_stick: bool = False
    fault: str = ""
