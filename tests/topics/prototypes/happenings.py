"""Random news of this topic, and visits where they begin."""

from collections.abc import Callable

from hypothesis import strategies as st

from kiosk.core.message import News
from kiosk.program.state import State
from kiosk.topics.prototypes.facts import Cell, Likeness, Reasoned
from kiosk.topics.prototypes.messages import ReasonsFooled, ReasonsGiven
from tests.strategies import jobs, shares
from tests.topics.prototypes.scripted import at_fooled_reasons, at_prototypes

cells = st.builds(Cell, st.integers(0, 6), st.integers(0, 6), st.just(7), st.just(7))
points = st.floats(0, 50)
parts = st.lists(
    st.builds(Likeness, cells, st.just("prototype-1"), cells, st.floats(-1, 1), points), max_size=3
).map(tuple)
reasons = st.builds(Reasoned, st.integers(0, 2), st.integers(0, 2), shares, points, parts, points)
maybe = st.none() | shares
EVENTS: list[st.SearchStrategy[News]] = [
    st.builds(ReasonsGiven, jobs, reasons, reasons, maybe, maybe),
    st.builds(ReasonsFooled, jobs, reasons, st.integers(1, 24)),
]
FURTHER_ON: dict[str, Callable[[str], State]] = {
    "prototypes": lambda panel: at_prototypes(panel).state,
    "prototypes-fooled": lambda panel: at_fooled_reasons(panel).state,
}
