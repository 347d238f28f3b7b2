"""The dice on a real display: as much noise, another picture, the same answer."""

from pathlib import Path

from kiosk.core.scene import Picture
from kiosk.device.state_folder import StateFolder
from kiosk.topics.cards.screen import Cards
from kiosk.topics.dice.messages import DiceRolled
from kiosk.topics.dice.screen import Dice
from tests.e2e.exhibit_driver import Display, Exhibit, difference
from tests.e2e.test_exhibit import OTHER, SAME, begin, camera, end, photograph, wait_fooled
from tests.player import ESPRESSO, FLAMINGO

__all__ = ["camera"]


def test_dice_are_compared_with_the_attack(
    display: Display, state: StateFolder, tmp_path: Path, camera: Path
) -> None:
    with Exhibit(display, state.path, tmp_path, camera) as exhibit:
        begin(exhibit)
        photograph(exhibit)
        exhibit.tap(f"label-{FLAMINGO}")
        exhibit.tap("fool")
        wait_fooled(exhibit)
        exhibit.tap("cards")
        exhibit.wait_screen(Cards)
        exhibit.tap("card-dice")
        exhibit.wait_screen(Dice)
        exhibit.wait(lambda: exhibit.events(DiceRolled), "the dice")
        (rolled,) = exhibit.events(DiceRolled)
        assert rolled.judged.answer.first.label == ESPRESSO
        exhibit.wait(lambda: shown(exhibit, "dice"), "the end of the roll")
        exhibit.wait(lambda: upper_halves_look_the_same(exhibit), "two pictures of one cup")
        exhibit.tap("back")
        exhibit.wait_screen(Cards)
        end(exhibit)


def shown(exhibit: Exhibit, key: str) -> bool:
    """Whether a picture is on the screen."""
    return any(isinstance(item, Picture) and item.key == key for item in exhibit.scene.items)


def upper_halves_look_the_same(exhibit: Exhibit) -> bool:
    """Whether the attacked picture and the dice's are one for a person; the noise lies on their lower corners."""
    made, thrown = (exhibit.picture(key) for key in ("adversarial", "dice"))
    half = made.shape[0] // 2
    return made.std() > OTHER and 0 < difference(made[:half], thrown[:half]) < SAME
