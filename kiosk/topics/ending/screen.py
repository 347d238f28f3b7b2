"""The screen that says what all this means: one idea a page, two sentences in large type."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.layout import layout_of
from kiosk.core.message import ToBack
from kiosk.core.parts import button, scene_of, sentence
from kiosk.core.pieces.frame import framed
from kiosk.core.scene import Colour, Icon, Item, Scene, Weight
from kiosk.core.screen import Outcome, Pressed, ScreenEvent, VisitScreen
from kiosk.core.visit import Visit
from kiosk.topics.cards.messages import ToCards
from kiosk.topics.ending.facts import PAGES


@dataclass(frozen=True, slots=True)
class Ending(VisitScreen):
    """The visit, and the page."""

    visit: Visit
    page: int = 0
    picture = "adversarial"

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return the next page, the one before, or the way back to the cards."""
        del context
        match event:
            case Pressed("back") if self.page == 0:
                return Outcome(ToBack(ToCards(self.visit)))
            case Pressed("back"):
                return Outcome(replace(self, page=self.page - 1))
            case Pressed("on") if self.page + 1 < len(PAGES):
                return Outcome(replace(self, page=self.page + 1))
            case Pressed("on"):
                return Outcome(ToCards(self.visit))
            case _:
                return Outcome(self)

    def view(self, context: Context) -> Scene:
        """Return a drawing, the two sentences, and the way on."""
        layout = layout_of(context.panel)
        name, icon = PAGES[self.page]
        frame = framed(context, layout, context.texts("ending.title"))
        stage = frame.stage
        if context.panel.portrait:
            drawing = stage.top(round(stage.h * 0.3))
            words = stage.under(drawing.h + layout.gap)
        else:
            drawing = stage.left(round(stage.w * 0.3))
            words = stage.after(drawing.w + layout.gap)
        first, second = words.top(words.h // 2), words.under(words.h // 2 + layout.tight)
        size = round(layout.label * (1.0 if layout.compact else 1.25))
        large = layout.style(size, weight=Weight.EXTRABOLD, lines=4)
        quieter = layout.style(size, colour=Colour.MUTE, weight=Weight.SEMIBOLD, lines=4)
        last = self.page + 1 == len(PAGES)
        items: list[Item] = [
            Icon(drawing.square(round(min(drawing.w, drawing.h) * 0.8)), icon, Colour.TRUTH),
            sentence(first, context.texts(f"ending.{name}"), large),
            sentence(second, context.texts(f"ending.{name}_more"), quieter),
            button(
                layout, "on", frame.deck, context.texts("ending.last" if last else "ending.on"), "forward"
            ),
        ]
        return scene_of(context, "ending", [*items, *frame.items], "on")
