"""Views of a printed picture, one after another in the classify thread; a picture that survives, step by step."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from kiosk.attack.noise import iterate_picture
from kiosk.attack.print_proof import Meter
from kiosk.device.health import step_pause_s, temperature_c
from kiosk.errors import KioskError
from kiosk.perform.part import Part
from kiosk.perform.stack import Stack
from kiosk.perform.workshop import Workshop
from kiosk.recapture.preset import PRESETS, Preset
from kiosk.recapture.proof import Proof
from kiosk.recapture.ranges import Ranges
from kiosk.recapture.referee import view_of
from kiosk.store.colour_maps import calibrated
from kiosk.topics.survival.facts import Glance
from kiosk.topics.survival.messages import MakeProof, ProofAdvanced, ProofMade, SeeViews, ViewSeen, ViewsSeen
from kiosk.vision.classifier import AnyClassifier
from kiosk.vision.picture import Rgb

VIEW, PROOF = "view", "proof"


@dataclass
class _Making:
    """A picture that is being made to survive; one thread after another has it."""

    asked: MakeProof
    stack: Stack
    preset: Preset
    ranges: Ranges
    proof: Proof
    step: int = 0
    fooled: bool = False
    meter: Meter = field(default_factory=Meter)


class Surviving(Part[SeeViews | MakeProof]):
    """Shows what cameras see of the visitor's picture; keeps the one that was made to survive until it is forgotten."""

    performs = (SeeViews, MakeProof)

    def __init__(self, workshop: Workshop) -> None:
        """Work with what all parts share."""
        super().__init__(workshop)
        self._due: tuple[float, Callable[[], None]] | None = None

    def perform(self, effect: SeeViews | MakeProof) -> None:
        """Begin what an effect asks for; the job is lost where there is no such picture."""
        jobs, stack = self._workshop.jobs, self._workshop.pictures.stack
        jobs.want(effect.job)
        if stack is None:
            jobs.lose(effect.job, KioskError("there is no picture to print"))
        elif isinstance(effect, MakeProof):
            self._workshop.ask(effect.job, partial(self._begin, effect, stack))
        else:
            self._see(effect, stack)

    def refresh(self) -> None:
        """Begin the step that waited for the processor to cool."""
        if self._due is not None and time.monotonic() >= self._due[0]:
            due, self._due = self._due[1], None
            due()

    def forget_picture(self) -> None:
        """Drop the step that waits; the pictures lie on the shelf and go with it."""
        self._due = None

    def forget(self) -> None:
        """Drop the step that waits."""
        self._due = None

    # ---- views

    def _see(self, asked: SeeViews, stack: Stack) -> None:
        shown = self._workshop.pictures.get(PROOF)
        if asked.step is not None:
            shown = stack.picture(asked.step) if asked.step < len(stack.iterates) else None
        if shown is None:
            self._workshop.jobs.lose(asked.job, KioskError("there is no such picture to print"))
            return
        self._workshop.ask(asked.job, partial(self._judge_view, asked, stack, shown, 0))

    def _judge_view(
        self, asked: SeeViews, stack: Stack, shown: Rgb, number: int, classifier: AnyClassifier
    ) -> None:
        jobs = self._workshop.jobs
        if asked.job not in jobs.wanted:
            return
        view = view_of(shown, number, asked.job, conditions=self._workshop.settings.recapture.referee)
        said = classifier(view).label
        look = glance(said, asked.lie, stack.original_label)
        put = partial(self._workshop.pictures.update, {VIEW: view})
        jobs.tell_so_far(ViewSeen(asked.job, (number + 1) / asked.views, look), asked.job, put)
        if number + 1 < asked.views:
            judge = partial(self._judge_view, asked, stack, shown, number + 1)
            jobs.go_on(asked.job, partial(self._workshop.ask, asked.job, judge))
        else:
            jobs.tell(ViewsSeen(asked.job), job=asked.job)

    # ---- a picture that survives

    def _begin(self, asked: MakeProof, stack: Stack, _classifier: AnyClassifier) -> None:
        """Read which colours staff measured, in the classify thread, then go on with the first step."""
        preset = PRESETS[self._workshop.settings.recapture.preset]
        ranges = calibrated(self._workshop.settings.recapture.attack, self._workshop.state.path)
        making = _Making(asked, stack, preset, ranges, Proof.begun(stack.original))
        self._workshop.jobs.go_on(asked.job, partial(self._step, making))

    def _step(self, making: _Making) -> None:
        """Ask for the next step, later where the processor is hot."""
        pause_s = step_pause_s(temperature_c(self._workshop.places), self._workshop.settings.heat)
        self._due = (time.monotonic() + pause_s, partial(self._ask_step, making))
        self.refresh()

    def _ask_step(self, making: _Making) -> None:
        jobs, gradients, job = self._workshop.jobs, self._workshop.models.gradients, making.asked.job
        if job not in jobs.wanted:
            return
        if gradients is None:
            jobs.lose(job, KioskError("there is no gradient process yet"))
            return
        promise = gradients.print_proof_step(
            making.proof,
            making.stack.original,
            making.asked.lie,
            making.step,
            making.preset,
            ranges=making.ranges,
            seed=job,
            head=self._workshop.models.head,
        )
        jobs.want(job, promise)
        promise.add_done_callback(partial(self._stepped, making))

    def _stepped(self, making: _Making, promise: "Future[Any]") -> None:
        error = promise.exception()
        if error is not None:
            self._workshop.jobs.lose(making.asked.job, error)
        else:
            making.proof = promise.result()
            self._workshop.ask(making.asked.job, partial(self._judge_step, making))

    def _judge_step(self, making: _Making, classifier: AnyClassifier) -> None:
        """Show the picture as far as it is; the last that fools on the screen as well is the one that stays."""
        jobs, asked, proof = self._workshop.jobs, making.asked, making.proof
        picture = iterate_picture(proof.iterate)
        making.meter.add(classifier(proof.view).label == asked.lie)
        fools = classifier(picture).label == asked.lie
        shelf = {VIEW: proof.view} | ({PROOF: picture} if fools or not making.fooled else {})
        making.fooled = making.fooled or fools
        making.step = making.preset.after(making.step, all_lie=making.meter.share == 1)
        put = partial(self._workshop.pictures.update, shelf)
        advanced = ProofAdvanced(asked.job, making.step / making.preset.gradients, making.meter.share)
        jobs.tell_so_far(advanced, asked.job, put)
        if making.step < making.preset.gradients:
            jobs.go_on(asked.job, partial(self._step, making))
        else:
            jobs.tell(ProofMade(asked.job, making.fooled), job=asked.job)


def glance(said: int, lie: int, label: int) -> Glance:
    """Return what an answer means: the lie, the first answer, or neither."""
    return Glance.LIE if said == lie else Glance.RIGHT if said == label else Glance.OTHER
