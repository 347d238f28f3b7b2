"""The judge that tells why, as lists of events."""

import pytest

from kiosk.core.message import Button, DropJob, JobLost, Lifted, Touched
from kiosk.core.scene import Colour, Plate
from kiosk.topics.cards.screen import Cards
from kiosk.topics.prototypes.messages import AskReasons, FoolReasons
from tests.player import PANELS, Player, of, said, screen_of, shown_keys
from tests.topics.cards.scripted import turned_to
from tests.topics.prototypes.scripted import (
    CLEAN,
    HELD,
    TRICKED,
    at_fooled_reasons,
    at_prototypes,
    before_asking,
)


def told(playing: Player) -> str:
    return " ".join(said(playing)).replace("\u00a0", " ")


@pytest.mark.parametrize("panel", PANELS)
def test_a_patch_is_framed_on_both_pictures_and_joined(panel: str) -> None:
    playing = at_prototypes(panel)
    assert {"original", CLEAN.parts[0].key} <= set(shown_keys(playing))
    frames = [
        item for item in playing.scene.items if isinstance(item, Plate) and item.outline is Colour.TRUTH
    ]
    here, there = (frame.box for frame in frames)
    assert here.right < there.x
    first, *_, last = (
        item.box for item in playing.scene.items if isinstance(item, Plate) and item.fill is Colour.TRUTH
    )
    assert first.x == here.right
    assert last.right == there.x
    assert here.y <= first.y <= here.bottom
    assert there.y <= last.y <= there.bottom
    assert "This patch looks like that one" in told(playing)


def test_the_parts_that_are_shown_are_the_sum() -> None:
    playing = at_prototypes()
    shown = [float(words) for words in said(playing) if words.replace(".", "").isdigit()]
    assert shown == [3.1, 1.8, 0.9, 1.4]
    assert f"All add up to {sum(shown):.1f} points" in told(playing)
    assert "94 % right" in told(playing)
    assert "The judge before: 97 %" in told(playing)


def test_each_part_can_be_looked_at_by_touch_and_by_buttons() -> None:
    playing = at_prototypes()
    seen = [shown_keys(playing)[-1]]
    while playing.focused != "part":
        playing.press(Button.MORE)
    for _ in range(3):
        playing.press(Button.SHUTTER)
        seen.append(shown_keys(playing)[-1])
    assert seen == ["prototype-0", "prototype-1", "prototype-2", "prototype-0"]
    rows = playing.control("part").box
    playing.rest(playing.control("part"))
    playing.send(Touched(rows.x + rows.w // 2, rows.y + rows.h * 3 // 8), Lifted())
    assert shown_keys(playing)[-1] == "prototype-1"


def test_noise_that_did_not_trick_it_is_told_and_noise_that_did_too() -> None:
    assert "The noise did not trick this judge" in told(at_prototypes(after=HELD, noisy=True))
    assert "Tricked too!" in told(at_prototypes(after=TRICKED, noisy=True))


def test_it_is_attacked_towards_the_lie_of_the_visit() -> None:
    playing = at_fooled_reasons()
    (attack,) = of(playing, FoolReasons)
    assert attack.lie == 1
    assert "Fooled!" in told(playing)
    assert "5.8 points. Without noise: 7.2." in told(playing)
    assert "prototypes-fooled" in shown_keys(playing)
    playing.touch("other")
    assert "original" in shown_keys(playing)
    assert "did not trick it" in told(at_fooled_reasons(fooled=HELD))


def test_a_lost_look_can_be_tried_again_and_leaving_stops_it() -> None:
    playing = before_asking()
    playing.answers = False
    playing.touch("card-prototypes")
    playing.wait(0.2)
    playing.send(JobLost(of(playing, AskReasons)[-1].job))
    assert "That look got lost" in told(playing)
    playing.touch("retry")
    last = of(playing, AskReasons)[-1].job
    playing.touch("back")
    assert playing.effects[-1] == DropJob(last)
    assert isinstance(screen_of(playing), Cards)


def test_there_is_no_card_where_nothing_was_taught() -> None:
    with pytest.raises(AssertionError, match="there is no card"):
        turned_to("prototypes")
