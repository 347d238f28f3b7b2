"""The screen with more to try: one idea a card, one sentence, one action; as many on a page as can be read."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from kiosk.core.context import Card, Context
from kiosk.core.layout import Layout, columns, grid, layout_of, rows
from kiosk.core.message import ToBack
from kiosk.core.parts import button, scene_of, sentence, tile
from kiosk.core.pieces.frame import RETAKE, framed
from kiosk.core.scene import Align, Box, Colour, Control, ControlId, Icon, Item, Plate, Scene, Weight, Words
from kiosk.core.screen import Outcome, Pressed, Screen, ScreenEvent, VisitScreen, visit_of
from kiosk.core.visit import Visit
from kiosk.topics.attack.messages import ToAttack
from kiosk.topics.models.messages import JudgeAgain
from kiosk.topics.photograph.messages import ToLive

ABREAST, IN_TWO_ROWS = 3, 4  # cards on one page, on panels of which everybody reaches the top
HIGH, WIDE = (
    6.6,
    9.5,
)  # the least height of a card below another, the least width of one beside another, in type
LEADING = 1.3  # a line of type in its sizes


@dataclass(frozen=True, slots=True)
class CardParts:
    """Where the parts of a card lie."""

    drawing: Box
    title: Box
    idea: Box
    action: Box


@dataclass(frozen=True, slots=True)
class Page:
    """Where the cards of a page lie, how each is laid out, and whether there is another page."""

    cells: tuple[Box, ...]
    places: Callable[[Layout, Box], CardParts]
    turns: bool = False


@dataclass(frozen=True, slots=True)
class Cards(VisitScreen):
    """The visit that goes on, and the model that judged it; `start` is the number of the first card on the page."""

    visit: Visit
    start: int = 0
    judge: str = ""

    @property
    def picture(self) -> str:
        """Return the attacked picture."""
        return "adversarial"

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return the screen on another page, or the way on."""
        match event:
            case Pressed("back"):
                return Outcome(ToBack(ToAttack(self.visit)))
            case Pressed("retake"):
                return Outcome(ToLive())
            case Pressed("turn", int(start)):
                return Outcome(replace(self, start=start))
            case Pressed("card", name):
                cards = context.cards(self.visit)
                return Outcome(next((card.way for card in cards if card.name == name), self))
            case _:
                return Outcome(self)

    def resumed(self, left: Screen, context: Context) -> Outcome:
        """Return it on the same page, with what the attack came to meanwhile; the model that judged it judges again."""
        after = replace(self, visit=visit_of(left) or self.visit)
        if self.judge in ("", context.chosen):
            return Outcome(after)
        chosen = "" if self.judge == context.default else self.judge
        return Outcome(after, (JudgeAgain(self.judge),), replace(context.visitor, chosen=chosen))

    def view(self, context: Context) -> Scene:
        """Return one page; the focus stands on its first card, and comes to the turning after the last."""
        cards = context.cards(self.visit)
        layout = layout_of(context.panel)
        title = context.texts("cards.title") if layout.panel.reach_px else ""  # else the cards take its place
        frame = framed(context, layout, title, others=(RETAKE,), deck=0, wall=True)
        if not cards:
            return scene_of(context, "cards", frame.items, "back")
        if (page := _page(layout, frame.stage, len(cards))).turns:
            frame = framed(context, layout, title, others=(RETAKE,), wall=True)
            page = _page(layout, frame.stage, len(cards))
        each = len(page.cells)
        number = min(self.start, len(cards) - 1) // each  # there may be fewer cards than when it was turned
        shown = cards[number * each : (number + 1) * each]
        items = [
            item
            for card, cell in zip(shown, page.cells, strict=False)
            for item in _card(card, context, layout, cell, page.places(layout, cell))
        ]
        if page.turns:
            items += _turning(context, layout, frame.deck, number, each, len(cards))
        return scene_of(context, "cards", [*items, *frame.items], ControlId("card", shown[0].name))


