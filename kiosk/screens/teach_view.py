"""The teaching screen as it is shown: the camera, one card a label, and what to do next in one line."""

from dataclasses import replace

from kiosk.core.layout import Layout, best_across, grid, layout_of, rows, split
from kiosk.core.lesson import ENOUGH_BURSTS, TaughtLabel
from kiosk.core.parts import button, headline, scene_of, sentence, staff_corner, tile
from kiosk.core.scene import (
    Align,
    Box,
    Colour,
    Control,
    Icon,
    Item,
    Look,
    Picture,
    Plate,
    Scene,
    Weight,
    Words,
    plain,
)
from kiosk.core.screen import Hall
from kiosk.screens.teach import TROUBLE, Teach
from kiosk.vision.limits import MOST_LABELS

THUMB_MM = 9.0
LEAST_CARDS = 4  # the first cards are not larger than those of four labels


def view(slice_: Teach, hall: Hall) -> Scene:
    """The camera with its button, the labels beside it (below it on tall panels), and the next action."""
    layout = layout_of(hall.panel)
    text, primary = coach(slice_, hall)
    headed, stage = headline(hall, layout, text, corner=True)
    deck = layout.deck
    if hall.panel.portrait:
        lower = stage.foot(2 * deck + layout.gap)
        record, actions = rows(lower, 2, layout.gap)
        rest = stage.above(lower.h + layout.gap)
        lines = 1 if len(slice_.lesson.labels) < LEAST_CARDS else 2
        cards = rest.foot(lines * round(layout.touch * 1.3) + (lines - 1) * layout.gap)
        side = min(rest.w, rest.h - cards.h - layout.gap)
        camera = Box(rest.x + (rest.w - side) // 2, rest.y, side, side)
    else:
        side = min(stage.h - deck - layout.gap, round(stage.w * 0.45))
        left = stage.left(side)
        camera, record = left.top(side), left.foot(deck)
        right = stage.after(side + layout.gap)
        cards, actions = right.above(deck + layout.gap), right.foot(deck)
    recording = slice_.hold is not None
    outline = Colour.TRUTH if recording else None
    return scene_of(
        hall,
        "teach",
        [
            staff_corner(hall, layout),
            # the light goes from what is done most often to the ways out
            _record(slice_, hall, layout, record),
            Picture(camera, "camera", layout.radius, mirrored=True, outline=outline),
            *_cards(slice_, hall, layout, cards),
            *_actions(slice_, hall, layout, actions),
            *headed,
        ],
        primary,
    )


def coach(slice_: Teach, hall: Hall) -> tuple[str, str]:
    """What to do next, in words, and the control that does it."""
    label, knows = slice_.label, _knows(slice_, hall)
    finished, primary, subject = _next_step(slice_, hall)
    if not hall.camera:
        key, primary = "no_camera", "try" if knows else "train" if slice_.lesson.teachable else "back"
    elif slice_.refused:
        key, subject = "full", label
    elif slice_.hold is not None:
        key = "recording"
    elif slice_.lost >= TROUBLE:
        key = "lost"
    elif knows:
        key = finished
    elif not label.examples:
        key = "show"
    elif label.bursts < ENOUGH_BURSTS:
        key = "other_side"
    else:
        key = finished if label.enough else "more"
    if hall.camera and (slice_.hold is not None or not (label.enough or knows)):
        primary, subject = "record", label
    name = hall.signs[subject.sign].name
    return hall.texts(f"teach.{key}", label=name, count=len(label.examples), most=MOST_LABELS), primary


def _next_step(slice_: Teach, hall: Hall) -> tuple[str, str, TaughtLabel]:
    """What comes when the label that is shown has enough pictures: words, control, and the label that is meant."""
    lesson = slice_.lesson
    if _knows(slice_, hall):
        return "known", "try", slice_.label
    unfinished = next((at for at, label in enumerate(lesson.labels) if not label.enough), None)
    if unfinished is not None:
        return "unfinished", f"label-{unfinished}", lesson.labels[unfinished]
    if not lesson.teachable:
        return "second", "add", slice_.label
    return "ready_full" if lesson.full else "ready", "train", slice_.label


def _knows(slice_: Teach, hall: Hall) -> bool:
    """Whether what judges now has learned all that is here."""
    return hall.taught and slice_.lesson.known


def _record(slice_: Teach, hall: Hall, layout: Layout, box: Box) -> Control:
    """The button that records while it is held."""
    key = "control.record"
    if slice_.hold is not None:
        key = "teach.let_go" if slice_.hold.until_s is None else "teach.shooting"
    control = button(layout, "record", box, hall.texts(key), "record", size_px=round(layout.control * 1.15))
    return replace(control, holds=True)


def _cards(slice_: Teach, hall: Hall, layout: Layout, box: Box) -> list[Item]:
    """One card a label, and one to add another."""
    labels = slice_.lesson.labels
    count = len(labels) + (len(labels) < MOST_LABELS)
    places = max(LEAST_CARDS, count)
    across = best_across(box, places, layout.gap, 1.25, layout.least)
    cells = grid(box, places, across, layout.gap)[:count]
    items: list[Item] = []
    for at, (label, cell) in enumerate(zip(labels, cells, strict=False)):
        items += _card(label, hall, layout, cell, chosen=at == slice_.at)
        items.append(Control(f"label-{at}", cell, Look.BARE, radius_px=layout.radius))
    if count > len(labels):
        items.append(tile(layout, "add", cells[-1], hall.texts("control.add"), "plus", size_px=layout.body))
    return items


def _card(label: TaughtLabel, hall: Hall, layout: Layout, cell: Box, *, chosen: bool) -> list[Item]:
    """A label's drawing, name and count, and its newest pictures as far as they fit."""
    sign = hall.signs[label.sign]
    pad = max(4, layout.tight // 2)
    inner = cell.inset(max(2 * pad, layout.radius // 2), 2 * pad)
    head = inner.top(min(layout.touch, max(round(layout.body * 1.3), round(inner.h * 0.34))))
    icon = head.left(min(head.h, inner.w // 3)).square(min(head.h, inner.w // 3))
    words = head.after(icon.w + pad)
    number_w = min(words.w // 2, round(layout.body * 1.9))
    size = min(layout.body, head.h)
    tint = Colour.TRUTH if chosen else Colour.TEXT
    name, count = (
        plain(sign.name, tint),
        plain(str(len(label.examples)), tint if label.enough else Colour.MUTE),
    )
    items: list[Item] = [
        Plate(cell, layout.radius, outline=Colour.TRUTH if chosen else Colour.LINE, outline_px=3),
        Icon(icon, sign.icon, tint),
        Words(
            Box(words.right - number_w, words.y, number_w, words.h),
            count, size, layout.caption_floor, Weight.EXTRABOLD, Align.RIGHT,
        ),
    ]  # fmt: skip
    room = words.left(words.w - number_w)
    if room.w >= 4 * layout.caption:  # else the drawing has to do
        items.append(Words(room, name, size, layout.caption_floor, Weight.SEMIBOLD))
    below = inner.under(head.h + pad)
    if label.examples:
        return items + _newest(label, hall, below, pad)
    if below.w < 6 * layout.caption or below.h < 2 * layout.caption:
        return items
    empty = hall.texts("teach.empty")
    return [*items, sentence(below, empty, layout.caption, layout, colour=Colour.MUTE, lines=2)]


def _newest(label: TaughtLabel, hall: Hall, box: Box, pad: int) -> list[Item]:
    """The newest pictures of a label, in as many rows as fit."""
    wished = hall.panel.px(THUMB_MM)
    down = max(1, round((box.h + pad) / (wished + pad)))
    side = min(2 * wished, (box.h + pad) // down - pad)
    if side < wished // 2:
        return []
    across = max(1, (box.w + pad) // (side + pad))
    items: list[Item] = []
    for number, example in enumerate(label.examples[::-1][: across * down]):
        row, column = divmod(number, across)
        spot = Box(box.x + column * (side + pad), box.y + row * (side + pad), side, side)
        items.append(Picture(spot, example.key, pad, behind=Colour.PANEL))
    return items


def _actions(slice_: Teach, hall: Hall, layout: Layout, box: Box) -> list[Item]:
    """The pictures of the label, and the training once there is something to train, or what it came to."""
    album, train = split(box, (1.0, 1.7), layout.gap)
    lesson, items = slice_.lesson, list[Item]()
    size = round(layout.control * 1.15)
    if slice_.label.examples:
        items.append(
            button(layout, "album", album, hall.texts("control.album"), "album", size_px=layout.body)
        )
    if _knows(slice_, hall):
        items.append(button(layout, "try", train, hall.texts("control.try"), "camera", size_px=size))
    elif lesson.teachable:
        items.append(button(layout, "train", train, hall.texts("control.train"), "train", size_px=size))
    else:
        note = hall.texts("teach.two")
        items.append(
            sentence(
                train, note, layout.body, layout, colour=Colour.MUTE, align=Align.CENTRE, lines=3,
                weight=Weight.SEMIBOLD,
            )
        )  # fmt: skip
    return items
