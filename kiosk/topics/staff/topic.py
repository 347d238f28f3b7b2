"""The staff's screens."""

from kiosk.core.context import Context, StaffPage
from kiosk.core.message import ToStaffEntrance
from kiosk.core.topic import Entered, Topic, door
from kiosk.topics.photograph.messages import StartFraming
from kiosk.topics.staff.facts import Station
from kiosk.topics.staff.messages import (
    AskPin,
    ToCounts,
    ToHealth,
    ToRepair,
    ToSetup,
    ToTuning,
    ToUpdate,
    ToUpdatePin,
)
from kiosk.topics.staff.screens.counts import StaffCounts
from kiosk.topics.staff.screens.health import StaffHealth
from kiosk.topics.staff.screens.pin import Pin
from kiosk.topics.staff.screens.repair import StaffRepair
from kiosk.topics.staff.screens.setup_buttons import SetupButtons
from kiosk.topics.staff.screens.setup_camera import SetupCamera
from kiosk.topics.staff.screens.setup_pin import SetupPin
from kiosk.topics.staff.screens.setup_size import SetupSize
from kiosk.topics.staff.screens.tuning import StaffTuning
from kiosk.topics.staff.screens.update import StaffUpdate
from kiosk.topics.staff.screens.update_pin import UpdatePin


def entrance(_way: ToStaffEntrance, context: Context) -> Entered:
    """Ask for the PIN, or let one be chosen where there is none."""
    if context.staff.pin_chosen:
        return Entered(Pin(), (AskPin(),))
    return Entered(ToSetup(Station.PIN))


def setup(way: ToSetup, context: Context) -> Entered:
    """Set one part of the exhibit up."""
    match way.station:
        case Station.PIN:
            return Entered(SetupPin.begun(context, way.may_leave))
        case Station.SIZE:
            return Entered(SetupSize())
        case Station.BUTTONS:
            return Entered(SetupButtons())
        case Station.CAMERA:
            return Entered(SetupCamera(), (StartFraming(),))


def health(_way: ToHealth, _context: Context) -> Entered:
    """Show how every part is."""
    return Entered(StaffHealth())


def counts(_way: ToCounts, _context: Context) -> Entered:
    """Show what was counted."""
    return Entered(StaffCounts())


def tuning(_way: ToTuning, _context: Context) -> Entered:
    """Show the settings."""
    return Entered(StaffTuning())


def repair(_way: ToRepair, _context: Context) -> Entered:
    """Show the repairs."""
    return Entered(StaffRepair())


def update(way: ToUpdate, _context: Context) -> Entered:
    """Show the update from a USB stick."""
    return Entered(StaffUpdate(way.found))


def update_pin(way: ToUpdatePin, _context: Context) -> Entered:
    """Ask for the PIN once more."""
    return Entered(UpdatePin(way.shown), (AskPin(),))


TOPIC = Topic(
    __package__,
    doors=(
        door(ToStaffEntrance, entrance),
        door(ToSetup, setup),
        door(ToHealth, health),
        door(ToCounts, counts),
        door(ToTuning, tuning),
        door(ToRepair, repair),
        door(ToUpdate, update),
        door(ToUpdatePin, update_pin),
    ),
    staff_pages=(
        StaffPage("health", "pulse", ToHealth(), 10),
        StaffPage("counts", "counts", ToCounts(), 20),
        StaffPage("tuning", "sliders", ToTuning(), 40),
        StaffPage("repair", "wrench", ToRepair(), 50),
    ),
)
