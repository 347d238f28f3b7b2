"""Random events of this topic."""

from hypothesis import strategies as st

from kiosk.core.message import News
from kiosk.topics.attack.messages import QuietEnded, QuieterJudged, RecordingTaken, StepJudged
from tests.strategies import answers, jobs, labels, steps

EVENTS: list[st.SearchStrategy[News]] = [
    st.builds(StepJudged, jobs, steps),
    st.builds(QuieterJudged, jobs, steps),
    st.builds(QuietEnded, jobs),
    st.builds(RecordingTaken, jobs, answers, labels),
]
