"""The screen with more to try: one idea a card, one sentence, one action; as many on a page as can be read."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from kiosk.core.context import Card, Context
from kiosk.core.layout import Layout, columns, grid, layout_of, rows
from kiosk.core.message import ToBack
from kiosk.core.parts import button, header, scene_of, sentence, tile
from kiosk.core.scene import Align, Box, Colour, Control, ControlId, Icon, Item, Plate, Scene, Weight, Words
from kiosk.core.screen import Outcome, Pressed, Screen, ScreenEvent, VisitScreen, visit_of
from kiosk.core.visit import Visit
from kiosk.topics.attack.messages import ToAttack
from kiosk.topics.models.messages import JudgeAgain
from kiosk.topics.photograph.messages import ToLive

MOST_ABREAST = 5  # more, on one page, are strips
# The least width of a card, and the least height of one below another, in sizes of its sentence's type.
FEW_WIDE, TALL_WIDE, LOW_WIDE, WIDE_HIGH = 7.0, 7.6, 12.0, 6.1
LEADING = 1.3  # a line of type in its sizes


@dataclass(frozen=True, slots=True)
class CardParts:
    """Where the parts of a card lie; `again` says that the drawing is shown on the action too."""

    drawing: Box
    title: Box
    idea: Box
    action: Box
    again: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Where the cards of a page lie, how each is laid out, and where the page is turned (None: there is one page)."""

    cells: tuple[Box, ...]
    places: Callable[[Layout, Box], CardParts]
    turning: Box | None = None


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
        around = (("back", "back", "back"), ("retake", "camera", "retake"), ("again", "again", "again"))
        top, stage = header(context, layout, "", around, title=context.texts("cards.title"))
        if not cards:
            return scene_of(context, "cards", top, "back")
        page = _page(layout, stage, len(cards))
        each = len(page.cells)
        number = min(self.start, len(cards) - 1) // each  # there may be fewer cards than when it was turned
        shown = cards[number * each : (number + 1) * each]
        items = [
            item
            for card, cell in zip(shown, page.cells, strict=False)
            for item in _card(card, context, layout, cell, page.places(layout, cell))
        ]
        if page.turning is not None:
            items += _turning(context, layout, page.turning, number, each, len(cards))
        return scene_of(context, "cards", [*items, *top], ControlId("card", shown[0].name))


