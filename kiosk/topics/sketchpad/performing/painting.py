"""Paint on the visitor's picture, seen with the next frame, judged when asked."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import assert_never

from kiosk.attack.verdict import answer, judge
from kiosk.core.visit import Answer, Verdict
from kiosk.errors import KioskError
from kiosk.perform import pictures as keys
from kiosk.perform.part import Part
from kiosk.perform.stack import Stack
from kiosk.perform.workshop import Workshop
from kiosk.topics.sketchpad.messages import (
    ClearPaint,
    JudgePainting,
    PaintingJudged,
    Stamp,
    Stroke,
    UndoPaint,
)
from kiosk.topics.sketchpad.performing.paint_layer import PaintLayer
from kiosk.vision.classifier import AnyClassifier
from kiosk.vision.picture import Rgb

PAINTED = "painted"


@dataclass(frozen=True, eq=False)
class _PaintSheet:
    """A paint layer, and the attack it lies on."""

    stack: Stack
    begun: int
    layer: PaintLayer


class Painting(Part[Stroke | Stamp | ClearPaint | UndoPaint | JudgePainting]):
    """Owns the paint that lies on the visitor's stack; a new attack begins with a clean sheet."""

    performs = (Stroke, Stamp, ClearPaint, UndoPaint, JudgePainting)

    def __init__(self, workshop: Workshop) -> None:
        """Work with what all parts share."""
        super().__init__(workshop)
        self._sheet: _PaintSheet | None = None
        self._wet = False

    def perform(self, effect: Stroke | Stamp | ClearPaint | UndoPaint | JudgePainting) -> None:
        """Begin what an effect asks for."""
        stack = self._workshop.pictures.stack
        if isinstance(effect, JudgePainting):
            self._judge_painting(effect.job, stack)
        elif stack is not None:
            self._paint(effect, self._layer(stack))
            self._wet = True

    def refresh(self) -> None:
        """Show the picture as it is painted by now: once a frame, however many pieces a stroke had."""
        stack, picture = self._workshop.pictures.stack, self._workshop.pictures.get(keys.ADVERSARIAL)
        if self._wet and stack is not None and picture is not None:
            self._workshop.pictures[PAINTED] = self._layer(stack).over(picture)
        self._wet = False

    def forget_picture(self) -> None:
        """Drop the paint."""
        self._sheet, self._wet = None, False

    def forget(self) -> None:
        """Drop the paint."""
        self.forget_picture()

    def _layer(self, stack: Stack) -> PaintLayer:
        """Return the paint on this attack; a clean layer where there is none yet."""
        if self._sheet is None or self._sheet.stack is not stack or self._sheet.begun != stack.begun:
            self._sheet = _PaintSheet(stack, stack.begun, PaintLayer(stack.original.shape[0]))
        return self._sheet.layer

    @staticmethod
    def _paint(effect: Stroke | Stamp | ClearPaint | UndoPaint, layer: PaintLayer) -> None:
        match effect:
            case Stroke(ink, start, end, begins):
                layer.stroke(ink, start, end, begins=begins)
            case Stamp(shape, ink, place):
                layer.stamp(shape, ink, place)
            case ClearPaint():
                layer.clear()
            case UndoPaint():
                layer.undo()
            case _:
                assert_never(effect)

    def _judge_painting(self, job: int, stack: Stack | None) -> None:
        self._workshop.jobs.want(job)
        if stack is None or keys.ADVERSARIAL not in self._workshop.pictures:
            self._workshop.jobs.lose(job, KioskError("there is no picture to paint on"))
            return
        self._wet = True  # the noise under the paint may be another by now
        self.refresh()
        picture, layer = self._workshop.pictures[PAINTED], self._layer(stack)
        told = partial(PaintingJudged, job, painted=layer.painted, undoable=layer.undoable)
        self._workshop.ask(job, partial(self._judge, told, job, stack, picture))

    def _judge(
        self,
        told: Callable[[Answer, Verdict], PaintingJudged],
        job: int,
        stack: Stack,
        picture: Rgb,
        classifier: AnyClassifier,
    ) -> None:
        prediction = classifier(picture)
        verdict = judge(prediction, stack.original_label, stack.target)
        self._workshop.jobs.tell(told(answer(prediction), verdict), job=job)
