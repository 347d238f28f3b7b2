"""Random news of this topic, and visits where they begin."""

from collections.abc import Callable

from hypothesis import strategies as st

from kiosk.core.message import News
from kiosk.paper.layout import Shown
from kiosk.program.state import State
from kiosk.topics.hold_up.facts import SheetLook
from kiosk.topics.hold_up.messages import LooksTallied, SheetsSeen
from tests.topics.hold_up.scripted import at_compared, at_held

looks = st.builds(
    SheetLook,
    st.sampled_from(Shown),
    st.integers(0, 3),
    st.integers(0, 999),
    st.booleans(),
    st.floats(0.01, 1),
    st.floats(0, 2),
)
EVENTS: list[st.SearchStrategy[News]] = [
    st.builds(SheetsSeen, st.lists(looks, max_size=4).map(tuple), st.none() | st.integers(0, 999)),
    st.builds(LooksTallied, st.integers(0, 99), st.integers(1, 99)),
]
FURTHER_ON: dict[str, Callable[[str], State]] = {
    "held": lambda panel: at_held(panel).state,
    "compared": lambda panel: at_compared(panel).state,
}
