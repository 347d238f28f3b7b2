"""Fixed pictures for the screens that are drawn: a cup of coffee, noise, maps, paint."""

from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
import pygame
from numpy.typing import NDArray

from kiosk.core.painting import Ink, Paint, Place, Size, Tool
from kiosk.recapture.referee import view_of
from kiosk.topics.sketchpad.performing.paint_layer import PaintLayer
from kiosk.vision.heatmap import CellMap, pulling, pushing

Array = NDArray[np.uint8]


CIVIDIS = np.array([(0, 34, 78), (87, 93, 109), (165, 156, 116), (254, 232, 56)], dtype=np.float64)


@cache
def coffee() -> Array:
    """The cup of coffee as the model would see it. Shapes: (224, 224, 3)."""
    path = Path(str(resources.files("skimage") / "data" / "coffee.png"))
    photo = pygame.image.load(str(path))
    square = photo.subsurface((100, 0, 400, 400))
    small = pygame.transform.smoothscale(square, (224, 224))
    picture = np.ascontiguousarray(pygame.surfarray.array3d(small).swapaxes(0, 1))
    picture.flags.writeable = False  # one for all
    return picture


def heat(picture: Array, x: float, y: float) -> Array:
    """A picture under a map that is bright around one place."""
    grid = np.stack(np.meshgrid(np.linspace(0, 1, 224), np.linspace(0, 1, 224)), axis=-1)
    warm = np.exp(-((grid[..., 0] - x) ** 2 + (grid[..., 1] - y) ** 2) / 0.05)
    colours = np.stack([np.interp(warm, np.linspace(0, 1, 4), CIVIDIS[:, c]) for c in range(3)], axis=-1)
    return np.round(0.45 * picture + 0.55 * colours).astype(np.uint8)


def framed(picture: Array) -> Array:
    """All that a wide camera would see: dark beside the square that is used."""
    seen = np.zeros_like(picture)
    wide = np.repeat(picture[14:-14:4], 3, axis=0)[:147]  # squeezed, as a wider picture would be
    seen[38:185, :] = wide // 3
    seen[38:185, 38:185] = wide[:, 38:185]
    return seen


def shown(picture: Array, number: int) -> Array:
    """The picture as it would be held up the next time: turned, and nearer or farther."""
    turned = picture if number % 3 else picture[:, ::-1]
    cut = 6 * (number % 8)
    return np.ascontiguousarray(np.roll(turned, cut, axis=number % 2)[cut:224, cut:224])


@cache
def photographed() -> Array:
    """The cup on a sheet of paper that somebody holds up."""
    return view_of(coffee(), number=1, seed=3)


@cache
def examples() -> dict[str, Array]:
    """What eight labels of twelve pictures look like."""
    clean = coffee()
    return {f"example-{number}": shown(clean, number) for number in range(1, 190)}


def pictures(*, noisy: bool = True, paint: bool = True, quiet: bool = False) -> dict[str, Array]:
    """The performer's shelf with a cup of coffee on it, before or after some steps of noise, or with the least."""
    clean = coffee()
    rng = np.random.default_rng(7)
    coarse = rng.integers(-4, 5, (56, 56, 3))  # in squares of four pixels: the files stay small
    coarse = np.where(np.abs(coarse) == 4, np.sign(coarse), 0) if quiet else coarse
    delta = np.kron(coarse, np.ones((4, 4, 1), dtype=np.int64))
    lie = np.clip(clean + delta, 0, 255).astype(np.uint8)
    noise = np.clip(127 + 10 * delta, 0, 255).astype(np.uint8)
    pictures = {"camera": clean, "original": clean, "adversarial": lie, "noise": noise, "film-noise": noise}
    pictures |= {f"film-{n}": clean if n == 0 else lie for n in range(5)}
    dice = rng.permutation(coarse.ravel()).reshape(coarse.shape).repeat(4, 0).repeat(4, 1)
    pictures["dice"] = np.clip(clean + dice, 0, 255).astype(np.uint8)
    pictures |= {
        "dice-noise": np.clip(127 + 10 * dice, 0, 255).astype(np.uint8),
        "painted": painted(lie) if paint else lie,
    }
    pictures["framing"] = framed(clean)
    pictures |= {"proof": np.clip(clean + 4 * delta, 0, 255).astype(np.uint8), "view": photographed()}
    pictures |= {f"upload-{number}": ball(number) for number in range(12)}
    pictures |= {"gradcam-original": heat(clean, 0.5, 0.4), "gradcam-adversarial": heat(lie, 0.3, 0.6)}
    pictures |= explained(clean, lie, delta)
    pictures |= examples()
    return pictures if noisy else {**pictures, "adversarial": clean, "noise": np.full_like(clean, 127)}


def explained(clean: Array, lie: Array, delta: NDArray[np.int64]) -> dict[str, Array]:
    """Squares that pull to one answer, then to the other; dots that push one way, and any way."""
    rows, columns = np.indices((7, 7))
    cup = np.exp(-((rows - 2.6) ** 2 + (columns - 3) ** 2) / 3.0) - 0.05 * (rows - columns)
    legs = np.exp(-((rows - 4) ** 2 + (columns - 2) ** 2) / 3.0) - 0.3 * cup
    squares = [CellMap(cells.astype(np.float32)) for cells in (-cup, legs)]
    pushes = delta.sum(axis=2).astype(np.float32)
    one_way = np.where(np.kron(np.indices((56, 56)).sum(axis=0) % 6 > 0, np.ones((4, 4))), 1, -1)
    dots = pushing([(np.abs(pushes) * one_way).astype(np.float32), pushes])
    return {
        **dict(
            zip(("contrast-original", "contrast-adversarial"), pulling([clean, lie], squares), strict=True)
        ),
        **dict(zip(("pushes-made", "pushes-thrown"), dots, strict=True)),
    }


def ball(number: int) -> Array:
    """A ball on plain ground, another one for each number."""
    rows, columns = np.indices((192, 192))
    inside = (rows - 80 - 4 * number) ** 2 + (columns - 60 - 6 * number) ** 2 < 60**2
    ground, colour = (40 + 12 * number, 120, 160), (220 - 14 * number, 90, 60 + 12 * number)
    return np.where(inside[..., None], colour, ground).astype(np.uint8)


def painted(picture: Array) -> Array:
    """The picture under a stripe and two stamps."""
    layer = PaintLayer(224)
    layer.stroke(Ink(Paint.BLUE, Size.LARGE), Place(0.0, 0.7), Place(0.6, 0.5), begins=True)
    layer.stamp(Tool.STAR, Ink(Paint.WHITE, Size.MEDIUM), Place(0.75, 0.3))
    layer.stamp(Tool.HEART, Ink(Paint.PINK, Size.SMALL), Place(0.3, 0.2))
    return layer.over(picture)
