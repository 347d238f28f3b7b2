"""The screen where the lie is chosen: twelve unmistakable things, a surprise, anything else, or any label."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.labels import Labels
from kiosk.core.layout import Layout, best_across, columns, grid, layout_of
from kiosk.core.message import Count, ToBack
from kiosk.core.parts import button, called, percent, scene_of, sentence, tile, walled
from kiosk.core.pieces.frame import BACK, RETAKE, framed
from kiosk.core.scene import Box, Colour, Control, ControlId, Item, Picture, Plate, Scene, Weight
from kiosk.core.screen import Outcome, Pressed, ScreenEvent, VisitScreen
from kiosk.core.visit import Rating, Visit
from kiosk.topics.attack.messages import StartStack, ToAttack
from kiosk.topics.attack.screens.names import Page, Sort, page_controls
from kiosk.topics.photograph.messages import ToLive

SURPRISE = "🎁"
SPREAD = 7919  # a prime: presses in neighbouring moments bring lies that are far apart
ASKS = {Sort.GROUPS: "choose.groups", Sort.LETTERS: "choose.letters", Sort.NAMES: "choose.names"}
RATED = {
    Rating.RIGHT: "choose.said",
    Rating.NEARLY: "choose.said_nearly",
    Rating.WRONG: "choose.said_wrong",
    Rating.UNSURE: "choose.said",
}


@dataclass(frozen=True, slots=True)
class Choose(VisitScreen):
    """The visit, and the pages of names that led here (none: the wall)."""

    visit: Visit
    path: tuple[Page, ...] = ()
    picture = "original"

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Pressed("retake"):
                return Outcome(ToLive())
            case Pressed("anything"):
                return self._begun(None)
            case Pressed("surprise") if surprises(context.labels, self.visit):
                return self._begun(surprise(context.labels, self.visit, context.now_s))
            case Pressed("groups"):
                sort = Sort.GROUPS if context.labels.groups else Sort.LETTERS
                return self._turned(Page(sort, context.labels.order))
            case Pressed("letters"):
                return self._turned(Page(Sort.LETTERS, context.labels.order))
            case Pressed("kind", int(at)) if 0 <= at < len(context.labels.groups):
                return self._turned(Page(Sort.NAMES, context.labels.groups[at].labels))
            case Pressed("group", (int(start), int(end))) if self.path:
                return self._turned(self.path[-1].part(start, end))
            case Pressed("back") if self.path:
                return Outcome(replace(self, path=self.path[:-1]))
            case Pressed("back") if context.returns:
                return Outcome(ToBack(ToLive()))
            case Pressed("label", int(label)) if context.labels.name(label) is not None:
                return self._begun(label)
            case _:
                return Outcome(self)

    def _turned(self, page: Page) -> Outcome:
        """Return the screen with a further page of names."""
        return Outcome(replace(self, path=(*self.path, page)))

    def _begun(self, target: int | None) -> Outcome:
        """Return a new stack for this lie."""
        return Outcome(ToAttack(self.visit.towards(target)), (StartStack(target), Count(("attacks",))))

    def view(self, context: Context) -> Scene:
        """Return the question beside the picture and its answer, then the wall or the alphabet."""
        layout = layout_of(context.panel)
        backs = bool(self.path) or context.returns
        back, others = (BACK, ()) if self.path else (BACK, (RETAKE,)) if backs else (None, (RETAKE,))
        frame = framed(context, layout, back=back, others=others, deck=0 if self.path else 1)
        high = layout.deck
        if layout.compact and not context.panel.portrait:
            high = round(layout.caption * 2.65)
        high = max(high, layout.panel.reach_px - layout.gap - frame.stage.y)
        items = self._question(context, layout, frame.stage.top(high))
        stage = frame.stage.under(high + layout.gap)
        if self.path:
            tiles = [self._marked(context, c) for c in page_controls(context, layout, stage, self.path[-1])]
            scene = [*items, *tiles, *frame.items]
            return scene_of(context, "choose", scene, tiles[0].id if tiles else "back")
        chosen, primary = self._wall(context, layout, stage)
        names = [("surprise", SURPRISE), ("anything", "anything"), ("groups", "letters")]
        if len(context.labels.tiles) == len(context.labels.order):  # the wall has them all
            names.remove(("groups", "letters"))
        if not surprises(context.labels, self.visit):
            names.remove(("surprise", SURPRISE))
        if not self.visit.original.known:  # there is no answer to get away from
            names.remove(("anything", "anything"))
        items += chosen
        boxes = columns(frame.deck, max(1, len(names)), layout.gap)
        count = f"{len(context.labels.names):,}"
        make = tile if context.panel.portrait else button
        items += [
            make(
                layout, name, box, context.texts(f"control.{name}", count=count), icon, size_px=layout.caption
            )
            for (name, icon), box in zip(names, boxes, strict=False)
        ]
        return scene_of(context, "choose", [*items, *frame.items], primary)

    def _question(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return the picture, what it is called, and the question."""
        picture, words = box.left(box.h), box.after(box.h + layout.gap)
        first = self.visit.original.first
        said = context.texts("choose.unknown")
        if self.visit.original.known:
            label, sure = called(context, first.label), percent(context, first.confidence)
            said = context.texts(RATED[self.visit.rated], label=label, percent=sure)
        ask = context.texts(ASKS[self.path[-1].sort] if self.path else "choose.ask")
        cut = words.h // 2
        size = layout.display if layout.panel.reach_px else layout.label
        loud = layout.style(size, weight=Weight.EXTRABOLD, lines=2)
        quiet = layout.style(layout.body, accent=Colour.TRUTH, colour=Colour.MUTE, lines=2)
        return [
            Picture(picture, "original", layout.radius // 2),
            sentence(words.top(cut), said, quiet),
            sentence(words.under(cut), ask, loud),
        ]

    def _wall(self, context: Context, layout: Layout, box: Box) -> tuple[list[Item], ControlId]:
        """Return the twelve tiles; the light stands on the first that would be a lie."""
        tiles = context.labels.tiles
        if not tiles:
            return [Plate(box, layout.radius)], ControlId("anything")
        across = best_across(box, len(tiles), layout.gap, 1.05, layout.least)
        items: list[Item] = []
        primary = ControlId("anything")
        for target, cell in zip(tiles, grid(box, len(tiles), across, layout.gap), strict=True):
            name = ControlId("label", target.label)
            placed = tile(layout, name, cell, called(context, target.label), target.icon)
            items.append(self._marked(context, walled(placed)))
            if target.label != self.visit.original.said and primary.name == "anything":
                primary = name
        return items, primary

    def _marked(self, context: Context, control: Control) -> Control:
        """Return a tile, marked where it is what the machine says already."""
        if control.name != "label" or control.value != self.visit.original.said:
            return control
        note = context.texts("choose.same")
        return replace(control, outline=Colour.TRUTH, tint=Colour.TRUTH, note=note)


def surprises(labels: Labels, visit: Visit) -> tuple[int, ...]:
    """Return the lies that may come as a surprise: what everybody knows by its drawing, and it does not say now."""
    return tuple(label for label in labels.pictured if label != visit.original.said)


def surprise(labels: Labels, visit: Visit, now_s: float) -> int:
    """Return one of them; the moment of the press, in thousandths of a second, is the die."""
    lies = surprises(labels, visit)
    return lies[round(now_s * 1000) * SPREAD % len(lies)]
