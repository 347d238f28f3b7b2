"""The simulator that attacks are made through: a picture is printed and photographed, gradients go back that way.

A view is a warp, a blur, light and a tone curve, all of them smooth: each has its pull-back beside it. The camera's
noise, its rounding and its JPEG are added last, and gradients pass them over.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.recapture.ranges import Range, Ranges
from kiosk.vision.arrays import Floats
from kiosk.vision.picture import Rgb

DISTANCE = 4.0  # of the camera, in halves of the picture's side
DARKEST = 1.0  # below it the tone curve's slope has no end
GREY = np.array((0.299, 0.587, 0.114))
SHADOW_DEPTH: Range = (0.10, 0.35)
SHADOW_SOFTNESS: Range = (0.05, 0.25)  # in sides

Doubles = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class View:
    """One way to be photographed.

    Shapes: homography (3, 3), picture to view in pixels; ink (3, 4), colour to printed colour; foreign (3,), the colour
    around the picture; light (side, side, 1).
    """

    homography: Doubles
    ink: Floats
    foreign: tuple[float, float, float]
    blur_px: float
    light: Floats
    gamma: float
    noise_255: float
    jpeg: int
    seed: int

    def see(self, picture: Floats) -> "Sight":
        """Return what the camera sees of a picture: (side, side, 3) float32 in 0..255."""
        side = picture.shape[0]
        printed = cv2.transform(picture, self.ink)
        warped = cv2.warpPerspective(
            printed,
            self.homography,
            (side, side),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=self.foreign,
        )
        return Sight(self, np.asarray(_blurred(warped, self.blur_px) * self.light, np.float32))


@dataclass(frozen=True, eq=False)
class Sight:
    """What a view showed of one picture. `lit` is what falls onto the sensor, before its tone curve."""

    view: View
    lit: Floats

    @property
    def pixels(self) -> Floats:
        """Return the view as the sensor's exact values: (side, side, 3) float32 in 0..255."""
        return np.asarray(255 * self._brightness**self.view.gamma, np.float32)

    def photograph(self) -> Rgb:
        """Return the view as a camera keeps it: with noise, in 8 bits, through JPEG."""
        rng = np.random.default_rng(self.view.seed)
        noise = rng.standard_normal(self.lit.shape, np.float32) * np.float32(self.view.noise_255)
        rounded = np.clip(self.pixels + noise + 0.5, 0, 255).astype(np.uint8)
        _, jpeg = cv2.imencode(".jpg", rounded[:, :, ::-1], (cv2.IMWRITE_JPEG_QUALITY, self.view.jpeg))
        return np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR_RGB), np.uint8)

    def pull_back(self, gradient: Floats) -> Floats:
        """Return a gradient at the picture for one at the pixels; same shapes."""
        view = self.view
        inside = (self.lit > DARKEST) & (self.lit < 255)
        slope = view.gamma * self._brightness ** (view.gamma - 1) * inside
        lit = _blurred(np.asarray(gradient * slope * view.light, np.float32), view.blur_px)
        return np.asarray(
            cv2.transform(unwarped(lit, view.homography, len(lit)), np.ascontiguousarray(view.ink[:, :3].T)),
            np.float32,
        )

    @property
    def _brightness(self) -> Floats:
        return np.clip(self.lit, DARKEST, 255) * np.float32(1 / 255)


def draw_view(ranges: Ranges, side: int, rng: np.random.Generator) -> View:
    """Return a view within the ranges, for pictures of that side; the same generator gives the same one."""
    return View(
        homography=_homography(ranges, side, rng),
        ink=_ink(ranges, rng),
        foreign=_foreign(ranges, rng),
        blur_px=rng.uniform(*ranges.blur_px),
        light=_light(ranges, side, rng),
        gamma=rng.uniform(*ranges.gamma) * (1.0 if ranges.colours is None else ranges.colours.gamma),
        noise_255=rng.uniform(*ranges.noise_255),
        jpeg=round(rng.uniform(*ranges.jpeg)),
        seed=int(rng.integers(2**32)),
    )


def _blurred(pixels: NDArray[Any], sigma: float) -> Floats:
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), sigma, borderType=cv2.BORDER_REFLECT_101), np.float32)


