"""A judge that explains itself: taught on the visitor's examples, asked, and attacked."""

from collections.abc import Generator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from kiosk.attack.noise import iterate_picture
from kiosk.core.message import JobAdvanced
from kiosk.errors import KioskError
from kiosk.gradients.client import Taught
from kiosk.perform.in_steps import Finding, Pieces, in_steps
from kiosk.perform.models import TaughtModel
from kiosk.perform.part import Part
from kiosk.perform.workshop import Workshop
from kiosk.topics.prototypes.facts import MOST_STEPS, SHOWN, Cell, Likeness, Reasoned
from kiosk.topics.prototypes.messages import AskReasons, FoolReasons, ReasonsFooled, ReasonsGiven
from kiosk.vision.arrays import Floats
from kiosk.vision.classifier import AnyClassifier
from kiosk.vision.picture import Rgb
from kiosk.vision.prototypes.teaching import Patches, TaughtPrototypes, teach_prototypes

MOST_EACH = 20  # of each label: what one more adds is small, and each holds a quarter of a megabyte meanwhile
SEEING = 0.7  # the share of the time that the examples take
STEP_255, BUDGET_255 = 0.5, 16.0


@dataclass(frozen=True, eq=False)
class _Judge:
    """What was taught, the prototypes of it, and the pictures that they come from."""

    model: Taught
    taught: TaughtPrototypes
    places: tuple[int, ...]
    pictures: tuple[Rgb, ...]


@dataclass(frozen=True, eq=False)
class _Trick:
    """An attack under way: what it aims at, the judge, and how far it is."""

    effect: FoolReasons
    judge: _Judge
    original: Rgb
    iterate: Floats
    step: int = 0


class Prototyping(Part[AskReasons | FoolReasons]):
    """Owns the judge of what the visitor taught, for as long as that judges."""

    performs = (AskReasons, FoolReasons)

    def __init__(self, workshop: Workshop) -> None:
        """Work with what all parts share."""
        super().__init__(workshop)
        self._judge: _Judge | None = None

    def perform(self, effect: AskReasons | FoolReasons) -> None:
        """Begin; the job is lost where nothing was taught, or there is no such step."""
        stack, model = self._workshop.pictures.stack, self._workshop.models.taught
        judge = self._judge if model is not None and self._current(model) else None
        self._workshop.jobs.want(effect.job)
        if stack is None or model is None or self._workshop.models.head is None:
            self._lose(effect.job, "there is no picture, or nothing was taught")
        elif isinstance(effect, FoolReasons):
            if judge is None:
                self._lose(effect.job, "there is no judge to fool")
            else:
                original = stack.original
                self._step(_Trick(effect, judge, original, original.astype(np.float32)))
        elif effect.step >= len(stack.iterates):
            self._lose(effect.job, "there is no such step")
        else:
            pictures = (stack.original, stack.picture(effect.step))
            in_steps(self._workshop, effect.job, partial(self._asked, effect.job, pictures, model, judge))

    def forget_picture(self) -> None:
        """Drop nothing: no picture that was taken is kept here."""

    def forget(self) -> None:
        """Drop the judge, and the patches that it keeps."""
        self._judge = None

    def _current(self, model: TaughtModel) -> bool:
        return self._judge is not None and self._judge.model is model.taught

    def _lose(self, job: int, reason: str) -> None:
        self._workshop.jobs.lose(job, KioskError(reason))

    def _asked(
        self,
        job: int,
        pictures: tuple[Rgb, Rgb],
        model: TaughtModel,
        judge: _Judge | None,
        classifier: AnyClassifier,
    ) -> Pieces:
        """Look at the examples, learn from them, then judge both pictures."""
        if judge is None:
            judge = yield from _taught(model, classifier)
        shelf: dict[str, Rgb] = {}
        before, after = (_reasoned(judge, picture, classifier, shelf) for picture in pictures)
        told = ReasonsGiven(job, before, after, *_shares_right(judge))
        return Finding(told, shelf, partial(self._keep, judge))

    def _keep(self, judge: _Judge) -> None:
        self._judge = judge

    def _step(self, trick: _Trick) -> None:
        gradients, job = self._workshop.models.gradients, trick.effect.job
        if gradients is None:
            self._lose(job, "there is no gradient process yet")
            return
        promise = gradients.step(
            "sign",
            trick.iterate,
            trick.original,
            trick.effect.lie,
            step_255=STEP_255,
            budget_255=BUDGET_255,
            head=trick.judge.taught.head,
        )
        self._workshop.jobs.want(job, promise)
        promise.add_done_callback(partial(self._stepped, trick))

    def _stepped(self, trick: _Trick, promise: "Future[Any]") -> None:
        error = promise.exception()
        if error is not None:
            self._workshop.jobs.lose(trick.effect.job, error)
            return
        effect, judge = trick.effect, trick.judge
        after = _Trick(effect, judge, trick.original, promise.result(), trick.step + 1)
        self._workshop.ask(effect.job, partial(self._see, after))

    def _see(self, trick: _Trick, classifier: AnyClassifier) -> None:
        """Judge a step, and go on while it does not fool; in the classify thread."""
        job, picture = trick.effect.job, iterate_picture(trick.iterate)
        shelf = {"prototypes-fooled": picture}
        after = _reasoned(trick.judge, picture, classifier, shelf)
        jobs = self._workshop.jobs
        if after.label == trick.effect.lie or trick.step == MOST_STEPS:
            put = partial(self._workshop.pictures.update, shelf)
            jobs.tell(ReasonsFooled(job, after, trick.step), put, job)
        else:
            share = trick.step / MOST_STEPS
            jobs.tell_so_far(JobAdvanced(job, share), job, partial(self._step, trick))


