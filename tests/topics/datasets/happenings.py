"""Random events of this topic, and where they begin."""

from collections.abc import Callable

from hypothesis import strategies as st

from kiosk.core.message import News
from kiosk.program.state import State
from kiosk.topics.datasets.messages import DatasetKept, DatasetOpened, DatasetsFound
from tests.strategies import faults, jobs
from tests.topics.datasets.scripted import MANY, PETS, TOOLS, at_keeping, at_readymade, opened

EVENTS: list[st.SearchStrategy[News]] = [
    st.builds(DatasetsFound, st.sampled_from([(), (PETS,), MANY]), faults),
    st.builds(DatasetKept, st.just("Cat, Dog"), faults),
    st.builds(
        DatasetOpened, jobs, st.sampled_from(["m", "n"]), st.sampled_from([opened(PETS), opened(TOOLS)])
    ),
]
STARTS: dict[str, Callable[[str], State]] = {
    "staff who taught": lambda panel: at_keeping(panel, MANY).state,
    "what is ready-made": lambda panel: at_readymade(panel).state,
}
