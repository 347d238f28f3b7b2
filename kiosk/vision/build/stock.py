"""The stock pictures: photographs of the scikit-image wheel, put beside the models for demo and attract loop."""

from pathlib import Path

from kiosk.device.durable import replace_files
from kiosk.vision.build.calibration import Photograph, read
from kiosk.vision.picture import png_bytes

STOCK = {
    "astronaut.png": Photograph("skimage", "data/astronaut.png"),
    "cat.png": Photograph("skimage", "data/chelsea.png"),
    "coffee-cup.png": Photograph("skimage", "data/coffee.png"),
    "motorcycle.png": Photograph("skimage", "data/motorcycle_left.png"),
    "rocket.png": Photograph("skimage", "data/rocket.jpg"),
}


def write_stock(folder: Path) -> None:
    """Write the stock pictures that a folder lacks, whole or not at all."""
    missing = {
        name: png_bytes(read(photograph))
        for name, photograph in STOCK.items()
        if not (folder / name).exists()
    }
    if missing:
        replace_files(folder, missing)
