"""Where the parts of the attack screen lie: the sum across on wide panels, down on tall ones."""

from dataclasses import dataclass

from kiosk.core.context import Card, Context
from kiosk.core.layout import Layout, columns, rows
from kiosk.core.parts import control_key, crumbs, header, tile
from kiosk.core.scene import Box, ControlId, Item

Labelled = tuple[str | ControlId, str, str]  # a control, its icon and the key of its words
Worded = tuple[str | ControlId, str, str]  # and the words themselves

AGAIN: Labelled = ("again", "again", "again")
RETAKE: Labelled = ("retake", "camera", "retake")
CARDS: Labelled = ("cards", "cards", "cards")
OTHER: Labelled = ("other", "other", "other")


@dataclass(frozen=True, slots=True)
class Sum:
    """Where the parts of the equation lie."""

    original: Box
    noise: Box
    result: Box
    original_rows: Box
    result_rows: Box
    original_caption: Box
    noise_caption: Box
    result_caption: Box
    plain_words: Box
    verdict: Box
    plus: Box
    equals: Box
    lines: int
    single: bool


def _ways(*, won: bool, card: Card | None) -> tuple[Labelled, Labelled]:
    """Return the two ways on that change: what can be tried next takes the place of what was there to begin.

    A new photograph is still to be had by way of the cards, another lie by way of *why*.
    """
    first = CARDS if won else RETAKE
    return first, OTHER if card is None else (ControlId("card", card.name), card.icon, f"{card.words}_short")


def _rail(context: Context, layout: Layout, ways: tuple[Labelled, ...]) -> tuple[Worded, ...]:
    """Return the controls beside the sum, in words; with several models, the one that judges is on top.

    Where four find no room, the cards stay, or else the other lie.
    """
    if len(context.models) > 1 and layout.compact:
        ways = ways[:1] if ways[0] == CARDS else ways[1:]
    usual = tuple((name, icon, context.texts(control_key(words))) for name, icon, words in (AGAIN, *ways))
    return (_picker(context), *usual) if len(context.models) > 1 else usual


def _picker(context: Context) -> Worded:
    """Return the control that leads to the other models: it bears the name of the present one, where that fits."""
    present = next((model for model in context.models if model.name == context.chosen), context.models[0])
    return ControlId("models"), "teach" if present.taught else "model", present.title


def _row(context: Context, layout: Layout, ways: tuple[Labelled, ...]) -> tuple[list[Item], Box]:
    """Return the controls above the sum on a tall panel, and the page below them."""
    controls = (*ways, AGAIN)
    if len(context.models) < 2:
        return header(context, layout, "fool", controls)
    picker = (*_picker(context)[:2], "models")
    boxes = columns(layout.page.top(layout.touch), 1 + len(controls), layout.gap)
    items: list[Item] = [
        tile(layout, name, box, context.texts(control_key(words)), icon, size_px=layout.caption)
        for (name, icon, words), box in zip((picker, *controls), boxes, strict=True)
    ]
    return items, layout.page.under(layout.touch + layout.gap)


