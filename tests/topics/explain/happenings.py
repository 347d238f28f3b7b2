"""Random events of this topic."""

from hypothesis import strategies as st

from kiosk.core.message import News
from kiosk.topics.explain.facts import Pushed, Tally
from kiosk.topics.explain.messages import ContrastDrawn, MapsDrawn, PushesDrawn
from tests.strategies import jobs, labels

logits = st.floats(-30, 30)
tallies = st.builds(Tally, logits, logits)
pushed = st.builds(Pushed, st.floats(0, 1), logits)

EVENTS: list[st.SearchStrategy[News]] = [
    st.builds(MapsDrawn, jobs, labels, st.booleans(), st.booleans()),
    st.builds(ContrastDrawn, jobs, tallies, tallies, st.booleans()),
    st.builds(PushesDrawn, jobs, logits, pushed, pushed, st.integers(0, 50176)),
]
