"""Random events of this topic, and where they begin."""

from collections.abc import Callable

from hypothesis import strategies as st

from kiosk.core.message import News
from kiosk.program.state import State
from kiosk.topics.dice.messages import DiceRolled
from tests.strategies import jobs, steps
from tests.topics.dice.scripted import at_dice

EVENTS: list[st.SearchStrategy[News]] = [st.builds(DiceRolled, jobs, steps)]
FURTHER_ON: dict[str, Callable[[str], State]] = {
    "dice": lambda panel: at_dice(panel).state,
}
