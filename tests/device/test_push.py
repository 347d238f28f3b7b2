"""`deploy.sh push` and its kin, over real ssh, on a throw-away device; the product pushed is a few lines long."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.device.pushed_checkout import ROOT, PushedCheckout, make_wheel
from tests.device.throwaway_device import CMDLINE, CONFIG, STAND_INS, ThrowawayDevice

pytestmark = pytest.mark.untimed

Deploy = subprocess.CompletedProcess[str]
LONGEST_WAIT_S = 60


def push(checkout: PushedCheckout, device: ThrowawayDevice, *options: str | Path) -> Deploy:
    """Return a push that went well."""
    done = checkout.deploy(device.ssh_config, "push", "pi", *options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def refused_push(checkout: PushedCheckout, device: ThrowawayDevice, *options: str | Path) -> str:
    """Return the last line that a push ended with when it failed."""
    done = checkout.deploy(device.ssh_config, "push", "pi", *options)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stderr.splitlines()[-1]


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONGEST_WAIT_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def kill_every_ssh(device: ThrowawayDevice) -> None:
    """Kill -9 all ssh clients that talk to a device."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if words[0] == b"/usr/bin/ssh" and bytes(device.ssh_config) in words:
            os.kill(int(process.name), signal.SIGKILL)


def begin_push(
    checkout: PushedCheckout, device: ThrowawayDevice, *options: str | Path
) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [checkout.folder / "deploy.sh", "push", "pi", *options],
        env=checkout.environment(device.ssh_config),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


SCRIPTS = (
    ROOT / "systemd" / "install-release",
    ROOT / "systemd" / "install-system",
    *(path for path in sorted(STAND_INS.iterdir()) if path.name != "systemctl"),  # that one is Python
)


