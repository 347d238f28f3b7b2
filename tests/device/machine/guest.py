"""The system in the machine, by ssh as root: what systemd says, what the journal says, faults that only it can make."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from tests.device.buttons import load_table

LIMIT_S = 120.0
BOOTS_WITHIN_S = 900.0
READY_WITHIN_S = 1200.0
ANSWERS_WITHIN_S = 30.0
LOOK_EVERY_S = 0.5
HEADER = "/sys/devices/platform/PRP0001:00/gpiochip*/sim_gpio{line}/pull"
HOST = "kiosk"


class GuestError(RuntimeError):
    """A command failed in the machine, or something did not come in time."""


class Guest:
    """Owns the ssh connection, which is made anew when the machine was off."""

    def __init__(self, key: Path, port: int, folder: Path) -> None:
        self.ssh_config = folder / "ssh_config"
        self._control = folder / "ssh"
        self.ssh_config.write_text(
            f"Host {HOST}\n  HostName 127.0.0.1\n  Port {port}\n  IdentityFile {key}\n  IdentitiesOnly yes\n"
            "  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n  LogLevel ERROR\n  BatchMode yes\n"
            "  ConnectTimeout 20\n  ServerAliveInterval 15\n  ServerAliveCountMax 8\n",
            "utf-8",
        )

    def run(self, command: str, limit_s: float = LIMIT_S, given: bytes = b"") -> str:
        """Return what a shell command says; raises GuestError where it fails or takes too long."""
        status, said = self.tried(command, limit_s, given)
        if status:
            raise GuestError(f"{command}: exit {status}: {said}")
        return said

    def tried(self, command: str, limit_s: float = LIMIT_S, given: bytes = b"") -> tuple[int, str]:
        """Return a shell command's exit status and what it says; 255 where the machine does not answer."""
        ssh = ("ssh", "-F", str(self.ssh_config), "-o", "ControlMaster=auto", "-o", "ControlPersist=yes")
        try:
            done = subprocess.run(
                [*ssh, "-o", f"ControlPath={self._control}", f"root@{HOST}", command],
                input=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=limit_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            self.hang_up()
            return 255, f"no answer within {limit_s:g} s"
        return done.returncode, done.stdout.decode("utf-8", "replace").strip()

    def reboot(self) -> None:
        """Have it start again, and return once it can be spoken to."""
        before = self.boot()
        self.tried("systemctl reboot", 20)
        self.hang_up()
        self.wait(lambda: self.boot() not in ("", before), "it starts again", BOOTS_WITHIN_S)

    def boot(self) -> str:
        """Return what tells this start from others; empty while it does not answer."""
        status, said = self.tried("cat /proc/sys/kernel/random/boot_id", ANSWERS_WITHIN_S)
        return "" if status else said

    def hang_up(self) -> None:
        """End the connection; the next command makes another one."""
        if self._control.exists():
            quit_ = [
                "ssh",
                "-F",
                str(self.ssh_config),
                "-o",
                f"ControlPath={self._control}",
                "-O",
                "exit",
                HOST,
            ]
            subprocess.run(quit_, capture_output=True, check=False, timeout=LIMIT_S)
            self._control.unlink(missing_ok=True)

    # What is waited for.

    def wait(self, true: Callable[[], object], what: str, limit_s: float = LIMIT_S) -> float:
        """Return after how many seconds a condition held; raises GuestError with `what` and what systemd says."""
        since_s = time.monotonic()
        while not true():
            if time.monotonic() - since_s > limit_s:
                raise GuestError(f"not within {limit_s:g} s: {what}; {self.tried(TOLD)[1]}")
            time.sleep(LOOK_EVERY_S)
        return time.monotonic() - since_s

    def wait_booted(self, limit_s: float = BOOTS_WITHIN_S) -> float:
        """Return after how many seconds it can be spoken to."""
        return self.wait(lambda: self.boot(), "ssh", limit_s)

    def wait_status(self, words: str, limit_s: float = READY_WITHIN_S) -> float:
        """Return after how many seconds the exhibit's line of `systemctl status` has those words."""
        return self.wait(lambda: words in self.status(), f"the status '{words}'", limit_s)

    def wait_open(self, limit_s: float = READY_WITHIN_S) -> float:
        """Return after how many seconds the exhibit is open; an attack may have to wait."""
        return self.wait_status("model ready", limit_s)

    def wait_ready(self, limit_s: float = READY_WITHIN_S) -> float:
        """Return after how many seconds the exhibit is open and an attack can run."""
        return self.wait_status("gradient process ready", limit_s)

    # What it says.

    def status(self) -> str:
        """Return the exhibit's line of `systemctl status`; empty while it does not run."""
        said = self.tried("systemctl show -p ActiveState,StatusText kiosk.service")[1].splitlines()
        told = dict(line.split("=", 1) for line in said if "=" in line)
        return told.get("StatusText", "") if told.get("ActiveState") == "active" else ""

    def restarts(self) -> int:
        """Return how often systemd has started the exhibit again by itself."""
        return int(self.run("systemctl show -p NRestarts --value kiosk.service"))

    def started_s(self) -> float:
        """Return the guest's monotonic time at which the exhibit became active."""
        return int(self.run("systemctl show -p ActiveEnterTimestampMonotonic --value kiosk.service")) / 1e6

    def pid_of(self, words: str) -> str:
        """Return the oldest process whose command line has those words; empty where there is none."""
        return self.tried(f"pgrep -o -f '[{words[0]}]{words[1:]}'")[
            1
        ]  # the brackets: not the shell that asks

    def journal(self, unit: str = "kiosk.service", lines: int = 40) -> str:
        """Return what a unit said last."""
        return self.run(f"journalctl -u {unit} -n {lines} -o cat --no-pager")

    def uptime_s(self) -> float:
        """Return how long it runs by its own clock."""
        return float(self.run("cut -d' ' -f1 /proc/uptime"))

    def failed_units(self) -> list[str]:
        """Return the units that systemd says have failed."""
        return [line.split()[0] for line in self.run("systemctl --failed --no-legend --plain").splitlines()]

    # What hands do that only the header's wires can: an edge on a line, as the button makes it.

    def press(self, name: str, hold_s: float = 0.15, times: int = 1) -> None:
        """Press one of the three buttons, once or with as long a rest between."""
        line = next(button.raspberry_pi_gpio for button in load_table().buttons if button.name == name)
        pull = HEADER.format(line=line)
        self.run(f"echo pull-down >{pull}; sleep {hold_s}; echo pull-up >{pull}; sleep {hold_s};" * times)


TOLD = (
    "systemctl show -p ActiveState,SubState,StatusText,NRestarts --value kiosk.service | paste -sd' ';"
    " journalctl -u kiosk.service -n 8 -o cat --no-pager"
)