def _page(layout: Layout, stage: Box, count: int) -> Page:
    """Return how so many cards are shown: few share the stage in a line or in two rows, more take several pages."""
    if layout.panel.portrait:
        if count <= _below(layout, stage):
            return Page(rows(stage, count, layout.gap), _few)
        turning = stage.foot(layout.touch)
        box = stage.above(turning.h + layout.gap)
        return Page(rows(box, _below(layout, box), layout.gap), _wide, turning)
    if count <= min(MOST_ABREAST, _abreast(layout, stage, FEW_WIDE)):
        return Page(columns(stage, count, layout.gap), _few)
    low = layout.tight * 3 + _line(layout) + _ideas(layout) + layout.least
    two_rows = stage.h >= low * 2 + layout.gap
    if two_rows and count <= _abreast(layout, stage, LOW_WIDE) * 2:
        return Page(grid(stage, count, -(-count // 2), layout.gap), _low)
    turning = stage.after(stage.w - (layout.touch if layout.compact else layout.deck))
    box = stage.left(stage.w - turning.w - layout.gap)
    if two_rows:
        across = _abreast(layout, box, LOW_WIDE)
        return Page(grid(box, across * 2, across, layout.gap), _low, turning)
    return Page(columns(box, _abreast(layout, box, TALL_WIDE), layout.gap), _tall, turning)


def _abreast(layout: Layout, box: Box, least: float) -> int:
    """Return how many cards that are at least so wide have room side by side."""
    return max(1, (box.w + layout.gap) // (round(layout.control * least) + layout.gap))


def _below(layout: Layout, box: Box) -> int:
    """Return how many cards as wide as the box have room one below the other."""
    return max(1, (box.h + layout.gap) // (round(layout.control * WIDE_HIGH) + layout.gap))


def _line(layout: Layout) -> int:
    """Return how high one line of a title is."""
    return round(layout.label * LEADING)


def _ideas(layout: Layout) -> int:
    """Return how high a sentence of three lines is."""
    return round(layout.control * LEADING * 3)


def _turning(
    context: Context, layout: Layout, box: Box, number: int, each: int, count: int
) -> list[Words | Control]:
    """Return what turns the page, where there is one to turn to, and a quiet page number between the two.

    The page after has the focus first: without a touch screen it is pressed far more often.
    """
    texts, pages = context.texts, -(-count // each)
    made: Callable[[Layout, ControlId, Box, str, str], Control] = tile
    if layout.panel.portrait:
        made = button
        earlier, middle, later = columns(box, 3, layout.gap)
    else:
        high = (box.h - round(layout.caption * 2.2)) // 2
        later, middle, earlier = box.top(high), box.under(high).above(high), box.foot(high)
    style = layout.style(layout.caption, colour=Colour.MUTE, weight=Weight.SEMIBOLD, align=Align.CENTRE)
    items: list[Words | Control] = [
        sentence(middle, texts("cards.page", number=number + 1, count=pages), style)
    ]
    if number + 1 < pages:
        after = ControlId("turn", (number + 1) * each)
        items.append(made(layout, after, later, texts("cards.later"), "later"))
    if number:
        before = ControlId("turn", (number - 1) * each)
        items.append(made(layout, before, earlier, texts("cards.earlier"), "earlier"))
    return items


def _card(card: Card, context: Context, layout: Layout, box: Box, place: CardParts) -> list[Item]:
    """Return a surface that can be pressed anywhere: drawing and name, the sentence, the action."""
    texts = context.texts
    icon = card.icon if place.again else ""
    action = button(layout, ControlId("card", card.name), place.action, texts(f"{card.words}_action"), icon)
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
    """Return parts below each other; a wide card has its drawing beside the name, a low one its action beside all."""
    inner = box.inset(layout.gap, layout.tight if box.h < layout.deck * 2 else layout.gap)
    line = _line(layout)
    if inner.w < inner.h * 1.3:
        words, action = inner.above(layout.deck + layout.tight), inner.foot(layout.deck)
        left = words.h - line - round(layout.control * 6)
        side = min(words.w, max(round(words.h * 0.26), min(left, round(words.h * 0.42))))
        title = words.under(side + layout.tight).top(line)
        idea = words.under(side + line + layout.tight * 2)
        return CardParts(words.top(side).left(side), title, idea, action, again=True)
    if inner.h < layout.deck + line + round(layout.control * 4):
        action = inner.after(round(inner.w * 0.62))
        action = Box(
            action.x,
            inner.y + (inner.h - min(inner.h, layout.deck)) // 2,
            action.w,
            min(inner.h, layout.deck),
        )
        words = inner.left(round(inner.w * 0.62) - layout.gap)
    else:
        words, action = inner.above(layout.deck + layout.tight), inner.foot(layout.deck)
    head, idea = words.top(line), words.under(line + layout.tight // 2)
    return CardParts(head.left(line), head.after(line + layout.tight), idea, action, again=True)


def _tall(layout: Layout, box: Box) -> CardParts:
    """Return the parts one below the other."""
    inner = box.inset(layout.tight * 2, layout.tight)
    words, action = inner.above(layout.least + layout.tight), inner.foot(layout.least)
    idea = words.foot(min(round(layout.control * LEADING * 5), round(words.h * 0.55)))
    head = words.above(idea.h + layout.tight // 2)
    title = head.foot(_line(layout))
    above = head.above(title.h + layout.tight // 2)
    return CardParts(above.left(min(above.w, above.h)), title, idea, action)


def _low(layout: Layout, box: Box) -> CardParts:
    """Return the drawing beside the name, below them the sentence, then the action."""
    inner = box.inset(layout.tight * 2, layout.tight)
    words, action = inner.above(layout.least + layout.tight), inner.foot(layout.least)
    idea = words.foot(_ideas(layout))
    head = words.above(idea.h + layout.tight // 2)
    side = min(head.h, head.w // 3)
    return CardParts(head.left(side), head.after(side + layout.tight), idea, action)


def _wide(layout: Layout, box: Box) -> CardParts:
    """Return the drawing above the action; beside the one the name, beside the other the sentence."""
    inner = box.inset(layout.tight * 2)
    first = inner.left(round(inner.w * 0.36))
    words, action = inner.after(first.w + layout.gap), first.foot(layout.least)
    above = first.above(layout.least + layout.tight)
    idea = words.foot(_ideas(layout))
    title = words.above(idea.h + layout.tight // 2)
    return CardParts(above.square(min(above.w, above.h)), title, idea, action)
