"""A sticker that is seen wherever it lies."""

from kiosk.core.context import Card, Context
from kiosk.core.scene import ControlId
from kiosk.core.topic import Entered, Step, Topic, door
from kiosk.core.visit import Visit, sample_visit
from kiosk.topics.sticker.messages import StickerJudged, ToSticker
from kiosk.topics.sticker.screen import Sticker, shown_labels


def sticker(way: ToSticker, context: Context) -> Entered:
    """Lay the first sticker that says something else than the model does already."""
    labels = shown_labels(context)
    right = way.visit.original.first.label
    return Entered(Sticker(way.visit, label=next((label for label in labels if label != right), labels[0])))


def offer(visit: Visit, context: Context) -> Card | None:
    """Return the card, where the exhibit's own model judges and has stickers."""
    own = not context.visitor.chosen or context.visitor.chosen == context.default
    if not own or not shown_labels(context):
        return None
    return Card("sticker", "sticker", ToSticker(visit), "sticker.card")


def _sample(context: Context) -> Sticker:
    visit = sample_visit(context.labels)
    lie = visit.now.answer.first.label
    return Sticker(visit, wanted=False, label=lie, judged=StickerJudged(0, visit.now.answer, visit.original))


SCRIPT = (
    Step(
        "sticker",
        ControlId("card", "sticker"),
        over=lambda screen: isinstance(screen, Sticker),
        sample=_sample,
        aside=True,
    ),
)

TOPIC = Topic(__package__, doors=(door(ToSticker, sticker),), cards=(offer,), script=SCRIPT)
