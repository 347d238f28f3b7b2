"""The models that are counted: a built one, with activations of both kinds, and a picture for it.

python -m tests.device.arm64.counting.models MODELS

MODELS is the folder that is filled; KIOSK_STATE names the state folder with the model that was built.
"""

import sys
from pathlib import Path

import msgspec
import numpy as np

from kiosk.device.state_folder import StateFolder
from kiosk.errors import KioskError
from kiosk.settings.files import load_settings
from kiosk.vision.model_card import (
    CARD_FILE,
    FLOAT_FILE,
    MODEL_FILE,
    ModelCard,
    card_bytes,
    file_sha256,
    read_card,
)
from kiosk.vision.picture import Rgb, read_photograph, to_picture

ACTIVATIONS = ("int8", "uint8")
PICTURE_FILE = "picture.npy"


def folder_of(models: Path, activations: str) -> Path:
    """Return where the model with activations of a kind lies."""
    return models / activations


def read_picture(models: Path) -> Rgb:
    """Return the picture."""
    picture: Rgb = np.load(models / PICTURE_FILE)
    return picture


def make_models(state: StateFolder, models: Path) -> None:
    """Write both kinds of the model in use, quantised as a build does, and a stock picture; raises KioskError."""
    from kiosk.commands.demo import DEFAULT_PICTURE  # here, for it brings a display's library along

    folder = state.model(None)
    card = read_card(folder)
    if not (folder / FLOAT_FILE).is_file():
        raise KioskError(f"{folder}: no float file beside it; kiosk model build efficientnet_lite0 makes one")
    picture = to_picture(read_photograph(state.stock / DEFAULT_PICTURE), card.input_size)
    for activations in ACTIVATIONS:
        _make_model(folder, folder_of(models, activations), card, activations)
    np.save(models / PICTURE_FILE, picture)


def _make_model(built: Path, folder: Path, card: ModelCard, activations: str) -> None:
    # Imported here: the emulation has none of what builds models.
    from kiosk.vision.build.finish import Specification, quantised

    folder.mkdir(parents=True, exist_ok=True)
    (folder / FLOAT_FILE).write_bytes((built / FLOAT_FILE).read_bytes())
    wanted = Specification(card.name, card.mean, card.std, card.labels, card.blocked, card.input_size)
    quantised(folder, wanted, activations)
    digest = file_sha256(folder / MODEL_FILE)
    (folder / CARD_FILE).write_bytes(
        card_bytes(msgspec.structs.replace(card, activations=activations, sha256=digest))
    )


def main(models: Path) -> int:
    """Return 0 once the models are made, 1 where there is none to begin with."""
    try:
        make_models(StateFolder(load_settings().state_folder()), models)
    except KioskError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
