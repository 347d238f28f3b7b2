"""The drawings of the controls, one function an icon, by name."""

from collections.abc import Callable, Mapping

import pygame

from kiosk.ui.pen import Pen
from kiosk.ui.staff_icons import STAFF_ICONS
from kiosk.ui.target_icons import TARGET_ICONS
from kiosk.ui.tokens import Rgb


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


ICONS: Mapping[str, Callable[[Pen], None]] = {
    "hand": _hand,
    "camera": _camera,
    "no-camera": _no_camera,
    "again": _again,
    "other": _other,
    "anything": _anything,
    "letters": _letters,
    "back": _back,
    "minus": _minus,
    "plus": _plus,
    "equals": _equals,
    "bolt": _bolt,
    "eye": _eye,
    "picture": _picture,
    "wait": _wait,
    "hold": _hold,
    "wrench": _wrench,
    "arrows": _arrows,
    **STAFF_ICONS,
    **TARGET_ICONS,
}


def draw_icon(name: str, side_px: int, rgb: Rgb) -> pygame.Surface:
    """The icon of that name at a size, in one colour; a plain disc where there is no such drawing."""
    pen = Pen(side_px, rgb)
    drawing = ICONS.get(name)
    if drawing is None:
        pen.disc(50, 50, 30)
    else:
        drawing(pen)
    return pen.finish()
