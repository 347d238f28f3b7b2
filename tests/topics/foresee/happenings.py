"""Random news of this topic, and visits where they begin."""

from collections.abc import Callable

from hypothesis import strategies as st

from kiosk.core.message import News
from kiosk.program.state import State
from kiosk.topics.foresee.messages import ForesightCounted, PicturePosed
from tests.strategies import answers, jobs
from tests.topics.foresee.scripted import at_foresee

EVENTS: list[st.SearchStrategy[News]] = [
    st.builds(PicturePosed, jobs, answers, answers),
    st.builds(ForesightCounted, st.integers(0, 50), st.integers(50, 99)),
]
FURTHER_ON: dict[str, Callable[[str], State]] = {"foresee": lambda panel: at_foresee(panel).state}
