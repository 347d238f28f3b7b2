"""What a performer would say to the staff's effects, with everything as it was found on one well board."""

from kiosk.core.effects import (
    AskPin,
    BeginUpdate,
    ChoosePin,
    ExportCounts,
    ForgetCrash,
    LookForUpdate,
    MarkClosed,
    ReadBoard,
    ReadCounts,
    SaveSettings,
    StaffEffect,
    TryPin,
)
from kiosk.core.events import (
    BoardRead,
    ClosedMarked,
    CountsExported,
    CountsRead,
    Event,
    PinChecked,
    PinChosen,
    SettingsSaved,
    UpdateTold,
)
from kiosk.core.staff import DayCounts, UpdateFacts, UpdateStage, Values
from kiosk.device.findings import board_findings, crash_finding
from kiosk.device.health import Readings, Supply
from kiosk.settings.sections import HeatSettings, Settings
from kiosk.settings.staff import STAFF_SETTINGS

PIN = "2580"
SETTINGS: Values = tuple((setting.key, setting.of(Settings())) for setting in STAFF_SETTINGS)
WELL = Readings(
    temperature_c=61.0,
    supply=Supply(False, False, False, False),
    free_bytes=5_310_000_000,
    read_only_root=True,
    state_lasts=True,
    uptime_s=273_600.0,
    clock_set=True,
)
ILL = Readings(
    temperature_c=81.0,
    supply=Supply(False, True, False, True),
    free_bytes=212_000_000,
    read_only_root=False,
    state_lasts=True,
    uptime_s=5_000.0,
    clock_set=False,
)
CRASH = "KeyError in kiosk/perform/photos.py:88 _judge_stock, 2026-07-28 09:12 UTC, kiosk 0.1.0"
COUNTS = (
    DayCounts("visits", 38, 4120),
    DayCounts("pictures", 61, 5873),
    DayCounts("attacks", 72, 7011),
    DayCounts("steps", 402, 40_118),
    DayCounts("fooled", 66, 6544),
    DayCounts("ended_by_visitor", 9, 1502),
    DayCounts("ended_by_idle", 28, 2618),
)
OFFERED = UpdateFacts("0.2.0-3f9a1c07d2b4")


def board(readings: Readings = WELL, crash: str | None = None) -> BoardRead:
    """What is read of a board."""
    return BoardRead((*board_findings(readings, HeatSettings()), crash_finding(crash)))


def staff_answer(effect: StaffEffect) -> Event | None:
    """What a performer says to one of the staff's effects."""
    match effect:
        case AskPin():
            return PinChecked(None)
        case TryPin(pin):
            return PinChecked(pin == PIN, 0.0 if pin == PIN else 10.0)
        case ChoosePin():
            return PinChosen()
        case ReadBoard() | ForgetCrash():
            return board()
        case ReadCounts():
            return CountsRead(COUNTS)
        case ExportCounts():
            return CountsExported("kiosk-counts-20260728-1405.csv")
        case SaveSettings(changes):
            return SettingsSaved(tuple({**dict(SETTINGS), **dict(changes)}.items()))
        case MarkClosed(closed):
            return ClosedMarked(closed)
        case LookForUpdate():
            return UpdateTold(OFFERED)
        case BeginUpdate():
            return UpdateTold(UpdateFacts(OFFERED.offered, UpdateStage.ASKED))
        case _:
            return None
