"""Random news of this topic, and visits where they begin."""

from collections.abc import Callable

from hypothesis import strategies as st

from kiosk.core.message import News
from kiosk.program.state import State
from kiosk.topics.sticker.messages import StickerJudged, StickersFound
from tests.strategies import answers, jobs
from tests.topics.sticker.scripted import at_sticker

EVENTS: list[st.SearchStrategy[News]] = [
    st.builds(StickerJudged, jobs, answers, answers),
    st.builds(StickersFound, st.lists(st.integers(0, 999), max_size=3, unique=True).map(tuple)),
]
FURTHER_ON: dict[str, Callable[[str], State]] = {"sticker": lambda panel: at_sticker(panel).state}
