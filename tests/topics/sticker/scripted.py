"""Visits that lay a sticker on their picture."""

from kiosk.core.message import Effect, Event
from kiosk.core.visit import Answer, Ranked
from kiosk.topics.sticker.messages import LaySticker, StickerJudged, StickersFound
from tests.player import CUP, ESPRESSO, ORIGINAL, Player, Script
from tests.stickers import BANANA, TOASTER
from tests.topics.cards.scripted import at_cards, turned_from


class StickerScript(Script):
    """What this topic's effects are answered with: the sticker works but in the lower right corner."""

    def answer(self, playing: Player, effect: Effect) -> tuple[Event, ...] | None:
        """The news that an effect leads to."""
        del playing
        match effect:
            case LaySticker(job, label, x, y):
                says = Answer((Ranked(label, 0.97), Ranked(ESPRESSO, 0.02)))
                holds = Answer((Ranked(CUP, 0.5), Ranked(label, 0.3)))
                return (StickerJudged(job, holds if x > 0.6 and y > 0.6 else says, ORIGINAL),)
            case _:
                return None


SCRIPT = StickerScript


def at_sticker(panel: str = "1280x800", labels: tuple[int, ...] = (BANANA, TOASTER)) -> Player:
    """A visit with a sticker on its picture."""
    playing = at_cards(panel)
    playing.send(StickersFound(tuple(sorted(labels))))
    turned_from(playing, "sticker")
    playing.touch("card-sticker")
    playing.wait(0.5)
    return playing
