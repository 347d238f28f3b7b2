"""The states of this topic that are worth looking at."""

from collections.abc import Callable

from kiosk.core.message import JobLost
from kiosk.topics.teaching.messages import EpochTrained, TrainHead
from tests.player import Player, of
from tests.topics.teaching.scripted import at_confusion, at_signs, at_teach, at_trained, epoch, show


def _recording(panel: str) -> Player:
    playing = _counting(panel)
    playing.wait(2.4)
    return playing


def _counting(panel: str) -> Player:
    playing = at_teach(panel, labels=1, bursts=1)
    playing.touch("record")
    playing.wait(0.5)
    return playing


def _eight(panel: str) -> Player:
    playing = at_teach(panel, labels=8)
    playing.wait(0.3)
    return playing


def _album(panel: str, picked: int | None = None, *presses: str) -> Player:
    playing = at_teach(panel, labels=3, bursts=3)
    playing.touch("album")
    if picked is not None:
        playing.touch([name for name in playing.names if name.startswith("example-")][picked])
    for press in presses:
        playing.touch(press)
    playing.wait(0.3)
    return playing


def _training(panel: str) -> Player:
    playing = _in_training(panel, epochs=2)
    playing.wait(0.45)
    return playing


def _more(panel: str) -> Player:
    playing = _in_training(panel, epochs=18)
    playing.touch("more")
    playing.wait(0.3)
    return playing


def _in_training(panel: str, *, epochs: int) -> Player:
    playing = at_teach(panel, labels=3)
    playing.answers = False
    playing.touch("train")
    playing.wait(0.2)
    asked = of(playing, TrainHead)[-1]
    playing.send(*(EpochTrained(asked.job, epoch(number, asked)) for number in range(1, epochs + 1)))
    return playing


def _beginning(panel: str) -> Player:
    playing = at_teach(panel, labels=3)
    playing.answers = False
    playing.touch("train")
    playing.wait(0.2)
    return playing


def _left_out(panel: str) -> Player:
    playing = at_teach(panel, labels=2)
    playing.touch("add")
    playing.touch("sign-2")
    show(playing)
    playing.touch("train")
    playing.wait(5.0)
    return playing


def _left_out_test(panel: str) -> Player:
    playing = _left_out(panel)
    playing.touch("back")
    playing.wait(0.3)
    return playing


def _training_lost(panel: str) -> Player:
    playing = _training(panel)
    playing.send(JobLost(of(playing, TrainHead)[-1].job, "gone"))
    playing.wait(0.3)
    return playing


def _trained(panel: str) -> Player:
    playing = at_trained(panel, labels=3)
    playing.wait(5.0)
    return playing


def _eight_trained(panel: str) -> Player:
    playing = at_trained(panel, labels=8)
    playing.wait(5.0)
    return playing


def _one_burst(panel: str) -> Player:
    playing = at_teach(panel, labels=2, bursts=1)
    playing.touch("train")
    playing.wait(5.0)
    return playing


def _confusion(panel: str, labels: int) -> Player:
    playing = at_confusion(panel, labels=labels)
    playing.wait(0.3)
    return playing


def _mistakes(panel: str) -> Player:
    playing = at_confusion(panel, labels=3)
    playing.touch("album")
    playing.wait(0.3)
    return playing


def _to_test(playing: Player) -> Player:
    playing.touch("test")
    playing.wait(0.3)
    return playing


STATES: dict[str, Callable[[str], Player]] = {
    "signs": at_signs,
    "teach-first": lambda panel: at_teach(panel, labels=1, bursts=0),
    "teach-counting": _counting,
    "teach-recording": _recording,
    "teach-other-side": lambda panel: at_teach(panel, labels=1, bursts=1),
    "teach-ready": lambda panel: at_teach(panel, labels=3),
    "teach-eight": _eight,
    "album": lambda panel: _album(panel),
    "album-picked": lambda panel: _album(panel, 5),
    "album-move": lambda panel: _album(panel, 2, "move"),
    "album-sure": lambda panel: _album(panel, None, "all"),
    "training-begins": _beginning,
    "training": _training,
    "training-more": _more,
    "training-lost": _training_lost,
    "trained": _trained,
    "trained-eight": _eight_trained,
    "trained-left-out": _left_out,
    "trained-one-burst": _one_burst,
    "teach-left-out": _left_out_test,
    "confusion": lambda panel: _confusion(panel, 3),
    "confusion-left-out": lambda panel: _to_test(_left_out(panel)),
    "confusion-eight": lambda panel: _confusion(panel, 8),
    "album-mistakes": _mistakes,
}