def test_the_devices_scripts_are_shellcheck_clean() -> None:
    if subprocess.run(["which", "shellcheck"], capture_output=True, check=False).returncode:
        pytest.skip("shellcheck is not installed: apt-get install shellcheck")
    done = subprocess.run(["shellcheck", *SCRIPTS], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_a_first_push_installs_everything_and_opens_the_exhibit(running: ThrowawayDevice) -> None:
    release = running.current_release()
    assert release.startswith("1.0-")
    assert running.running_release() == release
    assert running.read("opt/kiosk/history").split() == [release]
    assert running.user_of("var/lib/kiosk/models/current") == "kiosk"
    assert running.user_of(f"opt/kiosk/releases/{release}/kiosk/cli.py") == "root"
    assert running.read("etc/kiosk/environment") == "KIOSK_STATE=/var/lib/kiosk\nSDL_VIDEODRIVER=wayland\n"
    assert "cage python3-picamera2" in running.read("var/log/apt-get.log")
    pyvenv = running.read(f"opt/kiosk/releases/{release}/.venv/pyvenv.cfg")
    assert "include-system-site-packages = true" in pyvenv  # where picamera2 is
    assert set(running.run("id -nG kiosk").split()) == {"kiosk", "video", "render", "input", "tty"}
    calls = [line.partition(" ")[2] for line in running.read("var/lib/kiosk/kiosk.calls").splitlines()]
    assert calls[:3] == ["check --beside-running", "check", ""]


def test_the_boot_files_are_included_once_and_the_command_line_stays_one_line(
    running: ThrowawayDevice,
) -> None:
    config = running.read("boot/firmware/config.txt")
    assert config == f"{CONFIG}# kiosk begin\n[all]\ninclude kiosk.txt\n# kiosk end\n"
    assert "gpio-key" in running.read("boot/firmware/kiosk.txt")
    assert running.read("boot/firmware/cmdline.txt") == f"{CMDLINE.strip()} consoleblank=0\n"


def test_units_and_drop_ins_go_where_systemd_looks_for_them(running: ThrowawayDevice) -> None:
    for place in ("system/kiosk.service", "system/kiosk.service.d/memory.conf", "journald.conf.d/kiosk.conf"):
        assert (running.root / "etc/systemd" / place).exists()
    assert "zram" in running.read("etc/rpi/swap.conf.d/kiosk.conf"), "no swap on the card"
    assert not (running.root / "etc/systemd/system/data.mount").exists()  # there is no such partition
    assert os.access(running.root / "local/lib/kiosk/open-exhibit", os.X_OK)
    asked = running.read("var/log/systemctl.log")
    assert "enable kiosk-gradients.socket" in asked
    assert "start kiosk-gradients.socket" in asked
    assert "enable kiosk-close.timer" not in asked  # opening hours are staff's
    assert "restart systemd-journald.service" in asked


def test_a_second_push_has_nothing_to_do(running: ThrowawayDevice, checkout: PushedCheckout) -> None:
    asked = running.read("var/log/systemctl.log")
    done = push(checkout, running)
    assert "Nothing to do" in done.stdout, done.stdout
    assert "start" not in running.read("var/log/systemctl.log").removeprefix(asked)


@pytest.mark.slow
def test_a_new_release_takes_over_without_a_network_and_without_a_second_torch(
    device: ThrowawayDevice, checkout: PushedCheckout
) -> None:
    first = device.current_release()
    checkout.release("1.1")
    push(checkout, device)
    second = device.current_release()
    assert second.startswith("1.1-")
    assert device.running_release() == second
    assert "Description=1.1" in device.read("etc/systemd/system/kiosk.service")
    torches = [
        next(
            (device.root / f"opt/kiosk/releases/{name}/.venv/lib").glob(
                "python*/site-packages/torch/weights.txt"
            )
        )
        for name in (first, second)
    ]
    assert torches[0].samefile(torches[1])
    script = device.read(f"opt/kiosk/releases/{second}/.venv/bin/kiosk")
    assert script.startswith(f"#!/opt/kiosk/releases/{second}/.venv/bin/python")


def test_a_self_test_that_does_not_end_is_told_apart_from_one_that_fails(
    device: ThrowawayDevice, checkout: PushedCheckout
) -> None:
    first = device.current_release()
    checkout.release("1.1", fault="endless check")
    done = checkout.deploy(device.ssh_config, "push", "pi")
    assert done.returncode == 1
    assert "the self-test was not over after 900 s" in done.stdout
    assert "nothing was switched" in done.stderr
    assert device.current_release() == first


def test_a_release_that_fails_beside_the_running_one_is_never_switched_to(
    device: ThrowawayDevice, checkout: PushedCheckout
) -> None:
    first, began = device.current_release(), device.read("run/units/kiosk.service")
    checkout.release("1.1", fault="check beside")
    assert "nothing was switched" in refused_push(checkout, device)
    assert device.current_release() == first
    assert device.read("run/units/kiosk.service") == began  # the same process: visitors saw nothing of it


@pytest.mark.parametrize(
    ("fault", "reason", "words"),
    [
        ("no ready", "it did not get ready", "the screen stays black"),
        pytest.param(
            "full check", "it failed its self-test", "camera: there is none", marks=pytest.mark.slow
        ),
    ],
)
def test_a_release_that_does_not_come_up_is_rolled_back(
    device: ThrowawayDevice, checkout: PushedCheckout, fault: str, reason: str, words: str
) -> None:
    first = device.current_release()
    checkout.release("1.1", fault=fault, without="kiosk-close.timer")
    done = checkout.deploy(device.ssh_config, "push", "pi")
    assert done.returncode == 1
    assert words in done.stdout
    last_line = done.stderr.splitlines()[-1]
    assert reason in last_line
    assert f"{first} runs again" in last_line
    assert device.current_release() == first
    assert device.running_release() == first
    assert "Description=1.0" in device.read("etc/systemd/system/kiosk.service")
    assert (device.root / "etc/systemd/system/kiosk-close.timer").exists()


@pytest.mark.slow
def test_ssh_killed_while_a_release_is_sent_leaves_the_old_one(
    device: ThrowawayDevice, checkout: PushedCheckout
) -> None:
    first = device.current_release()
    checkout.release("1.1")
    (checkout.folder / "kiosk" / "big.bin").write_bytes(os.urandom(60_000_000))
    with begin_push(checkout, device) as pushing:
        staged = device.root / "opt/kiosk/private"
        wait_until(lambda: any(staged.glob("staged-*/release/kiosk/big.bin")))
        kill_every_ssh(device)
        told, _ = pushing.communicate(timeout=LONGEST_WAIT_S)
    assert pushing.returncode != 0, told
    assert device.running_release() == first
    (checkout.folder / "kiosk" / "big.bin").unlink()
    push(checkout, device)
    assert device.running_release() == device.current_release() != first
    assert list(staged.glob("staged-*")) == []


@pytest.mark.slow
def test_ssh_killed_once_the_release_has_arrived_does_not_stop_the_device(
    device: ThrowawayDevice, checkout: PushedCheckout
) -> None:
    checkout.release("1.1", fault="slow check")
    with begin_push(checkout, device) as pushing:
        wait_until(lambda: (device.root / "var/lib/kiosk/slow").exists())
        kill_every_ssh(device)
        pushing.communicate(timeout=LONGEST_WAIT_S)
    assert pushing.returncode != 0
    done = push(checkout, device)  # waits for the first
    assert device.running_release() == device.current_release()
    assert device.current_release().startswith("1.1-")
    assert "Nothing to do" in done.stdout or "waiting for it" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["slow check", "slow ready"])
