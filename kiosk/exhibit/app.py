"""The composition root: puts the exhibit together, runs its frame loop, and ends it on a signal."""

import gc
import logging
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import chain
from pathlib import Path
from types import FrameType

from kiosk.core.context import IdleTimes
from kiosk.core.health import Health, Phase
from kiosk.core.labels import Labels
from kiosk.core.message import Count, Event, Tick
from kiosk.core.screen import RestingScreen
from kiosk.core.staff import StaffFacts
from kiosk.device.notify import ServiceNotifier, socket_address
from kiosk.device.state_folder import StateFolder
from kiosk.errors import KioskError
from kiosk.exhibit.event_log import EventLog
from kiosk.exhibit.opening_window import opened_window
from kiosk.exhibit.parts import PARTS
from kiosk.exhibit.performer import Performer
from kiosk.exhibit.rehearsal import rehearsed
from kiosk.exhibit.staff_at_start import StaffAtStart
from kiosk.exhibit.topics import TOPICS
from kiosk.program.program import update, view
from kiosk.program.state import State, initial
from kiosk.settings.sections import Settings
from kiosk.topics.staff.messages import StaffFound
from kiosk.topics.staff.performing.staffing import staff_found, staff_unasked
from kiosk.ui.display.wired_buttons import buttons_wired
from kiosk.ui.window import Window
from kiosk.vision.model_card import read_card
from kiosk.words.friendly_labels import labels_for, visitor_labels
from kiosk.words.signs import load_signs
from kiosk.words.texts import load_texts

log = logging.getLogger(__name__)

UNASKED = StaffFound(StaffFacts())  # no question to staff, nothing closed
EventSource = Callable[[State, float, float], Sequence[Event] | None]


def run_exhibit(
    settings: Settings,
    *,
    size_px: tuple[int, int] | None,
    camera: str | None,
    model: str | None,
    event_log: Path | None,
    notices: tuple[str, ...] = (),
    visitor: EventSource = lambda _state, _began_s, _ended_s: (),
    measuring: bool = False,
) -> bool:
    """Return whether the exhibit is to be started again, once its window, a signal or staff have closed it.

    Staff may want that, and another screen may need it. Raises DisplayUnavailableError. `notices` are lines for staff.
    A `visitor` sees the state after each frame, with the times when its work began and ended, and may act: its events
    come with the next frame; None closes the exhibit. One that is `measuring` is not counted, and also opens what staff
    have closed.
    """
    state_folder = StateFolder(settings.state_folder())
    with ExitStack() as stack:
        told_to_end = stack.enter_context(_signals())
        display = settings.display
        service = ServiceNotifier()
        staff = StaffAtStart(partial(_found, settings, size_px, measuring=measuring))
        if (opened := opened_window(display, size_px, service, told_to_end)) is None:
            return False
        window = stack.enter_context(opened)
        found = staff.first(UNASKED if measuring else staff_unasked(settings))
        state = _opening(settings, window, labels_in_use(state_folder, model), notices, found)
        window.show(view(state), {})
        performer = stack.enter_context(
            Performer(PARTS, settings, state_folder, camera or settings.camera.source, model, window.forget)
        )
        log_of_events = stack.enter_context(EventLog(event_log))
        window.rehearse(rehearsed(state, TOPICS))
        stack.enter_context(service)  # the last one here is the first to hear of the end
        gc.freeze()  # what is here by now stays: the collector need not look through it between frames
        frame_s = 1 / display.frames_per_s
        acts: Sequence[Event] = (found,)  # told again, where the event log hears it; twice is as once
        while not (window.closed or window.outdated or told_to_end() or performer.restarting):
            began_s = time.monotonic()
            # Hands first: what they did may lie before this tick. And lazily: news is put on the shelf only when the
            # events before it have had their effects.
            for event in chain(window.events(), (Tick(began_s),), acts, staff.late(), performer.news()):
                before = state
                state, effects = update(state, event)
                log_of_events.note(before, event, effects, state)
                for effect in effects:
                    if not (measuring and isinstance(effect, Count)):
                        performer.perform(effect)
            performer.attend(attended=not isinstance(state.screen, RestingScreen))
            window.show(view(state), performer.pictures)
            ended_s = time.monotonic()
            service.alive(ended_s, _status(state))
            acted = visitor(state, began_s, ended_s)
            if acted is None:
                break
            acts = acted
            time.sleep(max(0.0, began_s + frame_s - ended_s))
        return performer.restarting or window.outdated


def _found(settings: Settings, size_px: tuple[int, int] | None, *, measuring: bool) -> StaffFound:
    """Return what there is for staff: under systemd and full screen this is a device, which asks for a first PIN."""
    on_device = size_px is None and bool(socket_address(os.environ))
    return UNASKED if measuring else staff_found(settings, on_device=on_device)


def _opening(
    settings: Settings, window: Window, labels: Labels, notices: tuple[str, ...], found: StaffFound
) -> State:
    """Return the state of the first frame."""
    signs, idle = load_signs(settings.teaching), settings.idle
    texts = load_texts(TOPICS)
    state = initial(TOPICS, window.panel, texts, labels, model=Health(Phase.WARMING), signs=signs)
    state = state.with_context(
        idle=IdleTimes(idle.quiet_s, idle.teaching_quiet_s, idle.countdown_s),
        complaints=notices,
        buttons=buttons_wired(),
    )
    state, _ = update(state, Tick(time.monotonic()))
    state, _ = update(state, found)
    return state


def labels_in_use(state_folder: StateFolder, model: str | None) -> Labels:
    """Return what visitors read of the model that will be opened; where there is none, its screen will say so."""
    try:
        return labels_for(read_card(state_folder.model(model)))
    except (KioskError, OSError):
        return visitor_labels()


def _status(state: State) -> str:
    """Return the line that `systemctl status` shows."""
    context = state.context
    camera = (
        "found" if context.sees else "missing, our own pictures are shown" if context.camera else "missing"
    )
    parts = (("model", state.context.model), ("gradient process", state.context.gradients))
    told = [f"{name} {health.phase.name.lower()}" for name, health in parts]
    reasons = [*filter(None, (context.camera_fault, *(health.reason for _, health in parts)))]
    return "; ".join([", ".join([f"camera {camera}", *told]), *reasons, *state.context.complaints])


@contextmanager
def _signals() -> Iterator[Callable[[], bool]]:
    """Yield a function that says whether a signal told the exhibit to end."""
    told: list[int] = []

    def hear(number: int, _frame: FrameType | None) -> None:
        told.append(number)

    previous = {number: signal.signal(number, hear) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield lambda: bool(told)
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
