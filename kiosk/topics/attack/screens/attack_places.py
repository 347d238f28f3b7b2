"""Where the parts of the attack screen lie: the sum across on wide panels, down on tall ones."""

from dataclasses import dataclass, replace

from kiosk.core.context import Card, Context
from kiosk.core.layout import Layout
from kiosk.core.pieces.frame import CARDS, RETAKE, Frame, Labelled, framed
from kiosk.core.scene import Box, Control, ControlId, Item

OTHER = Labelled("other", "other", "other")
MODELS = "models"
FOUR_WIDE = 40  # of its type: so wide is a panel on which four ways around find room


@dataclass(frozen=True, slots=True)
class Sum:
    """Where the parts of the equation lie; `dots` is where the steps are, `noise_reach` what is pressed to see it."""

    original: Box
    noise: Box
    noise_reach: Box
    result: Box
    original_rows: Box
    result_rows: Box
    original_caption: Box
    noise_caption: Box
    result_caption: Box
    plain_words: Box
    dots: Box
    verdict: Box
    plus: Box
    equals: Box
    lines: int
    single: bool


def _ways(context: Context, layout: Layout, *, won: bool, card: Card | None) -> tuple[Labelled, ...]:
    """Return the ways around: another lie first, as the way back; what can be tried next takes a new picture's place.

    It keeps it: while *fool it* is at work a lie may go again, and a finger on its way must not lose all that was won.
    A new photograph is still to be had by way of the cards, another lie by way of *why*. With several models, the
    one that judges is told; where four find no room, what can be tried next stays, or else the other lie.
    """
    first = (
        OTHER if card is None else Labelled(ControlId("card", card.name), card.icon, f"{card.words}_short")
    )
    ways: tuple[Labelled, ...] = (first, CARDS if won else RETAKE)
    if len(context.models) < 2:
        return ways
    if layout.page.w < FOUR_WIDE * layout.caption:
        if card is not None:
            return ways
        ways = ways[1:] if won else ways[:1]
    taught = any(model.taught and model.name == context.chosen for model in context.models)
    return (*ways, Labelled(MODELS, "teach" if taught else "model", "models"))


def _frame(context: Context, layout: Layout, *, won: bool, card: Card | None) -> Frame:
    """Return the frame; the control that leads to the other models bears the name of the present one."""
    ways = _ways(context, layout, won=won, card=card)
    frame = framed(context, layout, back=None, others=ways)
    present = next((model for model in context.models if model.name == context.chosen), None)
    if present is None or layout.compact:
        return frame

    def named(item: Item) -> Item:
        is_picker = isinstance(item, Control) and item.name == MODELS
        return replace(item, text=present.title, icon="") if isinstance(item, Control) and is_picker else item

    return replace(frame, items=tuple(map(named, frame.items)))


def places(
    context: Context, layout: Layout, *, won: bool, card: Card | None
) -> tuple[Sum, tuple[Item, ...], Box]:
    """Return the equation's places, the controls around it, the deck below; `card` is one to be tried now."""
    frame = _frame(context, layout, won=won, card=card)
    place = _down(layout, frame.stage) if context.panel.portrait else _across(layout, frame.stage)
    return place, frame.items, frame.deck


def _across(layout: Layout, stage: Box) -> Sum:
    """Return the sum written across: rows of the answers under their pictures, the verdict under the noise."""
    sign = round(layout.label * 1.1)
    line = round(layout.caption * 1.4)
    widest = int((stage.w - 2 * sign) / (2.9 if layout.compact else 2.6))
    row = max(layout.least, round(layout.label * 1.75))
    single = stage.h - line - row - layout.least - 2 * layout.tight >= 0.7 * widest
    answers = row + layout.least + layout.tight if single else max(layout.least, round(layout.caption * 4.9))
    side = min(widest, stage.h - line - answers - layout.tight)
    middle_w = stage.w - 2 * side - 2 * sign
    original = Box(stage.x, stage.y + line, side, side)
    result = Box(stage.right - side, stage.y + line, side, side)
    middle = Box(original.right + sign, stage.y, middle_w, stage.h)
    verdict = middle.foot(round(layout.label * 1.3) + round(layout.caption * 2.6))
    dots_h = round(layout.caption * 1.3) if layout.compact else layout.least
    dots = middle.above(verdict.h).foot(dots_h)
    words = middle.above(verdict.h + dots.h).foot(round(layout.caption * 2.6))
    room = middle.above(verdict.h + dots.h + words.h).under(line)
    noise_side = min(room.w, room.h - layout.tight)
    noise = Box(middle.x + (middle_w - noise_side) // 2, room.y, noise_side, noise_side)
    under = side + line + layout.tight
    y = original.y + side // 2 - sign // 2
    return Sum(
        original=original,
        noise=noise,
        noise_reach=noise.top(words.bottom - noise.y),
        result=result,
        original_rows=Box(original.x, stage.y + under, side, stage.h - under),
        result_rows=Box(result.x, stage.y + under, side, stage.h - under),
        original_caption=stage.top(line).left(side),
        noise_caption=middle.top(line),
        result_caption=Box(result.x - sign, stage.y, side + sign, line),
        plain_words=words,
        dots=dots,
        verdict=verdict,
        plus=Box(original.right, y, sign, sign).inset(layout.tight // 2),
        equals=Box(result.x - sign, y, sign, sign).inset(layout.tight // 2),
        lines=2,
        single=single,
    )


def _down(layout: Layout, stage: Box) -> Sum:
    """Return the sum written down, as at school: answers beside their pictures."""
    sign = round(layout.label * 1.05)
    line = round(layout.caption * 1.4)
    verdict = stage.foot(round(layout.caption * 2.7))
    dots = stage.above(verdict.h).foot(line)
    high = stage.h - verdict.h - dots.h
    strip = max(layout.touch, line + round(layout.caption * 2.6))
    side = min((high - strip - 2 * layout.gap) // 2, round((stage.w - sign) * 0.52))
    strip = high - 2 * side - 2 * layout.gap
    x = stage.x + sign
    original = Box(x, stage.y, side, side)
    noise = Box(x, original.bottom + layout.gap, strip, strip)
    result = Box(x, noise.bottom + layout.gap, side, side)
    words = stage.after(sign + side + layout.gap)
    beside = Box(noise.right + layout.gap, noise.y, stage.right - noise.right - layout.gap, strip)
    return Sum(
        original=original,
        noise=noise,
        noise_reach=noise,
        result=result,
        original_rows=Box(words.x, original.y + 2 * line, words.w, side - 2 * line),
        result_rows=Box(words.x, result.y + 2 * line, words.w, side - 2 * line),
        original_caption=Box(words.x, original.y, words.w, 2 * line),
        noise_caption=beside.top(line),
        result_caption=Box(words.x, result.y, words.w, 2 * line),
        plain_words=beside.under(line),
        dots=dots,
        verdict=verdict,
        plus=Box(stage.x, noise.y, sign, strip).square(sign - layout.tight),
        equals=Box(stage.x, result.y + (side - sign) // 2, sign, sign).square(sign - layout.tight),
        lines=2,
        single=(side - 2 * line) >= 2 * layout.least,
    )
