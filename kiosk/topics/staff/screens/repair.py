"""The staff's repairs: close the exhibit, start parts again, set it up again."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.layout import best_across, grid
from kiosk.core.parts import scene_of, sentence, tile, walled
from kiosk.core.scene import Align, Colour, Scene
from kiosk.core.screen import Outcome, Pressed, ScreenEvent, StaffScreen
from kiosk.core.staff_parts import foot_controls, led, matter, staff_frame
from kiosk.topics.colours.messages import ToColours
from kiosk.topics.photograph.messages import RestartCamera
from kiosk.topics.staff.facts import Station
from kiosk.topics.staff.messages import (
    ClosedMarked,
    HoursTold,
    MarkClosed,
    OpenNow,
    RestartExhibit,
    RestartGradients,
    ToSetup,
    ToUpdate,
)

TILE_SHAPE = 1.6


@dataclass(frozen=True, slots=True)
class StaffRepair(StaffScreen):
    """Whether the restart of the exhibit is asked about before it is done, and what was told last."""

    asking: bool = False
    told: str = ""

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case ClosedMarked(closed, fault):
                return Outcome(
                    replace(self, told=fault or context.texts("repair.closed" if closed else "repair.opened"))
                )
            case HoursTold(after_hours, _, _, fault):
                told = fault or ("" if after_hours else context.texts("repair.open_told"))
                return Outcome(replace(self, told=told))
            case Pressed():
                return self._pressed(event, context)
            case _:
                return Outcome(self)

    def _pressed(self, event: Pressed, context: Context) -> Outcome:
        match event:
            case Pressed("close"):
                return Outcome(replace(self, told=""), (MarkClosed(not context.staff.closed),))
            case Pressed("open"):
                return Outcome(replace(self, told=""), (OpenNow(),))
            case Pressed("camera"):
                return Outcome(replace(self, told=context.texts("repair.camera_told")), (RestartCamera(),))
            case Pressed("gradients"):
                return Outcome(
                    replace(self, told=context.texts("repair.gradients_told")), (RestartGradients(),)
                )
            case Pressed("exhibit"):
                return Outcome(StaffRepair(asking=True))
            case Pressed("update"):
                return Outcome(ToUpdate())
            case Pressed("colours"):
                return Outcome(ToColours())
            case Pressed("setup"):
                return Outcome(ToSetup(Station.PIN))
            case Pressed("restart") if self.asking:
                return Outcome(replace(self, told=context.texts("repair.exhibit_told")), (RestartExhibit(),))
            case Pressed("back"):
                return Outcome(StaffRepair())
            case _:
                return Outcome(led(event, context) or self)

    def view(self, context: Context) -> Scene:
        """Return all repairs, or the one that is asked about."""
        layout, items, body = staff_frame(context, "repair")
        texts = context.texts
        if self.asking:
            deck = body.foot(layout.touch)
            card = body.above(layout.touch + layout.gap)
            told = self.told or texts("repair.exhibit_ask")
            items += matter(
                layout, card, "again", (texts("repair.exhibit"), told, texts("repair.exhibit_note"))
            )
            actions = [
                ("back", texts("control.back"), "back"),
                ("restart", texts("repair.exhibit_yes"), "again"),
            ]
            items += foot_controls(layout, deck, actions)
            return scene_of(context, "staff-repair", items, "restart")
        line = round(layout.body * 2.8)
        tiles = body.above(line + layout.tight)
        closing = "open" if context.staff.closed else "close"
        first = ("close", f"repair.{closing}", "open" if context.staff.closed else "closed")
        shut = context.staff.after_hours and not context.staff.closed
        kinds = (
            ("open", "repair.open_now", "open") if shut else first,
            ("camera", "repair.camera", "camera"),
            ("gradients", "repair.gradients", "bolt"),
            ("exhibit", "repair.exhibit", "again"),
            ("update", "repair.update", "stick"),
            ("colours", "repair.colours", "print"),
            ("setup", "repair.setup", "hand"),
        )
        across = best_across(tiles, len(kinds), layout.gap, TILE_SHAPE, layout.least)
        for (name, words, icon), box in zip(kinds, grid(tiles, len(kinds), across, layout.gap), strict=True):
            items.append(walled(tile(layout, name, box, texts(words), icon, size_px=layout.body)))
        key = "repair.is_closed" if context.staff.closed else "repair.is_shut" if shut else "repair.note"
        note = self.told or texts(key)
        items.append(
            sentence(
                body.foot(line),
                note,
                layout.style(layout.body, colour=Colour.MUTE, align=Align.CENTRE, lines=2),
            )
        )
        return scene_of(context, "staff-repair", items, "open" if shut else "")
