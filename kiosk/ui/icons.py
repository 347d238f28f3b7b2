"""The drawings of the controls, one function an icon, by name."""

import math
from collections.abc import Callable, Mapping
from functools import partial

import pygame

from kiosk.ui.drawings.cards import CARD_ICONS
from kiosk.ui.painting_icons import PAINTING_ICONS
from kiosk.ui.pen import Pen, Point
from kiosk.ui.sign_icons import SIGN_ICONS, SPLASHES
from kiosk.ui.staff_icons import STAFF_ICONS
from kiosk.ui.target_icons import TARGET_ICONS
from kiosk.ui.tokens import Rgb255


def _hand(pen: Pen) -> None:
    pen.line([(44, 20), (44, 60)], 13)
    pen.line([(58, 46), (58, 60)], 12)
    pen.line([(71, 50), (71, 62)], 12)
    pen.blob([(37, 52), (77, 52), (77, 72), (68, 90), (46, 90), (34, 76), (22, 62), (27, 54), (36, 62)])
    pen.arc(44, 22, 17, 190, 350, 5)


def _camera(pen: Pen) -> None:
    pen.box(8, 28, 84, 56, 12)
    pen.box(34, 16, 32, 22, 8)
    pen.disc(50, 56, 21, cut=True)
    pen.disc(50, 56, 13)
    pen.disc(79, 40, 4.5, cut=True)


def _no_camera(pen: Pen) -> None:
    _camera(pen)
    pen.line([(12, 8), (92, 94)], 18, cut=True)
    pen.line([(12, 8), (92, 94)], 8)


def _again(pen: Pen) -> None:
    pen.arc(50, 53, 31, -60, 215, 9)
    pen.poly([(66, 4), (66, 44), (34, 24)])


def _other(pen: Pen) -> None:
    pen.line([(12, 34), (74, 34)], 9)
    pen.poly([(66, 14), (94, 34), (66, 54)])
    pen.line([(88, 70), (26, 70)], 9)
    pen.poly([(34, 50), (6, 70), (34, 90)])


def _anything(pen: Pen) -> None:
    pen.arc(50, 50, 36, 0, 360, 9)
    pen.line([(26, 74), (74, 26)], 9)


def _letters(pen: Pen) -> None:
    pen.line([(8, 78), (27, 22), (46, 78)], 9)
    pen.line([(15, 60), (39, 60)], 8)
    pen.line([(58, 24), (92, 24), (58, 78), (92, 78)], 9)


def _back(pen: Pen) -> None:
    pen.line([(88, 50), (18, 50)], 10)
    pen.line([(44, 20), (14, 50), (44, 80)], 10)


def _minus(pen: Pen) -> None:
    pen.line([(18, 50), (82, 50)], 13)


def _plus(pen: Pen) -> None:
    pen.line([(18, 50), (82, 50)], 13)
    pen.line([(50, 18), (50, 82)], 13)


def _equals(pen: Pen) -> None:
    pen.line([(18, 35), (82, 35)], 13)
    pen.line([(18, 65), (82, 65)], 13)


def _bolt(pen: Pen) -> None:
    pen.poly([(58, 2), (18, 56), (46, 56), (38, 98), (82, 40), (53, 40)])


def _eye(pen: Pen) -> None:
    pen.blob([(4, 50), (26, 26), (50, 18), (74, 26), (96, 50), (74, 74), (50, 82), (26, 74)])
    pen.blob([(15, 50), (30, 34), (50, 27), (70, 34), (85, 50), (70, 66), (50, 73), (30, 66)], cut=True)
    pen.disc(50, 50, 15)


def _lens(pen: Pen) -> None:
    pen.line([(62, 62), (92, 92)], 15)
    pen.disc(40, 40, 34)
    pen.disc(40, 40, 23, cut=True)