def test_a_power_cut_in_mid_push_leaves_a_device_that_starts_and_takes_the_next_push(
    device: ThrowawayDevice, checkout: PushedCheckout, fault: str
) -> None:
    first = device.current_release()
    checkout.release("1.1", fault=fault)
    with begin_push(checkout, device) as pushing:
        wait_until(lambda: (device.root / "var/lib/kiosk/slow").exists())
        device.cut_power()
        pushing.communicate(timeout=LONGEST_WAIT_S)
    with device:
        device.run("systemctl start kiosk.service")
        assert device.running_release() == device.current_release()
        if fault == "slow ready":
            assert device.current_release() != first
            assert "it has not come up yet" in checkout.deploy(device.ssh_config, "status", "pi").stdout
        else:
            assert device.current_release() == first
        checkout.release("1.2", fault="no ready")
        assert f"{first} runs again" in refused_push(checkout, device)  # the last that ever came up
        checkout.release("1.1")
        push(checkout, device)
        assert device.current_release().startswith("1.1-")
        assert list((device.root / "opt/kiosk/private").glob("staged-*")) == []


@pytest.mark.slow
def test_rollback_goes_back_one_release_at_a_time_and_puts_the_units_back(
    device: ThrowawayDevice, checkout: PushedCheckout
) -> None:
    first = device.current_release()
    checkout.release("1.1", without="kiosk-close.timer")
    push(checkout, device)
    assert not (device.root / "etc/systemd/system/kiosk-close.timer").exists()
    done = checkout.deploy(device.ssh_config, "rollback", "pi")
    assert done.returncode == 0, done.stderr
    assert device.running_release() == device.current_release() == first
    assert (device.root / "etc/systemd/system/kiosk-close.timer").exists()
    again = checkout.deploy(device.ssh_config, "rollback", "pi")
    assert again.returncode == 1
    assert "there is no earlier release to go back to" in again.stderr
    assert device.running_release() == first


@pytest.mark.slow
def test_three_releases_are_kept(device: ThrowawayDevice, checkout: PushedCheckout) -> None:
    for version in ("1.1", "1.2", "1.3"):
        checkout.release(version)
        push(checkout, device)
    assert {name.partition("-")[0] for name in device.releases()} == {"1.1", "1.2", "1.3"}


@pytest.mark.slow
def test_only_what_a_new_release_needs_anew_is_installed(
    device: ThrowawayDevice, checkout: PushedCheckout
) -> None:
    first = device.current_release()
    checkout.release("1.1", screen="2")
    push(checkout, device, "--wheelhouse", checkout.wheelhouse)
    screens = [
        next(
            (device.root / f"opt/kiosk/releases/{name}/.venv/lib").glob(
                "python*/site-packages/screen/__init__.py"
            )
        )
        for name in (first, device.current_release())
    ]
    assert [screen.read_text("utf-8") for screen in screens] == ["VERSION = '1'\n", "VERSION = '2'\n"]


@pytest.mark.slow
def test_a_wheelhouse_sends_only_the_wheels_that_are_missing(
    device: ThrowawayDevice, checkout: PushedCheckout, tmp_path: Path
) -> None:
    wheelhouse = tmp_path / "wheels"
    subprocess.run(["cp", "-a", checkout.wheelhouse, wheelhouse], check=True)
    make_wheel(wheelhouse, "screen", "3")
    make_wheel(wheelhouse, "other", "1", tag="cp39-cp39-manylinux_2_28_aarch64")  # another device's
    (wheelhouse / "screen-1-py3-none-any.whl").unlink()
    checkout.release("1.1", screen="3")
    done = push(checkout, device, "--wheelhouse", wheelhouse)
    assert "the 1 wheels" in done.stdout
    there = {path.name for path in (device.root / "opt/kiosk/wheels").iterdir()}
    assert there == {path.name for path in wheelhouse.iterdir() if not path.name.startswith("other")}


