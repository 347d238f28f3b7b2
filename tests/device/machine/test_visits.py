"""A visit by touch and one by a button, in cage and on the screen itself; what the screen shows is compared."""

from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from kiosk.core.scene import ControlId, Picture, Scene
from kiosk.core.visit import Rating
from kiosk.topics.attack.screens.attack import Attack
from kiosk.topics.attack.screens.choose import Choose
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.attract.screens.forgotten import Forgotten
from kiosk.topics.photograph.messages import LiveJudged
from kiosk.topics.photograph.screens.first_answer import FirstAnswer
from kiosk.topics.photograph.screens.live import Live
from kiosk.ui.paint import scene_png
from tests.device.machine.machine import Machine, Pixels
from tests.device.machine.test_screens import use_driver
from tests.device.machine.visitor import Visitor
from tests.figures import figure
from tests.player import spelled

FOOLED_WITHIN_S = 900.0
OTHER_PIXELS = 0.01  # the share that may differ: a pointer, a light that pulses
DIFFERENT = 24  # of 255
SHOWN_WITHIN_S = 20.0

Press = Callable[[str], None]


def as_told(scene: Scene, seen: Pixels) -> bool:
    """Whether the screen shows a scene; of pictures, which the log does not have, only where they are."""
    with Image.open(BytesIO(scene_png(scene, {}))) as image:
        told = np.asarray(image.convert("RGB"))
    if told.shape != seen.shape:
        return False
    other = np.abs(told.astype(np.int16) - seen).max(axis=-1) > DIFFERENT
    for item in scene.items:
        if isinstance(item, Picture):
            other[item.box.y : item.box.bottom, item.box.x : item.box.right] = False
    return bool(other.mean() < OTHER_PIXELS)


def shown(visitor: Visitor) -> None:
    """The screen comes to show what the log tells."""
    visitor.wait(
        lambda: as_told(visitor.scene, visitor.machine.pixels()), "what the screen is to show", SHOWN_WITHIN_S
    )


def visit(visitor: Visitor, press: Press) -> None:
    """From the attract loop to a fooled machine, and away, which is forgotten."""
    unsure = ControlId("rate", Rating.UNSURE)
    visitor.wait_screen(Attract)
    press("start")
    visitor.wait_screen(Live)
    visitor.wait(lambda: visitor.events(LiveJudged), "the live answer")
    press("shoot")
    visitor.wait_screen(FirstAnswer)
    visitor.wait(lambda: visitor.scene.control_of(unsure), "the question whether that is right")
    shown(visitor)
    press(spelled(unsure))
    visitor.wait_screen(Choose)
    shown(visitor)
    press(spelled(visitor.scene.focused))
    visitor.wait_screen(Attack)
    press("fool")
    took_s = visitor.wait(lambda: visitor.says("Fooled!"), "fooled", FOOLED_WITHIN_S)
    figure.told("the machine's own: from Fool it to fooled", f"{took_s:.0f} s")
    visitor.tap("again")
    visitor.wait(lambda: isinstance(visitor.state.screen, Forgotten | Attract), "it is forgotten")
    visitor.wait_screen(Attract)


@pytest.mark.parametrize("driver", ["wayland", "kmsdrm"])
def test_a_visit_by_touch(machine: Machine, driver: str) -> None:
    use_driver(machine, driver)
    visitor = Visitor(machine)
    visit(visitor, visitor.tap)
    assert machine.guest.restarts() == 0


@pytest.mark.parametrize("driver", ["wayland", "kmsdrm"])
def test_a_visit_by_one_button(machine: Machine, driver: str) -> None:
    """The light goes from press to press by itself to what is next."""
    use_driver(machine, driver)
    visitor = Visitor(machine)
    visit(visitor, visitor.shoot)
    assert machine.guest.restarts() == 0
