"""Visits that take a picture."""

from kiosk.core.message import Effect, Event
from kiosk.errors import LeftOut
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
from tests.player import Player, Script, player


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
