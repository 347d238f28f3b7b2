"""The colour chart is given out and measured, in a thread of its own; what was seen of it is kept nowhere."""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import assert_never

import numpy as np

from kiosk.core.message import News
from kiosk.errors import KioskError
from kiosk.paper.chart import ACROSS, CELL_PX, Doubles, chart_colours, chart_picture, chart_read
from kiosk.paper.layout import Chart, Paper
from kiosk.paper.markers import ChartFinder, straightened
from kiosk.paper.pdf import Part as SheetPart
from kiosk.paper.pdf import sheet_pdf
from kiosk.perform.paper_out import give_out
from kiosk.perform.part import Part
from kiosk.perform.workshop import Workshop
from kiosk.recapture.calibration import ChartError, fitted
from kiosk.store.colour_maps import colour_maps, keep_colour_map, undo_colour_map
from kiosk.topics.colours.messages import (
    ChartGiven,
    ChartWords,
    ColoursTold,
    GiveChart,
    MeasureChart,
    ReadColours,
    UndoColours,
)
from kiosk.vision.reading import one_line

log = logging.getLogger(__name__)

READINGS, LIMIT_S, LOOK_EVERY_S = 5, 4.0, 0.05

ColourEffect = ReadColours | GiveChart | MeasureChart | UndoColours


class Calibrating(Part[ColourEffect]):
    """Owns the thread in which the chart is looked for; everything it does is told as news, also that it failed."""

    performs = (ReadColours, GiveChart, MeasureChart, UndoColours)

    def __init__(self, workshop: Workshop) -> None:
        """Work with what all parts share."""
        super().__init__(workshop)
        self._folder = workshop.state.path
        self._find = ChartFinder()
        self._closing = threading.Event()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="colours")

    def perform(self, effect: ColourEffect) -> None:
        """Begin what an effect asks for."""
        match effect:
            case ReadColours():
                self._do(self._known)
            case GiveChart(words):
                self._do(lambda: self._give(words))
            case MeasureChart():
                self._do(lambda: self._changed(self._measure))
            case UndoColours():
                self._do(lambda: self._changed(lambda: undo_colour_map(self._folder)))
            case _:
                assert_never(effect)

    def forget_picture(self) -> None:
        """Drop nothing: no picture is kept here."""

    def forget(self) -> None:
        """Drop nothing: nothing of a visitor is kept here."""

    def close(self) -> None:
        """End the thread; a chart that is looked for is looked for no longer."""
        self._closing.set()
        self._thread.shutdown()

    def _do(self, work: Callable[[], News]) -> None:
        """Do work in the thread, and tell what it came to."""
        self._thread.submit(work).add_done_callback(self._told)

    def _told(self, done: "Future[News]") -> None:
        """Tell the answer; where this program failed, that too: the screen waits for it."""
        if done.cancelled():
            return
        error = done.exception()
        if error is None:
            self._workshop.jobs.tell(done.result())
            return
        log.error("event=calibrating_failed", exc_info=error)
        self._workshop.jobs.tell(self._known(one_line(error)))

    def _known(self, fault: str = "") -> News:
        maps = colour_maps(self._folder)
        return ColoursTold(maps[-1].residual_255 if maps else None, fault)

    def _changed(self, change: Callable[[], None]) -> News:
        """Return how the colours are after a change, or why it was not made."""
        try:
            change()
        except KioskError as error:
            return self._known(str(error))
        return self._known()

    def _give(self, words: ChartWords) -> News:
        paper = Paper[self._workshop.settings.printing.paper.upper()]
        part = SheetPart(chart_picture(), Chart(), words.title, words.sentence)
        try:
            out = give_out(sheet_pdf([part], words.name, paper), "kiosk-chart", self._workshop)
        except KioskError as error:
            return ChartGiven(fault=str(error))
        return ChartGiven(on_stick=out.printer is None)

    def _measure(self) -> None:
        """Keep the map of the chart in the next frames; raises KioskError, and nothing is changed then."""
        readings = self._readings()
        if not readings:
            raise ChartError("No chart is seen. Hold it up with all four squares, then measure again.")
        keep_colour_map(self._folder, fitted(chart_colours(), np.median(readings, axis=0)))

    def _readings(self) -> list[Doubles]:
        """Return what is read of the chart in some frames; a frame's noise is not the printer's."""
        readings: list[Doubles] = []
        due_s, looked_id = time.monotonic() + LIMIT_S, -1
        while len(readings) < READINGS and time.monotonic() < due_s and not self._closing.is_set():
            frame = self._workshop.camera.newest()
            if frame is not None and frame.id != looked_id:
                looked_id = frame.id
                found = self._find(frame.rgb)
                if found is not None:
                    readings.append(chart_read(straightened(frame.rgb, found, ACROSS * CELL_PX)))
            self._closing.wait(LOOK_EVERY_S)
        return readings