def chosen(labels: Sequence[int], bursts: Sequence[int], most: int) -> tuple[int, ...]:
    """Return the places of so many examples of each label, from as many of its bursts as can be."""
    places: list[int] = []
    for label in sorted(set(labels)):
        by_burst: dict[int, list[int]] = {}
        for place, (of, burst) in enumerate(zip(labels, bursts, strict=True)):
            if of == label:
                by_burst.setdefault(burst, []).append(place)
        longest = max(map(len, by_burst.values()))
        in_turn = [burst[at] for at in range(longest) for burst in by_burst.values() if at < len(burst)]
        places += in_turn[:most]
    return tuple(sorted(places))


def _taught(model: TaughtModel, classifier: AnyClassifier) -> Generator[float, None, _Judge]:
    """Return the judge of what was taught; yields how far (0..1) it is."""
    examples, every = model.taught.examples, tuple(model.pictures.values())
    places = chosen(examples.labels[: len(every)], examples.bursts[: len(every)], MOST_EACH)
    features = []
    for done, place in enumerate(places):
        yield SEEING * done / len(places)
        features.append(classifier(every[place]).features)
    patches = Patches(
        examples.names,
        np.stack(features),
        tuple(examples.labels[place] for place in places),
        tuple(examples.bursts[place] for place in places),
    )
    taught = yield from _later(teach_prototypes(patches))
    return _Judge(model.taught, taught, places, tuple(every[place] for place in places))


def _later(learning: Generator[float, None, TaughtPrototypes]) -> Generator[float, None, TaughtPrototypes]:
    """Return what is learned; how far that is counts from where the examples were seen."""
    while True:
        try:
            share = next(learning)
        except StopIteration as ended:
            taught: TaughtPrototypes = ended.value
            return taught
        yield SEEING + (1 - SEEING) * share


def _reasoned(judge: _Judge, picture: Rgb, classifier: AnyClassifier, shelf: dict[str, Rgb]) -> Reasoned:
    """Return the answer with its parts, and put the taught pictures that they name on a shelf."""
    features, head = classifier(picture).features, judge.taught.head
    logits = head.logits(features)
    label, rival = np.argsort(-logits, kind="stable")[:2].tolist()
    matches, (_, *grid) = head.explained(features, label), features.shape
    parts: list[Likeness] = []
    for match in matches[:SHOWN]:
        example, cell = judge.taught.sources[match.patch]
        key = f"prototype-{judge.places[example]}"
        shelf[key] = judge.pictures[example]
        parts.append(Likeness(_cell(match.cell, grid), key, _cell(cell, grid), match.likeness, match.points))
    return Reasoned(
        label,
        rival,
        float(1 / np.exp(logits - logits[label]).sum()),
        float(logits[label]),
        tuple(parts),
        float(sum(match.points for match in matches[SHOWN:])),
    )


def _cell(number: int, grid: Sequence[int]) -> Cell:
    rows, columns = grid
    return Cell(*divmod(number, columns), rows, columns)


def _shares_right(judge: _Judge) -> tuple[float | None, float | None]:
    """Return which shares of its examples this judge and the taught head answer rightly, unseen; None for none."""
    labels, theirs = judge.model.examples.labels, judge.model.predicted
    rows = [
        (own == labels[place], theirs[place] == labels[place])
        for place, own in zip(judge.places, judge.taught.predicted, strict=True)
        if own >= 0 and theirs[place] >= 0
    ]
    if not rows:
        return None, None
    own_right, others_right = (sum(column) / len(rows) for column in zip(*rows, strict=True))
    return own_right, others_right
