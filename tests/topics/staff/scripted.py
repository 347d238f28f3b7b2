"""Staff at their screens."""

from dataclasses import replace

from kiosk.core.health import Finding, Level
from kiosk.core.message import Effect, Event
from kiosk.core.staff import (
    CORNER_HOLD_S,
    KEPT_SETTINGS,
    StaffFacts,
    UpdateFacts,
    UpdateStage,
    Values,
)
from kiosk.device.findings import board_findings, crash_finding, running_finding
from kiosk.device.health import Readings, Supply
from kiosk.settings.sections import HeatSettings, Settings
from kiosk.settings.staff import value_of
from kiosk.topics.staff.facts import Answers, DayCounts, Plots, ScreenTime, Span
from kiosk.topics.staff.messages import (
    AskPin,
    BeginUpdate,
    BoardRead,
    ChoosePin,
    ClosedMarked,
    CountsExported,
    CountsRead,
    ExportCounts,
    ForgetCrash,
    HoursTold,
    LookForUpdate,
    MarkClosed,
    OpenNow,
    PinChecked,
    PinChosen,
    ReadBoard,
    ReadCounts,
    SaveSettings,
    SettingsSaved,
    StaffFound,
    TryPin,
    UpdateTold,
)
from tests.player import Player, Script, player

PIN = "2580"
SETTINGS: Values = tuple((setting.key, value_of(setting, Settings())) for setting in KEPT_SETTINGS)
WELL = Readings(
    temperature_c=61.0,
    supply=Supply(False, False, False, False),
    free_bytes=5_310_000_000,
    read_only_root=True,
    state_lasts=True,
    clock_set=True,
)
ILL = Readings(
    temperature_c=81.0,
    supply=Supply(False, True, False, True),
    free_bytes=212_000_000,
    read_only_root=False,
    state_lasts=True,
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
HOURS = tuple(
    Span(str(hour), (visits, visits // 4, round(visits * 0.8)))
    for hour, visits in zip(range(10, 18), (212, 498, 530, 410, 622, 704, 688, 456), strict=True)
)
TODAY = tuple(
    Span(str(hour), (visits, visits // 3, visits - visits // 5))
    for hour, visits in zip(range(10, 18), (3, 7, 8, 4, 11, 5, 0, 0), strict=True)
)
DAYS = tuple(
    Span(f"{day}.7.", (visits, visits // 3, round(visits * 0.85)))
    for day, visits in zip(
        range(15, 29), (41, 38, 44, 92, 101, 0, 35, 40, 39, 43, 88, 97, 0, 38), strict=True
    )
)
SCREENS = (
    ScreenTime("Live", 4031, 7.4),
    ScreenTime("Choose", 3988, 11.2),
    ScreenTime("Attack", 3871, 24.6),
    ScreenTime("Explain", 1204, 18.9),
    ScreenTime("Cards", 1180, 6.1),
    ScreenTime("Dice", 877, 14.0),
    ScreenTime("Sketchpad", 412, 31.5),
    ScreenTime("Teach", 310, 48.7),
    ScreenTime("NoCamera", 12, 9.0),
)
PLOTS = Plots(TODAY, HOURS, DAYS, SCREENS, Answers(right=412, nearly=288, wrong=391, unsure=77))
OFFERED = UpdateFacts(
    "0.2.0-3f9a1c07d2b4", seen="ab" * 32, signer="anna@museum", age_days=3, running="0.1.0-77d0aa12cf01"
)
OLDER = replace(
    OFFERED, offered="0.1.9-3f9a1c07d2b4", seen="cd" * 32, running="0.1.10-77d0aa12cf01", older=True
)


def board(readings: Readings = WELL, crash: str | None = None) -> BoardRead:
    """What is read of a board."""
    store = Finding("records", Level.OK, "212 days, 3 datasets", "copied on 24 July 2026")
    if crash is not None:
        broken = "28 July 2026: kiosk.sqlite was broken (database disk image is malformed)"
        store = Finding(
            store.what, Level.WARNING, broken, "broken files and the weekly copies lie in the state folder"
        )
    return BoardRead(
        (
            *board_findings(readings, HeatSettings()),
            running_finding(273_600.0 if crash is None else 5_000.0),
            store,
            crash_finding(crash),
        )
    )


class StaffScript(Script):
    """What this topic's effects are answered with."""

    def answer(self, playing: Player, effect: Effect) -> tuple[Event, ...] | None:
        """The news that an effect leads to."""
        del playing
        match effect:
            case AskPin():
                return (PinChecked(None),)
            case TryPin(pin):
                return (PinChecked(pin == PIN, 0.0 if pin == PIN else 10.0),)
            case ChoosePin():
                return (PinChosen(),)
            case ReadBoard() | ForgetCrash():
                return (board(),)
            case ReadCounts():
                return (CountsRead(COUNTS, plots=PLOTS),)
            case ExportCounts():
                return (CountsExported("kiosk-counts-20260728-1405.csv"),)
            case SaveSettings(changes):
                return (SettingsSaved(tuple({**dict(SETTINGS), **dict(changes)}.items())),)
            case MarkClosed(closed):
                return (ClosedMarked(closed),)
            case OpenNow():
                return (HoursTold(after_hours=False),)
            case LookForUpdate():
                return (UpdateTold(OFFERED),)
            case BeginUpdate(pin):
                if pin != PIN:
                    return (PinChecked(right=False, wait_s=10.0),)
                return (UpdateTold(UpdateFacts(stage=UpdateStage.RUNNING, line="It is checked.")),)
            case _:
                return None


SCRIPT = StaffScript


def with_staff(playing: Player, *, pin_chosen: bool = True, begins: bool = False) -> Player:
    """A kiosk that has found what it has for its staff."""
    playing.send(StaffFound(StaffFacts(pin_chosen=pin_chosen, settings=SETTINGS), begins))
    return playing


def at_pin(panel: str = "1280x800") -> Player:
    """Somebody has held the corner."""
    playing = with_staff(player(panel))
    playing.hold_corner(CORNER_HOLD_S + 0.1)
    return playing


def at_staff(panel: str = "1280x800", page: str = "health") -> Player:
    """Staff who know the PIN."""
    playing = at_pin(panel)
    playing.type_pin(PIN)
    if page != "health":
        playing.touch(f"page-{page}")
    playing.wait(0.3)
    return playing


def at_setup(panel: str = "1280x800", station: str = "pin") -> Player:
    """The first start, as far as a station."""
    playing = with_staff(player(panel), pin_chosen=False, begins=True)
    if station != "pin":
        playing.type_pin(PIN)
        playing.type_pin(PIN)
    for _ in range(("size", "buttons", "camera").index(station) if station != "pin" else 0):
        playing.touch("next")
    playing.wait(0.3)
    return playing
