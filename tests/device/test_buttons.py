"""The three buttons: one table, and every file that repeats a number of it."""

import re
import shutil
import subprocess
from pathlib import Path

import pygame
import pytest

from kiosk.core import message
from kiosk.ui.window import KEYS
from tests.device.buttons import FIRMWARE, Button, load_table
from tests.device.wiring import GROUND, VOLTS_3V3, VOLTS_5, wiring_picture

pytestmark = pytest.mark.untimed

TABLE = load_table()
PICTURE = FIRMWARE / "wiring.svg"
OVERLAY = FIRMWARE / "jetson" / "kiosk-buttons.dts"
KEY_CODES = Path("/usr/include/linux/input-event-codes.h")
# What SDL makes of the kernel's codes (SDL 2.32, scancodes_linux.h); KEY_CAMERA, 212, is none of them.
SDL_KEYS = {57: pygame.K_SPACE, 103: pygame.K_UP, 108: pygame.K_DOWN}
# Header pin -> BCM number, of the pins that no display, camera, fan, HAT, serial or I2C bus takes.
FREE_PI_PINS = {
    11: 17, 12: 18, 13: 27, 15: 22, 16: 23, 18: 24, 22: 25, 29: 5, 31: 6,
    32: 12, 33: 13, 35: 19, 36: 16, 37: 26, 38: 20, 40: 21,
}  # fmt: skip
# Header pin -> pad, of an Orin Nano or NX developer kit, where the pad is an input after a start.
JETSON_PADS = {
    7: "PAC.06", 11: "PR.04", 12: "PH.07", 13: "PY.00", 29: "PQ.05", 31: "PQ.06",
    35: "PI.02", 36: "PR.05", 37: "PY.02", 38: "PI.01", 40: "PI.00",
}  # fmt: skip
# tegra234-gpio.h; the ports from X on were numbered anew once, so none of them is here. There is no port O.
TEGRA_PORTS = "ABCDEFGHIJKLMNPQR"
# A base such as NVIDIA's, as far as the overlay sees it.
BASE = """/dts-v1/;
/ {
    compatible = "nvidia,p3768-0000+p3767-0005-super";
    #address-cells = <1>;
    #size-cells = <1>;
    another { };
    gpio: gpio@2200000 {
        reg = <0x2200000 0x10000>;
        gpio-controller;
        #gpio-cells = <2>;
    };
};
"""

each_button = pytest.mark.parametrize("button", TABLE.buttons, ids=lambda button: button.name)


def run(*command: str | Path, given: str | None = None) -> str:
    """Return what a tool prints; skips where it is missing, and takes a warning for a failure."""
    if shutil.which(str(command[0])) is None:
        pytest.skip(f"{command[0]} is not installed: apt-get install device-tree-compiler")
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def test_the_exhibits_keys_are_those_of_the_table() -> None:
    by_table = {SDL_KEYS[button.keycode]: message.Button[button.name.upper()] for button in TABLE.buttons}
    assert by_table == KEYS


def test_no_two_buttons_share_a_pin_or_a_key() -> None:
    for numbers in (
        {button.keycode for button in TABLE.buttons},
        {button.header_pin for button in TABLE.buttons},
        {button.raspberry_pi_gpio for button in TABLE.buttons},
        {button.jetson_gpio for button in TABLE.buttons},
    ):
        assert len(numbers) == len(TABLE.buttons)


@each_button
def test_a_pin_has_the_numbers_that_both_boards_give_it(button: Button) -> None:
    assert FREE_PI_PINS[button.header_pin] == button.raspberry_pi_gpio
    assert JETSON_PADS[button.header_pin] == button.jetson_pad
    port, _, pin = button.jetson_pad.removeprefix("P").partition(".")
    assert TEGRA_PORTS.index(port) * 8 + int(pin) == button.jetson_gpio


def test_ground_and_3_3_volts_are_that() -> None:
    assert TABLE.ground_pin in GROUND
    assert TABLE.jetson_pull_up_pin in VOLTS_3V3
    assert not {button.header_pin for button in TABLE.buttons} & {*GROUND, *VOLTS_3V3, *VOLTS_5}


def test_the_jetsons_resistors_win_against_its_level_shifters() -> None:
    """The shifter (TXB0108) holds a line that was low by 4 kilohm; 65 % of the supply counts as high."""
    assert 4000 / (4000 + TABLE.jetson_pull_up_ohm) >= 0.65


