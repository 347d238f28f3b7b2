"""The teaching screen as it is shown: the camera, one card a label, and what to do next in one line."""

from dataclasses import replace

from kiosk.core.layout import Layout, best_across, grid, layout_of, rows, split
from kiosk.core.lesson import TaughtLabel
from kiosk.core.parts import button, headline, scene_of, sentence, tile
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
    Run,
    Scene,
    Weight,
    Words,
)
from kiosk.core.screen import Hall
from kiosk.screens.teach import TROUBLE, Teach
from kiosk.vision.limits import MOST_EXAMPLES, MOST_LABELS

THUMB_MM = 7.0


def view(slice_: Teach, hall: Hall) -> Scene:
    """The camera with its button, the labels beside it (below it on tall panels), and the next action."""
    layout = layout_of(hall.panel)
    text, primary = coach(slice_, hall)
    items, stage = headline(hall, layout, text)
    deck = layout.deck
    if hall.panel.portrait:
        lower = stage.foot(2 * deck + layout.gap)
        record, actions = rows(lower, 2, layout.gap)
        rest = stage.above(lower.h + layout.gap)
        side = min(rest.w, round(rest.h * 0.54))
        camera = Box(rest.x + (rest.w - side) // 2, rest.y, side, side)
        cards = rest.under(side + layout.gap)
    else:
        side = min(stage.h - deck - layout.gap, round(stage.w * 0.45))
        left = stage.left(side)
        camera, record = left.top(side), left.foot(deck)
        right = stage.after(side + layout.gap)
        cards, actions = right.above(deck + layout.gap), right.foot(deck)
    recording = slice_.hold is not None
    outline = Colour.TRUTH if recording else None
    items.append(Picture(camera, "camera", layout.radius, mirrored=True, outline=outline))
    # the button first: the light's way round begins at what is done most often
    items = [_record(slice_, hall, layout, record), *items]
    items += _cards(slice_, hall, layout, cards)
    items += _actions(slice_, hall, layout, actions)
    return scene_of(hall, "teach", items, primary)


def coach(slice_: Teach, hall: Hall) -> tuple[str, str]:
    """What to do next, in words, and the control that does it."""
    lesson, label, texts = slice_.lesson, slice_.label, hall.texts
    ready = lesson.teachable and all(one.enough for one in lesson.labels)
    if label is None:
        return texts("teach.pick"), "add"
    name = hall.signs[label.sign].name
    primary = "record"
    if not hall.camera:
        key, primary = "teach.no_camera", "train" if lesson.teachable else "back"
    elif slice_.refused == "eight":
        key, primary = "teach.eight", "train" if lesson.teachable else "record"
    elif slice_.refused == "full":
        key, primary = "teach.full", "train" if ready else "add"
    elif slice_.hold is not None:
        key = "teach.recording"
    elif slice_.lost >= TROUBLE:
        key = "teach.lost"
    elif not label.examples:
        key = "teach.show"
    elif label.bursts < 2:
        key = "teach.other_side"
    elif not label.enough:
        key = "teach.more"
    elif ready:
        key, primary = "teach.ready", "train"
    elif len(lesson.labels) == 1:
        key, primary = "teach.second", "add"
    else:
        unfinished = next(at for at, one in enumerate(lesson.labels) if not one.enough)
        key, primary = "teach.unfinished", f"label-{unfinished}"
        name = hall.signs[lesson.labels[unfinished].sign].name
    return texts(key, label=name, count=MOST_EXAMPLES, most=MOST_LABELS), primary


def _record(slice_: Teach, hall: Hall, layout: Layout, box: Box) -> Control:
    """The button that records while it is held; while it does, how full the label is."""
    recording = slice_.hold is not None
    key = "teach.stop" if recording else "control.record"
    control = button(layout, "record", box, hall.texts(key), "record", size_px=round(layout.control * 1.15))
    label = slice_.label
    progress = len(label.examples) / MOST_EXAMPLES if recording and label is not None else None
    return replace(control, holds=True, progress=progress)


def _cards(slice_: Teach, hall: Hall, layout: Layout, box: Box) -> list[Item]:
    """One card a label, and one to add another."""
    labels = slice_.lesson.labels
    count = len(labels) + (len(labels) < MOST_LABELS)
    across = best_across(box, count, layout.gap, 1.25, layout.least)
    cells = grid(box, count, across, layout.gap)
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
    inner = cell.inset(pad * 2, pad)
    head = inner.top(min(inner.h, max(round(layout.body * 1.3), round(inner.h * 0.36))))
    side = min(head.h, round(layout.touch * 0.8), inner.w // 3)
    icon = Box(head.x, head.y + (head.h - side) // 2, side, side)
    words = head.after(side + pad)
    name = (Run(sign.name, Colour.TRUTH if chosen else Colour.TEXT),)
    count = (Run(str(len(label.examples)), Colour.TEXT if label.enough else Colour.MUTE),)
    number_w = min(words.w // 2, round(layout.body * 1.9))
    size = min(layout.body, head.h)
    items: list[Item] = [
        Plate(cell, layout.radius, outline=Colour.TRUTH if chosen else Colour.LINE, outline_px=3),
        Icon(icon, sign.icon, Colour.TRUTH if chosen else Colour.TEXT),
        Words(words.left(words.w - number_w), name, size, layout.caption_floor, Weight.SEMIBOLD, lines=2),
        Words(
            Box(words.right - number_w, words.y, number_w, words.h),
            count, size, layout.caption_floor, Weight.EXTRABOLD, Align.RIGHT,
        ),
    ]  # fmt: skip
    below = inner.under(head.h + pad)
    thumb = min(below.h, max(hall.panel.px(THUMB_MM), round(below.h * 0.48)))
    if thumb < hall.panel.px(THUMB_MM) * 0.7:
        return items
    across = max(1, (below.w + pad) // (thumb + pad))
    down = max(1, (below.h + pad) // (thumb + pad))
    if not label.examples:
        empty = hall.texts("teach.empty")
        return [*items, sentence(below, empty, layout.caption, layout, colour=Colour.MUTE, lines=3)]
    newest = label.examples[::-1][: across * down]
    for number, example in enumerate(newest):
        row, column = divmod(number, across)
        spot = Box(below.x + column * (thumb + pad), below.y + row * (thumb + pad), thumb, thumb)
        items.append(Picture(spot, example.key, pad * 2, behind=Colour.PANEL))
    return items


def _actions(slice_: Teach, hall: Hall, layout: Layout, box: Box) -> list[Item]:
    """The pictures of the label, and the training once there is something to train."""
    album, train = split(box, (1.0, 1.7), layout.gap)
    lesson, items = slice_.lesson, list[Item]()
    size = round(layout.control * 1.15)
    if slice_.label is not None and slice_.label.examples:
        items.append(
            button(layout, "album", album, hall.texts("control.album"), "album", size_px=layout.body)
        )
    if lesson.teachable:
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
