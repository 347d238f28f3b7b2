"""Which screen hears an event and which one is shown."""

from dataclasses import dataclass
from typing import assert_never

from kiosk.core.effects import DropJob, Effect, StopLive
from kiosk.core.lesson import Lesson
from kiosk.core.model import IdleTimes
from kiosk.core.scene import Scene
from kiosk.core.screen import Hall, ScreenEvent, StaffWay, ToPin, ToSetup, ToStaff, Way
from kiosk.core.staff import StaffPage, Station
from kiosk.screens import (
    album,
    album_view,
    attack,
    attack_view,
    attract,
    cards,
    choose,
    closed,
    confusion,
    dice,
    explain,
    faults,
    idle,
    live,
    models,
    pin,
    readymade,
    setup_buttons,
    setup_camera,
    setup_pin,
    setup_size,
    signs,
    sketchpad,
    sketchpad_view,
    staff_counts,
    staff_datasets,
    staff_health,
    staff_repair,
    staff_tuning,
    teach,
    teach_view,
    training,
    upload,
    vaccinated,
    vaccine,
)
from kiosk.screens.album import Album
from kiosk.screens.attack import Attack
from kiosk.screens.attract import Attract
from kiosk.screens.cards import Cards
from kiosk.screens.choose import Choose
from kiosk.screens.closed import Closed
from kiosk.screens.confusion import Confusion
from kiosk.screens.dice import Dice
from kiosk.screens.explain import Explain
from kiosk.screens.faults import NoCamera, NoModel
from kiosk.screens.idle import Forgotten
from kiosk.screens.live import Live
from kiosk.screens.models import Models
from kiosk.screens.pin import Pin
from kiosk.screens.readymade import Readymade
from kiosk.screens.setup_buttons import SetupButtons
from kiosk.screens.setup_camera import SetupCamera
from kiosk.screens.setup_pin import SetupPin
from kiosk.screens.setup_size import SetupSize
from kiosk.screens.signs import Signs
from kiosk.screens.sketchpad import Sketchpad
from kiosk.screens.staff_counts import StaffCounts
from kiosk.screens.staff_datasets import StaffDatasets
from kiosk.screens.staff_health import StaffHealth
from kiosk.screens.staff_repair import StaffRepair
from kiosk.screens.staff_tuning import StaffTuning
from kiosk.screens.teach import Teach
from kiosk.screens.training import Training
from kiosk.screens.upload import Upload
from kiosk.screens.vaccinated import Vaccinated
from kiosk.screens.vaccine import Vaccine

PIN_QUIET_S, STAFF_QUIET_S, SETUP_QUIET_S, NEVER_S = 30.0, 120.0, 300.0, float("inf")

Teaching = Readymade | Teach | Signs | Album | Training | Confusion
Vaccinating = Vaccine | Vaccinated
More = Cards | Dice | Sketchpad | Vaccinating
Active = Live | Upload | Choose | Attack | Explain | More | Models | Teaching | NoCamera
Setup = SetupPin | SetupSize | SetupButtons | SetupCamera
Staffed = Pin | Setup | StaffHealth | StaffCounts | StaffDatasets | StaffTuning | StaffRepair


@dataclass(frozen=True, slots=True)
class StillThere:
    """The screen that was left alone, and since when the countdown runs."""

    left: Active
    since_s: float


Screen = Attract | Active | NoModel | StillThere | Forgotten | Closed | Staffed


