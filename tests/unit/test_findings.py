"""What readings mean for staff: only what keeps the exhibit closed fails, and whatever is not well says what to do."""

from dataclasses import replace

import pytest

from kiosk.core.health import Finding, Level, can_open
from kiosk.device.findings import board_findings, crash_finding, running_finding, settings_finding
from kiosk.device.health import Readings, Supply
from kiosk.settings.sections import HeatSettings

WELL = Readings(
    temperature_c=58.0,
    supply=Supply(False, False, False, False),
    free_bytes=20_000_000_000,
    read_only_root=True,
    state_lasts=True,
    clock_set=True,
)
NOTHING_KNOWN = Readings(None, Supply(), None, None, None, None)


def findings(readings: Readings) -> dict[str, Finding]:
    return {finding.what: finding for finding in board_findings(readings, HeatSettings())}


def test_a_board_that_is_well_has_nothing_to_do() -> None:
    found = findings(WELL)
    assert {finding.level for finding in found.values()} == {Level.OK}
    assert {finding.advice for finding in found.values()} == {""}
    assert found["temperature"].found == "58 °C"
    assert found["disk"].found == "20,000 MB free"
    assert found["root"].found == "read-only"


def test_the_exhibit_tells_its_own_time_not_the_boards() -> None:
    assert running_finding(93_784.0).found == "for 1 d 2 h"
    assert running_finding(95.0).found == "for 0 h 1 min"


@pytest.mark.parametrize(
    ("readings", "part", "level", "said"),
    [
        (replace(WELL, temperature_c=79.0), "temperature", Level.WARNING, "slowed down"),
        (replace(WELL, supply=Supply(True, True, False, False)), "power", Level.WARNING, "too low"),
        (replace(WELL, supply=Supply(False, True, False, False)), "power", Level.WARNING, "since"),
        (replace(WELL, supply=Supply(False, False, True, True)), "power", Level.WARNING, "held back"),
        (replace(WELL, free_bytes=200_000_000), "disk", Level.WARNING, "200 MB"),
        (replace(WELL, free_bytes=10_000_000), "disk", Level.FAILED, "10 MB"),
        (replace(WELL, state_lasts=False), "root", Level.WARNING, "lost at the next start"),
        (
            replace(WELL, read_only_root=False, overlay_asked=True),
            "root",
            Level.WARNING,
            "was to be read-only",
        ),
        (replace(WELL, clock_set=False), "clock", Level.WARNING, "opening hours"),
    ],
)
def test_what_is_not_well_says_so_and_what_to_do(
    readings: Readings, part: str, level: Level, said: str
) -> None:
    found = findings(readings)
    assert found[part].level is level
    assert said in found[part].found
    assert found[part].advice
    assert [finding.what for finding in found.values() if finding.level is not Level.OK] == [part]


def test_what_cannot_be_known_does_not_keep_the_exhibit_closed() -> None:
    found = findings(NOTHING_KNOWN)
    assert can_open(tuple(found.values()))
    assert found["temperature"].found == "not known here"


def test_nothing_is_well_that_nobody_looked_at() -> None:
    found = findings(NOTHING_KNOWN)
    assert {finding.level for finding in found.values()} == {Level.UNKNOWN, Level.WARNING}
    assert found["disk"].level is Level.WARNING, "that much has to be known"


def test_a_processor_held_back_earlier_is_told_but_no_trouble() -> None:
    found = findings(replace(WELL, supply=Supply(False, False, False, True)))["power"]
    assert found.level is Level.OK
    assert "since the start" in found.found


def test_a_warning_lets_the_exhibit_open_and_a_failure_does_not() -> None:
    others = tuple(Finding("part", level, "") for level in Level if level is not Level.FAILED)
    assert can_open(others)
    assert not can_open((*others, Finding("part", Level.FAILED, "")))


def test_a_bad_settings_file_is_named_with_its_key() -> None:
    assert settings_finding(()).level is Level.OK
    bad = settings_finding(("/etc/kiosk/kiosk.toml: unknown key displai; did you mean display?",))
    assert bad.level is Level.FAILED
    assert "unknown key displai" in bad.found


def test_a_crash_is_told_by_its_first_line() -> None:
    assert crash_finding(None).level is Level.OK
    crashed = crash_finding(
        "KeyError in kiosk/app.py:70, 2026-11-24 05:41 UTC\n  kiosk/app.py:70 run_exhibit"
    )
    assert crashed.level is Level.WARNING
    assert crashed.found == "KeyError in kiosk/app.py:70, 2026-11-24 05:41 UTC"
