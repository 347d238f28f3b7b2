"""The scripted visit that demo, bench, rehearsal and these tests share."""

import pytest

from kiosk.exhibit.rehearsal import rehearsed
from kiosk.exhibit.script import visit_script
from kiosk.exhibit.topics import TOPICS
from tests.player import ESPRESSO, PANELS, at_the, player

SHOTS = [step.shot for step in visit_script(TOPICS) if step.shot]


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("shot", SHOTS)
def test_the_script_leads_to_every_shot_on_every_panel(shot: str, panel: str) -> None:
    assert at_the(shot, panel).scene.items


def test_a_lie_that_is_not_on_the_wall_is_found_by_its_letters() -> None:
    playing = at_the("attack", lie=ESPRESSO)
    assert playing.scene.name == "attack"
    assert playing.target == ESPRESSO


def test_what_is_rehearsed_is_drawn_without_a_visit() -> None:
    scenes = [scene.name for scene in rehearsed(player().state, TOPICS)]
    assert {"attract", "live", "choose", "attack", "explain", "cards", "sketchpad", "signs"} <= set(scenes)
