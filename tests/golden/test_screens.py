"""Every screen as a picture: drawn now, compared with the golden one, which a person has looked at."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pygame
import pytest
from numpy.typing import NDArray

from kiosk.ui.paint import scene_png
from tests.golden.pictures import pictures
from tests.player import Player, topic_modules

TOPICS = Path(__file__).parents[1] / "topics"
CLEAN = ("attack-ready", "attack-warming", "attack-lost", "attack-never")  # there is no noise on the picture
QUIET = ("attack-quiet", "look", "look-clean", "look-lens")  # there is the least that keeps the lie
STATES: dict[str, tuple[Path, Callable[[str], Player]]] = {
    name: (TOPICS / module.__name__.split(".")[2] / "golden", state)
    for module in topic_modules("drawn")
    for name, state in module.STATES.items()
}
OWN_PICTURES = tuple(module.pictures for module in topic_modules("drawn") if hasattr(module, "pictures"))
SIZES = ("800x480", "1280x800", "720x1280")
CHANNEL_255 = 12  # a channel may differ by so much (another font rasteriser)
PIXELS = 0.004  # and so large a part of the pixels by more


def half(path: Path) -> None:
    """Half the size: a quarter of the bytes in the repository, and small shifts still show."""
    picture = pygame.image.load(str(path))
    size = (picture.get_width() // 2, picture.get_height() // 2)
    pygame.image.save(pygame.transform.smoothscale(picture, size), str(path))


def pixels(path: Path) -> NDArray[np.int16]:
    picture = pygame.image.load(str(path))
    return np.asarray(pygame.surfarray.array3d(picture)).swapaxes(0, 1).astype(np.int16)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", STATES)
def test_screen_looks_as_it_did(name: str, size: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    folder, state = STATES[name]
    golden = folder / f"{name}-{size}.png"
    actual = tmp_path / f"{name}-{size}.actual.png"
    playing = state(size)
    there = pictures(noisy=name not in CLEAN, paint=name != "sketchpad", quiet=name in QUIET)
    for own in OWN_PICTURES:
        there |= own()
    actual.write_bytes(scene_png(playing.scene, there))
    half(actual)
    if request.config.getoption("--update-golden"):
        folder.mkdir(exist_ok=True)
        golden.write_bytes(actual.read_bytes())
        return
    assert golden.is_file(), f"no golden picture {golden.name}: draw it with --update-golden and look at it"
    want, got = pixels(golden), pixels(actual)
    assert want.shape == got.shape
    off = np.abs(want - got)
    wrong = (off > CHANNEL_255).any(axis=-1)
    if wrong.mean() > PIXELS:
        kept = request.config.cache.mkdir("golden")
        stem = golden.stem
        (kept / f"{stem}.expected.png").write_bytes(golden.read_bytes())
        (kept / f"{stem}.actual.png").write_bytes(actual.read_bytes())
        shown = np.where(wrong[..., None], (255, 0, 80), got // 3).astype(np.uint8)
        pygame.image.save(pygame.surfarray.make_surface(shown.swapaxes(0, 1)), str(kept / f"{stem}.diff.png"))
        pytest.fail(f"{stem}: {wrong.mean():.2%} of the pixels differ; see {kept}")
