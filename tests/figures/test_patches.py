"""Issue 14, must show 4: how often stickers are taken for their label, what they take to build, beside a grey one."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from kiosk.commands.physical.patch import READY, READY_FOR, share_taken_for
from kiosk.device.state_folder import StateFolder
from kiosk.recapture.patches import Patch, load_patches
from kiosk.recapture.sticker import grey_sticker
from kiosk.vision.classifier import Classifier
from kiosk.vision.picture import read_photograph, to_picture
from kiosk.words.model_labels import ModelLabels
from tests.figures.figure import at_least, at_most, told

PHOTOGRAPHS, PLACES, AREA = 40, 2, 0.22


@pytest.fixture(scope="module")
def stickers(classifier: Classifier, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Patch]:
    """The stickers that a build of the default model makes, by their labels' names."""
    own = StateFolder(tmp_path_factory.mktemp("built") / "state")
    subprocess.run(
        [sys.executable, "-m", "kiosk", "model", "build", READY_FOR],
        env=os.environ | {"KIOSK_STATE": str(own.path)},
        check=True,
    )
    labels = ModelLabels(classifier.card.labels)
    return {labels.names[patch.card.label]: patch for patch in load_patches(own.model(None), classifier.card)}


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", READY)
def test_stickers_on_photographs_that_they_were_not_made_on(
    name: str, stickers: Mapping[str, Patch], classifier: Classifier, photographs: list[Path], shared: Path
) -> None:
    patch = stickers[name]
    label = patch.card.label
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
