"""The rule that mounts USB sticks, read by udev itself."""

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.device.units import SYSTEMD

pytestmark = pytest.mark.untimed

RULES = SYSTEMD / "udev" / "90-kiosk-sticks.rules"
BLOCK_DEVICES = Path("/sys/class/block")
FOR_THE_EXHIBIT = {"nosuid", "nodev", "noexec", "uid=kiosk", "gid=kiosk", "umask=0077"}
STICK = {"ID_BUS": "usb", "ID_FS_TYPE": "vfat", "ID_FS_LABEL": "KIOSK"}
# Alone with these rules, and with nothing written that outlives it.
ALONE = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-euc"]
TRY_RULES = """
for place in /etc/udev /run /dev; do if [ -d $place ]; then mount -t tmpfs none $place; fi; done
mount --bind "$1" /usr/lib/udev/rules.d
udevadm test --action="$2" "$3"
"""


@pytest.fixture
def device() -> Path:
    """Any block device: what it is, the test's rules say. Skips where udev cannot be asked."""
    if shutil.which("udevadm") is None:
        pytest.skip("udevadm is not installed: apt-get install udev")
    if subprocess.run([*ALONE, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody have mounts of his own")
    devices = sorted(BLOCK_DEVICES.iterdir()) if BLOCK_DEVICES.is_dir() else []
    if not devices:
        pytest.skip(f"there is no block device in {BLOCK_DEVICES}")
    return devices[0]


def commands(device: Path, folder: Path, properties: dict[str, str], action: str = "add") -> list[list[str]]:
    """Return what udev would run for a device of these properties, which its own rules would have found out."""
    shutil.copy(RULES, folder)
    found = ", ".join(f'ENV{{{name}}}="{value}"' for name, value in properties.items())
    (folder / "60-found.rules").write_text(f"{found}\n", "ascii")
    done = subprocess.run(
        [*ALONE, TRY_RULES, "sh", str(folder), action, str(device)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert RULES.name in done.stdout + done.stderr, "it was read"
    lines = [line.strip().partition("run: ") for line in done.stdout.splitlines()]
    return [shlex.split(command.strip("'")) for before, said, command in lines if said and not before]


@pytest.mark.parametrize(
    ("kind", "driver", "further"),
    [("vfat", "vfat", {"utf8"}), ("exfat", "exfat", set()), ("ntfs", "ntfs3", {"ro"})],
)
def test_a_stick_is_mounted_for_the_exhibits_user(
    device: Path, tmp_path: Path, kind: str, driver: str, further: set[str]
) -> None:
    [[program, *options, node, place]] = commands(device, tmp_path, STICK | {"ID_FS_TYPE": kind})
    assert program == "/usr/bin/systemd-mount"
    assert (node, place) == (f"/dev/{device.name}", f"/media/{device.name}")
    assert "--no-block" in options, "udev waits for nobody"
    [mounted] = [option.partition("=")[2] for option in options if option.startswith("--options=")]
    assert set(mounted.split(",")) == {*FOR_THE_EXHIBIT, *further}
    assert f"--type={driver}" in options


@pytest.mark.parametrize(
    "difference",
    [
        {"ID_BUS": "ata"},
        {"ID_BUS": ""},
        {"ID_FS_TYPE": "ext4"},
        {"ID_FS_TYPE": ""},
        {"ID_FS_LABEL": "bootfs"},
        {"ID_FS_LABEL": "system-boot"},
        {"ID_PART_ENTRY_TYPE": "c12a7328-f81f-11d2-ba4b-00a0c93ec93b"},
    ],
    ids=str,
)
def test_what_is_no_stick_is_left_alone(device: Path, tmp_path: Path, difference: dict[str, str]) -> None:
    assert commands(device, tmp_path, STICK | difference) == []


@pytest.mark.parametrize("action", ["change", "remove"])
def test_a_stick_is_mounted_once(device: Path, tmp_path: Path, action: str) -> None:
    assert commands(device, tmp_path, STICK, action) == []


def test_udev_finds_nothing_to_complain_about() -> None:
    if shutil.which("udevadm") is None:
        pytest.skip("udevadm is not installed: apt-get install udev")
    usage = subprocess.run(["udevadm", "--help"], capture_output=True, text=True, check=True)
    if " verify" not in usage.stdout:
        pytest.skip("this udev cannot verify rules: Debian 13's can")
    done = subprocess.run(["udevadm", "verify", RULES], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
