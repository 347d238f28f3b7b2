"""Random events of this topic, and where they begin."""

from collections.abc import Callable

from hypothesis import strategies as st

from kiosk.core.message import News
from kiosk.program.state import State
from kiosk.topics.survival.facts import Glance
from kiosk.topics.survival.messages import PicturesTreated, ProofAdvanced, ProofMade, ViewSeen, ViewsSeen
from tests.strategies import jobs
from tests.topics.survival.scripted import at_lab, at_survival, at_survivor, treated

shares = st.floats(0, 1)
EVENTS: list[st.SearchStrategy[News]] = [
    st.builds(ViewSeen, jobs, shares, st.sampled_from(Glance)),
    st.builds(ViewsSeen, jobs),
    st.builds(ProofAdvanced, jobs, shares, shares),
    st.builds(ProofMade, jobs, st.booleans()),
    st.builds(PicturesTreated, jobs, st.sampled_from([(), treated(), treated(proof=True)])),
]
FURTHER_ON: dict[str, Callable[[str], State]] = {
    "survival": lambda panel: at_survival(panel).state,
    "lab": lambda panel: at_lab(panel).state,
    "survivor": lambda panel: at_survivor(panel).state,
}
