"""How a head is trained: what the report's Training page asks for. No arrays here, so that any screen may hold one."""

from dataclasses import dataclass

from kiosk.errors import BadArgumentError

MOST_LAYERS, WIDEST = 4, 256
MOST_EPOCHS, LARGEST_BATCH, LARGEST_SEED = 500, 2048, 2**32 - 1
LOWEST_RATE, HIGHEST_RATE = 1e-6, 1.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """The settings of one training. `layers` are the widths of the hidden layers: none makes the head linear.

    Raises BadArgumentError for what is out of range.
    """

    layers: tuple[int, ...] = (32, 32)
    epochs: int = 40
    batch: int = 32
    learning_rate: float = 0.003
    seed: int = 0

    def __post_init__(self) -> None:
        if len(self.layers) > MOST_LAYERS:
            raise BadArgumentError(f"{len(self.layers)} hidden layers; the most are {MOST_LAYERS}")
        ranges = (
            *(("a layer's width", width, 1, WIDEST) for width in self.layers),
            ("epochs", self.epochs, 1, MOST_EPOCHS),
            ("batch", self.batch, 1, LARGEST_BATCH),
            ("learning rate", self.learning_rate, LOWEST_RATE, HIGHEST_RATE),
            ("seed", self.seed, 0, LARGEST_SEED),
        )
        for name, value, low, high in ranges:
            if not low <= value <= high:
                raise BadArgumentError(f"{name}: takes {low} to {high}, not {value}")
