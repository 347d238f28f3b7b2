"""The drawings of the signs that visitors teach with: what they bring, animals, faces, shapes, paint."""

import math
from collections.abc import Callable, Mapping

from kiosk.ui.pen import Pen
from kiosk.ui.tokens import Rgb255

# Paint shows its own colour whatever ink the others are drawn in; clear of the blue, orange and yellow that mean truth,
# lie and the next action. Each colour has a shape of its own too: many people cannot tell red from green.
SPLASHES: Mapping[str, Rgb255] = {
    "splash-red": (0xE0, 0x4B, 0x5A),
    "splash-green": (0x62, 0xD8, 0x84),
    "splash-purple": (0x8F, 0x60, 0xDC),
    "splash-pink": (0xF2, 0x8F, 0xC0),
}


def _cup(pen: Pen) -> None:
    pen.arc(70, 52, 17, -90, 90, 8)
    pen.blob([(14, 32), (72, 32), (70, 62), (60, 84), (43, 88), (26, 84), (16, 62)])
    pen.box(14, 28, 58, 16, 4)
    pen.oval(43, 36, 21, 4, cut=True)
    pen.oval(43, 92, 34, 4)
    for x in (32, 52):
        pen.curve([(x, 24), (x - 5, 16), (x + 4, 10), (x, 3)], 4.5)


def _shoe(pen: Pen) -> None:
    pen.blob(
        [(8, 26), (24, 30), (38, 28), (48, 46), (66, 58), (88, 62), (95, 76), (50, 78), (8, 78), (6, 50)]
    )
    pen.box(5, 78, 91, 11, 5)
    for x, y in ((42, 44), (51, 52), (61, 58)):
        pen.line([(x - 6, y + 5), (x + 6, y - 5)], 4, cut=True)
    pen.curve([(10, 64), (34, 68), (60, 72)], 4, cut=True)


def _bottle(pen: Pen) -> None:
    pen.box(40, 3, 20, 11, 3)
    pen.box(42, 12, 16, 22)
    pen.blob([(42, 28), (30, 42), (28, 60), (28, 92), (50, 97), (72, 92), (72, 60), (70, 42), (58, 28)])
    pen.box(28, 54, 44, 24, 2, cut=True)
    pen.box(34, 60, 32, 12, 2)


def _phone(pen: Pen) -> None:
    pen.box(25, 3, 50, 94, 10)
    pen.box(31, 15, 38, 64, 3, cut=True)
    pen.disc(50, 88, 5, cut=True)
    pen.box(43, 7, 14, 3.5, 1.5, cut=True)


def _open_hand(pen: Pen) -> None:
    for x, top in ((31, 20), (45, 10), (59, 13), (72, 26)):
        pen.line([(x, top), (x * 0.7 + 15, 62)], 11)
    pen.line([(11, 50), (34, 76)], 12)
    pen.blob([(29, 54), (50, 50), (73, 54), (73, 76), (62, 95), (40, 95), (28, 80)])


def _toy(pen: Pen) -> None:
    for x in (26, 74):
        pen.disc(x, 24, 15)
        pen.disc(x, 24, 7, cut=True)
        pen.oval(x + (-9 if x < 50 else 9), 68, 12, 9, 35 if x > 50 else -35)
    pen.oval(50, 74, 27, 24)
    pen.disc(50, 40, 27)
    pen.disc(40, 36, 4.5, cut=True)
    pen.disc(60, 36, 4.5, cut=True)
    pen.oval(50, 49, 11, 8.5, cut=True)
    pen.oval(50, 46.5, 4.5, 3.2)
    pen.oval(50, 80, 13, 12, cut=True)


def _bag(pen: Pen) -> None:
    pen.arc(50, 26, 16, 180, 360, 8)
    pen.blob(
        [(20, 40), (30, 24), (50, 22), (70, 24), (80, 40), (84, 88), (74, 96), (50, 96), (26, 96), (16, 88)]
    )
    pen.box(28, 62, 44, 26, 6, cut=True)
    pen.box(33, 67, 34, 16, 3)
    pen.box(30, 44, 40, 6, 3, cut=True)


def _book(pen: Pen) -> None:
    pen.blob([(6, 20), (28, 16), (47, 24), (47, 88), (28, 80), (6, 84)])
    pen.blob([(94, 20), (72, 16), (53, 24), (53, 88), (72, 80), (94, 84)])
    for y in (36, 50, 64):
        pen.line([(15, y), (37, y + 4)], 4, cut=True)
        pen.line([(85, y), (63, y + 4)], 4, cut=True)