def places(context: Context, layout: Layout, *, won: bool, card: Card | None) -> tuple[Sum, list[Item], Box]:
    """Return the equation's places, the controls around it, the deck below; `card` is one to be tried now."""
    page, ways = layout.page, _ways(won=won, card=card)
    items: list[Item]
    if context.panel.portrait:
        items, stage = _row(context, layout, ways)
        deck_h = max(layout.touch, round(layout.deck * 0.95)) * 2 + layout.gap
        return _down(layout, stage.above(deck_h + layout.gap)), items, stage.foot(deck_h)
    deck = page.foot(layout.deck)
    rest = page.above(layout.deck + layout.gap)
    rail_w = max(
        layout.touch, context.panel.px(21.0 if layout.compact else 24.0), round(layout.caption * 5.2)
    )
    rail = Box(page.right - rail_w, rest.y, rail_w, rest.h)
    names = _rail(context, layout, ways)
    count = len(names)
    tall = min((rail.h - layout.gap * (count - 1)) // count, round(layout.deck * 1.2))
    cells = rows(rail.top(tall * count + layout.gap * (count - 1)), count, layout.gap)
    left = rest.left(rest.w - rail_w - layout.gap)
    line = 0 if layout.compact else round(layout.caption * 1.5) + layout.tight
    items = [] if layout.compact else [crumbs(context, layout, left.top(line - layout.tight), "fool")]
    items += [
        tile(layout, name, cell, words, icon, size_px=layout.caption)
        for (name, icon, words), cell in reversed([*zip(names, cells, strict=True)])
    ]
    return _across(layout, left.under(line)), items, deck


def _across(layout: Layout, stage: Box) -> Sum:
    """Return the sum written across: rows of the answers under their pictures."""
    sign = round(layout.label * 1.2)
    line = round(layout.caption * 1.6)
    widest = int((stage.w - 2 * sign) / (2.8 if layout.compact else 2.5))
    lines, single = 2, True
    row = max(layout.least, round(layout.label * 1.75))
    side = min(widest, stage.h - line - row - layout.least - 2 * layout.tight)
    if side < 0.7 * widest:  # rows that can each be pressed would leave too small a picture
        single = False
        side = min(widest, stage.h - line - max(layout.least, round(layout.label * 2.4)) - layout.tight)
    middle_w = stage.w - 2 * side - 2 * sign
    narrow = middle_w < layout.caption * 11
    noise_side = min(middle_w, round(side * (0.64 if narrow else 0.72)))
    top = stage.under(line)
    original = Box(stage.x, top.y, side, side)
    result = Box(stage.right - side, top.y, side, side)
    middle = Box(original.right + sign, stage.y, middle_w, stage.h)
    noise_y = top.y + max(0, (side - noise_side) // 3 if single else 0)
    noise = Box(middle.x + (middle_w - noise_side) // 2, noise_y, noise_side, noise_side)
    under = side + line + layout.tight
    said = Box(middle.x, noise.bottom + layout.tight // 2, middle_w, max(0, original.bottom - noise.bottom))
    said = said.top(round(layout.caption * (3.9 if narrow else 2.7)))
    y = original.y + side // 2 - sign // 2
    return Sum(
        original=original,
        noise=noise,
        result=result,
        original_rows=Box(original.x, stage.y + under, side, stage.h - under),
        result_rows=Box(result.x, stage.y + under, side, stage.h - under),
        original_caption=stage.top(line).left(side),
        noise_caption=Box(middle.x, noise.y - line, middle_w, line),
        result_caption=Box(result.x, stage.y, side, line),
        plain_words=said,
        verdict=Box(middle.x, said.bottom, middle_w, max(0, stage.bottom - said.bottom)),
        plus=Box(original.right, y, sign, sign),
        equals=Box(result.x - sign, y, sign, sign),
        lines=lines,
        single=single,
    )


def _down(layout: Layout, stage: Box) -> Sum:
    """Return the sum written down, as at school: answers beside their pictures."""
    sign = round(layout.label * 1.05)
    strip = max(layout.touch, round(stage.h * 0.2))
    side = min((stage.h - strip - 2 * layout.gap) // 2, round((stage.w - sign) * 0.52))
    x = stage.x + sign
    y = stage.y
    original = Box(x, y, side, side)
    noise = Box(x, original.bottom + layout.gap, strip, strip)
    result = Box(x, noise.bottom + layout.gap, side, side)
    words_x = x + side + layout.gap
    words_w = stage.right - words_x
    line = round(layout.caption * 1.6)
    beside = Box(noise.right + layout.gap, noise.y, stage.right - noise.right - layout.gap, strip)
    said_w = round(beside.w * 0.46)
    return Sum(
        original=original,
        noise=noise,
        result=result,
        original_rows=Box(words_x, original.y + line, words_w, side - line),
        result_rows=Box(words_x, result.y + line, words_w, side - line),
        original_caption=Box(words_x, original.y, words_w, line),
        noise_caption=beside.left(said_w).top(line),
        result_caption=Box(words_x, result.y, words_w, line),
        plain_words=beside.left(said_w).under(line),
        verdict=beside.after(said_w + layout.tight),
        plus=Box(stage.x, noise.y, sign, strip).square(sign - layout.tight),
        equals=Box(stage.x, result.y + (side - sign) // 2, sign, sign).square(sign - layout.tight),
        lines=2,
        single=(side - line) >= 2 * layout.least,
    )
