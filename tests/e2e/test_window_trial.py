"""The self-test's window: opened as the exhibit's, and no driver that crashes or hangs takes the self-test along."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.commands.checks import screen_findings
from kiosk.core.health import Finding, Level
from tests.cut_library import folder_with_cut
from tests.e2e.exhibit_driver import Display

SHORT_S = 3.0

Found = Callable[..., Finding]


@pytest.fixture
def found(display: Display) -> Found:
    """What the self-test finds of the display, in an environment that a test may change."""

    def found(*, beside_running: bool = False, limit_s: float = 60.0, **environment: str) -> Finding:
        settings = os.environ | {"DISPLAY": display.name, "SDL_VIDEODRIVER": "x11"} | environment
        return next(
            iter(screen_findings(None, beside_running=beside_running, environment=settings, limit_s=limit_s))
        )

    return found


def test_a_screen_shows_the_window_for_a_moment(found: Found) -> None:
    assert found() == Finding("display", Level.OK, "x11 opens a window")


@pytest.mark.parametrize("environment", [{"DISPLAY": ":nowhere"}, {"SDL_VIDEODRIVER": "none"}], ids=str)
def test_without_a_screen_or_a_driver_it_fails(found: Found, environment: dict[str, str]) -> None:
    failed = found(**environment)
    assert failed.level is Level.FAILED
    assert failed.found.startswith("no display opens (")
    assert "connect a screen" in failed.advice


def test_a_driver_that_crashes_as_it_loads_fails(found: Found, tmp_path: Path) -> None:
    failed = found(LD_LIBRARY_PATH=folder_with_cut("libX11.so.6", tmp_path))
    assert failed.level is Level.FAILED
    assert "the display driver crashed (SIG" in failed.found
    assert "packages" in failed.advice


def test_a_driver_that_crashes_with_its_window_fails(found: Found, tmp_path: Path) -> None:
    environment = {
        "LD_LIBRARY_PATH": folder_with_cut("libGL.so.1", tmp_path),
        "SDL_FRAMEBUFFER_ACCELERATION": "1",
    }
    failed = found(**environment)
    assert failed.level is Level.FAILED
    assert "the display driver crashed (SIG" in failed.found
    assert "\n" not in failed.found
    beside = found(beside_running=True, **environment)
    assert beside == Finding("display", Level.OK, "x11 opens"), "a running exhibit's screen gets no window"


def test_a_server_that_does_not_answer_is_not_waited_for_for_ever(found: Found, display: Display) -> None:
    display.freeze()
    failed = found(limit_s=SHORT_S)
    assert failed.level is Level.FAILED
    assert failed.found == "the display driver does not answer: no window within 3 s"
