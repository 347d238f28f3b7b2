"""Every screen in every state worth looking at, with fixed pictures; the goldens and a curious eye use it."""

from collections.abc import Callable
from dataclasses import replace
from importlib import resources
from pathlib import Path

import numpy as np
import pygame
from numpy.typing import NDArray

from kiosk.core.effects import RunStep
from kiosk.core.events import (
    ButtonDown,
    CameraLost,
    GradientsChanged,
    JobLost,
    LiveJudged,
    ModelChanged,
    UpdateTold,
)
from kiosk.core.model import Answer, Button, Health, Phase, Ranked
from kiosk.core.staff import UpdateFacts, UpdateStage
from tests.driver import (
    ORIGINAL,
    Player,
    at_attack,
    at_choose,
    at_explain,
    at_fooled,
    at_live,
    at_pin,
    at_setup,
    at_staff,
    player,
)
from tests.staff_desk import CRASH, ILL, OFFERED, board

Array = NDArray[np.uint8]
CIVIDIS = np.array([(0, 34, 78), (87, 93, 109), (165, 156, 116), (254, 232, 56)], dtype=np.float64)


def coffee() -> Array:
    """The cup of coffee as the model would see it. Shapes: (224, 224, 3)."""
    path = Path(str(resources.files("skimage") / "data" / "coffee.png"))
    photo = pygame.image.load(str(path))
    square = photo.subsurface((100, 0, 400, 400))
    small = pygame.transform.smoothscale(square, (224, 224))
    return np.ascontiguousarray(pygame.surfarray.array3d(small).swapaxes(0, 1))


def heat(picture: Array, x: float, y: float) -> Array:
    """A picture under a map that is bright around one place."""
    grid = np.stack(np.meshgrid(np.linspace(0, 1, 224), np.linspace(0, 1, 224)), axis=-1)
    warm = np.exp(-((grid[..., 0] - x) ** 2 + (grid[..., 1] - y) ** 2) / 0.05)
    colours = np.stack([np.interp(warm, np.linspace(0, 1, 4), CIVIDIS[:, c]) for c in range(3)], axis=-1)
    return np.round(0.45 * picture + 0.55 * colours).astype(np.uint8)


def framed(picture: Array) -> Array:
    """All that a wide camera would see: dark beside the square that is used."""
    seen = np.zeros_like(picture)
    wide = np.repeat(picture[14:-14:4], 3, axis=0)[:147]  # squeezed, as a wider picture would be
    seen[38:185, :] = wide // 3
    seen[38:185, 38:185] = wide[:, 38:185]
    return seen


def shelf(*, noisy: bool = True) -> dict[str, Array]:
    """The performer's shelf with a cup of coffee on it, before or after some steps of noise."""
    clean = coffee()
    rng = np.random.default_rng(7)
    coarse = rng.integers(-4, 5, (56, 56, 3))  # in squares of four pixels: the files stay small
    delta = np.kron(coarse, np.ones((4, 4, 1), dtype=np.int64))
    lie = np.clip(clean + delta, 0, 255).astype(np.uint8)
    noise = np.clip(127 + 10 * delta, 0, 255).astype(np.uint8)
    shelf = {"camera": clean, "original": clean, "adversarial": lie, "noise": noise, "film-noise": noise}
    shelf |= {f"film-{n}": clean if n == 0 else lie for n in range(5)}
    shelf["framing"] = framed(clean)
    shelf |= {"gradcam-original": heat(clean, 0.5, 0.4), "gradcam-adversarial": heat(lie, 0.3, 0.6)}
    return shelf if noisy else {**shelf, "adversarial": clean, "noise": np.full_like(clean, 127)}


CLEAN = ("attack-ready", "attack-warming", "attack-lost", "attack-never")


def _attract(panel: str, at_s: float) -> Player:
    playing = player(panel)
    playing.wait(at_s)
    return playing


def _live(panel: str) -> Player:
    playing = at_live(panel)
    playing.send(LiveJudged(ORIGINAL))
    playing.wait(1.0)
    return playing


def _unsure(panel: str) -> Player:
    playing = at_live(panel)
    playing.send(LiveJudged(Answer((Ranked(903, 0.14), Ranked(610, 0.11), Ranked(841, 0.08)))))
    playing.wait(1.0)
    return playing


def _countdown(panel: str) -> Player:
    playing = _live(panel)
    playing.touch("shoot")
    playing.wait(1.1)
    return playing


def _letters(panel: str, depth: int) -> Player:
    playing = at_choose(panel)
    playing.touch("letters")
    for _ in range(depth):
        groups = [c.name for c in playing.scene.controls if c.name.startswith("group-")]
        if not groups:
            break
        playing.touch(max(groups, key=_size))
    playing.wait(0.3)
    return playing


def _size(name: str) -> int:
    _, start, end = name.split("-")
    return int(end) - int(start)


def _ready(panel: str, target: int = 130) -> Player:
    playing = at_attack(panel, target)
    playing.wait(0.5)
    return playing


def _steps(panel: str, count: int, needed: int = 4) -> Player:
    playing = at_attack(panel)
    playing.needed = needed
    for _ in range(count):
        playing.touch("more")
    playing.wait(0.5)
    return playing


def _noise(panel: str) -> Player:
    playing = at_fooled(panel)
    playing.touch("noise")
    playing.wait(0.5)
    return playing


