"""The end of a visit: its picture dissolves."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.layout import layout_of
from kiosk.core.message import Effect, Forget, Tick, ToAttract
from kiosk.core.parts import centrepiece, large_and_quiet, scene_of
from kiosk.core.scene import (
    Box,
    Control,
    Item,
    Look,
    Picture,
    Scene,
)
from kiosk.core.screen import Outcome, Pressed, Screen, ScreenEvent
from kiosk.topics.photograph.messages import ToLive
from kiosk.topics.printing.messages import SheetDropped

DISSOLVE_S = 1.6
REST_S = 2.6


@dataclass(frozen=True, slots=True)
class Forgotten(Screen):
    """Since when the picture dissolves, which picture, whether it is gone by now, and whether more goes with it.

    `unprinted`: a sheet of it was taken out of the printer's queue.
    """

    since_s: float
    key: str = ""
    gone: bool = False
    taught: bool = False
    unprinted: bool = False

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads; `Forget` is said exactly once, before anything else can begin."""
        wipe = self.stopped()
        match event:
            case Pressed():
                return Outcome(ToLive(), wipe)
            case Tick() if context.now_s - self.since_s >= DISSOLVE_S + REST_S:
                return Outcome(ToAttract(), wipe)
            case Tick() if context.now_s - self.since_s >= (DISSOLVE_S if self.key else 0.0):
                return Outcome(replace(self, gone=True), wipe)
            case SheetDropped():
                return Outcome(replace(self, unprinted=True))
            case _:
                return Outcome(self)

    def stopped(self) -> tuple[Effect, ...]:
        """Return what wipes the picture, unless it is gone: also where staff come before it has dissolved."""
        return () if self.gone else (Forget(),)

    def view(self, context: Context) -> Scene:
        """Return the picture as it dissolves into grey; then the words that it is gone."""
        layout = layout_of(context.panel)
        disc, words, _, _ = centrepiece(context.panel)
        whole = Box(0, 0, context.panel.width_px, context.panel.height_px)
        covered = min(1.0, max(0.0, (context.now_s - self.since_s) / DISSOLVE_S))
        key = "" if self.gone else self.key
        items: list[Item] = [
            Control("anywhere", whole, Look.WHOLE),
            Picture(disc, key, layout.radius, covered=1.0 if not key else covered),
        ]
        key = "forgotten.title" if self.gone else "forgotten.going"
        note = "forgotten.unprinted" if self.unprinted else "forgotten.note"
        items += large_and_quiet(words, context, f"{key}_taught" if self.taught else key, note)
        return scene_of(context, "forgotten", items, "anywhere")
