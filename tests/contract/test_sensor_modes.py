"""Which read-out is taken of every camera that fits a Raspberry Pi's ribbon cable."""

import pytest

from kiosk.camera.picam import Picam
from kiosk.camera.sensor_mode import SensorMode, best, is_good, sizes_to_ask_for
from tests.contract.picamera2_stand_in import Board
from tests.contract.sensors import CAMERA_MODULE_3, HAWKEYE, SENSORS, Sensor


@pytest.mark.parametrize(
    ("sensor", "wanted"),
    list(
        zip(
            SENSORS,
            [
                (1296, 972),
                (1640, 1232),
                (2028, 1520),
                (2304, 1296),
                (2304, 1296),
                (1456, 1088),
                (2312, 1736),
            ],
            strict=True,
        )
    ),
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