def test_status_and_logs_say_what_runs(running: ThrowawayDevice, checkout: PushedCheckout) -> None:
    told = checkout.deploy(running.ssh_config, "status", "pi").stdout
    for words in (
        running.current_release(),
        "active running the attract screen",
        "small",
        "/var/lib/kiosk",
    ):
        assert words in told
    logged = checkout.deploy(running.ssh_config, "logs", "pi")
    assert logged.returncode == 0
    assert "--unit=kiosk*" in logged.stdout


def test_a_dry_run_says_what_would_change_and_changes_nothing(
    new_device: ThrowawayDevice, checkout: PushedCheckout
) -> None:
    def contents() -> list[str]:
        kept = ("etc", "opt", "var/lib", "boot", "home")
        return sorted(str(path) for folder in kept for path in (new_device.root / folder).rglob("*"))

    new_device.write("etc/missing-packages", "cage\n")
    before = contents()
    done = push(checkout, new_device, "--dry-run")
    for words in (
        "install with apt-get: cage",
        "make the user kiosk",
        "kiosk.service",
        "config.txt",
        "bring a model",
    ):
        assert words in done.stdout
    assert contents() == before
    assert not (new_device.root / "var/log/apt-get.log").exists()


@pytest.mark.slow
def test_what_staff_changed_stays(device: ThrowawayDevice, checkout: PushedCheckout) -> None:
    device.write("etc/kiosk/environment", "SDL_VIDEODRIVER=kmsdrm\nTZ=Europe/Rome\n")
    device.run("systemctl disable kiosk-gradients.socket; systemctl enable kiosk-close.timer")
    config = device.read("boot/firmware/config.txt") + "gpu_mem=128\n"
    device.write("boot/firmware/config.txt", config)
    checkout.release("1.1")
    push(checkout, device)
    environment = device.read("etc/kiosk/environment").splitlines()
    assert environment == ["KIOSK_STATE=/var/lib/kiosk", "SDL_VIDEODRIVER=kmsdrm", "TZ=Europe/Rome"]
    assert device.read("etc/units/kiosk-close.timer") == ""
    assert not (device.root / "etc/units/kiosk-gradients.socket").exists()
    assert "start kiosk-close.timer" in device.read("var/log/systemctl.log")
    assert device.read("boot/firmware/config.txt") == config


@pytest.mark.slow
def test_two_pushes_at_once_wait_for_each_other(device: ThrowawayDevice, checkout: PushedCheckout) -> None:
    checkout.release("1.1", fault="slow check")
    with begin_push(checkout, device) as slow:
        wait_until(lambda: (device.root / "var/lib/kiosk/slow").exists())
        checkout.release("1.2")
        done = push(checkout, device)
        slow.communicate(timeout=LONGEST_WAIT_S)
    assert "Another push is at work on this device" in done.stdout
    assert slow.returncode == 0
    assert device.running_release() == device.current_release()
    assert device.current_release().startswith("1.2-")


def test_an_overlay_root_without_a_data_partition_is_refused(
    new_device: ThrowawayDevice, checkout: PushedCheckout
) -> None:
    new_device.write("etc/root-type", "overlay\n")
    for mounted in ("", "overlay rw,relatime\n", "ext4 ro,relatime\n"):
        new_device.write("etc/data-mount", mounted)
        assert "no partition is mounted writable on /data" in refused_push(checkout, new_device)
    assert not (new_device.root / "opt/kiosk").exists()


@pytest.mark.slow
def test_on_an_overlay_root_everything_lies_on_the_data_partition_and_system_files_go_beneath(
    made: Path, tmp_path: Path, checkout: PushedCheckout
) -> None:
    off = ThrowawayDevice(made / "pushed").copy(tmp_path / "device")
    off.write("etc/root-type", "overlay\n")
    off.write("etc/data-mount", "ext4 rw,noatime\n")
    (off.root / "data").mkdir()
    lower = off.root / "media" / "root-ro"
    for folder in ("usr", "dev", "boot/firmware", "run", "tmp", "proc", "opt", "var/log", "var/lib"):
        (lower / folder).mkdir(parents=True)
    for name in ("bin", "sbin", "lib", "lib64"):
        if (off.root / name).is_symlink():
            (lower / name).symlink_to((off.root / name).readlink())
    new = ThrowawayDevice(made / "new")
    subprocess.run(["cp", "-a", new.root / "etc", lower / "etc"], check=True)
    (lower / "etc/initramfs-tools").mkdir()
    (lower / "etc/initramfs-tools/modules").write_text("# modules\n", "utf-8")
    off.command("update-initramfs", "echo $* >>/var/log/initramfs.log")
    with off as device:
        checkout.release("1.1")
        push(checkout, device)
        assert (device.root / "opt/kiosk").readlink() == Path("/data/kiosk-app")
        releases = {
            path.name.partition("-")[0] for path in (device.root / "data/kiosk-app/releases").iterdir()
        }
        assert releases == {"1.0", "1.1"}
        assert (device.root / "data/kiosk/models/current/classifier.onnx").is_file()
        assert device.read("data/kiosk/running").startswith("1.1-")
        for etc in (device.root / "etc", lower / "etc"):
            assert "KIOSK_STATE=/data/kiosk" in (etc / "kiosk/environment").read_text("utf-8")
            assert "Description=1.1" in (etc / "systemd/system/kiosk.service").read_text("utf-8")
        assert (lower / "etc/initramfs-tools/modules").read_text("utf-8").endswith("overlay\n")
        assert (lower / "var/log/initramfs.log").read_text("utf-8") == "-u\n"
        assert (lower / "opt/kiosk").readlink() == Path("/data/kiosk-app")


