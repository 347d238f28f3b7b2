"""The units, read by systemd's own tools: nothing misspelt, nothing missing, and as hardened as the devices allow."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kiosk.gradients.process import END_NAME
from kiosk.settings.sections import StaffSettings
from tests.device.units import JETSON_PLACES, PLACES, SYSTEMD, UNITS, install, setting, settings_of

pytestmark = pytest.mark.untimed

SYSTEM_UNITS = Path("/usr/lib/systemd/system")
# What the units call that is no file of ours; only there to be found.
COMMANDS = (
    "bin/sh",
    "usr/bin/X",
    "usr/bin/install",
    "usr/bin/python3",
    "usr/bin/systemctl",
    "usr/bin/rm",
    "opt/kiosk/current/.venv/bin/kiosk",
)
# The most that a unit may be exposed, of 10, by `systemd-analyze security`.
EXPOSURE = {"kiosk.service": 2.0, "kiosk-gradients.service": 0.5}
OTHERS_EXPOSURE = 3.0
BOTH = ("kiosk.service", "kiosk-gradients.service")
# Known since systemd 254 only; an older one says so, and does without it what it asks for.
NEW_KEYS = re.compile(r".*Unknown key (name )?'RestartMode' in section .*ignoring\.\n")


def run(*command: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | {"LC_ALL": "C"}
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root with the system's units and ours; skips where there is no systemd."""
    if shutil.which("systemd-analyze") is None or not SYSTEM_UNITS.is_dir():
        pytest.skip("systemd is not installed: apt-get install systemd")
    shutil.copytree(SYSTEM_UNITS, tmp_path / "usr/lib/systemd/system", symlinks=True)
    (tmp_path / "lib").symlink_to("usr/lib")
    for command in COMMANDS:
        (tmp_path / command).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / command).write_text("#!/bin/sh\n", "ascii")
        (tmp_path / command).chmod(0o755)
    install(PLACES, tmp_path)
    return tmp_path


def complaints(root: Path, *units: str) -> str:
    done = run("systemd-analyze", "verify", f"--root={root}", "--man=no", *units)
    return NEW_KEYS.sub("", done.stdout + done.stderr) + (
        f"exit {done.returncode}" if done.returncode else ""
    )


def test_systemd_finds_nothing_to_complain_about(root: Path) -> None:
    assert complaints(root, *(unit.name for unit in UNITS)) == ""


def test_nor_on_a_jetson(root: Path) -> None:
    install(JETSON_PLACES, root)
    assert complaints(root, "kiosk.service", "kiosk-x11.service") == ""


def test_it_would_complain(root: Path) -> None:
    unit = root / "etc/systemd/system/kiosk.service"
    unit.write_text(unit.read_text("utf-8").replace("WatchdogSec=", "WatchDogSec="), "utf-8")
    assert "WatchDogSec" in complaints(root, "kiosk.service")


@pytest.mark.parametrize("jetson", [False, True], ids=["raspberry-pi", "jetson"])
def test_no_service_is_more_exposed_than_its_devices_ask_for(root: Path, jetson: bool) -> None:
    if jetson:
        install(JETSON_PLACES, root)
    services = sorted(path.name for path in (root / "etc/systemd/system").glob("*.service"))
    assert len(services) >= 7
    exposures = {service: exposure(root, service) for service in services}
    assert {
        service: level
        for service, level in exposures.items()
        if level > EXPOSURE.get(service, OTHERS_EXPOSURE)
    } == {}, exposures


def exposure(root: Path, service: str) -> float:
    """Return how exposed systemd finds an installed unit, 0 to 10."""
    done = run("systemd-analyze", "security", f"--root={root}", "--offline=true", "--no-pager", service)
    level = re.search(r"exposure level for \S+ ([\d.]+)", done.stdout)
    assert level, done.stdout + done.stderr
    return float(level[1])


def test_each_unit_is_of_a_known_kind_and_says_what_it_is() -> None:
    assert {unit.name for unit in UNITS} == {
        "data.mount",
        *(
            f"kiosk{name}.service"
            for name in (
                "",
                "-gradients",
                "-access",
                "-gradients-end",
                "-out-of-order",
                "-open",
                "-close",
                "-closed",
                "-update",
            )
        ),
        "kiosk-update.socket",
        "kiosk-gradients.socket",
        "kiosk-gradients-end.path",
        "kiosk-open.timer",
        "kiosk-close.timer",
    }
    for unit in UNITS:
        assert settings_of(unit)["Description"], unit.name


