"""Visits where random events begin; this topic has no news."""

from collections.abc import Callable

from hypothesis import strategies as st

from kiosk.core.message import News
from kiosk.program.state import State
from tests.topics.ending.drawn import at_ending

EVENTS: list[st.SearchStrategy[News]] = []
FURTHER_ON: dict[str, Callable[[str], State]] = {"ending": lambda panel: at_ending(panel).state}
