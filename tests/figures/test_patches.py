"""Issue 14, must show 4: how often stickers are taken for their label, what they take to build, beside a grey one."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kiosk.commands.physical.patch import share_taken_for
from kiosk.device.state_folder import StateFolder
from kiosk.recapture.patches import load_patches
from kiosk.recapture.sticker import grey_sticker
from kiosk.vision.classifier import Classifier
from kiosk.vision.picture import read_photograph, to_picture
from kiosk.words.model_labels import ModelLabels
from tests.figures.figure import at_least, at_most, told

PHOTOGRAPHS, PLACES, AREA = 40, 2, 0.22


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", ["toaster", "banana"])
def test_stickers_on_photographs_that_they_were_not_made_on(
    name: str,
    state: StateFolder,
    classifier: Classifier,
    photographs: list[Path],
    shared: Path,
    tmp_path: Path,
) -> None:
    own = tmp_path / "state"
    shutil.copytree(state.path, own, symlinks=True)
    subprocess.run(
        [sys.executable, "-m", "kiosk", "patch", "build", "--target", name],
        env=os.environ | {"KIOSK_STATE": str(own)},
        check=True,
    )
    label = ModelLabels(classifier.card.labels).index(name)
    patches = load_patches(StateFolder(own).model(None), classifier.card)
    patch = next(patch for patch in patches if patch.card.label == label)
    right = json.loads((shared / "images" / "labels.json").read_text("utf-8"))
    others = [file for file in photographs if str(right.get(file.name)) not in (name, str(label))]
    pictures = [
        to_picture(read_photograph(file), classifier.card.input_size)
        for file in others[:: max(1, len(others) // PHOTOGRAPHS)][:PHOTOGRAPHS]
        for _ in range(PLACES)
    ]

    share = share_taken_for(classifier, pictures, patch.sticker.astype(np.float32), label, AREA)
    grey = share_taken_for(classifier, pictures, grey_sticker(), label, AREA)
    at_least(f"{name} sticker, 22 %: taken for it", share, 0.8)
    told(f"{name} sticker, 22 %: a grey one taken for it", f"{grey:.3f}")
    at_most(f"{name} sticker: processor time to build", patch.card.seconds, 180, " s")
