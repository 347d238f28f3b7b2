"""How differently a printed picture may be seen again: what the simulator draws from. No arrays here."""

from dataclasses import dataclass

from kiosk.errors import BadArgumentError
from kiosk.recapture.colours import ColourMap

Range = tuple[float, float]
LIMITS: dict[str, Range] = {
    "tilt_deg": (0, 45),
    "roll_deg": (0, 45),
    "size": (0.5, 1.5),
    "shift": (0, 0.25),
    "foreign": (0, 1),
    "blur_px": (0.05, 4),
    "black_255": (0, 90),
    "white_255": (150, 255),
    "desaturation": (0, 0.8),
    "channel_gain": (0, 0.4),
    "light": (0, 0.6),
    "shadow": (0, 1),
    "gamma": (0.5, 2),
    "noise_255": (0, 30),
    "jpeg": (10, 100),
}


@dataclass(frozen=True, slots=True)
class Ranges:
    """From what to what each thing goes; a single number is the most, to both sides where there are two.

    Units: `size` and `shift` in sides of the picture, `blur_px` a Gaussian's sigma on the model's grid. `foreign` and
    `shadow` are how often there is one. With `colours`, which staff measured, inks are drawn around these, and black,
    white and desaturation, which they replace, only as far as light differs. Raises BadArgumentError for what is out
    of all sense.
    """

    tilt_deg: float = 28.0
    roll_deg: float = 13.0
    size: Range = (0.80, 1.18)
    shift: float = 0.09
    foreign: float = 0.5
    blur_px: Range = (0.15, 1.35)
    black_255: Range = (0.0, 40.0)
    white_255: Range = (212.0, 255.0)
    desaturation: float = 0.25
    channel_gain: float = 0.07
    light: float = 0.18
    shadow: float = 0.30
    gamma: Range = (0.82, 1.22)
    noise_255: Range = (0.5, 6.0)
    jpeg: Range = (50.0, 95.0)
    colours: ColourMap | None = None

    def __post_init__(self) -> None:
        for name, (low, high) in LIMITS.items():
            value = getattr(self, name)
            least, most = value if isinstance(value, tuple) else (value, value)
            if not low <= least <= most <= high:
                raise BadArgumentError(f"{name} takes {low:g} to {high:g}, not {value}")
