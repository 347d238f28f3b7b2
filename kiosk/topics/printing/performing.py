"""Sheets on their way out: laid out in the classify thread, printed or written in a thread of their own."""

import logging
import math
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import assert_never

from kiosk.attack.dice_noise import dice_noise
from kiosk.attack.noise import iterate_picture
from kiosk.attack.verdict import answer
from kiosk.device.usb_stick import mounted_sticks
from kiosk.errors import KioskError
from kiosk.paper.drawing import sheet_drawing, sticker_drawing
from kiosk.paper.layout import SHEETS_APART, Block, Shown
from kiosk.paper.layout import Paper as PaperSize
from kiosk.paper.pdf import Part as SheetPart
from kiosk.paper.pdf import Round, patch_pdf, sheet_pdf
from kiosk.paper.printer import Condition, JobStage, Printer, PrinterError
from kiosk.perform.paper_out import PaperOut, give_out
from kiosk.perform.part import Part
from kiosk.perform.workshop import Workshop
from kiosk.recapture.patches import best_patches
from kiosk.recapture.sticker import grey_sticker
from kiosk.store.store import Counted, Store
from kiosk.topics.printing.facts import Kind, Route, SheetWords, Stage
from kiosk.topics.printing.messages import (
    LaySheet,
    LayStickerSheet,
    Made,
    Paper,
    PaperChanged,
    PrintSheet,
    SheetDropped,
    SheetLaid,
    StickerSheetLaid,
)
from kiosk.vision.classifier import AnyClassifier
from kiosk.vision.picture import Rgb

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
TROUBLE = {
    Condition.EMPTY: Stage.EMPTY,
    Condition.JAM: Stage.JAM,
    Condition.PAUSED: Stage.PAUSED,
    Condition.AWAY: Stage.AWAY,
}


def today() -> date:
    """Return the day where the exhibit stands."""
    return datetime.now().astimezone().date()


@dataclass(frozen=True, slots=True)
class _Look:
    """How a sheet would get out now, and how far the one on its way is."""

    route: Route
    stage: Stage | None = None


PrintingEffect = LaySheet | LayStickerSheet | PrintSheet
MakePdf = Callable[[PaperSize], bytes]