def screen_update(screen: Screen, event: ScreenEvent, hall: Hall) -> tuple[Screen | Way, tuple[Effect, ...]]:
    """What the present screen makes of an event."""
    if isinstance(screen, Staffed):
        return _staff_update(screen, event, hall)
    match screen:
        case Attract():
            return attract.update(screen, event, hall)
        case Live():
            return live.update(screen, event, hall)
        case Choose():
            return choose.update(screen, event, hall)
        case Attack():
            return attack.update(screen, event, hall)
        case Explain():
            return explain.update(screen, event, hall)
        case Cards():
            return cards.update(screen, event, hall)
        case Dice():
            return dice.update(screen, event, hall)
        case Sketchpad():
            return sketchpad.update(screen, event, hall)
        case Upload():
            return upload.update(screen, event, hall)
        case Vaccine():
            return vaccine.update(screen, event, hall)
        case Vaccinated():
            return vaccinated.update(screen, event, hall)
        case Models():
            return models.update(screen, event, hall)
        case Readymade():
            return readymade.update(screen, event, hall)
        case Teach():
            return teach.update(screen, event, hall)
        case Signs():
            return signs.update(screen, event, hall)
        case Album():
            return album.update(screen, event, hall)
        case Training():
            return training.update(screen, event, hall)
        case Confusion():
            return confusion.update(screen, event, hall)
        case StillThere():
            return screen, ()
        case Forgotten():
            return idle.update(screen, event, hall)
        case NoCamera():
            return faults.update_camera(screen, event, hall)
        case NoModel():
            return faults.update_model(screen, event, hall)
        case Closed():
            return closed.update(screen, event, hall)
        case _:
            assert_never(screen)


def _staff_update(screen: Staffed, event: ScreenEvent, hall: Hall) -> tuple[Screen | Way, tuple[Effect, ...]]:
    """What one of the staff's screens makes of an event."""
    match screen:
        case Pin():
            return pin.update(screen, event, hall)
        case SetupPin():
            return setup_pin.update(screen, event, hall)
        case SetupSize():
            return setup_size.update(screen, event, hall)
        case SetupButtons():
            return setup_buttons.update(screen, event, hall)
        case SetupCamera():
            return setup_camera.update(screen, event, hall)
        case StaffHealth():
            return staff_health.update(screen, event, hall)
        case StaffCounts():
            return staff_counts.update(screen, event, hall)
        case StaffDatasets():
            return staff_datasets.update(screen, event, hall)
        case StaffTuning():
            return staff_tuning.update(screen, event, hall)
        case StaffRepair():
            return staff_repair.update(screen, event, hall)
        case _:
            assert_never(screen)


def screen_view(screen: Screen, hall: Hall) -> Scene:
    """What the present screen shows."""
    if isinstance(screen, Staffed):
        return _staff_view(screen, hall)
    match screen:
        case Attract():
            return attract.view(screen, hall)
        case Live():
            return live.view(screen, hall)
        case Choose():
            return choose.view(screen, hall)
        case Attack():
            return attack_view.view(screen, hall)
        case Explain():
            return explain.view(screen, hall)
        case Cards():
            return cards.view(screen, hall)
        case Dice():
            return dice.view(screen, hall)
        case Sketchpad():
            return sketchpad_view.view(screen, hall)
        case Upload():
            return upload.view(screen, hall)
        case Vaccine():
            return vaccine.view(screen, hall)
        case Vaccinated():
            return vaccinated.view(screen, hall)
        case Models():
            return models.view(screen, hall)
        case Readymade():
            return readymade.view(screen, hall)
        case Teach():
            return teach_view.view(screen, hall)
        case Signs():
            return signs.view(screen, hall)
        case Album():
            return album_view.view(screen, hall)
        case Training():
            return training.view(screen, hall)
        case Confusion():
            return confusion.view(screen, hall)
        case StillThere():
            return idle.still_there(screen.since_s, picture_shown(screen.left), hall)
        case Forgotten():
            return idle.view(screen, hall)
        case NoCamera():
            return faults.view_camera(screen, hall)
        case NoModel():
            return faults.view_model(screen, hall)
        case Closed():
            return closed.view(screen, hall)
        case _:
            assert_never(screen)


def _staff_view(screen: Staffed, hall: Hall) -> Scene:
    """What one of the staff's screens shows."""
    match screen:
        case Pin():
            return pin.view(screen, hall)
        case SetupPin():
            return setup_pin.view(screen, hall)
        case SetupSize():
            return setup_size.view(screen, hall)
        case SetupButtons():
            return setup_buttons.view(screen, hall)
        case SetupCamera():
            return setup_camera.view(screen, hall)
        case StaffHealth():
            return staff_health.view(screen, hall)
        case StaffCounts():
            return staff_counts.view(screen, hall)
        case StaffDatasets():
            return staff_datasets.view(screen, hall)
        case StaffTuning():
            return staff_tuning.view(screen, hall)
        case StaffRepair():
            return staff_repair.view(screen, hall)
        case _:
            assert_never(screen)


