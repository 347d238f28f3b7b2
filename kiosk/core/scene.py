"""The display list: what a screen shows, in pixels; the painter draws it and touches are found on it."""

from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle in whole pixels."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        """Return the first column after it."""
        return self.x + self.w

    @property
    def bottom(self) -> int:
        """Return the first row after it."""
        return self.y + self.h

    def contains(self, x: int, y: int) -> bool:
        """Return whether a point lies in it."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def inside(self, other: "Box") -> bool:
        """Return whether it lies wholly in the other."""
        return (
            self.x >= other.x
            and self.y >= other.y
            and self.right <= other.right
            and self.bottom <= other.bottom
        )

    def inset(self, dx: int, dy: int | None = None) -> "Box":
        """Return a box smaller by so much on every side."""
        dy = dx if dy is None else dy
        return Box(self.x + dx, self.y + dy, max(0, self.w - 2 * dx), max(0, self.h - 2 * dy))

    def top(self, height: int) -> "Box":
        """Return its upper part."""
        return Box(self.x, self.y, self.w, height)

    def under(self, height: int) -> "Box":
        """Return what is left below an upper part."""
        return Box(self.x, self.y + height, self.w, max(0, self.h - height))

    def foot(self, height: int) -> "Box":
        """Return its lower part."""
        return Box(self.x, self.bottom - height, self.w, height)

    def above(self, height: int) -> "Box":
        """Return what is left above a lower part."""
        return Box(self.x, self.y, self.w, max(0, self.h - height))

    def left(self, width: int) -> "Box":
        """Return its left part."""
        return Box(self.x, self.y, width, self.h)

    def after(self, width: int) -> "Box":
        """Return what is left to the right of a left part."""
        return Box(self.x + width, self.y, max(0, self.w - width), self.h)

    def square(self, side: int) -> "Box":
        """Return a square in its middle."""
        return Box(self.x + (self.w - side) // 2, self.y + (self.h - side) // 2, side, side)


class Colour(StrEnum):
    """The tokens; the painter knows their values.

    TRUTH is the machine's first answer, which may be wrong: only the visitor knows.
    """

    INK = "ink"
    PANEL = "panel"
    LINE = "line"
    TRACK = "track"
    TEXT = "text"
    MUTE = "mute"
    FAINT = "faint"
    TRUTH = "truth"
    LIE = "lie"
    GO = "go"
    WARN = "warn"


class Align(Enum):
    """Where words stand in their box, from side to side."""

    LEFT = auto()
    CENTRE = auto()
    RIGHT = auto()


class Weight(Enum):
    """How heavy the type is."""

    REGULAR = 400
    SEMIBOLD = 600
    EXTRABOLD = 800


class Look(Enum):
    """How a control is drawn; which one has the focus is the scene's to say."""

    BUTTON = auto()  # icon beside words
    TILE = auto()  # icon above words
    BARE = auto()  # no surface of its own: what lies under it is drawn by other items
    WHOLE = auto()  # the whole screen: never drawn


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a text in one colour."""

    text: str
    colour: Colour


@dataclass(frozen=True, slots=True)
class Plate:
    """A surface with rounded corners."""

    box: Box
    radius_px: int
    fill: Colour | None = Colour.PANEL
    outline: Colour | None = None
    outline_px: int = 2


@dataclass(frozen=True, slots=True)
class Words:
    """A text that fits its box: wrapped at spaces where it may, shrunk where it must, never clipped."""

    box: Box
    runs: tuple[Run, ...]
    size_px: int
    floor_px: int
    weight: Weight = Weight.REGULAR
    align: Align = Align.LEFT
    middle: bool = True
    lines: int = 1
    strike: float = 0.0

    @property
    def text(self) -> str:
        """Return what it says."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Picture:
    """A square picture, named; `covered` (0..1) of it is hidden under grey squares as it is forgotten.

    With a `part`, in the picture's own pixels, only that square is shown, so large that each of its pixels can be seen.
    """

    box: Box
    key: str
    radius_px: int
    mirrored: bool = False
    covered: float = 0.0
    outline: Colour | None = None
    behind: Colour = Colour.INK
    part: Box | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """A confidence (0..1) as a length."""

    box: Box
    share: float
    colour: Colour
    track: Colour | None = Colour.TRACK


@dataclass(frozen=True, slots=True)
class Icon:
    """A drawing by name."""

    box: Box
    name: str
    colour: Colour


@dataclass(frozen=True, slots=True)
class Ring:
    """A part (0..1) of a circle, from the top clockwise; of a round frame where it has a radius."""

    box: Box
    share: float
    colour: Colour
    width_px: int
    radius_px: int = 0


@dataclass(frozen=True, slots=True)
class Dot:
    """One step of the attack."""

    box: Box
    colour: Colour
    filled: bool = True


@dataclass(frozen=True, slots=True)
class Swatch:
    """A paint: a disc of its own colour, with a rim so that the darkest shows."""

    box: Box
    rgb: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Legend:
    """The scale of the maps: cividis from little to much, or from one answer's colour to the other's."""

    box: Box
    two_sided: bool = False


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of a plot: its heights (0..1) from left to right."""

    heights: tuple[float, ...]
    colour: Colour
    width_px: int

    @property
    def dot_px(self) -> int:
        """Return the radius of the dot at its newest height."""
        return self.width_px + self.width_px // 2 + 1


@dataclass(frozen=True, slots=True)
class Curves:
    """Lines that grow towards the right edge, where `length` heights end; drawn over a faint grid."""

    box: Box
    lines: tuple[Curve, ...]
    length: int

    @property
    def plot(self) -> Box:
        """Return where the heights lie: so far inside that the thickest line's dots are whole."""
        return self.box.inset(max((line.dot_px for line in self.lines), default=0))

    def points(self, line: Curve) -> tuple[tuple[int, int], ...]:
        """Return where a line's heights lie, in pixels."""
        plot, steps = self.plot, max(1, self.length - 1)
        return tuple(
            (
                plot.x + (plot.w - 1) * at // steps,
                plot.y + round((plot.h - 1) * (1.0 - min(1.0, max(0.0, height)))),
            )
            for at, height in enumerate(line.heights[: self.length])
        )


@dataclass(frozen=True, slots=True)
class Trail:
    """A line from one point to the next, in pixels; all of them lie in its box."""

    box: Box
    points: tuple[tuple[int, int], ...]
    colour: Colour
    width_px: int


class ControlId(NamedTuple):
    """Which control: its name, and the value that tells it from others of that name."""

    name: str
    value: object = None


@dataclass(frozen=True, slots=True)
class Control:
    """What can be pressed; `box` is where it is drawn, `reach` (none: the box) what a finger may hit.

    One that `holds` keeps the finger until it is lifted, and hears where it moves. One that is `off` is grey, and does
    nothing when it is pressed. Only one that `repeats` is pressed again by the second half of a double tap. Buttons
    find only one that is a `stop`: of several of one name one will do, and a press may make that another of them. Name
    and value say what a press means; together they are unique on a screen.
    """

    name: str
    box: Box
    look: Look = Look.BUTTON
    text: str = ""
    icon: str = ""
    size_px: int = 20
    floor_px: int = 12
    radius_px: int = 16
    outline: Colour | None = Colour.LINE
    tint: Colour = Colour.TEXT
    progress: float | None = None
    note: str = ""
    holds: bool = False
    off: bool = False
    repeats: bool = False
    stop: bool = True
    reach: Box | None = None
    value: object = None

    @property
    def id(self) -> ControlId:
        """Return which control it is."""
        return ControlId(self.name, self.value)

    @property
    def target(self) -> Box:
        """Return what a finger may hit."""
        return self.reach or self.box

    def place(self, x_px: int, y_px: int) -> tuple[float, float]:
        """Return where on it a point lies, each way 0..1."""
        x = (x_px - self.box.x) / max(1, self.box.w - 1)
        y = (y_px - self.box.y) / max(1, self.box.h - 1)
        return min(1.0, max(0.0, x)), min(1.0, max(0.0, y))


Item = Plate | Words | Picture | Bar | Icon | Ring | Dot | Swatch | Legend | Curves | Trail | Control


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything on the screen now.

    `primary` has the focus when a screen opens: the one next action. `arrows` says that the buttons up and down move
    the focus here. `focused` is what the shutter presses, `pressed` what was just pressed.
    """

    name: str
    width_px: int
    height_px: int
    items: tuple[Item, ...]
    primary: ControlId | None
    arrows: bool = True
    focused: ControlId | None = None
    pressed: ControlId | None = None

    @property
    def controls(self) -> tuple[Control, ...]:
        """Return what can be pressed, in the order the focus visits it."""
        return tuple(item for item in self.items if isinstance(item, Control))

    def control_of(self, wanted: ControlId) -> Control | None:
        """Return that control, if it is there."""
        return next((control for control in self.controls if control.id == wanted), None)

    def hit(self, x_px: int, y_px: int) -> Control | None:
        """Return the control under a finger; the one drawn last wins."""
        return next((c for c in reversed(self.controls) if c.target.contains(x_px, y_px)), None)

    def focused_or_primary(self, focused: ControlId | None) -> ControlId | None:
        """Return the control the shutter button presses: the stop of the name that the focus has, if there is one."""
        here = None if focused is None else self.control_of(focused)
        if here is None or here.stop:
            return self.primary if here is None else here.id
        return next((c.id for c in self.controls if c.stop and c.name == here.name), self.primary)

    def moved(self, focused: ControlId | None, by: int) -> ControlId | None:
        """Return what has the focus after it moved on (or back)."""
        here = self.focused_or_primary(focused)
        stops = (control for control in self.controls if control.look is not Look.WHOLE and control.stop)
        controls = [control.id for control in stops if control.id == here or not control.off]
        if not controls:
            return self.primary
        return controls[(controls.index(here) + by) % len(controls)] if here in controls else controls[0]


def plain(text: str, colour: Colour = Colour.TEXT) -> tuple[Run, ...]:
    """Return a text in one colour."""
    return (Run(text, colour),)


def accented(text: str, colour: Colour, accent: Colour) -> tuple[Run, ...]:
    """Return a text whose [bracketed] parts take the accent colour."""
    runs: list[Run] = []
    for number, part in enumerate(text.replace("]", "[").split("[")):
        if part:
            runs.append(Run(part, accent if number % 2 else colour))
    return tuple(runs)
