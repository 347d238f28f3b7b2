"""Random news of this topic, and visits where they begin."""

from collections.abc import Callable

from hypothesis import strategies as st

from kiosk.core.message import JobAdvanced, News
from kiosk.program.state import State
from kiosk.topics.shield.messages import Ballot, ShieldRaised
from tests.strategies import jobs, labels, shares
from tests.topics.shield.scripted import at_shield

counts = st.integers(0, 100)
ballots = st.builds(Ballot, labels, counts, counts, st.just(100), st.floats(0, 60))
EVENTS: list[st.SearchStrategy[News]] = [
    st.builds(ShieldRaised, jobs, ballots, ballots),
    st.builds(JobAdvanced, jobs, shares),
]
FURTHER_ON: dict[str, Callable[[str], State]] = {"shield": lambda panel: at_shield(panel).state}
