"""Random events of this topic, and where they begin."""

from collections.abc import Callable

from hypothesis import strategies as st

from kiosk.core.message import News
from kiosk.program.state import State
from kiosk.topics.vaccine.facts import Resistance, Robustness, Stage, VaccineReport
from kiosk.topics.vaccine.messages import VaccineGiven, VaccineUnderWay
from tests.strategies import answers, jobs, shares, steps
from tests.topics.vaccine.scripted import at_vaccinated, at_vaccinating, at_vaccine

resistances = st.builds(Resistance, st.none() | st.integers(1, 16), st.none() | st.integers(1, 16))
reports = st.builds(
    VaccineReport,
    st.booleans(),
    resistances,
    st.lists(resistances, max_size=8).map(tuple),
    shares,
    shares,
    st.just(16),
    st.none() | st.builds(Robustness, st.just(2.0), shares, shares),
)
EVENTS: list[st.SearchStrategy[News]] = [
    st.builds(VaccineUnderWay, jobs, st.sampled_from(Stage), shares),
    st.builds(
        VaccineGiven,
        jobs,
        reports,
        st.lists(st.integers(0, 40), max_size=8).map(tuple),
        st.lists(st.integers(-1, 1), max_size=60).map(tuple),
        st.integers(0, 40),
        answers,
        st.lists(steps, max_size=6).map(tuple),
    ),
]
STARTS: dict[str, Callable[[str], State]] = {
    "a vaccine": lambda panel: at_vaccine(panel).state,
    "a vaccine under way": lambda panel: at_vaccinating(panel).state,
    "a vaccine's report": lambda panel: at_vaccinated(panel).state,
}
