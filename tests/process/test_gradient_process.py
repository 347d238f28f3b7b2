"""The gradient process killed, stopped, flooded and fed garbage: its caller hears "lost", never a wrong answer."""

import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from pathlib import Path

import msgspec
import numpy as np
import pytest

from kiosk.device.state_folder import StateFolder
from kiosk.gradients import protocol
from kiosk.gradients.client import GradientClient
from kiosk.gradients.jobs import JobCancelledError, JobLostError, JobRefusedError
from kiosk.gradients.process import GradientProcess
from kiosk.gradients.protocol import Array
from kiosk.gradients.supervisor import Status
from kiosk.settings.sections import GradientSettings
from kiosk.vision.classifier import Classifier
from kiosk.vision.picture import Rgb
from kiosk.wire.folder import private_folder

pytestmark = pytest.mark.timed

QUICK = GradientSettings(threads=1, job_deadline_s=4.0, first_back_off_s=0.1, longest_back_off_s=0.4)
PATIENCE_S = 60.0


class Watched:
    """A client whose states are kept, so that a test can wait for one."""

    def __init__(
        self, state: StateFolder, classifier: Classifier, settings: GradientSettings = QUICK
    ) -> None:
        self._changed = threading.Condition()
        self.states: list[tuple[Status, str]] = []
        self.client = GradientClient(state.model(None), classifier.card, settings, on_status=self._hear)

    def _hear(self, status: Status, reason: str) -> None:
        with self._changed:
            self.states.append((status, reason))
            self._changed.notify_all()

    def wait_for(self, status: Status, times: int = 1) -> None:
        """Return once that state was reached so many times in all."""
        with self._changed:
            reached = self._changed.wait_for(
                lambda: sum(seen is status for seen, _ in self.states) >= times, PATIENCE_S
            )
        assert reached, f"never {status} {times} times: {self.states}"


@pytest.fixture
def watched(state: StateFolder, classifier: Classifier) -> Iterator[Watched]:
    """A gradient process of the test's own, ready."""
    mine = Watched(state, classifier)
    with mine.client:
        mine.wait_for(Status.READY)
        yield mine


def steps_again(watched: Watched, picture: Rgb) -> None:
    """Assert that a new process answers steps."""
    following = watched.client.step("sign", picture.astype(np.float32), picture, 130).result(PATIENCE_S)
    assert following.shape == picture.shape
    assert 0 < np.abs(following - picture).max() <= 1


def pid_of(watched: Watched) -> int:
    assert watched.client.pid is not None
    return watched.client.pid


def test_killed_idle_it_starts_again_with_a_new_pid(watched: Watched, coffee: Rgb) -> None:
    first = pid_of(watched)
    os.kill(first, signal.SIGKILL)
    watched.wait_for(Status.LOST)
    watched.wait_for(Status.READY, times=2)
    assert pid_of(watched) != first
    steps_again(watched, coffee)


@pytest.mark.parametrize("after_iterates", [1, 5])
def test_killed_while_replying_the_job_is_lost(watched: Watched, coffee: Rgb, after_iterates: int) -> None:
    pid, heard = pid_of(watched), threading.Semaphore(0)
    answer = watched.client.least(coffee, 130, 400, lambda _: heard.release())
    for _ in range(after_iterates):
        assert heard.acquire(timeout=PATIENCE_S)
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(JobLostError, match="SIGKILL"):
        answer.result(PATIENCE_S)
    steps_again(watched, coffee)


def test_killed_mid_step_the_job_is_lost_at_once(watched: Watched, coffee: Rgb) -> None:
    answer = watched.client.least(coffee, 130, 1000, lambda _: None)
    since_s = time.monotonic()
    os.kill(pid_of(watched), signal.SIGKILL)
    with pytest.raises(JobLostError):
        answer.result(PATIENCE_S)
    assert time.monotonic() - since_s < QUICK.job_deadline_s
    steps_again(watched, coffee)