class Printing(Part[PrintingEffect]):
    """Owns the printer's thread and the sheet on its way; of one that is out it keeps two labels and nothing else."""

    performs = (LaySheet, LayStickerSheet, PrintSheet)

    def __init__(self, workshop: Workshop, day: Callable[[], date] = today) -> None:
        """Work with what all parts share, and count paper by that calendar."""
        super().__init__(workshop)
        self._wishes, self._day = workshop.settings.printing, day
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="printer")
        self._counting: Future[Counted] | None = workshop.store.look(Store.counted, Counted({}))
        self._counted_on, self._of_day, self._of_visit = day(), 0, 0
        self._number = -1  # of the sheet, which tells it from the last ones
        self._proof: Rgb | None = None
        self._sticker: Rgb | None = None
        self._sending: Future[PaperOut] | None = None
        self._looking: Future[_Look] | None = None
        self._out = PaperOut()
        self._due_s = math.inf
        self._paper = Paper(offered=self._wishes.offered, left=self._wishes.a_visit)
        workshop.jobs.tell(PaperChanged(self._paper))

    def perform(self, effect: PrintingEffect) -> None:
        """Begin what an effect asks for."""
        match effect:
            case LaySheet():
                self._look_soon()
                self._lay(effect)
            case LayStickerSheet():
                self._look_soon()
                self._workshop.jobs.want(effect.job)
                self._workshop.ask(effect.job, partial(self._lay_sticker, effect))
            case PrintSheet():
                self._send(effect)
            case _:
                assert_never(effect)

    def refresh(self) -> None:
        """Take what the printer's thread came to, and look at the printer when that is due."""
        if self._counting is not None and self._counting.done():
            counting, self._counting = self._counting, None
            if counting.exception() is None:
                counters = counting.result().days.get(self._counted_on, {})
                self._of_day += sum(counters.get(f"sheet_{kind.value}", 0) for kind in Kind)
        if self._sending is not None and self._sending.done():
            sending, self._sending = self._sending, None
            self._was_sent(sending)
        if self._looking is not None and self._looking.done():
            looking, self._looking = self._looking, None
            self._has_looked(looking)
        if time.monotonic() >= self._due_s and self._looking is None and self._sending is None:
            self._due_s = math.inf
            self._looking = self._thread.submit(self._look, self._out)

    def forget_picture(self) -> None:
        """Take a sheet that is not printed out of the queue."""
        self._drop()
        self._proof = self._sticker = None

    def forget(self) -> None:
        """Take a sheet that is not printed out of the queue; the next visitor has paper of their own."""
        self.forget_picture()
        self._of_visit = 0
        self._change(stage=Stage.NONE)

    def close(self) -> None:
        """Take a sheet that is not printed out of the queue, and end the thread."""
        self._drop()
        self._thread.shutdown()

    # ---- laid out

    def _lay(self, effect: LaySheet) -> None:
        jobs, stack = self._workshop.jobs, self._workshop.pictures.stack
        proof = self._workshop.pictures.get("proof")
        jobs.want(effect.job)
        if stack is None or proof is None:
            jobs.lose(effect.job, KioskError("there is no picture that was made for paper"))
        elif self._wishes.stock_only and not stack.ours:
            jobs.tell(SheetLaid(effect.job, None), job=effect.job)
        else:
            if proof is not self._proof:
                self._number, self._proof = self._number + 1, proof
            made = Made(self._number % SHEETS_APART, effect.right, effect.lie)
            others = tuple(one for one in self._paper.made if one.number != made.number)
            self._change(stage=self._paper.stage, made=(*others, made))
            self._workshop.ask(effect.job, partial(self._draw, effect, stack.original, proof, self._number))

    def _draw(
        self, effect: LaySheet, original: Rgb, proof: Rgb, sheet: int, classifier: AnyClassifier
    ) -> None:
        control = dice_noise(original, proof, effect.job)
        pictures = {"control": control}
        for shown, picture in ((Shown.ORIGINAL, original), (Shown.PROOF, proof), (Shown.CONTROL, control)):
            pictures[f"sheet-{shown.name.lower()}"] = sheet_drawing(picture, Block(shown, sheet))
        said = SheetLaid(effect.job, answer(classifier(control)))
        self._workshop.jobs.tell(said, partial(self._workshop.pictures.update, pictures), effect.job)

    def _lay_sticker(self, effect: LayStickerSheet, classifier: AnyClassifier) -> None:
        """Put the open model's sticker for a label there; in the classify thread. Raises KioskError."""
        folder = self._workshop.state.model(self._workshop.models.open_name)
        patch = best_patches(folder, classifier.card).get(effect.label)
        if patch is None:
            raise KioskError("there is no such sticker")
        grey = iterate_picture(grey_sticker())
        drawn = {"sheet-sticker": sticker_drawing(patch.sticker), "sheet-grey": sticker_drawing(grey)}
        said = StickerSheetLaid(effect.job, self._wishes.sticker_mm)
        self._workshop.jobs.tell(said, partial(self._put_sticker, patch.sticker, drawn), effect.job)

    def _put_sticker(self, sticker: Rgb, drawn: dict[str, Rgb]) -> None:
        self._sticker = sticker
        self._workshop.pictures.update(drawn)

    # ---- on its way

    def _send(self, effect: PrintSheet) -> None:
        made = self._sticker_page if effect.kind is Kind.STICKER else self._page
        make = None if self._busy else made(effect.kind, effect.words)
        if make is not None:
            self._sending = self._thread.submit(self._give_out, make)
            self._change(stage=Stage.MAKING)

    def _page(self, kind: Kind, words: SheetWords) -> MakePdf | None:
        """Return what makes the page of a visitor's pictures, None where they are not laid out."""
        pictures, stack = self._workshop.pictures, self._workshop.pictures.stack
        proof, control = pictures.get("proof"), pictures.get("control")
        if stack is None or proof is None or control is None:
            return None
        pair = ((Shown.ORIGINAL, stack.original), (Shown.PROOF, proof))
        shown = pair if kind is Kind.PAIR else ((Shown.CONTROL, control),)
        parts = [
            SheetPart(picture, Block(what, self._number), title, sentence)
            for (what, picture), title, sentence in zip(shown, words.titles, words.sentences, strict=True)
        ]
        return partial(sheet_pdf, parts, words.name)

    def _sticker_page(self, _kind: Kind, words: SheetWords) -> MakePdf | None:
        """Return what makes the page of the sticker, None where it is not laid out."""
        if self._sticker is None:
            return None
        pictures = self._sticker, iterate_picture(grey_sticker())
        stickers = [Round(*drawn) for drawn in zip(pictures, words.titles, strict=True)]
        return partial(patch_pdf, stickers, " ".join(words.sentences), self._wishes.sticker_mm, words.name)

    def _give_out(self, make: MakePdf) -> PaperOut:
        """Return where the sheet went; in the printer's thread. Raises KioskError."""
        return give_out(make(PaperSize[self._wishes.paper.upper()]), "kiosk-sheet", self._workshop)

    def _was_sent(self, sending: "Future[PaperOut]") -> None:
        error = sending.exception()
        if error is not None:
            log.warning("event=sheet_failed reason=%s", error)
            self._change(stage=Stage.FAILED)
            return
        self._out = sending.result()
        if self._out.printer is None:
            self._change(stage=Stage.WRITTEN)
            return
        self._of_visit += 1
        self._count_day()
        self._due_s = 0.0
        self._change(stage=Stage.WAITING)

    def _look(self, out: PaperOut) -> _Look:
        """Return how the printer is; in the printer's thread."""
        if out.printer is None:
            if Printer.found(self._wishes.printer) is not None:
                return _Look(Route.PRINTER)
            sticks = mounted_sticks(self._workshop.settings.staff.sticks, self._workshop.places)
            return _Look(Route.STICK if sticks else Route.SCREEN)
        try:
            seen = out.printer.look(out.job)
            if seen.job in (JobStage.GONE, JobStage.FAILED):
                out.printer.clear()
        except PrinterError:
            return _Look(Route.PRINTER, Stage.AWAY)
        if seen.job is JobStage.GONE:
            return _Look(Route.PRINTER, Stage.DONE)
        if seen.job is JobStage.FAILED:
            return _Look(Route.PRINTER, Stage.FAILED)
        waits = Stage.PRINTING if seen.job is JobStage.PRINTING else Stage.WAITING
        return _Look(Route.PRINTER, TROUBLE.get(seen.condition, waits))

    def _has_looked(self, looking: "Future[_Look]") -> None:
        found = looking.result()
        stage = self._paper.stage
        if self._out.printer is not None and found.stage is not None:
            stage = found.stage
            if stage.busy:
                self._due_s = time.monotonic() + LOOK_EVERY_S
            else:
                self._out = PaperOut()
        self._change(route=found.route, stage=stage)

    # ---- forgotten

    @property
    def _busy(self) -> bool:
        return self._sending is not None or self._out.printer is not None

    def _drop(self) -> None:
        """Cancel the sheet on its way, and say so; what is just being sent is cancelled once it has a number."""
        if not self._busy:
            return
        sending, out = self._sending, self._out
        self._sending, self._looking, self._out = None, None, PaperOut()
        if sending is None:
            self._thread.submit(_cancel, out)
        elif not sending.cancel():
            sending.add_done_callback(_cancel_sent)
        self._change(stage=Stage.NONE)
        self._workshop.jobs.tell(SheetDropped())

    # ---- paper

    def _look_soon(self) -> None:
        """Look for the printer again; what became of an earlier sheet is not told any more."""
        self._due_s = 0.0
        self._change(stage=self._paper.stage if self._paper.stage.busy else Stage.NONE)

    def _count_day(self) -> None:
        if self._day() != self._counted_on:
            self._counted_on, self._of_day = self._day(), 0
        self._of_day += 1

    def _change(
        self, *, route: Route | None = None, stage: Stage, made: tuple[Made, ...] | None = None
    ) -> None:
        """Tell how it is now, where that is news."""
        left = max(0, min(self._wishes.a_visit - self._of_visit, self._wishes.a_day - self._of_day))
        changed = replace(
            self._paper,
            route=self._paper.route if route is None else route,
            stage=stage,
            left=left,
            made=self._paper.made if made is None else made,
        )
        if changed != self._paper:
            self._paper = changed
            self._workshop.jobs.tell(PaperChanged(changed))


def _cancel(out: PaperOut) -> None:
    """Take a job out of the queue."""
    try:
        if out.printer is not None:
            out.printer.cancel(out.job)
    except PrinterError as error:
        log.warning("event=sheet_not_cancelled reason=%s", error)


def _cancel_sent(sending: "Future[PaperOut]") -> None:
    if sending.exception() is None:
        _cancel(sending.result())