def staff_screen(way: StaffWay) -> tuple[Screen, tuple[Effect, ...]]:
    """The staff's screen that a way leads to, and what has to start there."""
    match way:
        case ToPin():
            return Pin(), pin.entering()
        case ToSetup(Station.PIN, may_leave):
            return SetupPin(may_leave), ()
        case ToSetup(Station.SIZE):
            return SetupSize(), ()
        case ToSetup(Station.BUTTONS):
            return SetupButtons(), ()
        case ToSetup():
            return SetupCamera(), setup_camera.entering()
        case ToStaff(StaffPage.HEALTH):
            return StaffHealth(), ()
        case ToStaff(StaffPage.COUNTS):
            return StaffCounts(), ()
        case ToStaff(StaffPage.DATASETS):
            return StaffDatasets(), ()
        case ToStaff(StaffPage.TUNING):
            return StaffTuning(), ()
        case ToStaff():
            return StaffRepair(), ()
        case _:
            assert_never(way)


def staff_quiet_s(screen: Screen) -> float:
    """How long nobody need touch one of the staff's screens before it is left; without end on all others.

    Visitors reach the PIN, so that it goes soon; a camera is mounted in more time than that. While nobody has chosen
    a PIN the first start waits.
    """
    if isinstance(screen, Pin):
        return PIN_QUIET_S
    if isinstance(screen, SetupPin) and not screen.may_leave:
        return NEVER_S
    if isinstance(screen, Setup):
        return SETUP_QUIET_S
    return STAFF_QUIET_S if isinstance(screen, Staffed) else NEVER_S


def hears_buttons(screen: Screen) -> bool:
    """Whether a screen is told of the buttons themselves, which move no light there."""
    return isinstance(screen, SetupButtons) and not screen.done


def hides_hands(screen: Screen) -> bool:
    """Whether what hands do on a screen must be written nowhere: where they touch says which PIN is typed."""
    return isinstance(screen, Pin | SetupPin)


def picture_shown(screen: Screen) -> str:
    """The visitor's picture on a screen, or none."""
    match screen:
        case Choose():
            return "original"
        case Attack() | Explain() | Models() | Cards() | Dice() | Vaccine() | Vaccinated():
            return "adversarial"
        case Sketchpad():
            return sketchpad_view.picture_shown(screen)
        case StillThere(left):
            return picture_shown(left)
        case _:
            lesson = lesson_of(screen)
            return lesson.newest.key if lesson is not None and lesson.newest is not None else ""


def lesson_of(screen: Screen) -> Lesson | None:
    """What the visitor taught so far, as the screens of teaching hold it."""
    match screen:
        case Readymade() | Teach() | Signs() | Album() | Training() | Confusion():
            return screen.lesson
        case StillThere(left):
            return lesson_of(left)
        case _:
            return None


def stopped(screen: Screen) -> tuple[Effect, ...]:
    """What has to stop when a screen is left other than by its own way on."""
    match screen:
        case Live():
            return (StopLive(),)
        case Teach():
            return (*(DropJob(one.job) for one in screen.waiting), StopLive())
        case Training(job=int(job)) | Models(job=int(job)) | Vaccine(job=int(job)):
            return (DropJob(job),)
        case Readymade(opening=int(job)) | StaffDatasets(opening=int(job)):
            return (DropJob(job),)
        case SetupCamera():
            return setup_camera.leaving()
        case StillThere(left):
            return stopped(left)
        case _:
            return ()


def quiet_s(screen: Screen, times: IdleTimes) -> float:
    """How long nobody need touch a screen before it asks whether anybody is there."""
    return times.teaching_quiet_s if isinstance(screen, Teaching | Vaccinating) else times.quiet_s


def needs_camera(screen: Screen) -> bool:
    """Whether a screen is of no use without a camera."""
    return isinstance(screen, Live)
