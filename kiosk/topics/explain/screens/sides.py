"""What is written about one of the two pictures, and about both: whose it is, what it adds up to, the sentence."""

from dataclasses import dataclass
from itertools import cycle

from kiosk.core.context import Context
from kiosk.core.layout import Layout
from kiosk.core.parts import called, percent, rows_of, sentence
from kiosk.core.scene import Align, Box, Colour, Item, Legend, Plate, Run, Weight, plain
from kiosk.core.visit import Answer, Visit
from kiosk.topics.explain.facts import EVEN, Page, Pushed
from kiosk.topics.explain.messages import ContrastDrawn, MapsDrawn, PushesDrawn

NEARLY_ALL, MOST = 0.9, 0.6  # of the dots
MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two pictures: how it is called, what was answered on it, and what came of the map.

    `total` is the log-odds of `rival` against `truth`, out of `span` at the most, `before` the one it began at.
    """

    title: str
    truth: int
    rival: int
    answer: Answer | None = None
    total: float | None = None
    span: float = 1.0
    before: float | None = None
    share: float | None = None
    without: str = ""


def sides_of(
    visit: Visit, named: int, drawn: ContrastDrawn | MapsDrawn | PushesDrawn | None, *, made_by_dice: bool
) -> tuple[Side, Side]:
    """Return both pictures: the one before and the one after, or the aimed noise and the dice's."""
    truth = visit.original.first.label
    if made_by_dice:
        made, thrown = Side("explain.made", truth, named), Side("explain.thrown", truth, named)
        if not isinstance(drawn, PushesDrawn):
            return made, thrown
        span = max(abs(total) for total in (drawn.before, drawn.made.total, drawn.thrown.total))
        return (
            _pushing(made, drawn.made, drawn.before, span),
            _pushing(thrown, drawn.thrown, drawn.before, span),
        )
    before = Side("explain.original", truth, named, visit.original)
    after = Side("explain.adversarial", truth, named, visit.now.told)
    match drawn:
        case ContrastDrawn():
            span = max(abs(drawn.original.total), abs(drawn.adversarial.total))
            return _pulled(before, drawn.original.total, span), _pulled(after, drawn.adversarial.total, span)
        case MapsDrawn():
            return (
                _alone(before, drawn.label, evidence=drawn.original_evidence),
                _alone(after, drawn.label, evidence=drawn.adversarial_evidence),
            )
        case _:
            return before, after


def _pulled(side: Side, total: float, span: float) -> Side:
    return Side(side.title, side.truth, side.rival, side.answer, total, span)


def _pushing(side: Side, noise: Pushed, before: float, span: float) -> Side:
    return Side(side.title, side.truth, side.rival, None, noise.total, span, before, noise.share)


def _alone(side: Side, label: int, *, evidence: bool) -> Side:
    """Return a side that says why it is dark: a winner without a sign won because all others lost more."""
    won = side.answer is not None and side.answer.said == label
    without = "" if evidence else "explain.others_lost" if won else "explain.nothing"
    return Side(side.title, side.truth, side.rival, side.answer, without=without)


def caption(context: Context, layout: Layout, box: Box, side: Side) -> list[Item]:
    """Return the line above a picture: which it is, and its own answer."""
    if side.answer is None:
        style = layout.style(
            layout.caption, colour=Colour.MUTE, weight=Weight.SEMIBOLD, lines=2, middle=False
        )
        return [sentence(box, context.texts(side.title), style)]
    row = rows_of(side.answer, context, 1)[0]
    name = row.name
    if row.confidence is not None:
        name = context.texts("explain.sure", label=row.name, percent=percent(context, row.confidence))
    says = Colour.TRUTH if side.answer.said == side.truth else Colour.LIE
    style = layout.style(
        layout.caption, colour=Colour.MUTE, accent=says, weight=Weight.SEMIBOLD, lines=2, middle=False
    )
    return [sentence(box, context.texts(side.title, label=name), style)]


