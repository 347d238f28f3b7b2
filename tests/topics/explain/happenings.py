"""Random events of this topic."""

from hypothesis import strategies as st

from kiosk.core.message import News
from kiosk.topics.explain.messages import MapsDrawn
from tests.strategies import jobs, labels

EVENTS: list[st.SearchStrategy[News]] = [st.builds(MapsDrawn, jobs, labels, st.booleans(), st.booleans())]
