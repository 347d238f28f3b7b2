"""The screen with more to try: one idea a card, one sentence, one action."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from kiosk.core.effects import Effect
from kiosk.core.layout import Layout, columns, layout_of, rows
from kiosk.core.model import Visit
from kiosk.core.parts import button, header, scene_of, sentence
from kiosk.core.scene import Box, Colour, Icon, Item, Plate, Scene, Weight
from kiosk.core.screen import (
    Hall,
    Pressed,
    ScreenEvent,
    ToAttack,
    ToDice,
    ToEnd,
    ToLive,
    ToSketchpad,
    ToTeach,
    ToVaccine,
    Way,
)


@dataclass(frozen=True, slots=True)
class Card:
    """One idea: its name (of its control), its drawing, where it leads, and its words `cards.WORDS_…`."""

    name: str
    icon: str
    way: Callable[[Visit], Way]
    words: str


# A further card is one line here, its three texts in the table [cards], and its drawing in ui/icons.py.
CARDS: tuple[Card, ...] = (
    Card("dice", "dice", ToDice, "dice"),
    Card("paint", "brush", ToSketchpad, "paint"),
)
TEACH = Card("teach", "teach", lambda _: ToTeach(), "teach")
VACCINE = Card("vaccine", "vaccine", ToVaccine, "vaccine")


@dataclass(frozen=True, slots=True)
class Cards:
    """The visit that goes on."""

    visit: Visit


def offered(visit: Visit, hall: Hall) -> tuple[Card, ...]:
    """The cards there are; the vaccine's leads to what has to come first, where it cannot be given yet.

    Without signs nothing can be taught, and so nothing be vaccinated.
    """
    if not hall.signs:
        return CARDS
    if hall.vaccine_for(visit):
        return (VACCINE, *CARDS, TEACH)
    if not hall.taught or not hall.lesson.learned:
        words = "changed" if hall.taught else "untaught"
        return (*CARDS, TEACH, replace(VACCINE, way=TEACH.way, words=words))
    return (*CARDS, TEACH, replace(VACCINE, way=ToAttack, words="unfooled"))


def update(slice_: Cards, event: ScreenEvent, hall: Hall) -> tuple[Cards | Way, tuple[Effect, ...]]:
    """The next slice or the way on."""
    match event:
        case Pressed("back"):
            return ToAttack(slice_.visit), ()
        case Pressed("retake"):
            return ToLive(), ()
        case Pressed("again"):
            return ToEnd(), ()
        case Pressed(name):
            cards = offered(slice_.visit, hall)
            chosen = next((card for card in cards if card.name == name), None)
            return (slice_ if chosen is None else chosen.way(slice_.visit)), ()
        case _:
            return slice_, ()


def view(slice_: Cards, hall: Hall) -> Scene:
    """The cards side by side, or one above the other; the light stands on the first."""
    cards = offered(slice_.visit, hall)
    layout = layout_of(hall.panel)
    around = (("back", "back", "back"), ("retake", "camera", "retake"), ("again", "again", "again"))
    top, stage = header(hall, layout, "", around, title=hall.texts("cards.title"))
    cells = (rows if hall.panel.portrait else columns)(stage, len(cards), layout.gap)
    # the light goes to the cards first
    items = [
        item for card, cell in zip(cards, cells, strict=True) for item in _card(card, hall, layout, cell)
    ]
    return scene_of(hall, "cards", [*items, *top], cards[0].name)


def _card(card: Card, hall: Hall, layout: Layout, box: Box) -> list[Item]:
    """A surface that can be pressed anywhere: drawing and name, the sentence, the action."""
    texts = hall.texts
    place = _places(layout, box)
    action = button(layout, card.name, place.action, texts(f"cards.{card.words}_action"), card.icon)
    title, idea = texts(f"cards.{card.words}"), texts(f"cards.{card.words}_idea")
    size = min(layout.label, place.title.h)
    return [
        Plate(box, layout.radius, outline=Colour.LINE),
        Icon(place.drawing, card.icon, Colour.TEXT),
        sentence(place.title, title, size, layout, weight=Weight.EXTRABOLD, lines=2),
        sentence(place.idea, idea, layout.control, layout, colour=Colour.MUTE, lines=6, middle=False),
        replace(action, reach=box),
    ]


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of a card lie."""

    drawing: Box
    title: Box
    idea: Box
    action: Box


def _places(layout: Layout, box: Box) -> Places:
    """One below the other; on a wide card the drawing beside the name, on a low one the action beside all."""
    inner = box.inset(layout.gap, layout.tight if box.h < layout.deck * 2 else layout.gap)
    line = round(layout.label * 1.3)
    if inner.w < inner.h * 1.3:
        words, action = inner.above(layout.deck + layout.tight), inner.foot(layout.deck)
        left = words.h - line - round(layout.control * 6)
        side = min(words.w, max(round(words.h * 0.26), min(left, round(words.h * 0.42))))
        title = words.under(side + layout.tight).top(line)
        return Places(words.top(side).left(side), title, words.under(side + line + layout.tight * 2), action)
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
    head = words.top(line)
    return Places(
        head.left(line), head.after(line + layout.tight), words.under(line + layout.tight // 2), action
    )
