"""A state folder of a test's own, with the model of the shared one."""

import shutil
from pathlib import Path

from kiosk.device.state_folder import StateFolder
from kiosk.vision.model_card import CARD_FILE, MODEL_FILE


def copy_of(state: StateFolder, folder: Path) -> StateFolder:
    """Return a folder with a copy of the model in use and the same stock pictures; to damage or to write to."""
    own = StateFolder(folder)
    build = own.models / ".builds" / "one"
    build.mkdir(parents=True)
    for name in (CARD_FILE, MODEL_FILE):
        shutil.copyfile(state.model(None) / name, build / name)
    (own.models / "efficientnet_lite0").symlink_to(".builds/one")
    (own.models / "current").symlink_to("efficientnet_lite0")
    own.stock.symlink_to(state.stock)
    return own
