"""Gradient processes that say, when asked, how much memory they have allocated: only a process itself can count it."""

import os
import signal
import time
from pathlib import Path

ASKING = signal.SIGUSR1
FOLDER = "TELLING_FOLDER"
HERE = Path(__file__).parent
LIMIT_S, AGAIN_S = 10.0, 0.1


class Telling:
    """Has every gradient process that is started from now on answer in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # Python imports `sitecustomize` from there before anything else; the exhibit hands its environment on.
        places = (str(HERE), str(HERE.parents[2]), os.environ.get("PYTHONPATH", ""))
        os.environ |= {FOLDER: str(folder), "PYTHONPATH": os.pathsep.join(filter(None, places))}

    def allocated_mb(self, pid: int) -> float:
        """Return what a process has allocated now; raises OSError where it ended, or does not answer in time."""
        told = self._folder / str(pid)
        before = told.stat().st_size  # there is no file before it listens: the signal would end it
        due_s = time.monotonic() + LIMIT_S
        while time.monotonic() < due_s:
            os.kill(
                pid, ASKING
            )  # again if need be: Python leaves it until it wakes, if it was just falling asleep
            again_s = time.monotonic() + AGAIN_S
            while time.monotonic() < again_s:
                if told.stat().st_size > before:
                    return float(told.read_text("ascii").split()[-1])
                time.sleep(0.001)
        raise TimeoutError(f"process {pid} does not say what it has allocated")
