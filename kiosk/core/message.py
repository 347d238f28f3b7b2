"""What program, screens and performer say to each other: events, effects and ways.

`Effect`, `News` and `Way` are open: a topic derives its own. The house's own events are a closed union.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from kiosk.core.health import Health

if TYPE_CHECKING:
    from kiosk.core.context import Context


class Button(Enum):
    """The three physical buttons."""

    SHUTTER = auto()
    MORE = auto()
    LESS = auto()


# ---- ways: where a screen leads


@dataclass(frozen=True, slots=True)
class Way:
    """Leads to another screen, through the door of the topic that has it."""

    @property
    def fresh(self) -> bool:
        """Return whether a visit goes on without its picture there, so that this is forgotten on the way."""
        return False

    @property
    def anew(self) -> bool:
        """Return whether it takes the place of what earlier screens showed: Back leads to none but the last of them."""
        return False


@dataclass(frozen=True, slots=True)
class ToAttract(Way):
    """Wait for a visitor."""


@dataclass(frozen=True, slots=True)
class ToClosed(Way):
    """Show that the exhibit is closed: for repair, or after hours."""


@dataclass(frozen=True, slots=True)
class ToModelAway(Way):
    """Show that no model can judge (yet); `awaited` by a visitor who touched the screen."""

    awaited: bool = False


@dataclass(frozen=True, slots=True)
class ToCameraAway(Way):
    """Go on with a visit that needs a camera, though there is none."""


@dataclass(frozen=True, slots=True)
class ToEnd(Way):
    """End the visit: forget, visibly, then attract."""


@dataclass(frozen=True, slots=True)
class ToBack(Way):
    """Go back to the screen from which this one was opened, as it was; `otherwise` where there is none any more."""

    otherwise: Way


@dataclass(frozen=True, slots=True)
class ToForgotten(Way):
    """Show how the picture of that name dissolves; `taught` where what was taught goes with it."""

    picture: str
    taught: bool


@dataclass(frozen=True, slots=True)
class ToStaffEntrance(Way):
    """Ask for the staff's PIN, or for a new one where there is none."""


# ---- effects: what is to be done


@dataclass(frozen=True, slots=True)
class Effect:
    """Something to be done, in the imperative; exactly one part performs each kind."""


@dataclass(frozen=True, slots=True)
class Asking(Effect):
    """An effect whose answer is a `Reply` with the number of its job, or `JobLost`."""

    job: int


@dataclass(frozen=True, slots=True)
class DropJob(Effect):
    """Wait for a job no longer: its result must not reach the stack or the pictures."""

    job: int


@dataclass(frozen=True, slots=True)
class ForgetPicture(Effect):
    """Wipe the picture with its iterates, maps and answers, as `Forget` does; what was taught stays."""


@dataclass(frozen=True, slots=True)
class Forget(Effect):
    """Wipe everything of the visitor, here and in the gradient process; the exhibit's own model judges again."""


# The counters of how a visit ended: what was counted of it is kept then.
ENDINGS = ("ended_by_idle", "ended_by_visitor", "ended_by_staff", "ended_by_fault")


@dataclass(frozen=True, slots=True)
class Count(Effect):
    """Add one to each of these counters: names of things that happened, never anything of a picture.

    `seconds` is added to the counters of how long screens were seen, by the screens' names.
    """

    names: tuple[str, ...]
    seconds: tuple[tuple[str, int], ...] = ()


# ---- events: what happened


@dataclass(frozen=True, slots=True)
class Tick:
    """Time went on; the first event of every frame (monotonic seconds, from any start)."""

    now_s: float


# What hands do says when it happened, on the clock of the ticks: several of them may be told in one frame. Without a
# time it is that of the last event.


@dataclass(frozen=True, slots=True)
class Touched:
    """A finger came down; the mouse is finger -1."""

    x_px: int
    y_px: int
    finger: int = -1
    at_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Moved:
    """A finger that is down moved."""

    x_px: int
    y_px: int
    finger: int = -1
    at_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Lifted:
    """A finger came up."""

    finger: int = -1
    at_s: float = 0.0


@dataclass(frozen=True, slots=True)
class ButtonDown:
    """A physical button went down."""

    button: Button
    at_s: float = 0.0


@dataclass(frozen=True, slots=True)
class ButtonUp:
    """A physical button came up."""

    button: Button
    at_s: float = 0.0


@dataclass(frozen=True, slots=True)
class PanelResized:
    """The screen, or the window, has another size now: another mode, another screen, or it was turned."""

    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class CameraFound:
    """The camera gives frames (again); with a `fault` our own pictures are shown in its place, and that is why."""

    fault: str = ""


@dataclass(frozen=True, slots=True)
class CameraLost:
    """There is no camera, or it gives no frames."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class GradientsChanged:
    """The gradient process warms, is ready, or was lost."""

    health: Health


@dataclass(frozen=True, slots=True)
class ModelChanged:
    """The classifier is being made ready, is ready, or is missing (LOST)."""

    health: Health


@dataclass(frozen=True, slots=True)
class News:
    """What a part tells, in the past tense; the present screen hears it."""

    def known(self, context: "Context") -> "Context":
        """Return the context once this is known; most news are about the present screen alone."""
        return context

    @property
    def leads(self) -> Way | None:
        """Return where this leads while the exhibit rests, if anywhere."""
        return None


@dataclass(frozen=True, slots=True)
class Reply(News):
    """News of a job that an `Asking` effect began."""

    job: int


@dataclass(frozen=True, slots=True)
class JobAdvanced(Reply):
    """The job is so far (0..1); more follows."""

    share: float


@dataclass(frozen=True, slots=True)
class JobLost(Reply):
    """The job failed."""

    reason: str = ""


HandEvent = Touched | Moved | Lifted | ButtonDown | ButtonUp
HouseEvent = Tick | HandEvent | PanelResized | CameraFound | CameraLost | GradientsChanged | ModelChanged
Event = HouseEvent | News
