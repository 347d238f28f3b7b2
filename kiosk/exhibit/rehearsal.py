"""The scenes a visit will show, so that the painter can draw their parts before any visitor waits for them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kiosk.core.health import Health, Phase
from kiosk.core.lesson import Lesson
from kiosk.core.scene import Scene
from kiosk.core.topic import Topic
from kiosk.exhibit.script import samples
from kiosk.program.program import State, view


def rehearsed(state: State, topics: Sequence[Topic]) -> Iterator[Scene]:
    """Yield the scenes of the scripted visit as this state's panel would show them; nothing is remembered.

    Where there are signs, a lesson has begun.
    """
    context = state.context
    if len(context.labels.order) < 2:
        return
    visitor = replace(context.visitor, lesson=Lesson().with_label(0)) if context.signs else context.visitor
    ready = state.with_context(gradients=Health(Phase.READY), visitor=visitor)
    for step in samples(topics):
        screen = step.sample(ready.context) if step.sample is not None else None
        if screen is not None:
            yield view(replace(ready, screen=screen))
