"""A whole visit without a screen, in a process of its own that another one watches: `python -m` this module.

Its arguments: the state folder, the folder of the picture that the camera sees, and that of a stick. It is told on
standard input how far to go on, and answers with the numbers of the exhibit's and the gradient process.
"""

import sys
import time
from pathlib import Path

from kiosk.core.lesson import Example, Lesson, TaughtLabel
from kiosk.core.message import Forget, Reply
from kiosk.device.freed_memory import keep_together
from kiosk.device.state_folder import StateFolder
from kiosk.settings.sections import UploadSettings
from kiosk.topics.attack.messages import RunStep, StartStack, StepJudged
from kiosk.topics.photograph.messages import PictureTaken, TakeUpload
from kiosk.topics.prototypes.messages import AskReasons, FoolReasons, ReasonsFooled, ReasonsGiven
from kiosk.topics.teaching.messages import ExampleRecorded, HeadTrained, RecordExample, TrainHead
from tests.process.rehearsal import QUICK, Rehearsal, own

PER_LABEL = 4


def visit(rehearsal: Rehearsal) -> None:
    """All that a visitor can do with a picture: attack, maps, dice, paint, teach, attack that, ask why, an upload."""
    rehearsal.everything()
    labels = []
    for sign in range(2):
        examples = []
        for _ in range(PER_LABEL):
            number = example(rehearsal)
            examples.append(Example(number, number))
        labels.append(TaughtLabel(sign, tuple(examples)))
    rehearsal.ask(TrainHead(rehearsal.job(), ("Cup", "Cat"), Lesson(tuple(labels))), HeadTrained)
    rehearsal.attack(1, target=1)
    rehearsal.ask(AskReasons(rehearsal.job(), 1), ReasonsGiven)
    rehearsal.ask(FoolReasons(rehearsal.job(), 1), ReasonsFooled)
    rehearsal.ask(TakeUpload(rehearsal.job(), 0), PictureTaken)
    rehearsal.do(StartStack(1))
    for at in range(2):
        rehearsal.ask(RunStep(rehearsal.job(), at), StepJudged)


def example(rehearsal: Rehearsal) -> int:
    """Return the number of an example of the newest frame, as soon as there is one that is not an example yet."""
    while True:
        answer = rehearsal.ask(RecordExample(rehearsal.job()), Reply)
        if isinstance(answer, ExampleRecorded):
            return answer.job
        time.sleep(0.05)


def main(state: str, seen: str, stick: str) -> None:
    """Visit, wait to be told, forget, wait to be told, end."""
    keep_together()
    settings = QUICK.model_copy(update={"upload": UploadSettings(folders=(Path(stick),))})
    with own(StateFolder(Path(state)), f"pictures:{seen}", settings) as rehearsal:
        rehearsal.ready()
        visit(rehearsal)
        wait_after("visited", rehearsal)
        rehearsal.do(Forget())
        models = rehearsal.workshop.models
        done: list[bool] = []
        models.thread.ask(lambda _: done.append(True), lambda _: None, lasting=True)
        rehearsal.until(lambda: bool(done), "all forgotten")
        assert models.gradients is not None
        models.gradients.ping().result()
        wait_after("forgotten", rehearsal)


def wait_after(what: str, rehearsal: Rehearsal) -> None:
    """Say what is done, and wait for a line."""
    gradients = rehearsal.workshop.models.gradients
    assert gradients is not None
    sys.stdout.write(f"{what} {gradients.pid}\n")
    sys.stdout.flush()
    sys.stdin.readline()


if __name__ == "__main__":
    main(*sys.argv[1:])
