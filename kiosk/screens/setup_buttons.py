"""First start, 3: each physical button lights its lamp on the screen."""

from dataclasses import dataclass, replace

from kiosk.core.effects import Effect
from kiosk.core.events import ButtonDown, ButtonUp
from kiosk.core.layout import Layout, columns, layout_of, rows
from kiosk.core.model import Button
from kiosk.core.parts import button, header, scene_of, sentence
from kiosk.core.scene import Align, Box, Colour, Icon, Item, Plate, Scene, Weight
from kiosk.core.screen import Hall, Pressed, ScreenEvent, ToAttract, ToSetup, Way
from kiosk.core.staff import STATIONS, Station

LAMPS = ((Button.LESS, "less"), (Button.SHUTTER, "shutter"), (Button.MORE, "more"))


@dataclass(frozen=True, slots=True)
class SetupButtons:
    """The buttons that are down now, and those that were seen to work (down and up again)."""

    down: frozenset[Button] = frozenset()
    worked: frozenset[Button] = frozenset()

    @property
    def done(self) -> bool:
        """Whether all of them work, and none is down any more: from then on they move the light again."""
        return len(self.worked) == len(Button) and not self.down


def update(
    slice_: SetupButtons, event: ScreenEvent, hall: Hall
) -> tuple[SetupButtons | Way, tuple[Effect, ...]]:
    """The next slice or the way on."""
    del hall
    match event:
        case ButtonDown(pressed):
            return replace(slice_, down=slice_.down | {pressed}), ()
        case ButtonUp(pressed) if pressed in slice_.down:
            return SetupButtons(slice_.down - {pressed}, slice_.worked | {pressed}), ()
        case Pressed("leave"):
            return ToAttract(), ()
        case Pressed("next"):
            return ToSetup(Station.CAMERA), ()
        case _:
            return slice_, ()


def view(slice_: SetupButtons, hall: Hall) -> Scene:
    """Three lamps, and the way on, also for an exhibit without buttons."""
    layout = layout_of(hall.panel)
    items, stage = header(hall, layout, Station.BUTTONS.value, (("leave", "back", "leave"),), steps=STATIONS)
    title = stage.top(round(layout.body * 2.8))
    body = stage.under(title.h + layout.gap)
    foot = body.foot(layout.deck)
    lamps = body.above(layout.deck + layout.gap)
    items.append(sentence(title, hall.texts("setup.buttons_ask"), layout.control, layout, lines=2))
    cut = rows if hall.panel.portrait else columns
    for (lamp, key), box in zip(LAMPS, cut(lamps, len(LAMPS), layout.gap), strict=True):
        items += _lamp(slice_, hall, layout, box, lamp, key)
    words = hall.texts("control.next" if slice_.done else "setup.buttons_skip")
    items.append(button(layout, "next", foot, words, "forward"))
    return scene_of(hall, "setup-buttons", items, "next" if slice_.done else "")


def _lamp(slice_: SetupButtons, hall: Hall, layout: Layout, box: Box, lamp: Button, key: str) -> list[Item]:
    """A lamp that shines while its button is down, its name, and whether it worked."""
    lit = lamp in slice_.down
    worked = lamp in slice_.worked
    inner = box.inset(layout.tight * 2)
    line = round(layout.body * 1.5)
    if hall.panel.portrait:
        side = min(inner.h, inner.w // 3)
        drawing = inner.left(side).square(min(side, inner.h))
        name = inner.after(side + layout.gap).top(inner.h // 2)
        note = inner.after(side + layout.gap).under(inner.h // 2)
        align = Align.LEFT
    else:
        note, name = inner.foot(line), inner.above(line).foot(line)
        above = inner.above(2 * line)
        drawing = above.square(min(above.w, above.h))
        align = Align.CENTRE
    said = "setup.lamp_lit" if lit else "setup.lamp_worked" if worked else "setup.lamp_waits"
    colour = Colour.TEXT if lit or worked else Colour.MUTE
    return [
        Plate(box, layout.radius, Colour.PANEL, Colour.TEXT if lit else Colour.LINE),
        Icon(drawing, "lamp-lit" if lit else "lamp", Colour.TEXT if lit or worked else Colour.LINE),
        sentence(
            name, hall.texts(f"setup.lamp_{key}"), layout.body, layout,
            weight=Weight.EXTRABOLD, align=align, lines=1,
        ),
        sentence(note, hall.texts(said), layout.body, layout, colour=colour, align=align),
    ]  # fmt: skip
