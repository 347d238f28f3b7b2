"""Visits that take a sheet home."""

from dataclasses import replace

from kiosk.core.message import Effect, Event
from kiosk.core.visit import Answer, Ranked
from kiosk.topics.printing.facts import Route, Stage
from kiosk.topics.printing.messages import (
    LaySheet,
    LayStickerSheet,
    Made,
    Paper,
    PaperChanged,
    PrintSheet,
    SheetLaid,
    StickerSheetLaid,
)
from tests.player import CUP, ESPRESSO, Player, Script
from tests.topics.sticker.scripted import at_sticker
from tests.topics.survival.scripted import at_survivor

WIDE_MM = 80.0
CONTROL = Answer((Ranked(ESPRESSO, 0.88), Ranked(CUP, 0.05)))


class PrintingScript(Script):
    """What this topic's effects are answered with: a printer, and a sheet that comes out of it at once."""

    def __init__(self) -> None:
        self.paper = Paper(route=Route.PRINTER, left=2)
        self.stages: tuple[Stage, ...] = (Stage.MAKING, Stage.WAITING, Stage.PRINTING, Stage.DONE)

    def answer(self, playing: Player, effect: Effect) -> tuple[Event, ...] | None:
        """The news that an effect leads to."""
        del playing
        match effect:
            case LaySheet(job, right, lie):
                self.paper = replace(self.paper, made=(Made(0, right, lie),))
                return (SheetLaid(job, CONTROL), PaperChanged(self.paper))
            case LayStickerSheet(job):
                return (StickerSheetLaid(job, WIDE_MM), PaperChanged(self.paper))
            case PrintSheet():
                self.paper = replace(self.paper, left=self.paper.left - 1, stage=self.stages[-1])
                return tuple(PaperChanged(replace(self.paper, stage=stage)) for stage in self.stages)
            case _:
                return None


SCRIPT = PrintingScript


def at_sheet(panel: str = "1280x800", route: Route = Route.PRINTER, left: int = 2) -> Player:
    """A visit whose sheet is laid out."""
    playing = at_survivor(panel)
    playing.script(PrintingScript).paper = Paper(route=route, left=left)
    playing.touch("take")
    playing.wait(0.3)
    return playing


def at_question(panel: str = "1280x800") -> Player:
    """A visit that is asked whether its photo shall be printed."""
    playing = at_sheet(panel)
    playing.touch("print")
    playing.wait(0.3)
    return playing


def at_stage(panel: str, stage: Stage) -> Player:
    """A visit whose sheet has come so far."""
    playing = at_question(panel)
    playing.script(PrintingScript).stages = (Stage.MAKING, stage)
    playing.touch("yes")
    playing.wait(0.3)
    return playing


def at_sticker_sheet(panel: str = "1280x800", route: Route = Route.PRINTER) -> Player:
    """A visit whose sticker is laid out, to be printed."""
    playing = at_sticker(panel)
    playing.script(PrintingScript).paper = Paper(route=route, left=2)
    playing.touch("take")
    playing.wait(0.3)
    return playing
