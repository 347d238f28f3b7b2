"""The examples a head is taught from: embeddings with their labels and the burst each was recorded in."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kiosk.core.lesson import FEWEST_LABELS, MOST_LABELS
from kiosk.errors import KioskError
from kiosk.vision.arrays import Floats

NEVER_HELD_OUT = -1


class ExamplesError(KioskError, ValueError):
    """Examples that no head can be taught from: too few, too many, or not belonging together."""


@dataclass(frozen=True, eq=False)
class Examples:
    """What a head is taught from. The frames of one burst are near-copies, so no split ever parts them.

    Shapes: embeddings (examples, channels) float32; labels are indices into names; one label and burst an example.
    Raises ExamplesError for less than two labels, more than eight, or one without examples. Who records examples
    keeps to MOST_EXAMPLES a label; attacked copies may come on top.
    """

    names: tuple[str, ...]
    embeddings: Floats
    labels: tuple[int, ...]
    bursts: tuple[int, ...]

    def __post_init__(self) -> None:
        count = len(self.labels)
        if self.embeddings.ndim != 2 or len(self.embeddings) != count or len(self.bursts) != count:
            raise ExamplesError(f"{count} labels for embeddings of shape {self.embeddings.shape}")
        if not FEWEST_LABELS <= len(self.names) <= MOST_LABELS:
            raise ExamplesError(f"{len(self.names)} labels; teach {FEWEST_LABELS} to {MOST_LABELS}")
        strange = [label for label in self.labels if not 0 <= label < len(self.names)]
        if strange:
            raise ExamplesError(f"label {strange[0]}: the labels are 0 to {len(self.names) - 1}")
        for index, name in enumerate(self.names):
            if index not in self.labels:
                raise ExamplesError(f"{name}: has no examples yet; show it one")

    def __len__(self) -> int:
        return len(self.labels)

    def only(self, places: Sequence[int]) -> "Examples":
        """Return some of these examples; raises ExamplesError where a label would be left without one."""
        return Examples(
            self.names,
            self.embeddings[list(places)],
            tuple(self.labels[place] for place in places),
            tuple(self.bursts[place] for place in places),
        )

    def with_more(
        self, embeddings: Sequence[Floats], labels: Sequence[int], bursts: Sequence[int]
    ) -> "Examples":
        """Return these examples and some more of the same labels."""
        return Examples(
            self.names,
            np.concatenate([self.embeddings, np.asarray(embeddings, np.float32)]),
            (*self.labels, *labels),
            (*self.bursts, *bursts),
        )