def test_out_of_memory_the_job_is_refused_and_a_new_process_takes_the_next(
    watched: Watched, coffee: Rgb
) -> None:
    first = pid_of(watched)
    space_bytes = int(Path(f"/proc/{first}/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    resource.prlimit(first, resource.RLIMIT_AS, (space_bytes, space_bytes))
    answer = watched.client.least(coffee, 130, 400, lambda _: None)
    with pytest.raises((JobRefusedError, JobLostError)):
        answer.result(PATIENCE_S)
    watched.wait_for(Status.READY, times=2)
    assert pid_of(watched) != first
    steps_again(watched, coffee)


def test_stopped_it_is_noticed_within_a_second_of_the_deadline(watched: Watched, coffee: Rgb) -> None:
    os.kill(pid_of(watched), signal.SIGSTOP)
    since_s = time.monotonic()
    answer = watched.client.step("sign", coffee.astype(np.float32), coffee, 130)
    with pytest.raises(JobLostError, match="no answer to AttackStep in time"):
        answer.result(PATIENCE_S)
    assert QUICK.job_deadline_s <= time.monotonic() - since_s <= QUICK.job_deadline_s + 1
    steps_again(watched, coffee)


def test_a_hung_process_keeps_nothing_of_a_visitor_who_is_forgotten(
    state: StateFolder, classifier: Classifier, coffee: Rgb
) -> None:
    patient = QUICK.model_copy(update={"job_deadline_s": 60.0, "forget_deadline_s": 0.5})
    watched = Watched(state, classifier, patient)
    with watched.client:
        watched.wait_for(Status.READY)
        pid = pid_of(watched)
        os.kill(pid, signal.SIGSTOP)
        step = watched.client.step("sign", coffee.astype(np.float32), coffee, 130)
        time.sleep(0.3)  # it is on its way to the process by now
        watched.client.forget()
        with pytest.raises(JobLostError, match="in time"):
            step.result(PATIENCE_S)
        watched.wait_for(Status.READY, times=2)
        assert pid_of(watched) != pid


def test_a_visitor_who_leaves_while_it_still_loads_does_not_end_it(
    state: StateFolder, classifier: Classifier, coffee: Rgb
) -> None:
    watched = Watched(state, classifier, QUICK.model_copy(update={"forget_deadline_s": 0.01}))
    with watched.client:
        watched.wait_for(Status.LOADING)
        pid = watched.client.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)  # as slow as a board that reads PyTorch from its card
        watched.client.forget()
        time.sleep(0.6)
        os.kill(pid, signal.SIGCONT)
        watched.wait_for(Status.READY)
        assert pid_of(watched) == pid
        steps_again(watched, coffee)


def test_flooded_only_the_newest_waits(watched: Watched, coffee: Rgb) -> None:
    iterate = coffee.astype(np.float32)
    answers = [watched.client.step("sign", iterate, coffee, label) for label in range(200)]
    done, _ = wait(answers, PATIENCE_S)
    assert len(done) == len(answers)
    answered = [index for index, answer in enumerate(answers) if answer.exception() is None]
    assert answered[-1] == len(answers) - 1, "the newest is answered"
    assert len(answered) <= 5
    for answer in answers:
        assert answer.exception() is None or isinstance(answer.exception(), JobCancelledError)
    steps_again(watched, coffee)


def test_a_cancelled_search_ends_before_its_next_gradients(watched: Watched, coffee: Rgb) -> None:
    heard: list[int] = []
    first = threading.Event()

    def hear(_: object) -> None:
        heard.append(1)
        first.set()

    answer = watched.client.least(coffee, 130, 1000, hear)
    assert first.wait(PATIENCE_S)
    watched.client.cancel(answer)
    with pytest.raises(JobCancelledError):
        answer.result(PATIENCE_S)
    assert len(heard) < 20
    steps_again(watched, coffee)


def test_a_map_of_many_gradients_tells_how_far_it_is_and_ends_when_nobody_waits_for_it(
    watched: Watched, coffee: Rgb
) -> None:
    client = watched.client
    shares: list[float] = []
    answer = client.maps("integrated-gradients", [coffee, coffee], 130, on_share=shares.append)
    first, second = answer.result(PATIENCE_S)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert np.array_equal(first.cells, second.cells)

    begun = threading.Event()
    cancelled = client.maps("smoothgrad", [coffee] * 4, 130, on_share=lambda _: begun.set())
    assert begun.wait(PATIENCE_S)
    client.cancel(cancelled)
    with pytest.raises(JobCancelledError):
        cancelled.result(2.0)
    client.maps("grad-cam", [coffee], 130).result(PATIENCE_S)


def test_a_bad_job_is_refused_and_nothing_else_happens(watched: Watched, coffee: Rgb) -> None:
    small = np.zeros((8, 8, 3), np.uint8)
    with pytest.raises(JobRefusedError, match="label 1000"):
        watched.client.step("sign", coffee.astype(np.float32), coffee, 1000).result(PATIENCE_S)
    with pytest.raises(JobRefusedError, match=r"\(8, 8, 3\)"):
        watched.client.maps("grad-cam", [small], 130).result(PATIENCE_S)
    with pytest.raises(JobRefusedError, match="infinite or undefined"):
        watched.client.step("sign", np.full(coffee.shape, np.nan, np.float32), coffee, 1).result(PATIENCE_S)
    pid = pid_of(watched)
    assert watched.client.ping().result(PATIENCE_S) == pid
    watched.client.forget().result(PATIENCE_S)


def test_another_model_than_the_callers_is_refused(state: StateFolder, classifier: Classifier) -> None:
    other = msgspec.structs.replace(classifier.card, sha256="0" * 64)
    reasons: list[str] = []
    lost = threading.Event()

    def hear(status: Status, reason: str) -> None:
        if status is Status.LOST:
            reasons.append(reason)
            lost.set()

    with GradientClient(state.model(None), other, QUICK, on_status=hear):
        assert lost.wait(PATIENCE_S)
    assert "another model" in reasons[0]


def test_restarts_leak_no_descriptor(watched: Watched, coffee: Rgb) -> None:
    steps_again(watched, coffee)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for restart in range(2, 5):
        os.kill(pid_of(watched), signal.SIGKILL)
        watched.wait_for(Status.READY, times=restart)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_the_child_ends_within_two_seconds_of_its_ui(state: StateFolder) -> None:
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from kiosk.gradients.client import GradientClient\n"
        "from kiosk.settings.sections import GradientSettings\n"
        "from kiosk.vision.model_card import read_card\n"
        "folder = Path(sys.argv[1])\n"
        "client = GradientClient(folder, read_card(folder), GradientSettings(threads=1))\n"
        "print(client.ping().result(60), flush=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(state.model(None))], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    since_s = time.monotonic()
    while Path(f"/proc/{child}").exists() and "Z" not in Path(f"/proc/{child}/stat").read_text("ascii"):
        assert time.monotonic() - since_s < 2, "the gradient process outlived its UI"
        os.sched_yield()


@pytest.fixture(scope="module")
def server() -> Iterator[GradientProcess]:
    """A gradient process without a client: what talks to it is up to the test."""
    with GradientProcess(QUICK) as process:
        yield process


def connected(process: GradientProcess) -> socket.socket:
    """Return a connection once the process listens."""
    due_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < due_s:
        connection = process.connect()
        if connection is not None:
            connection.settimeout(PATIENCE_S)
            return connection
        assert process.ended() is None
        os.sched_yield()
    raise AssertionError("the gradient process never listened")


def ping(connection: socket.socket) -> protocol.Response:
    """Return the answer to a ping."""
    connection.sendall(protocol.encode(protocol.Ping(7)))
    incoming, replies = protocol.Incoming(protocol.Response), list[protocol.Response]()
    while not replies:
        replies.extend(incoming.feed(connection.recv(65536)))
    return replies[0]


def framed(body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + body


GARBAGE: dict[str, Callable[[], bytes]] = {
    "random bytes": lambda: framed(np.random.default_rng(0).bytes(400)),
    "an endless length": lambda: b"\xff\xff\xff\xff" + b"x" * 100,
    "text of another protocol": lambda: b"GET / HTTP/1.1\r\nHost: kiosk\r\n\r\n",
    "an unknown message": lambda: framed(msgspec.msgpack.encode({"type": "Format", "job": 1})),
    "a missing field": lambda: framed(msgspec.msgpack.encode({"type": "Least", "job": 1})),
    "an extra field": lambda: framed(msgspec.msgpack.encode({"type": "Ping", "job": 1, "and": 2})),
    "a pickle": lambda: framed(b"\x80\x04\x95\x0f\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x93\x94."),
}


@pytest.mark.parametrize("kind", GARBAGE)
def test_garbage_closes_the_connection_and_nothing_else(server: GradientProcess, kind: str) -> None:
    with connected(server) as connection:
        connection.sendall(GARBAGE[kind]())
        try:
            assert connection.recv(65536) == b""
        except ConnectionResetError:
            assert kind == "an endless length"
    with connected(server) as again:
        assert ping(again) == protocol.Pong(7, pid=server.pid or 0, busy=None)


def test_an_array_that_lies_about_its_shape_is_refused(server: GradientProcess) -> None:
    lie = Array("float32", (224, 224, 3), b"\0" * 12)
    least = protocol.Least(3, original=lie, label=1, steps=2)
    with connected(server) as connection:
        connection.sendall(protocol.encode(least))
        incoming = protocol.Incoming(protocol.Response)
        reply = next(iter(incoming.feed(connection.recv(65536))))
        assert isinstance(reply, protocol.Refused)
        assert "no model is loaded" in reply.reason


def test_a_socket_folder_that_others_can_enter_is_refused(tmp_path: Path) -> None:
    open_folder = tmp_path / "open"
    open_folder.mkdir(mode=0o755)
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "gradients", "--socket", str(open_folder / "socket")],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 2
    assert "others can enter" in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_private_folder_is_ours_alone_and_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = tmp_path / ("x" * 90)
    long.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))
    folder = private_folder()
    try:
        assert folder.stat().st_mode & 0o777 == 0o700
        assert len(os.fsencode(folder / "gradients")) <= 107
    finally:
        folder.rmdir()
