"""What of a visitor's pictures a performer still holds on to, wherever that may be."""

import gc
import mmap
import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kiosk.exhibit.performer import Performer

OURS = ("kiosk.", "tests.")  # whose classes are looked into as well

Pixels = NDArray[Any]


class Kept(NamedTuple):
    """An array that is, or shows, one of a visitor's pictures; the types on the shortest way to it say who keeps it."""

    array: Pixels
    way: str


def kept_by(performer: Performer, marked: Sequence[Pixels]) -> list[Kept]:
    """Return every array in a performer (in its parts, in what they share, in its threads) that is a marked one.

    That is one that shares its memory or is equal to it, of whatever type its numbers are.
    """
    seen: dict[int, object] = {}
    ways = chain(_ways([(performer, "Performer")], seen), _ways(_variables_of_other_threads(), seen))
    found = [
        Kept(thing, way)
        for thing, way in ways
        if isinstance(thing, np.ndarray)
        and not _is_shared(thing)
        and any(_is_same(thing, picture) for picture in marked)
    ]
    return sorted(found, key=lambda kept: kept.way)


def reachable(*roots: object) -> Iterator[object]:
    """Yield all that some things hold on to, however deep."""
    return (thing for thing, _ in _ways([(root, type(root).__name__) for root in roots], {}))


OURS = (
    "film-",
    "posed",
)  # drawn from the stock: the cup in the film, and what people guess at, are one picture


def pictures_of(performer: Performer) -> list[Pixels]:
    """Return all that a performer has of its visitor: what scenes name but for the museum's own, and the stack."""
    pictures = performer.pictures
    marked: list[Pixels] = [picture for key, picture in pictures.items() if not key.startswith(OURS)]
    stack = pictures.stack
    return marked if stack is None else [*marked, stack.source, stack.original, *stack.iterates]


def _is_shared(array: Pixels) -> bool:
    """Whether it is the camera's memory as a whole, which is written over all the time (tests/process/camera)."""
    base: object = array.base
    return isinstance(base, memoryview) and isinstance(base.obj, mmap.mmap)


def _is_same(one: Pixels, marked: Pixels) -> bool:
    return np.may_share_memory(one, marked) or np.array_equal(one, marked)


def _ways(roots: Iterable[tuple[object, str]], seen: dict[int, object]) -> Iterator[tuple[object, str]]:
    """Yield all that can be reached and was not seen, with the types on the way; modules, and classes not ours, end it.

    `seen` holds the things themselves, so that no number is given out twice.
    """
    tables = {id(vars(module)) for module in [*sys.modules.values()] if isinstance(module, ModuleType)}
    waiting = deque(roots)
    while waiting:
        thing, way = waiting.popleft()
        if id(thing) in seen or id(thing) in tables or _ends(thing):
            continue
        seen[id(thing)] = thing
        yield thing, way
        following = gc.get_referents(thing)
        if isinstance(thing, np.ndarray):
            following.append(thing.base)
        waiting += [(one, f"{way} > {type(one).__name__}") for one in following]


def _ends(thing: object) -> bool:
    return isinstance(thing, ModuleType) or (
        isinstance(thing, type) and not thing.__module__.startswith(OURS)
    )


def _variables_of_other_threads() -> Iterator[tuple[object, str]]:
    """Yield what lies in the local variables of all threads but this one: the collector does not see them."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    for thread, frame in sys._current_frames().items():
        here = frame if thread != threading.get_ident() else None
        while here is not None:
            for name, value in [*here.f_locals.items()]:
                yield value, f"thread {names.get(thread, thread)} > {here.f_code.co_name} > {name}"
            here = here.f_back
