"""Pictures are blurred, squeezed, turned and so on, and the model that judges looks at each."""

from collections.abc import Mapping
from functools import partial

from kiosk.errors import KioskError
from kiosk.perform.in_steps import Finding, Pieces, in_steps
from kiosk.perform.part import Part
from kiosk.recapture import treatments
from kiosk.topics.survival.facts import Treated, Treatment, Which
from kiosk.topics.survival.messages import PicturesTreated, TreatPictures
from kiosk.topics.survival.performing.surviving import PROOF, glance
from kiosk.vision.classifier import AnyClassifier
from kiosk.vision.picture import Rgb


class Treating(Part[TreatPictures]):
    """Treats pictures in the classify thread, one treatment a frame at the most."""

    performs = (TreatPictures,)

    def perform(self, effect: TreatPictures) -> None:
        """Begin to treat; the job is lost where there is no such step."""
        pictures, jobs = self._workshop.pictures, self._workshop.jobs
        stack = pictures.stack
        if stack is None or effect.step >= len(stack.iterates):
            jobs.want(effect.job)
            jobs.lose(effect.job, KioskError("there is no picture to treat"))
            return
        shown = {Which.NOISY: stack.picture(effect.step), Which.CLEAN: stack.original}
        if PROOF in pictures:
            shown[Which.PROOF] = pictures[PROOF]
        in_steps(self._workshop, effect.job, partial(_treat, effect, shown, stack.original_label))

    def forget_picture(self) -> None:
        """Drop nothing: the pictures lie on the shelf and go with it."""

    def forget(self) -> None:
        """Drop nothing: the pictures lie on the shelf and go with it."""


def _treat(
    effect: TreatPictures, shown: Mapping[Which, Rgb], label: int, classifier: AnyClassifier
) -> Pieces:
    """Treat all pictures in one way after another."""
    found: list[Treated] = []
    shelf: dict[str, Rgb] = {}
    for number, treatment in enumerate(Treatment, start=1):
        for which, picture in shown.items():
            after = treat(treatment, picture, effect.job)
            said = glance(classifier(after).label, effect.lie, label)
            found.append(Treated(treatment, which, said))
            shelf[found[-1].key] = after
        yield number / len(Treatment)
    return Finding(PicturesTreated(effect.job, tuple(found)), shelf)


def treat(treatment: Treatment, picture: Rgb, seed: int) -> Rgb:
    """Return a picture after a treatment; the seed decides the grain of a sensor, and nothing else."""
    match treatment:
        case Treatment.BLUR:
            return treatments.blurred(picture)
        case Treatment.JPEG:
            return treatments.squeezed(picture)
        case Treatment.SMALLER:
            return treatments.shrunk(picture)
        case Treatment.TURNED:
            return treatments.turned(picture)
        case Treatment.BRIGHTER:
            return treatments.brighter(picture)
        case Treatment.GRAIN:
            return treatments.grainy(picture, seed)
