"""A program of tests: the exhibit's window with its first screen alone; prints a line for each event."""

import sys
import time

from kiosk.core.health import Health, Phase
from kiosk.core.message import Tick
from kiosk.exhibit.topics import TOPICS
from kiosk.program.program import update, view
from kiosk.program.state import initial
from kiosk.ui.window import Window
from kiosk.words.friendly_labels import visitor_labels
from kiosk.words.texts import load_texts


def main(turned: int, window: str) -> None:
    """Show it until the window is closed, or starting anew is asked for."""
    width, _, height = window.partition("x")
    size_px = (int(width), int(height)) if window else None
    with Window(10.1, size_px, turned=turned) as shown:
        state = initial(TOPICS, shown.panel, load_texts(TOPICS), visitor_labels(), model=Health(Phase.READY))
        sys.stdout.write(f"open {shown.panel.width_px}x{shown.panel.height_px}\n")
        began_s = (
            time.monotonic()
        )  # a screen that waits moves with time: what is shown is that of the first minute
        while not (shown.closed or shown.outdated):
            for event in (*shown.events(), Tick(time.monotonic() - began_s)):
                state, _ = update(state, event)
                if not isinstance(event, Tick):
                    sys.stdout.write(f"{event} {view(state).name}\n")
            shown.show(view(state), {})
            sys.stdout.flush()
            time.sleep(0.02)
        sys.stdout.write(f"closed={shown.closed} outdated={shown.outdated}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
