"""Draws golden states of a checkout at full size: run as a file, with that checkout in PYTHONPATH.

`python -P drawing.py FOLDER SIZES [PARTS OF NAMES]` writes FOLDER/STATE-SIZE.png; it needs nothing of its own checkout.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from kiosk.ui.paint import scene_png
from tests.golden.pictures import pictures
from tests.golden.test_screens import CLEAN, OWN_PICTURES, STATES


def draw(folder: Path, sizes: Sequence[str], parts: Sequence[str]) -> None:
    """Draw each state whose name has one of the parts, or every one, on each panel."""
    folder.mkdir(parents=True, exist_ok=True)
    own = {key: rgb for shelf in OWN_PICTURES for key, rgb in shelf().items()}
    for name, (_, state) in STATES.items():
        if parts and not any(part in name for part in parts):
            continue
        there = pictures(noisy=name not in CLEAN, paint=name != "sketchpad") | own
        for size in sizes:
            (folder / f"{name}-{size}.png").write_bytes(scene_png(state(size).scene, there))


if __name__ == "__main__":
    draw(Path(sys.argv[1]), sys.argv[2].split(","), sys.argv[3:])
