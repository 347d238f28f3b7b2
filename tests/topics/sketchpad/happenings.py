"""Random events of this topic, and where they begin."""

from collections.abc import Callable

from hypothesis import strategies as st

from kiosk.core.message import News
from kiosk.core.visit import Verdict
from kiosk.program.state import State
from kiosk.topics.sketchpad.messages import PaintingJudged
from tests.strategies import answers, jobs
from tests.topics.sketchpad.scripted import at_sketchpad

EVENTS: list[st.SearchStrategy[News]] = [
    st.builds(PaintingJudged, jobs, answers, st.sampled_from(Verdict), st.booleans(), st.booleans()),
]
FURTHER_ON: dict[str, Callable[[str], State]] = {
    "the sketchpad": lambda panel: at_sketchpad(panel).state,
}
