"""Somebody else's file is read in a process of its own: what breaks ONNX's C++ code ends that process, not this one."""

import resource
import signal
import subprocess
import sys
from pathlib import Path

from kiosk.vision.model_card import ModelError

MOST_S = 60
MOST_MEMORY = 3 * 2**30
REFUSED = 3
TOO_LONG = f"takes longer than {MOST_S} s to read; export a smaller network"
WORKER = "kiosk.vision.build.foreign"


def adopt_apart(file: Path, labels: int, side: int, adopted: Path) -> None:
    """Write a classifier in this kiosk's form; raises ModelError with one line that names the file and the reason."""
    command = [sys.executable, "-m", WORKER, str(file), str(labels), str(side), str(adopted)]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and our own module
            command, capture_output=True, check=False, timeout=MOST_S, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        raise ModelError(f"{file}: {TOO_LONG}") from None
    if done.returncode == 0 and adopted.is_file():
        return
    if done.returncode == -signal.SIGXCPU:
        raise ModelError(f"{file}: {TOO_LONG}")
    lines = done.stdout.decode("utf-8", "replace").strip().splitlines()
    if done.returncode == REFUSED and lines:
        raise ModelError(lines[-1])
    raise ModelError(
        f"{file}: ONNX's own reader broke down on it ({_end(done.returncode)}); copy or export it again"
    )


def limit_this_process() -> None:
    """Bound what this process may take: a small file can ask for any amount of memory or time."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_S, MOST_S))


def _end(status: int) -> str:
    return f"status {status}" if status >= 0 else signal.Signals(-status).name
