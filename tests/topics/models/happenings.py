"""Random events of this topic."""

from hypothesis import strategies as st

from kiosk.core.message import News
from kiosk.topics.models.messages import FoundModel, ModelChosen, ModelsFound
from tests.strategies import answers, jobs

found = st.lists(
    st.sampled_from([FoundModel("m"), FoundModel("n", ("x", "y"))]),
    max_size=2,
    unique=True,
)
EVENTS: list[st.SearchStrategy[News]] = [
    st.builds(ModelsFound, found.map(tuple), st.sampled_from(["", "m"])),
    st.builds(ModelChosen, jobs, st.sampled_from(["m", "n"]), answers),
]
