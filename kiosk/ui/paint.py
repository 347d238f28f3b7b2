"""The only drawing code: a scene on a surface, repainting no more than what changed."""

import math
import os
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO

import numpy as np
import pygame
from numpy.typing import NDArray

from kiosk.core.scene import (
    Bar,
    Box,
    Colour,
    Control,
    Curves,
    Dot,
    Icon,
    Item,
    Legend,
    Look,
    Picture,
    Plate,
    Ring,
    Scene,
    Swatch,
    Trail,
    Weight,
    Words,
)
from kiosk.ui import shapes
from kiosk.ui.controls import control_parts
from kiosk.ui.curves import draw_curves, draw_trail
from kiosk.ui.fonts import Fonts, aligned
from kiosk.ui.glyphs import Glyphs
from kiosk.ui.icons import draw_icon
from kiosk.ui.surfaces import Surfaces
from kiosk.ui.tokens import CIVIDIS, PULL, RGB, Rgb255, lighter

PicturesByKey = Mapping[str, NDArray[np.uint8]]
Mark = tuple[Item, bool, bool, int]
Scaled = tuple[str, int, bool, int, Colour, Box | None]

SINK_PX = 2
GLOW_PX = 6
CELLS = 14
SMALL_RING_PX = 90


class Painter:
    """Owns the fonts and everything drawn once; `paint` draws a scene and says which parts changed."""

    def __init__(self, surface: pygame.Surface) -> None:
        self._surface = surface
        self._fonts, self._glyphs = Fonts(), Glyphs()
        self._keep = Surfaces()
        self._scaled: dict[Scaled, tuple[NDArray[np.uint8], pygame.Surface]] = {}
        self._marks: dict[Mark, int] = {}
        self._frame: tuple[str, int, int] | None = None
        self._order = [int(cell) for cell in np.random.default_rng(7).permutation(CELLS * CELLS)]

    def paint(self, scene: Scene, pictures: PicturesByKey) -> list[pygame.Rect]:
        """Return the rectangles that were repainted (none where nothing changed)."""
        marks = self._marked(scene, pictures)
        frame = (scene.name, scene.width_px, scene.height_px)
        whole = self._surface.get_rect()
        if frame != self._frame:
            dirty = [whole]
        else:
            changed = [mark for mark, at in marks.items() if self._marks.get(mark) != at]
            changed += [mark for mark in self._marks if mark not in marks]
            dirty = _merged([_extent(item).clip(whole) for item, *_ in changed])
        self._frame, self._marks = frame, marks
        shown = {item.key for item in scene.items if isinstance(item, Picture)}
        self._scaled = {key: kept for key, kept in self._scaled.items() if key[0] in shown}
        for rect in dirty:
            self._surface.set_clip(rect)
            self._surface.fill(RGB[Colour.INK], rect)
            for item, focused, pressed, _ in marks:
                if _extent(item).colliderect(rect):
                    self._draw(item, pictures, focused, pressed, scene)
        self._surface.set_clip(None)
        return dirty

    def rehearse(self, scene: Scene) -> None:
        """Draw all parts of a scene once, unseen, so that its first frame is quick."""
        shown, self._surface = self._surface, pygame.Surface(self._surface.get_size(), 0, self._surface)
        self.repaint()
        self.paint(scene, {})
        self._surface = shown
        self.repaint()

    def forget(self) -> None:
        """Drop every picture: nothing of a visitor stays behind in a cache."""
        self._scaled.clear()
        self.repaint()

    def repaint(self) -> None:
        """Draw everything at the next `paint`."""
        self._marks.clear()
        self._frame = None

    def _marked(self, scene: Scene, pictures: PicturesByKey) -> dict[Mark, int]:
        """Return every item with what decides how it looks, and its place in the order."""
        marks: dict[Mark, int] = {}
        for number, item in enumerate(scene.items):
            focused = pressed = False
            version = 0
            if isinstance(item, Control):
                focused, pressed = item.id == scene.focused, item.id == scene.pressed
            elif isinstance(item, Picture) and item.key in pictures:
                version = id(pictures[item.key])
            marks[(item, focused, pressed, version)] = number
        return marks

    def _draw(self, item: Item, pictures: PicturesByKey, focused: bool, pressed: bool, scene: Scene) -> None:
        match item:
            case Plate():
                self._plate(item)
            case Words():
                self._words(item)
            case Picture():
                self._picture(item, pictures)
            case Bar():
                self._bar(item)
            case Icon():
                self._icon(item)
            case Ring():
                self._ring(item)
            case Dot():
                self._dot(item)
            case Swatch():
                self._swatch(item)
            case Legend(box, two_sided):
                stops = PULL if two_sided else CIVIDIS
                key = ("legend", box.w, box.h, two_sided)
                surface = self._keep(key, lambda: shapes.legend(box.w, box.h, stops))
                self._surface.blit(surface, box[:2])
            case Curves():
                draw_curves(self._surface, item)
            case Trail():
                draw_trail(self._surface, item)
            case Control():
                self._control(item, focused, pressed, scene)

    def _plate(self, item: Plate, fill: Rgb255 | None = None) -> None:
        if item.box.w > 0 and item.box.h > 0:
            inside = fill or (RGB[item.fill] if item.fill else None)
            line = RGB[item.outline] if item.outline else None
            shapes.draw_plate(self._surface, self._keep, item, inside, line)

    def _words(self, item: Words) -> None:
        fitted = self._fonts.fitted(item)
        step = fitted.step_px
        y = item.box.y + ((item.box.h - fitted.height_px) // 2 if item.middle else 0)
        left_to_strike = item.strike
        for line in fitted.lines:
            surfaces = [self._type(run.text, run.colour, item.weight, fitted.size_px) for run in line]
            x = aligned(item.align, item.box, sum(surface.get_width() for surface in surfaces))
            for number, surface in enumerate(surfaces):
                self._surface.blit(surface, (x, y + (step - surface.get_height()) // 2))
                if left_to_strike > 0 and number == 0 and line is fitted.lines[0]:
                    thick = max(3, fitted.size_px // 12)
                    width = round(surface.get_width() * left_to_strike)
                    middle = y + round(step * 0.56)
                    self._surface.fill(RGB[line[0].colour], (x, middle - thick // 2, width, thick))
                x += surface.get_width()
            y += step

    def _type(self, text: str, colour: Colour, weight: Weight, size_px: int) -> pygame.Surface:
        key = ("type", text, colour, weight, size_px)
        return self._keep(key, lambda: self._fonts.font(weight, size_px).render(text, True, RGB[colour]))

    def _picture(self, item: Picture, pictures: PicturesByKey) -> None:
        box = item.box
        if box.w <= 0:
            return
        array = pictures.get(item.key)
        if array is None or item.covered >= 1.0:
            self._plate(Plate(box, item.radius_px))
            if array is None and item.key:
                self._icon(Icon(box.square(box.w // 4), "picture", Colour.LINE))
            return
        self._surface.blit(self._picture_surface(item, array), box[:2])
        if item.covered > 0:
            self._cover(item)
        if item.outline is not None:
            self._plate(Plate(box, item.radius_px, None, item.outline, 3))

    def _picture_surface(self, item: Picture, array: NDArray[np.uint8]) -> pygame.Surface:
        """Return the picture at its size with round corners; kept while it is the same array."""
        box = item.box
        key = (item.key, box.w, item.mirrored, item.radius_px, item.behind, item.part)
        kept = self._scaled.get(key)
        if kept is not None and kept[0] is array:
            return kept[1]
        shown, scale = array, pygame.transform.smoothscale
        if item.part is not None:
            shown, scale = (
                array[item.part.y : item.part.bottom, item.part.x : item.part.right],
                pygame.transform.scale,
            )
        pixels = np.ascontiguousarray(shown)
        source = pygame.image.frombuffer(pixels.data, (shown.shape[1], shown.shape[0]), "RGB")
        if item.mirrored:
            source = pygame.transform.flip(source, True, False)
        target = kept[1] if kept is not None else pygame.Surface((box.w, box.h), 0, self._surface)
        # smoothscale copies bytes as they are: both surfaces must have one pixel format
        scale(source.convert(target), (box.w, box.h), target)
        behind = RGB[item.behind]
        r = min(item.radius_px, box.w // 2)
        places = ((0, 0), (box.w - r, 0), (0, box.h - r), (box.w - r, box.h - r))
        for number, place in enumerate(places):
            corner = self._corner(number, r, behind)
            target.blit(corner, place)
        self._scaled[key] = (array, target)
        return target

    def _corner(self, number: int, radius_px: int, behind: Rgb255) -> pygame.Surface:
        """Return one of the four pieces that round a picture's corners."""
        key = ("corner", number, radius_px, behind)
        return self._keep(key, lambda: shapes.corners(radius_px, behind)[number])

    def _cover(self, item: Picture) -> None:
        """Grey squares over a part of the picture, in no visible order."""
        box, cells = item.box, CELLS * CELLS
        for cell in self._order[: round(item.covered * cells)]:
            row, column = divmod(cell, CELLS)
            x, y = box.x + column * box.w // CELLS, box.y + row * box.h // CELLS
            right, bottom = box.x + (column + 1) * box.w // CELLS, box.y + (row + 1) * box.h // CELLS
            self._surface.fill(RGB[Colour.PANEL], (x, y, right - x, bottom - y))
        r = min(item.radius_px, box.w // 2)
        behind = RGB[item.behind]
        places = (
            (box.x, box.y),
            (box.right - r, box.y),
            (box.x, box.bottom - r),
            (box.right - r, box.bottom - r),
        )
        for number, place in enumerate(places):
            corner = self._corner(number, r, behind)
            self._surface.blit(corner, place)

    def _bar(self, item: Bar) -> None:
        box = item.box
        if item.track is not None:
            self._pill(box, item.track)
        if item.share > 0.004:
            width = max(box.h, round(box.w * min(1.0, item.share)))
            self._pill(box.left(min(width, box.w)), item.colour)

    def _pill(self, box: Box, colour: Colour) -> None:
        """A bar with round ends, put together from two caps and a middle."""
        if box.w < box.h or box.h < 4:
            self._surface.fill(RGB[colour], box)
            return
        cap = self._keep(
            ("pill", box.h, colour), lambda: shapes.plate(2 * box.h, box.h, box.h, RGB[colour], None, 0)
        )
        half = box.h // 2
        self._surface.blit(cap, box[:2], (0, 0, half, box.h))
        self._surface.blit(cap, (box.right - half, box.y), (2 * box.h - half, 0, half, box.h))
        self._surface.fill(RGB[colour], (box.x + half, box.y, box.w - 2 * half, box.h))

    def _icon(self, item: Icon) -> None:
        side = min(item.box.w, item.box.h)
        if side > 0:
            rgb = RGB[item.colour]
            draw = self._glyphs.draw if self._glyphs.has(item.name) else draw_icon
            surface = self._keep(("icon", item.name, side, rgb), lambda: draw(item.name, side, rgb))
            self._surface.blit(surface, item.box.square(side)[:2])

    def _ring(self, item: Ring) -> None:
        """A small one exactly; a large one drawn whole once, what is missing of it covered by a wedge."""
        box, rgb, width = item.box, RGB[item.colour], item.width_px
        if box.w <= SMALL_RING_PX:
            part, track = round(item.share * 60) / 60, RGB[Colour.LINE]
            key = ("dial", box.w, width, rgb, part)
            dial = self._keep(key, lambda: shapes.dial(box.w, width, part, rgb, track))
            self._surface.blit(dial, box[:2])
            return
        if item.share <= 0:
            return
        if item.radius_px:
            self._plate(Plate(box, item.radius_px, None, item.colour, width))
        else:
            surface = self._keep(("ring", box.w, width, rgb), lambda: shapes.ring(box.w, width, rgb))
            self._surface.blit(surface, box[:2])
        if item.share >= 1:
            return
        x, y = box.x + box.w / 2, box.y + box.h / 2
        turns = [item.share + (1 - item.share) * i / 64 for i in range(65)]
        edge = [(x + box.w * math.sin(math.tau * t), y - box.w * math.cos(math.tau * t)) for t in turns]
        clip = self._surface.get_clip()
        self._surface.set_clip(clip.clip(pygame.Rect(box)))
        pygame.draw.polygon(self._surface, RGB[Colour.INK], [(x, y), *edge])
        self._surface.set_clip(clip)

    def _dot(self, item: Dot) -> None:
        side = min(item.box.w, item.box.h)
        rgb = RGB[item.colour]
        if item.filled:
            surface = self._keep(("dot", side, rgb), lambda: shapes.plate(side, side, side, rgb, None, 0))
        else:
            surface = self._keep(
                ("dot", side, rgb, "open"),
                lambda: shapes.plate(side, side, side, RGB[Colour.INK], rgb, max(2, side // 6)),
            )
        self._surface.blit(surface, item.box[:2])

    def _swatch(self, item: Swatch) -> None:
        side = min(item.box.w, item.box.h)
        rim = RGB[Colour.MUTE]
        surface = self._keep(
            ("swatch", side, item.rgb),
            lambda: shapes.plate(side, side, side, item.rgb, rim, max(2, side // 20)),
        )
        self._surface.blit(surface, item.box.square(side)[:2])

    def _control(self, control: Control, focused: bool, pressed: bool, scene: Scene) -> None:
        box = control.box
        if control.look is Look.WHOLE:
            return
        if control.look is Look.BARE:
            if focused or pressed:
                self._plate(Plate(box, control.radius_px, None, Colour.GO if focused else Colour.TEXT, 4))
            return
        if control.off:
            self._off(control, focused, scene)
            return
        fill = RGB[Colour.GO] if focused else RGB[Colour.PANEL]
        down = SINK_PX if pressed else 0
        face = Box(box.x, box.y + down, box.w, box.h)
        if focused:
            glow = box.inset(-GLOW_PX)
            self._plate(Plate(glow, control.radius_px + GLOW_PX), _dimmed(fill))
        outline = None if focused else control.outline
        width = 3 if control.outline not in (None, Colour.LINE) else 2
        self._plate(
            Plate(face, control.radius_px, Colour.PANEL, outline, width),
            lighter(fill, 0.25) if pressed else fill,
        )
        ink = Colour.INK if focused else control.tint
        for item in control_parts(replace(control, box=face), ink, self._fonts):
            self._draw(item, {}, False, False, scene)
        if focused and scene.arrows and len(scene.controls) > 3:
            side = max(14, control.size_px * 3 // 4)
            corner = Box(face.right - side - side // 3, face.y + side // 3, side, side)
            self._icon(Icon(corner, "arrows", Colour.INK))

    def _off(self, control: Control, focused: bool, scene: Scene) -> None:
        """A control that can do nothing now: no surface, only a faint outline and faint words."""
        outline = Colour.GO if focused else Colour.LINE
        self._plate(Plate(control.box, control.radius_px, Colour.INK, outline))
        for item in control_parts(control, Colour.FAINT, self._fonts):
            self._draw(item, {}, False, False, scene)


def _dimmed(rgb: Rgb255) -> Rgb255:
    """Return a colour as a faint glow on the background."""
    ink = RGB[Colour.INK]
    r, g, b = (round(ink[c] + (rgb[c] - ink[c]) * 0.22) for c in range(3))
    return r, g, b


def _extent(item: Item) -> pygame.Rect:
    """Return what an item may draw on."""
    rect = pygame.Rect(item.box)
    return rect.inflate(2 * GLOW_PX + 4, 2 * GLOW_PX + 4) if isinstance(item, Control) else rect.inflate(4, 4)


def _merged(rects: list[pygame.Rect]) -> list[pygame.Rect]:
    """Rectangles that cover the same without overlapping each other."""
    found: list[pygame.Rect] = []
    for rect in rects:
        if rect.w == 0 or rect.h == 0:
            continue
        merged = rect.copy()
        while (at := merged.collidelist(found)) >= 0:
            merged.union_ip(found.pop(at))
        found.append(merged)
    return found


def painted(scene: Scene, pictures: PicturesByKey) -> pygame.Surface:
    """Return the scene as a surface; needs no display."""
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    surface = pygame.Surface((scene.width_px, scene.height_px), 0, 32)
    Painter(surface).paint(scene, pictures)
    return surface


def scene_png(scene: Scene, pictures: PicturesByKey) -> bytes:
    """Return the scene as a PNG file's bytes; needs no display."""
    out = BytesIO()
    pygame.image.save(painted(scene, pictures), out, "scene.png")
    return out.getvalue()
