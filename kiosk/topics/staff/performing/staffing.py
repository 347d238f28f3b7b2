"""PIN, board, settings, the sign, updates; what may take a while is done in a thread of its own."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import assert_never

from kiosk.core.health import Finding, Level
from kiosk.core.message import Event
from kiosk.core.staff import KEPT_SETTINGS, StaffFacts, UpdateFacts, UpdateStage, Values
from kiosk.device.closed_signs import closing, is_closed, mark_closed
from kiosk.device.findings import board_findings, crash_finding, running_finding
from kiosk.device.health import HERE, Places, read_health
from kiosk.device.pin_keeper import PinKeeper, pin_keeper
from kiosk.device.root_service import RootService
from kiosk.device.running import forget_crash, last_crash
from kiosk.device.staff_pin import PinFileError, PinTried
from kiosk.device.stick_update import begin_update, update_facts
from kiosk.errors import KioskError
from kiosk.paper.printer import printer_finding
from kiosk.perform.part import Part
from kiosk.perform.workshop import Workshop
from kiosk.settings.sections import Settings
from kiosk.settings.staff import save_staff_settings, value_of
from kiosk.store.exhibit_dataset import utc_now
from kiosk.store.finding import WHAT, store_finding, trouble_finding
from kiosk.store.schema import StoreError
from kiosk.topics.staff.messages import (
    AskPin,
    BeginUpdate,
    BoardRead,
    ChoosePin,
    ClosedMarked,
    ForgetCrash,
    LookForUpdate,
    MarkClosed,
    PinChecked,
    PinChosen,
    ReadBoard,
    RestartExhibit,
    RestartGradients,
    SaveSettings,
    SettingsSaved,
    StaffFound,
    TryPin,
    UpdateTold,
)
from kiosk.vision.reading import one_line

log = logging.getLogger(__name__)

STORE_LIMIT_S = 8.0


def staff_values(settings: Settings) -> Values:
    """Return the settings that staff may change, by dotted key."""
    return tuple((setting.key, value_of(setting, settings)) for setting in KEPT_SETTINGS)


def staff_unasked(settings: Settings, places: Places = HERE) -> StaffFound:
    """Return what small files say: until it is known whether there is a PIN, none may be chosen."""
    return StaffFound(_facts(settings, places, pin_chosen=True))


def staff_found(settings: Settings, *, on_device: bool, places: Places = HERE) -> StaffFound:
    """Return what there is for the staff at a start; where the system keeps the PIN, it is asked and waited for."""
    folder, wanted = settings.state_folder(), settings.staff.first_start
    try:
        chosen = pin_keeper(folder, RootService(settings.staff.service)).chosen
    except PinFileError as error:
        log.warning("event=pin_unreadable reason=%s", error)
        chosen = True  # no other may be chosen while there may be one
    begins = not chosen and (on_device if wanted is None else wanted)
    return StaffFound(_facts(settings, places, pin_chosen=chosen), begins)


def _facts(settings: Settings, places: Places, *, pin_chosen: bool) -> StaffFacts:
    shut = closing(datetime.now().astimezone().replace(tzinfo=None), places)
    return StaffFacts(
        pin_chosen=pin_chosen,
        may_choose=settings.staff.first_start is not False,
        closed=is_closed(settings.state_folder()),
        after_hours=shut is not None,
        opens=shut.opens if shut else "",
        opens_day=shut.day if shut else "",
        settings=staff_values(settings),
    )


StaffEffect = (
    AskPin
    | TryPin
    | ChoosePin
    | ReadBoard
    | ForgetCrash
    | SaveSettings
    | MarkClosed
    | RestartGradients
    | RestartExhibit
    | LookForUpdate
    | BeginUpdate
)


class Staffing(Part[StaffEffect]):
    """Owns the staff's thread; everything it does is told as news, also that it failed."""

    performs = (
        AskPin,
        TryPin,
        ChoosePin,
        ReadBoard,
        ForgetCrash,
        SaveSettings,
        MarkClosed,
        RestartGradients,
        RestartExhibit,
        LookForUpdate,
        BeginUpdate,
    )

    def __init__(self, workshop: Workshop) -> None:
        """Read the PIN's file, if there is one."""
        super().__init__(workshop)
        self._folder = workshop.state.path
        self._following = workshop.settings  # those of the next start
        self._service = RootService(workshop.settings.staff.service)
        self._pin: PinKeeper | None = None
        self._pin_fault = ""
        self._since_s = time.monotonic()
        try:
            self._pin = pin_keeper(self._folder, self._service)
        except PinFileError as error:
            self._pin_fault = str(error)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="staff")

    def close(self) -> None:
        """End the thread, after what it has begun."""
        self._thread.shutdown(cancel_futures=True)

    def perform(self, effect: StaffEffect) -> None:
        """Begin what an effect asks for."""
        match effect:
            case AskPin():
                self._do(effect, self._ask_pin)
            case TryPin(pin):
                self._do(effect, partial(self._try_pin, pin))
            case ChoosePin(pin, old):
                self._do(effect, partial(self._choose_pin, pin, old))
            case ReadBoard():
                self._do(effect, self._read_board)
            case ForgetCrash():
                self._do(effect, self._forget_crash)
            case SaveSettings(changes):
                self._do(effect, partial(self._save_settings, changes))
            case MarkClosed(closed):
                self._do(effect, partial(self._mark_closed, closed))
            case RestartGradients():
                gradients = self._workshop.models.gradients  # the classify thread may exchange it
                if gradients is not None:
                    gradients.restart()
            case RestartExhibit():
                self._workshop.restart.set()
            case LookForUpdate():
                self._do(effect, self._look_for_update)
            case BeginUpdate(pin, shown):
                self._do(effect, partial(self._begin_update, pin, shown))
            case _:
                assert_never(effect)

    def forget_picture(self) -> None:
        """Drop nothing: no picture is kept here."""

    def forget(self) -> None:
        """Drop nothing: nothing of a visitor is kept here."""

    def _do(self, effect: StaffEffect, work: Callable[[], Event]) -> None:
        """Do an effect's work in the thread; its answer is told."""
        self._thread.submit(work).add_done_callback(partial(self._told, effect))

    def _told(self, effect: StaffEffect, done: "Future[Event]") -> None:
        """Tell the answer; where this program failed, that too: a screen waits for it."""
        if done.cancelled():
            return
        error = done.exception()
        if error is None:
            self._workshop.jobs.tell(done.result())
            return
        log.error("event=staffing_failed effect=%s", type(effect).__name__, exc_info=error)
        answer = self._failed(effect, one_line(error))
        if answer is not None:
            self._workshop.jobs.tell(answer)

    def _failed(self, effect: StaffEffect, line: str) -> Event | None:
        """Return what is told in the place of an answer that never comes."""
        match effect:
            case AskPin() | TryPin():
                return PinChecked(None, fault=line)
            case ChoosePin():
                return PinChosen(line)
            case SaveSettings():
                return SettingsSaved(staff_values(self._following), line)
            case MarkClosed(closed):
                return ClosedMarked(closed, line)
            case ReadBoard() | ForgetCrash():
                return BoardRead((Finding("board", Level.WARNING, line),))
            case LookForUpdate() | BeginUpdate():
                return UpdateTold(UpdateFacts(stage=UpdateStage.FAILED, line=line))
            case _:
                return None

    def _ask_pin(self) -> Event:
        if self._pin is None:
            return PinChecked(None, fault=self._pin_fault)
        try:
            return PinChecked(None, self._pin.wait_s)
        except PinFileError as error:
            return PinChecked(None, fault=str(error))

    def _try_pin(self, pin: str) -> Event:
        if self._pin is None:
            return PinChecked(right=False, fault=self._pin_fault)
        try:
            tried = self._pin.attempt(pin)
        except PinFileError as error:
            return PinChecked(right=False, fault=str(error))
        return PinChecked(tried.right, tried.wait_s)

    def _choose_pin(self, pin: str, old: str) -> Event:
        if self._pin is None:
            return PinChosen(self._pin_fault)
        try:
            self._pin.choose(pin, old)
        except KioskError as error:
            return PinChosen(str(error))
        return PinChosen()

    def _read_board(self) -> Event:
        findings = board_findings(
            read_health(self._folder, self._workshop.places), self._workshop.settings.heat
        )
        running = running_finding(time.monotonic() - self._since_s)
        printer = printer_finding(self._workshop.settings.printing.printer)
        others = () if printer is None else (printer,)
        crash = crash_finding(last_crash(self._folder))
        return BoardRead((*findings, *others, running, self._read_store(), crash))

    def _read_store(self) -> Finding:
        """Return how the store is; where nothing is kept yet it is not made for that."""
        store = self._workshop.store
        if store.trouble:  # counts wait: reading alone would not tell
            return trouble_finding(store.trouble)
        kept = Finding(WHAT, Level.UNKNOWN, "nothing is kept yet")
        try:
            return store.look(partial(store_finding, now=utc_now()), kept).result(STORE_LIMIT_S)
        except (StoreError, TimeoutError) as error:
            return trouble_finding(str(error) or "the disk does not answer")

    def _forget_crash(self) -> Event:
        try:
            forget_crash(self._folder)
        except OSError as error:
            log.warning("event=crash_not_forgotten reason=%s", error)
        return self._read_board()

    def _save_settings(self, changes: Values) -> Event:
        try:
            self._following = save_staff_settings(self._following, dict(changes))
        except KioskError as error:
            return SettingsSaved(staff_values(self._following), str(error))
        return SettingsSaved(staff_values(self._following))

    def _mark_closed(self, closed: bool) -> Event:
        try:
            mark_closed(self._folder, closed)
        except KioskError as error:
            return ClosedMarked(closed, str(error))
        return ClosedMarked(closed)

    def _look_for_update(self) -> Event:
        return UpdateTold(update_facts(self._service))

    def _begin_update(self, pin: str, shown: UpdateFacts) -> Event:
        told = begin_update(self._service, pin, shown)
        if isinstance(told, PinTried):
            return PinChecked(right=False, wait_s=told.wait_s)
        return UpdateTold(told)
