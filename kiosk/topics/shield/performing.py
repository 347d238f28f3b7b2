"""The votes are cast by the model that judges, a few copies a frame."""

from functools import partial
from itertools import islice

from kiosk.explaining.smoothing import certified, hazy_copies
from kiosk.perform.in_steps import Finding, Pieces, in_steps
from kiosk.perform.part import Part
from kiosk.topics.shield.messages import Ballot, RaiseShield, ShieldRaised
from kiosk.vision.classifier import AnyClassifier
from kiosk.vision.picture import Rgb

HAZE_255 = 12.0  # a mean change of 10 shades
FIRST, LATER = 20, 100  # votes that choose the label, votes that say how sure it is
AT_ONCE = 6


class Shielding(Part[RaiseShield]):
    """Lets copies of two pictures vote."""

    performs = (RaiseShield,)

    def perform(self, effect: RaiseShield) -> None:
        """Begin a vote; the job is lost where there is no such step."""
        pictures = self._workshop.pair(effect.job, effect.step)
        if pictures is not None:
            in_steps(self._workshop, effect.job, partial(_votes, effect, pictures))

    def forget_picture(self) -> None:
        """Drop nothing: no picture is kept here."""

    def forget(self) -> None:
        """Drop nothing: nothing of a visitor is kept here."""


def _votes(effect: RaiseShield, pictures: tuple[Rgb, Rgb], classifier: AnyClassifier) -> Pieces:
    """Let both pictures' copies vote, a few at once; both have the same haze."""
    count = FIRST + LATER
    cast: list[list[int]] = [[], []]
    shown: list[Rgb] = []
    for number, picture in enumerate(pictures):
        copies = hazy_copies(picture, HAZE_255, count, effect.job)
        shown.append(next(hazy_copies(picture, HAZE_255, 1, effect.job)))
        while some := [classifier(copy).label for copy in islice(copies, AT_ONCE)]:
            cast[number] += some
            yield sum(map(len, cast)) / (2 * count)
    original, adversarial = (_ballot(labels, effect.lie) for labels in cast)
    keys = ("shield-original", "shield-adversarial")
    return Finding(ShieldRaised(effect.job, original, adversarial), dict(zip(keys, shown, strict=True)))


def _ballot(labels: list[int], lie: int) -> Ballot:
    """Return what the votes of one picture came to."""
    told = certified(labels[:FIRST], labels[FIRST:], HAZE_255)
    return Ballot(told.label, told.votes, labels[FIRST:].count(lie), told.count, told.radius_255)
