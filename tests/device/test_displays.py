"""The window on the display that a Raspberry Pi has by default: Wayland, in the compositor that the unit opens."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.device.units import SYSTEMD

PATIENCE_S = 60
# A shell's first line, since that of a script cannot name a Python whose path has a space.
EXHIBIT = """#!/bin/sh
"exec" "{python}" "$0" "$@"
import json
from kiosk.core.model import Health, Phase
from kiosk.friendly_labels import visitor_labels
from kiosk.program import initial, view
from kiosk.texts import load_texts
from kiosk.ui.window import Window

with Window(7.0) as window:
    state = initial(window.panel, load_texts(), visitor_labels(), model=Health(Phase.WARMING))
    rectangles = window.show(view(state), {{}})
    told = dict(driver=window.driver, size=[window.panel.width_px, window.panel.height_px], rectangles=rectangles)
    print(json.dumps(told), flush=True)
"""


def as_somebody() -> list[str]:
    """Return what to put before a command that refuses to run as root."""
    return ["unshare", "--user", "--map-user=1000", "--map-group=1000"] if os.getuid() == 0 else []


def test_the_exhibit_is_drawn_in_the_compositor(tmp_path: Path) -> None:
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
    exhibit = tmp_path / "kiosk"
    exhibit.write_text(EXHIBIT.format(python=sys.executable), "utf-8")
    exhibit.chmod(0o755)
    tmp_path.chmod(0o700)
    environment = {
        "KIOSK": str(exhibit),
        "RUNTIME_DIRECTORY": str(tmp_path),
        "SDL_VIDEODRIVER": "wayland",
        "WLR_BACKENDS": "headless",
        "WLR_RENDERER": "pixman",
        "WLR_LIBINPUT_NO_DEVICES": "1",
    }
    done = subprocess.run(
        [*as_somebody(), SYSTEMD / "lib" / "open-exhibit"],
        env=os.environ | environment,
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert done.stdout, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["driver"] == "wayland"
    assert told["size"] == [1280, 720]
    assert told["rectangles"] > 0
