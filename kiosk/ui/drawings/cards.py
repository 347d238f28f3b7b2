"""Drawings of the cards that look inside."""

from collections.abc import Callable, Mapping
from functools import partial

from kiosk.ui.pen import Pen


def _shield(pen: Pen) -> None:
    pen.blob([(50, 6), (86, 18), (84, 52), (50, 94), (16, 52), (14, 18)])
    pen.line([(32, 48), (46, 62), (70, 34)], 9, cut=True)


def _people(pen: Pen) -> None:
    for x in (24, 50, 76):
        pen.disc(x, 34, 11)
        pen.blob([(x - 14, 84), (x - 12, 58), (x, 52), (x + 12, 58), (x + 14, 84)])


def _race(pen: Pen) -> None:
    pen.line([(10, 90), (90, 90)], 6)
    pen.curve([(12, 24), (40, 30), (62, 66), (90, 78)], 8)
    pen.curve([(12, 78), (40, 70), (60, 34), (90, 16)], 8)


def _cover(pen: Pen) -> None:
    for row in range(3):
        for column in range(3):
            if (row, column) != (1, 1):
                pen.box(10 + column * 28, 10 + row * 28, 24, 24, 4)
    pen.line([(41, 41), (59, 59)], 5)
    pen.line([(59, 41), (41, 59)], 5)


def _memory(pen: Pen) -> None:
    pen.blob([(18, 50), (24, 24), (50, 12), (78, 24), (84, 50), (66, 70), (34, 70)])
    pen.disc(30, 82, 8)
    pen.disc(16, 93, 5)
    pen.box(36, 28, 30, 26, 4, cut=True)


def _judges(pen: Pen) -> None:
    pen.line([(50, 12), (50, 84)], 7)
    pen.line([(18, 26), (82, 26)], 7)
    pen.line([(30, 90), (70, 90)], 8)
    for x in (20, 80):
        pen.line([(x, 28), (x - 12, 58)], 4)
        pen.line([(x, 28), (x + 12, 58)], 4)
        pen.blob([(x - 16, 58), (x + 16, 58), (x, 72)])


def _spot(pen: Pen) -> None:
    pen.box(6, 20, 40, 50, 5)
    pen.box(54, 20, 40, 50, 5)
    pen.arc(26, 38, 8, 180, 400, 6, cut=True)
    pen.arc(74, 38, 8, 180, 400, 6, cut=True)
    for x in (26, 74):
        pen.disc(x, 60, 4, cut=True)


def _flag(pen: Pen) -> None:
    pen.line([(24, 8), (24, 94)], 8)
    pen.box(28, 12, 58, 42, 4)
    for x, y in ((28, 12), (57, 12), (42, 33), (71, 33)):
        pen.box(x, y, 14, 21, 0, cut=True)


def _inside(pen: Pen) -> None:
    for x, high in ((8, 16), (28, 26), (48, 42), (68, 66)):
        pen.box(x, 88 - high, 15, high, 3)
    pen.line([(10, 52), (72, 10)], 5)
    pen.line([(56, 10), (74, 8), (72, 26)], 5)


def _map(pen: Pen) -> None:
    for x, left, right in ((8, 26, 14), (37, 14, 26), (66, 26, 14)):
        pen.poly([(x, left), (x + 26, right), (x + 26, right + 62), (x, left + 62)])
    pen.curve([(18, 68), (38, 46), (58, 64), (80, 40)], 7, cut=True)


def _layers(pen: Pen) -> None:
    for top in (46, 27, 8):
        pen.poly([(50, top - 5), (97, top + 21), (50, top + 47), (3, top + 21)], cut=True)
        pen.poly([(50, top), (90, top + 21), (50, top + 42), (10, top + 21)])


def _likeness(pen: Pen) -> None:
    for x, y in ((4, 8), (52, 48)):
        pen.box(x, y, 44, 44, 7)
        pen.box(x + 6, y + 6, 32, 32, 3, cut=True)
    for x, y in ((14, 18), (72, 72)):
        pen.box(x, y, 14, 14, 2)
    pen.line([(28, 25), (74, 25), (79, 72)], 5)


def _flask(pen: Pen) -> None:
    pen.box(34, 6, 32, 10, 4)
    pen.poly([(42, 12), (58, 12), (58, 40), (88, 92), (12, 92), (42, 40)])
    for x, y, r in ((42, 74, 7), (60, 66, 5), (54, 82, 4)):
        pen.disc(x, y, r, cut=True)


def _crystal(pen: Pen) -> None:
    pen.disc(50, 42, 36)
    pen.arc(50, 42, 24, 100, 170, 6, cut=True)
    pen.poly([(26, 80), (74, 80), (82, 94), (18, 94)])


def _print(pen: Pen) -> None:
    pen.box(24, 6, 52, 30, 3)
    pen.box(6, 32, 88, 40, 8)
    pen.box(22, 54, 56, 40, 3, cut=True)
    pen.box(28, 58, 44, 34, 3)
    for y in (67, 78):
        pen.line([(36, y), (64, y)], 4, cut=True)
    pen.disc(80, 43, 4, cut=True)


def _held_up(pen: Pen) -> None:
    pen.box(18, 6, 64, 60, 4)
    for x in (24, 66):
        for y in (12, 50):
            pen.box(x, y, 10, 10, 0, cut=True)
    pen.disc(50, 36, 12, cut=True)
    pen.line([(50, 70), (50, 92)], 12)
    pen.line([(36, 78), (64, 78)], 9)


def _sticker(pen: Pen) -> None:
    pen.disc(50, 50, 44)
    pen.disc(50, 50, 34, cut=True)
    pen.disc(50, 50, 29)
    pen.poly([(96, 56), (56, 96), (96, 96)], cut=True)
    pen.blob([(60, 88), (66, 66), (88, 60)])


def _arrow(across: int, down: int, pen: Pen) -> None:
    """Draw an arrow that points to one side of the picture."""

    def at(along: int, aside: int) -> tuple[float, float]:
        return 50 + along * across - aside * down, 50 + along * down + aside * across

    pen.line([at(-34, 0), at(34, 0)], 10)
    pen.line([at(8, -26), at(34, 0), at(8, 26)], 10)


CARD_ICONS: Mapping[str, Callable[[Pen], None]] = {
    "inside": _inside,
    "shield": _shield,
    "people": _people,
    "race": _race,
    "cover": _cover,
    "memory": _memory,
    "judges": _judges,
    "spot": _spot,
    "flag": _flag,
    "map": _map,
    "likeness": _likeness,
    "layers": _layers,
    "crystal": _crystal,
    "flask": _flask,
    "print": _print,
    "held-up": _held_up,
    "sticker": _sticker,
    "arrow-left": partial(_arrow, -1, 0),
    "arrow-right": partial(_arrow, 1, 0),
    "arrow-up": partial(_arrow, 0, -1),
    "arrow-down": partial(_arrow, 0, 1),
}
