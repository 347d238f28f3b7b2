"""A gradient process that systemd starts answers at the socket systemd listens at, and is ended when it hangs."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from kiosk.device.state_folder import StateFolder
from kiosk.device.systemd import notify
from kiosk.gradients.client import GradientClient
from kiosk.gradients.jobs import JobLostError
from kiosk.gradients.process import END_NAME
from kiosk.gradients.supervisor import Status
from kiosk.settings.sections import GradientSettings, Settings
from kiosk.vision.classifier import Classifier
from kiosk.vision.model_card import MODEL_FILE
from kiosk.vision.picture import Rgb
from kiosk.wire.folder import private_folder
from tests.process.rehearsal import Rehearsal

pytestmark = pytest.mark.timed

QUICK = GradientSettings(threads=1, job_deadline_s=3.0, first_back_off_s=0.1, longest_back_off_s=0.4)
PATIENCE_S = 60.0
# As systemd does between fork and exec: the socket becomes descriptor 3, the process id goes into the environment.
LIKE_SYSTEMD = """
import os, sys
if sys.argv[1] != "3":
    os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1", LISTEN_FDNAMES="kiosk-gradients.socket")
os.execv(sys.executable, [sys.executable, "-m", "kiosk", *sys.argv[2:]])
"""


def activated(passed: socket.socket, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
    """Start `kiosk gradients` as systemd would, with a socket that stays open here."""
    return subprocess.Popen(
        [sys.executable, "-c", LIKE_SYSTEMD, str(passed.fileno()), "gradients", *arguments],
        pass_fds=[passed.fileno()],
        env=os.environ | environment,
        stderr=subprocess.PIPE,
        text=True,
    )


class Unit:
    """Stands in for systemd and one socket unit with its service, which is started again when the test says so."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "gradients"
        self.asked = folder / END_NAME
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(str(self.path))
        self.listener.listen()
        self.told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.told.bind(str(folder / "notify"))
        self.told.settimeout(PATIENCE_S)
        self._notify_path = str(folder / "notify")
        self.service = self.start()

    def start(self) -> "subprocess.Popen[str]":
        self.service = activated(self.listener, "--threads", "1", NOTIFY_SOCKET=self._notify_path)
        return self.service

    def end_when_asked(self) -> None:
        """Do as kiosk-gradients-end.path and its service do."""
        due_s = time.monotonic() + PATIENCE_S
        while not self.asked.exists():
            assert time.monotonic() < due_s, "nobody asked"
            time.sleep(0.02)
        self.asked.unlink()
        self.service.kill()
        self.service.communicate()

    def close(self) -> None:
        self.service.kill()
        self.service.communicate()
        self.listener.close()
        self.told.close()


@pytest.fixture(scope="module")
def unit() -> Iterator[Unit]:
    folder = private_folder()
    unit = Unit(folder)
    yield unit
    unit.close()
    for left in folder.iterdir():
        left.unlink()
    folder.rmdir()


@contextmanager
def connected(
    unit: Unit, state: StateFolder, classifier: Classifier
) -> Iterator[tuple[GradientClient, Callable[[int], None]]]:
    """Yield a client of the unit's process, and a wait until it was ready so many times."""
    ready = threading.Semaphore(0)

    def hear(status: Status, _reason: str) -> None:
        if status is Status.READY:
            ready.release()

    def wait_ready(times: int) -> None:
        for _ in range(times):
            assert ready.acquire(timeout=PATIENCE_S)

    folder = state.model(None)
    with GradientClient(folder, classifier.card, QUICK, socket=unit.path, on_status=hear) as client:
        yield client, wait_ready


def steps(client: GradientClient, picture: Rgb) -> None:
    following = client.step("sign", picture.astype(np.float32), picture, 130).result(PATIENCE_S)
    assert 0 < np.abs(following - picture).max() <= 1


def test_it_answers_at_the_passed_socket_and_is_told_from_who_listens(
    unit: Unit, state: StateFolder, classifier: Classifier, coffee: Rgb
) -> None:
    assert unit.told.recv(100) == b"READY=1"
    with connected(unit, state, classifier) as (client, wait_ready):
        wait_ready(1)
        steps(client, coffee)
        assert client.pid == unit.service.pid
        limits = Path(f"/proc/{client.pid}/limits").read_text("ascii")
        assert re.search(r"^Max core file size +1 +1 ", limits, re.MULTILINE), "0 would not stop a pipe"
        assert client.pid != os.getpid(), "the pid of the process that listens, as SO_PEERCRED has it"


def test_it_outlives_its_client_and_serves_the_next(
    unit: Unit, state: StateFolder, classifier: Classifier, coffee: Rgb
) -> None:
    for _ in range(2):
        with connected(unit, state, classifier) as (client, _):
            steps(client, coffee)
    assert unit.service.poll() is None
    assert unit.path.is_socket()


