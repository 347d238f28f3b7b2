"""Made-up pictures of what stands before a camera: things drawn on a wall or a table, our own pictures as cards."""

from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.vision.picture import Rgb

SIDE = 480
Colour = tuple[int, int, int]
RED, BLUE, LIGHT, DARK = (210, 60, 50), (40, 90, 190), (150, 140, 130), (60, 70, 80)


def wall(colour: Colour = LIGHT) -> Rgb:
    """A plain wall, a little lighter below, with the camera's noise."""
    ground = np.empty((SIDE, SIDE, 3), np.float32)
    ground[:] = colour
    ground += np.linspace(-12, 12, SIDE)[:, None, None]
    return noisy(ground, 2.0)


def table() -> Rgb:
    """A wooden table before a wall."""
    ground = np.empty((SIDE, SIDE, 3), np.float32)
    ground[:200], ground[200:] = (190, 190, 185), (140, 100, 70)
    ground += 4 * np.sin(np.arange(SIDE) / 9)[None, :, None]
    return noisy(ground, 3.0)


def noisy(picture: NDArray[np.floating], size: float) -> Rgb:
    """A picture with the noise of a camera."""
    noise = np.random.default_rng(1).normal(0, size, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def with_ball(ground: Rgb, radius_px: int, x: int = 240, y: int = 240) -> Rgb:
    """A red ball before it."""
    shown = ground.copy()
    cv2.circle(shown, (x, y), radius_px, RED, -1, cv2.LINE_AA)
    cv2.circle(
        shown, (x - radius_px // 3, y - radius_px // 3), radius_px // 4, (245, 160, 150), -1, cv2.LINE_AA
    )
    return cv2.GaussianBlur(shown, (3, 3), 0).astype(np.uint8)


def with_mug(ground: Rgb, side_px: int, x: int = 240, y: int = 240) -> Rgb:
    """A blue mug before it."""
    shown, half = ground.copy(), side_px // 2
    cv2.rectangle(shown, (x - half, y - half), (x + half, y + half), BLUE, -1)
    cv2.ellipse(shown, (x, y - half), (half, side_px // 8), 0, 0, 360, (20, 20, 20), -1, cv2.LINE_AA)
    handle = (side_px // 4, side_px // 4)
    cv2.ellipse(shown, (x + half, y), handle, 0, -90, 90, BLUE, max(4, side_px // 12), cv2.LINE_AA)
    return cv2.GaussianBlur(shown, (3, 3), 0).astype(np.uint8)


def with_card(ground: Rgb, photograph: Rgb, side_px: int, x: int | None = None) -> Rgb:
    """A card with a photograph on it before it, in the middle or at `x`."""
    shown, y = ground.copy(), (SIDE - side_px) // 2
    x = y if x is None else x
    small = cv2.resize(photograph, (side_px, side_px), interpolation=cv2.INTER_AREA)
    shown[y : y + side_px, x : x + side_px] = small
    return shown


def with_person(ground: Rgb) -> Rgb:
    """A drawn person in a jacket with a tie before it."""
    shown = ground.copy()
    skin, hair = (215, 175, 145), (60, 40, 25)
    cv2.ellipse(shown, (240, 480), (190, 190), 0, 180, 360, (40, 60, 120), -1, cv2.LINE_AA)
    cv2.rectangle(shown, (210, 230), (270, 310), (200, 160, 130), -1)
    cv2.fillPoly(shown, [np.array([(232, 330), (248, 330), (255, 460), (225, 460)])], (160, 30, 40))
    cv2.ellipse(shown, (240, 180), (75, 100), 0, 0, 360, skin, -1, cv2.LINE_AA)
    cv2.ellipse(shown, (240, 125), (82, 70), 0, 180, 360, hair, -1, cv2.LINE_AA)
    for x in (210, 270):
        cv2.circle(shown, (x, 175), 7, hair, -1, cv2.LINE_AA)
    cv2.ellipse(shown, (240, 235), (25, 10), 0, 0, 180, (150, 60, 60), 4, cv2.LINE_AA)
    return cv2.GaussianBlur(shown, (5, 5), 0).astype(np.uint8)


def darkened(picture: Rgb, share: float) -> Rgb:
    """The picture with so much of its light."""
    return noisy(picture.astype(np.float32) * share, 2.0)


def smeared(picture: Rgb, length_px: int, *, upright: bool = False) -> Rgb:
    """The picture of something that moves so far while it is taken."""
    window = np.ones((length_px, 1) if upright else (1, length_px), np.float32) / length_px
    return cv2.filter2D(picture, -1, window).astype(np.uint8)


def out_of_focus(picture: Rgb, sigma_px: float) -> Rgb:
    """The picture of something nearer than the camera can see sharply."""
    return cv2.GaussianBlur(picture, (0, 0), sigma_px).astype(np.uint8)


Cards = Mapping[str, Rgb]


def good(cards: Cards) -> dict[str, Rgb]:
    """Pictures at which nothing is to be hinted."""
    cup, cat, bike = cards["coffee-cup"], cards["cat"], cards["motorcycle"]
    return {
        "cup": cup,
        "cat": cat,
        "motorcycle": bike,
        "cup in half the light": darkened(cup, 0.5),
        "cat in half the light": darkened(cat, 0.55),
        "card of a cup": with_card(wall(), cup, 300),
        "card of a cup on a table": with_card(table(), cup, 340),
        "card of a motorcycle": with_card(wall(), bike, 340),
        "ball": with_ball(table(), 100),
        "large ball": with_ball(table(), 170),
        "mug": with_mug(table(), 240),
        "mug before a wall": with_mug(wall(), 240),
        "large mug": with_mug(table(), 360),
    }


def too_dark(cards: Cards) -> dict[str, Rgb]:
    """Pictures without light."""
    return {f"{name} {share}": darkened(card, share) for name, card in cards.items() for share in (0.2, 0.1)}


def too_blurred(cards: Cards) -> dict[str, Rgb]:
    """Pictures of what moves, or is out of focus."""
    names = ("coffee-cup", "cat", "astronaut", "motorcycle")
    blurred = {f"{name} moves": smeared(cards[name], 21) for name in names}
    blurred |= {f"{name} moves up": smeared(cards[name], 21, upright=True) for name in names}
    return blurred | {f"{name} out of focus": out_of_focus(cards[name], 6.0) for name in names}


def too_far(cards: Cards) -> dict[str, Rgb]:
    """Pictures of small things."""
    return {
        "cat before a wall": with_card(wall(), cards["cat"], 100),
        "cat on a table": with_card(table(), cards["cat"], 110),
        "motorcycle before a wall": with_card(wall(), cards["motorcycle"], 100),
        "motorcycle on a table": with_card(table(), cards["motorcycle"], 120),
        "cup": with_card(table(), cards["coffee-cup"], 100),
        "ball": with_ball(wall(), 28),
        "ball on a table": with_ball(table(), 25),
        "mug": with_mug(wall(), 60),
        "mug on a table": with_mug(table(), 60),
    }


def too_many(cards: Cards) -> dict[str, Rgb]:
    """Pictures of two things."""
    cat, cup = cards["cat"], cards["coffee-cup"]
    return {
        "cat and cup": with_card(with_card(wall(), cat, 220, 10), cup, 220, 250),
        "cup and cat": with_card(with_card(wall(), cup, 220, 10), cat, 220, 250),
        "ball and mug": with_mug(with_ball(table(), 80, x=120), 150, x=350),
        "ball and mug before a wall": with_mug(with_ball(wall(), 80, x=120), 150, x=350),
        "ball and cat": with_card(with_ball(table(), 80, x=120), cat, 220, 250),
        "mug and cat": with_card(with_mug(table(), 150, x=120), cat, 220, 250),
    }


def nothing(cards: Cards) -> dict[str, Rgb]:
    """Pictures with nothing in them."""
    del cards
    return {"wall": wall(), "dark wall": wall((110, 105, 100)), "table": table()}


def strangers(cards: Cards) -> dict[str, Rgb]:
    """Pictures of people."""
    face = np.ascontiguousarray(cards["astronaut"][0:260, 120:380])
    return {
        "astronaut": cards["astronaut"],
        "face": cv2.resize(face, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC).astype(np.uint8),
        "drawn person at a table": with_person(table()),
        "drawn person before a wall": with_person(wall((180, 200, 190))),
    }
