"""Random events of this topic, and where they begin."""

from collections.abc import Callable

from hypothesis import strategies as st

from kiosk.core.message import News
from kiosk.program.state import State
from kiosk.topics.teaching.messages import Epoch, EpochTrained, ExampleRecorded, HeadTrained
from tests.strategies import jobs, shares
from tests.topics.teaching.scripted import at_confusion, at_teach

epochs = st.builds(
    Epoch,
    st.integers(1, 40),
    st.just(40),
    st.floats(0, 9),
    shares,
    st.none() | st.floats(0, 9),
    st.none() | shares,
)
EVENTS: list[st.SearchStrategy[News]] = [
    st.builds(ExampleRecorded, jobs),
    st.builds(EpochTrained, jobs, epochs),
    st.builds(HeadTrained, jobs, st.lists(st.integers(-1, 1), max_size=60).map(tuple)),
]
STARTS: dict[str, Callable[[str], State]] = {
    "teaching": lambda panel: at_teach(panel).state,
    "a test": lambda panel: at_confusion(panel).state,
}
