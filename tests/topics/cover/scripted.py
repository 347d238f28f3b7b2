"""Visits that cover squares."""

from kiosk.core.message import Effect, Event, JobAdvanced, Lifted, Touched
from kiosk.core.visit import Answer, Ranked
from kiosk.topics.cover.facts import ACROSS
from kiosk.topics.cover.messages import CoversSwept, CoverTile, SweepCovers, TileCovered
from tests.player import CUP, ESPRESSO, SOUP, Player, Script
from tests.topics.cards.scripted import at_card

KEY_TILE = 14  # without it the answer is another one


class CoverScript(Script):
    """What this topic's effects are answered with."""

    def answer(self, playing: Player, effect: Effect) -> tuple[Event, ...] | None:
        """The news that an effect leads to."""
        del playing
        match effect:
            case CoverTile(job, _, tile):
                shares = (0.3, 0.45) if tile == KEY_TILE else (0.8, 0.1)
                rows = (Ranked(ESPRESSO, shares[0]), Ranked(CUP, shares[1]), Ranked(SOUP, 0.05))
                return (TileCovered(job, tile, Answer(tuple(sorted(rows, key=lambda r: -r.confidence)))),)
            case SweepCovers(job):
                losses = tuple(2.5 if tile == KEY_TILE else 0.1 for tile in range(ACROSS**2))
                return (JobAdvanced(job, 0.5), CoversSwept(job, losses))
            case _:
                return None


SCRIPT = CoverScript


def touch_tile(playing: Player, tile: int) -> None:
    """A finger on one square, after the cool-down."""
    control = playing.control("tile")
    playing.rest(control)
    row, column = divmod(tile, ACROSS)
    x, y = (round((at + 0.5) * control.box.w / ACROSS) for at in (column, row))
    playing.send(Touched(control.box.x + x, control.box.y + y), Lifted())


def at_cover(panel: str = "1280x800", tile: int | None = None) -> Player:
    """A visit that may have covered a square."""
    playing = at_card("cover", panel)
    if tile is not None:
        touch_tile(playing, tile)
    playing.wait(0.5)
    return playing


def at_swept(panel: str = "1280x800") -> Player:
    """A visit that covered all squares."""
    playing = at_cover(panel)
    playing.touch("sweep")
    playing.wait(0.5)
    return playing
