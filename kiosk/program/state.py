"""Everything the exhibit knows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from kiosk.core.context import Context, Texts, Visitor
from kiosk.core.health import Health, Phase
from kiosk.core.labels import Labels
from kiosk.core.layout import Panel
from kiosk.core.lesson import Sign
from kiosk.core.message import Effect, ToAttract, ToModelAway, Way
from kiosk.core.screen import Screen, visit_of
from kiosk.core.topic import Entered, Topic
from kiosk.program.input import Input

Doors = Mapping[type[Way], Callable[[Any, Context], Entered]]


@dataclass(frozen=True, slots=True)
class State:
    """Everything the exhibit knows: the screen, what that may know, what hands do, and the doors for ways.

    `since_s` is when the screen came, `alone_since_s` since when the question stands whether the visitor is still
    there, `leaving` says that the one stands whether all shall be forgotten. `trail` are the screens that Back leads
    to, the next one last. `context.visitor` is what ends with `Forget`.
    """

    screen: Screen
    context: Context
    doors: Doors = field(repr=False)
    input: Input = field(default=Input())
    alone_since_s: float | None = None
    since_s: float = 0.0
    leaving: bool = False
    trail: tuple[Screen, ...] = ()

    @property
    def visitor(self) -> Visitor:
        """Return what the visitor has."""
        return self.context.visitor

    @property
    def forgotten(self) -> "State":
        """Return the state without anything that a visitor has."""
        hands = replace(self.input, uses_buttons=False)
        return replace(self, input=hands).with_context(visitor=Visitor())

    def with_trail(self, trail: tuple[Screen, ...]) -> "State":
        """Return the state with other screens to go back to."""
        returns = bool(trail) and visit_of(trail[-1]) is not None
        state = self if returns == self.context.returns else self.with_context(returns=returns)
        return replace(state, trail=trail)

    def with_context(self, **changes: Any) -> "State":
        """Return the state with some of its context changed."""
        return replace(self, context=replace(self.context, **changes))


Transition = tuple[State, tuple[Effect, ...]]


def initial(
    topics: Sequence[Topic],
    panel: Panel,
    texts: Texts,
    labels: Labels,
    *,
    model: Health | None = None,
    signs: tuple[Sign, ...] = (),
) -> State:
    """Return the state at start: attract at once, or the words for a model that is not there.

    Without `signs` nothing can be taught, and no visitor is asked to. Raises ValueError where two topics have a
    door for one way.
    """
    health = model or Health(Phase.READY)
    pages = sorted((page for topic in topics for page in topic.staff_pages), key=lambda page: page.place)
    context = Context(
        panel,
        texts,
        labels,
        signs,
        model=health,
        offers=tuple(offer for topic in topics for offer in topic.cards),
        pages=tuple(pages),
    )
    doors = doors_of(topics)
    first: Way = ToModelAway() if health.phase is Phase.LOST else ToAttract()
    screen = doors[type(first)](first, context).screen
    if not isinstance(screen, Screen):
        raise TypeError(f"{type(first).__name__} leads to no screen at the start")
    return State(screen, context, doors)


def doors_of(topics: Sequence[Topic]) -> Doors:
    """Return how each way is entered; raises ValueError where two topics have a door for one way."""
    doors: dict[type[Way], Callable[[Any, Context], Entered]] = {}
    for topic in topics:
        for door in topic.doors:
            if door.way in doors:
                raise ValueError(f"{topic.package}: {door.way.__name__} has a door already")
            doors[door.way] = door.enter
    return MappingProxyType(doors)
