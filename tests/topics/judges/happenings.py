"""Random news of this topic, and visits where they begin."""

from collections.abc import Callable

from hypothesis import strategies as st

from kiosk.core.message import News
from kiosk.program.state import State
from kiosk.topics.judges.messages import JudgesAsked, Opinion
from tests.strategies import answers, jobs
from tests.topics.judges.scripted import at_judges

opinions = st.builds(Opinion, st.sampled_from(["mobilenet_v2", "gone"]), answers, answers, st.booleans())
EVENTS: list[st.SearchStrategy[News]] = [
    st.builds(JudgesAsked, jobs, st.lists(opinions, max_size=6).map(tuple))
]
FURTHER_ON: dict[str, Callable[[str], State]] = {"judges": lambda panel: at_judges(panel).state}
