"""The table of buttons, as the tests read it."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

FIRMWARE = Path(__file__).resolve().parents[2] / "firmware_config"


@dataclass(frozen=True)
class Button:
    """One button: its key, and where it is connected on both kinds of board."""

    name: str
    keycode: int
    header_pin: int
    raspberry_pi_gpio: int
    jetson_pad: str
    jetson_gpio: int


@dataclass(frozen=True)
class Table:
    """All buttons, and what their wires have in common."""

    buttons: tuple[Button, ...]
    ground_pin: int
    active_low: bool
    raspberry_pi_pull: str
    jetson_pull_up_pin: int
    jetson_pull_up_ohm: int
    jetson_debounce_ms: int


def load_table() -> Table:
    """Return firmware_config/buttons.toml."""
    table = tomllib.loads((FIRMWARE / "buttons.toml").read_text("utf-8"))
    return Table(tuple(Button(**button) for button in table["buttons"]), **table["wiring"])
