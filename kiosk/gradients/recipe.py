"""How a head is trained: what the report's Training page asks for. No arrays here, so that any screen may hold one."""

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

Width = Annotated[int, Meta(ge=1, le=256)]
LAYERS, EPOCHS, BATCH, LEARNING_RATE = (32, 32), 40, 32, 0.003


@dataclass(frozen=True, slots=True)
class Recipe:
    """The settings of one training. `layers` are the widths of the hidden layers: none makes the head linear."""

    layers: Annotated[tuple[Width, ...], Meta(max_length=4)] = LAYERS
    epochs: Annotated[int, Meta(ge=1, le=500)] = EPOCHS
    batch: Annotated[int, Meta(ge=1, le=2048)] = BATCH
    learning_rate: Annotated[float, Meta(gt=0, le=1)] = LEARNING_RATE
    seed: Annotated[int, Meta(ge=0, lt=2**32)] = 0
