"""The exhibit's own process over five hundred visits: small, without PyTorch, and no larger at the end."""

import json
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.device.state_folder import StateFolder
from tests.figures import figure
from tests.process.memory import allocated_mb, resident_mb
from tests.process.visitors import Visitors

pytestmark = pytest.mark.timed

VISITS = 500
LIMIT_MB = 250.0
# Words and shapes come and go in the painter's caches, and malloc keeps a varying rest: neither is a leak.
CACHES_MB, REST_MB = 6.0, 15.0
EVERY = 50
SETTLED, EARLY, LATE = 50, 150, 400


def play(state_folder: StateFolder, visits: int) -> dict[str, list[float]]:
    """Return the memory after each of so many visits, as the system sees it and as malloc counts it."""
    visitors = Visitors(state_folder)
    resident, allocated = [], []
    try:
        for number in range(1, visits + 1):
            visitors.visit(number)
            resident.append(round(resident_mb(), 2))
            allocated.append(round(allocated_mb(), 2))
    finally:
        visitors.close()
    if "torch" in sys.modules:
        raise RuntimeError("PyTorch was imported")
    return {"resident": resident, "allocated": allocated}


def curve(megabytes: list[float]) -> str:
    """Return every so many-th value, in words."""
    return " ".join(f"{value:.1f}" for value in megabytes[EVERY - 1 :: EVERY]) + " MB"


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_five_hundred_visits_leave_the_memory_as_it_was(state: StateFolder) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import {__name__} as m; m.main()", str(state.path), str(VISITS)],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    told: dict[str, list[float]] = json.loads(done.stdout.splitlines()[-1])
    resident, allocated = told["resident"], told["allocated"]
    assert len(resident) == VISITS
    figure.told(f"memory resident after every {EVERY} visits", curve(resident))
    figure.told(f"memory allocated after every {EVERY} visits", curve(allocated))
    figure.at_most(f"largest memory of the UI process in {VISITS} visits", max(resident), LIMIT_MB, " MB")
    early, late = max(allocated[SETTLED:EARLY]), max(allocated[LATE:])
    figure.told("most memory allocated, visits 51 to 150", f"{early:.1f} MB")
    figure.at_most("growth of memory allocated until visits 401 to 500", late - early, CACHES_MB, " MB")
    early, late = statistics.median(resident[SETTLED:EARLY]), statistics.median(resident[LATE:])
    figure.told("median memory resident, visits 51 to 150", f"{early:.1f} MB")
    figure.at_most("growth of memory resident until visits 401 to 500", late - early, REST_MB, " MB")


def main() -> None:
    """Play visits in this process and print the curve."""
    sys.stdout.write(json.dumps(play(StateFolder(Path(sys.argv[1])), int(sys.argv[2]))) + "\n")
