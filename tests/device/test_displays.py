"""The window on the display that a Raspberry Pi has by default: Wayland, in the compositor that the unit opens."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kiosk.ui.display.window_trial import UNSEEN
from tests.cut_library import folder_with_cut
from tests.device.units import SYSTEMD

PATIENCE_S = 60
# A shell's first line, since that of a script cannot name a Python whose path has a space.
PROGRAM = """#!/bin/sh
"exec" "{python}" "$0" "$@"
"""
EXHIBIT = """
import json, time
import pygame
from kiosk.core.health import Health, Phase
from kiosk.exhibit.topics import TOPICS
from kiosk.program.program import view
from kiosk.program.state import initial
from kiosk.ui.window import Window
from kiosk.words.friendly_labels import visitor_labels
from kiosk.words.texts import load_texts

with Window(7.0) as window:
    texts, warming = load_texts(TOPICS), Health(Phase.WARMING)
    state = initial(TOPICS, window.panel, texts, visitor_labels(), model=warming)
    rectangles = window.show(view(state), {})
    for _ in range(40):
        window.events()
        window.show(view(state), {})
        time.sleep(0.02)
    size = [window.panel.width_px, window.panel.height_px]
    whole = pygame.display.get_surface().get_size()
    told = dict(driver=window.driver, window=whole, size=size, rectangles=rectangles)
    print(json.dumps(told), flush=True)
"""
SELF_TEST = """
import json, os
from kiosk.commands.checks import screen_findings

libraries = os.environ.get("LIBRARIES")
environment = os.environ | ({"LD_LIBRARY_PATH": libraries} if libraries else {})
display = next(iter(screen_findings(None, environment=environment)))
print(json.dumps(dict(level=display.level.value, found=display.found)), flush=True)
"""

Told = Callable[..., dict[str, Any]]


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """What a program prints that is opened in the compositor in the exhibit's place, or else over ssh."""
    for tool in ("cage", "Xwayland"):
        if shutil.which(tool) is None:
            pytest.skip(
                f"{tool} is not installed: apt-get install cage xwayland libegl1 libgles2 libwayland-egl1"
            )
    if (
        os.getuid() == 0
        and subprocess.run([*as_somebody(), "true"], check=False, capture_output=True).returncode
    ):
        pytest.skip("cage does not run as root, and this machine lets root be nobody else")
    tmp_path.chmod(0o700)

    def told(program: str, *, in_compositor: bool = True, **environment: str) -> dict[str, Any]:
        file = tmp_path / "kiosk"
        file.write_text(PROGRAM.format(python=sys.executable) + program, "utf-8")
        file.chmod(0o755)
        settings = {"KIOSK": str(file), "RUNTIME_DIRECTORY": str(tmp_path), "SDL_VIDEODRIVER": "wayland"}
        done = subprocess.run(
            [*as_somebody(), SYSTEMD / "lib" / "open-exhibit" if in_compositor else file],
            env=os.environ | settings | UNSEEN | environment,
            cwd=Path(__file__).resolve().parents[2],
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
        assert done.stdout, done.stderr
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    return told


def as_somebody() -> list[str]:
    """Return what to put before a command that refuses to run as root."""
    return ["unshare", "--user", "--map-user=1000", "--map-group=1000"] if os.getuid() == 0 else []


def test_the_exhibit_is_drawn_in_the_compositor(told: Told) -> None:
    drawn = told(EXHIBIT)
    assert drawn["driver"] == "wayland"
    assert drawn["size"] == [1280, 720]
    assert drawn["rectangles"] > 0


def test_of_two_screens_the_first_is_drawn_on(told: Told) -> None:
    drawn = told(EXHIBIT, WLR_HEADLESS_OUTPUTS="2")
    assert drawn["window"] == [2560, 720], "the compositor lays it over both"
    assert drawn["size"] == [1280, 720]
    assert drawn["rectangles"] > 0


def test_the_self_test_opens_its_window_in_the_compositor(told: Told) -> None:
    assert told(SELF_TEST) == {"level": "ok", "found": "wayland opens a window"}


@pytest.mark.parametrize("in_compositor", [True, False], ids=["in-compositor", "over-ssh"])
def test_the_self_test_notices_a_library_that_only_the_window_needs(
    told: Told, tmp_path: Path, in_compositor: bool
) -> None:
    libraries = folder_with_cut("libwayland-egl.so.1", tmp_path)
    failed = told(SELF_TEST, in_compositor=in_compositor, LIBRARIES=libraries)
    assert failed["level"] == "failed"
    assert "the display driver crashed (SIG" in failed["found"]


def test_the_self_test_opens_a_compositor_where_there_is_none_yet(told: Told) -> None:
    display = told(SELF_TEST, in_compositor=False)
    assert display["level"] != "failed"  # a warning where no screen is connected
    assert display["found"].startswith("wayland: cage starts with the exhibit and opens its window")


def test_the_self_test_notices_a_compositor_that_does_not_start(told: Told, tmp_path: Path) -> None:
    libraries = folder_with_cut("libwayland-server.so.0", tmp_path)
    failed = told(SELF_TEST, in_compositor=False, LIBRARIES=libraries)
    assert failed["level"] == "failed"
    assert failed["found"].startswith("no window opens: cage ")
