"""Random news of this topic, and visits where they begin."""

from collections.abc import Callable

from hypothesis import strategies as st

from kiosk.core.message import News
from kiosk.program.state import State
from kiosk.topics.memories.messages import Memory, Remembered
from tests.strategies import jobs, shares
from tests.topics.memories.scripted import at_memories

some = st.lists(st.builds(Memory, st.just("cat"), st.just("memory-1"), st.floats(-1, 1)), max_size=3).map(
    tuple
)
EVENTS: list[st.SearchStrategy[News]] = [st.builds(Remembered, jobs, some, some, shares)]
FURTHER_ON: dict[str, Callable[[str], State]] = {"memories": lambda panel: at_memories(panel).state}
