"""How the board is: heat, supply, disk, root, clock.

Read from the system's own files; None where it cannot be known.
"""

import ctypes
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kiosk.settings.sections import HeatSettings

# Zones by the parts they measure: a Jetson's PMIC-Die shows a constant, a desk's acpitz whatever it likes.
ZONES = ("bcm2835", "cpu", "gpu", "soc", "tj", "x86_pkg_temp")
VCGENCMD_LIMIT_S = 2.0
# Bits of get_throttled: https://www.raspberrypi.com/documentation/computers/os.html#get_throttled
UNDERVOLTAGE, SLOWED = 0b0001, 0b1110
SINCE_START = 16
RAM_DISKS = ("tmpfs", "ramfs")
# systemd's own test (timedatectl): a clock that is never set reports the largest error, 16 s.
UNSET_CLOCK_US = 16_000_000


@dataclass(frozen=True)
class Places:
    """Where a Linux system tells about itself; tests put a tree of their own there."""

    sys: Path = Path("/sys")
    proc: Path = Path("/proc")
    vcgencmd: Path = Path("/usr/bin/vcgencmd")
    run: Path = Path("/run")


HERE = Places()


@dataclass(frozen=True)
class Supply:
    """What the board says of its power: too low a voltage, a clock held back (also by heat), now or since its start."""

    undervoltage: bool | None = None
    undervoltage_before: bool | None = None
    slowed: bool | None = None
    slowed_before: bool | None = None


@dataclass(frozen=True)
class Mount:
    """A mounted file system, as /proc/mounts has it."""

    folder: Path
    kind: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Readings:
    """All of it at one moment.

    `read_only_root`: changes there do not last. `state_lasts`: those in the state folder do. `hours_ignored`: why
    opening hours are not kept, as systemd/lib/clock-is-right wrote it. `overlay_asked`: the start was to make the root
    an overlay.
    """

    temperature_c: float | None
    supply: Supply
    free_bytes: int | None
    read_only_root: bool | None
    state_lasts: bool | None
    clock_set: bool | None
    hours_ignored: str | None = None
    overlay_asked: bool = False


def read_health(state_folder: Path, places: Places = HERE) -> Readings:
    """Return all readings. Takes some milliseconds, on a Raspberry Pi some more: not for the frame loop's thread."""
    mounted = mounts(places)
    return Readings(
        temperature_c=temperature_c(places),
        supply=supply(places),
        free_bytes=free_bytes(state_folder),
        read_only_root=_loses_changes(Path("/"), mounted),
        state_lasts=_opposite(_loses_changes(state_folder.absolute(), mounted)),
        clock_set=clock_set(),
        hours_ignored=_text(places.run / "kiosk" / "hours-ignored"),
        overlay_asked=overlay_asked(places),
    )


def overlay_asked(places: Places = HERE) -> bool:
    """Return whether the kernel is asked for an overlay root; an initramfs that lacks it starts without one."""
    words = (_text(places.proc / "cmdline") or "").split()
    asked = [word.partition("=")[2] for word in words if word.startswith("overlayroot=")]
    return asked[-1:] not in ([], [""], ["disabled"]) or "boot=overlay" in words


def temperature_c(places: Places = HERE) -> float | None:
    """Return the temperature of the hottest part of the processor."""
    zones = places.sys.glob("class/thermal/thermal_zone*")
    readings = [_number(zone / "temp") for zone in zones if (_text(zone / "type") or "").startswith(ZONES)]
    return max((value / 1000 for value in readings if value is not None), default=None)


def step_pause_s(temperature: float | None, limits: HeatSettings) -> float:
    """Return how long to let the processor cool before a step: none while it is cool, rising evenly to the longest."""
    if temperature is None:
        return 0.0
    share = (temperature - limits.paced_from_c) / (limits.slowest_at_c - limits.paced_from_c)
    return limits.longest_pause_s * max(0.0, min(share, 1.0))


def supply(places: Places = HERE) -> Supply:
    """Return what a Raspberry Pi's firmware or a Jetson's power monitor says of the supply."""
    word = _throttled_word(places)
    alarm = next((_number(hwmon / "in0_lcrit_alarm") for hwmon in _hwmons(places, "rpi_volt")), None)
    counted = [_number(file) for file in places.sys.glob("class/hwmon/hwmon*/oc*_event_cnt")]
    over_currents = [count for count in counted if count is not None]
    if word is None:
        return Supply(
            undervoltage=None if alarm is None else bool(alarm),
            slowed_before=any(over_currents) if over_currents else None,
        )
    return Supply(
        undervoltage=bool(word & UNDERVOLTAGE) or bool(alarm),
        undervoltage_before=bool(word >> SINCE_START & UNDERVOLTAGE),
        slowed=bool(word & SLOWED),
        slowed_before=bool(word >> SINCE_START & SLOWED),
    )


