"""The referee: photographs a page as a camera in a room would, to judge attacks that were made through the simulator.

Written apart from it, and by other rules: light is linear, the page lies in a scene, the lens blurs by a disc and by a
shaking hand, noise grows with the light. What both had in common, an attack could get used to.
"""

import io
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kiosk.recapture.conditions import Conditions, Medium
from kiosk.vision.picture import Rgb, to_picture

Linear = NDArray[np.float32]
Corners = NDArray[np.float32]

FINER = 2  # how many times finer than the sensor the scene is rendered
PRINTED_PX = 672  # a picture's side on the page, once the printer has enlarged it
SENSOR_PX, FRAME_PX = 336, 560  # of a picture held by hand, and of the frame around it
LUMINANCE = np.array((0.2126, 0.7152, 0.0722), np.float32)
FOCAL = 1.4  # in widths of the frame
SRGB = np.where(
    np.arange(256) <= 10, np.arange(256) / 3294.6, ((np.arange(256) / 255 + 0.055) / 1.055) ** 2.4
).astype(np.float32)


ORDINARY = Conditions()


def views(
    picture: Rgb, count: int, seed: int, medium: Medium = Medium.PAPER, conditions: Conditions = ORDINARY
) -> Iterator[Rgb]:
    """Yield pictures of a picture that is held by hand in front of a camera; one seed gives the same ones.

    Shapes: (side, side, 3) uint8, and so are they.
    """
    for number in range(count):
        yield view_of(picture, number, seed, medium, conditions)


def view_of(
    picture: Rgb, number: int, seed: int, medium: Medium = Medium.PAPER, conditions: Conditions = ORDINARY
) -> Rgb:
    """Return one of those views, from 0 on."""
    rng = np.random.default_rng((seed, number))
    page = np.asarray(cv2.resize(picture, (PRINTED_PX, PRINTED_PX), interpolation=cv2.INTER_CUBIC), np.uint8)
    size = (FRAME_PX, FRAME_PX)
    corners = posed_corners(1.0, size, SENSOR_PX, rng, conditions)
    frame = photograph(page, corners, size, rng, medium, conditions)
    return to_picture(_aimed(frame, corners, rng, conditions), picture.shape[0])


def photograph(
    page: Rgb,
    corners: Corners,
    size: tuple[int, int],
    rng: np.random.Generator,
    medium: Medium = Medium.PAPER,
    conditions: Conditions = ORDINARY,
) -> Rgb:
    """Return a frame of a page whose corners lie there.

    Shapes: page (height, width, 3) uint8; corners (4, 2), clockwise from the upper left, where (0, 0) is the outer
    corner of the frame's first pixel; size (width, height) -> (height, width, 3) uint8.
    """
    shown = _printed(page, rng, conditions) if medium is Medium.PAPER else _lit_screen(page, rng)
    scene = _scene(shown, corners, size, rng)
    scene *= _room_light(size, rng)
    if medium is Medium.SCREEN:
        scene *= _moire(size, rng)
    if rng.random() < conditions.glare:
        scene += _glare(size, rng)
    height = float(np.linalg.norm(corners[3] - corners[0]))
    return _developed(_through_lens(scene, height / 224, rng, conditions), rng, conditions)


def posed_corners(
    aspect: float,
    size: tuple[int, int],
    height_px: float,
    rng: np.random.Generator,
    conditions: Conditions = ORDINARY,
) -> Corners:
    """Return where the corners of a sheet of that width over height fall, held so that it is about that high."""
    yaw, pitch, roll = np.radians(
        rng.uniform(-1, 1, 3) * (conditions.yaw_deg, conditions.pitch_deg, conditions.roll_deg)
    )
    sheet = np.array(((-aspect, -1, 0), (aspect, -1, 0), (aspect, 1, 0), (-aspect, 1, 0))) / 2
    about_y = np.array(((np.cos(yaw), 0, np.sin(yaw)), (0, 1, 0), (-np.sin(yaw), 0, np.cos(yaw))))
    about_x = np.array(((1, 0, 0), (0, np.cos(pitch), -np.sin(pitch)), (0, np.sin(pitch), np.cos(pitch))))
    about_z = np.array(((np.cos(roll), -np.sin(roll), 0), (np.sin(roll), np.cos(roll), 0), (0, 0, 1)))
    held = sheet @ (about_z @ about_x @ about_y).T
    focal = FOCAL * size[0]
    held[:, 2] += focal / height_px
    projected = held[:, :2] / held[:, 2:] * focal
    spare = np.maximum(0, np.array(size) / 2 - np.abs(projected).max(0))
    middle = np.array(size) / 2 + rng.uniform(-1, 1, 2) * np.minimum(spare, 0.1 * np.array(size))
    return np.asarray(projected + middle, np.float32)


