"""The opening hours, as far as the exhibit has to do with them: it shows that it is closed, and staff may open it."""

import logging
import time
from datetime import datetime
from typing import assert_never

from kiosk.device.closed_signs import Closing, closing, open_now, wish_for_dark
from kiosk.device.durable import WriteError
from kiosk.perform.part import Part
from kiosk.perform.workshop import Workshop
from kiosk.topics.staff.messages import GoDark, HoursTold, OpenNow

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0


class Hours(Part[OpenNow | GoDark]):
    """Looks for the mark of a closed exhibit once a second: a file in memory, so that no thread is needed."""

    performs = (OpenNow, GoDark)

    def __init__(self, workshop: Workshop) -> None:
        """Begin with what was found at the start."""
        super().__init__(workshop)
        self._told = self._found()
        self._due_s = 0.0

    def perform(self, effect: OpenNow | GoDark) -> None:
        """Open until the next closing, or ask for the screen to be switched off."""
        match effect:
            case OpenNow():
                self._open()
            case GoDark():
                try:
                    wish_for_dark(self._workshop.places)
                except OSError as error:
                    log.warning("event=no_dark reason=%s", error)
            case _:
                assert_never(effect)

    def refresh(self) -> None:
        """Tell when it closed or opened, and when it opens next."""
        now_s = time.monotonic()
        if now_s < self._due_s:
            return
        self._due_s = now_s + LOOK_EVERY_S
        found = self._found()
        if found != self._told:
            self._tell(found)

    def forget_picture(self) -> None:
        """Drop nothing: no picture is kept here."""

    def forget(self) -> None:
        """Drop nothing: nothing of a visitor is kept here."""

    def _found(self) -> Closing | None:
        return closing(datetime.now().astimezone().replace(tzinfo=None), self._workshop.places)

    def _open(self) -> None:
        fault = ""
        try:
            open_now(self._workshop.places)
        except WriteError as error:
            fault = str(error)
        self._tell(self._found(), fault)

    def _tell(self, found: Closing | None, fault: str = "") -> None:
        self._told = found
        shown = found or Closing()
        self._workshop.jobs.tell(HoursTold(found is not None, shown.opens, shown.day, fault))
