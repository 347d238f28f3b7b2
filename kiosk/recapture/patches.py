"""The stickers of a model: kept beside its file, with its digest and what was measured when they were built."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from kiosk.errors import PictureError
from kiosk.vision.model_card import ModelCard
from kiosk.vision.picture import Rgb, picture_in_png, png_bytes
from kiosk.vision.reading import DamagedJsonError, decoded_json, read_small_file

FOLDER = "patches"
MOST_BYTES = 2**20
STICKER_PX = 112


class PatchCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of a sticker.

    `label` is the class that it is made for, `area` how many per cent of a picture it covers, `sha256` the model's
    digest. `share` and `grey_share` (0..1) of so many `pictures` were taken for the label with it, and with a grey one;
    `gradients` and `seconds` of processor time are what it took.
    """

    label: int
    area: float
    sha256: str
    share: float
    grey_share: float
    pictures: int
    gradients: int
    seconds: float

    @property
    def stem(self) -> str:
        """Return what its files are called."""
        return f"{self.label}-{self.area:g}"


@dataclass(frozen=True, eq=False)
class Patch:
    """A sticker, (STICKER_PX, STICKER_PX, 3) uint8, of which the circle counts, and what is known of it."""

    card: PatchCard
    sticker: Rgb


def patch_files(patch: Patch) -> dict[str, bytes]:
    """Return the files of a sticker; the same one gives the same bytes."""
    card = msgspec.json.format(msgspec.json.encode(patch.card), indent=1) + b"\n"
    return {f"{patch.card.stem}.png": png_bytes(patch.sticker), f"{patch.card.stem}.json": card}


def load_patches(folder: Path, model: ModelCard) -> tuple[Patch, ...]:
    """Return the stickers in a model's folder that were made for that very model, by label; damaged ones are none."""
    found = []
    for file in sorted((folder / FOLDER).glob("*.json")):
        try:
            card: PatchCard = decoded_json(read_small_file(file, MOST_BYTES), PatchCard)
            sticker = picture_in_png(read_small_file(file.with_suffix(".png"), MOST_BYTES), STICKER_PX)
        except (OSError, DamagedJsonError, PictureError):
            continue
        if card.sha256 == model.sha256 and 0 <= card.label < len(model.labels):
            found.append(Patch(card, sticker))
    return tuple(sorted(found, key=lambda patch: (patch.card.label, patch.card.area)))


def best_patches(folder: Path, model: ModelCard) -> dict[int, Patch]:
    """Return the sticker that works best for each label."""
    by_share = sorted(load_patches(folder, model), key=lambda patch: patch.card.share)
    return {patch.card.label: patch for patch in by_share}
