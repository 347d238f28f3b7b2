"""What a topic is to the rest of the exhibit: doors that ways lead through, cards, staff pages, words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from kiosk.core.context import Context, Offer, StaffPage, Visitor
from kiosk.core.message import Effect, Way
from kiosk.core.scene import ControlId, Scene
from kiosk.core.screen import Screen

W = TypeVar("W", bound=Way)


@dataclass(frozen=True, slots=True)
class Entered:
    """The screen that a way leads to (or the way that leads on from there), and what has to start with it.

    `visitor` is what the visitor has from now on, where the way changes that; `jobs` is how many job numbers are taken.
    """

    screen: Screen | Way
    effects: tuple[Effect, ...] = ()
    visitor: Visitor | None = None
    next_job: int = 0


@dataclass(frozen=True, slots=True)
class Door:
    """A way, and the function that opens the screen it leads to; made by `door`, which checks that they fit."""

    way: type[Way]
    enter: Callable[[Any, Context], Entered]


def door(way: type[W], enter: Callable[[W, Context], Entered]) -> Door:
    """Return the door of a way. A function, since a generic class would hide a wrong pair from the type checker."""
    return Door(way, enter)


# Finds the control to press on a scene, for a lie (None: anything else); None where there is nothing to press.
ControlFinder = Callable[[Scene, Context, int | None], ControlId | None]


def at_once(_screen: Screen) -> bool:
    """Return that there is nothing to wait for."""
    return True


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the scripted visit that demo, bench, rehearsal and tests share.

    `press` is pressed, once it is there; what has to be found is pressed again until the step is `over`. `shot` names
    what is to be seen then, and `sample` is the screen as it looks then, made without any of it having happened: that
    is rehearsed (None: it is not on offer here). A step `aside` lies on no visit's way: it is only rehearsed.
    """

    shot: str
    press: ControlId | ControlFinder | None = None
    over: Callable[[Screen], bool] = at_once
    sample: Callable[[Context], Screen | None] | None = None
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """A feature: its package (where its `en.toml` lies), and what it brings to the exhibit."""

    package: str
    doors: tuple[Door, ...] = ()
    cards: tuple[Offer, ...] = ()
    staff_pages: tuple[StaffPage, ...] = ()
    script: tuple[Step, ...] = ()
