"""The units under a real systemd, in a container made of this machine's own files; the exhibit is a stand-in.

Nothing is written to this machine: the container's root is an overlay whose upper layer is in memory.
"""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.device.units import PLACES, install, setting
from tests.unit.signed_stick import SignedStick, signer_line

pytestmark = pytest.mark.slow

PATIENCE_S = 60
STATE = "var/lib/kiosk"
TIMERS = "/var/lib/systemd/timers"
# The system that is booted: this machine's own, or another Debian's root folder with systemd, udev and python3 in it.
SYSTEM = os.environ.get("KIOSK_BOOTED_SYSTEM", "/")
# It is ready, feeds the watchdog, and meets its gradient process; files in its state folder make it fail.
STAND_IN = """#!/usr/bin/python3
import os, pathlib, signal, socket, sys, time

def notify(state):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as connection:
        connection.sendto(state, os.environ["NOTIFY_SOCKET"])

signal.signal(signal.SIGTERM, lambda *_: sys.exit(4 if (state / "ends-badly").exists() else 0))
state = pathlib.Path("/var/lib/kiosk")
if sys.argv[1:2] == ["gradients"]:
    assert os.environ["LISTEN_PID"] == str(os.getpid())
    listener = socket.socket(fileno=3)
    notify(b"READY=1")
    while True:
        listener.accept()[0].close()
if (state / "broken").exists():
    sys.exit("broken on purpose")
with socket.socket(socket.AF_UNIX) as connection:
    connection.connect(os.environ["KIOSK_GRADIENTS"])
notify(b"READY=1")
while True:
    if not (state / "hanging").exists():
        notify(b"WATCHDOG=1")
    time.sleep(0.2)
"""
# A container has no console: a pseudo-terminal stands in, and what is shown on it is kept.
CONSOLE = """
import os, pty, time
screen, terminal = pty.openpty()
os.chmod(os.ttyname(terminal), 0o666)
os.symlink(os.ttyname(terminal), "/dev/tty1")
with open("/run/tty1.shown", "wb", buffering=0) as shown:
    while True:
        shown.write(os.read(screen, 65536))
"""
CONSOLE_UNIT = """[Unit]
DefaultDependencies=no
[Service]
ExecStart=/usr/bin/python3 /usr/local/lib/console.py
ExecStartPost=/bin/sh -c 'until [ -e /dev/tty1 ]; do sleep 0.1; done'
"""
SHORTER = {
    "kiosk.service.d": "WatchdogSec=2\nRestartSec=0.2\n",
    "kiosk-out-of-order.service.d": "Environment=RETRY_S=3\n",
}


