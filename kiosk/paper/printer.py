"""The printer, by CUPS' own commands: which one there is, how it is, and a sheet on its way through it."""

import os
import re
import subprocess
from dataclasses import dataclass
from enum import Enum
from typing import Self

from kiosk.core.health import Finding, Level
from kiosk.errors import KioskError

LIMIT_S = 10.0
DEFAULT = re.compile(r"^system default destination: (\S+)", re.MULTILINE)
SENT = re.compile(r"request id is (\S+)")
PRINTS = re.compile(r"^printer \S+ now printing (\S+?)\.? ", re.MULTILINE)
STOPPED = re.compile(r"^printer \S+ disabled ", re.MULTILINE)
ALERTS = re.compile(r"^\s*Alerts: (.*)$", re.MULTILINE)
HARMLESS = ("-report", "-warning")  # how a reason ends that stops nothing


class PrinterError(KioskError):
    """CUPS does not answer, or does not take a sheet."""


class Condition(Enum):
    """How a printer is; all but the first two need somebody."""

    READY = "ready"
    BUSY = "busy"
    EMPTY = "empty"
    JAM = "jam"
    PAUSED = "paused"
    AWAY = "away"


class JobStage(Enum):
    """How far a sheet is; one that is `GONE` has left the queue, which is all that CUPS tells of one that is done."""

    WAITING = "waiting"
    PRINTING = "printing"
    GONE = "gone"
    FAILED = "failed"


# What RFC 8011 and PWG 5100.9 call what is wrong with a printer, by how it begins; the first that fits counts.
REASONS = (
    ("media-jam", Condition.JAM),
    ("media-empty", Condition.EMPTY),
    ("media-needed", Condition.EMPTY),
    ("offline", Condition.AWAY),
    ("shutdown", Condition.AWAY),
    ("timed-out", Condition.AWAY),
    ("paused", Condition.PAUSED),
    ("cover-open", Condition.PAUSED),
    ("door-open", Condition.PAUSED),
    ("toner-empty", Condition.PAUSED),
    ("marker-supply-empty", Condition.PAUSED),
)
ADVICE = {
    Condition.EMPTY: "put paper in",
    Condition.JAM: "take out the paper that is stuck",
    Condition.PAUSED: "look at the printer, then let its queue go on: cupsenable",
    Condition.AWAY: "switch the printer on; look at its cable",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """How a printer is, and how far the sheet is that was asked about."""

    condition: Condition
    job: JobStage | None = None


def condition_of(told: str) -> Condition:
    """Return how a printer is, from what `lpstat -l -p` tells of it."""
    alerts = [alert for line in ALERTS.findall(told) for alert in re.split(r"[\s,]+", line)]
    serious = [alert for alert in alerts if not alert.endswith(HARMLESS)]
    for reason, condition in REASONS:
        if any(alert.startswith(reason) for alert in serious):
            return condition
    if STOPPED.search(told):
        return Condition.PAUSED
    return Condition.BUSY if PRINTS.search(told) else Condition.READY


def stage_of(job: str, printer: str, waiting: str, over: str) -> JobStage:
    """Return how far a job is, from what `lpstat` tells with `-l -p`, with `-o`, and with `-W completed -l -o`."""
    if any(line.split()[:1] == [job] for line in waiting.splitlines()):
        return JobStage.PRINTING if job in PRINTS.findall(printer) else JobStage.WAITING
    about = re.search(rf"^{re.escape(job)}\s.*?(?=^\S|\Z)", over, re.MULTILINE | re.DOTALL)
    ended = about is not None and re.search(r"Alerts: .*(aborted|canceled)", about[0])
    return JobStage.FAILED if ended else JobStage.GONE


@dataclass(frozen=True, slots=True)
class Printer:
    """One of CUPS' printers by its name. Each call waits for a command, ten seconds at the most: not for a frame loop.

    All raise PrinterError.
    """

    name: str

    @classmethod
    def found(cls, wanted: str = "") -> Self | None:
        """Return the printer of that name, else the default one, else the only one; None where there is no such."""
        try:
            names = _told("lpstat", "-e").split()
            if wanted or not names:
                return cls(wanted) if wanted in names else None
            default = DEFAULT.search(_told("lpstat", "-d"))
        except PrinterError:
            return None
        if default is not None and default[1] in names:
            return cls(default[1])
        return cls(names[0]) if len(names) == 1 else None

    def send(self, pdf: bytes, media: str) -> str:
        """Return the name of the job that prints a page as large as it is."""
        options = (f"media={media}", "print-scaling=none", "sides=one-sided")
        settings = [word for option in options for word in ("-o", option)]
        told = _told("lp", "-d", self.name, "-t", "sheet", *settings, "-", given=pdf)
        sent = SENT.search(told)
        if sent is None:
            raise PrinterError(f"printer {self.name}: CUPS did not say what became of the sheet")
        return sent[1]

    def look(self, job: str | None = None) -> Seen:
        """Return how it is, and how far a job is."""
        printer = _told("lpstat", "-l", "-p", self.name)
        if job is None:
            return Seen(condition_of(printer))
        waiting = _told("lpstat", "-o", self.name)
        over = _told("lpstat", "-W", "completed", "-l", "-o", self.name)
        return Seen(condition_of(printer), stage_of(job, printer, waiting, over))

    def cancel(self, job: str) -> None:
        """Take a job out of the queue, and let CUPS forget it."""
        _told("cancel", job, may_fail=True)
        self.clear()

    def clear(self) -> None:
        """Let CUPS forget the jobs that are over, with their files, which it keeps for a day; not while others wait.

        Who may not ask for that has to set `PreserveJobFiles No` in cupsd.conf.
        """
        if not _told("lpstat", "-o", self.name).strip():
            _told("cancel", "-a", "-x", self.name, may_fail=True)


def printer_finding(wanted: str = "") -> Finding | None:
    """Return how the printer is, for staff; None where there is none and none is wanted."""
    printer = Printer.found(wanted)
    if printer is None:
        advice = "set it up in CUPS under that name, or change the setting printing.printer"
        return Finding("printer", Level.WARNING, f"{wanted} is not there", advice) if wanted else None
    try:
        condition = printer.look().condition
    except PrinterError as error:
        return Finding("printer", Level.WARNING, str(error), "look at CUPS")
    level = Level.WARNING if condition in ADVICE else Level.OK
    return Finding("printer", level, f"{printer.name}: {condition.value}", ADVICE.get(condition, ""))


def _told(*command: str, given: bytes = b"", may_fail: bool = False) -> str:
    """Return what a command of CUPS tells, in English."""
    try:
        done = subprocess.run(  # noqa: S603 - only the commands above
            command,
            input=given,
            capture_output=True,
            check=False,
            timeout=LIMIT_S,
            env={**os.environ, "LC_ALL": "C"},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PrinterError(f"{command[0]}: {error}") from None
    if done.returncode and not may_fail:
        raise PrinterError(f"{command[0]}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode(errors="replace")
