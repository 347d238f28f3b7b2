"""The states of this topic that are worth looking at."""

from collections.abc import Callable
from functools import partial

from kiosk.core.message import CameraFound, JobLost
from kiosk.core.visit import Answer, Ranked
from kiosk.errors import LeftOut
from kiosk.topics.photograph.facts import Hint
from kiosk.topics.photograph.messages import LiveJudged, StickFound, StickLost, UploadSeen
from tests.player import ORIGINAL, Player, player, taught_answer
from tests.topics.photograph.scripted import SEEN, at_first_answer, at_live, at_upload
from tests.topics.teaching.scripted import at_trained


def _live(panel: str) -> Player:
    playing = at_live(panel)
    playing.send(LiveJudged(ORIGINAL))
    playing.wait(1.0)
    return playing


def _mapped(panel: str) -> Player:
    playing = at_live(panel)
    playing.send(LiveJudged(ORIGINAL, maps=True))
    playing.touch("map")
    playing.wait(1.0)
    return playing


def _unsure(panel: str) -> Player:
    playing = at_live(panel)
    playing.send(LiveJudged(Answer((Ranked(903, 0.14), Ranked(610, 0.11), Ranked(841, 0.08)))))
    playing.wait(1.0)
    return playing


def seen_hint(panel: str, hint: Hint) -> Player:
    playing = at_live(panel)
    for _ in range(8):
        playing.send(LiveJudged(*SEEN[hint]))
        playing.wait(0.1)
    return playing


def _countdown(panel: str) -> Player:
    playing = _live(panel)
    playing.touch("shoot")
    playing.wait(1.1)
    return playing


def _beat(panel: str) -> Player:
    playing = at_first_answer(panel, told=False)
    playing.wait(0.1)
    return playing


def _first_unknown(panel: str) -> Player:
    playing = seen_live_taught(panel, known=False)
    playing.original = taught_answer(0.41, 0.33, 0.26, known=False)
    playing.touch("shoot")
    playing.wait(4.0)
    return playing


def _looking(panel: str) -> Player:
    playing = player(panel)
    playing.send(StickFound())
    playing.touch("anywhere")
    playing.answers = False
    playing.touch("stick")
    playing.wait(0.1)
    playing.send(*(UploadSeen(playing.state.context.next_job - 1, number) for number in range(3)))
    return playing


def _later(panel: str) -> Player:
    playing = at_upload(panel)
    playing.touch("later")
    playing.wait(0.2)
    return playing


def _bad_upload(panel: str) -> Player:
    playing = at_upload(panel, uploads=5)
    playing.answers = False
    playing.touch("pick-1")
    playing.send(JobLost(playing.state.context.next_job - 1))
    return playing


def _gone(panel: str) -> Player:
    playing = at_upload(panel)
    playing.send(StickLost())
    return playing


def seen_stock(panel: str, *, counting: bool = False) -> Player:
    playing = _live(panel)
    playing.send(CameraFound("webcam: there is no /dev/video0; plug a USB camera in"))
    if counting:
        playing.touch("shoot")
        playing.wait(1.1)
    return playing


def seen_with_stick(playing: Player) -> Player:
    playing.send(StickFound())
    return playing


def seen_live_taught(panel: str, *, known: bool) -> Player:
    playing = at_trained(panel, labels=3)
    playing.touch("try")
    shares = (0.91, 0.06, 0.03) if known else (0.41, 0.33, 0.26)
    playing.send(LiveJudged(taught_answer(*shares, known=known)))
    playing.wait(1.0)
    return playing


SOME_LEFT_OUT = ((LeftOut.TOO_LARGE, 2), (LeftOut.NO_PICTURE, 1))
STATES: dict[str, Callable[[str], Player]] = {
    "live": _live,
    "live-stock": seen_stock,
    "live-stock-countdown": lambda panel: seen_stock(panel, counting=True),
    "live-unsure": _unsure,
    "live-countdown": _countdown,
    **{f"live-{hint.value}": partial(seen_hint, hint=hint) for hint in (Hint.DARK, Hint.CLOSER, Hint.PERSON)},
    "first-beat": _beat,
    "first-answer": at_first_answer,
    "first-unknown": _first_unknown,
    "upload": _later,
    "upload-looking": _looking,
    "upload-failed": _bad_upload,
    "upload-empty": lambda panel: at_upload(panel, uploads=0),
    "upload-gone": _gone,
    "upload-left-out": lambda panel: at_upload(panel, 7, SOME_LEFT_OUT),
    "upload-all-left-out": lambda panel: at_upload(panel, 0, ((LeftOut.RAW, 14), (LeftOut.TOO_SLOW, 1))),
    "upload-most-left-out": lambda panel: at_upload(panel, 30, tuple((why, 128) for why in LeftOut)),
    "live-mapped": _mapped,
    "live-stick": lambda panel: seen_with_stick(_live(panel)),
    "live-taught": lambda panel: seen_live_taught(panel, known=True),
    "live-unknown": lambda panel: seen_live_taught(panel, known=False),
}
OF_ALL_TOPICS: dict[str, Callable[[str], Player]] = {
    f"live-{hint.value}": partial(seen_hint, hint=hint)
    for hint in (Hint.STILL, Hint.ONE, Hint.EMPTY, Hint.STRANGE)
}