@pytest.mark.parametrize(
    ("linux", "python", "words"),
    [("R36", "3.10.12", "JetPack 6 and Python 3.10.12"), ("R35", "3.8.10", "JetPack 5 and Python 3.8.10")],
)
def test_a_jetson_whose_python_is_too_old_is_refused(
    new_device: ThrowawayDevice, checkout: PushedCheckout, linux: str, python: str, words: str
) -> None:
    new_device.write("etc/nv_tegra_release", f"# {linux} (release), REVISION: 4.0, GCID: 1, BOARD: generic\n")
    new_device.write("etc/missing-packages", "python3-picamera2\n")
    for name in ("python3", "python3.11", "python3.12", "python3.13"):
        new_device.command(name, f'[[ $1 == --version ]] && echo "Python {python}" || exit 1')
    line = refused_push(checkout, new_device, "--jetson")
    assert words in line
    assert "install JetPack 7, or python3.12" in line
    assert not (new_device.root / "opt/kiosk").exists()


def test_a_jetson_needs_its_option_and_only_a_jetson_takes_it(
    new_device: ThrowawayDevice, checkout: PushedCheckout
) -> None:
    assert "push without --jetson" in refused_push(checkout, new_device, "--jetson")
    new_device.write("etc/nv_tegra_release", "# R39 (release), REVISION: 2.0, GCID: 1, BOARD: generic\n")
    assert "push with --jetson" in refused_push(checkout, new_device)
    done = push(checkout, new_device, "--jetson", "--dry-run")
    assert "/boot/firmware" not in done.stdout
    assert "start without the desktop" in done.stdout
    assert "write /etc/systemd/system/kiosk.service.d/50-jetson.conf" in done.stdout


def test_a_desktop_that_has_the_screen_is_refused(
    new_device: ThrowawayDevice, checkout: PushedCheckout
) -> None:
    new_device.write("run/units/display-manager.service", "")
    assert "a desktop has the screen" in refused_push(checkout, new_device)


def test_a_connection_that_would_ask_for_a_password_is_refused(
    new_device: ThrowawayDevice, checkout: PushedCheckout
) -> None:
    new_device.write("etc/sudoers", "pi ALL=(ALL) ALL\n")
    refusal = refused_push(checkout, new_device)
    assert "may not become root without a password" in refusal
    assert "sudo tee /etc/sudoers.d/" in refusal, "and how it may"
    new_device.write("home/pi/.ssh/authorized_keys", "")
    assert "ssh-copy-id pi" in refused_push(checkout, new_device)


def test_a_device_whose_user_lost_the_right_to_become_root_says_so(
    device: ThrowawayDevice, checkout: PushedCheckout
) -> None:
    device.write("etc/sudoers", "pi ALL=(ALL) ALL\n")
    for command in ("push", "status", "rollback"):
        refused = checkout.deploy(device.ssh_config, command, "pi")
        assert refused.returncode == 1
        assert "may not become root without a password" in refused.stderr.splitlines()[-1]


@pytest.mark.slow
@pytest.mark.parametrize(("machine", "activations"), [("x86_64", "uint8"), ("aarch64", "int8")])
def test_a_device_without_a_model_gets_one_that_was_built_here_for_it(
    new_device: ThrowawayDevice, checkout: PushedCheckout, machine: str, activations: str
) -> None:
    new_device.command("uname", f"echo {machine}")
    push(checkout, new_device, "--wheelhouse", checkout.wheelhouse)
    assert new_device.running_release() == new_device.current_release()
    models = new_device.root / "var/lib/kiosk/models"
    assert (models / "current").readlink() == Path("efficientnet_lite0")
    assert (models / "current/classifier.onnx").read_text("utf-8") == activations
    assert not (models / "current/float.onnx").exists()
    assert (new_device.root / "var/lib/kiosk/stock/cat.png").exists()
    assert new_device.user_of("var/lib/kiosk/models/current") == "kiosk"


