"""The scenes a visit will show, so that the painter can draw their parts before anybody waits for them."""

from collections.abc import Iterator
from dataclasses import replace

from kiosk.core.events import MapsDrawn
from kiosk.core.lesson import Lesson
from kiosk.core.model import Answer, Health, Judged, Phase, Ranked, Verdict, Visit
from kiosk.core.scene import Scene
from kiosk.dispatch import Screen
from kiosk.program import State, view
from kiosk.screens.attack import Attack
from kiosk.screens.attract import Attract
from kiosk.screens.cards import Cards
from kiosk.screens.choose import Choose
from kiosk.screens.dice import Dice
from kiosk.screens.explain import Explain
from kiosk.screens.live import Live
from kiosk.screens.signs import Signs
from kiosk.screens.sketchpad import Sketchpad
from kiosk.screens.teach import Teach


def rehearsed(state: State) -> Iterator[Scene]:
    """One scene after another, as a visit to this state's panel would show them; nothing is remembered."""
    if len(state.labels.order) < 2:
        return
    label, lie = state.labels.order[0], state.labels.order[1]
    answer = Answer((Ranked(label, 0.9), Ranked(lie, 0.1)))
    clean = Judged(0, answer, 0.1, Verdict.NOT_YET, 0, 0.0)
    near = replace(clean, step=1, verdict=Verdict.NEARLY, linf_255=1, mean_255=0.6)
    done = Judged(2, Answer((Ranked(lie, 0.9), Ranked(label, 0.1))), 0.9, Verdict.FOOLED, 2, 1.2)
    visit = Visit(answer, lie, (clean, near, done), 0)
    letters = ((0, len(state.labels.order)),)
    screens: tuple[Screen, ...] = (
        Attract(state.now_s),
        Live(state.now_s, answer),
        Live(state.now_s, answer, counting_since_s=state.now_s),
        Choose(Visit(answer)),
        Choose(Visit(answer), letters),
        Attack(visit),
        Attack(replace(visit, shown=1), running=True),
        Attack(replace(visit, shown=2)),
        Explain(replace(visit, shown=2), lie, drawn=MapsDrawn(0, lie)),
        Cards(visit),
        Dice(replace(visit, shown=2), rolled=near, rolls=1),
        Sketchpad(replace(visit, shown=2)),
    )
    if state.signs:
        lesson = Lesson().with_label(0)
        screens = (*screens, Signs(lesson), Teach(lesson))
    for screen in screens:
        yield view(replace(state, screen=screen, gradients=Health(Phase.READY)))
