"""The drawings of what visitors bring with them, and of two things that may be anything."""

from collections.abc import Callable, Mapping

from kiosk.ui.pen import Pen


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


THING_ICONS: Mapping[str, Callable[[Pen], None]] = {
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
}
