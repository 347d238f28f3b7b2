"""The staff's repairs: close the exhibit, start parts again, set it up again, update it from a USB stick."""

from dataclasses import dataclass, replace

from kiosk.core.effects import (
    BeginUpdate,
    Effect,
    LookForUpdate,
    MarkClosed,
    RestartCamera,
    RestartExhibit,
    RestartGradients,
)
from kiosk.core.events import ClosedMarked, Tick, UpdateTold
from kiosk.core.layout import best_across, grid
from kiosk.core.parts import scene_of, sentence, tile
from kiosk.core.scene import Align, Colour, Scene
from kiosk.core.screen import Hall, Pressed, ScreenEvent, ToSetup, Way
from kiosk.core.staff import StaffPage, Station, UpdateFacts, UpdateStage
from kiosk.core.staff_parts import foot_controls, led, matter, staff_frame

TILE_SHAPE = 1.6
LOOK_EVERY_S = 2.0
TAKEN_UP_S = 20.0  # a request that nobody has taken up by then waits for nobody


@dataclass(frozen=True, slots=True)
class StaffRepair:
    """What is asked before it is done ("exhibit", "update" or nothing), what was told last, and the update."""

    asking: str = ""
    told: str = ""
    update: UpdateFacts | None = None
    due_s: float = 0.0
    asked_s: float | None = None


Outcome = tuple[StaffRepair | Way, tuple[Effect, ...]]


def update(slice_: StaffRepair, event: ScreenEvent, hall: Hall) -> Outcome:
    """The next slice or the way on."""
    match event:
        case Tick() if slice_.asking == "update" and hall.now_s >= slice_.due_s:
            return replace(slice_, due_s=hall.now_s + LOOK_EVERY_S), (LookForUpdate(),)
        case UpdateTold(told):
            waits = slice_.asked_s if slice_.asked_s is not None else hall.now_s
            asked_s = waits if told.stage is UpdateStage.ASKED else None
            return replace(slice_, update=told, asked_s=asked_s), ()
        case ClosedMarked(closed, fault):
            return replace(
                slice_, told=fault or hall.texts("repair.closed" if closed else "repair.opened")
            ), ()
        case Pressed(control):
            return _pressed(slice_, control, hall)
        case _:
            return slice_, ()


def _pressed(slice_: StaffRepair, control: str, hall: Hall) -> Outcome:
    match control:
        case "close":
            return replace(slice_, told=""), (MarkClosed(not hall.staff.closed),)
        case "camera":
            return replace(slice_, told=hall.texts("repair.camera_told")), (RestartCamera(),)
        case "gradients":
            return replace(slice_, told=hall.texts("repair.gradients_told")), (RestartGradients(),)
        case "exhibit" | "update":
            return StaffRepair(control), ()
        case "setup":
            return ToSetup(Station.PIN), ()
        case "restart" if slice_.asking == "exhibit":
            return replace(slice_, told=hall.texts("repair.exhibit_told")), (RestartExhibit(),)
        case "install" if slice_.asking == "update" and _may_install(slice_):
            return slice_, (BeginUpdate(),)
        case "back":
            return StaffRepair(), ()
        case _:
            return led(control) or slice_, ()


def _may_install(slice_: StaffRepair) -> bool:
    """Whether there is a release to install, and none is being installed."""
    found = slice_.update
    under_way = (UpdateStage.ASKED, UpdateStage.RUNNING)
    return found is not None and bool(found.offered) and found.stage not in under_way


def view(slice_: StaffRepair, hall: Hall) -> Scene:
    """All repairs, or the one that is asked about."""
    layout, items, body = staff_frame(hall, StaffPage.REPAIR)
    texts = hall.texts
    if slice_.asking:
        deck = body.foot(layout.touch)
        card = body.above(layout.touch + layout.gap)
        said, action = _asked(slice_, hall)
        items += matter(layout, card, "again" if slice_.asking == "exhibit" else "stick", said)
        items += foot_controls(layout, deck, [("back", texts("control.back"), "back"), *action])
        return scene_of(hall, "staff-repair", items, action[0][0] if action else "back")
    line = round(layout.body * 2.8)
    tiles = body.above(line + layout.tight)
    closing = "open" if hall.staff.closed else "close"
    kinds = (
        ("close", closing, "open" if hall.staff.closed else "closed"),
        ("camera", "camera", "camera"),
        ("gradients", "gradients", "bolt"),
        ("exhibit", "exhibit", "again"),
        ("update", "update", "stick"),
        ("setup", "setup", "hand"),
    )
    across = best_across(tiles, len(kinds), layout.gap, TILE_SHAPE, layout.least)
    for (name, words, icon), box in zip(kinds, grid(tiles, len(kinds), across, layout.gap), strict=True):
        items.append(tile(layout, name, box, texts(f"repair.{words}"), icon, size_px=layout.body))
    note = slice_.told or texts("repair.is_closed" if hall.staff.closed else "repair.note")
    items.append(
        sentence(body.foot(line), note, layout.body, layout, colour=Colour.MUTE, align=Align.CENTRE, lines=2)
    )
    return scene_of(hall, "staff-repair", items, "")


def _asked(slice_: StaffRepair, hall: Hall) -> tuple[tuple[str, str, str], list[tuple[str, str, str]]]:
    """What is asked, in words, and the action."""
    texts = hall.texts
    if slice_.asking == "exhibit":
        said = (
            texts("repair.exhibit"),
            slice_.told or texts("repair.exhibit_ask"),
            texts("repair.exhibit_note"),
        )
        return said, [("restart", texts("repair.exhibit_yes"), "again")]
    found = slice_.update
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
    if slice_.asked_s is not None and hall.now_s - slice_.asked_s > TAKEN_UP_S:
        title, advice = texts("repair.update_stuck"), texts("repair.update_stuck_how")
    install = [("install", texts("repair.update_yes"), "stick")] if _may_install(slice_) else []
    return (texts("repair.update"), title, advice), install
