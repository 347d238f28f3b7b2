"""Random news of this topic, and visits where they begin."""

from collections.abc import Callable

from hypothesis import strategies as st

from kiosk.core.message import News
from kiosk.program.state import State
from kiosk.topics.spot.messages import GuessCounted
from tests.topics.spot.scripted import at_spot

EVENTS: list[st.SearchStrategy[News]] = [st.builds(GuessCounted, st.integers(0, 50), st.integers(50, 99))]
FURTHER_ON: dict[str, Callable[[str], State]] = {"spot": lambda panel: at_spot(panel).state}