def test_hanging_it_is_to_be_ended_and_the_next_one_is_met_at_the_same_socket(
    unit: Unit, state: StateFolder, classifier: Classifier, coffee: Rgb
) -> None:
    with connected(unit, state, classifier) as (client, wait_ready):
        wait_ready(1)
        unit.service.send_signal(signal.SIGSTOP)
        with pytest.raises(JobLostError, match="no answer to AttackStep in time"):
            client.step("sign", coffee.astype(np.float32), coffee, 130).result(PATIENCE_S)
        unit.end_when_asked()
        unit.start()
        wait_ready(1)
        steps(client, coffee)
        assert client.pid == unit.service.pid


def test_one_that_has_ended_by_itself_is_not_asked_for_again(
    unit: Unit, state: StateFolder, classifier: Classifier, coffee: Rgb
) -> None:
    with connected(unit, state, classifier) as (client, wait_ready):
        wait_ready(1)
        unit.service.kill()
        unit.service.communicate()
        unit.start()
        wait_ready(1)
        steps(client, coffee)
        assert not unit.asked.exists(), "the next process would have been ended"


def test_it_needs_no_way_into_the_state_folder(
    unit: Unit, state: StateFolder, classifier: Classifier, coffee: Rgb, tmp_path: Path
) -> None:
    """The opened model file is passed on: here its name is gone before the process reads it."""
    shutil.copytree(state.model(None), tmp_path / "model")
    model = tmp_path / "model" / MODEL_FILE
    unit.service.send_signal(signal.SIGSTOP)
    ready = threading.Semaphore(0)
    with GradientClient(
        tmp_path / "model",
        classifier.card,
        QUICK,
        socket=unit.path,
        on_status=lambda status, _: ready.release() if status is Status.LOADING else None,
    ) as client:
        assert ready.acquire(timeout=PATIENCE_S)
        model.unlink()
        unit.service.send_signal(signal.SIGCONT)
        steps(client, coffee)


def test_one_that_ends_before_it_answers_is_given_up_with_a_word_on_where_to_read_why(
    unit: Unit, state: StateFolder, classifier: Classifier
) -> None:
    silent = unit.path.with_name("silent")
    settings = QUICK.model_copy(update={"load_deadline_s": 0.5})
    with socket.socket(
        socket.AF_UNIX, socket.SOCK_STREAM
    ) as listener:  # systemd goes on listening all the same
        listener.bind(str(silent))
        listener.listen()
        client = GradientClient(state.model(None), classifier.card, settings, socket=silent)
        with client, pytest.raises(JobLostError, match="journalctl --unit=kiosk-gradients"):
            client.ping().result(PATIENCE_S)


def children() -> set[int]:
    """Return the gradient processes that this one has started and that still run."""
    threads = Path("/proc/self/task").iterdir()
    started = [
        Path("/proc", child)
        for thread in threads
        for child in (thread / "children").read_text("ascii").split()
    ]
    return {
        int(child.name) for child in started if b"gradients" in (child / "cmdline").read_bytes().split(b"\0")
    }


def test_the_exhibit_starts_no_process_of_its_own_where_systemd_has_one(
    unit: Unit, state: StateFolder
) -> None:
    settings = Settings(gradients=GradientSettings(threads=1, socket=unit.path))
    others = children()
    rehearsal = Rehearsal(state, f"pictures:{state.stock}", settings)
    with rehearsal.performer:
        rehearsal.ready()
        assert unit.service.pid in children()
        assert children() <= others | {unit.service.pid}, "it started a process of its own"


def refused(done: "subprocess.CompletedProcess[str]") -> str:
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def test_a_socket_passed_to_another_process_is_not_taken(
    run_kiosk: Callable[..., "subprocess.CompletedProcess[str]"],
) -> None:
    assert "--socket" in refused(run_kiosk("gradients", LISTEN_PID="1", LISTEN_FDS="1"))


def test_something_else_than_one_listening_unix_socket_is_refused() -> None:
    connected_one, other = socket.socketpair()
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as internet, connected_one, other:
        internet.bind(("127.0.0.1", 0))
        internet.listen()
        for passed in (internet, connected_one):
            process = activated(passed)
            _, complaint = process.communicate(timeout=PATIENCE_S)
            assert process.returncode == 2
            assert complaint.count("\n") == 1
            assert "ListenStream=" in complaint


@pytest.mark.parametrize("abstract", [False, True])
def test_systemd_hears_how_far_a_service_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, abstract: bool
) -> None:
    name = f"kiosk-{os.getpid()}" if abstract else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind("\0" + name if abstract else name)
        monkeypatch.setenv("NOTIFY_SOCKET", "@" + name if abstract else name)
        notify("STATUS=warming up")
        assert told.recv(100) == b"STATUS=warming up"


def test_without_systemd_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    notify("READY=1")
