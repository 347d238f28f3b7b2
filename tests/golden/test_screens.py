"""Every screen as a picture: drawn now, compared with the golden one, which a person has looked at."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pygame
import pytest
from numpy.typing import NDArray

from kiosk.ui.paint import painted
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


def half(surface: pygame.Surface) -> pygame.Surface:
    """Half the size: a quarter of the bytes in the repository, and small shifts still show."""
    return pygame.transform.smoothscale(surface, (surface.get_width() // 2, surface.get_height() // 2))


def pixels(surface: pygame.Surface) -> NDArray[np.int16]:
    return np.asarray(pygame.surfarray.array3d(surface)).swapaxes(0, 1).astype(np.int16)


@cache
def shelf(*, noisy: bool, paint: bool, quiet: bool) -> Mapping[str, NDArray[np.uint8]]:
    own = {key: rgb for topic in OWN_PICTURES for key, rgb in topic().items()}
    return pictures(noisy=noisy, paint=paint, quiet=quiet) | own


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", STATES)
def test_screen_looks_as_it_did(name: str, size: str, request: pytest.FixtureRequest) -> None:
    folder, state = STATES[name]
    golden = folder / f"{name}-{size}.png"
    there = shelf(noisy=name not in CLEAN, paint=name != "sketchpad", quiet=name in QUIET)
    actual = half(painted(state(size).scene, there))
    if request.config.getoption("--update-golden"):
        folder.mkdir(exist_ok=True)
        pygame.image.save(actual, str(golden))
        return
    assert golden.is_file(), f"no golden picture {golden.name}: draw it with --update-golden and look at it"
    want, got = pixels(pygame.image.load(str(golden))), pixels(actual)
    assert want.shape == got.shape
    off = np.abs(want - got)
    wrong = (off > CHANNEL_255).any(axis=-1)
    if wrong.mean() > PIXELS:
        kept = request.config.cache.mkdir("golden")
        stem = golden.stem
        (kept / f"{stem}.expected.png").write_bytes(golden.read_bytes())
        pygame.image.save(actual, str(kept / f"{stem}.actual.png"))
        shown = np.where(wrong[..., None], (255, 0, 80), got // 3).astype(np.uint8)
        pygame.image.save(pygame.surfarray.make_surface(shown.swapaxes(0, 1)), str(kept / f"{stem}.diff.png"))
        pytest.fail(f"{stem}: {wrong.mean():.2%} of the pixels differ; see {kept}")
