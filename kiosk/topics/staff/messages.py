"""The staff's screens: PIN, first start, health, counts, settings, repairs."""

from dataclasses import dataclass, field, replace

from kiosk.core.context import Context
from kiosk.core.health import Finding
from kiosk.core.message import Effect, News, Way
from kiosk.core.staff import StaffFacts, UpdateFacts, Values
from kiosk.topics.staff.facts import DayCounts, Plots, Station, with_settings


@dataclass(frozen=True, slots=True)
class ToHealth(Way):
    """Show how every part is: the first page behind the PIN."""


@dataclass(frozen=True, slots=True)
class ToCounts(Way):
    """Show what was counted."""


@dataclass(frozen=True, slots=True)
class ToTuning(Way):
    """Show the settings that staff may change."""


@dataclass(frozen=True, slots=True)
class ToRepair(Way):
    """Show the repairs."""


@dataclass(frozen=True, slots=True)
class ToUpdate(Way):
    """Show the update from a USB stick, as far as it is known already."""

    found: UpdateFacts | None = None


@dataclass(frozen=True, slots=True)
class ToUpdatePin(Way):
    """Ask for the PIN once more, to install what was shown."""

    shown: UpdateFacts


@dataclass(frozen=True, slots=True)
class ToSetup(Way):
    """Set a part of the exhibit up; `may_leave` is False while it cannot open without."""

    station: Station
    may_leave: bool = True


@dataclass(frozen=True, slots=True)
class AskPin(Effect):
    """Say `PinChecked` with how long to wait before the PIN may be tried."""


@dataclass(frozen=True, slots=True)
class TryPin(Effect):
    """Compare with the staff's PIN, say `PinChecked`."""

    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChoosePin(Effect):
    """Make this the staff's PIN, in the place of the present one if there is one; say `PinChosen`."""

    pin: str = field(repr=False)
    old: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ReadBoard(Effect):
    """Read how the board is, and the last crash; say `BoardRead`."""


@dataclass(frozen=True, slots=True)
class ForgetCrash(Effect):
    """Remove the note of the last crash, which was read; say `BoardRead`."""


@dataclass(frozen=True, slots=True)
class ReadCounts(Effect):
    """Say `CountsRead`."""


@dataclass(frozen=True, slots=True)
class ExportCounts(Effect):
    """Write all counts to a USB stick, say `CountsExported`."""


@dataclass(frozen=True, slots=True)
class SaveSettings(Effect):
    """Keep changes of settings, by dotted key, for the next start; say `SettingsSaved`."""

    changes: Values


@dataclass(frozen=True, slots=True)
class MarkClosed(Effect):
    """Close the exhibit for repair, or open it again, also for later starts; say `ClosedMarked`."""

    closed: bool


@dataclass(frozen=True, slots=True)
class OpenNow(Effect):
    """Open an exhibit that is closed after hours, until the next closing; say `HoursTold`."""


@dataclass(frozen=True, slots=True)
class GoDark(Effect):
    """Have the screen switched off after hours: nobody is here."""


@dataclass(frozen=True, slots=True)
class RestartGradients(Effect):
    """End the gradient process and start it again, also one that was given up."""


@dataclass(frozen=True, slots=True)
class RestartExhibit(Effect):
    """End the exhibit, for the system to start it again."""


@dataclass(frozen=True, slots=True)
class LookForUpdate(Effect):
    """Look for a release on a USB stick, and how far an update is; say `UpdateTold`."""


@dataclass(frozen=True, slots=True)
class BeginUpdate(Effect):
    """Ask the system for the update that was shown, say `UpdateTold`, or `PinChecked` for a wrong PIN."""

    pin: str = field(repr=False)
    shown: UpdateFacts


@dataclass(frozen=True, slots=True)
class StaffFound(News):
    """What the exhibit found for its staff when it started; `begins`: a PIN is to be chosen first of all."""

    staff: StaffFacts
    begins: bool = False

    def known(self, context: Context) -> Context:
        """Return the context with what staff need."""
        return replace(context, staff=self.staff)

    @property
    def leads(self) -> Way | None:
        """Return the way to the first start, where one is due."""
        return ToSetup(Station.PIN, may_leave=False) if self.begins else None


@dataclass(frozen=True, slots=True)
class PinChecked(News):
    """The answer to `AskPin`, `TryPin` and a refused `BeginUpdate`.

    It says whether the PIN was right (None: none was tried), and how long to wait.
    `fault` is why no PIN can be checked at all.
    """

    right: bool | None
    wait_s: float = 0.0
    fault: str = ""


@dataclass(frozen=True, slots=True)
class PinChosen(News):
    """The answer to `ChoosePin`; `fault` is why it could not be kept."""

    fault: str = ""

    def known(self, context: Context) -> Context:
        """Return the context with a PIN, if it was kept."""
        return context if self.fault else replace(context, staff=replace(context.staff, pin_chosen=True))


@dataclass(frozen=True, slots=True)
class BoardRead(News):
    """The answer to `ReadBoard` and `ForgetCrash`."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class CountsRead(News):
    """The answer to `ReadCounts`; `fault` is why they could not be read."""

    counts: tuple[DayCounts, ...]
    fault: str = ""
    plots: Plots = field(default=Plots())


@dataclass(frozen=True, slots=True)
class CountsExported(News):
    """The answer to `ExportCounts`: the name of the file on the stick, or why there is none."""

    file: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class SettingsSaved(News):
    """The answer to `SaveSettings`: all settings as the next start will find them; `fault` is why none was changed."""

    settings: Values
    fault: str = ""

    def known(self, context: Context) -> Context:
        """Return the context with the settings; those of the screen's size and of idle times are in force at once."""
        return with_settings(context, self.settings)


@dataclass(frozen=True, slots=True)
class ClosedMarked(News):
    """The answer to `MarkClosed`; `fault` is why a later start will not know."""

    closed: bool
    fault: str = ""

    def known(self, context: Context) -> Context:
        """Return the context with the exhibit closed, or open again."""
        return replace(context, staff=replace(context.staff, closed=self.closed))


@dataclass(frozen=True, slots=True)
class HoursTold(News):
    """It closed or opened by the clock, or by `OpenNow`; `fault` is why staff could not open it."""

    after_hours: bool
    opens: str = ""
    opens_day: str = ""
    fault: str = ""

    def known(self, context: Context) -> Context:
        """Return the context with the exhibit closed until then, or open."""
        told = replace(
            context.staff, after_hours=self.after_hours, opens=self.opens, opens_day=self.opens_day
        )
        return replace(context, staff=told)


@dataclass(frozen=True, slots=True)
class UpdateTold(News):
    """The answer to `LookForUpdate` and `BeginUpdate`."""

    update: UpdateFacts