def _grain(pen: Pen) -> None:
    for row, marks in enumerate(("10110", "01001", "11010", "00101", "10110")):
        for column, mark in enumerate(marks):
            if mark == "1":
                pen.box(8 + 17 * column, 8 + 17 * row, 15, 15, 3)


def _flip(pen: Pen) -> None:
    pen.box(6, 18, 36, 64, 8)
    pen.box(58, 18, 36, 64, 8)
    pen.box(66, 26, 20, 48, 4, cut=True)
    pen.line([(50, 6), (50, 94)], 5)


def _picture(pen: Pen) -> None:
    pen.box(8, 14, 84, 72, 12)
    pen.box(17, 23, 66, 54, 6, cut=True)
    pen.disc(36, 40, 8)
    pen.poly([(17, 77), (44, 50), (58, 64), (68, 52), (83, 70), (83, 77)])


def _wait(pen: Pen) -> None:
    pen.line([(24, 10), (76, 10)], 9)
    pen.line([(24, 90), (76, 90)], 9)
    pen.poly(
        [(28, 12), (72, 12), (72, 26), (54, 50), (72, 74), (72, 88), (28, 88), (28, 74), (46, 50), (28, 26)]
    )
    pen.poly([(36, 19), (64, 19), (64, 24), (59, 31), (41, 31), (36, 24)], cut=True)
    pen.poly([(50, 57), (61, 72), (39, 72)], cut=True)


def _hold(pen: Pen) -> None:
    for x, y in ((12, 12), (88, 12), (12, 88), (88, 88)):
        pen.line([(x, y), (x + (20 if x < 50 else -20), y)], 9)
        pen.line([(x, y), (x, y + (20 if y < 50 else -20))], 9)
    pen.disc(50, 50, 15)


def _wrench(pen: Pen) -> None:
    pen.line([(22, 80), (64, 36)], 19)
    pen.disc(70, 30, 24)
    pen.poly([(68, 32), (78, -4), (108, 22)], cut=True)
    pen.disc(23, 79, 5, cut=True)


def _arrows(pen: Pen) -> None:
    pen.line([(26, 38), (50, 14), (74, 38)], 12)
    pen.line([(26, 62), (50, 86), (74, 62)], 12)


def _button(pen: Pen) -> None:
    pen.disc(50, 50, 34)


def _button_held(pen: Pen) -> None:
    pen.disc(50, 50, 22)
    pen.arc(50, 50, 40, 0, 360, 9)


def _cards(pen: Pen) -> None:
    pen.poly([(8, 24), (48, 10), (56, 34), (40, 44), (40, 80), (26, 82)])
    pen.box(42, 30, 46, 62, 9)
    pen.disc(65, 61, 9, cut=True)


def _dice(pen: Pen) -> None:
    pen.box(8, 8, 84, 84, 18)
    for x, y in ((29, 29), (71, 29), (50, 50), (29, 71), (71, 71)):
        pen.disc(x, y, 8.5, cut=True)


TILTS_DEG = range(0, 90, 10)  # after a quarter turn a die looks as it did
_RISING, _FALLING, _SIDES = ((-1, 1), (1, -1)), ((-1, -1), (1, 1)), ((-1, 0), (1, 0))
_PIPS: Mapping[int, tuple[tuple[int, int], ...]] = {
    1: ((0, 0),),
    2: _RISING,
    3: (*_RISING, (0, 0)),
    4: (*_RISING, *_FALLING),
    5: (*_RISING, *_FALLING, (0, 0)),
    6: (*_RISING, *_FALLING, *_SIDES),
}


