"""The screen for a close look: both pictures in one place, both under a magnifier, or the noise alone."""

from dataclasses import dataclass, replace
from enum import Enum

from kiosk.core.context import Context
from kiosk.core.layout import Layout, columns, layout_of, rows, split
from kiosk.core.message import ToBack
from kiosk.core.parts import answer_row, button, rows_of, scene_of, sentence, tile
from kiosk.core.pieces.frame import framed
from kiosk.core.scene import (
    Box,
    Colour,
    Control,
    ControlId,
    Item,
    Look,
    Picture,
    Plate,
    Scene,
    Weight,
)
from kiosk.core.screen import Dragged, Outcome, Pressed, Released, ScreenEvent, VisitScreen
from kiosk.core.visit import Visit
from kiosk.topics.attack.messages import ToAttack
from kiosk.topics.attack.screens.attack_words import noise_size, with_noise

MAGNIFIED = 8
HELD_S = 0.35  # a finger that stays longer only peeps
PLACES = tuple((x, y) for y in (1 / 2, 1 / 6, 5 / 6) for x in (1 / 2, 1 / 6, 5 / 6))
SIDE_PX = 224  # what models take; of another grid the part shown is as large


class Mode(Enum):
    """What is shown."""

    FLIP = "flip"
    LENS = "lens"
    NOISE = "noise"


ICONS = {Mode.FLIP: "picture", Mode.LENS: "lens", Mode.NOISE: "grain"}


