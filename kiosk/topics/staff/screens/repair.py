"""The staff's repairs: close the exhibit, start parts again, set it up again, update it from a USB stick."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.layout import best_across, grid
from kiosk.core.message import Tick
from kiosk.core.parts import scene_of, sentence, tile
from kiosk.core.scene import Align, Colour, Scene
from kiosk.core.screen import Outcome, Pressed, ScreenEvent, StaffScreen
from kiosk.core.staff import UpdateFacts, UpdateStage
from kiosk.core.staff_parts import foot_controls, led, matter, staff_frame
from kiosk.topics.photograph.messages import RestartCamera
from kiosk.topics.staff.facts import Station
from kiosk.topics.staff.messages import (
    BeginUpdate,
    ClosedMarked,
    LookForUpdate,
    MarkClosed,
    RestartExhibit,
    RestartGradients,
    ToSetup,
    UpdateTold,
)

TILE_SHAPE = 1.6
LOOK_EVERY_S = 2.0
TAKEN_UP_S = 20.0  # a request that was not taken up by then never will be


@dataclass(frozen=True, slots=True)
class StaffRepair(StaffScreen):
    """What is asked before it is done ("exhibit", "update" or nothing), what was told last, and the update."""

    asking: str = ""
    told: str = ""
    found: UpdateFacts | None = None
    due_s: float = 0.0
    asked_s: float | None = None

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Tick() if self.asking == "update" and context.now_s >= self.due_s:
                return Outcome(replace(self, due_s=context.now_s + LOOK_EVERY_S), (LookForUpdate(),))
            case UpdateTold(told):
                waits = self.asked_s if self.asked_s is not None else context.now_s
                asked_s = waits if told.stage is UpdateStage.ASKED else None
                return Outcome(replace(self, found=told, asked_s=asked_s))
            case ClosedMarked(closed, fault):
                return Outcome(
                    replace(self, told=fault or context.texts("repair.closed" if closed else "repair.opened"))
                )
            case Pressed():
                return self._pressed(event, context)
            case _:
                return Outcome(self)

    def _pressed(self, event: Pressed, context: Context) -> Outcome:
        match event:
            case Pressed("close"):
                return Outcome(replace(self, told=""), (MarkClosed(not context.staff.closed),))
            case Pressed("camera"):
                return Outcome(replace(self, told=context.texts("repair.camera_told")), (RestartCamera(),))
            case Pressed("gradients"):
                return Outcome(
                    replace(self, told=context.texts("repair.gradients_told")), (RestartGradients(),)
                )
            case Pressed("exhibit" | "update" as asking):
                return Outcome(StaffRepair(asking))
            case Pressed("setup"):
                return Outcome(ToSetup(Station.PIN))
            case Pressed("restart") if self.asking == "exhibit":
                return Outcome(replace(self, told=context.texts("repair.exhibit_told")), (RestartExhibit(),))
            case Pressed("install") if self.asking == "update" and self._may_install():
                return Outcome(self, (BeginUpdate(),))
            case Pressed("back"):
                return Outcome(StaffRepair())
            case _:
                return Outcome(led(event, context) or self)

    def _may_install(self) -> bool:
        """Return whether there is a release to install, and none is being installed."""
        found = self.found
        under_way = (UpdateStage.ASKED, UpdateStage.RUNNING)
        return found is not None and bool(found.offered) and found.stage not in under_way

    def view(self, context: Context) -> Scene:
        """Return all repairs, or the one that is asked about."""
        layout, items, body = staff_frame(context, "repair")
        texts = context.texts
        if self.asking:
            deck = body.foot(layout.touch)
            card = body.above(layout.touch + layout.gap)
            said, action = self._asked(context)
            items += matter(layout, card, "again" if self.asking == "exhibit" else "stick", said)
            items += foot_controls(layout, deck, [("back", texts("control.back"), "back"), *action])
            return scene_of(context, "staff-repair", items, action[0][0] if action else "back")
        line = round(layout.body * 2.8)
        tiles = body.above(line + layout.tight)
        closing = "open" if context.staff.closed else "close"
        kinds = (
            ("close", closing, "open" if context.staff.closed else "closed"),
            ("camera", "camera", "camera"),
            ("gradients", "gradients", "bolt"),
            ("exhibit", "exhibit", "again"),
            ("update", "update", "stick"),
            ("setup", "setup", "hand"),
        )
        across = best_across(tiles, len(kinds), layout.gap, TILE_SHAPE, layout.least)
        for (name, words, icon), box in zip(kinds, grid(tiles, len(kinds), across, layout.gap), strict=True):
            items.append(tile(layout, name, box, texts(f"repair.{words}"), icon, size_px=layout.body))
        note = self.told or texts("repair.is_closed" if context.staff.closed else "repair.note")
        items.append(
            sentence(
                body.foot(line),
                note,
                layout.style(layout.body, colour=Colour.MUTE, align=Align.CENTRE, lines=2),
            )
        )
        return scene_of(context, "staff-repair", items, "")

    def _asked(self, context: Context) -> tuple[tuple[str, str, str], list[tuple[str, str, str]]]:
        """Return what is asked, in words, and the action."""
        texts = context.texts
        if self.asking == "exhibit":
            said = (
                texts("repair.exhibit"),
                self.told or texts("repair.exhibit_ask"),
                texts("repair.exhibit_note"),
            )
            return said, [("restart", texts("repair.exhibit_yes"), "again")]
        found = self.found
        if found is None:
            return (texts("repair.update"), texts("repair.update_looking"), ""), []
        title = (
            texts("repair.update_offered", release=found.offered)
            if found.offered
            else texts("repair.update_none")
        )
        advice = texts("repair.update_note" if found.offered else "repair.update_how")
        if found.stage is not UpdateStage.NONE:
            title, advice = texts(f"repair.update_{found.stage.value}"), found.line
        if self.asked_s is not None and context.now_s - self.asked_s > TAKEN_UP_S:
            title, advice = texts("repair.update_stuck"), texts("repair.update_stuck_how")
        install = [("install", texts("repair.update_yes"), "stick")] if self._may_install() else []
        return (texts("repair.update"), title, advice), install
