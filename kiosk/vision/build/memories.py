"""What a model remembers: crops of the packages' photographs, and the map of their embeddings."""

from pathlib import Path

import cv2
import numpy as np
from sklearn.decomposition import PCA

from kiosk.vision.arrays import Floats
from kiosk.vision.build import calibration
from kiosk.vision.build.calibration import Photograph
from kiosk.vision.classifier import open_session
from kiosk.vision.memories import FlatMap, Memories
from kiosk.vision.model_card import MODEL_FILE
from kiosk.vision.picture import Rgb, to_input

SEED, EACH, LEAST = 2, 10, 0.6
DRAWN_PX = 96
# What visitors read beside a memory: photographs that show a thing with a name, by their files.
NAMES = {
    "data/astronaut.png": "astronaut",
    "data/brick.png": "bricks",
    "data/camera.png": "cameraman",
    "data/chelsea.png": "cat",
    "data/coffee.png": "coffee cup",
    "data/coins.png": "coins",
    "data/grass.png": "grass",
    "data/gravel.png": "gravel",
    "data/hubble_deep_field.jpg": "galaxies",
    "data/motorcycle_left.png": "motorcycle",
    "data/rocket.jpg": "rocket",
    "datasets/images/china.jpg": "palace",
    "datasets/images/flower.jpg": "flower",
}


def make_memories(
    folder: Path, side: int, mean: tuple[float, float, float], std: tuple[float, float, float]
) -> Memories:
    """Return the memories of the int8 model in a folder; the same model has the same ones."""
    session = open_session(folder / MODEL_FILE, threads=2)
    names, pictures, embeddings = [], [], []
    for photograph in calibration.PHOTOGRAPHS:
        for picture in crops_of(photograph, side):
            (embedding,) = session.run(["embedding"], {"input": to_input(picture, mean, std)})
            names.append(NAMES[photograph.file])
            pictures.append(_small(picture))
            embeddings.append(embedding[0])
    seen = np.stack(embeddings)
    return Memories(tuple(names), np.stack(pictures), seen, flat_map(seen))


def crops_of(photograph: Photograph, side: int) -> list[Rgb]:
    """Return the pictures of a photograph that are remembered."""
    return [picture for picture, _ in calibration.crops([photograph], SEED, EACH, side, least=LEAST)]


def flat_map(embeddings: Floats) -> FlatMap:
    """Return the map of embeddings, (n, channels)."""
    fitted = PCA(2, svd_solver="full").fit(embeddings)
    axes: Floats = fitted.components_.astype(np.float32)
    return FlatMap(
        fitted.mean_.astype(np.float32), axes, round(float(fitted.explained_variance_ratio_.sum()), 4)
    )


def _small(picture: Rgb) -> Rgb:
    return np.asarray(cv2.resize(picture, (DRAWN_PX, DRAWN_PX), interpolation=cv2.INTER_AREA), np.uint8)