@pytest.mark.slow
def test_a_model_is_built_again_when_asked_for(device: ThrowawayDevice, checkout: PushedCheckout) -> None:
    push(checkout, device, "--model")
    models = device.root / "var/lib/kiosk/models"
    assert (models / "current").readlink() == Path("efficientnet_lite0")
    assert (models / "small/classifier.onnx").exists()
    assert device.running_release() == device.current_release()


@pytest.mark.slow
def test_a_first_push_whose_exhibit_does_not_come_up_can_be_repeated(
    new_device: ThrowawayDevice, checkout: PushedCheckout
) -> None:
    new_device.write_model()
    checkout.release("0.9", fault="no ready")
    assert "there is no earlier release" in refused_push(
        checkout, new_device, "--wheelhouse", checkout.wheelhouse
    )
    assert new_device.running_release() is None
    checkout.release("1.0")
    push(checkout, new_device, "--wheelhouse", checkout.wheelhouse)
    assert new_device.running_release() == new_device.current_release()


@pytest.mark.slow
def test_nothing_is_left_in_the_devices_temporary_folder(
    device: ThrowawayDevice, checkout: PushedCheckout
) -> None:
    checkout.release("1.1")
    push(checkout, device)
    assert list((device.root / "tmp").iterdir()) == []


@pytest.mark.slow
def test_a_wheelhouse_holds_what_a_device_of_another_kind_needs(tmp_path: Path) -> None:
    index, wheelhouse = tmp_path / "index", tmp_path / "wheels"
    index.mkdir()
    make_wheel(index, "hatchling", "1.99")
    make_wheel(index, "screen", "1")
    make_wheel(index, "simplejpeg", "1.9.0")
    make_wheel(index, "cuda", "13", tag="py3-none-manylinux_2_28_aarch64")
    make_wheel(index, "cuda", "13", tag="py3-none-manylinux_2_28_x86_64")
    make_wheel(index, "tomli", "2")
    for version, machine in (("2.9", "x86_64"), ("2.8", "aarch64")):
        make_wheel(
            index,
            "torch",
            version,
            tag=f"cp313-cp313-manylinux_2_28_{machine}",
            requires=["cuda; platform_machine == 'x86_64'", "tomli; python_version < '3.12'"],
        )
    checkout = PushedCheckout.made(tmp_path / "checkout", index)
    done = checkout.deploy(
        tmp_path / "none", "wheelhouse", "--platform", "aarch64", "--python", "3.13", wheelhouse
    )
    assert done.returncode == 0, done.stderr
    names = {path.name.partition("-py3")[0] for path in wheelhouse.iterdir()}
    assert names == {"hatchling-1.99", "screen-1", "torch-2.8-cp313-cp313-manylinux_2_28_aarch64.whl"}
    done = checkout.deploy(tmp_path / "none", "wheelhouse", "--platform", "x86_64", wheelhouse)
    assert done.returncode == 0, done.stderr
    assert (wheelhouse / "torch-2.9-cp313-cp313-manylinux_2_28_x86_64.whl").exists()
    assert (wheelhouse / "cuda-13-py3-none-manylinux_2_28_x86_64.whl").exists()
    failed = checkout.deploy(tmp_path / "none", "wheelhouse", "--python", "3.11", wheelhouse)
    assert failed.returncode == 1
    assert "pip could not download everything" in failed.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "arguments",
    [
        ["push"],
        ["push", "pi", "pie"],
        ["push", "pi", "--fast"],
        ["push", "pi", "--wheelhouse"],
        ["push", "pi", "--wheelhouse", "/nowhere"],
        ["rollback"],
        ["status", "pi", "now"],
        ["wheelhouse"],
        ["wheelhouse", "--platform", "riscv64", "wheels"],
        ["wheelhouse", "--python", "three", "wheels"],
    ],
)
def test_a_usage_error_is_one_line_and_status_2(tmp_path: Path, arguments: list[str]) -> None:
    done = subprocess.run(
        [ROOT / "deploy.sh", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "./deploy.sh help" in done.stderr
