"""The exhibit's window, opened as soon as there is a screen: one that is switched on late is no failure."""

import logging
import time
from collections.abc import Callable

from kiosk.device.notify import ServiceNotifier
from kiosk.settings.sections import DisplaySettings
from kiosk.ui.display.hotplug import screen_missing
from kiosk.ui.window import DisplayUnavailableError, Window

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
WAITING = "waiting for a screen: none is connected, or it is switched off"


def opened_window(
    display: DisplaySettings,
    size_px: tuple[int, int] | None,
    service: ServiceNotifier,
    told_to_end: Callable[[], bool],
) -> Window | None:
    """Return the window; None where the exhibit was told to end while it waited for a screen.

    While it waits it tells systemd that it is there and why nothing is seen: as ready as it can be, so that neither a
    start at power-on nor a push fails or hangs. Raises DisplayUnavailableError where a screen is plugged in, or nothing
    can be known of that.
    """
    waited = False
    while not told_to_end():
        try:
            return Window(display.diagonal_inch, size_px, driver=display.driver, turned=display.turned)
        except DisplayUnavailableError:
            if size_px is not None or not screen_missing():
                raise
        if not waited:
            log.warning("event=waiting_for_a_screen")
        waited = True
        service.alive(time.monotonic(), WAITING)
        time.sleep(LOOK_EVERY_S)
    return None
