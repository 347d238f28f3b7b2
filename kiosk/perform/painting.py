"""The sketchpad's part: paint on the visitor's picture, seen with the next frame, judged when asked."""

from functools import partial

from kiosk.attack.verdict import answer, judge
from kiosk.core.effects import ClearPaint, JudgePainting, PaintEffect, Stamp, Stroke
from kiosk.core.events import PaintingJudged
from kiosk.errors import KioskError
from kiosk.perform import shelf as keys
from kiosk.perform.backstage import Backstage
from kiosk.perform.paint_layer import PaintLayer
from kiosk.perform.stack import Stack
from kiosk.vision.classifier import AnyClassifier
from kiosk.vision.picture import Rgb


class Painting:
    """Paints on the layer that lies on the visitor's stack, and dies with it."""

    def __init__(self, backstage: Backstage) -> None:
        self._backstage = backstage
        self._wet = False

    def perform(self, effect: PaintEffect) -> None:
        """Begin what an effect asks for."""
        stack = self._backstage.stack
        if isinstance(effect, JudgePainting):
            self._judge_painting(effect.job, stack)
        elif stack is not None:
            self._paint(effect, _layer(stack))
            self._wet = True

    def refresh(self) -> None:
        """Put the picture as it is painted by now on the shelf: once a frame, however many pieces a stroke had."""
        stack, picture = self._backstage.stack, self._backstage.pictures.get(keys.ADVERSARIAL)
        if self._wet and stack is not None and picture is not None:
            self._backstage.pictures[keys.PAINTED] = _layer(stack).over(picture)
        self._wet = False

    @staticmethod
    def _paint(effect: Stroke | Stamp | ClearPaint, layer: PaintLayer) -> None:
        match effect:
            case Stroke(ink, start, end, begins):
                layer.stroke(ink, start, end, begins=begins)
            case Stamp(shape, ink, place):
                layer.stamp(shape, ink, place)
            case ClearPaint():
                layer.clear()

    def _judge_painting(self, job: int, stack: Stack | None) -> None:
        self._backstage.news.want(job)
        if stack is None or keys.ADVERSARIAL not in self._backstage.pictures:
            self._backstage.news.lose(job, KioskError("there is no picture to paint on"))
            return
        self._wet = True  # the noise under the paint may be another by now
        self.refresh()
        painted = self._backstage.pictures[keys.PAINTED]
        self._backstage.ask(job, partial(self._judge, job, stack, painted))

    def _judge(self, job: int, stack: Stack, painted: Rgb, classifier: AnyClassifier) -> None:
        prediction = classifier(painted)
        verdict = judge(prediction, stack.original_label, stack.target)
        self._backstage.news.tell(PaintingJudged(job, answer(prediction), verdict), job=job)


def _layer(stack: Stack) -> PaintLayer:
    """Return the paint on a stack; a clean layer where nobody painted yet."""
    if stack.paint is None:
        stack.paint = PaintLayer(stack.original.shape[0])
    return stack.paint
