"""A machine that can make no noise itself says so, and shows the recorded attack on the same screens."""

import pytest

from kiosk.core.health import Health, Phase
from kiosk.core.message import DropJob, GradientsChanged, JobLost
from kiosk.core.scene import Control
from kiosk.topics.attack.messages import RecordingTaken, RunStep, StartStack, TakeRecording
from kiosk.topics.attack.screens.attack import Attack
from kiosk.topics.attack.screens.choose import Choose
from kiosk.topics.attract.messages import Film, FilmReady
from kiosk.topics.explain.facts import Page
from kiosk.topics.explain.screens.explain import Explain
from kiosk.topics.photograph.screens.live import Live
from kiosk.topics.sketchpad.screens.sketchpad import Sketchpad
from tests.player import FLAMINGO, ORIGINAL, PENGUIN, Player, of, said, screen_of
from tests.topics.attack.scripted import at_attack, attack_of
from tests.topics.explain.scripted import at_explain
from tests.topics.photograph.scripted import at_live

FOR_GOOD = GradientsChanged(Health(Phase.LOST, reason="the gradient process cannot run here"))


def never(film: bool = True) -> Player:
    """An attack screen on a board that cannot run PyTorch."""
    playing = at_attack()
    if not film:
        playing.send(FilmReady(Film()))
    playing.send(FOR_GOOD)
    return playing


def watched() -> Player:
    """The recorded attack, to its end."""
    playing = never()
    playing.touch("watch")
    playing.wait(2.0)
    return playing


def says(playing: Player, key: str) -> bool:
    return playing.state.context.texts(key) in said(playing)


def test_it_never_says_that_it_is_starting_again() -> None:
    playing = never()
    assert not says(playing, "attack.gradients_lost")
    assert not says(playing, "attack.warming")
    assert says(playing, "attack.never")
    assert says(playing, "control.watch")
    assert playing.primary == "watch"
    playing.touch("more")
    playing.touch("less")
    assert not of(playing, RunStep)
    assert attack_of(playing).remembered == ""


def test_one_that_comes_back_by_itself_is_still_waited_for() -> None:
    playing = at_attack()
    playing.send(GradientsChanged(Health(Phase.LOST)))
    assert says(playing, "attack.gradients_lost")
    assert playing.find("watch") is None


def test_staff_are_told() -> None:
    assert "the gradient process cannot run here" in never().state.context.notices


def test_the_recording_plays_by_itself_and_says_what_it_is() -> None:
    playing = watched()
    assert len(of(playing, TakeRecording)) == 1
    visit = attack_of(playing).visit
    assert (visit.recorded, visit.target, visit.shown) == (4, FLAMINGO, 4)
    assert [step.at_step for step in of(playing, RunStep)] == [0, 1, 2, 3]
    for key in ("attack.fooled", "attack.recorded", "attack.recorded_note", "control.rewatch"):
        assert says(playing, key), key
    assert not says(playing, "attack.original"), "it is not the visitor's picture"


def test_it_can_be_stepped_through_and_watched_again() -> None:
    playing = watched()
    playing.touch("less")
    playing.touch("less")
    assert attack_of(playing).visit.shown == 2
    playing.touch("more")
    playing.touch("step-1")
    assert attack_of(playing).visit.shown == 1
    for _ in range(3):
        playing.touch("more")
    assert attack_of(playing).visit.shown == 4
    before = len(of(playing, RunStep))
    playing.touch("more")
    assert len(of(playing, RunStep)) == before, "there is no more of it"
    playing.touch("watch")
    playing.wait(2.0)
    assert len(of(playing, TakeRecording)) == 2
    assert attack_of(playing).visit.shown == 4


def test_nobody_asks_for_maps_that_cannot_be_drawn() -> None:
    for playing in (never(), watched()):
        assert playing.find("why") is None
        assert not [name for name in playing.names if name.startswith("bar-")]


def test_a_gradient_process_that_staff_start_again_does_not_disturb_it() -> None:
    playing = watched()
    visit = attack_of(playing).visit
    playing.send(GradientsChanged(Health(Phase.WARMING)), GradientsChanged(Health(Phase.LOST)))
    playing.send(GradientsChanged(Health(Phase.READY)))
    assert attack_of(playing).visit == visit
    assert not attack_of(playing).lost


def test_the_next_lie_of_the_visitors_own_is_a_new_attack() -> None:
    playing = watched()
    playing.send(GradientsChanged(Health(Phase.READY)))
    playing.touch("other")
    assert isinstance(screen_of(playing), Choose)
    playing.touch(f"label-{PENGUIN}")
    assert of(playing, StartStack)[-1] == StartStack(PENGUIN)
    assert attack_of(playing).visit.recorded == 0
    playing.touch("fool")
    playing.wait(1.0)
    assert attack_of(playing).visit.target == PENGUIN


def test_a_recording_that_fails_can_be_asked_for_again() -> None:
    playing = never()
    playing.answers = False
    playing.touch("watch")
    (asked,) = of(playing, TakeRecording)
    playing.send(JobLost(asked.job, "there is none"))
    assert attack_of(playing).job is None
    playing.touch("watch")
    assert len(of(playing, TakeRecording)) == 2
    playing.send(RecordingTaken(asked.job, ORIGINAL, FLAMINGO))
    assert attack_of(playing).visit.recorded == 0, "a stale answer changes nothing"


def test_leaving_while_it_is_fetched_drops_it() -> None:
    playing = never()
    playing.answers = False
    playing.touch("watch")
    playing.touch("retake")
    assert DropJob(of(playing, TakeRecording)[-1].job) in playing.effects
    assert isinstance(screen_of(playing), Live)


def test_without_a_recording_it_says_whom_to_tell() -> None:
    playing = never(film=False)
    assert says(playing, "attack.never_note")
    assert playing.find("watch") is None
    assert playing.primary == "again"
    primary = playing.find("again")
    assert isinstance(primary, Control)


@pytest.mark.parametrize("drawn", [True, False])
def test_maps_that_can_be_drawn_no_more_say_so(drawn: bool) -> None:
    playing = at_explain()
    if not drawn:
        playing.answers = False
        playing.touch(f"page-{Page.ALONE}")
    playing.send(FOR_GOOD)
    assert isinstance(screen_of(playing), Explain)
    assert says(playing, "explain.never") == (not drawn)


def test_the_attack_screen_is_left_alone_with_a_recording_as_with_any() -> None:
    playing = watched()
    playing.wait(41.0)
    assert says(playing, "idle.title")
    playing.touch("stay")
    assert isinstance(screen_of(playing), Attack)


def test_nobody_is_asked_to_teach_a_machine_that_cannot_learn() -> None:
    playing = at_live()
    assert playing.find("teach") is not None
    playing.send(FOR_GOOD)
    assert playing.find("teach") is None


def test_there_is_more_to_try_with_a_recording() -> None:
    playing = watched()
    playing.touch("cards")
    playing.touch("card-paint")
    assert isinstance(screen_of(playing), Sketchpad)
    assert "wait" not in [control.icon for control in playing.scene.controls]
