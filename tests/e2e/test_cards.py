"""Every card of the installed exhibit, opened, awaited and left: once by pointer, once by three keys."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.core.context import Card, Visitor
from kiosk.core.message import Button
from kiosk.core.visit import Visit
from kiosk.topics.attack.screens.attack import Attack
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.attract.screens.forgotten import Forgotten
from kiosk.topics.cards.screen import Cards
from kiosk.topics.photograph.messages import LiveJudged
from tests.e2e.exhibit_driver import Exhibit
from tests.e2e.test_exhibit import (
    Opening,
    begin,
    camera,
    end,
    open_exhibit,
    photograph,
    wait_fooled,
    wait_ready,
)
from tests.player import FLAMINGO

__all__ = ["camera", "open_exhibit"]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

WORK_S = 60.0  # the shield's votes are the longest

Press = Callable[[Exhibit, str], None]


def by_keys(exhibit: Exhibit, name: str) -> None:
    """Move the focus to a control and press it; how that is done where arrows mean noise, `test_exhibit` shows."""
    if not exhibit.scene.arrows:
        exhibit.tap(name)
        return
    for _ in range(len(exhibit.scene.controls)):
        if exhibit.focused == name:
            break
        exhibit.key(Button.MORE)
    assert exhibit.focused == name
    exhibit.key(Button.SHUTTER)


PRESSES: dict[str, Press] = {"pointer": Exhibit.tap, "keys": by_keys}


def offered(exhibit: Exhibit) -> list[Card]:
    """The cards there are, in their order."""
    visit: Visit = exhibit.screen(Cards).visit
    return list(exhibit.state.context.cards(visit))


def turned_to(exhibit: Exhibit, press: Press, name: str) -> None:
    """Turn the pages until a card is there, from wherever it stands."""
    while not any(control.value == name for control in exhibit.scene.controls):
        turns = [int(str(control.value)) for control in exhibit.scene.controls if control.name == "turn"]
        start = exhibit.screen(Cards).start
        names = [card.name for card in offered(exhibit)]
        ahead = names.index(name) > start
        press(exhibit, f"turn-{max(turns) if ahead else min(turns)}")
        wait_turned(exhibit, start)


def wait_turned(exhibit: Exhibit, start: int) -> None:
    """Another page is there than the one that begins with that card."""
    exhibit.wait(lambda: exhibit.screen(Cards).start != start, "another page")


def back_at_cards(exhibit: Exhibit, press: Press) -> None:
    """Go back to the cards; a painting is done first, and one that leads to the attack goes on to them again."""
    while not isinstance(exhibit.state.screen, Cards):
        here = exhibit.replay.screen
        there = {control.name for control in exhibit.scene.controls}
        attack = isinstance(exhibit.state.screen, Attack)
        press(exhibit, "cards" if attack else "back" if "back" in there else "done")
        wait_left(exhibit, here)


def wait_left(exhibit: Exhibit, screen: str) -> None:
    """Another screen is there than that."""
    exhibit.wait(lambda: exhibit.replay.screen != screen, f"the way from {screen}")


@pytest.mark.parametrize("hands", list(PRESSES))
def test_every_card_opens_does_its_work_and_leads_back_and_leaving_leaves_nothing(
    open_exhibit: Opening, camera: Path, hands: str
) -> None:
    press = PRESSES[hands]
    exhibit = open_exhibit(camera)
    begin(exhibit)
    exhibit.wait(lambda: exhibit.events(LiveJudged), "the live answer")
    photograph(exhibit)
    exhibit.tap(f"label-{FLAMINGO}")
    exhibit.wait_screen(Attack)
    wait_ready(exhibit)
    exhibit.tap("fool")
    wait_fooled(exhibit)
    exhibit.wait(lambda: exhibit.screen(Attack).visit.settled, "the least noise", WORK_S)
    press(exhibit, "cards")
    exhibit.wait_screen(Cards)
    names = [card.name for card in offered(exhibit)]
    assert len(names) >= 12
    seen: dict[str, str] = {}
    for name in names:
        turned_to(exhibit, press, name)
        press(exhibit, f"card-{name}")
        exhibit.wait(lambda: not isinstance(exhibit.state.screen, Cards), f"what {name} leads to")
        exhibit.wait(lambda: not exhibit.by_now.screen.held, f"the end of the work of {name}", WORK_S)
        seen[name] = exhibit.replay.screen
        back_at_cards(exhibit, press)
    assert len(set(seen.values())) >= len(names) - 2, seen

    turned_to(exhibit, press, "memories")
    press(exhibit, "card-memories")
    exhibit.wait(lambda: not isinstance(exhibit.state.screen, Cards), "the last card")
    press(exhibit, "again")
    exhibit.wait_screen(Forgotten)
    exhibit.wait_screen(Attract)
    assert exhibit.state.visitor == Visitor()
    assert [line.screen for line in exhibit.lines if "Forget" in line.effects] == ["Forgotten"]
    end(exhibit)
    assert exhibit.errors == ""