def _plant(pen: Pen) -> None:
    pen.poly([(30, 70), (70, 70), (64, 97), (36, 97)])
    pen.box(26, 62, 48, 11, 3)
    pen.curve([(50, 62), (50, 44), (50, 26)], 5)
    pen.oval(50, 18, 10, 16)
    pen.oval(29, 34, 19, 9, 32)
    pen.oval(71, 34, 19, 9, -32)
    pen.oval(31, 53, 15, 7, 18)
    pen.oval(69, 53, 15, 7, -18)


def _thing_a(pen: Pen) -> None:
    pen.box(7, 7, 86, 86, 12)
    pen.line([(29, 77), (50, 24), (71, 77)], 10, cut=True)
    pen.line([(37, 60), (63, 60)], 9, cut=True)


def _thing_b(pen: Pen) -> None:
    pen.disc(50, 50, 46)
    pen.line([(38, 26), (38, 74)], 10, cut=True)
    pen.curve([(38, 26), (54, 26), (61, 37), (54, 48), (38, 48)], 9, cut=True)
    pen.curve([(38, 48), (57, 49), (65, 61), (57, 74), (38, 74)], 9, cut=True)


def _cat(pen: Pen) -> None:
    pen.poly([(14, 8), (44, 28), (14, 52)])
    pen.poly([(86, 8), (56, 28), (86, 52)])
    pen.oval(50, 58, 38, 34)
    pen.disc(35, 52, 5.5, cut=True)
    pen.disc(65, 52, 5.5, cut=True)
    pen.poly([(43, 64), (57, 64), (50, 72)], cut=True)
    for y, end in ((66, 62), (74, 76)):
        pen.line([(34, y), (10, end)], 3.5, cut=True)
        pen.line([(66, y), (90, end)], 3.5, cut=True)


def _dog(pen: Pen) -> None:
    pen.oval(50, 52, 30, 38)
    pen.blob([(24, 16), (10, 22), (4, 46), (8, 64), (18, 66), (24, 50), (30, 24)])
    pen.blob([(76, 16), (90, 22), (96, 46), (92, 64), (82, 66), (76, 50), (70, 24)])
    pen.line([(25, 20), (22, 52)], 4, cut=True)
    pen.line([(75, 20), (78, 52)], 4, cut=True)
    pen.disc(39, 44, 5, cut=True)
    pen.disc(61, 44, 5, cut=True)
    pen.oval(50, 64, 9, 6.5, cut=True)
    pen.curve([(50, 70), (50, 76), (42, 80)], 3.5, cut=True)
    pen.curve([(50, 76), (58, 80)], 3.5, cut=True)


def _bird(pen: Pen) -> None:
    pen.blob(
        [(22, 30), (36, 14), (54, 20), (62, 36), (78, 52), (96, 78), (72, 78), (48, 80), (26, 64), (20, 44)]
    )
    pen.poly([(22, 28), (2, 38), (22, 44)])
    pen.disc(36, 32, 4.5, cut=True)
    pen.curve([(48, 48), (60, 66), (78, 68)], 4, cut=True)
    pen.line([(42, 78), (40, 94), (30, 94)], 5)
    pen.line([(56, 78), (56, 94), (46, 94)], 5)


def _fish(pen: Pen) -> None:
    pen.blob([(6, 50), (22, 30), (44, 24), (64, 34), (74, 48), (64, 66), (44, 76), (22, 70)])
    pen.blob([(70, 50), (96, 26), (92, 50), (96, 74)])
    pen.disc(26, 44, 5, cut=True)
    pen.curve([(42, 34), (48, 50), (42, 66)], 4, cut=True)


def _rabbit(pen: Pen) -> None:
    pen.oval(36, 26, 10, 26, -6)
    pen.oval(64, 26, 10, 26, 6)
    pen.oval(36, 26, 4, 18, -6, cut=True)
    pen.oval(64, 26, 4, 18, 6, cut=True)
    pen.oval(50, 68, 32, 28)
    pen.disc(38, 62, 5, cut=True)
    pen.disc(62, 62, 5, cut=True)
    pen.poly([(45, 72), (55, 72), (50, 78)], cut=True)
    pen.line([(50, 78), (50, 86)], 3.5, cut=True)


def _dinosaur(pen: Pen) -> None:
    pen.blob(
        [(6, 74), (22, 70), (34, 56), (40, 44), (60, 44), (76, 58), (80, 74), (62, 80), (40, 80), (20, 80)]
    )
    pen.curve([(66, 56), (74, 34), (76, 18)], 15)
    pen.blob([(68, 8), (84, 6), (95, 14), (94, 22), (80, 25), (68, 22)])
    pen.box(36, 72, 13, 22, 4)
    pen.box(62, 72, 13, 22, 4)
    pen.disc(81, 13, 3, cut=True)
    for x, y in ((26, 58), (38, 42), (52, 36)):
        pen.poly([(x - 7, y + 6), (x - 1, y - 9), (x + 8, y + 4)])


