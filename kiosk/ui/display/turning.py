"""A picture that is turned on its screen: where its points lie there, and back. All clockwise, all in whole pixels."""

TURNS = (0, 90, 180, 270)
Size = tuple[int, int]
Point = tuple[int, int]
Rectangle = tuple[int, int, int, int]


def turned_size(size: Size, turned: int) -> Size:
    """Return how large a picture is that fills a screen of that size when it is turned (or the other way round)."""
    return size if turned % 180 == 0 else (size[1], size[0])


def on_picture(point: Point, screen: Size, turned: int) -> Point:
    """Return the point of the picture that is seen at a point of the screen: where a finger is."""
    (x, y), (width, height) = point, screen
    match turned:
        case 90:
            return y, width - 1 - x
        case 180:
            return width - 1 - x, height - 1 - y
        case 270:
            return height - 1 - y, x
        case _:
            return point


def on_screen(part: Rectangle, screen: Size, turned: int) -> Rectangle:
    """Return where on the screen a part of the picture is seen."""
    (x, y, w, h), (width, height) = part, screen
    match turned:
        case 90:
            return width - y - h, x, h, w
        case 180:
            return width - x - w, height - y - h, w, h
        case 270:
            return y, height - x - w, h, w
        case _:
            return part


def chosen_part(window: Size, screens: list[Size]) -> Rectangle:
    """Return the part of a full-screen window that is drawn on: the first screen, where a compositor joins several.

    cage lays its outputs side by side, and its one window over all of them.
    """
    joined = (sum(width for width, _ in screens), max((height for _, height in screens), default=0))
    if len(screens) > 1 and window == joined:
        return (0, 0, *screens[0])
    return (0, 0, *window)
