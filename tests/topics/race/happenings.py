"""Visits where random events begin; this topic has no news."""

from collections.abc import Callable

from hypothesis import strategies as st

from kiosk.core.message import News
from kiosk.program.state import State
from tests.topics.race.drawn import at_race

EVENTS: list[st.SearchStrategy[News]] = []
FURTHER_ON: dict[str, Callable[[str], State]] = {"race": lambda panel: at_race(panel).state}