def free_bytes(folder: Path) -> int | None:
    """Return what is free for a folder, which need not be there yet."""
    nearest = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    try:
        return shutil.disk_usage(nearest).free
    except OSError:
        return None


def available_memory_bytes(places: Places = HERE) -> int | None:
    """Return how much memory a new process could take without anything being pushed out."""
    lines = (_text(places.proc / "meminfo") or "").splitlines()
    found = next((line.split()[1] for line in lines if line.startswith("MemAvailable:")), "")
    return int(found) * 1024 if found.isdecimal() else None


class _Timex(ctypes.Structure):
    """The beginning of the kernel's struct timex (adjtimex(2)), and room for the rest."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("rest", ctypes.c_byte * 256),
    )


def _ask_kernel(timex: _Timex) -> int:
    """Fill in what the kernel knows of the clock; needs no privilege, as it changes nothing."""
    return int(ctypes.CDLL(None).adjtimex(ctypes.byref(timex)))


def clock_set(ask: Callable[[_Timex], int] = _ask_kernel) -> bool | None:
    """Return whether the clock was set from the network (or another clock) and is still good."""
    timex = _Timex()
    try:
        return ask(timex) >= 0 and timex.maxerror < UNSET_CLOCK_US
    except (AttributeError, OSError):
        return None


def _throttled_word(places: Places) -> int | None:
    """Return the firmware's word: from vcgencmd, since the kernel's file was seen stuck at 0 on some boards."""
    told = ""
    if places.vcgencmd.exists():
        try:
            told = subprocess.run(  # noqa: S603 - the system's own program
                [places.vcgencmd, "get_throttled"],
                capture_output=True,
                text=True,
                check=False,
                timeout=VCGENCMD_LIMIT_S,
            ).stdout
        except (OSError, subprocess.TimeoutExpired):
            told = ""
    files = sorted(places.sys.glob("devices/platform/soc*/soc*firmware/get_throttled"))
    for text in (told.partition("=")[2], *(_text(file) or "" for file in files)):
        try:
            return int(text, 16)
        except ValueError:
            continue
    return None


def _hwmons(places: Places, name: str) -> list[Path]:
    """Return the hardware monitors of that name: their numbers change from start to start."""
    return [path for path in places.sys.glob("class/hwmon/hwmon*") if _text(path / "name") == name]


def mounts(places: Places = HERE) -> list[Mount]:
    """Return what is mounted, in the order it was; a later one may cover an earlier one."""
    rows = [line.split() for line in (_text(places.proc / "mounts") or "").splitlines()]
    return [
        Mount(Path(row[1].replace("\\040", " ")), row[2], tuple(row[3].split(",")))
        for row in rows
        if len(row) > 3
    ]


def _mount_of(folder: Path, mounted: list[Mount]) -> Mount | None:
    """Return what a folder lies on: the deepest mount above it, the last where one covers another."""
    above = [mount for mount in mounted if folder.is_relative_to(mount.folder)]
    return max(reversed(above), key=lambda mount: len(mount.folder.parts), default=None)


def _loses_changes(folder: Path, mounted: list[Mount]) -> bool | None:
    """Return whether a folder is read-only, or forgets its changes: in memory, or an overlay kept in memory."""
    mount = _mount_of(folder, mounted)
    if mount is None:
        return None
    if "ro" in mount.options or mount.kind in RAM_DISKS:
        return True
    upper = next((option[9:] for option in mount.options if option.startswith("upperdir=")), None)
    kept_on = _mount_of(Path(upper), mounted) if mount.kind == "overlay" and upper else None
    return kept_on is not None and kept_on.kind in RAM_DISKS


def _opposite(truth: bool | None) -> bool | None:
    return None if truth is None else not truth


def _text(file: Path) -> str | None:
    try:
        return file.read_text("utf-8", "replace").strip("\0\n ") or None
    except OSError:
        return None


def _number(file: Path) -> int | None:
    """Return the whole number in a file of the kernel's."""
    try:
        return int(_text(file) or "")
    except ValueError:
        return None
