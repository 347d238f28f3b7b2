"""The screen of the USB stick: its pictures a page at a time, and one is taken in place of a photograph."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.layout import Layout, columns, grid, layout_of
from kiosk.core.message import Count, JobLost, Tick, ToBack
from kiosk.core.parts import button, scene_of, sentence
from kiosk.core.pieces.frame import framed
from kiosk.core.scene import (
    Align,
    Box,
    Colour,
    Control,
    ControlId,
    Icon,
    Item,
    Look,
    Picture,
    Plate,
    Scene,
    Weight,
)
from kiosk.core.screen import Outcome, Pressed, Screen, ScreenEvent, VisitScreen, under_way
from kiosk.errors import LeftOut
from kiosk.topics.photograph.messages import (
    ListUploads,
    PictureTaken,
    Stick,
    TakeUpload,
    ToFirstAnswer,
    ToLive,
    UploadSeen,
    UploadsLeftOut,
    UploadsListed,
)

PAGE = 12
MOST_REASONS = 3
NOTICE_LINES = {True: 2.4, False: 1.6}  # of body text, on a portrait panel and on one that is wide
SHAPES = ((6, 2), (4, 3), (3, 4), (2, 6))  # across and down


@dataclass(frozen=True, slots=True)
class Upload(VisitScreen):
    """Where the pages up to this one start, what was seen on this one so far, and what is under way.

    `seen` are the pictures' numbers on the stick; `left_out` says how many others were passed over, and why;
    `following` is where the next page starts, once that is known.
    """

    starts: tuple[int, ...] = (0,)
    wanted: bool = True
    listing: int | None = None
    seen: tuple[int, ...] = ()
    left_out: tuple[tuple[LeftOut, int], ...] = ()
    following: int | None = None
    taking: int | None = None
    failed: bool = False

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Tick() if not context.fact(Stick).found:  # when one comes back it is looked at anew
                return Outcome(Upload(), self.stopped())
            case Tick() if self.wanted:
                asked = replace(self, wanted=False, listing=context.next_job)
                return Outcome(asked, (ListUploads(context.next_job, self.starts[-1], PAGE),))
            case UploadSeen(job, number) if job == self.listing and len(self.seen) < PAGE:
                return Outcome(replace(self, seen=(*self.seen, number)))
            case UploadsLeftOut(job, why, count) if job == self.listing:
                return Outcome(replace(self, left_out=_with(self.left_out, why, count)))
            case UploadsListed(job, following) if job == self.listing:
                return Outcome(replace(self, listing=None, following=following))
            case JobLost(job) if job == self.listing:
                return Outcome(replace(self, listing=None))
            case PictureTaken(job, answer) if job == self.taking:
                listing = replace(self, taking=None).stopped()
                return Outcome(ToFirstAnswer(answer), (*listing, Count(("pictures",))))
            case JobLost(job) if job == self.taking:
                return Outcome(replace(self, taking=None, failed=True))
            case Pressed():
                return self._pressed(event, context)
            case _:
                return Outcome(self)

    def _pressed(self, event: Pressed, context: Context) -> Outcome:
        match event:
            case Pressed("pick", int(at)) if self.taking is None and at < len(self.seen):
                taking = replace(self, taking=context.next_job, failed=False)
                return Outcome(taking, (TakeUpload(context.next_job, self.seen[at]),))
            case Pressed("earlier") if len(self.starts) > 1:
                return Outcome(Upload(self.starts[:-1]), self.stopped())
            case Pressed("later") if self.following is not None:
                return Outcome(Upload((*self.starts, self.following)), self.stopped())
            case Pressed("back"):
                return Outcome(ToBack(ToLive()), self.stopped())
            case _:
                return Outcome(self)

    @property
    def held(self) -> tuple[int, ...]:
        """Return the page that is being listed, and the picture that is being taken."""
        return under_way(self.listing, self.taking)

    def resumed(self, left: Screen, context: Context) -> Outcome:
        """Return the same page, looked at anew."""
        del left, context
        return Outcome(Upload(self.starts))

    def view(self, context: Context) -> Scene:
        """Return the pictures as they come; the light stands on the first."""
        layout = layout_of(context.panel)
        looking = self.wanted or self.listing is not None
        title = "upload.failed" if self.failed else "upload.looking" if looking else "upload.title"
        if self.taking is not None:
            title = "live.looking"
        some = looking or self.seen or self.following is not None
        empty = "upload.gone" if not context.fact(Stick).found else "" if some else "upload.empty"
        turns = not empty and (len(self.starts) > 1 or self.following is not None)
        frame = framed(
            context,
            layout,
            "" if empty else context.texts(title),
            step="show",
            deck=int(turns),
            wall=not empty,
        )
        rest = frame.stage
        items: list[Item] = []
        if empty:
            items += _nothing(layout, rest, context.texts(empty), self._passed_over(context))
        else:
            if notice := self._passed_over(context):
                line = round(layout.body * NOTICE_LINES[context.panel.portrait])
                style = layout.style(layout.body, lines=2, align=Align.CENTRE)
                items.append(sentence(rest.foot(line), notice, style))
                rest = rest.above(line + layout.gap)
            items += self._pictures(layout, rest)
            items += self._deck(context, layout, frame.deck)
        primary = ControlId("pick", 0) if self.seen and not empty else "back"
        return scene_of(context, "upload", [*items, *frame.items], primary)

    def _passed_over(self, context: Context) -> str:
        """Return how many files were passed over so far and why, nothing where there is none."""
        texts = context.texts
        if not self.left_out:
            return ""
        often = sorted(self.left_out, key=lambda counted: -counted[1])
        shown, others = often[:MOST_REASONS], sum(count for _, count in often[MOST_REASONS:])
        reasons = [texts(f"upload.{why}", count=count) for why, count in shown]
        if others:
            reasons.append(texts("upload.others", count=others))
        total = sum(count for _, count in self.left_out)
        return texts("upload.left_out", count=total, reasons=", ".join(reasons))

    def _pictures(self, layout: Layout, box: Box) -> list[Item]:
        """Return as many square places as a page has, those that are filled to be pressed."""
        items: list[Item] = []
        for at, cell in enumerate(_cells(layout, box)):
            if at >= len(self.seen):
                items.append(Plate(cell, layout.radius // 2))
                continue
            items.append(Picture(cell, f"upload-{at}", layout.radius // 2))
            items.append(Control("pick", cell, Look.BARE, radius_px=layout.radius // 2, value=at))
        return items

    def _deck(self, context: Context, layout: Layout, deck: Box) -> list[Item]:
        """Return the ways to the page before and to the page after; only where there is one."""
        texts = context.texts
        second, last = columns(deck, 2, layout.gap)
        items: list[Item] = []
        if self.following is not None:
            items.append(button(layout, "later", last, texts("upload.later"), "later"))
        if len(self.starts) > 1:
            items.append(button(layout, "earlier", second, texts("upload.earlier"), "earlier"))
        return items


def _with(
    left_out: tuple[tuple[LeftOut, int], ...], why: LeftOut, count: int
) -> tuple[tuple[LeftOut, int], ...]:
    """Return how many files were left out for what, with some more; in the order of the reasons."""
    counts = dict(left_out)
    counts[why] = counts.get(why, 0) + count
    return tuple((reason, counts[reason]) for reason in LeftOut if reason in counts)


def _nothing(layout: Layout, box: Box, text: str, notice: str) -> list[Item]:
    """Return a drawing of what is missing, one sentence, and what was passed over."""
    side = round(min(box.h * 0.5, box.w * 0.4))
    drawing = Box(box.x + (box.w - side) // 2, box.y + box.h // 12, side, side)
    below = box.under(drawing.bottom - box.y + layout.gap)
    below = below.top(min(below.h // 2 if notice else below.h, round(layout.label * 3)))
    words = sentence(
        below, text, layout.style(layout.label, weight=Weight.EXTRABOLD, align=Align.CENTRE, lines=2)
    )
    if not notice:
        return [Icon(drawing, "stick", Colour.MUTE), words]
    style = layout.style(layout.body, lines=3, align=Align.CENTRE)
    why = sentence(box.under(below.bottom - box.y + layout.gap), notice, style)
    return [Icon(drawing, "stick", Colour.MUTE), words, why]


def _cells(layout: Layout, box: Box) -> tuple[Box, ...]:
    """Return a page's squares, as large as they come, in the middle of the box."""

    def side(shape: tuple[int, int]) -> int:
        across, down = shape
        return min((box.w - layout.gap * (across - 1)) // across, (box.h - layout.gap * (down - 1)) // down)

    across, down = max(SHAPES, key=side)
    each = side((across, down))
    wide, high = across * each + (across - 1) * layout.gap, down * each + (down - 1) * layout.gap
    held = Box(box.x + (box.w - wide) // 2, box.y + (box.h - high) // 2, wide, high)
    return grid(held, PAGE, across, layout.gap)
