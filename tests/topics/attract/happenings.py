"""Where random events begin: at an exhibit that nobody has touched."""

from collections.abc import Callable

from kiosk.program.state import State
from tests.player import player

STARTS: dict[str, Callable[[str], State]] = {
    "the start": lambda panel: player(panel, ready=False).state,
}
