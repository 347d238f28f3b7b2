"""Crops of the photographs inside the scikit-image and scikit-learn wheels: calibration without a download."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np

from kiosk.vision.picture import Rgb, read_photograph, to_picture

DESCRIPTION = "seeded crops of the photographs in the scikit-image 0.26 and scikit-learn 1.9 wheels"


@dataclass(frozen=True)
class Photograph:
    """A photograph that a build package ships, and the ImageNet classes that are a right answer to it."""

    package: str
    file: str
    classes: frozenset[int] = frozenset()


def _skimage(file: str, *classes: int) -> Photograph:
    return Photograph("skimage", f"data/{file}", frozenset(classes))


PHOTOGRAPHS = (
    _skimage("astronaut.png"),
    _skimage("brick.png"),
    _skimage("camera.png"),
    _skimage("chelsea.png", 281, 282, 285),  # tabby, tiger cat, Egyptian cat
    _skimage("coffee.png", 967, 968),  # espresso, cup
    _skimage("coins.png"),
    _skimage("grass.png"),
    _skimage("gravel.png"),
    _skimage("hubble_deep_field.jpg"),
    _skimage("motorcycle_left.png", 665, 670),  # moped, motor scooter
    _skimage("rocket.jpg", 657, 744),  # missile, projectile
    Photograph("sklearn", "datasets/images/china.jpg"),
    Photograph("sklearn", "datasets/images/flower.jpg"),
)


def read(photograph: Photograph) -> Rgb:
    """Return the pixels of a package photograph: (height, width, 3) uint8 RGB."""
    with resources.as_file(resources.files(photograph.package) / photograph.file) as path:
        return read_photograph(path)


OBJECTS = tuple(photograph for photograph in PHOTOGRAPHS if photograph.classes)


def crops(
    photographs: Sequence[Photograph], seed: int, each: int, side: int, *, least: float = 0.45
) -> Iterator[tuple[Rgb, frozenset[int]]]:
    """Yield random crops of photographs as pictures, each with the classes that are right for it.

    A crop covers `least` to all of the shorter side, half of them mirrored; the same seed gives the same crops.
    """
    rng = np.random.default_rng(seed)
    for photograph in photographs:
        rgb = read(photograph)
        height, width = rgb.shape[:2]
        for _ in range(each):
            square = int(min(height, width) * rng.uniform(least, 1.0))
            top, left = rng.integers(0, height - square + 1), rng.integers(0, width - square + 1)
            crop = rgb[top : top + square, left : left + square]
            mirrored = crop[:, ::-1] if rng.random() < 0.5 else crop
            yield to_picture(np.ascontiguousarray(mirrored), side), photograph.classes
