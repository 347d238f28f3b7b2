"""The sheet of a sticker: with a grey one of the same size, to be cut out and laid beside real things."""

from dataclasses import dataclass, replace
from typing import Self

from kiosk.core.context import Context
from kiosk.core.message import Asking, Reply
from kiosk.core.parts import called
from kiosk.topics.printing.facts import Kind
from kiosk.topics.printing.messages import LayStickerSheet, StickerSheetLaid
from kiosk.topics.printing.screens.sheet import SheetScreen


@dataclass(frozen=True, slots=True)
class StickerPrinting(SheetScreen):
    """Whose sticker it is, and how wide it is printed once it is laid out."""

    kind: Kind = Kind.STICKER
    label: int = 0
    wide_mm: float | None = None

    @property
    def laid(self) -> bool:
        """Return whether both stickers are there."""
        return self.wide_mm is not None

    def asking(self, job: int) -> Asking:
        """Return the wish for the sheet."""
        return LayStickerSheet(job, self.label)

    def answered(self, reply: Reply) -> Self:
        """Return the screen with the sheet."""
        return replace(self, wide_mm=reply.wide_mm) if isinstance(reply, StickerSheetLaid) else self

    def labels(self, context: Context) -> dict[str, str]:
        """Return what the sticker is taken for."""
        return {"lie": called(context, self.label)}

    def idea(self, context: Context) -> str:
        """Return what it is for."""
        return context.texts("printing.idea_sticker", lie=called(context, self.label))

    def asked(self, context: Context) -> list[str]:
        """Return the question whether it shall get out, and how wide it is then."""
        return [context.texts("printing.ask_sticker"), self._width(context)]

    def kept(self, context: Context) -> str:
        """Return what to do with it."""
        return context.texts("printing.cut_out")

    def _width(self, context: Context) -> str:
        return context.texts("printing.wide", wide=round(self.wide_mm or 0))
