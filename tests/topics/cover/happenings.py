"""Random news of this topic, and visits where they begin."""

from collections.abc import Callable

from hypothesis import strategies as st

from kiosk.core.message import News
from kiosk.program.state import State
from kiosk.topics.cover.facts import ACROSS
from kiosk.topics.cover.messages import CoversSwept, TileCovered
from tests.strategies import answers, jobs
from tests.topics.cover.scripted import at_cover

losses = st.lists(st.floats(-3, 9), min_size=ACROSS**2, max_size=ACROSS**2).map(tuple)
EVENTS: list[st.SearchStrategy[News]] = [
    st.builds(TileCovered, jobs, st.integers(0, ACROSS**2 - 1), answers),
    st.builds(CoversSwept, jobs, losses),
]
FURTHER_ON: dict[str, Callable[[str], State]] = {"cover": lambda panel: at_cover(panel).state}
