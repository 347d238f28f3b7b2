"""The visitor's picture: from the camera, from our own, or from a USB stick."""

from dataclasses import dataclass

from kiosk.core.context import Context, Fact
from kiosk.core.message import Asking, Effect, News, Reply, Way
from kiosk.core.visit import Answer
from kiosk.errors import LeftOut
from kiosk.topics.photograph.facts import Seen


@dataclass(frozen=True, slots=True)
class ToLive(Way):
    """Take a (new) picture."""

    @property
    def fresh(self) -> bool:
        """Return that the picture there was is forgotten."""
        return True


@dataclass(frozen=True, slots=True)
class ToUpload(Way):
    """Take a picture from a USB stick."""


@dataclass(frozen=True, slots=True)
class ToFirstAnswer(Way):
    """Tell what the machine says of the picture, and ask whether that is right.

    `own` says that the picture is the visitor's, so that the machine's being right counts.
    """

    answer: Answer
    own: bool = True


@dataclass(frozen=True, slots=True)
class StartLive(Effect):
    """Keep `camera` fresh; unless only looking is wanted, classify its frames and say `LiveJudged` for each."""

    judging: bool = True


@dataclass(frozen=True, slots=True)
class StopLive(Effect):
    """Stop showing and classifying camera frames."""


@dataclass(frozen=True, slots=True)
class MapLive(Effect):
    """Lay over `camera` what speaks for the first answer, or nothing any more; `StopLive` ends it too."""

    on: bool


@dataclass(frozen=True, slots=True)
class StartFraming(Effect):
    """Keep `framing` fresh: all that the camera sees, dark but for the square that is used; `StopLive` ends it."""


@dataclass(frozen=True, slots=True)
class TakePicture(Asking):
    """Freeze the newest frame as `original`, judge it, say `PictureTaken` or `JobLost`."""


@dataclass(frozen=True, slots=True)
class TakeStockPicture(Asking):
    """Put one of our own pictures there instead (no camera), say `PictureTaken` or `JobLost`."""


@dataclass(frozen=True, slots=True)
class RestartCamera(Effect):
    """Close the camera and open it again."""


@dataclass(frozen=True, slots=True)
class OrientCamera(Effect):
    """Turn the camera's picture by so many degrees clockwise (0, 90, 180, 270), and mirror it, from now on."""

    turned: int
    mirrored: bool


@dataclass(frozen=True, slots=True)
class ListUploads(Asking):
    """Look at the pictures on the USB stick from number `start` on, until `count` could be read.

    Each is put there as `upload-0`, `upload-1` and so on, and said with `UploadSeen`, those that are passed over with
    `UploadsLeftOut`; then comes `UploadsListed`. Another picture that is asked for meanwhile ends the page early.
    """

    start: int
    count: int


@dataclass(frozen=True, slots=True)
class TakeUpload(Asking):
    """Freeze picture `number` on the USB stick as `original`, judge it, say `PictureTaken` or `JobLost`."""

    number: int


@dataclass(frozen=True, slots=True)
class LiveJudged(News):
    """The classifier looked at a newer camera frame; `seen` is what was measured of it.

    `maps` says that `MapLive` can show where it found its answer.
    """

    answer: Answer
    seen: Seen | None = None
    maps: bool = False


@dataclass(frozen=True, slots=True)
class PictureTaken(Reply):
    """The answer to `TakePicture`, `TakeStockPicture` and `TakeUpload`: `original` is on the shelf and was judged."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class UploadSeen(Reply):
    """One picture of the USB stick, its number there, is on the shelf as the next `upload-…`."""

    number: int


@dataclass(frozen=True, slots=True)
class UploadsLeftOut(Reply):
    """Some files of the USB stick are passed over, and why."""

    why: LeftOut
    count: int = 1


@dataclass(frozen=True, slots=True)
class UploadsListed(Reply):
    """The answer to `ListUploads`, after all the others: where the next page would start, None at the end."""

    following: int | None


@dataclass(frozen=True, slots=True)
class Stick(Fact):
    """Report whether there are pictures on a USB stick (or in a folder that staff named)."""

    found: bool = False


@dataclass(frozen=True, slots=True)
class StickFound(News):
    """There are pictures on a USB stick."""

    def known(self, context: Context) -> Context:
        """Return the context with a stick."""
        return context.with_fact(Stick(found=True))


@dataclass(frozen=True, slots=True)
class StickLost(News):
    """There are none any more."""

    def known(self, context: Context) -> Context:
        """Return the context without a stick."""
        return context.with_fact(Stick())
