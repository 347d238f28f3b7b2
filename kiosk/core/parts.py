"""Pieces that several screens show: buttons, sentences, the header, an answer with its bars."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.layout import Layout, Panel, Style, layout_of
from kiosk.core.scene import (
    Align,
    Bar,
    Box,
    Colour,
    Control,
    ControlId,
    Item,
    Look,
    Plate,
    Ring,
    Run,
    Scene,
    Weight,
    Words,
    accented,
    plain,
)
from kiosk.core.staff import CORNER
from kiosk.core.visit import Answer

SURE, GUESSING = 0.8, 0.4
CORNER_MM = 22.0
STEPS = ("show", "choose", "fool", "why")
COUNT_FROM = 3  # 3-2-1 before pictures are taken
BEAT_S = 0.8
COUNT_S = COUNT_FROM * BEAT_S


@dataclass(frozen=True, slots=True)
class Row:
    """One line of an answer as visitors may read it.

    `label` is None where its name is blocked, or it is "I don't know", which has no `confidence`.
    """

    label: int | None
    name: str
    confidence: float | None


def scene_of(
    context: Context, name: str, items: Sequence[Item], primary: str | ControlId = "", *, arrows: bool = True
) -> Scene:
    """Return a scene that fills the panel; `primary` is the control with the focus, without a value or with one."""
    panel = context.panel
    first = control_id(primary) if primary else None
    return Scene(name, panel.width_px, panel.height_px, tuple(items), first, arrows)


def control_id(name: str | ControlId) -> ControlId:
    """Return which control is meant: one without a value may be given by its name alone."""
    return name if isinstance(name, ControlId) else ControlId(name)


def control_key(words: str) -> str:
    """Return the key of a control's words: one of `[control]` unless another table is named."""
    return words if "." in words else f"control.{words}"


def called(context: Context, label: int) -> str:
    """Return a label's friendly name, or the words for what must not be read."""
    return context.labels.name(label) or context.texts("label.untaught")


def percent(context: Context, confidence: float) -> str:
    """Return a confidence in whole per cent."""
    return context.texts("label.percent", number=round(100 * confidence))


def rows_of(answer: Answer, context: Context, count: int) -> tuple[Row, ...]:
    """Return the best lines of an answer; all that is blocked shares one line, at the place of its best."""
    found: list[Row] = [] if answer.known else [Row(None, context.texts("label.unknown"), None)]
    untaught = context.texts("label.untaught")
    for ranked in answer.top:
        name = context.labels.name(ranked.label)
        if name is not None:
            found.append(Row(ranked.label, name, ranked.confidence))
        elif not any(row.name == untaught for row in found):
            found.append(Row(None, untaught, ranked.confidence))
    return tuple(found[:count])


def sentence(box: Box, text: str, style: Style) -> Words:
    """Return a text in a box, its [bracketed] parts in the accent colour."""
    runs = accented(text, style.colour, style.accent) or plain("")
    return Words(
        box, runs, style.size_px, style.floor_px, style.weight, style.align, style.middle, style.lines
    )


def button(
    layout: Layout, name: str | ControlId, box: Box, text: str, icon: str, *, size_px: int = 0, note: str = ""
) -> Control:
    """Return a control with an icon beside its words."""
    size = size_px or layout.control
    wanted = control_id(name)
    return Control(
        name=wanted.name,
        value=wanted.value,
        box=box,
        text=text,
        icon=icon,
        size_px=size,
        floor_px=min(size, layout.caption_floor),
        radius_px=layout.radius,
        note=note,
    )


