"""The cameras that fit a Raspberry Pi's ribbon cable.

Sizes, crops and rates as their drivers list them (raspberrypi/linux, drivers/media/i2c) and picamera2 tells them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReadOut:
    """One of a sensor's modes as its kernel driver lists it: how large, which part of the pixels, how often."""

    size: tuple[int, int]
    crop: tuple[int, int, int, int]
    fps: float
    bit_depth: int = 10


@dataclass(frozen=True)
class Sensor:
    """A camera's chip."""

    model: str
    pixels: tuple[int, int]
    read_outs: tuple[ReadOut, ...]

    def nearest(self, size: tuple[int, int]) -> ReadOut:
        """As picamera2's score_mode does, and libcamera after it, for the largest read-out's bit depth."""
        depth = max(self.read_outs, key=lambda mode: (mode.size[0] * mode.size[1], mode.bit_depth)).bit_depth

        def far(wanted: float, actual: float) -> float:
            return (actual - wanted) / 4 if wanted < actual else 2 * (wanted - actual)

        def score(mode: ReadOut) -> float:
            shapes = far(size[0] / size[1], mode.size[0] / mode.size[1])
            sizes = far(size[0], mode.size[0]) + far(size[1], mode.size[1])
            return sizes + 1500 * shapes + 500 * abs(depth - mode.bit_depth)

        return min(self.read_outs, key=score)


CAMERA_MODULE_3 = Sensor(
    "imx708",
    (4608, 2592),
    (
        ReadOut((1536, 864), (768, 432, 3072, 1728), 120.13),
        ReadOut((2304, 1296), (0, 0, 4608, 2592), 56.03),
        ReadOut((4608, 2592), (0, 0, 4608, 2592), 14.35),
    ),
)
V1 = Sensor(
    "ov5647",
    (2592, 1944),
    (
        ReadOut((640, 480), (16, 0, 2560, 1920), 58.92),
        ReadOut((1296, 972), (0, 0, 2592, 1944), 46.34),
        ReadOut((1920, 1080), (348, 434, 1928, 1080), 32.81),
        ReadOut((2592, 1944), (0, 0, 2592, 1944), 15.63),
    ),
)
V2 = Sensor(
    "imx219",
    (3280, 2464),
    tuple(
        ReadOut(size, crop, fps, depth)
        for depth in (10, 8)
        for size, crop, fps in (
            ((640, 480), (1000, 752, 1280, 960), 103.33),
            ((1640, 1232), (0, 0, 3280, 2464), 41.85),
            ((1920, 1080), (680, 692, 1920, 1080), 47.57),
            ((3280, 2464), (0, 0, 3280, 2464), 21.19),
        )
    ),
)
HQ = Sensor(
    "imx477",
    (4056, 3040),
    (
        ReadOut((1332, 990), (696, 528, 2664, 1980), 120.05),
        ReadOut((2028, 1080), (0, 440, 4056, 2160), 50.03, 12),
        ReadOut((2028, 1520), (0, 0, 4056, 3040), 40.01, 12),
        ReadOut((4056, 3040), (0, 0, 4056, 3040), 10.0, 12),
    ),
)
WIDE = Sensor("imx708_wide", CAMERA_MODULE_3.pixels, CAMERA_MODULE_3.read_outs)
GLOBAL_SHUTTER = Sensor("imx296", (1456, 1088), (ReadOut((1456, 1088), (0, 0, 1456, 1088), 60.38),))
# 64 megapixels: joined two by two it is still too slow.
HAWKEYE = Sensor(
    "ov64a40",
    (9248, 6944),
    (
        ReadOut((1920, 1080), (784, 1312, 7680, 4320), 60.0),
        ReadOut((2312, 1736), (0, 0, 9248, 6944), 29.99),
        ReadOut((3840, 2160), (784, 1312, 7680, 4320), 20.0),
        ReadOut((4624, 3472), (0, 0, 9248, 6944), 9.99),
        ReadOut((9248, 6944), (0, 0, 9248, 6944), 2.6),
    ),
)

SENSORS = (V1, V2, HQ, CAMERA_MODULE_3, WIDE, GLOBAL_SHUTTER, HAWKEYE)
