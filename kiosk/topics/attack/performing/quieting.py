"""The least noise that keeps the lie: looked for in the gradient process, judged by the classifier as it comes."""

from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kiosk.attack.noise import iterate_picture, noise_size, noise_view
from kiosk.attack.verdict import judged
from kiosk.core.visit import Judged, Verdict
from kiosk.device.health import step_pause_s, temperature_c
from kiosk.errors import KioskError
from kiosk.perform.part import Part
from kiosk.perform.stack import Stack
from kiosk.topics.attack.facts import quieter
from kiosk.topics.attack.messages import QuietEnded, QuieterJudged, SeekQuiet
from kiosk.vision.classifier import AnyClassifier
from kiosk.vision.picture import Rgb

QUIET_GRADIENTS = 40


@dataclass
class _Search:
    """One search, which belongs to the classify thread: the L2 of what is shown, and the best found since.

    `told` says that something quieter was shown already.
    """

    asked: SeekQuiet
    stack: Stack
    shown_l2: float
    best_l2: float
    told: bool
    found: "_Found | None" = None


@dataclass(frozen=True)
class _Found:
    """A picture with less noise that is taken for the lie."""

    iterate: NDArray[np.float32]
    picture: Rgb
    judgement: Judged


class Quieting(Part[SeekQuiet]):
    """Lets the stack's top be followed by quieter and quieter pictures, each in the place of the one before."""

    performs = (SeekQuiet,)

    def perform(self, effect: SeekQuiet) -> None:
        """Begin a search from the stack's top; a hot processor rests instead, and nothing less is found."""
        jobs, stack, gradients = (
            self._workshop.jobs,
            self._workshop.pictures.stack,
            self._workshop.models.gradients,
        )
        jobs.want(effect.job)
        if stack is None or gradients is None or not 0 < effect.at_step < len(stack.iterates):
            jobs.lose(effect.job, KioskError("there is no attacked picture, or no gradient process yet"))
            return
        if step_pause_s(temperature_c(self._workshop.places), self._workshop.settings.heat) > 0:
            jobs.tell(QuietEnded(effect.job), job=effect.job)
            return
        begin = stack.iterates[-1]
        l2_255 = noise_size(stack.original, iterate_picture(begin)).l2_255
        search = _Search(effect, stack, l2_255, l2_255, told=len(stack.iterates) > effect.at_step + 1)
        promise = gradients.least(
            stack.original,
            stack.label,
            QUIET_GRADIENTS,
            lambda iterate: self._workshop.ask(effect.job, partial(self._judge, search, iterate)),
            head=self._workshop.models.head,
            begin=begin,
            away=stack.target is None,
            confidence=effect.confidence,
        )
        jobs.want(effect.job, promise)
        promise.add_done_callback(partial(self._searched, search))

    def forget_picture(self) -> None:
        """Drop nothing: a search under way ends by itself, since its job was dropped."""

    def forget(self) -> None:
        """Drop nothing: a search under way ends by itself, since its job was dropped."""

    def _searched(self, search: _Search, promise: "Future[Any]") -> None:
        error, job = promise.exception(), search.asked.job
        if error is not None:
            self._workshop.jobs.lose(job, error)
        else:
            self._workshop.ask(job, partial(self._end, search))

    def _judge(self, search: _Search, iterate: NDArray[np.float32], classifier: AnyClassifier) -> None:
        """Keep a picture that is taken for the lie with less noise than any before; in the classify thread."""
        stack, asked = search.stack, search.asked
        if asked.job not in self._workshop.jobs.wanted:
            return
        picture = iterate_picture(iterate)
        size = noise_size(stack.original, picture)
        if size.l2_255 >= search.best_l2:
            return
        judgement = judged(asked.at_step + 1, classifier(picture), size, stack.original_label, stack.target)
        if judgement.verdict is not Verdict.FOOLED or judgement.target_confidence < asked.confidence:
            return
        search.best_l2, search.found = size.l2_255, _Found(iterate, picture, judgement)
        if quieter(size.l2_255, search.shown_l2):
            self._show(search, search.found)

    def _end(self, search: _Search, _classifier: AnyClassifier) -> None:
        """Show the best, if it is much quieter than what it began with, or follows one that was."""
        if search.found is not None and search.told:
            self._show(search, search.found)
        self._workshop.jobs.tell(QuietEnded(search.asked.job), job=search.asked.job)

    def _show(self, search: _Search, found: _Found) -> None:
        search.shown_l2, search.found, search.told = found.judgement.l2_255, None, True
        noise = noise_view(search.stack.original, found.picture)
        at_step, pictures = search.asked.at_step, self._workshop.pictures
        put = partial(pictures.grow, search.stack, at_step, found.iterate, found.picture, noise)
        self._workshop.jobs.tell_so_far(
            QuieterJudged(search.asked.job, found.judgement), search.asked.job, put
        )