class Machine:
    """A booted container with the kiosk installed as deploy.sh does it."""

    def __init__(self, folder: Path) -> None:
        layer, self.root = folder / "layer", folder / "root"
        layer.mkdir()
        self.root.mkdir()
        with ExitStack() as undo:
            self._call("mount", "-t", "tmpfs", "kiosk-test", layer)
            undo.callback(self._call, "umount", layer)
            for name in ("upper", "work"):
                (layer / name).mkdir()
            layers = f"lowerdir={SYSTEM},upperdir={layer}/upper,workdir={layer}/work"
            self._call("mount", "-t", "overlay", "kiosk-test", "-o", layers, self.root)
            undo.callback(self._call, "umount", self.root)
            self._install()
            self._nspawn = self._boot()
            undo.callback(self._halt)
            self._undo = undo.pop_all()

    def _boot(self) -> "subprocess.Popen[bytes]":
        command = ("systemd-nspawn", "--boot", "--register=no", "--keep-unit", "--private-network")
        options = ("--link-journal=no", "--console=pipe", f"--machine=kiosk-test-{os.getpid()}")
        return subprocess.Popen(
            [*command, *options, f"--directory={self.root}", "systemd.unit=basic.target"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _halt(self) -> None:
        self._nspawn.terminate()
        try:
            self._nspawn.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self._nspawn.pid, signal.SIGKILL)
            self._nspawn.wait()

    def close(self) -> None:
        self._undo.close()

    def _install(self) -> None:
        for group in ("video", "render", "input", "tty"):
            self._call("chroot", self.root, "groupadd", "--system", "--force", group)
        for user in ("kiosk", "kiosk-gradients"):
            if self._call("chroot", self.root, "id", user, check=False).returncode:
                made = ("useradd", "--system", "--user-group", "--home-dir", f"/{STATE}", user)
                self._call("chroot", self.root, *made)
        install(PLACES, self.root)
        self.write("opt/kiosk/current/.venv/bin/kiosk", STAND_IN, 0o755)
        self.write(
            "etc/kiosk/environment", "SDL_VIDEODRIVER=kmsdrm\nKIOSK=/opt/kiosk/current/.venv/bin/kiosk\n"
        )
        self.write("usr/local/lib/console.py", CONSOLE)
        self.write("etc/systemd/system/console.service", CONSOLE_UNIT)
        for folder, settings in SHORTER.items():
            self.write(f"etc/systemd/system/{folder}/test.conf", f"[Service]\n{settings}")

    @staticmethod
    def _call(*command: str | Path, check: bool = True) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(command, capture_output=True, text=True, check=check)

    def write(self, path: str, text: str, mode: int = 0o644) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, "utf-8")
        (self.root / path).chmod(mode)

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        """Run a command inside."""
        children = (
            Path(f"/proc/{self._nspawn.pid}/task/{self._nspawn.pid}/children").read_text("ascii").split()
        )
        if not children:
            return subprocess.CompletedProcess(command, 1, "", "")
        return self._call("nsenter", f"--target={children[0]}", "--all", *command, check=False)

    def show(self, unit: str, key: str) -> str:
        return self.run("systemctl", "show", f"--property={key}", "--value", unit).stdout.strip()

    def until(self, true: Callable[[], bool], what: str) -> None:
        due_s = time.monotonic() + PATIENCE_S
        while not true():
            assert time.monotonic() < due_s, (
                f"never {what}: " + self.run("journalctl", "--no-pager", "-n", "40").stdout
            )
            time.sleep(0.2)

    def active(self, unit: str) -> bool:
        return self.show(unit, "ActiveState") == "active"

    def until_open(self) -> None:
        self.until(lambda: self.active("kiosk.service"), "open")


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    if os.getuid() != 0 or shutil.which("systemd-nspawn") is None:
        pytest.skip("needs root and systemd-nspawn: apt-get install systemd-container")
    try:
        machine = Machine(tmp_path_factory.mktemp("machine"))
    except subprocess.CalledProcessError as error:
        pytest.skip(f"this machine makes no container: {error.cmd[0]}: {error.stderr}")
    try:
        machine.until(lambda: machine.active("basic.target"), "booted")
        machine.run("systemctl", "start", "console.service")
        yield machine
    finally:
        machine.close()


@pytest.fixture
def opened(machine: Machine) -> Machine:
    """The machine with the exhibit running, and nothing else shown since."""
    machine.run("systemctl", "start", "kiosk-gradients.socket", "kiosk-gradients-end.path")
    machine.run("systemctl", "reset-failed", "kiosk.service")
    machine.run("systemctl", "start", "kiosk.service")
    machine.until_open()
    return machine


def test_the_exhibit_opens_and_wakes_its_gradient_process(opened: Machine) -> None:
    opened.until(lambda: opened.active("kiosk-gradients.service"), "activated")
    assert opened.run("stat", "--format=%U %a", "/run/kiosk").stdout == "kiosk 700\n"
    user = opened.show("kiosk.service", "MainPID")
    assert opened.run("ps", "-o", "user=", "-p", user).stdout.strip() == "kiosk"
    assert (
        opened.run("systemctl", "show", "--property=RuntimeWatchdogUSec").stdout
        == "RuntimeWatchdogUSec=14s\n"
    )


def as_user(machine: Machine, user: str, *command: str) -> int:
    """Return how a command of a user ended."""
    become = ("setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups")
    return machine.run(*become, *command).returncode


def test_neither_process_reads_the_others_memory_or_signals_it(opened: Machine) -> None:
    opened.until(lambda: opened.active("kiosk-gradients.service"), "activated")
    exhibit, gradients = (opened.show(f"{unit}.service", "MainPID") for unit in ("kiosk", "kiosk-gradients"))
    assert opened.run("ps", "-o", "user=", "-p", gradients).stdout.strip() in ("kiosk-gradients", "kiosk-g+")
    for user, pid in (("kiosk", gradients), ("kiosk-gradients", exhibit)):
        assert as_user(opened, user, "head", "-c", "0", f"/proc/{pid}/mem") != 0
        assert as_user(opened, user, "kill", "-KILL", pid) != 0
        own = exhibit if user == "kiosk" else gradients
        assert as_user(opened, user, "kill", "-0", own) == 0, "the test's own way is right"
    assert as_user(opened, "kiosk-gradients", "touch", "/run/kiosk/end-gradients") != 0


