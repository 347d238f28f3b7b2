"""Random values that the topics' random events (`EVENTS` in tests/topics/NAME/happenings.py) are made of."""

from hypothesis import strategies as st

from kiosk.core.visit import Answer, Judged, Ranked, Verdict
from kiosk.words.friendly_labels import visitor_labels

jobs = st.integers(0, 12)  # an odd one stands for the newest job
labels = st.sampled_from([0, 1, 130, 505, 967, *sorted(visitor_labels().blocked)[:3], 5000])
shares = st.floats(0, 1)
answers = st.builds(
    Answer,
    st.lists(st.builds(Ranked, labels, shares), min_size=1, max_size=6).map(tuple),
    st.booleans(),
)
steps = st.builds(
    Judged,
    st.integers(0, 20),
    answers,
    shares,
    st.sampled_from(Verdict),
    st.integers(0, 16),
    st.floats(0, 16),
)
faults = st.sampled_from(["", "the disk is full"])
