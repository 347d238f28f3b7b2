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
    Way,
)


@dataclass(frozen=True, slots=True)
class Card:
    """One idea: its name (of its control, and of its words `cards.NAME_…`), its drawing, where it leads."""

    name: str
    icon: str
    way: Callable[[Visit], Way]


# A further card is one line here, its three texts in the table [cards], and its drawing in ui/icons.py.
CARDS: tuple[Card, ...] = (
    Card("dice", "dice", ToDice),
    Card("paint", "brush", ToSketchpad),
)


@dataclass(frozen=True, slots=True)
class Cards:
    """The visit that goes on."""

    visit: Visit


def update(slice_: Cards, event: ScreenEvent, hall: Hall) -> tuple[Cards | Way, tuple[Effect, ...]]:
    """The next slice or the way on."""
    del hall
    match event:
        case Pressed("back"):
            return ToAttack(slice_.visit), ()
        case Pressed("retake"):
            return ToLive(), ()
        case Pressed("again"):
            return ToEnd(), ()
        case Pressed(name):
            chosen = next((card for card in CARDS if card.name == name), None)
            return (slice_ if chosen is None else chosen.way(slice_.visit)), ()
        case _:
            return slice_, ()


def view(slice_: Cards, hall: Hall) -> Scene:
    """The cards side by side, or one above the other; the light stands on the first."""
    del slice_
    layout = layout_of(hall.panel)
    around = (("back", "back", "back"), ("retake", "camera", "retake"), ("again", "again", "again"))
    top, stage = header(hall, layout, "", around, title=hall.texts("cards.title"))
    cells = (rows if hall.panel.portrait else columns)(stage, len(CARDS), layout.gap)
    # the light goes to the cards first
    items = [
        item for card, cell in zip(CARDS, cells, strict=True) for item in _card(card, hall, layout, cell)
    ]
    return scene_of(hall, "cards", [*items, *top], CARDS[0].name)


def _card(card: Card, hall: Hall, layout: Layout, box: Box) -> list[Item]:
    """A surface that can be pressed anywhere: drawing and name, the sentence, the action."""
    texts = hall.texts
    inner = box.inset(layout.gap)
    foot, upper = inner.foot(layout.deck), inner.above(layout.deck + layout.tight)
    line = min(round(layout.label * 1.6), upper.h // 2)
    wide = upper.w > upper.h * 1.6
    if wide:
        head, told = upper.top(line), upper.under(line + layout.tight)
        drawing, title = head.left(line), head.after(line + layout.tight * 2)
    else:
        side = min(upper.w, round(upper.h * 0.42))
        drawing = upper.top(side).left(side)
        title = upper.under(side + layout.tight).top(line)
        told = upper.under(side + line + layout.tight * 2)
    action = button(layout, card.name, foot, texts(f"cards.{card.name}_action"), card.icon)
    return [
        Plate(box, layout.radius, outline=Colour.LINE),
        Icon(drawing, card.icon, Colour.TEXT),
        sentence(title, texts(f"cards.{card.name}"), layout.label, layout, weight=Weight.EXTRABOLD, lines=2),
        sentence(
            told, texts(f"cards.{card.name}_idea"), layout.control, layout, colour=Colour.MUTE, lines=6,
            middle=False,
        ),
        replace(action, reach=box),
    ]  # fmt: skip
