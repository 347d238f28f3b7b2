"""The drawings on the staff's screens, one function an icon, by name."""

from collections.abc import Callable, Mapping

from kiosk.ui.pen import Pen


def _enter(pen: Pen) -> None:
    pen.line([(16, 54), (40, 78), (86, 24)], 13)


def _erase(pen: Pen) -> None:
    pen.poly([(4, 50), (32, 20), (96, 20), (96, 80), (32, 80)])
    pen.line([(50, 38), (74, 62)], 8, cut=True)
    pen.line([(74, 38), (50, 62)], 8, cut=True)


def _cross(pen: Pen) -> None:
    pen.line([(22, 22), (78, 78)], 13)
    pen.line([(78, 22), (22, 78)], 13)


def _moon(pen: Pen) -> None:
    pen.disc(46, 52, 38)
    pen.disc(64, 38, 34, cut=True)


def _unknown(pen: Pen) -> None:
    pen.arc(50, 34, 22, -180, 80, 11)
    pen.line([(54, 55), (50, 68)], 11)
    pen.disc(50, 86, 7)


def _warning(pen: Pen) -> None:
    pen.poly([(50, 6), (98, 90), (2, 90)])
    pen.line([(50, 36), (50, 58)], 10, cut=True)
    pen.disc(50, 75, 6, cut=True)


def _turn(pen: Pen) -> None:
    pen.arc(50, 54, 32, -40, 215, 9)
    pen.poly([(58, 10), (94, 14), (78, 48)])


def _mirror(pen: Pen) -> None:
    pen.line([(50, 6), (50, 94)], 7)
    pen.poly([(40, 20), (40, 80), (6, 80)])
    pen.poly([(60, 20), (60, 80), (94, 80)])
    pen.poly([(67, 44), (67, 73), (83, 73)], cut=True)


def _lamp(pen: Pen) -> None:
    pen.arc(50, 40, 28, 130, 410, 7)
    pen.line([(34, 64), (38, 76), (62, 76), (66, 64)], 7)
    pen.line([(40, 88), (60, 88)], 8)


def _lamp_lit(pen: Pen) -> None:
    pen.disc(50, 44, 24)
    pen.poly([(36, 60), (64, 60), (61, 76), (39, 76)])
    pen.line([(41, 88), (59, 88)], 8)
    for a, b in (((50, 4), (50, 12)), ((10, 44), (18, 44)), ((82, 44), (90, 44))):
        pen.line([a, b], 7)
    for a, b in (((20, 14), (26, 20)), ((80, 14), (74, 20))):
        pen.line([a, b], 7)


def _pulse(pen: Pen) -> None:
    pen.line([(8, 54), (30, 54), (41, 18), (58, 84), (70, 54), (92, 54)], 9)


def _counts(pen: Pen) -> None:
    pen.box(12, 54, 18, 34, 3)
    pen.box(41, 34, 18, 54, 3)
    pen.box(70, 12, 18, 76, 3)


def _sliders(pen: Pen) -> None:
    for y, x in ((22, 66), (50, 32), (78, 58)):
        pen.line([(8, y), (92, y)], 7)
        pen.disc(x, y, 12)
        pen.disc(x, y, 5, cut=True)


def _leave(pen: Pen) -> None:
    pen.box(8, 8, 52, 84, 6)
    pen.box(17, 17, 34, 66, 2, cut=True)
    pen.line([(38, 50), (84, 50)], 18, cut=True)
    pen.line([(38, 50), (84, 50)], 9)
    pen.line([(70, 32), (90, 50), (70, 68)], 9)


def _closed(pen: Pen) -> None:
    pen.line([(24, 40), (50, 10), (76, 40)], 6)
    pen.disc(50, 10, 6)
    pen.box(6, 38, 88, 48, 10)
    pen.line([(32, 70), (57, 55)], 10, cut=True)
    pen.disc(64, 52, 12, cut=True)
    pen.poly([(63, 53), (68, 34), (86, 46)])


def _open(pen: Pen) -> None:
    pen.line([(24, 40), (50, 10), (76, 40)], 6)
    pen.disc(50, 10, 6)
    pen.box(6, 38, 88, 48, 10)
    pen.line([(34, 62), (45, 73), (67, 51)], 8, cut=True)


def _film(pen: Pen) -> None:
    pen.box(6, 14, 88, 72, 8)
    for y in (20, 37, 54, 71):
        pen.box(12, y, 10, 9, 2, cut=True)
        pen.box(78, y, 10, 9, 2, cut=True)
    pen.poly([(38, 30), (72, 50), (38, 70)], cut=True)


STAFF_ICONS: Mapping[str, Callable[[Pen], None]] = {
    "closed": _closed,
    "counts": _counts,
    "cross": _cross,
    "enter": _enter,
    "erase": _erase,
    "film": _film,
    "lamp": _lamp,
    "lamp-lit": _lamp_lit,
    "leave": _leave,
    "mirror": _mirror,
    "moon": _moon,
    "open": _open,
    "pulse": _pulse,
    "sliders": _sliders,
    "turn": _turn,
    "unknown": _unknown,
    "warning": _warning,
}
