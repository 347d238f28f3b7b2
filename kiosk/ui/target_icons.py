"""The drawings of the twelve lies on the wall: outlines a child knows."""

from collections.abc import Callable, Mapping

from kiosk.ui.pen import Pen


def _flamingo(pen: Pen) -> None:
    pen.blob([(22, 56), (34, 42), (54, 40), (74, 46), (94, 44), (84, 58), (62, 68), (40, 68), (26, 64)])
    pen.curve([(30, 56), (20, 44), (28, 30), (38, 20), (32, 9), (20, 11)], 8)
    pen.disc(25, 13, 7)
    pen.curve([(20, 13), (11, 17), (9, 27)], 6)
    pen.line([(52, 64), (52, 95), (62, 95)], 4.5)
    pen.line([(60, 64), (78, 76), (60, 82)], 4.5)
    pen.disc(25, 11, 2.2, cut=True)


def _pizza(pen: Pen) -> None:
    pen.blob([(8, 26), (28, 13), (50, 9), (72, 13), (92, 26), (88, 34), (50, 22), (12, 34)])
    pen.poly([(17, 38), (50, 29), (83, 38), (54, 94), (46, 94)])
    pen.disc(42, 48, 7, cut=True)
    pen.disc(62, 52, 6.5, cut=True)
    pen.disc(50, 70, 6, cut=True)


def _jellyfish(pen: Pen) -> None:
    pen.blob(
        [(12, 50), (18, 24), (36, 9), (50, 7), (64, 9), (82, 24), (88, 50), (72, 54), (50, 51), (28, 54)]
    )
    for x, bend in ((26, 5), (42, 5), (58, 5), (74, 5)):
        pen.curve([(x, 52), (x + bend, 62), (x - bend, 74), (x + bend, 86), (x, 94)], 6)
    pen.disc(38, 36, 4.5, cut=True)
    pen.disc(62, 36, 4.5, cut=True)


def _castle(pen: Pen) -> None:
    pen.box(8, 34, 24, 58)
    pen.box(68, 34, 24, 58)
    pen.box(26, 50, 48, 42)
    for x in (8, 16.5, 25, 68, 76.5, 85):
        pen.box(x, 24, 7, 12)
    for x in (36, 46.5, 57):
        pen.box(x, 41, 7, 11)
    pen.box(42, 68, 16, 26, 0, cut=True)
    pen.disc(50, 68, 8, cut=True)
    pen.box(17, 46, 6, 14, 3, cut=True)
    pen.box(77, 46, 6, 14, 3, cut=True)
    pen.line([(50, 42), (50, 10)], 4)
    pen.poly([(51, 8), (72, 16), (51, 24)])


def _banana(pen: Pen) -> None:
    pen.blob(
        [
            (84, 10),
            (90, 12),
            (92, 34),
            (84, 58),
            (64, 80),
            (38, 90),
            (16, 88),
            (8, 80),
            (14, 75),
            (40, 68),
            (62, 52),
            (74, 32),
            (78, 16),
        ]
    )
    pen.line([(84, 8), (83, 16)], 9)
    pen.curve([(82, 26), (76, 50), (56, 72), (30, 80)], 3, cut=True)


def _penguin(pen: Pen) -> None:
    pen.blob(
        [
            (50, 6),
            (66, 12),
            (70, 28),
            (80, 52),
            (76, 78),
            (62, 90),
            (38, 90),
            (24, 78),
            (20, 52),
            (30, 28),
            (34, 12),
        ]
    )
    pen.blob([(50, 34), (62, 42), (66, 62), (58, 80), (42, 80), (34, 62), (38, 42)], cut=True)
    pen.disc(42, 22, 3.6, cut=True)
    pen.disc(58, 22, 3.6, cut=True)
    pen.poly([(44, 28), (56, 28), (50, 38)])
    pen.blob([(22, 46), (10, 66), (14, 72), (26, 62)])
    pen.blob([(78, 46), (90, 66), (86, 72), (74, 62)])
    pen.oval(38, 92, 12, 4.5)
    pen.oval(62, 92, 12, 4.5)