def _page(layout: Layout, stage: Box, count: int) -> Page:
    """Return how so many cards are shown: few in a line, four in two rows, more on several pages."""
    if layout.panel.portrait:
        most = _most(stage.h, layout, HIGH)
        return Page(rows(stage, min(count, most), layout.gap), _wide if count > 2 else _few, count > most)
    if layout.panel.reach_px:
        most = _most(stage.w, layout, WIDE)
        return Page(columns(stage, min(count, most), layout.gap), _tall, count > most)
    if count <= ABREAST:
        return Page(columns(stage, count, layout.gap), _few)
    if count > IN_TWO_ROWS and not layout.compact:
        most = 2 * ABREAST
        return Page(grid(stage, most, ABREAST, layout.tight), _tall, count > most)
    return Page(grid(stage, IN_TWO_ROWS, IN_TWO_ROWS // 2, layout.tight), _wide, count > IN_TWO_ROWS)


def _most(room: int, layout: Layout, least: float) -> int:
    """Return how many cards find room that need at least so much."""
    return max(1, (room + layout.gap) // (round(layout.caption * least) + layout.gap))


def _turning(
    context: Context, layout: Layout, box: Box, number: int, each: int, count: int
) -> list[Words | Control]:
    """Return what turns the page, where there is one to turn to, and a quiet page number between the two.

    The page after has the focus first: without a touch screen it is pressed far more often.
    """
    texts, pages = context.texts, -(-count // each)
    make = button if layout.panel.portrait else tile
    earlier, middle, later = columns(box, 3, layout.gap)
    style = layout.style(layout.caption, colour=Colour.MUTE, weight=Weight.SEMIBOLD, align=Align.CENTRE)
    items: list[Words | Control] = [
        sentence(middle, texts("cards.page", number=number + 1, count=pages), style)
    ]
    if number + 1 < pages:
        after = ControlId("turn", (number + 1) * each)
        items.append(make(layout, after, later, texts("cards.later"), "later", size_px=layout.caption))
    if number:
        before = ControlId("turn", (number - 1) * each)
        items.append(make(layout, before, earlier, texts("cards.earlier"), "earlier", size_px=layout.caption))
    return items


def _card(card: Card, context: Context, layout: Layout, box: Box, place: CardParts) -> list[Item]:
    """Return a surface that can be pressed anywhere: drawing and name, the sentence, the action."""
    texts = context.texts
    words = texts(f"{card.words}_action")
    action = button(layout, ControlId("card", card.name), place.action, words, "", size_px=layout.caption)
    title, idea = texts(card.words), texts(f"{card.words}_idea")
    size = min(layout.label, place.title.h)
    return [
        Plate(box, layout.radius, outline=Colour.LINE),
        Icon(place.drawing, card.icon, Colour.TEXT),
        sentence(place.title, title, layout.style(size, weight=Weight.EXTRABOLD, lines=2)),
        sentence(place.idea, idea, layout.style(layout.control, colour=Colour.MUTE, lines=6, middle=False)),
        replace(action, reach=box),
    ]


def _few(layout: Layout, box: Box) -> CardParts:
    """Return the drawing above or, where the card is wide, beside the name; below them the sentence and the action."""
    inner = box.inset(layout.tight * 2, layout.tight)
    high = min(layout.deck, max(layout.least, inner.h // 3))
    words, action = inner.above(high + layout.tight), inner.foot(high)
    line = round(layout.label * LEADING)
    side = min(words.w, words.h - line - round(layout.control * LEADING * 4) - 2 * layout.tight)
    if inner.w > 2 * inner.h or side < line:
        head, idea = words.top(line), words.under(line + layout.tight // 2)
        return CardParts(head.left(line), head.after(line + layout.tight), idea, action)
    title = words.under(side + layout.tight).top(line)
    return CardParts(words.top(side).left(side), title, words.under(side + line + 2 * layout.tight), action)


def _tall(layout: Layout, box: Box) -> CardParts:
    """Return the drawing beside the name, below them the sentence, then the action."""
    inner = box.inset(layout.tight, layout.tight // 2)
    words, action = inner.above(layout.least + layout.tight // 2), inner.foot(layout.least)
    line = round(layout.control * LEADING)
    head, idea = words.top(line), words.under(line)
    return CardParts(head.left(line), head.after(line + layout.tight), idea, action)


def _wide(layout: Layout, box: Box) -> CardParts:
    """Return the name on top, below it the action, under the drawing where that has room, and the sentence beside."""
    inner = box.inset(layout.tight, layout.tight // 2)
    line = round(layout.control * LEADING)
    head, below = inner.top(line), inner.under(line)
    first = below.left(round(inner.w * 0.43))
    action, idea = first.foot(layout.least), below.after(first.w + layout.tight)
    above = first.above(layout.least + layout.tight // 2)
    if above.h >= line:
        return CardParts(above.square(min(above.w, above.h)), head, idea, action)
    return CardParts(head.left(line), head.after(line + layout.tight), idea, action)
