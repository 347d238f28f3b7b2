"""Visits of every kind, a third of them with a fault: `python -m` this module plays them and says how it went.

Its arguments: the state folder, a folder to use as a stick, how many visits, the seed. It ends with a line of JSON.
"""

import gc
import json
import math
import os
import random
import signal
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.core.health import Phase
from kiosk.core.message import Count, Effect
from kiosk.device.state_folder import StateFolder
from kiosk.gradients.jobs import JobLostError
from tests.process.memory import allocated_mb, resident_mb
from tests.process.telling import Telling
from tests.process.visitors import KINDS, Visitors

FAULTY_SHARE = 1 / 3
# Half a minute each, where all others take a second or two: few of them are enough.
SELDOM = {"vaccinate": 100}
# Short, for processes that are stopped; yet a busy machine must not end the process that is to live long.
JOB_DEADLINE_S = 8.0
LONGEST_DELAY_S = 1.0
LOCKED_S = 1.5
RECOVERY_S = 60.0
RESTING_FRAMES, RESTING_S, ASKED = 8, 0.04, 3
TOLD_EVERY = 50
# Gradient processes have faults until that visit, and many; then one of them lives on: only a long life shows a leak.
GRADIENT_FAULTS_UNTIL, GRADIENT_FAULTS_WEIGH = 250, 3
LOST = "gradient_process_lost"
TOLD = {"gradients": LOST, "camera": "camera_lost"}


@dataclass
class Story:
    """What was done, and what came of it."""

    visits: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    cut_short: int = 0
    lost_unasked: list[str] = field(default_factory=list)
    longest_frame_s: float = 0.0


@dataclass(frozen=True)
class Measured:
    """What the exhibit holds at rest after a visit, and its gradient process, if there is one; memory in MB."""

    at: int
    resident: float
    allocated: float
    descriptors: int
    threads: int
    gradients: tuple[int, float, float] | None  # process, resident, allocated