def _aimed(frame: Rgb, corners: Corners, rng: np.random.Generator, conditions: Conditions) -> Rgb:
    """Return the square that a hand-held picture was to fill, and does not quite."""
    side = float(np.sqrt(cv2.contourArea(corners))) / rng.uniform(*conditions.distance)
    left, top = corners.mean(0) - side / 2 + rng.uniform(-1, 1, 2) * conditions.aim * side
    edge = round(side)
    x, y = (int(np.clip(at, 0, frame.shape[0] - edge)) for at in (left, top))
    return np.ascontiguousarray(frame[y : y + edge, x : x + edge])


def _printed(page: Rgb, rng: np.random.Generator, conditions: Conditions) -> Linear:
    """Return what paper reflects: ink spreads, grain shows, nothing is quite white, black or pure."""
    reflected = SRGB[page] ** np.float32(rng.uniform(0.88, 1.18))
    grey = (reflected @ LUMINANCE)[:, :, np.newaxis]
    reflected += (grey - reflected) * np.float32(rng.uniform(0.02, conditions.paleness))
    paper = rng.uniform(0.72, 0.92) * rng.uniform(0.96, 1.0, 3).astype(np.float32)
    ink = rng.uniform(0.012, 0.045)
    reflected = ink + reflected * (paper - ink)
    grain = rng.standard_normal(page.shape[:2], np.float32)[:, :, np.newaxis]
    return np.asarray(reflected * (1 + np.float32(rng.uniform(0.01, 0.05)) * grain), np.float32)


def _lit_screen(page: Rgb, rng: np.random.Generator) -> Linear:
    """Return what a phone's screen emits: with its own gamma and white, over what it reflects."""
    emitted = SRGB[page] ** np.float32(rng.uniform(0.85, 1.15))
    white = np.array((rng.uniform(0.9, 1.02), 1.0, rng.uniform(0.98, 1.15)), np.float32)
    return np.asarray(
        rng.uniform(0.005, 0.03) + emitted * white * np.float32(rng.uniform(0.75, 1.0)), np.float32
    )


def _scene(shown: Linear, corners: Corners, size: tuple[int, int], rng: np.random.Generator) -> Linear:
    """Return the light of the scene on the sensor: the page before something that is out of focus."""
    width, height = size
    rough = rng.uniform(0, 1, (6, 6, 1)) * rng.uniform(0.05, 0.9, (6, 6, 3))
    behind = cv2.resize(rough.astype(np.float32), size, interpolation=cv2.INTER_CUBIC).clip(0, 1)
    page_height, page_width = shown.shape[:2]
    outline = np.array(
        ((0, 0), (page_width, 0), (page_width, page_height), (0, page_height)), np.float32
    ) - np.float32(0.5)
    placed = cv2.getPerspectiveTransform(outline, corners * FINER - np.float32(0.5))
    finer = (width * FINER, height * FINER)
    along = max(np.linalg.norm(corners[3] - corners[0]), np.linalg.norm(corners[2] - corners[1])) * FINER
    softened = _softened(shown, page_height / along)
    warped = cv2.warpPerspective(softened, placed, finer, flags=cv2.INTER_LINEAR)
    covered = cv2.warpPerspective(np.ones((page_height, page_width), np.float32), placed, finer)
    seen = cv2.resize(warped, size, interpolation=cv2.INTER_AREA)
    share = cv2.resize(covered, size, interpolation=cv2.INTER_AREA)[:, :, np.newaxis]
    return np.asarray(seen + behind * (1 - share), np.float32)


