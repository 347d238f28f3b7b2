"""What CUPS tells of printers and jobs, read as it is written."""

import pytest

from kiosk.core.health import Level
from kiosk.paper.printer import Condition, JobStage, condition_of, printer_finding, stage_of

IDLE = "printer sheet is idle.  enabled since Fri Nov 27 17:45:20 2026\n\tForm mounted:\n\tAlerts: none\n"
BUSY = "printer sheet now printing sheet-2.  enabled since Fri Nov 27 17:45:20 2026\n\tAlerts: {}\n"
STOPPED = "printer sheet disabled since Fri Nov 27 17:45:20 2026 -\n\tpaused by staff\n\tAlerts: {}\n"
WAITING = "sheet-2                 root              1024   Fri Nov 27 17:45:20 2026\n"
OVER = """sheet-2                 root              1024   Fri Nov 27 17:44:06 2026
\tStatus:
\tAlerts: {}
\tqueued for sheet
sheet-1                 root              1024   Fri Nov 27 17:44:04 2026
\tAlerts: aborted-by-system
\tqueued for sheet
"""


@pytest.mark.parametrize(
    ("told", "condition"),
    [
        (IDLE, Condition.READY),
        (BUSY.format("none"), Condition.BUSY),
        (BUSY.format("media-empty-error"), Condition.EMPTY),
        (BUSY.format("media-needed"), Condition.EMPTY),
        (BUSY.format("toner-low-report media-low-warning"), Condition.BUSY),
        (BUSY.format("media-empty-warning"), Condition.BUSY),
        (STOPPED.format("media-jam-error paused"), Condition.JAM),
        (STOPPED.format("paused"), Condition.PAUSED),
        (STOPPED.format("none"), Condition.PAUSED),
        (IDLE.replace("none", "offline-report, offline-error"), Condition.AWAY),
    ],
)
def test_a_printers_condition(told: str, condition: Condition) -> None:
    assert condition_of(told) is condition


@pytest.mark.parametrize(
    ("printer", "waiting", "over", "stage"),
    [
        (IDLE, WAITING, "", JobStage.WAITING),
        (BUSY, WAITING, "", JobStage.PRINTING),
        (IDLE, WAITING.replace("sheet-2 ", "sheet-21"), OVER, JobStage.GONE),
        (IDLE, "", "", JobStage.GONE),
        (IDLE, "", OVER.format("processing-to-stop-point"), JobStage.GONE),
        (IDLE, "", OVER.format("job-canceled-by-user"), JobStage.FAILED),
        (IDLE, "", OVER.format("aborted-by-system"), JobStage.FAILED),
    ],
)
def test_how_far_a_job_is(printer: str, waiting: str, over: str, stage: JobStage) -> None:
    assert stage_of("sheet-2", printer, waiting, over) is stage


def test_staff_read_of_a_printer_only_where_there_is_one_or_one_is_wanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CUPS_SERVER", "/nowhere/cups.sock")

    assert printer_finding() is None
    finding = printer_finding("laser")
    assert finding is not None
    assert (finding.what, finding.level) == ("printer", Level.WARNING)
