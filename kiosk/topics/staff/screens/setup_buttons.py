"""First start, 3: each physical button lights its lamp on the screen."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.layout import Layout, columns, near_layout_of, rows
from kiosk.core.message import Button, ButtonDown, ButtonUp, ToAttract
from kiosk.core.parts import button, scene_of, sentence
from kiosk.core.scene import Align, Box, Colour, Icon, Item, Plate, Scene, Weight
from kiosk.core.screen import Outcome, Pressed, ScreenEvent
from kiosk.core.staff_parts import setup_header
from kiosk.topics.staff.facts import STATIONS, Station
from kiosk.topics.staff.messages import ToSetup
from kiosk.topics.staff.screens.setup import SetupScreen

LAMPS = ((Button.LESS, "less"), (Button.SHUTTER, "shutter"), (Button.MORE, "more"))


@dataclass(frozen=True, slots=True)
class SetupButtons(SetupScreen):
    """The buttons that are down now, and those that were seen to work (down and up again)."""

    down: frozenset[Button] = frozenset()
    worked: frozenset[Button] = frozenset()

    @property
    def hears_buttons(self) -> bool:
        """Return whether the buttons themselves are shown: until all of them are seen to work."""
        return not self.done

    @property
    def done(self) -> bool:
        """Return whether all of them work, and none is down any more: from then on they move the light again."""
        return len(self.worked) == len(Button) and not self.down

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        del context
        match event:
            case ButtonDown(pressed):
                return Outcome(replace(self, down=self.down | {pressed}))
            case ButtonUp(pressed) if pressed in self.down:
                return Outcome(SetupButtons(self.down - {pressed}, self.worked | {pressed}))
            case Pressed("leave"):
                return Outcome(ToAttract())
            case Pressed("next"):
                return Outcome(ToSetup(Station.CAMERA))
            case _:
                return Outcome(self)

    def view(self, context: Context) -> Scene:
        """Return three lamps, and the way on, also for an exhibit without buttons."""
        layout = near_layout_of(context.panel)
        items, stage = setup_header(context, layout, Station.BUTTONS.value, STATIONS)
        title = stage.top(round(layout.body * 2.8))
        body = stage.under(title.h + layout.gap)
        foot = body.foot(layout.deck)
        lamps = body.above(layout.deck + layout.gap)
        items.append(
            sentence(title, context.texts("setup.buttons_ask"), layout.style(layout.control, lines=2))
        )
        cut = rows if context.panel.portrait else columns
        for (lamp, key), box in zip(LAMPS, cut(lamps, len(LAMPS), layout.gap), strict=True):
            items += self._lamp(context, layout, box, lamp, key)
        words = context.texts("control.next" if self.done else "setup.buttons_skip")
        items.append(button(layout, "next", foot, words, "forward"))
        return scene_of(context, "setup-buttons", items, "next" if self.done else "")

    def _lamp(self, context: Context, layout: Layout, box: Box, lamp: Button, key: str) -> list[Item]:
        """Return a lamp that shines while its button is down, its name, and whether it worked."""
        lit = lamp in self.down
        worked = lamp in self.worked
        inner = box.inset(layout.tight * 2)
        line = round(layout.body * 1.5)
        if context.panel.portrait:
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
                name,
                context.texts(f"setup.lamp_{key}"),
                layout.style(layout.body, weight=Weight.EXTRABOLD, align=align, lines=1),
            ),
            sentence(note, context.texts(said), layout.style(layout.body, colour=colour, align=align)),
        ]
