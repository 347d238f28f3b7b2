"""Visits that take a picture."""

from dataclasses import replace

from kiosk.core.message import Effect, Event
from kiosk.core.visit import Answer, Ranked
from kiosk.errors import LeftOut
from kiosk.topics.photograph.facts import Hint, Seen
from kiosk.topics.photograph.messages import (
    ListUploads,
    PictureTaken,
    StickFound,
    TakePicture,
    TakeStockPicture,
    TakeUpload,
    UploadSeen,
    UploadsLeftOut,
    UploadsListed,
)
from kiosk.topics.photograph.screens.first_answer import FirstAnswer
from tests.player import CUP, ESPRESSO, ORIGINAL, Player, Script, player


class PhotographScript(Script):
    """What this topic's effects are answered with."""

    uploads = 30  # pictures on the stick
    left_out: tuple[tuple[LeftOut, int], ...] = ()  # files that are passed over, on every page

    def answer(self, playing: Player, effect: Effect) -> tuple[Event, ...] | None:
        """The news that an effect leads to."""
        match effect:
            case TakePicture(job) | TakeStockPicture(job) | TakeUpload(job):
                return (PictureTaken(job, playing.original),)
            case ListUploads(job, start, count):
                numbers = range(start, min(self.uploads, start + count))
                following = numbers.stop if numbers.stop < self.uploads else None
                seen = (UploadSeen(job, number) for number in numbers)
                left_out = (UploadsLeftOut(job, why, count) for why, count in self.left_out)
                return (*seen, *left_out, UploadsListed(job, following))
            case _:
                return None


SCRIPT = PhotographScript
WELL = Seen(light=180.0, blur=0.3, doubt=1.0, spread=0.45, apartness=0.0)
GUESS = Answer((Ranked(ESPRESSO, 0.3), Ranked(CUP, 0.2)))
# What is measured, and answered, where a hint helps.
SEEN: dict[Hint, tuple[Answer, Seen]] = {
    Hint.DARK: (GUESS, replace(WELL, light=30.0)),
    Hint.STILL: (ORIGINAL, replace(WELL, blur=0.7)),
    Hint.PERSON: (Answer((Ranked(834, 0.3), Ranked(906, 0.2), Ranked(903, 0.1))), replace(WELL, doubt=3.0)),
    Hint.ONE: (GUESS, replace(WELL, doubt=3.5, apartness=0.7)),
    Hint.EMPTY: (GUESS, replace(WELL, doubt=5.0, spread=0.9)),
    Hint.CLOSER: (GUESS, replace(WELL, doubt=3.0, spread=0.25)),
    Hint.STRANGE: (GUESS, replace(WELL, doubt=5.0)),
}


def at_live(panel: str = "1280x800", *, ready: bool = True) -> Player:
    """A visit that has begun."""
    playing = player(panel, ready=ready)
    playing.touch("anywhere")
    return playing


def at_first_answer(panel: str = "1280x800", *, told: bool = True) -> Player:
    """A visit with a picture, as its shutter opens or, once it is `told`, after the beat."""
    playing = at_live(panel)
    playing.touch("shoot")
    while not isinstance(playing.state.screen, FirstAnswer):
        playing.wait(0.1)
    if told:
        playing.wait(1.2)
    return playing


def at_upload(
    panel: str = "1280x800", uploads: int = 30, left_out: tuple[tuple[LeftOut, int], ...] = ()
) -> Player:
    """A visit that looks at a USB stick."""
    playing = player(panel)
    script = playing.script(PhotographScript)
    script.uploads, script.left_out = uploads, left_out
    playing.send(StickFound())
    playing.touch("anywhere")
    playing.touch("stick")
    playing.wait(0.5)
    return playing
