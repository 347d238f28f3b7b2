"""The screen that tells honestly what a vaccine changed: one picture, one bar, one sentence; the rest behind More."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.layout import Layout, columns, layout_of, split
from kiosk.core.message import Count
from kiosk.core.parts import button, called, scene_of, sentence
from kiosk.core.pieces.frame import CARDS, framed
from kiosk.core.scene import Bar, Box, Colour, Icon, Item, Picture, Plate, Scene, Weight
from kiosk.core.screen import Outcome, Pressed, ScreenEvent, TeachingScreen
from kiosk.core.visit import Visit
from kiosk.topics.attack.messages import StartStack, ToAttack
from kiosk.topics.cards.messages import ToCards
from kiosk.topics.vaccine.facts import VaccineReport
from kiosk.topics.vaccine.screens.vaccinated_table import steps_in_words, table


@dataclass(frozen=True, slots=True)
class Vaccinated(TeachingScreen):
    """The visit as it is judged now, what the picture really is, the report, and whose pictures its others are.

    `table` says that all that was tried is shown.
    """

    visit: Visit
    label: int
    report: VaccineReport
    others: tuple[int, ...] = ()
    table: bool = False
    picture = "adversarial"

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return where it leads; a new attack is on the same picture, for the same lie, from its beginning."""
        del context
        visit = self.visit
        match event:
            case Pressed("table"):
                return Outcome(replace(self, table=True))
            case Pressed("back"):
                return Outcome(replace(self, table=False))
            case Pressed("attack"):
                return Outcome(
                    ToAttack(visit.towards(visit.target)), (StartStack(visit.target), Count(("attacks",)))
                )
            case Pressed("cards"):
                return Outcome(ToCards(visit))
            case _:
                return Outcome(self)

    def view(self, context: Context) -> Scene:
        """Return what came of it, or all that was tried."""
        return self._table(context) if self.table else self._result(context)

    def _result(self, context: Context) -> Scene:
        """Return the picture with what it is taken for now, how much harder it is to fool, and the next attack."""
        layout = layout_of(context.panel)
        accent = Colour.TRUTH if self.report.helped else Colour.LIE
        text = context.texts(f"vaccinated.{outcome(self.report)}")
        frame = framed(context, layout, text, back=None, others=(CARDS,), accent=accent, lines=2)
        headed, rest = frame.items, frame.stage
        more, attack = split(frame.deck, (1.0, 1.7), layout.gap)
        line = round(layout.control * 2.4)
        if context.panel.portrait:
            bar = rest.foot(sum(_heights(layout)) + layout.gap * 3)
            side = min(rest.w, rest.h - bar.h - line - layout.gap)
            picture = Box(rest.x + (rest.w - side) // 2, rest.y, side, side)
        else:
            side = min(rest.h - line, round(rest.w * 0.45))
            picture = rest.left(side).top(side)
            bar = rest.after(side + layout.gap * 2)
        size = round(layout.control * 1.2)
        items = [
            button(layout, "attack", attack, context.texts("control.attack_again"), "bolt", size_px=size),
            button(layout, "table", more, context.texts("vaccinated.table"), "matrix"),
            *headed,
            *self._picture(context, layout, picture, Box(picture.x, picture.bottom, side, line)),
            *self._steps(context, layout, bar),
        ]
        return scene_of(context, "vaccinated", items, "attack")

    def _table(self, context: Context) -> Scene:
        """Return all that was tried, and what that means."""
        layout = layout_of(context.panel)
        came, texts = outcome(self.report), context.texts
        accent = Colour.TRUTH if self.report.helped else Colour.LIE
        frame = framed(context, layout, texts(f"vaccinated.{came}"), accent=accent, lines=2)
        quiet = layout.style(layout.body, colour=Colour.MUTE, lines=4)
        items = [
            *frame.items,
            *table(
                self.visit.now.answer,
                self.report,
                self.others,
                context,
                layout,
                frame.stage,
            ),
            sentence(frame.deck, texts(f"vaccinated.{came}_note"), quiet),
        ]
        return scene_of(context, "vaccinated", items, "back")

    def _picture(self, context: Context, layout: Layout, box: Box, below: Box) -> list[Item]:
        """Return the attacked picture once more, and what it is taken for now."""
        answer, right = self.visit.now.answer, self.report.same_picture_right
        colour = Colour.TRUTH if right else Colour.LIE
        key = ("right" if right else "fooled") if answer.known else "unsure"
        text = context.texts(f"vaccinated.{key}", label=called(context, answer.first.label))
        side = round(layout.control * 1.4)
        mark = Box(below.x, below.y + (below.h - side) // 2, side, side)
        style = layout.style(round(layout.control * 1.2), accent=colour, lines=2, weight=Weight.EXTRABOLD)
        return [
            Picture(box, "adversarial", layout.radius, outline=colour),
            Icon(mark, "done" if right else "cancel", colour),
            sentence(below.after(side + layout.tight), text, style),
        ]

    def _steps(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return the steps that a new attack needs, before and now, in one bar: what is longer lies behind."""
        report = self.report
        photo = report.same_photo
        line, word, high, thick = _heights(layout)
        room = box.inset(layout.gap)
        spare = max(0, room.h - line - word - high - thick - layout.gap)
        room = room.inset(0, spare // 2)
        told = columns(room.above(thick + layout.gap).under(line), 2, layout.gap)
        now = Colour.TRUTH if photo.grew else Colour.LIE
        lengths = [
            (min(1.0, (steps or report.most_steps) / report.most_steps), colour)
            for steps, colour in ((photo.before, Colour.MUTE), (photo.after, now))
        ]
        (longer, behind), (shorter, before) = sorted(lengths, key=lambda length: -length[0])
        bar = room.foot(thick)
        items: list[Item] = [
            Plate(box, layout.radius),
            sentence(
                room.top(line), context.texts("vaccinated.photo"), layout.style(layout.control, lines=1)
            ),
            Bar(bar, longer, behind),
            Bar(bar, shorter, before, None),
        ]
        for cell, key, steps, colour in zip(
            told, ("before", "after"), (photo.before, photo.after), (Colour.TEXT, now), strict=True
        ):
            number = cell.under(word)
            size = min(layout.display, round(number.h * 0.75))
            items += [
                sentence(
                    cell.top(word),
                    context.texts(f"vaccinated.{key}"),
                    layout.style(layout.body, colour=Colour.MUTE),
                ),
                sentence(
                    number,
                    steps_in_words(steps, report, context),
                    layout.style(size, colour=colour, weight=Weight.EXTRABOLD),
                ),
            ]
        return items


def _heights(layout: Layout) -> tuple[int, int, int, int]:
    """Return how high a line, a quiet word, a large number and the bar are."""
    thick = round(layout.touch * (0.6 if layout.compact else 1.0))
    return round(layout.control * 1.5), round(layout.body * 1.6), round(layout.display * 1.3), thick


def outcome(report: VaccineReport) -> str:
    """Return what came of it, as the last part of the keys of its words."""
    photo = report.same_photo
    if not report.same_picture_right:
        return "still_fooled"
    if not report.kept:
        return "worse"
    if photo.before is None:
        return "unclear" if photo.after is None else "no_harder"
    if not photo.grew:
        return "no_harder"
    return "helped" if report.helped_elsewhere else "only_here"
