"""The film that shows, between visits, what the exhibit is about."""

from dataclasses import dataclass

from kiosk.core.context import Context, Fact
from kiosk.core.message import News
from kiosk.core.visit import Ranked


@dataclass(frozen=True, slots=True)
class Film(Fact):
    """The attract loop: the answer to picture `film-0`, `film-1` and so on; the last one is fooled.

    `race` is how sure (0..1) the model was of the first answer, and of the lie, at each of them; there may be none.
    """

    frames: tuple[Ranked, ...] = ()
    race: tuple[tuple[float, float], ...] = ()

    @property
    def steps(self) -> int:
        """Return how many steps the attack in it has, 0 where there is none."""
        return max(0, len(self.frames) - 1)

    @classmethod
    def shown_by(cls, context: Context) -> "Film":
        """Return the film while the model that it shows judges, the exhibit's own; an empty one else."""
        return cls() if context.visitor.chosen else context.fact(cls)


@dataclass(frozen=True, slots=True)
class FilmReady(News):
    """The attract loop's pictures are there."""

    film: Film

    def known(self, context: Context) -> Context:
        """Return the context with the film."""
        return context.with_fact(self.film)
