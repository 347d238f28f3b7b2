"""What there is for staff at a start: who keeps the PIN is asked beside the first frame, which waits for nobody."""

import queue
import threading
from collections.abc import Callable, Iterator

from kiosk.topics.staff.messages import StaffFound

# The answer comes within it unless the system's service hangs; a first start then begins with its own screen.
MOMENT_S = 0.3


class StaffAtStart:
    """Owns the thread that asks; one that hangs ends with the program."""

    def __init__(self, ask: Callable[[], StaffFound]) -> None:
        """Begin to ask."""
        self._answers = queue.SimpleQueue[StaffFound]()
        threading.Thread(target=lambda: self._answers.put(ask()), name="staff at start", daemon=True).start()

    def first(self, unasked: StaffFound) -> StaffFound:
        """Return the answer if it is there in a moment, else what is known without it."""
        try:
            return self._answers.get(timeout=MOMENT_S)
        except queue.Empty:
            return unasked

    def late(self) -> Iterator[StaffFound]:
        """Yield the answer, once, if it came after that."""
        while not self._answers.empty():
            yield self._answers.get()
