"""Sheets are looked for in the camera's frames, held straight, and judged, in the classify thread."""

import time
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import assert_never

import numpy as np

from kiosk.paper.markers import FoundSheet, SheetFinder, straightened
from kiosk.perform import pictures as keys
from kiosk.perform.part import Part
from kiosk.perform.workshop import Workshop
from kiosk.topics.hold_up.facts import LOOKS_PER_S, MIDDLE, SheetLook
from kiosk.topics.hold_up.messages import LooksTallied, SheetsSeen, StartLooks, StopLooks, TallyLooks
from kiosk.vision.classifier import AnyClassifier
from kiosk.vision.picture import Rgb, centre_square, centre_view, to_picture


def today() -> date:
    """Return the day where the exhibit stands."""
    return datetime.now().astimezone().date()


class HoldingUp(Part[StartLooks | StopLooks | TallyLooks]):
    """Looks at frames while it is asked to; the looks of the day are two numbers in memory."""

    performs = (StartLooks, StopLooks, TallyLooks)

    def __init__(self, workshop: Workshop, day: Callable[[], date] = today) -> None:
        """Count by that calendar."""
        super().__init__(workshop)
        self._find = SheetFinder()
        self._looking = False
        self._shown_id = self._looked_id = -1
        self._due_s = 0.0
        self._day, self._counted_on = day, day()
        self._lies = self._count = 0

    def perform(self, effect: StartLooks | StopLooks | TallyLooks) -> None:
        """Begin or stop, or count looks."""
        match effect:
            case StartLooks():
                self._looking, self._shown_id = True, -1
                self._workshop.models.thread.look_with(self._look)
            case StopLooks():
                self._stop()
            case TallyLooks(lies, count):
                if self._day() != self._counted_on:
                    self._counted_on, self._lies, self._count = self._day(), 0, 0
                self._lies, self._count = self._lies + lies, self._count + count
                self._workshop.jobs.tell(LooksTallied(self._lies, self._count))
            case _:
                assert_never(effect)

    def refresh(self) -> None:
        """Put the newest frame there, as far as the screen shows it."""
        frame = self._workshop.camera.newest() if self._looking else None
        if frame is not None and frame.id != self._shown_id:
            self._shown_id = frame.id
            self._workshop.pictures[keys.CAMERA] = centre_view(frame.rgb)

    def forget_picture(self) -> None:
        """SheetLook no more; what was seen lies on the shelf, and goes with it."""
        self._stop()

    def forget(self) -> None:
        """SheetLook no more."""
        self._stop()

    def _stop(self) -> None:
        if self._looking:
            self._looking = False
            self._workshop.models.thread.look_with(None)

    def _look(self, classifier: AnyClassifier) -> None:
        """SheetLook at the newest frame, where it is new and time for it."""
        frame, now_s = self._workshop.camera.newest(), time.monotonic()
        if frame is None or frame.id == self._looked_id or now_s < self._due_s:
            return
        self._looked_id, self._due_s = frame.id, now_s + 0.95 / LOOKS_PER_S
        side, seen = classifier.card.input_size, {}
        looks = []
        for sheet in sorted(self._find(frame.rgb), key=lambda found: found.side_px):
            picture = straightened(frame.rgb, sheet, side)
            seen[f"held-{sheet.block.shown.name.lower()}"] = picture
            looks.append(_look_at(sheet, classifier(picture).label, frame.rgb.shape[0]))
        middle = None
        if not looks:
            seen["held-middle"] = picture = _middle(frame.rgb, side)
            middle = classifier(picture).label
        self._workshop.jobs.tell(SheetsSeen(tuple(looks), middle), partial(self._show, seen))

    def _show(self, seen: dict[str, Rgb]) -> None:
        """Put what was seen there, unless it was forgotten meanwhile."""
        if self._looking:
            self._workshop.pictures.update(seen)


def _look_at(sheet: FoundSheet, label: int, high_px: int) -> SheetLook:
    block = sheet.block
    return SheetLook(block.shown, block.sheet, label, sheet.counts, sheet.side_px / high_px, sheet.tilt)


def _middle(frame: Rgb, side: int) -> Rgb:
    """Return what is in the box in the middle of a frame."""
    square = centre_square(frame)
    rim = round(len(square) * (1 - MIDDLE) / 2)
    return to_picture(np.ascontiguousarray(square[rim : len(square) - rim, rim : len(square) - rim]), side)
