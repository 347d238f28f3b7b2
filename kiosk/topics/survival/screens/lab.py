"""The screen on which pictures go through six treatments: a lamp for each says whether it is fooled after it."""

from dataclasses import dataclass, replace
from typing import Self

from kiosk.core.context import Context
from kiosk.core.layout import Layout, columns, grid, layout_of
from kiosk.core.message import Reply, ToBack
from kiosk.core.parts import button, called, scene_of, sentence
from kiosk.core.pieces.frame import framed
from kiosk.core.pieces.working import WorkingScreen, working, working_px
from kiosk.core.scene import Box, Colour, Dot, Item, Picture, Plate, Scene, Weight
from kiosk.core.screen import Outcome, Pressed
from kiosk.topics.cards.messages import ToCards
from kiosk.topics.survival.facts import Glance, Treated, Treatment, Which
from kiosk.topics.survival.messages import PicturesTreated, TreatPictures
from kiosk.topics.survival.screens.survival import LAMPS

LINE = 1.35  # how high a line is, in sizes of its type
LAMP = 0.26  # of a picture's side


@dataclass(frozen=True, slots=True)
class Lab(WorkingScreen):
    """The visit, and what came of the treatments."""

    treated: PicturesTreated | None = None

    def asking(self, job: int) -> TreatPictures:
        """Return the treatments."""
        return TreatPictures(job, self.visit.shown, self.visit.now.answer.first.label)

    def answered(self, reply: Reply) -> Self:
        """Return the screen with what came of them."""
        return replace(self, treated=reply) if isinstance(reply, PicturesTreated) else self

    def pressed(self, event: Pressed, context: Context) -> Outcome:
        """Return the way back, or on to the other cards."""
        del context
        match event:
            case Pressed("back"):
                return Outcome(ToBack(ToCards(self.visit)), self.stopped())
            case Pressed("cards"):
                return Outcome(ToCards(self.visit), self.stopped())
            case _:
                return Outcome(self)

    def view(self, context: Context) -> Scene:
        """Return a tile for each treatment, above them what is left of the lie, below them how to read the lamps."""
        layout = layout_of(context.panel)
        frame = framed(context, layout, self._said(context), accent=Colour.LIE, lines=2)
        tall = context.panel.portrait
        high = round(layout.caption * LINE * (3 if tall else 2))
        if self.work is not None:
            high = max(high, working_px(layout) + 2 * layout.tight)
        foot = frame.stage.foot(high)
        cells = grid(frame.stage.above(high + layout.tight), len(Treatment), 2 if tall else 3, layout.tight)
        items: list[Item] = []
        for treatment, cell in zip(Treatment, cells, strict=True):
            items += self._tile(context, layout, cell, treatment)
        if self.work is not None:
            items += working(context, layout, foot, self.work)
        elif self.treated is not None:
            style = layout.style(layout.caption, colour=Colour.MUTE, accent=Colour.TRUTH, lines=3)
            items.append(sentence(foot, self._legend(context, self.treated), style))
        name, key, icon = "cards", "control.cards", "cards"
        if self.lost:
            name, key, icon = "retry", "control.retry", "again"
        act = button(layout, name, frame.deck, context.texts(key), icon)
        return scene_of(context, "lab", [act, *items, *frame.items], name)

    def _tile(self, context: Context, layout: Layout, cell: Box, treatment: Treatment) -> list[Item]:
        """Return the treatment's name, and the treated pictures with a lamp each."""
        inner = cell.inset(layout.tight // 2)
        line = round(layout.caption * LINE)
        style = layout.style(layout.caption, weight=Weight.SEMIBOLD)
        items: list[Item] = [
            Plate(cell, layout.radius // 2),
            sentence(inner.top(line), context.texts(f"lab.{treatment.value}"), style),
        ]
        found = () if self.treated is None else self.treated.treated
        shown = [treated for treated in found if treated.treatment is treatment]
        for treated, place in zip(
            shown, columns(inner.under(line), max(2, len(shown)), layout.tight), strict=False
        ):
            items += _lamped(layout, place, treated)
        return items

    def _said(self, context: Context) -> str:
        """Return what is done, or what of the lie is left after it."""
        texts = context.texts
        if self.treated is None:
            return texts("lab.lost" if self.lost else "lab.idea")
        noisy, proof = self.treated.of(Which.NOISY), self.treated.of(Which.PROOF)
        lies = _count(noisy, Glance.LIE)
        key = "lab.none" if not lies else "lab.all" if lies == len(noisy) else "lab.some"
        said = texts(key, lies=lies, count=len(noisy))
        if not proof:
            return said
        return f"{said} {texts('lab.proof', lies=_count(proof, Glance.LIE), count=len(proof))}"

    def _legend(self, context: Context, treated: PicturesTreated) -> str:
        """Return how to read the lamps, and how often the first answer stays where there is no noise."""
        texts, clean = context.texts, treated.of(Which.CLEAN)
        key = "lab.three" if treated.of(Which.PROOF) else "lab.two"
        stays = texts(
            "lab.control",
            label=called(context, self.visit.original.first.label),
            right=_count(clean, Glance.RIGHT),
            count=len(clean),
        )
        return f"{texts(key)} {stays}"


def _lamped(layout: Layout, box: Box, treated: Treated) -> list[Item]:
    """Return a treated picture with its lamp: lit where it is fooled, a ring where it is not."""
    side = min(box.w, box.h)
    place = box.square(side)
    colour = LAMPS[treated.glance]
    lamp = round(side * LAMP)
    corner = Box(place.right - lamp, place.bottom - lamp, lamp, lamp)
    return [
        Picture(place, treated.key, layout.radius // 2, behind=Colour.PANEL, outline=colour),
        Dot(corner, colour, filled=treated.glance is Glance.LIE),
    ]


def _count(treated: tuple[Treated, ...], glance: Glance) -> int:
    return sum(one.glance is glance for one in treated)
