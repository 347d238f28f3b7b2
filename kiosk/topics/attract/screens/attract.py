"""The screen that waits for a visitor: a film of a picture that is fooled, and one question."""

from dataclasses import dataclass

from kiosk.core.context import Context
from kiosk.core.layout import Layout, layout_of
from kiosk.core.parts import button, called, scene_of, sentence, staff_corner
from kiosk.core.scene import (
    Align,
    Box,
    Colour,
    Control,
    Curve,
    Curves,
    Icon,
    Item,
    Look,
    Picture,
    Plate,
    Run,
    Scene,
    Weight,
    Words,
)
from kiosk.core.screen import Outcome, Pressed, Released, RestingScreen, ScreenEvent
from kiosk.core.staff import CORNER
from kiosk.topics.attract.messages import Film
from kiosk.topics.photograph.messages import ToLive

CLEAN_S = 2.4
NOISE_S = 2.4
FLIP_S = 0.5
LENS_S = 8.0  # until then it is up
LOOP_S = 10.5
RACE_S = 3.0  # longer, where there is a race to be seen


@dataclass(frozen=True, slots=True)
class Moment:
    """What the film shows now: which frame, how far the label is struck out, whether the lens is up.

    `raced` is how many frames the race has run, 0 while it is not shown.
    """

    frame: int
    strike: float
    flipped: bool
    lens: bool
    raced: int = 0


@dataclass(frozen=True, slots=True)
class Attract(RestingScreen):
    """Since when the film runs."""

    since_s: float

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return the way into a visit, whatever is pressed; in the staff's corner when it is let go."""
        del context
        match event:
            case Pressed(name) if name != CORNER:
                return Outcome(ToLive())
            case Released(name) if name == CORNER:
                return Outcome(ToLive())
            case _:
                return Outcome(self)

    def view(self, context: Context) -> Scene:
        """Return the film, the question, one control; the whole screen is the way in."""
        layout = layout_of(context.panel)
        page = layout.page
        strip = layout.label * 2
        whole = Box(0, 0, context.panel.width_px, context.panel.height_px)
        items: list[Item] = [Control("anywhere", whole, Look.WHOLE)]
        if context.panel.portrait:
            words_h = page.h - page.w - strip - layout.gap
            side = page.w if words_h > layout.deck * 3.2 else page.w - round(layout.deck * 3.2 - words_h)
            film = Box(page.x + (page.w - side) // 2, page.y, side, side)
            text = page.under(side + strip + layout.gap)
        else:
            side = min(page.h - strip, round(page.w * 0.53))
            film = Box(page.x, page.y + (page.h - strip - side) // 2, side, side)
            text = page.after(side + layout.gap * 3)
        items += self._film(context, layout, film)
        items += _question(context, layout, text)
        items.append(staff_corner(context))
        if context.notices:  # quiet: visitors need not care
            side = layout.caption
            corner = Box(context.panel.width_px - side - layout.tight, layout.tight, side, side)
            items.append(Icon(corner, "wrench", Colour.MUTE))
        return scene_of(context, "attract", items, "start")

    def _film(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return the picture with its lens, and the label below that flips."""
        film = Film.shown_by(context)
        if not film.frames:
            return [Plate(box, layout.radius), Icon(box.square(box.w // 2), "camera", Colour.MUTE)]
        frames = film.frames
        now = moment_of(len(frames), context.now_s - self.since_s, races=bool(film.race))
        items: list[Item] = [Picture(box, f"film-{now.frame}", layout.radius)]
        if now.lens:
            items += _in_corner(context, layout, box, "attract.lens", "film-noise")
        if now.raced:
            items += _in_corner(context, layout, box, "attract.race", film.race[: now.raced], len(frames))
        runs = [Run(called(context, frames[0].label), Colour.TRUTH)]
        if now.flipped:
            runs += [Run("  →  ", Colour.MUTE), Run(called(context, frames[-1].label), Colour.LIE)]
        label = Box(box.x, box.bottom + layout.tight, box.w, layout.label * 2 - layout.tight)
        items.append(
            Words(
                label, tuple(runs), layout.label, layout.floor, Weight.EXTRABOLD, lines=2, strike=now.strike
            )
        )
        return items


def _in_corner(
    context: Context,
    layout: Layout,
    box: Box,
    words: str,
    shown: str | tuple[tuple[float, float], ...],
    length: int = 0,
) -> list[Item]:
    """Return a card in the film's corner: a picture, or the race of both answers as far as it is, over its words."""
    side = round(box.w * 0.4)
    rim = max(3, layout.tight // 2)
    line = round(layout.caption * 1.7)
    wide, high = side + 2 * rim, side + line + rim
    card = Box(box.right - wide, box.bottom - high, wide, high)
    inside = Box(card.x + rim, card.y + rim, side, side)
    style = layout.style(layout.caption, align=Align.CENTRE, weight=Weight.SEMIBOLD)
    told = sentence(card.foot(line).inset(rim, 0), context.texts(words), style)
    if isinstance(shown, str):
        return [Plate(card, layout.radius, Colour.INK), Picture(inside, shown, layout.radius - rim), told]
    thick = max(4, layout.tight)
    lines = tuple(
        Curve(tuple(both[place] for both in shown), colour, thick)
        for place, colour in enumerate((Colour.TRUTH, Colour.LIE))
    )
    return [Plate(card, layout.radius, Colour.INK), Curves(inside.inset(layout.tight), lines, length), told]


def moment_of(frames: int, elapsed_s: float, *, races: bool = False) -> Moment:
    """Return the film's moment: clean picture, noise a step at a time, the label flips once, the race, rest."""
    at_s = elapsed_s % (LOOP_S + RACE_S * races)
    if at_s < CLEAN_S or frames < 2:
        return Moment(0, 0.0, False, False)
    if at_s < CLEAN_S + NOISE_S:
        step = 1 + int((at_s - CLEAN_S) / NOISE_S * max(1, frames - 1))
        return Moment(min(step, frames - 1), 0.0, False, True)
    strike = min(1.0, (at_s - CLEAN_S - NOISE_S) / FLIP_S)
    if not races or at_s < LENS_S:
        return Moment(frames - 1, strike, strike >= 1.0, at_s < LENS_S)
    raced = 1 + int((at_s - LENS_S) / RACE_S * frames)
    return Moment(frames - 1, strike, True, False, min(frames, raced))


def _question(context: Context, layout: Layout, box: Box) -> list[Item]:
    """Return the question, one sentence, one control."""
    deck = round(layout.deck * 1.2)
    if context.panel.portrait:
        deck = layout.deck
    start = box.foot(deck)
    upper = box.above(deck + layout.gap)
    share = 0.56
    title = upper.top(round(upper.h * share))
    lead = upper.under(round(upper.h * share) + layout.tight)
    return [
        Words(
            title,
            (Run(context.texts("attract.title"), Colour.TEXT),),
            layout.display,
            layout.floor,
            Weight.EXTRABOLD,
            lines=4,
        ),
        sentence(
            lead,
            context.texts("attract.lead"),
            layout.style(layout.control, colour=Colour.MUTE, lines=5, middle=False),
        ),
        button(
            layout,
            "start",
            start,
            context.texts("attract.start"),
            "hand",
            size_px=round(layout.control * 1.3),
        ),
    ]