def _boost(panel: str) -> Player:
    playing = at_choose(panel)
    playing.touch("letters")
    while playing.scene.control("label-967") is None:
        order = playing.state.labels.order.index(967)
        groups = [c.name for c in playing.scene.controls if c.name.startswith("group-")]
        playing.touch(next(g for g in groups if int(g.split("-")[1]) <= order < int(g.split("-")[2])))
    playing.touch("label-967")
    playing.touch("more")
    playing.wait(0.5)
    return playing


def _lost(panel: str) -> Player:
    playing = at_attack(panel)
    playing.answers = False
    playing.touch("fool")
    job = next(effect.job for effect in reversed(playing.effects) if isinstance(effect, RunStep))
    playing.send(JobLost(job, "gone"), GradientsChanged(Health(Phase.LOST)))
    playing.wait(0.5)
    return playing


def _warming(panel: str) -> Player:
    playing = at_attack(panel, ready=False)
    playing.send(GradientsChanged(Health(Phase.WARMING, 0.4)))
    playing.touch("fool")
    playing.wait(0.5)
    return playing


def _no_evidence(panel: str) -> Player:
    playing = at_fooled(panel)
    playing.answers = False
    playing.touch("why")
    playing.wait(0.5)
    return playing


def _idle(panel: str, quiet_s: float) -> Player:
    playing = at_fooled(panel)
    playing.wait(quiet_s)
    return playing


def _no_camera(panel: str) -> Player:
    playing = player(panel)
    playing.send(CameraLost("unplugged"))
    playing.touch("anywhere")
    playing.wait(0.5)
    return playing


def _no_model(panel: str, health: Health) -> Player:
    playing = player(panel)
    playing.send(ModelChanged(health))
    if health.phase is Phase.WARMING:
        playing.touch("anywhere")
    return playing


NO_TORCH = (
    "the gradient process cannot run here: illegal instruction; this PyTorch is made for another processor"
)
SETTINGS_FAULT = "/etc/kiosk/kiosk.toml: unknown key idle.quite_s; did you mean quiet_s?"


def _notices(playing: Player) -> Player:
    playing.state = replace(playing.state, notices=(SETTINGS_FAULT,))
    playing.send(GradientsChanged(Health(Phase.LOST, reason=NO_TORCH)))
    return playing


def _never(panel: str) -> Player:
    playing = at_attack(panel)
    playing.send(GradientsChanged(Health(Phase.LOST, reason=NO_TORCH)))
    playing.wait(0.5)
    return playing


def _recorded(panel: str) -> Player:
    playing = _never(panel)
    playing.touch("watch")
    playing.wait(1.5)
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
    playing = _notices(at_staff(panel))
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


def _repairing(panel: str, *controls: str) -> Player:
    playing = at_staff(panel, "repair")
    for control in controls:
        playing.touch(control)
    playing.wait(0.3)
    return playing


def _closed(panel: str) -> Player:
    playing = _repairing(panel, "close", "leave")
    playing.wait(0.3)
    return playing


def _stuck(panel: str) -> Player:
    playing = _repairing(panel, "update")
    playing.answers = False
    playing.send(UpdateTold(UpdateFacts(OFFERED.offered, UpdateStage.ASKED)))
    playing.wait(25.0)
    return playing


STAFF_STATES: dict[str, Callable[[str], Player]] = {
    "attract-notice": lambda panel: _notices(_attract(panel, 1.0)),
    "attack-never": _never,
    "attack-recorded": _recorded,
    "closed": _closed,
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
    "staff-health-part": lambda panel: _asked(panel, "power supply"),
    "staff-health-crash": lambda panel: _asked(panel, "last crash"),
    "staff-counts": lambda panel: at_staff(panel, "counts"),
    "staff-counts-exported": _exported,
    "staff-tuning": _saved,
    "staff-tuning-value": lambda panel: _stepping(panel, "idle.quiet_s"),
    "staff-tuning-word": lambda panel: _stepping(panel, "camera.source"),
    "staff-repair": lambda panel: at_staff(panel, "repair"),
    "staff-repair-closed": lambda panel: _repairing(panel, "close"),
    "staff-repair-exhibit": lambda panel: _repairing(panel, "exhibit"),
    "staff-repair-update": lambda panel: _repairing(panel, "update"),
    "staff-repair-stuck": _stuck,
}
STATES: dict[str, Callable[[str], Player]] = {
    "attract-clean": lambda panel: _attract(panel, 1.0),
    "attract-noise": lambda panel: _attract(panel, 4.0),
    "attract-fooled": lambda panel: _attract(panel, 6.5),
    "live": _live,
    "live-unsure": _unsure,
    "live-countdown": _countdown,
    "choose": at_choose,
    "choose-letters": lambda panel: _letters(panel, 0),
    "choose-spans": lambda panel: _letters(panel, 1),
    "choose-names": lambda panel: _letters(panel, 2),
    "attack-ready": _ready,
    "attack-not-yet": lambda panel: _steps(panel, 1),
    "attack-nearly": lambda panel: _steps(panel, 3),
    "attack-fooled": at_fooled,
    "attack-noise": _noise,
    "attack-many": lambda panel: _steps(panel, 16, needed=40),
    "attack-boost": _boost,
    "attack-warming": _warming,
    "attack-lost": _lost,
    "explain": at_explain,
    "explain-drawing": _no_evidence,
    "idle": lambda panel: _idle(panel, 46.0),
    "forgetting": lambda panel: _idle(panel, 59.7),
    "forgotten": lambda panel: _idle(panel, 63.0),
    "no-camera": _no_camera,
    "model-warming": lambda panel: _no_model(panel, Health(Phase.WARMING, 0.6)),
    "model-missing": lambda panel: _no_model(panel, Health(Phase.LOST)),
    **STAFF_STATES,
}