class TestExhibit:
    def test_failing_again_and_again_uses_the_budget_up_however_slowly(self) -> None:
        waits = ("TimeoutStartSec", "TimeoutStopSec", "RestartSec")
        longest_s = sum(int(setting("kiosk.service", key)) for key in waits)
        assert setting("kiosk.service", "Restart") == "always"
        burst, interval_s = (
            int(setting("kiosk.service", key)) for key in ("StartLimitBurst", "StartLimitIntervalSec")
        )
        assert burst * longest_s < interval_s
        assert setting("kiosk.service", "OnFailure") == "kiosk-out-of-order.service"

    def test_it_never_shares_the_console(self) -> None:
        conflicts = setting("kiosk.service", "Conflicts").split()
        assert {"getty@tty1.service", "kiosk-out-of-order.service"} == set(conflicts)
        after = " ".join(settings_of(SYSTEMD / "kiosk.service")["After"]).split()
        assert set(conflicts) <= set(after)

    def test_the_compositors_child_is_heard_and_stays_in_the_unit(self) -> None:
        assert setting("kiosk.service", "NotifyAccess") == "all"
        assert "PAMName" not in settings_of(SYSTEMD / "kiosk.service")

    def test_it_may_write_counts_to_a_stick_where_sticks_are_mounted(self) -> None:
        assert "-/media" in " ".join(settings_of(SYSTEMD / "kiosk.service")["ReadWritePaths"]).split()
        rules = (SYSTEMD / "udev" / "90-kiosk-sticks.rules").read_text("utf-8")
        assert "$devnode /media/%k" in rules
        assert "uid=kiosk" in rules
        assert StaffSettings().sticks == Path("/media")

    def test_it_may_use_what_it_is_made_of(self) -> None:
        assert setting("kiosk.service", "SupplementaryGroups").split() == ["video", "render", "input", "tty"]
        allowed = {line.split()[0] for line in settings_of(SYSTEMD / "kiosk.service")["DeviceAllow"]}
        assert {"char-drm", "char-input", "char-video4linux", "char-media", "char-dma_heap"} <= allowed
        assert "AF_NETLINK" in setting("kiosk.service", "RestrictAddressFamilies")
        assert "PrivateDevices" not in settings_of(SYSTEMD / "kiosk.service")


@pytest.mark.parametrize("unit", ["kiosk.service", "kiosk-gradients.service"])
def test_a_visitors_pictures_reach_no_disk(unit: str) -> None:
    assert setting(unit, "MemorySwapMax") == "0"
    assert "TasksMax" in settings_of(SYSTEMD / unit)


@pytest.mark.parametrize(
    "unit", [*UNITS, SYSTEMD / "jetson" / "kiosk-x11.service"], ids=lambda unit: unit.name
)
def test_no_core_is_dumped_not_to_a_program_either(unit: Path) -> None:
    """Of all limits, the kernel heeds 1 alone where core_pattern is a pipe (do_coredump in fs/coredump.c)."""
    if unit.suffix == ".service" and unit.name not in ("kiosk-open.service", "kiosk-close.service"):
        assert settings_of(unit)["LimitCORE"] == ["1"]


class TestGradients:
    def test_the_exhibit_looks_where_systemd_listens(self) -> None:
        listens = setting("kiosk-gradients.socket", "ListenStream")
        assert f"KIOSK_GRADIENTS={listens}" in settings_of(SYSTEMD / "kiosk.service")["Environment"]
        (folder,) = settings_of(SYSTEMD / "kiosk-gradients.socket")["ExecStartPre"]
        assert folder.endswith(f"--mode=0700 {Path(listens).parent}")

    def test_however_often_it_ends_it_is_started_again(self) -> None:
        assert setting("kiosk-gradients.service", "Restart") == "always"
        assert setting("kiosk-gradients.service", "StartLimitIntervalSec") == "0"
        assert setting("kiosk-gradients.socket", "TriggerLimitIntervalSec") == "0"

    def test_the_exhibit_and_its_gradient_process_change_release_together(self) -> None:
        assert setting("kiosk-gradients.service", "PartOf") == "kiosk.service"

    def test_who_leaks_is_ended_and_the_screen_is_the_last_thing_to_go(self) -> None:
        most = [int(setting(unit, "MemoryMax").removesuffix("%")) for unit in BOTH]
        assert sum(most) <= 90, "one could take what the other, or the system, needs"
        scores = [int(setting(unit, "OOMScoreAdjust")) for unit in BOTH]
        assert scores[0] <= -900
        assert 0 <= scores[1] <= 200, "it would be ended for its size alone, whoever leaks"

    def test_they_are_two_users(self) -> None:
        assert [setting(unit, "User") for unit in BOTH] == ["kiosk", "kiosk-gradients"]
        assert setting("kiosk-gradients.socket", "SocketUser") == "kiosk"

    def test_the_exhibit_asks_where_systemd_waits(self) -> None:
        asked = Path(setting("kiosk-gradients.socket", "ListenStream")).with_name(END_NAME)
        assert setting("kiosk-gradients-end.path", "PathExists") == str(asked)
        assert f"-{asked.parent}" in settings_of(SYSTEMD / "kiosk.service")["ReadWritePaths"]


def test_the_hardware_watchdog_is_one_that_older_kernels_take() -> None:
    dropin = settings_of(SYSTEMD / "system.conf.d" / "90-kiosk.conf")
    for key in ("RuntimeWatchdogSec", "RebootWatchdogSec"):
        assert int(dropin[key][0].removesuffix("s")) < 15


def test_the_data_partition_is_checked_before_it_is_mounted() -> None:
    device = setting("data.mount", "What").removeprefix("/").replace("-", r"\x2d").replace("/", "-")
    assert setting("data.mount", "Requires") == f"systemd-fsck@{device}.service"
    assert setting("data.mount", "Where") == "/data"
    assert "local-fs.target" not in (SYSTEMD / "data.mount").read_text("utf-8").partition("[Unit]")[2]


class TestUpdates:
    def test_the_exhibit_looks_where_systemd_listens_and_nobody_else_may(self) -> None:
        assert Path(setting("kiosk-update.socket", "ListenStream")) == StaffSettings().service
        assert setting("kiosk-update.socket", "SocketMode") == "0600"
        assert setting("kiosk-update.socket", "SocketUser") == setting("kiosk.service", "User")

    def test_its_own_process_may_not_become_another_and_has_no_network(self) -> None:
        assert setting("kiosk-update.service", "NoNewPrivileges") == "yes"
        assert setting("kiosk-update.service", "PrivateNetwork") == "yes"
