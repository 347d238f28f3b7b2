"""The screen of the USB stick: its pictures a page at a time, and one is taken in place of a photograph."""

from dataclasses import dataclass, replace

from kiosk.core.effects import DropJob, Effect, ListUploads, TakeUpload
from kiosk.core.events import JobLost, PictureTaken, Tick, UploadSeen, UploadsListed
from kiosk.core.layout import Layout, columns, grid, layout_of
from kiosk.core.model import Visit
from kiosk.core.parts import button, header, scene_of, sentence
from kiosk.core.scene import Align, Box, Colour, Control, Icon, Item, Look, Picture, Plate, Scene, Weight
from kiosk.core.screen import Hall, Pressed, ScreenEvent, ToChoose, ToEnd, ToLive, Way

PAGE = 12
SHAPES = ((6, 2), (4, 3), (3, 4), (2, 6))  # across and down


@dataclass(frozen=True, slots=True)
class Upload:
    """Where the pages up to this one start, what was seen on this one so far, and what is under way.

    `seen` are the pictures' numbers on the stick; `following` is where the next page starts, once that is known.
    """

    starts: tuple[int, ...] = (0,)
    wanted: bool = True
    listing: int | None = None
    seen: tuple[int, ...] = ()
    following: int | None = None
    taking: int | None = None
    failed: bool = False


Outcome = tuple[Upload | Way, tuple[Effect, ...]]


def update(slice_: Upload, event: ScreenEvent, hall: Hall) -> Outcome:
    """The next slice or the way on."""
    match event:
        case Tick() if slice_.wanted:
            asked = replace(slice_, wanted=False, listing=hall.next_job)
            return asked, (ListUploads(hall.next_job, slice_.starts[-1], PAGE),)
        case UploadSeen(job, number) if job == slice_.listing and len(slice_.seen) < PAGE:
            return replace(slice_, seen=(*slice_.seen, number)), ()
        case UploadsListed(job, following) if job == slice_.listing:
            return replace(slice_, listing=None, following=following), ()
        case JobLost(job) if job == slice_.listing:
            return replace(slice_, listing=None), ()
        case PictureTaken(job, answer) if job == slice_.taking:
            return ToChoose(Visit(answer)), _dropped(replace(slice_, taking=None))
        case JobLost(job) if job == slice_.taking:
            return replace(slice_, taking=None, failed=True), ()
        case Pressed(control):
            return _pressed(slice_, control, hall)
        case _:
            return slice_, ()


def _pressed(slice_: Upload, control: str, hall: Hall) -> Outcome:
    match control.partition("-"):
        case ("pick", _, at) if slice_.taking is None and int(at) < len(slice_.seen):
            taking = replace(slice_, taking=hall.next_job, failed=False)
            return taking, (TakeUpload(hall.next_job, slice_.seen[int(at)]),)
        case ("earlier", _, _) if len(slice_.starts) > 1:
            return Upload(slice_.starts[:-1]), _dropped(slice_)
        case ("later", _, _) if slice_.following is not None:
            return Upload((*slice_.starts, slice_.following)), _dropped(slice_)
        case ("back", _, _):
            return ToLive(), _dropped(slice_)
        case ("again", _, _):
            return ToEnd(), _dropped(slice_)
        case _:
            return slice_, ()


def _dropped(slice_: Upload) -> tuple[Effect, ...]:
    """Nobody waits for anything here any more."""
    return tuple(DropJob(job) for job in (slice_.listing, slice_.taking) if job is not None)


def view(slice_: Upload, hall: Hall) -> Scene:
    """The pictures as they come; the light stands on the first."""
    layout = layout_of(hall.panel)
    looking = slice_.wanted or slice_.listing is not None
    title = "upload.failed" if slice_.failed else "upload.looking" if looking else "upload.title"
    if slice_.taking is not None:
        title = "live.looking"
    some = looking or slice_.seen or slice_.following is not None
    empty = "upload.gone" if not hall.stick else "" if some else "upload.empty"
    top, stage = header(hall, layout, "show", title="" if empty else hall.texts(title))
    deck = stage.foot(layout.deck)
    rest = stage.above(layout.deck + layout.gap)
    items: list[Item] = []
    if empty:
        items += _nothing(layout, rest, hall.texts(empty))
        items.append(button(layout, "back", deck, hall.texts("upload.back"), "back"))
    else:
        items += _pictures(slice_, layout, rest)
        items += _deck(slice_, hall, layout, deck)
    primary = "pick-0" if slice_.seen and not empty else "back"
    return scene_of(hall, "upload", [*items, *top], primary)


def _nothing(layout: Layout, box: Box, text: str) -> list[Item]:
    """A drawing of what is missing, and one sentence."""
    side = round(min(box.h * 0.5, box.w * 0.4))
    drawing = Box(box.x + (box.w - side) // 2, box.y + box.h // 12, side, side)
    below = box.under(drawing.bottom - box.y + layout.gap)
    below = below.top(min(below.h, round(layout.label * 3)))
    words = sentence(below, text, layout.label, layout, weight=Weight.EXTRABOLD, align=Align.CENTRE, lines=2)
    return [Icon(drawing, "stick", Colour.MUTE), words]


def _pictures(slice_: Upload, layout: Layout, box: Box) -> list[Item]:
    """As many square places as a page has, those that are filled to be pressed."""
    items: list[Item] = []
    for at, cell in enumerate(_cells(layout, box)):
        if at >= len(slice_.seen):
            items.append(Plate(cell, layout.radius // 2))
            continue
        items.append(Picture(cell, f"upload-{at}", layout.radius // 2))
        items.append(Control(f"pick-{at}", cell, Look.BARE, radius_px=layout.radius // 2))
    return items


def _cells(layout: Layout, box: Box) -> tuple[Box, ...]:
    """A page's squares, as large as they come, in the middle of the box."""

    def side(shape: tuple[int, int]) -> int:
        across, down = shape
        return min((box.w - layout.gap * (across - 1)) // across, (box.h - layout.gap * (down - 1)) // down)

    across, down = max(SHAPES, key=side)
    each = side((across, down))
    wide, high = across * each + (across - 1) * layout.gap, down * each + (down - 1) * layout.gap
    held = Box(box.x + (box.w - wide) // 2, box.y + (box.h - high) // 2, wide, high)
    return grid(held, PAGE, across, layout.gap)


def _deck(slice_: Upload, hall: Hall, layout: Layout, deck: Box) -> list[Item]:
    """Back to the camera, the page before, the page after; only where there is one."""
    texts = hall.texts
    first, second, last = columns(deck, 3, layout.gap)
    items: list[Item] = []
    if slice_.following is not None:
        items.append(button(layout, "later", last, texts("upload.later"), "later"))
    if len(slice_.starts) > 1:
        items.append(button(layout, "earlier", second, texts("upload.earlier"), "earlier"))
    return [*items, button(layout, "back", first, texts("upload.back"), "back")]
