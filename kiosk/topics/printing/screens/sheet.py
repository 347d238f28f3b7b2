"""What all sheets share: laid out by themselves, asked about once, sent on their way, or shown to a phone."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.layout import Layout, columns, layout_of
from kiosk.core.message import Count, ToBack
from kiosk.core.parts import button, scene_of
from kiosk.core.pieces.frame import Frame, framed
from kiosk.core.pieces.pair import pair_of, pictured, plated
from kiosk.core.pieces.working import WorkingScreen
from kiosk.core.scene import Box, Colour, Item, Picture, Scene
from kiosk.core.screen import Outcome, Pressed
from kiosk.topics.cards.messages import ToCards
from kiosk.topics.printing.facts import Kind, Route, SheetWords, Stage
from kiosk.topics.printing.messages import Paper, PrintSheet

PICTURES = {Kind.PAIR: ("original", "proof"), Kind.CONTROL: ("control",), Kind.STICKER: ("sticker", "grey")}


@dataclass(frozen=True, slots=True)
class SheetScreen(WorkingScreen):
    """Which sheet is shown, and whether it is being asked about, or shown as large as it goes."""

    kind: Kind = Kind.PAIR
    asks: bool = False
    large: bool = False

    @property
    @abstractmethod
    def laid(self) -> bool:
        """Return whether the sheet is there."""

    @abstractmethod
    def labels(self, context: Context) -> dict[str, str]:
        """Return the names that are filled into what is written on it."""

    @abstractmethod
    def idea(self, context: Context) -> str:
        """Return what it is."""

    @abstractmethod
    def asked(self, context: Context) -> list[str]:
        """Return the question whether it shall get out, and what else is to be known before."""

    @abstractmethod
    def kept(self, context: Context) -> str:
        """Return what is to be known of one that is on its way."""

    @property
    def accent(self) -> Colour:
        """Return the colour of what it says."""
        return Colour.LIE

    def besides(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return what else can be done with it."""
        del context, layout, box
        return []

    def pressed(self, event: Pressed, context: Context) -> Outcome:
        """Return the question, the sheet on its way, or the way back."""
        match event:
            case Pressed("back") if self.large or self.asks:
                return Outcome(replace(self, large=False, asks=False))
            case Pressed("back"):
                return Outcome(ToBack(ToCards(self.visit)), self.stopped())
            case Pressed("show") if self.laid:
                return Outcome(replace(self, large=True))
            case Pressed("print") if self._may_print(context):
                return Outcome(replace(self, asks=True))
            case Pressed("no"):
                return Outcome(replace(self, asks=False))
            case Pressed("yes") if self.asks and self._may_print(context):
                sheet = PrintSheet(self.kind, self._written(context))
                return Outcome(replace(self, asks=False), (sheet, Count((f"sheet_{self.kind.value}",))))
            case _:
                return Outcome(self)

    def _may_print(self, context: Context) -> bool:
        paper = context.fact(Paper)
        enough = paper.route is Route.STICK or (paper.route is Route.PRINTER and paper.left > 0)
        return self.laid and enough and not paper.stage.busy

    def _written(self, context: Context) -> SheetWords:
        """Return what is written on the sheet."""
        texts, labels = context.texts, self.labels(context)
        keys = PICTURES[self.kind]
        return SheetWords(
            texts("printing.name"),
            tuple(texts(f"printing.title_{key}") for key in keys),
            tuple(texts(f"printing.sheet_{key}", **labels) for key in keys),
        )

    def view(self, context: Context) -> Scene:
        """Return the sheet's pictures, what it is or how far it is, and what can be done."""
        layout = layout_of(context.panel)
        if self.large:
            return self._held_out(context, layout)
        frame = framed(context, layout, context.texts("printing.title"))
        pair = pair_of(layout, frame.stage, 0, share=0.3)
        items: list[Item] = []
        for side, key in zip((pair.before, pair.after), PICTURES[self.kind], strict=False):
            if self.laid:
                items += pictured(context, layout, side, f"sheet-{key}", f"printing.title_{key}")
        loud, *quiet = self.told(context)
        items += plated(layout, pair.words, loud, quiet, accent=self.accent)
        controls, first = self._deck(context, layout, frame)
        return scene_of(context, "printing", [*controls, *items, *frame.items], first)

    def _deck(self, context: Context, layout: Layout, frame: Frame) -> tuple[Sequence[Item], str]:
        """Return what can be done now, and which of it is next."""
        texts = context.texts
        if self.lost:
            return [button(layout, "retry", frame.deck, texts("control.retry"), "again")], "retry"
        if not self.laid:
            return [], "back"
        left, right = columns(frame.deck, 2, layout.gap)
        if self.asks:
            return [
                button(layout, "yes", right, texts("printing.yes"), "print"),
                button(layout, "no", left, texts("printing.no"), "cross"),
            ], "yes"
        act, icon = ("print", "print") if self._may_print(context) else ("show", "lens")
        others = self.besides(context, layout, left)
        place = right if others else frame.deck
        return [button(layout, act, place, texts(f"printing.{act}"), icon), *others], act

    def told(self, context: Context) -> list[str]:
        """Return what the sheet is or how far it is, then what else is to be known of it."""
        texts, paper = context.texts, context.fact(Paper)
        if self.lost:
            return [texts("printing.lost")]
        if not self.laid:
            return [texts("printing.laying")]
        if self.asks:
            return self.asked(context)
        if paper.stage is not Stage.NONE:
            return [texts(f"printing.stage_{paper.stage.value}"), self.kept(context)]
        spent = paper.route is Route.PRINTER and paper.left <= 0
        return [
            self.idea(context),
            texts("printing.spent" if spent else f"printing.route_{paper.route.value}"),
        ]

    def _held_out(self, context: Context, layout: Layout) -> Scene:
        """Return the sheet's pictures as large as they go, for a phone."""
        frame = framed(context, layout, deck=0, accent=Colour.LIE)
        keys, stage = PICTURES[self.kind], frame.stage
        if context.panel.portrait:
            side = min(stage.w, (stage.h - layout.gap) // len(keys))
            places = [
                Box(stage.x, stage.y + at * (side + layout.gap), stage.w, side) for at in range(len(keys))
            ]
        else:
            places = list(columns(stage, len(keys), layout.gap))
            side = min(stage.h, places[0].w)
        shown = [
            Picture(place.square(side), f"sheet-{key}", layout.radius)
            for place, key in zip(places, keys, strict=True)
        ]
        return scene_of(context, "printing", [*shown, *frame.items], "back")
