"""The screen where a lie goes onto paper: looks of a camera with a lamp each, and a picture made to survive them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.health import Phase
from kiosk.core.layout import Layout, columns, layout_of
from kiosk.core.message import GradientsChanged, JobLost, Tick, ToBack
from kiosk.core.parts import button, called, scene_of, sentence
from kiosk.core.pieces.frame import BACK, CANCEL, framed
from kiosk.core.scene import Bar, Box, Colour, Control, Dot, Item, Picture, Plate, Scene, Weight
from kiosk.core.screen import Outcome, Pressed, ScreenEvent, VisitScreen, under_way
from kiosk.core.visit import Visit
from kiosk.topics.cards.messages import ToCards
from kiosk.topics.printing.messages import Paper, ToPrinting
from kiosk.topics.survival.facts import VIEWS, Glance
from kiosk.topics.survival.messages import (
    MakeProof,
    ProofAdvanced,
    ProofMade,
    SeeViews,
    ViewSeen,
    ViewsSeen,
)

LAMPS = {Glance.LIE: Colour.LIE, Glance.RIGHT: Colour.TRUTH, Glance.OTHER: Colour.MUTE}
ABREAST = 12  # lamps in a row
DIES, LIVES = 0.1, 0.75  # of the looks: less is dead, more alive
METERED = 12


@dataclass(frozen=True, slots=True)
class Survival(VisitScreen):
    """The visit, what is under way (`seeing`, `making`: its job), and the looks so far.

    `hidden` are those at the visitor's own attack, `printed` those at the picture that was made for paper, None until
    there is one. `share` and `lying` are how far the making is, and of how many last looks it is taken for the lie.
    """

    visit: Visit
    wanted: bool = True
    seeing: int | None = None
    making: int | None = None
    hidden: tuple[Glance, ...] = ()
    printed: tuple[Glance, ...] | None = None
    share: float = 0.0
    lying: float = 0.0
    weak: bool = False
    lost: bool = False

    @property
    def picture(self) -> str:
        """Return the picture that goes when the visit ends."""
        return "adversarial"

    @property
    def held(self) -> tuple[int, ...]:
        """Return the job under way."""
        return under_way(self.seeing) + under_way(self.making)

    @property
    def lie(self) -> int:
        """Return what the picture is taken for."""
        return self.visit.now.answer.first.label

    @property
    def busy(self) -> bool:
        """Return whether something is under way, or soon will be."""
        return self.wanted or bool(self.held)

    @property
    def lives(self) -> bool:
        """Return whether there is a picture that was made for paper, and all looks at it are over."""
        return self.printed is not None and not self.weak and not self.busy

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Tick() if self.wanted:
                return self._see(context)
            case ViewSeen(job) if job == self.seeing:
                return Outcome(self._with_look(event.glance))
            case ViewsSeen(job) if job == self.seeing:
                return Outcome(replace(self, seeing=None))
            case ProofAdvanced(job) if job == self.making:
                return Outcome(replace(self, share=event.share, lying=event.lying))
            case ProofMade(job) if job == self.making:
                made = replace(self, making=None, weak=not event.fooled)
                return Outcome(made if made.weak else replace(made, printed=(), wanted=True))
            case JobLost(job) if job in self.held:
                return Outcome(self._idle(lost=True))
            case GradientsChanged(health) if health.phase is Phase.LOST and self.making is not None:
                return Outcome(self._idle(lost=True), self.stopped())
            case Pressed():
                return self._pressed(event, context)
            case _:
                return Outcome(self)

    def _pressed(self, event: Pressed, context: Context) -> Outcome:
        match event:
            case Pressed("make") if not self.busy:
                job = context.next_job
                making = replace(self, making=job, share=0.0, lying=0.0, lost=False, weak=False, printed=None)
                return Outcome(making, (MakeProof(job, self.lie),))
            case Pressed("take") if self.lives:
                return Outcome(ToPrinting(self.visit))
            case Pressed("look") if not self.busy:
                return self._see(context)
            case Pressed("cancel"):
                return Outcome(self._idle(), self.stopped())
            case Pressed("back"):
                return Outcome(ToBack(ToCards(self.visit)), self.stopped())
            case _:
                return Outcome(self)

    def _see(self, context: Context) -> Outcome:
        """Return the screen with looks on their way, at the newest picture there is."""
        job, made = context.next_job, self.printed is not None
        anew = {"printed": ()} if made else {"hidden": ()}
        seeing = replace(self, wanted=False, lost=False, seeing=job, **anew)  # type: ignore[arg-type]
        return Outcome(seeing, (SeeViews(job, None if made else self.visit.shown, self.lie, VIEWS),))

    def _with_look(self, look: Glance) -> "Survival":
        if self.printed is None:
            return replace(self, hidden=(*self.hidden, look))
        return replace(self, printed=(*self.printed, look))

    def _idle(self, *, lost: bool = False) -> "Survival":
        """Return nothing is under way any more; a picture that was not looked at yet is there to look at."""
        return replace(self, wanted=False, seeing=None, making=None, lost=lost)

    def view(self, context: Context) -> Scene:
        """Return what the camera sees, beside it the lamps, above both what that means."""
        layout = layout_of(context.panel)
        leave = BACK if self.making is None else CANCEL
        frame = framed(
            context,
            layout,
            self._said(context),
            back=leave,
            accent=Colour.LIE,
            lines=2,
            deck=int(not self.busy),
        )
        rest = frame.stage
        if context.panel.portrait:
            side = min(rest.w, round(rest.h * 0.5))
            shown, beside = (
                Box(rest.x + (rest.w - side) // 2, rest.y, side, side),
                rest.under(side + layout.gap),
            )
        else:
            side = min(rest.h, round(rest.w * 0.45))
            shown, beside = rest.left(side).top(side), rest.after(side + layout.gap * 2)
        items = self._picture(layout, shown)
        small = round(layout.caption * 1.3)
        note = layout.style(layout.caption, colour=Colour.MUTE, lines=2)
        items.append(sentence(beside.foot(small * 2), context.texts("survival.paper"), note))
        lamps = beside.above(small * 2 + layout.tight)
        items += (
            self._progress(layout, lamps) if self.making is not None else self._rows(context, layout, lamps)
        )
        controls = [] if self.busy else self._deck(context, layout, frame.deck)
        pressed = controls[0].name if controls else ""
        return scene_of(context, "survival", [*controls, *frame.items, *items], pressed or leave.name)

    def _deck(self, context: Context, layout: Layout, box: Box) -> list[Control]:
        """Return what can be done now, the next action first."""
        texts, size = context.texts, round(layout.control * 1.25)
        if not self.lives:
            return [button(layout, "make", box, texts("survival.make"), "bolt", size_px=size)]
        again = texts("survival.again")
        if not context.fact(Paper).offered:
            return [button(layout, "look", box, again, "again", size_px=size)]
        left, right = columns(box, 2, layout.gap)
        return [
            button(layout, "take", right, texts("survival.take"), "print"),
            button(layout, "look", left, again, "again"),
        ]

    def _picture(self, layout: Layout, box: Box) -> list[Item]:
        """Return the newest view; while a picture is made, that picture with its view in the corner."""
        if self.making is not None:
            lens = round(box.w * 0.36)
            rim = max(3, layout.tight // 2)
            corner = Box(box.right - lens, box.bottom - lens, lens, lens)
            key = "proof" if self.share else "original"
            around = Box(corner.x - rim, corner.y - rim, lens + rim, lens + rim)
            items: list[Item] = [Picture(box, key, layout.radius, outline=Colour.LIE)]
            if self.share:
                items += [
                    Plate(around, layout.radius // 2, Colour.INK),
                    Picture(corner, "view", layout.radius // 2),
                ]
            return items
        looks = self.hidden if self.printed is None else self.printed
        if not looks:
            return [Picture(box, "adversarial" if self.printed is None else "proof", layout.radius)]
        return [Picture(box, "view", layout.radius, outline=LAMPS[looks[-1]])]

    def _rows(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return a title and a lamp a look, for either picture."""
        made = self.printed is not None
        high = (box.h - layout.gap) // 2
        items = _lamps(context, layout, box.top(high), "survival.hidden", self.hidden)
        if made:
            items += _lamps(context, layout, box.foot(high), "survival.proof", self.printed or ())
        else:
            legend = layout.style(layout.control, lines=3, colour=Colour.MUTE, middle=False)
            items.append(sentence(box.foot(high), context.texts("survival.lamps"), legend))
        return items

    def _progress(self, layout: Layout, box: Box) -> list[Item]:
        """Return how far the making is, and a lamp for each of its last looks."""
        thick = max(8, layout.tight * 2)
        lit = round(self.lying * METERED)
        dots = _dots(layout, box.under(thick + layout.gap).top(box.h // 3), [Colour.LIE] * lit, METERED)
        return [Bar(box.top(thick), self.share, Colour.TEXT), *dots]

    def _said(self, context: Context) -> str:
        """Return what is going on, or what came of it."""
        texts, looks = context.texts, self.hidden if self.printed is None else self.printed
        if self.lost:
            return texts("survival.lost")
        if self.making is not None:
            return texts(
                "survival.making", label=called(context, self.lie), lying=round(self.lying * METERED)
            )
        if self.weak:
            return texts("survival.weak", label=called(context, self.lie))
        if not looks:
            return texts("survival.idea")
        if self.busy:
            return texts("survival.seeing", number=len(looks), views=VIEWS)
        lies = sum(look is Glance.LIE for look in looks)
        share = lies / len(looks)
        key = "dies" if share <= DIES else "lives" if share >= LIVES and self.printed is not None else "half"
        return texts(f"survival.{key}", lies=lies, views=len(looks))


def _lamps(context: Context, layout: Layout, box: Box, key: str, looks: Sequence[Glance]) -> list[Item]:
    """Return a title with the count, and below it a lamp a look; those that are to come are dark."""
    line = round(layout.control * 1.5)
    lies = sum(look is Glance.LIE for look in looks)
    title = context.texts(key, lies=lies, views=len(looks))
    style = layout.style(layout.control, weight=Weight.EXTRABOLD)
    colours = [LAMPS[look] for look in looks]
    return [
        sentence(box.top(line), title, style),
        *_dots(layout, box.under(line + layout.tight), colours, VIEWS),
    ]


def _dots(layout: Layout, box: Box, colours: Sequence[Colour], count: int) -> list[Item]:
    """Return so many lamps in rows of twelve, the first ones in their colours."""
    rows = -(-count // ABREAST)
    each = min(box.w // ABREAST, box.h // rows if rows else box.h)
    side = max(4, each - max(2, layout.tight // 2))
    return [
        Dot(
            Box(box.x + number % ABREAST * each, box.y + number // ABREAST * each, side, side),
            colours[number] if number < len(colours) else Colour.MUTE,
            filled=number < len(colours),
        )
        for number in range(count)
    ]