def tile(
    layout: Layout, name: str | ControlId, box: Box, text: str, icon: str = "", *, size_px: int = 0
) -> Control:
    """Return a control with an icon above its words, which grow with a large tile unless their size is given."""
    size = size_px or max(layout.body, min(layout.label, box.h // 11))
    wanted = control_id(name)
    return Control(
        name=wanted.name,
        value=wanted.value,
        box=box,
        look=Look.TILE,
        text=text,
        icon=icon,
        size_px=size,
        floor_px=min(size, layout.caption_floor),
        radius_px=layout.radius,
    )


def walled(control: Control) -> Control:
    """Return a tile of a wall: its words are wrapped before they are shrunk, so that all have letters of one size."""
    return replace(control, floor_px=control.size_px)


def staff_corner(context: Context) -> Control:
    """Return the hidden control that keeps a touch of the staff's corner from what lies under it."""
    return Control(CORNER, corner_of(context), Look.WHOLE, holds=True)


def corner_of(context: Context) -> Box:
    """Return the place of the staff's hidden corner, which is on every screen, whatever else is there."""
    side = max(layout_of(context.panel).least, context.panel.px(CORNER_MM))
    return Box(0, 0, side, side)


def crumbs(context: Context, layout: Layout, box: Box, step: str, steps: Sequence[str] = STEPS) -> Words:
    """Return the stations of a visit (or other steps), the present one bright."""
    runs: list[Run] = []
    for number, station in enumerate(steps, start=1):
        here = station == step
        words = context.texts("crumb.station", number=number, name=context.texts(f"crumb.{station}"))
        gap = "" if not runs else "    "
        runs.append(Run(gap + words.replace(" ", "\u00a0"), Colour.TEXT if here else Colour.MUTE))
    return Words(box, tuple(runs), layout.caption, layout.caption_floor, Weight.SEMIBOLD, Align.LEFT, True, 2)


def answer_row(
    context: Context,
    layout: Layout,
    box: Box,
    row: Row,
    colour: Colour,
    *,
    shown: float | None = None,
    large: bool = False,
) -> list[Item]:
    """Return one label: name and per cent above, its bar below; the first one large and in its colour.

    "I don't know" has neither per cent nor bar.
    """
    size = layout.label if large else layout.body
    thick = max(4, min(layout.tight * 2, box.h // 4))
    text = box.above(thick + layout.tight // 2)
    size = min(size, round(text.h / 1.3))
    two = 2 if text.h > size * 2.4 and text.h > layout.caption * 2.4 and large else 1
    text = text.top(min(text.h, round(size * (2.5 if two == 2 else 1.35))))
    number = max(round(size * 2.5), round(layout.body * 2.9)) if large else round(layout.body * 2.9)
    number = min(number, box.w // 3)
    name_box = text.left(text.w - number - layout.tight)
    number_size = min(size, layout.control)
    number_box = Box(text.right - number, text.y, number, text.h)
    name_colour = colour if large else Colour.MUTE
    weight = Weight.EXTRABOLD if large else Weight.REGULAR
    if row.confidence is None:
        name_box = text
    name = Words(
        name_box, plain(row.name, name_colour), size, min(size, layout.caption_floor), weight, lines=two
    )
    if row.confidence is None:
        return [name]
    return [
        name,
        Words(
            number_box,
            plain(percent(context, row.confidence), Colour.TEXT if large else Colour.MUTE),
            number_size,
            min(size, layout.caption_floor),
            Weight.SEMIBOLD,
            Align.RIGHT,
        ),
        Bar(
            Box(box.x, text.bottom + layout.tight // 2, box.w, thick),
            row.confidence if shown is None else shown,
            colour if large else Colour.MUTE,
        ),
    ]


def countdown(layout: Layout, box: Box, shown: Sequence[Item], gone_s: float) -> list[Item]:
    """Return what is shown, set in by the width of a frame that empties around it, and the number so far."""
    frame = layout.tight
    gone = gone_s / BEAT_S
    beat = min(COUNT_FROM - 1, max(0, int(gone)))
    share = 1.0 - min(1.0, max(0.0, gone / COUNT_FROM))
    side = round(box.w * 0.3)
    badge = Box(box.right - side, box.bottom - side, side, side)
    return [
        Ring(box, share, Colour.TEXT, frame, layout.radius + frame),
        *shown,
        Plate(badge, side // 2, Colour.INK),
        Words(
            badge.inset(side // 6),
            plain(str(COUNT_FROM - beat)),
            round(side * 0.6),
            layout.floor,
            Weight.EXTRABOLD,
            Align.CENTRE,
        ),
    ]


def eased(since_s: float, now_s: float, length_s: float) -> float:
    """Return how far a motion that began at `since_s` is (0..1), fast first, slow at its end."""
    part = min(1.0, max(0.0, (now_s - since_s) / length_s)) if length_s > 0 else 1.0
    return 1.0 - (1.0 - part) ** 3


def sureness(context: Context, confidence: float) -> str:
    """Return how sure an answer is, in words."""
    if confidence >= SURE:
        return context.texts("sure.sure")
    return context.texts("sure.fairly" if confidence >= GUESSING else "sure.guess")


def centrepiece(panel: Panel) -> tuple[Box, Box, Box, int]:
    """Return where a picture or ring lies, the words below it, the control at the foot, the ring's width."""
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


def large_and_quiet(words: Box, context: Context, title: str, note: str) -> list[Item]:
    """Return a large line and a quiet one."""
    layout = layout_of(context.panel)
    cut = round(words.h * 0.55)
    return [
        sentence(
            words.top(cut),
            context.texts(title),
            layout.style(round(layout.label * 1.2), weight=Weight.EXTRABOLD, align=Align.CENTRE, lines=2),
        ),
        sentence(
            words.under(cut),
            context.texts(note),
            layout.style(layout.control, colour=Colour.MUTE, align=Align.CENTRE, lines=3, middle=False),
        ),
    ]