def outcome(context: Context, layout: Layout, box: Box, side: Side) -> list[Item]:
    """Return what stands below a picture: what its squares or dots add up to, or why it is dark."""
    style = layout.style(layout.caption, weight=Weight.SEMIBOLD, lines=2, middle=False)
    if side.total is None:
        words = context.texts(side.without) if side.without else ""
        return [sentence(box, words, style)] if words else []
    thick = max(6, layout.tight * 2)
    tug = Box(box.x, box.y, box.w, thick)
    words = by(context, side.truth, side.rival, side.total)
    if side.share is not None:
        words = context.texts("explain.share", share=round(100 * side.share))
    accent = Colour.LIE if side.total > 0 or side.share is not None else Colour.TRUTH
    below = sentence(
        box.under(thick + layout.tight // 2),
        words,
        layout.style(layout.caption, accent=accent, weight=Weight.SEMIBOLD, lines=2, middle=False),
    )
    return [*pull(layout, tug, side), below]


def pull(layout: Layout, box: Box, side: Side) -> list[Item]:
    """Return a rope that is pulled to the right for the rival, to the left for the first answer, by the log-odds."""
    middle, most = box.x + box.w // 2, max(side.span, 1e-6)
    total = side.total or 0.0
    length = max(2, round(box.w / 2 * min(1.0, abs(total) / most)))
    pulled = Box(middle if total > 0 else middle - length, box.y, length, box.h)
    mark = max(2, layout.tight // 3)
    items: list[Item] = [
        Plate(box, box.h // 2, Colour.TRACK),
        Plate(pulled, min(box.h, length) // 3, Colour.LIE if total > 0 else Colour.TRUTH),
        Plate(Box(middle - mark // 2, box.y - mark, mark, box.h + 2 * mark), 0, Colour.TEXT),
    ]
    if side.before is not None:
        at = middle + round(box.w / 2 * side.before / most)
        items.append(
            Plate(Box(max(box.x, at - mark // 2), box.y - mark, mark, box.h + 2 * mark), 0, Colour.MUTE)
        )
    return items


def by(context: Context, truth: int, rival: int, total: float) -> str:
    """Return who is ahead by how much."""
    if abs(total) < EVEN:
        return context.texts("explain.by_none")
    ahead = called(context, rival if total > 0 else truth)
    return context.texts("explain.by", label=ahead, number=f"{abs(total):.1f}")


def told(
    context: Context, visit: Visit, named: int, drawn: ContrastDrawn | MapsDrawn | PushesDrawn
) -> tuple[Run, ...]:
    """Return the sentence that says what is seen, and quieter what it does not tell."""
    truth = visit.original.first.label
    lie, names = called(context, named), called(context, truth)
    match drawn:
        case ContrastDrawn():
            loud, quiet = _contrast(context, lie, names, drawn)
        case MapsDrawn():
            loud = context.texts("explain.alone", label=lie)
            quiet = context.texts("explain.alone_caution")
        case PushesDrawn():
            loud, quiet = _reason(context, lie, visit.now.linf_255, drawn)
    first = Colour.TRUTH if isinstance(drawn, MapsDrawn) and named == truth else Colour.LIE
    return (*_coloured(loud, first), *plain(f" {quiet}", Colour.MUTE))


def _contrast(context: Context, lie: str, truth: str, drawn: ContrastDrawn) -> tuple[str, str]:
    now = drawn.adversarial
    key = "even" if abs(now.total) < EVEN else "turned" if now.total > 0 else "still"
    loud = f"{context.texts('explain.squares')} {context.texts(f'explain.{key}', lie=lie, truth=truth)}"
    words = "explain.sum" if drawn.exact else "explain.guess"
    parts = context.texts(words, squares=signed(now.squares), start=signed(now.rest), total=signed(now.total))
    return loud, f"{parts} {context.texts('explain.caution')}"


def _reason(context: Context, lie: str, most: int, drawn: PushesDrawn) -> tuple[str, str]:
    share = drawn.made.share
    much = "nearly_all" if share >= NEARLY_ALL else "most" if share >= MOST else "many"
    loud = context.texts(f"explain.pushes_{much}", lie=lie)
    moved = context.texts("explain.moved", dots=f"{drawn.dots:,}", most=most)
    grew = context.texts(
        "explain.grew",
        made=signed(drawn.made.total - drawn.before),
        thrown=signed(drawn.thrown.total - drawn.before),
    )
    return loud, f"{moved} {grew}"


def signed(number: float) -> str:
    """Return a number with its sign, as it is printed."""
    return f"{number:+z.1f}".replace("-", MINUS)


def _coloured(text: str, first: Colour) -> tuple[Run, ...]:
    """Return a text whose [bracketed] parts are coloured: the first as said, the second as the truth."""
    accents = cycle((first, Colour.TRUTH))
    parts = text.replace("]", "[").split("[")
    return tuple(
        Run(part, next(accents) if number % 2 else Colour.TEXT) for number, part in enumerate(parts) if part
    )


def legend(layout: Layout, box: Box, ends: tuple[str, str], page: Page) -> list[Item]:
    """Return the scale of the pictures between the words for its two ends."""
    both = page is not Page.ALONE
    word = round(box.w * 0.37) if both else round(layout.caption * 3.2)
    bar = Box(box.x + word, box.y, box.w - 2 * word, box.h).inset(layout.tight, box.h // 4)
    low, high = (Colour.TRUTH, Colour.LIE) if both else (Colour.MUTE, Colour.MUTE)
    return [
        sentence(box.left(word), ends[0], layout.style(layout.caption, colour=low)),
        Legend(bar, two_sided=both),
        sentence(
            Box(box.right - word, box.y, word, box.h),
            ends[1],
            layout.style(layout.caption, colour=high, align=Align.RIGHT),
        ),
    ]
