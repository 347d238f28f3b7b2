"""What the referee judges under. No arrays here."""

from dataclasses import dataclass, fields
from enum import Enum

from kiosk.errors import BadArgumentError

LIMITS: dict[str, tuple[float, float]] = {
    "yaw_deg": (0, 60),
    "pitch_deg": (0, 60),
    "roll_deg": (0, 60),
    "distance": (0.5, 2),
    "aim": (0, 0.3),
    "defocus_px": (0, 6),
    "shake_px": (0, 12),
    "exposure": (0, 3),
    "tint": (0, 0.5),
    "paleness": (0.02, 0.8),
    "glare": (0, 1),
    "shots": (20, 1e6),
    "jpeg": (5, 95),
}


class Medium(Enum):
    """What a picture is shown on."""

    PAPER = "paper"
    SCREEN = "screen"


@dataclass(frozen=True, slots=True)
class Conditions:
    """How hard the referee makes it: spreads and most extreme values.

    Units: `yaw_deg`, `pitch_deg` and `roll_deg` to both sides; `defocus_px` a disc's radius and `shake_px` a line's
    length, most, on the model's grid; `exposure` in stops, `tint` a share of a channel, both to both sides; `shots` the
    photons of white, least; `aim` how far the box is off, in sides. Raises BadArgumentError for what is senseless.
    """

    yaw_deg: float = 24.0
    pitch_deg: float = 20.0
    roll_deg: float = 12.0
    distance: tuple[float, float] = (0.86, 1.2)
    aim: float = 0.07
    defocus_px: float = 1.4
    shake_px: float = 1.6
    exposure: float = 0.5
    tint: float = 0.10
    paleness: float = 0.22
    glare: float = 0.25
    shots: float = 900.0
    jpeg: tuple[int, int] = (60, 95)

    def __post_init__(self) -> None:
        for field in fields(self):
            value, (low, high) = getattr(self, field.name), LIMITS[field.name]
            least, most = value if isinstance(value, tuple) else (value, value)
            if not low <= least <= most <= high:
                raise BadArgumentError(f"{field.name} takes {low:g} to {high:g}, not {value}")
