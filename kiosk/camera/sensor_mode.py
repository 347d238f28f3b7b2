"""Which of a sensor's read-outs is asked for: one that shows all the sensor sees, and often enough.

Left alone, libcamera takes the read-out nearest to the picture's size. On a Camera Module 3 that is its middle only.
"""

from dataclasses import dataclass

Size = tuple[int, int]

# Drivers may leave out a rim of a few pixels.
_ALL = 0.98
# In a dark gallery the exposure sets the rate, see picam; where there is light a film must not stutter.
_LEAST_FPS = 25.0
# A sensor joins its pixels two by two, or not at all; large ones do it twice.
_JOINED = (2, 4, 1)


@dataclass(frozen=True)
class SensorMode:
    """A read-out, as the camera tells of it once configured. Units: `view` is the part seen, in the sensor's pixels."""

    output_size: Size
    view: Size
    fps: float


def sizes_to_ask_for(pixels: Size, picture: Size) -> tuple[Size, ...]:
    """Return the sizes that a read-out of the whole sensor may have, none smaller than the picture; likeliest first."""
    joined = ((pixels[0] // count, pixels[1] // count) for count in _JOINED)
    return tuple(size for size in joined if size[0] >= picture[0] and size[1] >= picture[1]) or (pixels,)


def is_good(mode: SensorMode, pixels: Size) -> bool:
    """Return whether a read-out shows the whole sensor at a film's rate."""
    return _share(mode, pixels) >= _ALL and mode.fps >= _LEAST_FPS


def best(modes: tuple[SensorMode, ...], pixels: Size) -> SensorMode:
    """Return the read-out to live with where none is good: the one that sees most; of such, the fastest."""
    return max(modes, key=lambda mode: (round(_share(mode, pixels), 2), mode.fps))


def _share(mode: SensorMode, pixels: Size) -> float:
    return min(mode.view[0] / pixels[0], mode.view[1] / pixels[1])
