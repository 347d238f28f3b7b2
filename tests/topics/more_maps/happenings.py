"""Random news of this topic, and visits where they begin."""

from collections.abc import Callable

from hypothesis import strategies as st

from kiosk.core.message import News
from kiosk.program.state import State
from kiosk.topics.more_maps.facts import Check, Method
from kiosk.topics.more_maps.messages import CheckedDrawn
from tests.strategies import jobs
from tests.topics.more_maps.scripted import at_more_maps

EVENTS: list[st.SearchStrategy[News]] = [st.builds(CheckedDrawn, jobs, st.sampled_from(Check))]
FURTHER_ON: dict[str, Callable[[str], State]] = {
    "more-maps": lambda panel: at_more_maps(panel, Method.OCCLUSION).state
}
