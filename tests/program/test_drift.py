"""The screens that wait for hours move, and nothing of them is cut off or missed by a finger."""

import pytest

from kiosk.core.message import Tick
from kiosk.core.scene import Box, Look
from kiosk.program.drift import PLACE_S, WALK
from kiosk.topics.photograph.screens.live import Live
from tests.golden.test_scene import STATES
from tests.player import PANELS, player, screen_of

RESTING = ("attract-notice", "attract-fooled", "closed", "model-missing", "model-warming")


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("name", RESTING)
def test_nothing_is_cut_off_wherever_it_stands(name: str, panel: str) -> None:
    playing = STATES[name](panel)
    whole = Box(0, 0, PANELS[panel].width_px, PANELS[panel].height_px)
    at = set()
    for place in range(len(WALK)):
        playing.send(Tick(PLACE_S * (place + 10 * len(WALK)) + 1.0))
        moving = [item for item in playing.scene.items if getattr(item, "look", None) is not Look.WHOLE]
        assert all(item.box.inside(whole) for item in moving)
        at.add(moving[0].box[:2])
    assert len(at) == len(WALK), "another place each minute"


def test_the_walk_is_slow_and_comes_round() -> None:
    assert len(set(WALK)) == len(WALK) == 25
    for one, other in zip(WALK, (*WALK[1:], WALK[0]), strict=True):
        assert max(abs(one[0] - other[0]), abs(one[1] - other[1])) <= 2


def test_it_is_touched_where_it_stands() -> None:
    playing = player()
    playing.send(Tick(7 * PLACE_S + 1.0))
    playing.touch("start")
    assert isinstance(screen_of(playing), Live)