def _die(face: int, tilt_deg: int, pen: Pen) -> None:
    """Draw a face of a die, tilted, so that it can be seen to roll."""
    c, s = math.cos(math.radians(tilt_deg)), math.sin(math.radians(tilt_deg))

    def at(x: int, y: int, far: float) -> Point:
        return 50 + far * (x * c - y * s), 50 + far * (x * s + y * c)

    corners = [at(x, y, 27) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    pen.poly(corners)
    pen.line([*corners, corners[0]], 16)
    for x, y in _PIPS[face]:
        pen.disc(*at(x, y, 17), 6.6, cut=True)


def _curve(pen: Pen) -> None:
    pen.line([(10, 10), (10, 90), (92, 90)], 8)
    pen.curve([(24, 74), (40, 46), (60, 30), (88, 22)], 8)


def _done(pen: Pen) -> None:
    pen.line([(12, 54), (38, 80), (88, 22)], 14)


def _earlier(pen: Pen) -> None:
    pen.line([(64, 14), (30, 50), (64, 86)], 13)


def _later(pen: Pen) -> None:
    pen.line([(36, 14), (70, 50), (36, 86)], 13)


def _vaccine(pen: Pen) -> None:
    pen.line([(72, 6), (94, 28)], 9)
    pen.line([(83, 17), (68, 32)], 9)
    pen.poly([(58, 16), (84, 42), (44, 82), (18, 56)])
    pen.line([(24, 76), (6, 94)], 6)
    for x, y in ((54, 36), (44, 46), (34, 56)):
        pen.line([(x - 4, y - 4), (x + 6, y + 6)], 5, cut=True)


def _stick(pen: Pen) -> None:
    pen.box(26, 36, 48, 60, 10)
    pen.box(34, 4, 32, 36, 4)
    pen.box(41, 13, 6, 9, cut=True)
    pen.box(53, 13, 6, 9, cut=True)
    pen.line([(36, 41), (64, 41)], 4, cut=True)


def _teach(pen: Pen) -> None:
    pen.poly([(50, 14), (98, 38), (50, 62), (2, 38)])
    pen.poly([(24, 56), (50, 69), (76, 56), (76, 74), (50, 86), (24, 74)])
    pen.line([(90, 42), (90, 72)], 5)
    pen.disc(90, 76, 6)


def _record(pen: Pen) -> None:
    pen.arc(50, 50, 38, 0, 360, 9)
    pen.disc(50, 50, 23)


def _train(pen: Pen) -> None:
    pen.disc(50, 38, 32)
    pen.box(36, 62, 28, 14, 3)
    pen.line([(38, 82), (62, 82)], 7)
    pen.line([(44, 92), (56, 92)], 7)
    pen.curve([(38, 36), (44, 42), (50, 36), (56, 42), (62, 36)], 5, cut=True)
    pen.line([(50, 40), (50, 60)], 5, cut=True)


def _album(pen: Pen) -> None:
    pen.box(24, 8, 68, 62, 10)
    pen.box(4, 24, 76, 70, 12, cut=True)
    pen.box(8, 28, 68, 62, 10)
    pen.poly([(16, 82), (34, 58), (46, 70), (56, 60), (68, 76), (68, 82)], cut=True)
    pen.disc(58, 44, 6.5, cut=True)


def _bin(pen: Pen) -> None:
    pen.line([(18, 24), (82, 24)], 9)
    pen.line([(40, 12), (60, 12)], 9)
    pen.poly([(24, 34), (76, 34), (71, 94), (29, 94)])
    for x in (40, 60):
        pen.line([(x, 46), (x, 82)], 6, cut=True)


def _move(pen: Pen) -> None:
    pen.line([(8, 50), (56, 50)], 10)
    pen.poly([(48, 28), (78, 50), (48, 72)])
    pen.line([(62, 14), (92, 14), (92, 86), (62, 86)], 9)


def _forward(pen: Pen) -> None:
    pen.line([(12, 50), (82, 50)], 10)
    pen.line([(56, 20), (86, 50), (56, 80)], 10)


def _model(pen: Pen) -> None:
    pen.box(22, 22, 56, 56, 8)
    pen.box(36, 36, 28, 28, 5, cut=True)
    for at in (34, 50, 66):
        for near, far in ((6, 16), (84, 94)):
            pen.line([(at, near), (at, far)], 6)
            pen.line([(near, at), (far, at)], 6)


def _cancel(pen: Pen) -> None:
    pen.line([(22, 22), (78, 78)], 11)
    pen.line([(78, 22), (22, 78)], 11)


def _matrix(pen: Pen) -> None:
    for row, y in enumerate((8, 38, 68)):
        for column, x in enumerate((8, 38, 68)):
            pen.box(x, y, 25, 25, 5)
            if row != column:
                pen.box(x + 6, y + 6, 13, 13, 2, cut=True)


def _nearly(pen: Pen) -> None:
    for y in (36, 66):
        pen.curve([(12, y + 6), (31, y - 8), (50, y), (69, y + 8), (88, y - 6)], 11)


def _unsure(pen: Pen) -> None:
    pen.curve([(28, 32), (34, 16), (52, 10), (70, 20), (70, 38), (54, 50), (50, 66)], 13)
    pen.disc(50, 88, 9)


def _pushes(pen: Pen) -> None:
    for y, end in ((22, 84), (50, 92), (78, 84)):
        pen.line([(10, y), (end, y)], 9)
        pen.line([(end - 18, y - 11), (end, y), (end - 18, y + 11)], 9)


def _closer(pen: Pen) -> None:
    pen.arc(42, 42, 30, 0, 360, 9)
    pen.line([(65, 65), (92, 92)], 12)
    pen.line([(28, 42), (56, 42)], 8)
    pen.line([(42, 28), (42, 56)], 8)


def _one(pen: Pen) -> None:
    pen.arc(50, 50, 40, 0, 360, 8)
    pen.line([(38, 38), (52, 27), (52, 74)], 10)


def _no_person(pen: Pen) -> None:
    pen.disc(50, 28, 20)
    pen.blob([(14, 92), (18, 66), (36, 54), (64, 54), (82, 66), (86, 92)])
    pen.line([(10, 8), (92, 94)], 18, cut=True)
    pen.line([(10, 8), (92, 94)], 8)


ICONS: Mapping[str, Callable[[Pen], None]] = {
    "hand": _hand,
    "camera": _camera,
    "no-camera": _no_camera,
    "again": _again,
    "other": _other,
    "nearly": _nearly,
    "closer": _closer,
    "one": _one,
    "no-person": _no_person,
    "unsure": _unsure,
    "anything": _anything,
    "letters": _letters,
    "back": _back,
    "minus": _minus,
    "plus": _plus,
    "equals": _equals,
    "bolt": _bolt,
    "eye": _eye,
    "lens": _lens,
    "flip": _flip,
    "grain": _grain,
    "picture": _picture,
    "pushes": _pushes,
    "wait": _wait,
    "hold": _hold,
    "wrench": _wrench,
    "arrows": _arrows,
    "button": _button,
    "button-held": _button_held,
    "teach": _teach,
    "record": _record,
    "train": _train,
    "album": _album,
    "bin": _bin,
    "move": _move,
    "forward": _forward,
    "model": _model,
    "matrix": _matrix,
    "cancel": _cancel,
    "cards": _cards,
    "dice": _dice,
    "curve": _curve,
    "done": _done,
    "earlier": _earlier,
    "later": _later,
    "stick": _stick,
    "vaccine": _vaccine,
    **{f"die-{face}-{tilt}": partial(_die, face, tilt) for face in _PIPS for tilt in TILTS_DEG},
    **CARD_ICONS,
    **PAINTING_ICONS,
    **STAFF_ICONS,
    **TARGET_ICONS,
    **SIGN_ICONS,
}


def draw_icon(name: str, side_px: int, rgb: Rgb255) -> pygame.Surface:
    """Return the icon of that name at a size, in one colour; a plain disc where there is no such drawing."""
    pen = Pen(side_px, SPLASHES.get(name, rgb))
    drawing = ICONS.get(name)
    if drawing is None:
        pen.disc(50, 50, 30)
    else:
        drawing(pen)
    return pen.finish()
