"""Keeps all that outlives a visit, over and over, telling of each thing once it is kept; its power is cut meanwhile."""

import itertools
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from root_pin import RootPin

from kiosk.core.staff import QUIET, STAFF_SETTINGS, Value
from kiosk.device.staff_pin import StaffPin
from kiosk.device.state_folder import StateFolder
from kiosk.settings.files import settings_at_start
from kiosk.settings.staff import save_staff_settings
from kiosk.store.exhibit_dataset import ExhibitDataset
from kiosk.store.store import Store
from kiosk.vision.model_card import CARD_FILE, MODEL_FILE
from tests.unit.kept_datasets import taught

BEGAN = datetime(2026, 7, 28, 9, 0, tzinfo=UTC)
DATASET, MODEL = "kept", "ours"
INSTALLER = Path(__file__).resolve().parents[2] / "systemd" / "install-release"
# The installer's own functions on a folder; the exhibit and the system's files are not part of it.
UPDATE = """
source <(sed '$d' "$1")
APPLICATION=$2 RELEASES=$2/releases HISTORY=$2/history SCRATCH=$2
stop_exhibit() { :; }
install_system() { :; }
reload_systemd() { :; }
sync() { command sync -f "$APPLICATION"; }
mkdir -p "$RELEASES/$3"
head -c 300000 /dev/zero | tr '\\0' "${3: -1}" >"$RELEASES/$3/file"
sync
put_in_place "$3" && confirm "$3" && sync
find "$RELEASES" -mindepth 1 -maxdepth 1 ! -name "$3" ! -name "$4" -exec rm -r {} +
"""


@cache
def _versions(labels: int) -> ExhibitDataset:
    return taught(DATASET, labels=labels, each=2, noisy=True)


def version(number: int) -> ExhibitDataset:
    """Return the dataset as it was kept at some turn."""
    return _versions(2 + number % 3)


def pin(number: int) -> str:
    """Return the PIN that was chosen at some turn."""
    return f"{number % 10_000:04}"


def kept_by_root(folder: Path) -> RootPin:
    """Return the PIN as a device's update service keeps it."""
    (folder / "private").mkdir(exist_ok=True)
    return RootPin(folder / "private")


def quiet_s(number: int) -> Value:
    """Return the setting that was saved at some turn."""
    (choices,) = (setting.choices for setting in STAFF_SETTINGS if setting.key == QUIET)
    return choices[number % len(choices)]


def model_file(number: int) -> bytes:
    """Return the model's file that was installed at some turn."""
    return f"{number:08}".encode() * 5_000


def release(number: int) -> str:
    """Return the name of the release that was installed at some turn."""
    return f"0.1.{number}"


def keep(folder: Path, first: int) -> None:
    """Count, keep a dataset, choose a PIN, save a setting, install a model and a release, copy: one turn a number."""
    os.environ["KIOSK_STATE"] = str(folder)
    state, clock = StateFolder(folder), itertools.count(first)
    with Store(state.database, clock=lambda: BEGAN + timedelta(days=8 * next(clock))) as store:
        print("ready", flush=True)  # noqa: T201
        for number in itertools.count(first):
            store.count(BEGAN.date(), {"visits": 1})
            _tell("count", number)
            store.save_dataset(version(number), replacing=True)
            _tell("dataset", number)
            StaffPin(folder).choose(pin(number))
            _tell("PIN", number)
            kept_by_root(folder).choose(pin(number))
            _tell("device-PIN", number)
            save_staff_settings(settings_at_start().settings, {QUIET: quiet_s(number)})
            _tell("setting", number)
            digest = f"{number:064}"
            state.install_model(MODEL, digest, {MODEL_FILE: model_file(number), CARD_FILE: digest.encode()})
            _tell("model", number)
            names = (release(number), release(number - 1))
            subprocess.run(
                ["bash", "-c", UPDATE, "bash", INSTALLER, folder / "application", *names], check=True
            )
            _tell("release", number)
            store.copy_if_due()
            _tell("copy", number)


def _tell(kind: str, number: int) -> None:
    print(kind, number, flush=True)  # noqa: T201


if __name__ == "__main__":
    keep(Path(sys.argv[1]), int(sys.argv[2]))
