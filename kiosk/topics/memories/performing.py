"""Memories are searched through for what is nearest: those of the model, and what the visitor taught."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from kiosk.perform.models import TaughtModel
from kiosk.perform.part import Part
from kiosk.topics.memories.messages import Memory, Remember, Remembered
from kiosk.vision.arrays import Floats
from kiosk.vision.classifier import AnyClassifier
from kiosk.vision.head import directions
from kiosk.vision.memories import load_memories, nearest
from kiosk.vision.picture import Rgb

SHOWN = 3


@dataclass(frozen=True, eq=False)
class _Kept:
    """All that can be remembered: names, pictures, embeddings (n, channels), and how many of them were taught."""

    names: list[str]
    pictures: list[Rgb]
    embeddings: Floats
    taught: int


class Remembering(Part[Remember]):
    """Searches in the classify thread."""

    performs = (Remember,)

    def perform(self, effect: Remember) -> None:
        """Begin a search; the job is lost where there is no such step."""
        pictures, taught = self._workshop.pair(effect.job, effect.step), self._workshop.models.taught
        if pictures is not None:
            self._workshop.ask(effect.job, partial(self._search, effect, pictures, taught))

    def forget_picture(self) -> None:
        """Drop nothing: no picture is kept here."""

    def forget(self) -> None:
        """Drop nothing: nothing of a visitor is kept here."""

    def _search(
        self,
        effect: Remember,
        pictures: tuple[Rgb, Rgb],
        taught: TaughtModel | None,
        classifier: AnyClassifier,
    ) -> None:
        kept = self._kept(taught if classifier.head is not None else None)
        embeddings = np.stack([classifier(picture).embedding for picture in pictures])
        shelf: dict[str, Rgb] = {}
        before, after = (_memories(embedding, kept, shelf) for embedding in embeddings)
        one, other = directions(embeddings)
        told = Remembered(effect.job, before, after, float(one @ other))
        self._workshop.jobs.tell(told, partial(self._workshop.pictures.update, shelf), effect.job)

    def _kept(self, taught: TaughtModel | None) -> _Kept:
        """Return what can be remembered: what was taught comes first, where that judges."""
        models = self._workshop.models
        own = load_memories(self._workshop.state.model(models.open_name))
        names, pictures = [*own.names], [*own.pictures]
        if taught is None:
            return _Kept(names, pictures, own.embeddings, 0)
        count = len(taught.pictures)
        examples = taught.taught.examples
        of_examples = [examples.names[label] for label in examples.labels[:count]]
        return _Kept(
            of_examples + names,
            [*taught.pictures.values(), *pictures],
            np.concatenate([examples.embeddings[:count], own.embeddings]),
            count,
        )


def _memories(embedding: Floats, kept: _Kept, shelf: dict[str, Rgb]) -> tuple[Memory, ...]:
    """Return the most similar things, each once, and put their pictures on a shelf."""
    found: dict[str, Memory] = {}
    for near in nearest(embedding, kept.embeddings, len(kept.names)):
        name = kept.names[near.place]
        if name not in found:
            key = f"memory-{near.place}"
            found[name] = Memory(name, key, near.likeness, near.place < kept.taught)
        if len(found) == SHOWN:
            break
    for memory in found.values():
        shelf[memory.key] = kept.pictures[int(memory.key.removeprefix("memory-"))]
    return tuple(found.values())
