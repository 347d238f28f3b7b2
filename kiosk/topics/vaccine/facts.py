"""What a vaccine changed: the facts of its honest report, and how far it is."""

from dataclasses import dataclass
from enum import Enum

# A clean accuracy that falls by more than this undoes the good of a vaccine.
CLEAN_LOSS = 0.02


class Stage(Enum):
    """What a vaccination is doing, in this order; copies are made only where staff want them."""

    ATTACKING_BEFORE = "attacking before"
    COPYING = "copying"
    TRAINING = "training"
    ATTACKING_AFTER = "attacking after"


@dataclass(frozen=True, slots=True)
class Resistance:
    """Steps that a fresh attack on a picture needs before and after the vaccine; None where it fails.

    `example` is the place of that picture among those that were taught, None for the visitor's own photograph.
    """

    before: int | None
    after: int | None
    example: int | None = None

    @property
    def grew(self) -> bool:
        """Return whether the attack is harder now."""
        return self.before is not None and (self.after is None or self.after > self.before)


@dataclass(frozen=True, slots=True)
class Robustness:
    """The share (0..1) of taught pictures that stay right when attacked within a budget, before and after.

    The pictures were taught, so that it flatters.
    """

    budget_255: float
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class VaccineReport:
    """What a vaccine changed. Rates are fractions 0..1; an attack that needs more than `most_steps` fails.

    `clean_before` and `clean_after` are the held-out accuracy on the clean examples, or the accuracy on the examples
    themselves where no label has a second burst: then nothing was `tested`, and no share is shown. `robust` is there
    with attacked copies only.
    """

    same_picture_right: bool
    same_photo: Resistance
    others: tuple[Resistance, ...]
    clean_before: float
    clean_after: float
    most_steps: int
    robust: Robustness | None = None
    tested: bool = True

    @property
    def kept(self) -> bool:
        """Return whether clean pictures are known about as well as before."""
        return self.clean_after >= self.clean_before - CLEAN_LOSS

    @property
    def helped(self) -> bool:
        """Return whether fooling this photograph became harder, at no cost for clean pictures."""
        return self.same_picture_right and self.same_photo.grew and self.kept

    @property
    def grown(self) -> int:
        """Return how many of the other pictures became harder to fool."""
        return sum(other.grew for other in self.others)

    @property
    def helped_elsewhere(self) -> bool:
        """Return whether most of the other pictures became harder to fool as well."""
        return self.grown * 2 > len(self.others)
