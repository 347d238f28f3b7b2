"""The model that judges looks at every step of an attack, and at as much dice noise; both are put on the map."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.attack.dice_noise import dice_noise
from kiosk.attack.noise import iterate_picture
from kiosk.errors import KioskError
from kiosk.explaining.journey import shares_shown, turned
from kiosk.perform.in_steps import Finding, Pieces, in_steps
from kiosk.perform.part import Part
from kiosk.perform.stack import Stack
from kiosk.topics.journey.facts import Chart, Place, Region
from kiosk.topics.journey.messages import TraceWay, WayTraced
from kiosk.vision.arrays import Floats
from kiosk.vision.classifier import AnyClassifier, Classifier, Prediction
from kiosk.vision.memories import FlatMap, Memories, load_memories


class Tracing(Part[TraceWay]):
    """Finds ways over the map."""

    performs = (TraceWay,)

    def perform(self, effect: TraceWay) -> None:
        """Begin to look; the job is lost where there are no such steps."""
        stack, models = self._workshop.pictures.stack, self._workshop.models
        if stack is None or effect.last >= len(stack.iterates):
            self._workshop.jobs.want(effect.job)
            self._workshop.jobs.lose(effect.job, KioskError("there is no way to be traced"))
            return
        folder = self._workshop.state.model(models.open_name)
        iterates = tuple(stack.iterates[: effect.last + 1])
        in_steps(self._workshop, effect.job, partial(_trace, effect, stack, iterates, folder))

    def forget_picture(self) -> None:
        """Drop nothing: no picture is kept here."""

    def forget(self) -> None:
        """Drop nothing: nothing of a visitor is kept here."""


def _trace(
    effect: TraceWay,
    stack: Stack,
    iterates: Sequence[NDArray[np.float32]],
    folder: Path,
    classifier: AnyClassifier,
) -> Pieces:
    """Look at a step and its dice noise at once, then put all of them on the map."""
    memories = load_memories(folder)
    seen: list[Prediction] = []
    thrown: list[Prediction] = []
    for iterate in iterates:
        picture = iterate_picture(iterate)
        seen.append(classifier(picture))
        thrown.append(classifier(dice_noise(stack.original, picture, effect.job)))
        yield len(seen) / len(iterates)
    path, dice = (np.stack([one.embedding for one in several]) for several in (seen, thrown))
    flat = _chart(memories, memories.map, path, dice)
    weights = classifier.last_layer if isinstance(classifier, Classifier) else None
    if weights is None or stack.original_label == effect.lie:
        return Finding(WayTraced(effect.job, flat, None))
    pull = weights[effect.lie] - weights[stack.original_label]
    towards = turned(memories, pull)
    lead = float(seen[0].logits[effect.lie] - seen[0].logits[stack.original_label])
    border = float(towards.places(path[:1])[0, 0]) - lead / float(np.linalg.norm(pull))
    return Finding(WayTraced(effect.job, flat, _chart(memories, towards, path, dice, border)))


def _chart(
    memories: Memories, flat: FlatMap, path: Floats, thrown: Floats, border: float | None = None
) -> Chart:
    """Return what lies where on a map."""
    places: dict[str, list[Place]] = {}
    for name, place in zip(memories.names, _places(flat, memories.embeddings), strict=True):
        places.setdefault(name, []).append(place)
    regions = tuple(Region(name, tuple(of)) for name, of in places.items())
    kept = tuple(shares_shown(flat, path))
    return Chart(regions, _places(flat, path), _places(flat, thrown), kept, flat.kept, border)


def _places(flat: FlatMap, embeddings: Floats) -> tuple[Place, ...]:
    return tuple((float(x), float(y)) for x, y in flat.places(embeddings))
