"""Random news of this topic, and visits where they begin."""

from collections.abc import Callable

from hypothesis import strategies as st

from kiosk.core.message import News
from kiosk.program.state import State
from kiosk.topics.inside.messages import InsideTold, StageTold
from tests.strategies import jobs
from tests.topics.inside.scripted import at_inside

changes = st.floats(0, 4)
stages = st.builds(
    StageTold, st.just(7), st.just(9), changes, changes, st.lists(changes, max_size=3).map(tuple)
)
EVENTS: list[st.SearchStrategy[News]] = [st.builds(InsideTold, jobs, st.lists(stages, max_size=7).map(tuple))]
FURTHER_ON: dict[str, Callable[[str], State]] = {"inside": lambda panel: at_inside(panel).state}
