"""Smooth shapes as surfaces: round plates, corners, rings, the heat-map legend."""

import math
from collections.abc import Sequence

import numpy as np
import pygame
from numpy.typing import NDArray

from kiosk.core.scene import Plate
from kiosk.ui.surfaces import Surfaces
from kiosk.ui.tokens import Rgb255

Alpha = NDArray[np.float64]


def plate_alpha(width_px: int, height_px: int, radius_px: float, inset_px: float = 0.0) -> Alpha:
    """Return how much of each pixel a round rectangle covers. Shapes: (width, height), 0..1."""
    half_w, half_h = width_px / 2, height_px / 2
    radius = max(0.0, min(radius_px, half_w, half_h) - inset_px)
    x = np.abs(np.arange(width_px) + 0.5 - half_w)[:, None] - (half_w - inset_px - radius)
    y = np.abs(np.arange(height_px) + 0.5 - half_h)[None, :] - (half_h - inset_px - radius)
    outside = np.hypot(np.maximum(x, 0), np.maximum(y, 0)) + np.minimum(np.maximum(x, y), 0) - radius
    covered: Alpha = np.clip(0.5 - outside, 0.0, 1.0)
    return covered


def tinted(alpha: Alpha, rgb: Rgb255) -> pygame.Surface:
    """Return a surface of one colour that is as opaque as `alpha` says."""
    surface = pygame.Surface(alpha.shape, pygame.SRCALPHA)
    surface.fill((*rgb, 255))
    view = pygame.surfarray.pixels_alpha(surface)
    view[:] = np.round(alpha * 255).astype(np.uint8)
    del view  # a living view would keep the surface locked
    return surface


def plate(
    width_px: int,
    height_px: int,
    radius_px: float,
    fill: Rgb255 | None,
    outline: Rgb255 | None,
    outline_px: int,
) -> pygame.Surface:
    """Return a round rectangle with an outline inside its edge."""
    whole = plate_alpha(width_px, height_px, radius_px)
    if outline is None:
        return tinted(whole, fill) if fill is not None else tinted(whole * 0, (0, 0, 0))
    inner = plate_alpha(width_px, height_px, radius_px, outline_px)
    if fill is None:
        return tinted(np.clip(whole - inner, 0, 1), outline)
    surface = tinted(whole, outline)
    rgb = pygame.surfarray.pixels3d(surface)
    mixed = np.array(outline) * (1 - inner[..., None]) + np.array(fill) * inner[..., None]
    rgb[:] = np.round(mixed).astype(np.uint8)
    del rgb
    return surface


def draw_plate(
    surface: pygame.Surface, keep: Surfaces, item: Plate, fill: Rgb255 | None, outline: Rgb255 | None
) -> None:
    """Draw a plate in the given colours, None for what is not drawn; its corners, which all sizes share, are kept."""
    box, thick = item.box, item.outline_px
    radius = min(item.radius_px, box.w / 2, box.h / 2)
    reach = math.ceil(max(radius, thick if outline else 0))
    left, top = min(reach, box.w // 2), min(reach, box.h // 2)
    right, bottom = min(reach, box.w - left), min(reach, box.h - top)
    w, h = left + right, top + bottom
    corners = keep(
        ("plate", w, h, radius, fill, outline, thick),
        lambda: plate(w, h, radius, fill, outline, thick),
    )
    for x, from_x, part_w in ((box.x, 0, left), (box.right - right, left, right)):
        for y, from_y, part_h in ((box.y, 0, top), (box.bottom - bottom, top, bottom)):
            surface.blit(corners, (x, y), (from_x, from_y, part_w, part_h))
    wide, high = box.w - w, box.h - h
    if fill is not None:
        surface.fill(fill, (box.x + left, box.y, wide, box.h))
        surface.fill(fill, (box.x, box.y + top, left, high))
        surface.fill(fill, (box.right - right, box.y + top, right, high))
    if outline is not None:
        for y in (box.y, box.bottom - thick):
            surface.fill(outline, (box.x + left, y, wide, thick))
        for x in (box.x, box.right - thick):
            surface.fill(outline, (x, box.y + top, thick, high))


def corners(radius_px: int, behind: Rgb255) -> tuple[pygame.Surface, ...]:
    """Return the four pieces (top left, top right, bottom left, bottom right) that round a picture's corners."""
    size = max(1, radius_px)
    whole = 1.0 - plate_alpha(2 * size, 2 * size, size)
    parts = (whole[:size, :size], whole[size:, :size], whole[:size, size:], whole[size:, size:])
    return tuple(tinted(part, behind) for part in parts)


def ring(side_px: int, width_px: int, rgb: Rgb255) -> pygame.Surface:
    """Return a whole circle line inside a square."""
    outer = plate_alpha(side_px, side_px, side_px / 2)
    inner = plate_alpha(side_px, side_px, side_px / 2, width_px)
    return tinted(np.clip(outer - inner, 0, 1), rgb)


def dial(side_px: int, width_px: int, share: float, rgb: Rgb255, track: Rgb255) -> pygame.Surface:
    """Return a circle line of which a share, from the top clockwise, has the colour and the rest is the track."""
    outer = plate_alpha(side_px, side_px, side_px / 2)
    inner = plate_alpha(side_px, side_px, side_px / 2, width_px)
    surface = tinted(np.clip(outer - inner, 0, 1), track)
    at = np.arange(side_px) + 0.5 - side_px / 2
    turn = (np.arctan2(at[:, None], -at[None, :]) / (2 * np.pi)) % 1.0
    pixels = pygame.surfarray.pixels3d(surface)
    pixels[turn < share] = rgb
    del pixels
    return surface


def legend(width_px: int, height_px: int, colours: Sequence[Rgb255]) -> pygame.Surface:
    """Return a scale of evenly spaced colours from left to right, with round ends."""
    at = np.linspace(0, len(colours) - 1, width_px)
    stops = np.array(colours, dtype=np.float64)
    scale = np.stack([np.interp(at, np.arange(len(colours)), stops[:, c]) for c in range(3)], axis=-1)
    surface = tinted(plate_alpha(width_px, height_px, height_px / 2), (0, 0, 0))
    rgb = pygame.surfarray.pixels3d(surface)
    rgb[:] = np.round(scale)[:, None, :].astype(np.uint8)
    del rgb
    return surface
