"""Visits that teach."""

from kiosk.core.lesson import NOT_TESTED
from kiosk.core.message import Effect, Event
from kiosk.core.parts import COUNT_S
from kiosk.topics.teaching.messages import (
    Epoch,
    EpochTrained,
    ExampleRecorded,
    HeadTrained,
    RecordExample,
    TrainHead,
)
from kiosk.topics.teaching.screens.teach import BURST_S
from tests.player import Player, Script, taught_answer
from tests.topics.photograph.scripted import at_live

EPOCHS = 40


class TeachingScript(Script):
    """What this topic's effects are answered with."""

    def answer(self, playing: Player, effect: Effect) -> tuple[Event, ...] | None:
        """The news that an effect leads to."""
        del playing
        match effect:
            case RecordExample(job):
                return (ExampleRecorded(job),)
            case TrainHead(job):
                return (*(EpochTrained(job, epoch(n, effect)) for n in range(1, EPOCHS + 1)), trained(effect))
            case _:
                return None


SCRIPT = TeachingScript


def epoch(number: int, effect: TrainHead) -> Epoch:
    """A training as it usually goes: quick at first, worse on what it never saw; every seventh stays wrong."""
    left = 0.9**number
    labels = len(effect.lesson.labels)
    said = tuple(
        (at + 1) % labels if row % 7 == 3 or row % 10 >= 3 * number else at
        for row, (at, _) in enumerate(effect.lesson.rows)
    )
    tested = any(label.bursts > 1 for label in effect.lesson.labels)
    loss, accuracy = (0.25 + 1.2 * left, 0.9 - 0.5 * left) if tested else (None, None)
    return Epoch(number, EPOCHS, 1.4 * left, 1 - 0.6 * left, loss, accuracy, said)


def trained(effect: TrainHead) -> HeadTrained:
    """The end of a training as the last epoch had it; a label with one burst is not tested."""
    bursts = [label.bursts for label in effect.lesson.labels]
    rows = zip(effect.lesson.rows, epoch(EPOCHS, effect).said, strict=True)
    return HeadTrained(effect.job, tuple(said if bursts[at] > 1 else NOT_TESTED for (at, _), said in rows))


def at_signs(panel: str = "1280x800") -> Player:
    """A visit that is about to teach its first label."""
    playing = at_live(panel)
    playing.touch("teach")
    return playing


def show(playing: Player, bursts: int = 1) -> None:
    """Have pictures taken of what is before the camera: ten a burst."""
    for _ in range(bursts):
        playing.touch("record")
        playing.wait(COUNT_S + BURST_S + 0.1)


def at_teach(panel: str = "1280x800", *, labels: int = 2, bursts: int = 2) -> Player:
    """A visit that has shown some labels, each in some bursts."""
    playing = at_signs(panel)
    for number in range(labels):
        if number:
            playing.touch("add")
        playing.touch(f"sign-{number}")
        show(playing, bursts)
    return playing


def at_trained(panel: str = "1280x800", *, labels: int = 2) -> Player:
    """A visit whose model has learned."""
    playing = at_teach(panel, labels=labels)
    playing.touch("train")
    playing.wait(0.3)
    return playing


def at_confusion(panel: str = "1280x800", *, labels: int = 2) -> Player:
    """A visit that looks at the test of what it taught."""
    playing = at_trained(panel, labels=labels)
    playing.touch("test")
    return playing


def at_fooled_taught(panel: str = "1280x800", *, labels: int = 3) -> Player:
    """A visit that fooled what it taught."""
    playing = at_trained(panel, labels=labels)
    playing.touch("try")
    playing.original = taught_answer(0.91, 0.06, 0.03)
    playing.touch("shoot")
    playing.wait(3.0)
    playing.touch("rate-unsure")
    playing.touch("label-1")
    playing.touch("fool")
    playing.wait(1.0)
    return playing
