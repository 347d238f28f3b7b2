"""A sticker that was built for the model of a state folder."""

import shutil
from pathlib import Path

import cv2
import numpy as np

from kiosk.device.durable import replace_files
from kiosk.device.state_folder import StateFolder
from kiosk.recapture.patches import STICKER_PX, Patch, PatchCard, patch_files
from kiosk.vision.model_card import read_card
from kiosk.vision.picture import Rgb

TOASTER, BANANA = 859, 954


def coarse() -> Rgb:
    """A sticker of coarse colours."""
    loud = np.random.default_rng(3).integers(0, 256, (14, 14, 3), np.uint8)
    return np.asarray(cv2.resize(loud, (STICKER_PX, STICKER_PX), interpolation=cv2.INTER_CUBIC), np.uint8)


def with_sticker(state: StateFolder, folder: Path, label: int = TOASTER) -> StateFolder:
    """A copy of a state folder, in which the model has such a sticker and no other."""
    shutil.copytree(state.path, folder, symlinks=True, ignore=shutil.ignore_patterns("*.sqlite*", "patches"))
    here = StateFolder(folder)
    card = PatchCard(label, 22, read_card(here.model(None)).sha256, 0.9, 0.0, 65, 1920, 88.0)
    replace_files(here.model(None) / "patches", patch_files(Patch(card, coarse())))
    return here
