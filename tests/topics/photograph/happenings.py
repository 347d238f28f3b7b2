"""Random events of this topic, and where they begin."""

from collections.abc import Callable

from hypothesis import strategies as st

from kiosk.core.message import News
from kiosk.errors import LeftOut
from kiosk.program.state import State
from kiosk.topics.photograph.facts import Seen
from kiosk.topics.photograph.messages import (
    LiveJudged,
    PictureTaken,
    StickFound,
    StickLost,
    UploadSeen,
    UploadsLeftOut,
    UploadsListed,
)
from tests.strategies import answers, jobs
from tests.topics.photograph.scripted import at_upload

EVENTS: list[st.SearchStrategy[News]] = [
    st.builds(LiveJudged, answers),
    st.builds(LiveJudged, answers, st.builds(Seen, *[st.floats(0, 7)] * 5)),
    st.builds(PictureTaken, jobs, answers),
    st.builds(UploadSeen, jobs, st.integers(0, 40)),
    st.builds(UploadsLeftOut, jobs, st.sampled_from(LeftOut), st.integers(1, 9_999)),
    st.builds(UploadsListed, jobs, st.none() | st.integers(1, 40)),
    st.sampled_from([StickFound(), StickFound(), StickLost()]),
]
FURTHER_ON: dict[str, Callable[[str], State]] = {
    "a stick": lambda panel: at_upload(panel).state,
}
