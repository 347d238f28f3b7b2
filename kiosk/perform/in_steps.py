"""Work of many judgements, done a piece at a time: how far it is can be shown, and it ends when nobody waits for it."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from functools import partial

from kiosk.core.message import JobAdvanced, Reply
from kiosk.perform.workshop import Workshop
from kiosk.vision.classifier import AnyClassifier
from kiosk.vision.picture import Rgb


@dataclass(frozen=True, eq=False)
class Finding:
    """What work came to: what is told, the pictures that are on the shelf by then, and how more of it is kept.

    Nothing is kept once the job is dropped; `keep` runs in the frame loop's thread.
    """

    told: Reply
    pictures: Mapping[str, Rgb] = field(default_factory=dict)
    keep: Callable[[], None] = lambda: None


# Yields how far (0..1) it is after each piece of work, and returns what came of it.
Pieces = Generator[float, None, Finding]


def in_steps(workshop: Workshop, job: int, begin: Callable[[AnyClassifier], Pieces]) -> None:
    """Do a job's work in the classify thread, a piece a frame at the most; each is told as `JobAdvanced`.

    Once the job is dropped no further piece begins, and what the work holds goes.
    """
    workshop.jobs.want(job)
    workshop.ask(job, lambda classifier: _piece(workshop, job, begin(classifier)))


def _piece(workshop: Workshop, job: int, pieces: Pieces) -> None:
    try:
        share = next(pieces)
    except StopIteration as ended:
        finding: Finding = ended.value
        workshop.jobs.tell(finding.told, partial(_put, workshop, finding), job)
        return
    go_on = partial(workshop.ask, job, lambda _: _piece(workshop, job, pieces))
    workshop.jobs.tell_so_far(JobAdvanced(job, share), job, go_on)


def _put(workshop: Workshop, finding: Finding) -> None:
    workshop.pictures.update(finding.pictures)
    finding.keep()
