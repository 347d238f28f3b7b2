"""The camera's figures of `kiosk bench`: how old a frame is when the frame loop has it, and what bringing it costs."""

import os
import time
from pathlib import Path
from typing import Any

import numpy as np

from kiosk.camera.exhibit_camera import ExhibitCamera
from kiosk.vision.picture import centre_view

WARM_UP_S, MEASURED_S = 1.5, 8.0
OPEN_LIMIT_S = 20.0
FRAME_S = 1 / 30
# From the back end's frame into shared memory; the exhibit looks at it there.
COPIES = 1


def camera_figures(stock: Path) -> dict[str, Any]:
    """Return ages in milliseconds and shares of one core, over 30 frames a second of our own pictures."""
    with ExhibitCamera(f"pictures:{stock}", stock, lambda _: None) as camera:
        begun_s = time.monotonic()
        while camera.newest() is None and time.monotonic() - begun_s < OPEN_LIMIT_S:
            time.sleep(0.005)
        start_s = time.monotonic() - begun_s
        _ages(camera, WARM_UP_S)
        child = camera.pids[0]
        exhibit_s, child_s, since_s = time.process_time(), _processor_s(child), time.monotonic()
        ages = _ages(camera, MEASURED_S)
        took_s = time.monotonic() - since_s
        return {
            "start_s": start_s,
            "frames": len(ages),
            **{f"age_ms_p{p}": float(np.percentile(ages or [0.0], p)) * 1e3 for p in (50, 99)},
            "copies": COPIES,
            "cpu_share_exhibit": (time.process_time() - exhibit_s) / took_s,
            "cpu_share_camera_process": (_processor_s(child) - child_s) / took_s,
        }


def _ages(camera: ExhibitCamera, for_s: float) -> list[float]:
    """Return how old each new frame was, in seconds, once the loop had cut out what is drawn of it."""
    ages: list[float] = []
    seen, until_s = -1, time.monotonic() + for_s
    while (since_s := time.monotonic()) < until_s:
        frame = camera.newest()
        if frame is not None and frame.id != seen:
            seen = frame.id
            np.ascontiguousarray(centre_view(frame.rgb))
            ages.append(time.monotonic() - frame.taken_s)
        time.sleep(max(0.0, since_s + FRAME_S - time.monotonic()))
    return ages


def _processor_s(pid: int) -> float:
    """Return how many seconds of processor time a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")
