"""What must be told apart can be, by people who see red, green or blue otherwise: by far colours, and by shapes.

Vision without one kind of cone: Machado, Oliveira, Fernandes 2009, "A Physiologically-based Model for Simulation of
Color Vision Deficiency", IEEE TVCG 15(6), matrices of severity 1.0, for linear RGB. Distance: CIEDE2000, of which 2.3
can just be noticed side by side.
"""

from itertools import combinations

import numpy as np
import pygame
import pytest
from numpy.typing import NDArray
from skimage import color

from kiosk.commands.visit import sheet
from kiosk.core.painting import Paint
from kiosk.core.scene import Colour
from kiosk.ui.icons import draw_icon
from kiosk.ui.sign_icons import SPLASHES
from kiosk.ui.tokens import RGB, Rgb255
from kiosk.vision import heatmap
from tests.golden.test_scene import contrast

VISIONS = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
FAR_APART = 12.0  # five times what can just be noticed
ALIKE = 0.8  # two shapes that cover so much of each other look the same

APART: dict[str, tuple[Rgb255, Rgb255]] = {
    f"{one.value} and {other.value}": (RGB[one], RGB[other])
    for one, other in (
        (Colour.TRUTH, Colour.LIE),  # its answer, and the lie
        (Colour.TRUTH, Colour.MUTE),  # the bar of an answer, and those of the runners-up
        (Colour.LIE, Colour.MUTE),
        (Colour.TRUTH, Colour.TEXT),
        (Colour.LIE, Colour.TEXT),
        (Colour.MUTE, Colour.TEXT),
        (Colour.GO, Colour.LIE),  # what to press next, beside an answer
        (Colour.GO, Colour.TRUTH),
        (Colour.GO, Colour.TEXT),
        (Colour.GO, Colour.WARN),  # a warning of the staff's lamps, beside what to press
        (Colour.WARN, Colour.TEXT),
        (Colour.WARN, Colour.LINE),
        (
            Colour.TRUTH,
            Colour.LINE,
        ),  # the ends of the maps that weigh one answer against another, and their middle
        (Colour.LIE, Colour.LINE),
    )
}
SIGNS = {f"{one} and {other}": (SPLASHES[one], SPLASHES[other]) for one, other in combinations(SPLASHES, 2)}
PAINTS = {
    f"{one.name} and {other.name} paint": (one.value, other.value) for one, other in combinations(Paint, 2)
}


def seen(rgb: Rgb255, vision: str) -> Rgb255:
    """Return how a colour looks to that vision."""
    value = np.array(rgb) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    there = np.clip(np.array(VISIONS[vision]) @ linear, 0, 1)
    encoded = np.where(there <= 0.0031308, 12.92 * there, 1.055 * there ** (1 / 2.4) - 0.055)
    r, g, b = (round(float(channel) * 255) for channel in encoded)
    return r, g, b


def distance(one: Rgb255, other: Rgb255) -> float:
    """Return how far apart two colours are, by CIEDE2000."""
    labs = [color.rgb2lab(np.array([[rgb]], np.float64) / 255) for rgb in (one, other)]
    return float(color.deltaE_ciede2000(*labs)[0, 0])  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("vision", VISIONS)
def test_colours_that_mean_something_are_far_apart_for_everybody(vision: str) -> None:
    near = {
        pair: round(apart, 1)
        for pair, (one, other) in (APART | SIGNS | PAINTS).items()
        if (apart := distance(seen(one, vision), seen(other, vision))) < FAR_APART
    }
    assert near == {}


@pytest.mark.parametrize("vision", VISIONS)
def test_everybody_can_read_the_words_and_see_the_bars(vision: str) -> None:
    for colour in (Colour.TEXT, Colour.MUTE, Colour.TRUTH, Colour.LIE, Colour.GO):
        for ground in (Colour.INK, Colour.PANEL):
            assert contrast(seen(RGB[colour], vision), seen(RGB[ground], vision)) >= 4.5, (colour, ground)
    for colour in (Colour.MUTE, Colour.TRUTH, Colour.LIE):
        assert contrast(seen(RGB[colour], vision), seen(RGB[Colour.TRACK], vision)) >= 3.0, colour
    for name, rgb in SPLASHES.items():
        assert contrast(seen(rgb, vision), seen(RGB[Colour.PANEL], vision)) >= 3.0, name


def test_the_simulation_is_the_published_one() -> None:
    """White stays white to all; to a deutan red and green of the same lightness become one."""
    for vision in VISIONS:
        assert seen((255, 255, 255), vision) == pytest.approx((255, 255, 255), abs=1)
        assert seen((0, 0, 0), vision) == (0, 0, 0)
    red, green = (200, 90, 90), (105, 140, 80)
    assert distance(red, green) > 40
    assert distance(seen(red, "deutan"), seen(green, "deutan")) < 10


def test_maps_and_sheets_have_the_colours_of_the_screen() -> None:
    of_screen = (RGB[Colour.TRUTH], RGB[Colour.LIE])
    assert of_screen == (heatmap.AGAINST, heatmap.FOR)
    assert tuple("#{:02x}{:02x}{:02x}".format(*rgb) for rgb in of_screen) == (sheet.TRUTH, sheet.LIE)


def test_every_paint_of_the_wall_has_a_shape_of_its_own() -> None:
    shapes = {name: _shape(name) for name in SPLASHES}
    for one, other in combinations(shapes, 2):
        both = (shapes[one] & shapes[other]).sum() / (shapes[one] | shapes[other]).sum()
        assert both < ALIKE, (one, other, both)


def _shape(icon: str) -> NDArray[np.bool_]:
    drawn = draw_icon(icon, 64, RGB[Colour.TEXT])
    return np.asarray(pygame.surfarray.array_alpha(drawn)) > 127