def test_a_gradient_process_that_hangs_is_ended_when_the_exhibit_asks(opened: Machine) -> None:
    opened.until(lambda: opened.active("kiosk-gradients.service"), "activated")
    for _ in range(3):
        first = opened.show("kiosk-gradients.service", "MainPID")
        opened.run("kill", "-STOP", first)
        assert as_user(opened, "kiosk", "touch", "/run/kiosk/end-gradients") == 0
        opened.until(
            lambda first=first: (  # type: ignore[misc]
                opened.active("kiosk-gradients.service")
                and opened.show("kiosk-gradients.service", "MainPID") not in ("0", first)
            ),
            "restarted",
        )
    assert opened.active("kiosk.service")
    assert opened.run("ls", "/run/kiosk/end-gradients").returncode != 0


def test_a_killed_exhibit_is_started_again(opened: Machine) -> None:
    first = opened.show("kiosk.service", "MainPID")
    opened.run("kill", "-KILL", first)
    opened.until(lambda: opened.show("kiosk.service", "MainPID") not in ("0", first), "restarted")
    opened.until_open()
    assert not was_out_of_order(opened), "it flashed"


def test_a_restart_goes_on_though_the_stop_failed(opened: Machine) -> None:
    opened.run("touch", f"/{STATE}/ends-badly")
    first = opened.show("kiosk.service", "MainPID")
    restarted = opened.run("systemctl", "restart", "kiosk.service")
    opened.run("rm", f"/{STATE}/ends-badly")
    assert restarted.returncode == 0, restarted.stderr
    assert opened.active("kiosk.service")
    assert opened.show("kiosk.service", "MainPID") != first
    assert not was_out_of_order(opened)


def was_out_of_order(machine: Machine) -> bool:
    """Return whether the screen for it has ever been started."""
    return machine.show("kiosk-out-of-order.service", "ExecMainStartTimestamp") not in ("", "n/a")


def test_a_frozen_exhibit_is_ended_by_the_watchdog(opened: Machine) -> None:
    first = opened.show("kiosk.service", "MainPID")
    opened.run("touch", f"/{STATE}/hanging")
    opened.until(lambda: opened.show("kiosk.service", "MainPID") not in ("0", first), "restarted")
    opened.run("rm", f"/{STATE}/hanging")
    assert "Watchdog timeout" in opened.run("journalctl", "--no-pager", "-u", "kiosk.service").stdout
    opened.until_open()


def test_a_broken_exhibit_is_out_of_order_until_it_works_again(opened: Machine) -> None:
    opened.run("touch", f"/{STATE}/broken")
    opened.run("kill", "-KILL", opened.show("kiosk.service", "MainPID"))
    opened.until(lambda: opened.active("kiosk-out-of-order.service"), "out of order")
    opened.until(lambda: "cannot run at the moment" in opened.run("cat", "/run/tty1.shown").stdout, "shown")
    opened.run("rm", f"/{STATE}/broken")
    opened.until_open()
    assert not opened.active("kiosk-out-of-order.service")


def test_hours_are_ignored_until_the_clock_is_right(opened: Machine) -> None:
    opened.run("systemctl", "start", "kiosk-close.service")
    assert opened.active("kiosk.service")
    assert "not synchronised" in opened.run("cat", "/run/kiosk/hours-ignored").stdout
    opened.write("usr/local/bin/timedatectl", "#!/bin/sh\necho yes\n", 0o755)
    opened.run("systemctl", "start", "kiosk-close.service")
    opened.until(lambda: opened.show("kiosk.service", "ActiveState") == "inactive", "closed")
    assert opened.show("kiosk.service", "Result") == "success"
    assert not opened.active("kiosk-out-of-order.service")
    assert opened.run("cat", "/run/kiosk/hours-ignored").returncode
    assert opened.active("kiosk-closed.service")
    opened.run("systemctl", "start", "kiosk-open.service")
    opened.until_open()
    assert not opened.active("kiosk-closed.service")
    assert opened.run("ls", "/run/kiosk/closed").returncode