def _softened(shown: Linear, shrinks: float) -> Linear:
    """Return a page without what is too fine to be rendered that much smaller."""
    sigma = 0.4 * (shrinks - 1)
    return np.asarray(cv2.GaussianBlur(shown, (0, 0), sigma), np.float32) if sigma > 0.2 else shown


def _room_light(size: tuple[int, int], rng: np.random.Generator) -> Linear:
    """Return the light of a lamp somewhere to the side, less towards the corners of the lens."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    lamp = rng.uniform(-2.5, 2.5, 2) * (width, height) + np.array((width, height)) / 2
    away = ((x - lamp[0]) ** 2 + (y - lamp[1]) ** 2) / np.float32((rng.uniform(3, 7) * width) ** 2)
    lit = 1 / (1 + away)
    off_axis = ((x - width / 2) ** 2 + (y - height / 2) ** 2) / np.float32(width**2)
    lit *= 1 - np.float32(rng.uniform(0, 0.5)) * off_axis
    return np.asarray((lit / lit[height // 2, width // 2])[:, :, np.newaxis], np.float32)


def _moire(size: tuple[int, int], rng: np.random.Generator) -> Linear:
    """Return the beat of the screen's pixels with the sensor's: slow waves, another for each colour."""
    y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    waves = []
    for _ in range(3):
        period, angle = rng.uniform(6, 60), rng.uniform(0, np.pi)
        phase = (x * np.cos(angle) + y * np.sin(angle)) * 2 * np.pi / period + rng.uniform(0, 2 * np.pi)
        waves.append(1 + rng.uniform(0.01, 0.08) * np.sin(phase))
    return np.stack(waves, axis=2).astype(np.float32)


def _glare(size: tuple[int, int], rng: np.random.Generator) -> Linear:
    """Return a soft reflection of a lamp."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    middle, spread = rng.uniform(0.2, 0.8, 2) * (width, height), rng.uniform(0.05, 0.15) * width
    falls = np.exp(-((x - middle[0]) ** 2 + (y - middle[1]) ** 2) / (2 * spread**2))
    return np.asarray(rng.uniform(0.04, 0.25) * falls[:, :, np.newaxis], np.float32)


def _through_lens(scene: Linear, px_each: float, rng: np.random.Generator, conditions: Conditions) -> Linear:
    """Return the scene out of focus and shaken; `px_each` is how many pixels one of the model's grid is."""
    radius = rng.uniform(0, conditions.defocus_px) * px_each
    shake, angle = rng.uniform(0, conditions.shake_px) * px_each, rng.uniform(0, np.pi)
    reach = int(np.ceil(max(radius, shake / 2))) + 1
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32)
    disc = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1)
    along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    line = np.clip(shake / 2 + 0.5 - np.abs(along), 0, 1) * np.clip(1 - np.abs(across), 0, 1)
    for kernel in (disc, line):
        scene = np.asarray(cv2.filter2D(scene, -1, (kernel / kernel.sum()).astype(np.float32)), np.float32)
    return scene


def _developed(scene: Linear, rng: np.random.Generator, conditions: Conditions) -> Rgb:
    """Return the frame of a sensor: exposed, tinted, noisy, with a tone curve and JPEG."""
    exposure = 2 ** rng.uniform(-conditions.exposure, conditions.exposure)
    tint = 1 + rng.uniform(-1, 1, 3) * conditions.tint
    light = np.clip(scene * (exposure * tint / tint[1]), 0, 1).astype(np.float32)
    shots = rng.uniform(conditions.shots, 8 * conditions.shots)
    spread = np.sqrt(light / shots + rng.uniform(0.0005, 0.004) ** 2)
    light += spread * rng.standard_normal(light.shape, np.float32)
    light = light.clip(0, 1)
    curved = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    steep = rng.uniform(-0.15, 0.25)
    curved += steep * curved * (1 - curved) * (2 * curved - 1) * 2
    out = io.BytesIO()
    image = Image.fromarray(np.clip(curved * 255 + 0.5, 0, 255).astype(np.uint8))
    image.save(out, "JPEG", quality=int(rng.integers(conditions.jpeg[0], conditions.jpeg[1] + 1)))
    return np.array(Image.open(out))
