"""What the board tells of itself, read from trees such as a Raspberry Pi, a Jetson and a desk have."""

import ctypes
from pathlib import Path

import pytest

from kiosk.device.health import (
    Places,
    Supply,
    available_memory_bytes,
    clock_set,
    free_bytes,
    read_health,
    step_pause_s,
    supply,
    temperature_c,
)
from kiosk.settings.sections import HeatSettings

PLAIN_ROOT = "/dev/mmcblk0p2 / ext4 rw,noatime 0 0"
OVERLAY_ROOT = """\
/dev/mmcblk0p2 /media/root-ro ext4 ro,relatime 0 0
tmpfs-root /media/root-rw tmpfs rw,relatime 0 0
overlayroot / overlay rw,relatime,lowerdir=/media/root-ro,upperdir=/media/root-rw/overlay,workdir=/media/root-rw/w 0 0
"""
DATA = "/dev/mmcblk0p3 /data ext4 rw,noatime 0 0\n"
CONTAINER_ROOT = (
    "overlay / overlay rw,lowerdir=/var/lib/docker/l,upperdir=/var/lib/docker/u,workdir=/var/lib/docker/w 0 0"
)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A system that tells nothing yet."""
    return Places(tmp_path / "sys", tmp_path / "proc", tmp_path / "vcgencmd")


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def zone(places: Places, number: int, kind: str, temp: str) -> None:
    folder = places.sys / f"class/thermal/thermal_zone{number}"
    write(folder / "type", f"{kind}\n")
    write(folder / "temp", f"{temp}\n")


def vcgencmd(places: Places, script: str) -> None:
    write(places.vcgencmd, f"#!/bin/sh\n{script}\n")
    places.vcgencmd.chmod(0o755)


class TestTemperature:
    def test_of_a_raspberry_pi_is_its_processors(self, places: Places) -> None:
        zone(places, 0, "cpu-thermal", "61322")
        assert temperature_c(places) == pytest.approx(61.322)

    def test_of_a_jetson_is_its_hottest_part_but_for_the_constant_one(self, places: Places) -> None:
        zone(places, 0, "cpu-thermal", "50500")
        zone(places, 1, "gpu-thermal", "")  # switched off, it cannot be read
        zone(places, 2, "tj-thermal", "57000")
        zone(places, 3, "PMIC-Die", "100000")
        assert temperature_c(places) == 57.0

    def test_is_unknown_where_no_zone_is_the_processors(self, places: Places) -> None:
        assert temperature_c(places) is None
        zone(places, 0, "acpitz", "16800")
        assert temperature_c(places) is None


class TestPause:
    LIMITS = HeatSettings(paced_from_c=75, slowest_at_c=85, longest_pause_s=4)

    @pytest.mark.parametrize(
        ("temperature", "pause_s"),
        [(None, 0), (-5, 0), (74.9, 0), (75, 0), (77.5, 1), (80, 2), (85, 4), (110, 4)],
    )
    def test_rises_evenly_between_the_limits(self, temperature: float | None, pause_s: float) -> None:
        assert step_pause_s(temperature, self.LIMITS) == pytest.approx(pause_s)


class TestSupply:
    def test_is_unknown_on_a_desk(self, places: Places) -> None:
        assert supply(places) == Supply()

    @pytest.mark.parametrize(
        ("word", "told"),
        [
            ("0x0", Supply(False, False, False, False)),
            ("0x50005", Supply(True, True, True, True)),
            ("0x50000", Supply(False, True, False, True)),
            ("0x80008", Supply(False, False, True, True)),
            ("0x1", Supply(True, False, False, False)),
        ],
    )
    def test_of_a_raspberry_pi_is_what_vcgencmd_says(self, places: Places, word: str, told: Supply) -> None:
        vcgencmd(places, f'test "$1" = get_throttled && echo throttled={word}')
        assert supply(places) == told

    def test_is_the_kernels_word_where_vcgencmd_fails(self, places: Places) -> None:
        vcgencmd(places, "echo VCHI initialization failed; exit 255")
        write(places.sys / "devices/platform/soc/soc:firmware/get_throttled", "10000\n")
        assert supply(places) == Supply(False, True, False, False)

    def test_of_the_monitor_counts_at_whatever_number_it_is(self, places: Places) -> None:
        write(places.sys / "class/hwmon/hwmon0/name", "cpu_thermal\n")
        write(places.sys / "class/hwmon/hwmon3/name", "rpi_volt\n")
        write(places.sys / "class/hwmon/hwmon3/in0_lcrit_alarm", "1\n")
        assert supply(places) == Supply(undervoltage=True)
        vcgencmd(places, "echo throttled=0x0")
        assert supply(places).undervoltage, "the firmware's word was seen stuck at 0"

    def test_of_a_jetson_tells_whether_it_was_held_back(self, places: Places) -> None:
        counter = places.sys / "class/hwmon/hwmon4/oc3_event_cnt"
        write(places.sys / "class/hwmon/hwmon4/oc1_event_cnt", "0\n")
        write(counter, "0\n")
        assert supply(places) == Supply(slowed_before=False)
        write(counter, "7\n")
        assert supply(places) == Supply(slowed_before=True)

    def test_is_unknown_after_a_while_where_vcgencmd_hangs(
        self, places: Places, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("kiosk.device.health.VCGENCMD_LIMIT_S", 0.1)
        vcgencmd(places, "exec sleep 20")
        assert supply(places) == Supply()


class TestRoot:
    def readings(self, places: Places, mounts: str, state: str = "/var/lib/kiosk") -> tuple[object, object]:
        write(places.proc / "mounts", mounts)
        read = read_health(Path(state), places)
        return read.read_only_root, read.state_lasts

    def test_that_is_plain_keeps_everything(self, places: Places) -> None:
        assert self.readings(places, PLAIN_ROOT) == (False, True)

    def test_under_an_overlay_in_memory_keeps_nothing(self, places: Places) -> None:
        assert self.readings(places, OVERLAY_ROOT) == (True, False)

    def test_under_an_overlay_leaves_a_partition_of_its_own_alone(self, places: Places) -> None:
        assert self.readings(places, OVERLAY_ROOT + DATA, "/data/kiosk") == (True, True)
        recursing = OVERLAY_ROOT + DATA + DATA.replace("rw,", "ro,")
        assert self.readings(places, recursing, "/data/kiosk") == (True, False), "the last mount counts"

    def test_of_a_container_keeps_everything(self, places: Places) -> None:
        assert self.readings(places, CONTAINER_ROOT) == (False, True)

    def test_that_is_read_only_without_an_overlay_is_known_too(self, places: Places) -> None:
        assert self.readings(places, PLAIN_ROOT.replace("rw,", "ro,")) == (True, False)

    @pytest.mark.parametrize(
        ("words", "asked"),
        [
            ("root=/dev/vda rw quiet\n", False),
            ("overlayroot=tmpfs:recurse=0 root=PARTUUID=0-02 quiet\n", True),
            ("overlayroot=disabled root=PARTUUID=0-02\n", False),
            ("overlayroot=tmpfs overlayroot= quiet\n", False),
            ("boot=overlay root=PARTUUID=0-02\n", True),
        ],
    )
    def test_that_was_to_be_an_overlay_is_known(self, places: Places, words: str, asked: bool) -> None:
        write(places.proc / "cmdline", words)
        write(places.proc / "mounts", PLAIN_ROOT)
        assert read_health(Path("/var/lib/kiosk"), places).overlay_asked is asked

    def test_is_unknown_without_a_list_of_mounts(self, places: Places) -> None:
        assert self.readings(places, "") == (None, None)


class TestClock:
    @pytest.mark.parametrize(
        ("status", "error_us", "told"),
        [(0, 2_000, True), (5, 2_000, True), (5, 16_000_000, False), (-1, 0, False)],
    )
    def test_is_set_while_the_kernel_knows_its_error(self, status: int, error_us: int, told: bool) -> None:
        def answer(timex: ctypes.Structure) -> int:
            timex.maxerror = error_us
            return status

        assert clock_set(answer) is told

    def test_of_this_machine_can_be_asked(self) -> None:
        assert clock_set() in (True, False)


def test_memory_is_the_kernels(places: Places) -> None:
    assert available_memory_bytes(places) is None
    write(places.proc / "meminfo", "MemTotal:  3884308 kB\nMemAvailable:   1024 kB\n")
    assert available_memory_bytes(places) == 1024 * 1024


def test_the_disk_of_a_folder_not_there_yet_is_its_parents(tmp_path: Path) -> None:
    assert (free_bytes(tmp_path / "not" / "yet") or 0) > 0


def test_all_readings_of_this_machine_are_taken_without_complaint(tmp_path: Path) -> None:
    readings = read_health(tmp_path)
    assert readings.free_bytes
