"""Exhibit datasets made for tests, and what it means for two to be the same."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from kiosk.store.exhibit_dataset import DatasetLabel, ExhibitDataset, StoredExample, TrainedHead
from kiosk.store.store import Store
from kiosk.vision.picture import Rgb

CREATED = datetime(2026, 7, 27, 10, 15, tzinfo=UTC)
BACKBONE = "ab" * 32
CHANNELS = 16


def plain_picture(seed: int) -> Rgb:
    """Return a picture of one colour: small as a PNG."""
    colour = np.random.default_rng(seed).integers(0, 256, 3, dtype=np.uint8)
    return np.broadcast_to(colour, (224, 224, 3)).copy()


def noisy_picture(seed: int) -> Rgb:
    """Return a picture of noise: as large as a PNG gets."""
    return np.random.default_rng(seed).integers(0, 256, (224, 224, 3), dtype=np.uint8)


def taught(
    name: str = "shapes", labels: int = 3, each: int = 4, *, embedded: bool = True, noisy: bool = False
) -> ExhibitDataset:
    """Return a dataset whose pictures differ, in an order that is not that of the labels."""
    picture = noisy_picture if noisy else plain_picture
    rng = np.random.default_rng(7)
    examples = tuple(
        StoredExample.of(
            picture(number),
            label=number % labels,
            burst=number // 3,
            embedding=rng.standard_normal(CHANNELS).astype(np.float32) if embedded else None,
        )
        for number in range(labels * each)
    )
    names = ("red cup", "Küche / 1", "☂", "four", "five", "six", "seven", "eight")
    return ExhibitDataset(
        name,
        CREATED,
        tuple(DatasetLabel(label, f"icon-{at}") for at, label in enumerate(names[:labels])),
        examples,
        BACKBONE if embedded else None,
        TrainedHead(b"weights" * 100, '{"layers":[32,32]}') if embedded else None,
    )


def keep_head(store: Store, name: str, head: TrainedHead) -> None:
    """Keep a head with its dataset, in the place of an earlier one."""
    store.save_dataset(replace(store.dataset(name), head=head), replacing=True)


def facts(dataset: ExhibitDataset, *, by_label: bool = False) -> dict[str, object]:
    """Return everything in a dataset as values that compare; `by_label` sorts as an archive does."""
    examples = sorted(dataset.examples, key=lambda e: e.label) if by_label else dataset.examples
    return {
        "name": dataset.name,
        "created": dataset.created_utc,
        "labels": dataset.labels,
        "backbone": dataset.backbone,
        "head": dataset.head,
        "examples": [
            (e.label, e.burst, e.png, None if e.embedding is None else e.embedding.tobytes())
            for e in examples
        ],
    }
