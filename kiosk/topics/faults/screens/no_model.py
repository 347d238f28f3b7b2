"""The screen of an exhibit whose model is not ready, or missing."""

from dataclasses import dataclass

from kiosk.core.context import Context
from kiosk.core.health import Phase
from kiosk.core.layout import layout_of
from kiosk.core.message import ToAttract
from kiosk.core.parts import scene_of
from kiosk.core.scene import Bar, Box, Colour, Scene
from kiosk.core.screen import Outcome, RestingScreen, ScreenEvent
from kiosk.topics.faults.screens.calm import calm
from kiosk.topics.photograph.messages import ToLive


@dataclass(frozen=True, slots=True)
class NoModel(RestingScreen):
    """There is nothing that could look at a picture (yet); `awaited` by a visitor who touched the screen."""

    awaited: bool = False

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return the way on as soon as there is a model."""
        del event
        if context.model.phase is not Phase.READY:
            return Outcome(self)
        return Outcome(ToLive() if self.awaited else ToAttract())

    def view(self, context: Context) -> Scene:
        """Getting ready with its progress, or what the staff should do."""
        layout = layout_of(context.panel)
        missing = context.model.phase is Phase.LOST
        name = "model-missing" if missing else "model-warming"
        title, note = (
            ("fault.model", "fault.model_note") if missing else ("fault.warming", "fault.warming_note")
        )
        page, foot = layout.page.above(layout.deck), layout.page.foot(layout.deck)
        items = calm(context, layout, page, "wrench" if missing else "wait", title, note)
        if not missing:
            bar = Box(foot.x, foot.y + foot.h // 3, foot.w, max(8, layout.tight * 2))
            items.append(Bar(bar, context.model.progress or 0.0, Colour.TEXT))
        return scene_of(context, name, items, "")
