"""The map in numbers: where things lie on it, which way the picture goes, and which part of it a box shows."""

from dataclasses import dataclass

from kiosk.core.scene import Box

Place = tuple[float, float]

ZOOMED = 0.6  # of a turned map's box is as wide as the picture's way
LEAST = 1e-3  # of a unit: what does not move at all is not made larger without end


@dataclass(frozen=True, slots=True)
class Region:
    """All that is kept of one thing: its name, and where its pictures lie."""

    name: str
    places: tuple[Place, ...]

    @property
    def middle(self) -> Place:
        """Return the mean of its places."""
        count = len(self.places)
        return sum(x for x, _ in self.places) / count, sum(y for _, y in self.places) / count


@dataclass(frozen=True, slots=True)
class Chart:
    """A flat map: its regions, and where the picture lies at each step, and where it would with as much dice noise.

    `kept` is the share (0..1) of the distance from the start that is shown at each step, `spread` that of how all
    things kept differ (of their variance). A turned map has a `border`: there, from left to right, the lie becomes
    likelier than the first answer.
    """

    regions: tuple[Region, ...]
    path: tuple[Place, ...]
    thrown: tuple[Place, ...]
    kept: tuple[float, ...]
    spread: float
    border: float | None = None

    def over(self, place: Place) -> bool:
        """Return whether a place is on the lie's side."""
        return self.border is not None and place[0] > self.border


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a map that a box shows; a unit is `scale` pixels both ways, so that distances can be compared."""

    box: Box
    middle: Place
    scale: float

    def at(self, place: Place) -> tuple[int, int]:
        """Return where a place lies, in pixels; the second axis points up."""
        x, y = ((part - middle) * self.scale for part, middle in zip(place, self.middle, strict=True))
        return round(self.box.x + self.box.w / 2 + x), round(self.box.y + self.box.h / 2 - y)


def window_of(chart: Chart, box: Box) -> Window:
    """Return the part that is shown: all of a map; of a turned one the picture's way, with the border in the middle."""
    own = (*chart.path, *chart.thrown)
    seen = (
        own if chart.border is not None else (*own, *(p for region in chart.regions for p in region.places))
    )
    (left, right), (low, high) = ((min(parts), max(parts)) for parts in zip(*seen, strict=True))
    if chart.border is not None:
        reach = max(chart.border - left, right - chart.border)
        left, right = chart.border - reach, chart.border + reach
    scale = min(box.w / max(right - left, LEAST), box.h / max(high - low, LEAST))
    zoom = 1.0 if chart.border is None else ZOOMED
    return Window(box, ((left + right) / 2, (low + high) / 2), scale * zoom)
