"""What every screen is: frozen data with `update` and `view`, what it hears, and what it may answer."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from kiosk.core.context import Context, IdleTimes, Visitor
from kiosk.core.message import (
    ButtonDown,
    ButtonUp,
    DropJob,
    Effect,
    GradientsChanged,
    ModelChanged,
    News,
    Tick,
    Way,
)
from kiosk.core.scene import Scene
from kiosk.core.visit import Visit

NEVER_S = float("inf")
STAFF_QUIET_S = 120.0


@dataclass(frozen=True, slots=True)
class Pressed:
    """A control of the present screen was pressed, by touch or by button (made by the program).

    `x` and `y` say where on it, 0..1; a button presses its middle (`by_button`). `held` says that a finger keeps it,
    so that `Released` follows.
    """

    name: str
    value: object = None
    x: float = 0.5
    y: float = 0.5
    held: bool = False
    by_button: bool = False


@dataclass(frozen=True, slots=True)
class Dragged:
    """The finger that holds a control moved, to there on it (0..1)."""

    name: str
    value: object
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Released:
    """The finger that held a control let go of it."""

    name: str
    value: object = None


ScreenEvent = (
    Tick | Pressed | Dragged | Released | ButtonDown | ButtonUp | GradientsChanged | ModelChanged | News
)


class Outcome(NamedTuple):
    """What a screen makes of an event: how it goes on or where it leads, and what is to be done.

    `visitor` is what the visitor has from now on, where that changed.
    """

    after: "Screen | Way"
    effects: tuple[Effect, ...] = ()
    visitor: Visitor | None = None

    def also(self, *effects: Effect) -> "Outcome":
        """Return the outcome with more to be done, after all else."""
        return self._replace(effects=(*self.effects, *effects))


def visit_of(screen: "Screen") -> Visit | None:
    """Return what the attack came to as that screen has it, where there is one."""
    visit = getattr(screen, "visit", None)
    return visit if isinstance(visit, Visit) and visit.steps else None


def under_way(*jobs: int | None) -> tuple[int, ...]:
    """Return the jobs that are under way: a screen's `held`, from its fields that may hold one."""
    return tuple(job for job in jobs if job is not None)


class Screen(ABC):
    """What the exhibit shows now, as frozen data; a topic derives one of the three kinds below.

    `needs_camera`: it is of no use without a camera. `secret`: what hands do on it must be written nowhere: a PIN is
    typed there. `passing`: once it led on, Back passes it by.
    """

    __slots__ = ()
    needs_camera: ClassVar[bool] = False
    secret: ClassVar[bool] = False
    passing: ClassVar[bool] = False

    @abstractmethod
    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how the screen goes on after an event, or where it leads."""

    @abstractmethod
    def view(self, context: Context) -> Scene:
        """Return what is shown."""

    @property
    def picture(self) -> str:
        """Return the name of the visitor's picture on it, or nothing."""
        return ""

    @property
    def held(self) -> tuple[int, ...]:
        """Return the jobs whose answers it waits for."""
        return ()

    @property
    def awaits(self) -> bool:
        """Return whether it waits for something that takes as long as it takes: the answers to its jobs, for most."""
        return bool(self.held)

    @property
    def hears_buttons(self) -> bool:
        """Return whether it is told of the buttons themselves, which move no focus then."""
        return False

    def stopped(self) -> tuple[Effect, ...]:
        """Return what has to stop when it is left other than by its own way on."""
        return tuple(DropJob(job) for job in self.held)

    def resumed(self, left: "Screen", context: Context) -> Outcome:
        """Return how it goes on when Back leads to it from the screen that is `left`.

        It is as it was; but nothing that it had begun is under way any more.
        """
        del left, context
        return Outcome(self)

    def quiet_s(self, idle: IdleTimes) -> float:
        """Return how long it may stay untouched."""
        del idle
        return NEVER_S


class RestingScreen(Screen):
    """A screen that waits for a visitor, or for what a visit needs; nothing of any visitor is here."""

    __slots__ = ()


class VisitScreen(Screen):
    """A screen of a visit; left untouched, the program asks "still there?" and then ends the visit."""

    __slots__ = ()

    def quiet_s(self, idle: IdleTimes) -> float:
        """Return how long it may stay untouched before that question."""
        return idle.quiet_s


class TeachingScreen(VisitScreen):
    """A screen of a lesson, at which things are fetched and turned around; the question comes later."""

    __slots__ = ()

    def quiet_s(self, idle: IdleTimes) -> float:
        """Return how long it may stay untouched before that question."""
        return idle.teaching_quiet_s


class StaffScreen(Screen):
    """A screen for staff; left untouched, it goes."""

    __slots__ = ()

    def quiet_s(self, idle: IdleTimes) -> float:
        """Return how long it may stay untouched before it goes."""
        del idle
        return STAFF_QUIET_S
