"""The screenplay of `kiosk demo`, on a machine so slow that a first look takes seconds."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from kiosk.commands.visit.screenplay import PANEL, Screenplay
from kiosk.core.context import IdleTimes
from kiosk.core.health import Health, Phase
from kiosk.core.message import CameraFound, Effect, Event, GradientsChanged, ModelChanged
from kiosk.exhibit.performer import Performer
from kiosk.exhibit.script import Walk, visit_script
from kiosk.exhibit.topics import TOPICS
from kiosk.perform.pictures import Pictures
from kiosk.program.program import initial
from kiosk.topics.photograph.messages import LiveJudged, StartLive
from kiosk.topics.photograph.screens.live import Live
from tests.player import ORIGINAL, TEXTS, player

LOOK_S = 7.0
QUIET = IdleTimes(quiet_s=3.2, countdown_s=1.0)  # longer than staff hold their corner
READY = Health(Phase.READY)


class SlowPerformer:
    """Judges live frames as late as a slow processor does, and does nothing else."""

    def __init__(self) -> None:
        self.pictures = Pictures()
        self._looks_s: float | None = None
        self._news: list[Event] = [CameraFound("pictures"), ModelChanged(READY), GradientsChanged(READY)]

    def perform(self, effect: Effect) -> None:
        if isinstance(effect, StartLive):
            self._looks_s = time.monotonic() + LOOK_S

    def news(self) -> Iterator[Event]:
        yield from self._news
        self._news.clear()
        if self._looks_s is not None and time.monotonic() >= self._looks_s:
            yield LiveJudged(ORIGINAL)


def test_a_first_look_may_outlast_the_quiet_time() -> None:
    state = initial(TOPICS, PANEL, TEXTS, player().state.context.labels)
    state = replace(state, context=replace(state.context, idle=QUIET))
    performer = SlowPerformer()
    play = Screenplay(state, cast("Performer", performer), lambda *_: None)
    play.wait_for(lambda state: state.context.camera, "the camera")
    live = next(step for step in visit_script(TOPICS) if step.shot == "live")
    play.play(Walk([live], None))
    assert isinstance(play.state.screen, Live)
    assert play.state.screen.answer == ORIGINAL
    assert len(play.shots) == 1