def _volcano(pen: Pen) -> None:
    pen.blob(
        [(6, 92), (24, 74), (37, 46), (43, 44), (50, 49), (57, 44), (63, 46), (76, 74), (94, 92), (50, 94)]
    )
    pen.curve([(50, 50), (48, 62), (54, 70), (50, 80)], 6, cut=True)
    pen.curve([(40, 50), (37, 62), (34, 66)], 5, cut=True)
    pen.disc(50, 28, 10)
    pen.disc(36, 20, 9)
    pen.disc(64, 19, 9)
    pen.disc(50, 12, 9)
    pen.line([(27, 38), (22, 34)], 5)
    pen.line([(73, 38), (78, 34)], 5)


def _ice_cream(pen: Pen) -> None:
    pen.poly([(28, 52), (72, 52), (50, 98)])
    pen.disc(37, 38, 16)
    pen.disc(63, 38, 16)
    pen.disc(50, 21, 16)
    pen.line([(26, 53), (74, 53)], 4, cut=True)
    pen.line([(38, 60), (56, 80)], 2.6, cut=True)
    pen.line([(62, 60), (44, 80)], 2.6, cut=True)
    pen.line([(50, 56), (61, 67)], 2.6, cut=True)
    pen.line([(50, 56), (39, 67)], 2.6, cut=True)
    pen.disc(58, 6, 5)


def _snail(pen: Pen) -> None:
    pen.blob(
        [
            (6, 88),
            (8, 80),
            (40, 78),
            (66, 80),
            (74, 66),
            (74, 46),
            (84, 40),
            (94, 46),
            (92, 66),
            (84, 86),
            (60, 92),
            (20, 92),
        ]
    )
    pen.disc(42, 52, 33)
    pen.curve(
        [(42, 52), (50, 50), (48, 40), (36, 40), (29, 52), (36, 66), (52, 66), (62, 52), (56, 34), (40, 27)],
        4.5,
        cut=True,
    )
    pen.line([(80, 44), (76, 26)], 4.5)
    pen.line([(88, 44), (92, 26)], 4.5)
    pen.disc(76, 24, 4.5)
    pen.disc(92, 24, 4.5)


def _pineapple(pen: Pen) -> None:
    pen.oval(50, 66, 26, 31)
    for x in (32, 46, 60, 74, 88):
        pen.line([(x, 34), (x - 44, 98)], 2.6, cut=True)
        pen.line([(100 - x, 34), (144 - x, 98)], 2.6, cut=True)
    for tip, base in (((50, 1), 50), ((34, 6), 46), ((66, 6), 54), ((22, 18), 42), ((78, 18), 58)):
        pen.poly([(base - 6, 37), tip, (base + 6, 37)])
    pen.oval(50, 36, 12, 4)


def _hot_air_balloon(pen: Pen) -> None:
    pen.blob([(50, 4), (74, 12), (84, 34), (76, 54), (60, 72), (40, 72), (24, 54), (16, 34), (26, 12)])
    pen.curve([(44, 6), (34, 34), (45, 70)], 3.2, cut=True)
    pen.curve([(56, 6), (66, 34), (55, 70)], 3.2, cut=True)
    pen.line([(41, 72), (44, 84)], 2.6)
    pen.line([(59, 72), (56, 84)], 2.6)
    pen.box(40, 83, 20, 14, 4)


def _goldfish(pen: Pen) -> None:
    pen.blob([(6, 52), (18, 36), (38, 28), (56, 34), (68, 48), (68, 56), (56, 70), (38, 76), (18, 68)])
    pen.blob([(62, 52), (76, 40), (92, 26), (95, 40), (86, 52), (95, 66), (92, 80), (76, 64)])
    pen.blob([(30, 32), (40, 16), (56, 18), (58, 36)])
    pen.blob([(36, 72), (44, 86), (54, 84), (52, 70)])
    pen.disc(21, 48, 4.5, cut=True)
    pen.arc(24, 52, 17, -50, 50, 3, cut=True)
    pen.arc(38, 52, 14, -50, 50, 2.6, cut=True)


TARGET_ICONS: Mapping[str, Callable[[Pen], None]] = {
    "flamingo": _flamingo,
    "pizza": _pizza,
    "jellyfish": _jellyfish,
    "castle": _castle,
    "banana": _banana,
    "penguin": _penguin,
    "volcano": _volcano,
    "ice_cream": _ice_cream,
    "snail": _snail,
    "pineapple": _pineapple,
    "hot_air_balloon": _hot_air_balloon,
    "goldfish": _goldfish,
}