@pytest.fixture
def close_at(opened: Machine) -> Iterator[Callable[..., None]]:
    """Let it open and close at hours from now, as staff would set them; a closing that was missed is made up for."""
    timers = ("kiosk-open.timer", "kiosk-close.timer")

    def close_at(closing: timedelta, opening: timedelta, *, missed: bool) -> None:
        for timer, from_now in zip(timers, (opening, closing), strict=True):
            hour = f"{datetime.now() + from_now:%H:%M:%S}"  # noqa: DTZ005  # by its own clock
            hours = f"[Timer]\nOnCalendar=\nOnCalendar=*-*-* {hour}\nAccuracySec=1s\nPersistent=yes\n"
            opened.write(f"etc/systemd/system/{timer}.d/override.conf", hours)
        opened.run("mkdir", "-p", TIMERS)
        opened.run("touch", "-d", "2 days ago" if missed else "now", f"{TIMERS}/stamp-{timers[1]}")
        opened.run("systemctl", "daemon-reload")
        opened.run("systemctl", "restart", timers[1])

    yield close_at
    opened.run("systemctl", "stop", timers[1])
    opened.run("rm", "-r", *(f"/etc/systemd/system/{timer}.d" for timer in timers))
    opened.run("systemctl", "daemon-reload")
    opened.run("systemctl", "start", "kiosk-open.service")


def test_a_closing_that_comes_late_is_left_out_by_day_alone(
    opened: Machine, close_at: Callable[..., None]
) -> None:
    """As where a clock without a battery is set on from last evening to this morning, or to this evening."""
    hour = timedelta(hours=1)
    opened.write("usr/local/bin/timedatectl", "#!/bin/sh\necho yes\n", 0o755)
    close_at(-15 * hour, -2 * hour, missed=True)
    opened.until(
        lambda: "left out" in opened.run("journalctl", "--no-pager", "-u", "kiosk-close").stdout, "told"
    )
    assert opened.active("kiosk.service")
    assert opened.run("systemctl", "is-failed", "kiosk-close.service").returncode, "that is no failure"
    close_at(timedelta(seconds=8), -8 * hour, missed=False)
    opened.until(lambda: opened.show("kiosk.service", "ActiveState") == "inactive", "closed at its hour")
    opened.run("systemctl", "start", "kiosk-open.service")
    opened.until_open()
    close_at(-hour, 14 * hour, missed=True)
    opened.until(
        lambda: opened.show("kiosk.service", "ActiveState") == "inactive", "closed late in the evening"
    )


def test_staff_open_it_after_hours_and_what_nobody_looks_at_goes_dark(opened: Machine) -> None:
    """What a hand wakes is in test_keep_closed: a container has no touch screen."""
    opened.write("usr/local/bin/timedatectl", "#!/bin/sh\necho yes\n", 0o755)
    opened.run("systemctl", "start", "kiosk-close.service")
    opened.until(lambda: opened.show("kiosk.service", "ActiveState") == "inactive", "closed")
    opened.run("systemctl", "start", "kiosk.service")
    opened.until_open()
    assert as_user(opened, "kiosk", "touch", "/run/kiosk/go-dark") == 0
    opened.until(lambda: opened.show("kiosk.service", "ActiveState") == "inactive", "dark again")
    assert opened.run("ls", "/run/kiosk/go-dark").returncode
    opened.run("systemctl", "start", "kiosk.service")
    opened.until_open()
    assert as_user(opened, "kiosk", "cat", "/run/kiosk/closed") == 0
    assert as_user(opened, "kiosk", "rm", "-f", "/run/kiosk/closed") == 0
    opened.until(lambda: not opened.active("kiosk-closed.service"), "open until the next closing")
    assert opened.active("kiosk.service")


ASK = """
import json, socket, sys
with socket.socket(socket.AF_UNIX) as connection:
    connection.settimeout(20)
    connection.connect("/run/kiosk-update.socket")
    connection.sendall(sys.argv[1].encode() + b"\\n")
    print(connection.makefile().readline())
"""


