"""The staff's colours: the chart is printed, held up before the camera, measured, and taken back."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.layout import columns
from kiosk.core.message import Effect, Forget
from kiosk.core.parts import button, scene_of, sentence
from kiosk.core.scene import Box, Colour, Scene, Weight
from kiosk.core.screen import Outcome, Pressed, ScreenEvent, StaffScreen
from kiosk.core.staff_parts import framing_sight, led, staff_frame
from kiosk.topics.colours.messages import (
    ChartGiven,
    ChartWords,
    ColoursTold,
    GiveChart,
    MeasureChart,
    UndoColours,
)
from kiosk.topics.photograph.messages import StopLive


@dataclass(frozen=True, slots=True)
class StaffColours(StaffScreen):
    """How far the map in force is off (None: there is none), whether something is under way, what was told last."""

    residual_255: float | None = None
    busy: bool = False
    told: str = ""

    def stopped(self) -> tuple[Effect, ...]:
        """Return what has to end with it: nothing that the camera saw stays."""
        return (StopLive(), Forget())

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        texts = context.texts
        match event:
            case ColoursTold(residual_255, fault):
                told = fault or ("" if residual_255 is None or not self.busy else texts("colours.measured"))
                return Outcome(StaffColours(residual_255, told=told))
            case ChartGiven(on_stick, fault):
                told = fault or texts("colours.on_stick" if on_stick else "colours.printed")
                return Outcome(replace(self, busy=False, told=told))
            case Pressed("chart") if not self.busy:
                words = ChartWords(texts("printing.name"), texts("colours.title"), texts("colours.sheet"))
                return Outcome(replace(self, busy=True, told=texts("colours.giving")), (GiveChart(words),))
            case Pressed("measure") if not self.busy and context.sees:
                return Outcome(replace(self, busy=True, told=texts("colours.measuring")), (MeasureChart(),))
            case Pressed("undo") if not self.busy and self.residual_255 is not None:
                return Outcome(replace(self, told=""), (UndoColours(),))
            case Pressed() if way := led(event, context):
                return Outcome(way, self.stopped())
            case _:
                return Outcome(self)

    def view(self, context: Context) -> Scene:
        """Return what the camera sees, how the colours are and what came of the last press, and what can be done."""
        layout, items, body = staff_frame(context, "repair")
        texts = context.texts
        deck, stage = body.foot(layout.touch), body.above(layout.touch + layout.gap)
        if context.panel.portrait:
            side = min(stage.w, stage.h // 2)
            seen, words = stage.top(side).square(side), stage.under(side + layout.gap)
        else:
            side = min(stage.h, stage.w * 45 // 100)
            seen, words = Box(stage.x, stage.y, side, side), stage.after(side + 2 * layout.gap)
        items += framing_sight(context, seen, layout.radius)
        known = self.residual_255 is not None
        key = "known" if known else "unknown"
        state = texts(f"colours.{key}", off=f"{self.residual_255 or 0:.0f}")
        lines = words.h * 40 // 100
        items += [
            sentence(words.top(lines), state, layout.style(layout.control, weight=Weight.EXTRABOLD, lines=4)),
            sentence(
                words.under(lines + layout.tight),
                self.told or texts("colours.how"),
                layout.style(layout.body, colour=Colour.MUTE, lines=7, middle=False),
            ),
        ]
        ready = context.sees and not self.busy
        controls = (
            ("chart", "print", not self.busy),
            ("measure", "camera", ready),
            ("undo", "earlier", known and not self.busy),
        )
        for (name, icon, on), cell in zip(controls, columns(deck, len(controls), layout.gap), strict=True):
            control = button(layout, name, cell, texts(f"colours.{name}"), icon, size_px=layout.body)
            items.append(replace(control, off=not on))
        return scene_of(context, "staff-colours", items, "measure" if ready else "chart")