@each_button
def test_the_comment_behind_a_keycode_is_the_kernels_name_for_it(button: Button) -> None:
    if not KEY_CODES.is_file():
        pytest.skip(f"no {KEY_CODES}: apt-get install linux-libc-dev")
    line = re.search(
        rf"^keycode = {button.keycode} +# (\w+)$", (FIRMWARE / "buttons.toml").read_text("utf-8"), re.M
    )
    assert line
    assert re.search(rf"^#define\s+{line[1]}\s+{button.keycode}$", KEY_CODES.read_text("utf-8"), re.M)


def test_the_pis_boot_file_has_one_key_a_button() -> None:
    lines = (FIRMWARE / "raspberry_pi" / "kiosk.txt").read_text("utf-8").splitlines()
    assert [line for line in lines if "gpio-key" in line] == [
        f"dtoverlay=gpio-key,gpio={button.raspberry_pi_gpio},active_low={int(TABLE.active_low)},"
        f"gpio_pull={TABLE.raspberry_pi_pull},label={button.name},keycode={button.keycode}"
        for button in TABLE.buttons
    ]


def test_the_jetsons_overlay_builds_and_applies(tmp_path: Path) -> None:
    base, overlay, merged = (tmp_path / name for name in ("base.dtb", "kiosk-buttons.dtbo", "merged.dtb"))
    run("dtc", "-@", "-I", "dts", "-O", "dtb", "-o", base, "-", given=BASE)
    run("dtc", "-@", "-I", "dts", "-O", "dtb", "-o", overlay, OVERLAY)
    run("fdtoverlay", "-i", base, "-o", merged, overlay)
    assert "nvidia,p3768-0000+p3767-0005-super" in run("fdtget", overlay, "/", "compatible").split()
    controller = run("fdtget", merged, "/gpio@2200000", "phandle").strip()
    assert run("fdtget", merged, "/kiosk-buttons", "compatible") == "gpio-keys\n"
    nodes = run("fdtget", "-l", merged, "/kiosk-buttons").split()
    assert sorted(nodes) == sorted(f"button-{button.name}" for button in TABLE.buttons)
    for button in TABLE.buttons:
        node = f"/kiosk-buttons/button-{button.name}"
        assert run("fdtget", merged, node, "label") == f"{button.name}\n"
        assert run("fdtget", merged, node, "linux,code") == f"{button.keycode}\n"
        assert run("fdtget", merged, node, "debounce-interval") == f"{TABLE.jetson_debounce_ms}\n"
        gpio = f"{controller} {button.jetson_gpio} {int(TABLE.active_low)}\n"
        assert run("fdtget", merged, node, "gpios") == gpio


def test_the_wiring_picture_is_drawn_from_the_table(request: pytest.FixtureRequest) -> None:
    drawn = wiring_picture(TABLE)
    if request.config.getoption("--update-golden"):
        PICTURE.write_text(drawn, "utf-8")
    assert PICTURE.read_text("utf-8") == drawn, "draw it with --update-golden and look at it"
    words = set(re.findall(r">([^<]+)</text>", drawn))
    for button in TABLE.buttons:
        assert {f"pin {button.header_pin}", f"GPIO {button.raspberry_pi_gpio}", button.jetson_pad} <= words


class TestBootFiles:
    def test_no_line_is_longer_than_the_firmware_reads(self) -> None:
        lines = (FIRMWARE / "raspberry_pi" / "kiosk.txt").read_text("ascii").splitlines()
        assert [line for line in lines if len(line) > 98] == []

    def test_settings_are_the_same_for_every_board(self) -> None:
        lines = (FIRMWARE / "raspberry_pi" / "kiosk.txt").read_text("ascii").splitlines()
        assert [line for line in lines if line.startswith("[")] == ["[all]"]

    def test_what_a_device_needs_is_there(self) -> None:
        lines = (FIRMWARE / "raspberry_pi" / "kiosk.txt").read_text("ascii").splitlines()
        assert {"camera_auto_detect=1", "display_auto_detect=1", "dtparam=watchdog=on"} <= set(lines)

    def test_the_command_line_is_one_parameter_a_line(self) -> None:
        lines = (FIRMWARE / "raspberry_pi" / "cmdline.txt").read_text("ascii").splitlines()
        assert [line for line in lines if not re.fullmatch(r"\S+", line)] == []
        names = [line.partition("=")[0] for line in lines]
        assert len(set(names)) == len(names)
        assert {"consoleblank=0", "cgroup_enable=memory"} <= set(lines)