class Soak:
    """Plays visits, and injects faults into some of them."""

    def __init__(self, state: StateFolder, stick: Path, seed: int, telling: Telling) -> None:
        self._state, self._stick, self._telling = state, stick, telling
        self._random = random.Random(seed)
        self._counts: Counter[str] = Counter()
        self.story = Story()
        self._visitors = Visitors(state, stick, JOB_DEADLINE_S, self._hear)
        self._injections: dict[str, Callable[[], None]] = {
            "gradients killed": lambda: self._signal_gradients(signal.SIGKILL),
            "gradients stopped": lambda: self._signal_gradients(signal.SIGSTOP),
            "camera killed": lambda: self._signal_camera(signal.SIGKILL),
            "camera stopped": lambda: self._signal_camera(signal.SIGSTOP),
            "database locked": self._lock_database,
            "stick spoilt": self._spoil_stick,
        }

    def close(self) -> None:
        """End the exhibit."""
        self._visitors.close()

    def play(self, visits: int) -> None:
        """Play so many visits."""
        kinds = [kind for kind in KINDS if kind not in SELDOM]
        for number in range(visits):
            seldom = [kind for kind, every in SELDOM.items() if number % every == every - 1]
            kind = (seldom or [kinds[number % len(kinds)]])[0]
            fault = self._fault(number) if self._random.random() < FAULTY_SHARE else ""
            self._visit(kind, number, fault)
            if not fault:
                self._measure(number)
            if number % TOLD_EVERY == 0:
                sys.stderr.write(f"visit {number}, wrong so far: {self.story.wrong}\n")

    def _fault(self, number: int) -> str:
        weigh = GRADIENT_FAULTS_WEIGH if number < GRADIENT_FAULTS_UNTIL else 0
        faults = list(self._injections)
        weights = [weigh if fault.startswith("gradients") else 1 for fault in faults]
        return self._random.choices(faults, weights)[0]

    def _visit(self, kind: str, number: int, fault: str) -> None:
        story, visitors = self.story, self._visitors
        story.visits[kind] += 1
        before = self._told()
        timer = None
        if fault:
            story.faults[fault] += 1
            timer = threading.Timer(self._random.uniform(0, LONGEST_DELAY_S), self._injections[fault])
            sys.stderr.write(f"visit {number}, {kind}, {fault}\n")
            timer.start()
        try:
            visitors.visit_of_kind(kind, number)
        except (LookupError, TimeoutError, TypeError) as error:
            if not fault:
                story.wrong.append(f"visit {number}, {kind}: {error!r}")
            story.cut_short += 1
            with suppress(TimeoutError):
                visitors.walk_away()
        if timer is not None:
            timer.join()
            self._recover(number, fault, before)
        if not fault.startswith("gradients") and self._told()[LOST] > before[LOST]:
            story.lost_unasked.append(f"visit {number}, {kind}, {fault or 'no fault'}")
        story.longest_frame_s = max(story.longest_frame_s, visitors.longest_frame_s)
        if visitors.longest_frame_s > 1.0:
            story.wrong.append(
                f"visit {number}, {kind}, {fault}: a frame took {visitors.longest_frame_s:.1f} s"
            )
        visitors.longest_frame_s = 0.0

    def _recover(self, number: int, fault: str, before: Counter[str]) -> None:
        """Wait until all is well again, and see that the fault was told once."""
        visitors = self._visitors
        part = fault.split(" ", maxsplit=1)[0]
        wanted = before + Counter({TOLD[part]: 1}) if part in TOLD else before

        def well() -> bool:
            context = visitors.state.context
            found = visitors.workshop.camera.newest() is not None
            return found and context.gradients.phase is Phase.READY and self._told() >= wanted

        try:
            visitors.until(well, f"well again after {fault}")
        except TimeoutError as error:
            self.story.wrong.append(f"visit {number}: {error}")
        extra = self._told() - wanted
        if extra:
            self.story.wrong.append(f"visit {number}, {fault}: told too often: {dict(extra)}")
        self.story.told += self._told() - before

    def _told(self) -> Counter[str]:
        return Counter({name: self._counts[name] for name in TOLD.values()})

    def _hear(self, effect: Effect) -> None:
        if isinstance(effect, Count):
            self._counts.update(effect.names)

    def _measure(self, number: int) -> None:
        """Print what is held after a visit: kept here, it would be counted itself.

        Of a few frames the least that is allocated is what stays: jobs and pictures on their way come and go.
        """
        gradients = self._measured_gradients()  # first: then no job of the exhibit is under way
        least_mb = math.inf
        for _ in range(RESTING_FRAMES):
            time.sleep(RESTING_S)
            self._visitors.frame()
            gc.collect()
            least_mb = min(least_mb, allocated_mb())
        descriptors = sum(1 for _ in Path("/proc/self/fd").iterdir())
        measured = Measured(number, resident_mb(), least_mb, descriptors, threading.active_count(), gradients)
        sys.stdout.write(json.dumps(vars(measured)) + "\n")

    def _measured_gradients(self) -> tuple[int, float, float] | None:
        """What the gradient process holds once it is idle, of a few times the least; None where it was lost."""
        gradients = self._visitors.workshop.models.gradients
        ready = self._visitors.state.context.gradients.phase is Phase.READY
        if gradients is None or gradients.pid is None or not ready:
            return None
        pid, told = gradients.pid, []
        try:
            gradients.ping().result(RECOVERY_S)  # jobs are done one after another: it is the last
            for _ in range(ASKED):
                told.append(self._telling.allocated_mb(pid))
                time.sleep(RESTING_S)
            return pid, resident_mb(pid), min(told)
        except (JobLostError, OSError):
            return None

    # ---- faults

    def _signal_gradients(self, number: signal.Signals) -> None:
        self._wait_for_gradients()
        gradients = self._visitors.workshop.models.gradients
        if gradients is not None and gradients.pid is not None:
            with suppress(ProcessLookupError):  # it may end, or be begun anew, by itself just now
                os.kill(gradients.pid, number)
            if number is signal.SIGSTOP:  # noticed by the next job, or when the visitor is forgotten
                _wait_until_stopped(gradients.pid)
                gradients.ping()

    def _wait_for_gradients(self) -> None:
        """One that is stopped while it starts is given its long deadline for that: other tests see to it."""
        due_s = time.monotonic() + RECOVERY_S
        while self._visitors.state.context.gradients.phase is not Phase.READY and time.monotonic() < due_s:
            time.sleep(0.01)

    def _signal_camera(self, number: signal.Signals) -> None:
        for pid in self._visitors.workshop.camera.pids:
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def _lock_database(self) -> None:
        with suppress(sqlite3.Error):
            connection = sqlite3.connect(self._state.database, timeout=0.1)
            connection.execute("BEGIN EXCLUSIVE")
            time.sleep(LOCKED_S)
            connection.close()

    def _spoil_stick(self) -> None:
        spoilt = self._stick / f"spoilt-{self._random.randrange(3)}.jpg"
        spoilt.write_bytes(b"\xff\xd8\xff\xe0" + self._random.randbytes(20_000))


def _wait_until_stopped(pid: int) -> None:
    """A signal takes its time on a busy machine, and meanwhile another thread may answer."""
    stat = Path(f"/proc/{pid}/stat")
    with suppress(OSError):
        while stat.read_text().rpartition(")")[2].split()[0] not in "TtZX":
            time.sleep(0.001)


def main(state: str, stick: str, visits: str, seed: str) -> None:
    """Play, and print the story."""
    with tempfile.TemporaryDirectory() as folder:
        soak = Soak(StateFolder(Path(state)), Path(stick), int(seed), Telling(Path(folder)))
        try:
            soak.play(int(visits))
        finally:
            soak.close()
    sys.stdout.write("\n" + json.dumps(vars(soak.story)) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
