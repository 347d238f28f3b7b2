"""One scripted visit, told by the topics step by step, and the walk through it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kiosk.core.scene import ControlId
from kiosk.core.topic import Step, Topic
from kiosk.program.program import State, view


def visit_script(topics: Sequence[Topic]) -> tuple[Step, ...]:
    """Return the steps of a whole visit, in the order of the topics."""
    return tuple(step for topic in topics for step in topic.script if not step.aside)


@dataclass(frozen=True, slots=True)
class Move:
    """What the walk does next: presses a control, or ends a step with what is to be seen."""

    press: ControlId | None = None
    over: Step | None = None


class Walk:
    """Walks through a script, from state to state; its player presses and lets time go on."""

    def __init__(self, steps: Sequence[Step], lie: int | None) -> None:
        self._steps, self._lie = steps, lie
        self._at, self._pressed = 0, False

    @property
    def finished(self) -> bool:
        """Return whether the script is over."""
        return self._at >= len(self._steps)

    @property
    def step(self) -> Step:
        """Return the step under way."""
        return self._steps[self._at]

    def move(self, state: State) -> Move:
        """Return what to do in this state; nothing while the step is waited for."""
        step = self.step
        again = callable(step.press)
        if step.press is not None and (again or not self._pressed):
            if again and self._pressed and step.over(state.screen):
                return self._end()
            press = step.press(view(state), state.context, self._lie) if callable(step.press) else step.press
            if press is None or view(state).control_of(press) is None:
                return Move()
            self._pressed = True
            return Move(press=press)
        return self._end() if step.over(state.screen) else Move()

    def _end(self) -> Move:
        step = self.step
        self._at, self._pressed = self._at + 1, False
        return Move(over=step)


def samples(topics: Sequence[Topic]) -> Iterator[Step]:
    """Yield the steps that say how a screen looks, whether a visit goes there or not."""
    for topic in topics:
        yield from (step for step in topic.script if step.sample is not None)
