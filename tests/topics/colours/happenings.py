"""Random news of this topic, and staff where they begin."""

from collections.abc import Callable

from hypothesis import strategies as st

from kiosk.core.message import News
from kiosk.program.state import State
from kiosk.topics.colours.messages import ChartGiven, ColoursTold
from tests.topics.colours.scripted import at_measured

EVENTS: list[st.SearchStrategy[News]] = [
    st.builds(ColoursTold, st.none() | st.floats(0, 14), st.sampled_from(("", "it failed"))),
    st.builds(ChartGiven, st.booleans(), st.sampled_from(("", "it failed"))),
]
FURTHER_ON: dict[str, Callable[[str], State]] = {"colours": lambda panel: at_measured(panel).state}