class TestUpdates:
    """The service of updates in its sandbox, and what it installs outside of that."""

    PIN = "804159"

    @pytest.fixture
    def ask(self, opened: Machine) -> Callable[..., dict[str, object]]:
        opened.write("usr/local/lib/ask.py", ASK)
        opened.run("systemctl", "start", "kiosk-update.socket")

        inside = ("nsenter", "--mount", f"--target={opened.show('kiosk.service', 'MainPID')}")

        def answered(user: str = "kiosk", **request: object) -> dict[str, object]:
            sandbox = inside if opened.active("kiosk.service") else ()  # what the exhibit sees of the system
            done = opened.run(
                *sandbox, "runuser", "-u", user, "--", "python3", "/usr/local/lib/ask.py", json.dumps(request)
            )
            if done.returncode:
                raise PermissionError(done.stderr)
            answer: dict[str, object] = json.loads(done.stdout)
            return answer

        return answered

    def test_a_release_goes_from_a_stick_past_the_pin_into_the_system(
        self, opened: Machine, ask: Callable[..., dict[str, object]], tmp_path: Path
    ) -> None:
        (tmp_path / "media").mkdir()
        maker = SignedStick.made(tmp_path / "maker", tmp_path / "media")
        opened.write("etc/kiosk/allowed_signers", signer_line(maker.key))
        stick = opened.root / "media" / "sda1"
        stick.mkdir(parents=True)
        body = "systemctl stop kiosk.service kiosk-gradients.service; touch /etc/installed"
        maker.put("0.10.0-3f9a1c07d2b4", stick, body=body)
        opened.run("chown", "-R", "kiosk:kiosk", "/media/sda1")
        opened.run("chmod", "-R", "go=", "/media/sda1")  # as FAT is mounted for the exhibit's user
        assert ask(ask="choose", pin=self.PIN)["fault"] == ""
        shown = ask(ask="look")
        assert shown.get("signer") == "anna@museum", shown
        assert ask(ask="install", pin="1111", seen=shown["seen"])["right"] is False
        assert ask(ask="install", pin=self.PIN, seen=shown["seen"])["right"] is True
        opened.until(lambda: ask(ask="look")["stage"] != "running", "installed")
        told = ask(ask="look")
        journal = opened.run("journalctl", "--no-pager", "-u", "kiosk-update.service").stdout
        assert told["stage"] == "done", (told, journal)
        assert (opened.root / "etc" / "installed").exists(), "it was as free as root at a push"
        assert not opened.active("kiosk.service"), "and stopped the exhibit without ending itself"
        assert "signed by anna@museum (SHA256:" in journal
        assert self.PIN not in journal

    def test_nobody_else_may_ask_and_its_folder_is_roots(
        self, opened: Machine, ask: Callable[..., dict[str, object]]
    ) -> None:
        assert ask(ask="pin")["chosen"] in (True, False)
        with pytest.raises(PermissionError):
            ask("nobody", ask="pin")
        assert opened.run("stat", "--format=%U %a", "/opt/kiosk/private").stdout == "root 700\n"


CORE_PATTERN = Path("/proc/sys/kernel/core_pattern")


@pytest.fixture
def piped_cores(tmp_path: Path) -> Iterator[Path]:
    """The file to which a program writes each core dump that the kernel pipes to it, on all of this machine."""
    if not os.access(CORE_PATTERN, os.W_OK):
        pytest.skip("this machine does not let its root choose what becomes of core dumps")
    catcher, dumped = tmp_path / "catch", tmp_path / "dumped"
    catcher.write_text(f"#!/bin/sh\nhead -c 4 >>{dumped}\n", "ascii")
    catcher.chmod(0o755)
    before = CORE_PATTERN.read_text("ascii")
    CORE_PATTERN.write_text(f"|{catcher}", "ascii")
    try:
        yield dumped
    finally:
        CORE_PATTERN.write_text(before, "ascii")


def crash(machine: Machine, limit: str) -> None:
    """Crash a process with a limit of core dumps."""
    died = ("/usr/bin/python3", "-c", "import os; os.abort()")
    ran = machine.run("systemd-run", "--wait", "--quiet", f"--property=LimitCORE={limit}", *died)
    assert ran.returncode != 0


def test_no_core_reaches_the_program_that_the_kernel_pipes_them_to(
    opened: Machine, piped_cores: Path
) -> None:
    for unit in ("kiosk.service", "kiosk-gradients.service", "kiosk-out-of-order.service"):
        crash(opened, setting(unit, "LimitCORE"))
    time.sleep(0.5)
    assert not piped_cores.exists()
    crash(opened, "0")
    opened.until(piped_cores.exists, "dumped: the test does not show what it should")


def test_a_file_on_the_cards_boot_partition_opens_the_ways_in(machine: Machine) -> None:
    machine.run("systemctl", "start", "kiosk-access.service")
    assert machine.run("ls", "/etc/kiosk/access-wide").returncode != 0, "it takes that file"
    machine.write("etc/ssh/sshd_config.d/10-kiosk.conf", "PasswordAuthentication no\n")
    machine.write("etc/sudoers", "#kiosk-access: pi ALL=(ALL) NOPASSWD: ALL\n", 0o440)
    machine.write("boot/firmware/kiosk-access", "")
    assert machine.run("systemctl", "start", "kiosk-access.service").returncode == 0
    assert machine.run("cat", "/etc/sudoers").stdout == "pi ALL=(ALL) NOPASSWD: ALL\n"
    assert machine.run("ls", "/etc/ssh/sshd_config.d/10-kiosk.conf").returncode != 0
    assert machine.run("/usr/local/lib/kiosk/usb-allowed", "1234:5678").returncode == 0
