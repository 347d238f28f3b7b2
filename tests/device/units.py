"""The units as the tests read and install them."""

import shutil
from collections import defaultdict
from pathlib import Path

SYSTEMD = Path(__file__).resolve().parents[2] / "systemd"
UNITS = sorted(
    path for kind in ("service", "socket", "timer", "path", "mount") for path in SYSTEMD.glob(f"*.{kind}")
)
# What deploy.sh puts where, from systemd/ to a device.
PLACES = {
    "etc/systemd/system": UNITS,
    "usr/local/lib/kiosk": sorted(path for path in (SYSTEMD / "lib").iterdir() if path.is_file()),
    "etc/systemd/journald.conf.d": [SYSTEMD / "journald.conf.d" / "90-kiosk.conf"],
    "etc/systemd/system.conf.d": [SYSTEMD / "system.conf.d" / "90-kiosk.conf"],
    "etc/systemd/logind.conf.d": [SYSTEMD / "logind.conf.d" / "90-kiosk.conf"],
    "etc/sysctl.d": [SYSTEMD / "sysctl.d" / "90-kiosk.conf"],
    "etc/udev/rules.d": sorted((SYSTEMD / "udev").iterdir()),
}
# On a Jetson also:
JETSON_PLACES = {
    "etc/systemd/system": [SYSTEMD / "jetson" / "kiosk-x11.service"],
    "etc/systemd/system/nvargus-daemon.service.d": [
        SYSTEMD / "jetson" / "nvargus-daemon.service.d" / "90-kiosk.conf"
    ],
    "etc/systemd/system/kiosk.service.d": [SYSTEMD / "jetson" / "kiosk.service.d" / "50-jetson.conf"],
}


def install(places: dict[str, list[Path]], root: Path) -> None:
    """Copy files to their places under a root."""
    for place, files in places.items():
        folder = root / place
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            shutil.copy(file, folder)


def settings_of(unit: Path) -> dict[str, list[str]]:
    """Return every setting of a unit with its values in order; sections do not matter here."""
    settings: dict[str, list[str]] = defaultdict(list)
    for line in unit.read_text("utf-8").splitlines():
        key, separator, value = line.partition("=")
        if separator and not line.startswith("#"):
            settings[key].append(value)
    return settings


def setting(unit: str, key: str) -> str:
    """Return the only value of a setting."""
    (value,) = settings_of(SYSTEMD / unit)[key]
    return value
