"""A visitor's lesson as an exhibit dataset, and an exhibit dataset as a lesson; nothing here belongs to a thread."""

import logging
from dataclasses import dataclass, replace

import msgspec
import numpy as np

from kiosk.core.lesson import Lesson, Sign
from kiosk.errors import KioskError, PictureError
from kiosk.gradients.client import Taught
from kiosk.perform.recordings import Recorded
from kiosk.store.exhibit_dataset import (
    PICTURE_SIDE,
    DatasetLabel,
    ExhibitDataset,
    StoredExample,
    TrainedHead,
    check_dataset,
    utc_now,
)
from kiosk.topics.datasets.facts import OpenedDataset, OpenedLabel
from kiosk.vision.examples import NEVER_HELD_OUT, Examples
from kiosk.vision.head import HeadError, head_bytes, head_in
from kiosk.vision.picture import Rgb, to_picture
from kiosk.vision.reading import decoded_json
from kiosk.vision.recipe import Recipe

log = logging.getLogger(__name__)

Predicted = tuple[int | None, ...]
UNSEEN = np.empty(0, np.float32)


class _HeadNotes(msgspec.Struct, frozen=True):
    """What is kept beside a head: how it was trained, and what its own test gave each example (`OpenedDataset`)."""

    recipe: Recipe
    predicted: Predicted


@dataclass(frozen=True, eq=False)
class TaughtLesson:
    """A lesson with all that the performer has of it: signs of its labels, its examples in order, and what was taught.

    All labels have examples. `taught` is None where nothing was trained.
    """

    signs: tuple[Sign, ...]
    lesson: Lesson
    recorded: tuple[Recorded, ...]
    taught: Taught | None
    recipe: Recipe


def _picture(example: StoredExample) -> Rgb | None:
    try:
        return example.picture()
    except PictureError:
        return None


def to_dataset(taught: TaughtLesson, name: str) -> ExhibitDataset:
    """Return a lesson as a dataset of that name; the head is in it where it learned exactly these examples.

    Embeddings are kept where all are of one model, and of the picture that is kept.
    """
    seen = {recorded.sha256 for recorded in taught.recorded}
    whole = all(recorded.picture.shape[0] == PICTURE_SIDE for recorded in taught.recorded)
    backbone = seen.pop() if whole and len(seen) == 1 else None
    examples = tuple(
        StoredExample.of(
            to_picture(recorded.picture, PICTURE_SIDE),
            at,
            example.burst,
            None if backbone is None else recorded.embedding,
        )
        for (at, example), recorded in zip(taught.lesson.rows, taught.recorded, strict=True)
    )
    return ExhibitDataset(
        name,
        utc_now(),
        tuple(DatasetLabel(sign.name, sign.icon) for sign in taught.signs),
        examples,
        backbone or None,
        _trained_head(taught) if backbone else None,
    )


def _trained_head(taught: TaughtLesson) -> TrainedHead | None:
    """Return the head that learned exactly these examples, None where there is none."""
    lesson, report = taught.lesson, taught.lesson.report
    if taught.taught is None or report is None or not lesson.learned:
        return None
    said = {one.example.number: one.said for one in report.tested}
    predicted = tuple(said.get(example.number) for _, example in lesson.rows)
    embeddings = [taught.recorded[row].embedding for row in in_order_of_test(predicted)]
    if not np.array_equal(np.stack(embeddings), taught.taught.examples.embeddings):
        return None
    notes = _HeadNotes(taught.recipe, predicted)
    return TrainedHead(head_bytes(taught.taught.head), msgspec.json.encode(notes).decode())


def in_order_of_test(predicted: Predicted) -> tuple[int, ...]:
    """Return the rows of a lesson as a head has them: those of its test, then the vaccines."""
    return tuple(sorted(range(len(predicted)), key=lambda row: predicted[row] is None))


@dataclass(frozen=True, eq=False)
class Unpacked:
    """A dataset whose examples stand in the order of its labels, and their pictures."""

    dataset: ExhibitDataset
    pictures: tuple[Rgb, ...]

    @classmethod
    def of(cls, dataset: ExhibitDataset) -> "Unpacked":
        """Return a dataset with its pictures, damaged ones left out. Raises DatasetError."""
        seen = [
            (example, picture)
            for example in sorted(dataset.examples, key=lambda example: example.label)
            if (picture := _picture(example)) is not None
        ]
        whole = replace(dataset, examples=tuple(example for example, _ in seen))
        check_dataset(whole)
        return cls(whole, tuple(picture for _, picture in seen))

    def recorded(self) -> list[Recorded]:
        """Return the examples as a visit has them; those without an embedding are looked at before a training."""
        return [
            Recorded(picture, UNSEEN if example.embedding is None else example.embedding, self.sha256)
            for example, picture in zip(self.dataset.examples, self.pictures, strict=True)
        ]

    def opened(self, predicted: Predicted) -> OpenedDataset:
        """Return what is told of it."""
        labels = tuple(
            OpenedLabel(
                Sign(label.name, label.icon),
                tuple(example.burst for example in self.dataset.examples if example.label == at),
            )
            for at, label in enumerate(self.dataset.labels)
        )
        return OpenedDataset(labels, predicted)

    @property
    def sha256(self) -> str:
        """Return the digest of the model whose embeddings it has, or nothing."""
        return self.dataset.backbone or ""

    def learned(self, model_sha256: str) -> tuple[Taught, Predicted] | None:
        """Return its head with what that learned, None where it has none, or one of another model or damaged."""
        kept = self.dataset.head
        if kept is None or self.sha256 != model_sha256:
            return None
        try:
            return self._taught(kept)
        except KioskError as error:
            log.warning("event=kept_head_left_out reason=%s", error)
            return None

    def _taught(self, kept: TrainedHead) -> tuple[Taught, Predicted]:
        embeddings = np.stack([recorded.embedding for recorded in self.recorded()])
        head = head_in(kept.npz, self.sha256, embeddings.shape[1])
        predicted = _notes(kept).predicted
        examples, labels = self.dataset.examples, len(self.dataset.labels)
        known = {None, NEVER_HELD_OUT, *range(labels)}
        if len(head.labels) != labels or len(predicted) != len(examples) or not known.issuperset(predicted):
            raise HeadError("the kept head does not fit its dataset; train it again")
        order = in_order_of_test(predicted)
        taught = Examples(
            head.labels,
            embeddings[list(order)],
            tuple(examples[row].label for row in order),
            tuple(examples[row].burst for row in order),
        )
        said = [predicted[row] for row in order]
        return Taught(head, taught, tuple(NEVER_HELD_OUT if s is None else s for s in said)), predicted


def _notes(kept: TrainedHead) -> _HeadNotes:
    notes: _HeadNotes = decoded_json(kept.settings, _HeadNotes)
    return notes
