"""Which read-out is taken of every camera that fits a Raspberry Pi's ribbon cable.

Sizes, crops and rates as their drivers list them (raspberrypi/linux, drivers/media/i2c) and picamera2 tells them.
"""

import pytest

from kiosk.camera.picam import Picam
from kiosk.camera.sensor_mode import SensorMode, best, is_good, sizes_to_ask_for
from tests.contract.picamera2_stand_in import CAMERA_MODULE_3, Board, ReadOut, Sensor

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


@pytest.mark.parametrize(
    ("sensor", "wanted"),
    [
        (V1, (1296, 972)),
        (V2, (1640, 1232)),
        (HQ, (2028, 1520)),
        (CAMERA_MODULE_3, (2304, 1296)),
        (WIDE, (2304, 1296)),
        (GLOBAL_SHUTTER, (1456, 1088)),
        (HAWKEYE, (2312, 1736)),
    ],
    ids=lambda value: value.model if isinstance(value, Sensor) else "x".join(map(str, value)),
)
def test_every_camera_shows_all_it_sees(
    monkeypatch: pytest.MonkeyPatch, sensor: Sensor, wanted: tuple[int, int]
) -> None:
    board = Board()
    board.sensor = sensor
    board.install(monkeypatch)
    with Picam((800, 600)) as camera:
        assert camera.read().rgb.shape == (600, 800, 3)
    taken = sensor.nearest(board.configurations[-1]["sensor"]["output_size"])
    assert (taken.size, taken.crop) == (wanted, (0, 0, *sensor.pixels))
    assert taken.fps > 29
    assert len(board.configurations) == (2 if sensor is HAWKEYE else 1), "each costs time and memory"
    board.test_over.set()


def test_left_alone_camera_module_3_would_show_its_middle_only() -> None:
    assert CAMERA_MODULE_3.nearest((800, 600)).size == (1536, 864)


def test_where_no_read_out_is_good_the_widest_is_lived_with() -> None:
    pixels = (4000, 3000)
    slow = SensorMode((4000, 3000), pixels, 10.0)
    middle = SensorMode((2000, 1500), (2000, 1500), 60.0)
    assert not is_good(slow, pixels)
    assert not is_good(middle, pixels)
    assert best((middle, slow), pixels) == slow


def test_no_read_out_is_smaller_than_the_picture() -> None:
    assert sizes_to_ask_for((1456, 1088), (800, 600)) == ((1456, 1088),)
    assert sizes_to_ask_for((640, 480), (800, 600)) == ((640, 480),)
