"""Random news of this topic, and visits where they begin."""

from collections.abc import Callable

from hypothesis import strategies as st

from kiosk.core.message import News
from kiosk.program.state import State
from kiosk.topics.journey.facts import Chart, Region
from kiosk.topics.journey.messages import WayTraced
from tests.strategies import jobs, shares
from tests.topics.journey.scripted import at_journey, at_turned

places = st.tuples(st.floats(-30, 30), st.floats(-30, 30))
regions = st.lists(
    st.builds(
        Region, st.sampled_from(["cat", "rocket"]), st.lists(places, min_size=1, max_size=3).map(tuple)
    ),
    max_size=3,
).map(tuple)


def charts(border: st.SearchStrategy[float | None]) -> st.SearchStrategy[Chart]:
    """Any map with a way of three steps."""
    way = st.tuples(places, places, places)
    return st.builds(Chart, regions, way, way, st.tuples(shares, shares, shares), shares, border)


EVENTS: list[st.SearchStrategy[News]] = [
    st.builds(WayTraced, jobs, charts(st.none()), st.none() | charts(st.floats(-9, 9)))
]
FURTHER_ON: dict[str, Callable[[str], State]] = {
    "journey": lambda panel: at_journey(panel).state,
    "journey-turned": lambda panel: at_turned(panel).state,
}