def _homography(ranges: Ranges, side: int, rng: np.random.Generator) -> Doubles:
    """Return where a pinhole camera sees a picture that is tilted about any axis in its plane, then rolled."""
    tilt, roll = np.radians((rng.uniform(0, ranges.tilt_deg), rng.uniform(-1, 1) * ranges.roll_deg))
    axis = rng.uniform(0, 2 * np.pi)
    half, centre = side / 2, (side - 1) / 2
    tilted, _ = cv2.Rodrigues(np.array((np.cos(axis), np.sin(axis), 0.0)) * tilt)
    rolled, _ = cv2.Rodrigues(np.array((0.0, 0.0, roll)))
    turned = rolled @ tilted
    focal = DISTANCE * half * rng.uniform(*ranges.size)
    shift = rng.uniform(-1, 1, 2) * ranges.shift * side + centre
    camera = np.array(((focal, 0, shift[0]), (0, focal, shift[1]), (0, 0, 1)))
    onto_plane = np.array(((1 / half, 0, -centre / half), (0, 1 / half, -centre / half), (0, 0, 1)))
    placed = np.column_stack((turned[:, 0], turned[:, 1], (0, 0, DISTANCE)))
    homography: Doubles = camera @ placed @ onto_plane
    return homography


def unwarped(values: Floats, homography: Doubles, onto: int) -> Floats:
    """Return the transpose of a bilinear warp: each value goes, by its weights, to the four that it was mixed from.

    Shapes: (side, side, 3) -> (onto, onto, 3); the homography leads from there to here. The inverse warp times the area
    that a pixel grows to is quicker, and up to 16 % off where a view is smaller.
    """
    side, back = len(values), np.linalg.inv(homography)
    wide, along = onto + 2, np.arange(side)  # with a border, for what lies beside the picture

    def at(row: int) -> Doubles:
        return np.asarray(back[row, 0] * along + (back[row, 1] * along + back[row, 2])[:, np.newaxis])

    depth = at(2)
    x, y = (np.clip(at(row) / depth + 1, 0, onto + 0.999) for row in (0, 1))
    left, top = x.astype(np.int32), y.astype(np.int32)
    rightwards, downwards = (x - left).ravel(), (y - top).ravel()
    places = (top * wide + left).ravel().astype(np.intp)
    count = wide * wide + wide + 2
    spread = np.empty((onto, onto, values.shape[2]), values.dtype)
    for channel, plane in enumerate(cv2.split(values)):
        lower = plane.ravel() * downwards
        upper = plane.ravel() - lower
        upper_right, lower_right = upper * rightwards, lower * rightwards
        sums = np.bincount(places, upper - upper_right, count)
        sums[1:] += np.bincount(places, upper_right, count)[:-1]
        sums[wide:] += np.bincount(places, lower - lower_right, count)[:-wide]
        sums[wide + 1 :] += np.bincount(places, lower_right, count)[: -wide - 1]
        spread[:, :, channel] = sums[: wide * wide].reshape(wide, wide)[1:-1, 1:-1]
    return spread


def _ink(ranges: Ranges, rng: np.random.Generator) -> Floats:
    """Return the colours that printed ones become: paler, between the ink's black and the paper's white.

    Where staff measured what becomes of them, it is that, in more light or less.
    """
    black, white = rng.uniform(*ranges.black_255), rng.uniform(*ranges.white_255)
    grey = rng.uniform(0, ranges.desaturation)
    gain = 1 + rng.uniform(-1, 1, 3) * ranges.channel_gain
    paler = (1 - grey) * np.eye(3) + grey * GREY
    if ranges.colours is not None:
        exposed = gain * white / np.mean(ranges.white_255)
        return np.asarray(exposed[:, np.newaxis] * np.array(ranges.colours.ink), np.float32)
    mixed = gain[:, np.newaxis] * paler * (white - black) / 255
    return np.column_stack((mixed, gain * black)).astype(np.float32)


def _foreign(ranges: Ranges, rng: np.random.Generator) -> tuple[float, float, float]:
    """Return the colour around the sheet: anything, or the paper's own."""
    strange = rng.random() < ranges.foreign
    red, green, blue = rng.uniform(0, 255, 3) if strange else np.full(3, rng.uniform(*ranges.white_255))
    return float(red), float(green), float(blue)


def _light(ranges: Ranges, side: int, rng: np.random.Generator) -> Floats:
    """Return how bright the light is everywhere: it falls off to one side, and a soft shadow may lie in it."""
    across = np.linspace(-0.5, 0.5, side)
    angle = rng.uniform(0, 2 * np.pi)
    slope = np.cos(angle) * across[np.newaxis] + np.sin(angle) * across[:, np.newaxis]
    light = 1 + rng.uniform(0, ranges.light) * slope
    edge, depth, softness = rng.uniform(-0.4, 0.4), rng.uniform(*SHADOW_DEPTH), rng.uniform(*SHADOW_SOFTNESS)
    angle = rng.uniform(0, 2 * np.pi)
    if rng.random() < ranges.shadow:
        beyond = np.cos(angle) * across[np.newaxis] + np.sin(angle) * across[:, np.newaxis] - edge
        light *= 1 - depth / (1 + np.exp(np.clip(-beyond / softness * 4, -50, 50)))
    return np.asarray(light, np.float32)[:, :, np.newaxis]
