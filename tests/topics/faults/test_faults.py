"""Visits in which something is missing: the camera, the model."""

from kiosk.core.health import Health, Phase
from kiosk.core.message import (
    Button,
    ButtonDown,
    ButtonUp,
    CameraFound,
    CameraLost,
    Forget,
    ModelChanged,
    Tick,
    Touched,
)
from kiosk.topics.attack.screens.choose import Choose
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.faults.screens.no_camera import NoCamera
from kiosk.topics.faults.screens.no_model import NoModel
from kiosk.topics.photograph.messages import StartLive, StopLive
from kiosk.topics.photograph.screens.live import Live
from tests.player import of, player, screen_of
from tests.topics.attack.scripted import at_fooled
from tests.topics.photograph.scripted import at_live


def test_without_a_camera_our_own_picture_is_offered() -> None:
    playing = player()
    playing.send(CameraLost("unplugged"))
    assert isinstance(screen_of(playing), Attract)
    playing.touch("anywhere")
    assert isinstance(screen_of(playing), NoCamera)
    playing.touch("stock")
    playing.wait(1.0)
    playing.touch("rate-right")
    assert isinstance(screen_of(playing), Choose)
    assert not playing.counts["verdict_right"], "it is no picture of the visitor's"
    playing = at_live()
    playing.send(CameraLost())
    assert isinstance(screen_of(playing), NoCamera)
    assert of(playing, StopLive)
    playing.send(CameraFound(), Tick(playing.state.context.now_s + 0.1))
    assert isinstance(screen_of(playing), Live)
    assert playing.effects[-1] == StartLive()


def test_without_a_model_there_is_no_visit() -> None:
    playing = at_fooled()
    playing.send(ModelChanged(Health(Phase.LOST)))
    assert isinstance(screen_of(playing), NoModel)
    assert playing.effects[-1] == Forget()
    playing.wait(0.3)
    playing.send(Touched(5, 5), ButtonDown(Button.SHUTTER), ButtonUp(Button.SHUTTER))
    assert isinstance(screen_of(playing), NoModel)
    playing.send(ModelChanged(Health(Phase.READY)))
    assert isinstance(screen_of(playing), Attract)


def test_attract_shows_at_once_and_a_touch_meets_the_model_as_soon_as_it_is_ready() -> None:
    playing = player(model=Health(Phase.WARMING))
    assert isinstance(screen_of(playing), Attract)
    playing.touch("anywhere")
    assert playing.scene.name == "model-warming"
    playing.send(ModelChanged(Health(Phase.READY)))
    assert isinstance(screen_of(playing), Live)
    assert playing.effects[-1] == StartLive()
