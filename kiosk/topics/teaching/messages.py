"""What a visitor teaches: labels, their examples, a training, its test."""

from dataclasses import dataclass

from kiosk.core.context import Context
from kiosk.core.labels import TAUGHT, Labels, ModelChoice, Tile
from kiosk.core.lesson import Lesson
from kiosk.core.message import Asking, Effect, Reply, Way
from kiosk.core.screen import Screen


@dataclass(frozen=True, slots=True)
class Epoch:
    """How far a training is: mean loss and accuracy after an epoch, on what is learned and on what is held out.

    `said` is what each example is called by now, in the lesson's order: by a network that never saw its burst, where
    there is one.
    """

    epoch: int
    epochs: int
    loss: float
    accuracy: float
    held_out_loss: float | None
    held_out_accuracy: float | None
    said: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ToTeach(Way):
    """Begin to teach, or go on with what the visitor taught so far; a picture that `waits` is there afterwards."""

    waits: bool = False

    @property
    def fresh(self) -> bool:
        """Return whether the picture there was is forgotten."""
        return not self.waits


@dataclass(frozen=True, slots=True)
class ToLesson(Way):
    """Show examples of the label that stands there (None: the last one) to the camera."""

    at: int | None = None


@dataclass(frozen=True, slots=True)
class ToSigns(Way):
    """Pick what the next label is called."""


@dataclass(frozen=True, slots=True)
class ToAlbum(Way):
    """Look through the pictures of a label, or through those of one cell of the test."""

    at: int
    said: int | None = None


@dataclass(frozen=True, slots=True)
class ToTraining(Way):
    """Teach the network the labels that have examples."""


@dataclass(frozen=True, slots=True)
class ToTrained(Way):
    """It has learned, and judges with what it learned.

    `predicted` is what its own test gave each example, `screen` shows what came of it. Where it has `replaced` what
    judged the visitor's picture, that is forgotten: nothing can be said of it any more.
    """

    predicted: tuple[int, ...]
    screen: Screen
    replaced: bool = False

    @property
    def fresh(self) -> bool:
        """Return whether the picture there was is forgotten."""
        return self.replaced


@dataclass(frozen=True, slots=True)
class ToConfusion(Way):
    """See where it was right and wrong in its own test."""


@dataclass(frozen=True, slots=True)
class RecordExample(Asking):
    """Keep the newest frame as the example of this job's number, say `ExampleRecorded` or `JobLost`."""


@dataclass(frozen=True, slots=True)
class DropExamples(Effect):
    """Drop examples."""

    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TrainHead(Asking):
    """Teach a lesson's labels, by these names; say `EpochTrained` again and again, then `HeadTrained`, or `JobLost`."""

    names: tuple[str, ...]
    lesson: Lesson


@dataclass(frozen=True, slots=True)
class ExampleRecorded(Reply):
    """The answer to `RecordExample`: the picture is there as `example-JOB`."""


@dataclass(frozen=True, slots=True)
class EpochTrained(Reply):
    """`TrainHead` is so far; more follows."""

    epoch: Epoch


@dataclass(frozen=True, slots=True)
class HeadTrained(Reply):
    """The answer to `TrainHead`: the head judges from now on.

    `predicted` is each example's label by a network that never saw its burst, -1 where none could be tested.
    """

    predicted: tuple[int, ...]


def taught_model(context: Context, lesson: Lesson) -> ModelChoice | None:
    """Return the model that learned a lesson, with the names of its signs; None where nothing was learned."""
    if lesson.report is None:
        return None
    signs = [context.signs[sign] for sign in lesson.report.signs]
    tiles = tuple(Tile(label, sign.icon) for label, sign in enumerate(signs))
    labels = Labels.of(tuple(sign.name for sign in signs), frozenset(), tiles)
    return ModelChoice(TAUGHT, context.texts("models.taught"), labels, taught=True)