@dataclass(frozen=True, slots=True)
class Closely(VisitScreen):
    """The visit, what is shown of it, and where the magnifier is (0..1 each way).

    `clean` says that the picture without noise is shown, `pressed_s` since when a finger may hold it.
    """

    visit: Visit
    mode: Mode = Mode.FLIP
    clean: bool = False
    at: tuple[float, float] = PLACES[0]
    pressed_s: float = 0.0
    picture = "adversarial"

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Pressed("flip"):
                return Outcome(replace(self, clean=not self.clean, pressed_s=context.now_s))
            case Released("flip") if context.now_s - self.pressed_s >= HELD_S:
                return Outcome(replace(self, clean=not self.clean))
            case Pressed("mode", Mode() as mode):
                return Outcome(Closely(self.visit, mode))
            case Pressed("place", _, x, y) | Dragged("place", _, x, y):
                return Outcome(replace(self, at=(x, y)))
            case Pressed("next_place"):
                here = PLACES.index(self.at) if self.at in PLACES else -1
                return Outcome(replace(self, at=PLACES[(here + 1) % len(PLACES)]))
            case Pressed("back"):
                return Outcome(ToBack(ToAttack(self.visit)))
            case _:
                return Outcome(self)

    def view(self, context: Context) -> Scene:
        """Return the picture as large as it can be, and the controls beside it or, on tall panels, below it."""
        layout = layout_of(context.panel)
        title = context.texts("look.title_noise" if self.mode is Mode.NOISE else "look.title")
        frame = framed(context, layout, title, deck=1 if self.mode is Mode.NOISE else 2)
        items, stage = [*frame.items], frame.stage
        if self.mode is Mode.LENS:
            pictures, side = self._magnified(context, layout, stage)
        else:
            pictures, side = self._whole(context, layout, stage)
        action, modes = self._deck(layout, frame.deck)
        texts = context.texts
        primary: ControlId | str = "back"
        if self.mode is Mode.FLIP:
            flip = button(layout, "flip", action, texts("control.flip"), "flip")
            items, primary = [replace(flip, holds=True), *items], "flip"
        elif self.mode is Mode.LENS:
            items = [button(layout, "next_place", action, texts("control.next_place"), "move"), *items]
            primary = "next_place"
        others = [mode for mode in Mode if mode is not self.mode]
        items += [
            tile(
                layout,
                ControlId("mode", mode),
                cell,
                texts(f"control.mode_{mode.value}"),
                ICONS[mode],
                size_px=layout.caption,
            )
            for mode, cell in zip(others, columns(modes, len(others), layout.gap), strict=True)
        ]
        items += pictures
        items += self._words(context, layout, side)
        return scene_of(context, "look", items, primary)

    def _deck(self, layout: Layout, deck: Box) -> tuple[Box, Box]:
        """Return where the action lies, and the ways to the other pages: nothing is to be done with the noise alone."""
        if self.mode is Mode.NOISE:
            return deck, deck
        if layout.panel.portrait:
            action, modes = rows(deck, 2, layout.gap)
        else:
            action, modes = split(deck, (1.0, 2.0), layout.gap)
        return action, modes

    def _whole(self, context: Context, layout: Layout, stage: Box) -> tuple[list[Item], Box]:
        """Return one picture at full size, which can be held as well, and the room that it leaves."""
        if context.panel.portrait:
            words = round(layout.control * 1.4) + round(layout.label * 2.4) + layout.tight
            side = min(stage.w, stage.h - words - layout.gap)
            box, room = (
                Box(stage.x + (stage.w - side) // 2, stage.y, side, side),
                stage.under(side + layout.gap),
            )
        else:
            side = min(stage.h, round(stage.w * 0.62))
            box, room = Box(stage.x, stage.y, side, side), stage.after(side + layout.gap)
        if self.mode is Mode.NOISE:
            return [Picture(box, "noise", layout.radius)], room
        colour = Colour.TRUTH if self.clean else Colour.LIE if self.visit.fools else None
        key = "original" if self.clean else "adversarial"
        hold = Control("flip", box, Look.BARE, radius_px=layout.radius, holds=True, value="picture")
        return [Picture(box, key, layout.radius, outline=colour), hold], room

    def _magnified(self, context: Context, layout: Layout, stage: Box) -> tuple[list[Item], Box]:
        """Return the same place of both pictures side by side, a small picture to choose it on, and the room left."""
        line = round(layout.caption * 1.6)
        if context.panel.portrait:
            half = (stage.w - layout.gap) // 2
            pair, room = stage.top(half + line), stage.under(half + line + layout.gap)
            side = min(half, room.h)
            small = Box(room.x + (room.w - side) // 2, room.y, side, side)
        else:
            small_w = max(layout.touch * 2, round(stage.w * 0.26))
            half = min(stage.h - line, (stage.w - small_w - 2 * layout.gap) // 2)
            pair = stage.left(2 * half + layout.gap).top(half + line)
            room = stage.after(pair.w + layout.gap)
            side = min(room.w, room.h)
            small = Box(room.x + (room.w - side) // 2, room.y, side, side)
        part = _part(self.at)
        items: list[Item] = []
        captions = (
            ("look.original", "original", Colour.TRUTH),
            ("look.adversarial", "adversarial", Colour.LIE),
        )
        for (words, key, colour), cell in zip(captions, columns(pair, 2, layout.gap), strict=True):
            style = layout.style(layout.caption, colour=colour, weight=Weight.SEMIBOLD)
            box = Box(cell.x, cell.y + line, cell.w, cell.w)
            items += [
                sentence(cell.top(line), context.texts(words), style),
                Picture(box, key, layout.radius, part=part),
            ]
        scale = small.w / SIDE_PX
        frame = Box(
            small.x + round(part.x * scale),
            small.y + round(part.y * scale),
            round(part.w * scale),
            round(part.h * scale),
        )
        items += [
            Picture(small, "original", layout.radius // 2),
            Plate(frame, 2, None, Colour.TEXT, 3),
            Control("place", small, Look.BARE, radius_px=layout.radius // 2, holds=True),
        ]
        below = Box(pair.x, pair.bottom + layout.gap, pair.w, stage.bottom - pair.bottom - layout.gap)
        if not context.panel.portrait and below.h >= 2 * layout.body:
            quiet = layout.style(layout.control, colour=Colour.MUTE, lines=2, middle=False)
            items.append(sentence(below, context.texts("look.lens"), quiet))
        return items, room

    def _words(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return what is shown and what it is taken for; nothing is said to be the answer to noise alone."""
        texts, visit = context.texts, self.visit
        if self.mode is Mode.LENS:
            return []
        line = round(layout.control * 1.4)
        style = layout.style(layout.control, weight=Weight.SEMIBOLD, lines=2)
        quiet = layout.style(layout.body, colour=Colour.MUTE, accent=Colour.TEXT, lines=5, middle=False)
        if self.mode is Mode.NOISE:
            note = f"{texts('look.noise_note')} {noise_size(visit.now, context)}"
            head = box.top(min(box.h // 2, 2 * line))
            return [sentence(head, texts("look.noise"), style), sentence(box.under(head.h), note, quiet)]
        caption = texts("look.original") if self.clean else with_noise(visit, context)
        answer = visit.original if self.clean else visit.now.told
        row = rows_of(answer, context, 1)[0]
        colour = Colour.TRUTH if row.label == visit.original.said else Colour.LIE
        rest = box.under(line + layout.tight)
        answered = rest.top(min(rest.h, round(layout.label * 2.4)))
        items: list[Item] = [sentence(box.top(line), caption, style)]
        items += answer_row(context, layout, answered, row, colour, large=True)
        below = rest.under(answered.h + layout.tight)
        if below.h >= 2 * layout.body:
            items.append(sentence(below, texts("look.flip"), quiet))
        return items


def _part(at: tuple[float, float]) -> Box:
    """Return the square that the magnifier shows around a place, in the picture's pixels."""
    side = SIDE_PX // MAGNIFIED
    x, y = (min(SIDE_PX - side, max(0, round(way * SIDE_PX - side / 2))) for way in at)
    return Box(x, y, side, side)
