"""The states of this topic that are worth looking at."""

from collections.abc import Callable

from kiosk.core.health import Health, Phase
from kiosk.core.message import Button, ButtonDown, CameraLost, GradientsChanged
from kiosk.core.staff import UpdateFacts, UpdateStage
from kiosk.topics.staff.messages import CountsRead, HoursTold, UpdateTold
from tests.player import Player
from tests.topics.attack.drawn import NO_TORCH
from tests.topics.staff.scripted import CRASH, ILL, OFFERED, OLDER, at_pin, at_setup, at_staff, board

SETTINGS_FAULT = "/etc/kiosk/kiosk.toml: unknown key idle.quite_s; did you mean quiet_s?"


def seen_notices(playing: Player) -> Player:
    playing.state = playing.state.with_context(complaints=(SETTINGS_FAULT,))
    playing.send(GradientsChanged(Health(Phase.LOST, reason=NO_TORCH)))
    return playing


def _wrong_pin(panel: str) -> Player:
    playing = at_pin(panel)
    playing.type_pin("1234")
    playing.wait(1.0)
    return playing


def _typing(playing: Player, digits: str = "25800") -> Player:
    for digit in digits:
        playing.touch(f"digit-{digit}")
    playing.wait(0.3)
    return playing


def _keep_pin(panel: str) -> Player:
    playing = at_staff(panel, "repair")
    playing.touch("setup")
    playing.wait(0.3)
    return playing


def _sized(panel: str) -> Player:
    playing = at_setup(panel, "size")
    playing.touch("larger")
    playing.wait(0.3)
    return playing


def _lamps(panel: str) -> Player:
    playing = at_setup(panel, "buttons")
    playing.press(Button.LESS)
    playing.send(ButtonDown(Button.SHUTTER))
    playing.wait(0.2)
    return playing


def _framing(panel: str, *, camera: bool = True) -> Player:
    playing = at_setup(panel, "camera")
    if not camera:
        playing.send(CameraLost("unplugged"))
    return playing


def _ill(panel: str) -> Player:
    playing = seen_notices(at_staff(panel))
    playing.send(CameraLost("unplugged"), board(ILL, CRASH))
    return playing


def _asked(panel: str, what: str) -> Player:
    playing = _ill(panel)
    playing.touch(f"part-{what}")
    playing.send(board(ILL, CRASH))
    playing.wait(0.3)
    return playing


def _exported(panel: str) -> Player:
    playing = at_staff(panel, "counts")
    playing.touch("export")
    playing.wait(0.3)
    return playing


def _plot(panel: str, shown: str, *read: CountsRead) -> Player:
    playing = at_staff(panel, "counts")
    playing.send(*read)
    playing.touch(f"show-{shown}")
    playing.wait(0.3)
    return playing


def _stepping(panel: str, key: str) -> Player:
    playing = at_staff(panel, "tuning")
    playing.touch(f"setting-{key}")
    playing.touch("higher")
    playing.wait(0.3)
    return playing


def _saved(panel: str) -> Player:
    playing = _stepping(panel, "camera.source")
    playing.touch("save")
    playing.wait(0.3)
    return playing


def seen_repairing(panel: str, *controls: str) -> Player:
    playing = at_staff(panel, "repair")
    for control in controls:
        playing.touch(control)
    playing.wait(0.3)
    return playing


def _after_hours(panel: str) -> Player:
    playing = seen_repairing(panel)
    playing.send(HoursTold(after_hours=True, opens="9:45"))
    return playing


def seen_closed(panel: str) -> Player:
    playing = seen_repairing(panel, "close", "leave")
    playing.wait(0.3)
    return playing


def _update(panel: str, found: UpdateFacts, *controls: str) -> Player:
    playing = seen_repairing(panel, "update")
    playing.answers = False
    playing.send(UpdateTold(found))
    for control in controls:
        playing.touch(control)
    playing.wait(0.3)
    return playing


REFUSED = UpdateFacts(
    refused="0.2.0-3f9a1c07d2b4: It is signed by a key that this exhibit does not know: SHA256:1rGk0yWJ0nVdqj0m…"
)
UNABLE = UpdateFacts(stage=UpdateStage.UNABLE)
FAILED = UpdateFacts(
    OFFERED.offered,
    UpdateStage.FAILED,
    "release/kiosk/cli.py is not what was signed: it is damaged or was changed. "
    "Make it again with: ./deploy.sh stick DIR",
)
RUNNING = UpdateFacts(
    stage=UpdateStage.RUNNING,
    line=f"Release {OFFERED.offered} is checked and installed. The screen goes dark for a moment.",
)


STATES: dict[str, Callable[[str], Player]] = {
    "pin": at_pin,
    "pin-typed": lambda panel: _typing(at_pin(panel)),
    "pin-wrong": _wrong_pin,
    "setup-pin": at_setup,
    "setup-pin-keep": _keep_pin,
    "setup-size": lambda panel: at_setup(panel, "size"),
    "setup-size-larger": _sized,
    "setup-buttons": _lamps,
    "setup-camera": _framing,
    "setup-no-camera": lambda panel: _framing(panel, camera=False),
    "staff-health": at_staff,
    "staff-health-ill": _ill,
    "staff-health-part": lambda panel: _asked(panel, "power"),
    "staff-health-crash": lambda panel: _asked(panel, "last crash"),
    "staff-counts": lambda panel: at_staff(panel, "counts"),
    "staff-counts-exported": _exported,
    "staff-counts-hours": lambda panel: _plot(panel, "hours"),
    "staff-counts-days": lambda panel: _plot(panel, "days"),
    "staff-counts-screens": lambda panel: _plot(panel, "screens"),
    "staff-counts-answers": lambda panel: _plot(panel, "answers"),
    "staff-counts-nothing": lambda panel: _plot(panel, "answers", CountsRead(())),
    "staff-tuning": _saved,
    "staff-tuning-value": lambda panel: _stepping(panel, "idle.quiet_s"),
    "staff-tuning-word": lambda panel: _stepping(panel, "camera.source"),
    "staff-repair": lambda panel: at_staff(panel, "repair"),
    "staff-repair-closed": lambda panel: seen_repairing(panel, "close"),
    "staff-repair-exhibit": lambda panel: seen_repairing(panel, "exhibit"),
    "staff-repair-after-hours": lambda panel: _after_hours(panel),
    "staff-update": lambda panel: seen_repairing(panel, "update"),
    "staff-update-pin": lambda panel: _typing(seen_repairing(panel, "update", "install"), "258"),
    "staff-update-older": lambda panel: _update(panel, OLDER),
    "staff-update-older-asked": lambda panel: _update(panel, OLDER, "older"),
    "staff-update-refused": lambda panel: _update(panel, REFUSED),
    "staff-update-failed": lambda panel: _update(panel, FAILED),
    "staff-update-running": lambda panel: _update(panel, RUNNING),
    "staff-update-unable": lambda panel: _update(panel, UNABLE),
    "setup-pin-again": lambda panel: _typing(_keep_pin(panel), "2580"),
}
