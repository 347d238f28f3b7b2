"""What the buttons do is told from the first press of one on, to that visitor; and at rest, where they are wired."""

from pathlib import Path

import pytest

from kiosk.core.message import Button
from kiosk.ui.display.wired_buttons import buttons_wired
from tests.player import PANELS, Player, player, said
from tests.topics.attack.scripted import at_attack, at_choose

WIRED = 'I: Bus=0019 Vendor=0001 Product=0001 Version=0100\nN: Name="button@5"\nP: Phys=gpio-keys/input0\n'
KEYBOARD = 'I: Bus=0003 Vendor=046d\nN: Name="A keyboard"\nP: Phys=usb-0000:01:00.0-1.2/input0\n'


def told(playing: Player) -> list[str]:
    """What is told of the buttons."""
    return [text for text in said(playing) if text in ("move", "noise", "choose", "hold: move")]


@pytest.mark.parametrize("panel", PANELS)
def test_from_the_first_press_of_a_button_on_every_screen_tells_what_they_do(panel: str) -> None:
    playing = at_choose(panel)
    assert told(playing) == []
    playing.press(Button.LESS)
    assert told(playing) == ["move", "choose"]
    playing.press(Button.SHUTTER)
    assert playing.scene.name == "attack"
    assert told(playing) == ["noise", "choose", "hold: move"], "up and down change the noise here"
    playing.touch("other")
    assert told(playing) == ["move", "choose"], "fingers do not take it away"


def test_the_next_visitor_is_not_told() -> None:
    playing = at_attack()
    playing.press(Button.MORE)
    playing.start_again()
    playing.wait(6.0)
    assert playing.scene.name == "attract"
    playing.touch("start")
    assert told(playing) == []


@pytest.mark.parametrize("wired", [False, True])
def test_at_rest_it_is_told_where_buttons_are_wired(wired: bool) -> None:
    playing = player()
    playing.state = playing.state.with_context(buttons=wired)
    assert told(playing) == (["move", "choose"] if wired else [])


@pytest.mark.parametrize(("inputs", "wired"), [(WIRED, True), (KEYBOARD, False), (KEYBOARD + WIRED, True)])
def test_contacts_on_the_header_are_wired_buttons_and_a_keyboard_is_none(
    inputs: str, wired: bool, tmp_path: Path
) -> None:
    (tmp_path / "devices").write_text(inputs)
    assert buttons_wired(tmp_path / "devices") is wired
    assert buttons_wired(tmp_path / "none") is False
