"""What is counted of a visit: names and numbers of what happened, and nothing else."""

from collections import Counter
from collections.abc import Callable

from kiosk.core.health import Health, Phase
from kiosk.core.message import Button, CameraLost, GradientsChanged, ModelChanged
from tests.player import FLAMINGO, PENGUIN, Player, player
from tests.topics.staff.scripted import with_staff


def counting() -> Player:
    playing = player()
    playing.wait(0.1)
    return playing


def attacked() -> Player:
    playing = counting()
    playing.touch("anywhere")
    playing.touch("shoot")
    playing.wait(3.0)
    playing.touch("rate-unsure")
    playing.touch(f"label-{FLAMINGO}")
    playing.touch("fool")
    playing.wait(1.0)
    return playing


def test_a_visit_is_counted_from_its_beginning_to_its_end() -> None:
    playing = attacked()
    playing.touch("why")
    playing.touch("back")
    playing.touch("again")
    playing.wait(5.0)
    assert playing.counts == Counter(
        {
            "visits": 1,
            "pictures": 1,
            "attacks": 1,
            "steps": 4,
            "fooled": 1,
            "screen Live": 1,
            "screen FirstAnswer": 1,
            "verdict_unsure": 1,
            "screen Choose": 1,
            "screen Attack": 2,
            "screen Explain": 1,
            "ended_by_visitor": 1,
        }
    )


def seconds(playing: Player, act: Callable[[], None]) -> dict[str, int]:
    """How long screens are counted to have been seen that an act leaves."""
    playing.seconds.clear()
    act()
    return dict(playing.seconds)


def test_a_screen_is_counted_with_its_seconds_until_it_is_left() -> None:
    playing = counting()
    playing.touch("anywhere")
    playing.wait(6.0)
    since_s = playing.state.since_s
    counted = seconds(playing, lambda: playing.touch("shoot"))
    playing.wait(3.0)
    assert counted | dict(playing.seconds) == {"Live": round(playing.state.since_s - since_s)}


def test_a_screen_that_was_left_alone_is_counted_until_the_last_touch() -> None:
    playing = attacked()
    playing.touch("why")
    playing.touch("back")
    playing.wait(2.0)
    playing.touch("more")
    seen_s = playing.state.context.now_s - playing.state.since_s
    counted = seconds(playing, lambda: playing.wait(70.0))
    assert counted["Attack"] == round(seen_s) < 10


def test_waiting_for_somebody_counts_nothing() -> None:
    playing = counting()
    playing.wait(60.0)
    assert not playing.counts


def test_a_visitor_who_walks_away_is_told_from_one_who_ends() -> None:
    playing = attacked()
    playing.wait(70.0)
    assert playing.counts["ended_by_idle"] == 1
    assert playing.counts["ended_by_visitor"] == 0
    playing.touch("anywhere")
    playing.wait(0.5)
    assert playing.counts["visits"] == 2


def test_one_who_comes_back_in_time_has_not_ended() -> None:
    playing = attacked()
    playing.wait(45.0)
    playing.press(Button.SHUTTER)
    playing.wait(0.5)
    assert playing.counts["visits"] == 1
    assert not [name for name in playing.counts if name.startswith("ended")]


def test_a_second_lie_is_a_second_attack_of_the_same_visit() -> None:
    playing = attacked()
    playing.touch("other")
    playing.touch(f"label-{PENGUIN}")
    playing.touch("fool")
    playing.wait(1.0)
    assert (playing.counts["visits"], playing.counts["attacks"], playing.counts["fooled"]) == (1, 2, 2)
    playing.touch("less")
    playing.touch("more")
    assert playing.counts["fooled"] == 2, "looking at the same step again is no second success"


def test_a_model_that_is_lost_ends_a_visit_by_a_fault() -> None:
    playing = attacked()
    playing.send(ModelChanged(Health(Phase.LOST)))
    assert playing.counts["ended_by_fault"] == 1


def test_a_recording_counts_as_one_and_its_steps_as_nobodys() -> None:
    playing = counting()
    playing.touch("anywhere")
    playing.touch("shoot")
    playing.wait(3.0)
    playing.touch("rate-unsure")
    playing.touch(f"label-{FLAMINGO}")
    playing.send(GradientsChanged(Health(Phase.LOST, reason="it cannot run here")))
    playing.touch("watch")
    playing.wait(2.0)
    assert playing.counts["recordings"] == 1
    assert playing.counts["steps"] == playing.counts["fooled"] == 0


def test_a_visit_without_a_camera_counts() -> None:
    playing = counting()
    playing.send(CameraLost("unplugged"))
    playing.touch("anywhere")
    playing.touch("stock")
    playing.wait(0.5)
    assert (playing.counts["visits"], playing.counts["pictures"]) == (1, 1)


def test_staff_are_not_counted() -> None:
    playing = counting()
    with_staff(playing)
    playing.hold("corner", 3.1)
    playing.type_pin("2580")
    playing.touch("page-repair")
    playing.touch("leave")
    playing.wait(1.0)
    assert not playing.counts
