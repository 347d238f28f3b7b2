"""Random events of this topic."""

from hypothesis import strategies as st

from kiosk.core.message import News
from kiosk.topics.attack.messages import RecordingTaken, StepJudged
from tests.strategies import answers, jobs, labels, steps

EVENTS: list[st.SearchStrategy[News]] = [
    st.builds(StepJudged, jobs, steps),
    st.builds(RecordingTaken, jobs, answers, labels),
]