def _smile(pen: Pen) -> None:
    pen.disc(50, 50, 44)
    pen.disc(34, 40, 6.5, cut=True)
    pen.disc(66, 40, 6.5, cut=True)
    pen.arc(50, 50, 25, 20, 160, 7, cut=True)


def _frown(pen: Pen) -> None:
    pen.disc(50, 50, 44)
    pen.disc(34, 42, 6.5, cut=True)
    pen.disc(66, 42, 6.5, cut=True)
    pen.arc(50, 88, 25, 215, 325, 7, cut=True)


def _heart(pen: Pen) -> None:
    pen.disc(29, 34, 23)
    pen.disc(71, 34, 23)
    pen.poly([(9.5, 46), (50, 92), (90.5, 46), (71, 28), (50, 34), (29, 28)])


def _star(pen: Pen) -> None:
    turns = [math.tau * (i / 10 - 0.25) for i in range(10)]
    reach = (48, 20)
    pen.poly(
        [(50 + reach[i % 2] * math.cos(t), 53 + reach[i % 2] * math.sin(t)) for i, t in enumerate(turns)]
    )


def _sun(pen: Pen) -> None:
    pen.disc(50, 50, 22)
    for i in range(8):
        x, y = math.cos(math.tau * i / 8), math.sin(math.tau * i / 8)
        pen.line([(50 + 32 * x, 50 + 32 * y), (50 + 44 * x, 50 + 44 * y)], 8)


def _moon(pen: Pen) -> None:
    pen.disc(48, 50, 42)
    pen.disc(68, 40, 36, cut=True)


def _ghost(pen: Pen) -> None:
    pen.disc(50, 42, 34)
    pen.box(16, 42, 68, 36)
    for x in (27.3, 50, 72.7):
        pen.disc(x, 78, 11.3)
    for x in (38.6, 61.4):
        pen.disc(x, 88, 7, cut=True)
    pen.oval(38, 42, 6, 9, cut=True)
    pen.oval(62, 42, 6, 9, cut=True)
    pen.oval(50, 62, 7, 6, cut=True)


def _robot(pen: Pen) -> None:
    pen.line([(50, 26), (50, 10)], 5)
    pen.disc(50, 9, 7)
    pen.box(16, 24, 68, 56, 12)
    pen.box(4, 42, 9, 22, 4)
    pen.box(87, 42, 9, 22, 4)
    pen.disc(36, 46, 8, cut=True)
    pen.disc(64, 46, 8, cut=True)
    pen.box(32, 62, 36, 8, 4, cut=True)
    pen.box(38, 82, 24, 12, 4)


def _splat(pen: Pen) -> None:
    reach = (44, 27, 40, 25, 46, 28, 38, 26, 43, 25, 39, 27)
    points = [
        (50 + r * math.cos(math.tau * i / 12), 50 + r * math.sin(math.tau * i / 12))
        for i, r in enumerate(reach)
    ]
    pen.blob(points)
    pen.disc(88, 16, 7)
    pen.disc(12, 82, 6)


def _stroke(pen: Pen) -> None:
    pen.curve([(14, 26), (44, 16), (86, 20)], 22)
    pen.curve([(86, 20), (40, 44), (18, 52)], 20)
    pen.curve([(18, 52), (60, 50), (84, 58)], 22)
    pen.curve([(84, 58), (46, 74), (22, 84)], 20)


def _drop(pen: Pen) -> None:
    pen.blob([(50, 4), (66, 34), (80, 58), (74, 82), (50, 94), (26, 82), (20, 58), (34, 34)])
    pen.arc(50, 62, 17, 100, 170, 6, cut=True)


def _dots(pen: Pen) -> None:
    for x, y, r in ((30, 28, 22), (76, 24, 15), (72, 66, 25), (24, 74, 16), (48, 92, 6), (52, 8, 6)):
        pen.disc(x, y, r)


SIGN_ICONS: Mapping[str, Callable[[Pen], None]] = {
    "cup": _cup,
    "shoe": _shoe,
    "bottle": _bottle,
    "phone": _phone,
    "open-hand": _open_hand,
    "toy": _toy,
    "bag": _bag,
    "book": _book,
    "plant": _plant,
    "thing-a": _thing_a,
    "thing-b": _thing_b,
    "cat": _cat,
    "dog": _dog,
    "bird": _bird,
    "fish": _fish,
    "rabbit": _rabbit,
    "dinosaur": _dinosaur,
    "smile": _smile,
    "frown": _frown,
    "heart": _heart,
    "star": _star,
    "sun": _sun,
    "moon": _moon,
    "ghost": _ghost,
    "robot": _robot,
    "splash-red": _splat,
    "splash-green": _stroke,
    "splash-purple": _drop,
    "splash-pink": _dots,
}
