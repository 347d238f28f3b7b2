"""The states of this topic that are worth looking at."""

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from kiosk.attack.noise import iterate_picture
from kiosk.paper.drawing import sheet_drawing, sticker_drawing
from kiosk.paper.layout import Block, Shown
from kiosk.recapture.sticker import grey_sticker
from kiosk.topics.printing.facts import Route, Stage
from tests.golden.pictures import coffee
from tests.golden.pictures import pictures as shelf
from tests.player import Player
from tests.stickers import coarse
from tests.topics.printing.scripted import at_question, at_sheet, at_stage, at_sticker_sheet


def pictures() -> dict[str, NDArray[np.uint8]]:
    """The sheets' pictures between their markers."""
    there = shelf()
    shown = {Shown.ORIGINAL: coffee(), Shown.PROOF: there["adversarial"], Shown.CONTROL: there["dice"]}
    sheets = {f"sheet-{what.name.lower()}": sheet_drawing(one, Block(what)) for what, one in shown.items()}
    stickers = {"sheet-sticker": coarse(), "sheet-grey": iterate_picture(grey_sticker())}
    return sheets | {key: sticker_drawing(one) for key, one in stickers.items()}


def _large(panel: str) -> Player:
    playing = at_sheet(panel, Route.SCREEN)
    playing.touch("show")
    playing.wait(0.3)
    return playing


def _control(panel: str) -> Player:
    playing = at_sheet(panel)
    playing.touch("kind")
    playing.wait(0.3)
    return playing


def _sticker_asked(panel: str) -> Player:
    playing = at_sticker_sheet(panel)
    playing.touch("print")
    playing.wait(0.3)
    return playing


STATES: dict[str, Callable[[str], Player]] = {
    "printing": at_sheet,
    "printing-phone": partial(at_sheet, route=Route.SCREEN),
    "printing-asked": at_question,
    "printing-jam": partial(at_stage, stage=Stage.JAM),
    "printing-done": partial(at_stage, stage=Stage.DONE),
    "printing-large": _large,
    "printing-control": _control,
    "printing-sticker": at_sticker_sheet,
    "printing-sticker-asked": _sticker_asked,
}
