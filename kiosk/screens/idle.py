"""The two screens that end a visit nobody goes on with: 'still there?' and 'forgotten'."""

from dataclasses import dataclass, replace

from kiosk.core.effects import Effect, Forget
from kiosk.core.events import Tick
from kiosk.core.layout import layout_of
from kiosk.core.model import Panel
from kiosk.core.parts import button, scene_of, sentence
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
from kiosk.core.screen import (
    Hall,
    Pressed,
    ScreenEvent,
    ToAttract,
    ToLive,
    Way,
)

DISSOLVE_S = 1.6
REST_S = 2.6


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Since when the picture dissolves, which picture, whether it is gone by now, and whether more goes with it."""

    since_s: float
    key: str = ""
    gone: bool = False
    taught: bool = False


def update(slice_: Forgotten, event: ScreenEvent, hall: Hall) -> tuple[Forgotten | Way, tuple[Effect, ...]]:
    """The next slice or the way on; `Forget` is said exactly once, before anything else can begin."""
    wipe: tuple[Effect, ...] = () if slice_.gone else (Forget(),)
    match event:
        case Pressed():
            return ToLive(), wipe
        case Tick() if hall.now_s - slice_.since_s >= DISSOLVE_S + REST_S:
            return ToAttract(), wipe
        case Tick() if hall.now_s - slice_.since_s >= (DISSOLVE_S if slice_.key else 0.0):
            return replace(slice_, gone=True), wipe
        case _:
            return slice_, ()


def _middle(panel: Panel) -> tuple[Box, Box, Box, int]:
    """A picture or ring, the words below it, the control at the foot, the ring's width."""
    layout = layout_of(panel)
    page = layout.page
    deck = page.foot(round(layout.deck * 1.15))
    rest = page.above(deck.h + layout.gap)
    side = min(rest.w, round(rest.h * 0.62))
    disc = Box(rest.x + (rest.w - side) // 2, rest.y, side, side)
    if panel.portrait:
        side = round(rest.w * 0.8)
        disc = Box(rest.x + (rest.w - side) // 2, rest.y + round(rest.h * 0.08), side, side)
    words = Box(rest.x, disc.bottom + layout.gap, rest.w, rest.bottom - disc.bottom - layout.gap)
    return disc, words, deck, max(4, layout.tight)


def still_there(since_s: float, key: str, hall: Hall) -> Scene:
    """The question whether anybody is there: a ring that empties around the picture."""
    left_s = hall.idle.countdown_s - (hall.now_s - since_s)
    layout = layout_of(hall.panel)
    disc, words, deck, width = _middle(hall.panel)
    share = max(0.0, min(1.0, left_s / hall.idle.countdown_s))
    whole = Box(0, 0, hall.panel.width_px, hall.panel.height_px)
    number = disc.inset(round(disc.w * 0.3))
    items: list[Item] = [
        Control("anywhere", whole, Look.WHOLE),
        Ring(disc, share, Colour.TEXT, width * 2),
    ]
    if key:
        items.append(Picture(disc.inset(round(disc.w * 0.21)), key, layout.radius))
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
        *_told(words, hall, "idle.title", "idle.note"),
    ]
    deck = _narrow(deck, hall)
    size = round(layout.control * 1.3)
    items.append(button(layout, "stay", deck, hall.texts("idle.stay"), "hand", size_px=size))
    return scene_of(hall, "idle", items, "stay")


def _narrow(deck: Box, hall: Hall) -> Box:
    """The control at the foot, not wider than a hand needs."""
    width = deck.w if hall.panel.portrait else round(deck.w * 0.55)
    return Box(deck.x + (deck.w - width) // 2, deck.y, width, deck.h)


def _told(words: Box, hall: Hall, title: str, note: str) -> list[Item]:
    """A large line and a quiet one."""
    layout = layout_of(hall.panel)
    cut = round(words.h * 0.55)
    return [
        sentence(
            words.top(cut), hall.texts(title), round(layout.label * 1.2), layout,
            weight=Weight.EXTRABOLD, align=Align.CENTRE, lines=2,
        ),
        sentence(
            words.under(cut), hall.texts(note), layout.control, layout,
            colour=Colour.MUTE, align=Align.CENTRE, lines=3, middle=False,
        ),
    ]  # fmt: skip


def view(slice_: Forgotten, hall: Hall) -> Scene:
    """The picture dissolves into grey; then the words that it is gone."""
    layout = layout_of(hall.panel)
    disc, words, _, _ = _middle(hall.panel)
    whole = Box(0, 0, hall.panel.width_px, hall.panel.height_px)
    covered = min(1.0, max(0.0, (hall.now_s - slice_.since_s) / DISSOLVE_S))
    key = "" if slice_.gone else slice_.key
    items: list[Item] = [
        Control("anywhere", whole, Look.WHOLE),
        Picture(disc, key, layout.radius, covered=1.0 if not key else covered),
    ]
    key = "forgotten.title" if slice_.gone else "forgotten.going"
    items += _told(words, hall, f"{key}_taught" if slice_.taught else key, "forgotten.note")
    return scene_of(hall, "forgotten", items, "anywhere")
