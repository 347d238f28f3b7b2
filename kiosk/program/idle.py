"""The question whether the visitor is still there, asked over the screen that was left alone."""

from kiosk.core.context import Context
from kiosk.core.layout import layout_of
from kiosk.core.parts import button, centrepiece, large_and_quiet, scene_of
from kiosk.core.scene import (
    Align,
    Box,
    Colour,
    Control,
    Item,
    Look,
    Picture,
    Plate,
    Ring,
    Scene,
    Weight,
    Words,
    plain,
)


def still_there(since_s: float, picture: str, context: Context) -> Scene:
    """Return the question: a ring that empties around the picture of that name."""
    left_s = context.idle.countdown_s - (context.now_s - since_s)
    layout = layout_of(context.panel)
    disc, words, deck, width = centrepiece(context.panel)
    share = max(0.0, min(1.0, left_s / context.idle.countdown_s))
    whole = Box(0, 0, context.panel.width_px, context.panel.height_px)
    number = disc.inset(round(disc.w * 0.3))
    items: list[Item] = [
        Control("anywhere", whole, Look.WHOLE),
        Ring(disc, share, Colour.TEXT, width * 2),
    ]
    if picture:
        items.append(Picture(disc.inset(round(disc.w * 0.21)), picture, layout.radius))
        badge = round(disc.w * 0.3)
        number = Box(disc.x + (disc.w - badge) // 2, disc.bottom - round(badge * 0.86), badge, badge)
        items.append(Plate(number, badge // 2, Colour.INK))
        number = number.inset(badge // 8)
    items += [
        Words(
            number,
            plain(str(max(0, -int(-left_s // 1)))),
            min(layout.display * 2, round(number.h * 0.8)),
            layout.caption_floor,
            Weight.EXTRABOLD,
            Align.CENTRE,
        ),
        *large_and_quiet(words, context, "idle.title", _note(picture, context)),
    ]
    deck = _narrow(deck, context)
    size = round(layout.control * 1.3)
    items.append(button(layout, "stay", deck, context.texts("idle.stay"), "hand", size_px=size))
    return scene_of(context, "idle", items, "stay")


def _note(picture: str, context: Context) -> str:
    """Return the key of what will be forgotten: all of it, by name."""
    if context.visitor.has_taught:
        return "idle.note_taught"
    return "idle.note" if picture else "idle.note_nothing"


def _narrow(deck: Box, context: Context) -> Box:
    """Return the place of the control at the foot, not wider than a hand needs."""
    width = deck.w if context.panel.portrait else round(deck.w * 0.55)
    return Box(deck.x + (deck.w - width) // 2, deck.y, width, deck.h)
