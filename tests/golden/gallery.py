"""Every screen in every state worth looking at, with fixed pictures; the goldens and a curious eye use it."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
import pygame
from numpy.typing import NDArray

from kiosk.core.datasets import DatasetKept
from kiosk.core.effects import GiveVaccine, RunStep, TrainHead
from kiosk.core.events import (
    ButtonDown,
    CameraLost,
    DiceRolled,
    EpochTrained,
    GradientsChanged,
    JobLost,
    LiveJudged,
    ModelChanged,
    ModelsFound,
    StepJudged,
    StickFound,
    StickLost,
    UpdateTold,
    UploadSeen,
    VaccineUnderWay,
)
from kiosk.core.model import Answer, Button, Health, Judged, Phase, Ranked, Verdict
from kiosk.core.painting import Ink, Paint, Place, Size, Tool
from kiosk.core.staff import UpdateFacts, UpdateStage
from kiosk.core.vaccine import Resistance, Robustness, Stage
from kiosk.perform.paint_layer import PaintLayer
from tests.driver import (
    EFFICIENTNET,
    FLAMINGO,
    HELPED,
    MANY,
    MOBILENET,
    ORIGINAL,
    PETS,
    TOOLS,
    Player,
    at_attack,
    at_cards,
    at_choose,
    at_confusion,
    at_dice,
    at_explain,
    at_fooled,
    at_fooled_taught,
    at_keeping,
    at_live,
    at_pin,
    at_readymade,
    at_setup,
    at_signs,
    at_sketchpad,
    at_staff,
    at_teach,
    at_trained,
    at_upload,
    at_vaccinated,
    at_vaccinating,
    at_vaccine,
    epoch,
    of,
    player,
    taught_answer,
    with_datasets,
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


def shown(picture: Array, number: int) -> Array:
    """The picture as it would be held up the next time: turned, and nearer or farther."""
    turned = picture if number % 3 else picture[:, ::-1]
    cut = 6 * (number % 8)
    return np.ascontiguousarray(np.roll(turned, cut, axis=number % 2)[cut:224, cut:224])


@cache
def examples() -> dict[str, Array]:
    """What eight labels of twelve pictures look like."""
    clean = coffee()
    return {f"example-{number}": shown(clean, number) for number in range(1, 110)}


def shelf(*, noisy: bool = True, paint: bool = True) -> dict[str, Array]:
    """The performer's shelf with a cup of coffee on it, before or after some steps of noise."""
    clean = coffee()
    rng = np.random.default_rng(7)
    coarse = rng.integers(-4, 5, (56, 56, 3))  # in squares of four pixels: the files stay small
    delta = np.kron(coarse, np.ones((4, 4, 1), dtype=np.int64))
    lie = np.clip(clean + delta, 0, 255).astype(np.uint8)
    noise = np.clip(127 + 10 * delta, 0, 255).astype(np.uint8)
    shelf = {"camera": clean, "original": clean, "adversarial": lie, "noise": noise, "film-noise": noise}
    shelf |= {f"film-{n}": clean if n == 0 else lie for n in range(5)}
    dice = rng.permutation(coarse.ravel()).reshape(coarse.shape).repeat(4, 0).repeat(4, 1)
    shelf["dice"] = np.clip(clean + dice, 0, 255).astype(np.uint8)
    shelf |= {
        "dice-noise": np.clip(127 + 10 * dice, 0, 255).astype(np.uint8),
        "painted": painted(lie) if paint else lie,
    }
    shelf["framing"] = framed(clean)
    shelf |= {f"upload-{number}": ball(number) for number in range(12)}
    shelf |= {"gradcam-original": heat(clean, 0.5, 0.4), "gradcam-adversarial": heat(lie, 0.3, 0.6)}
    shelf |= examples()
    return shelf if noisy else {**shelf, "adversarial": clean, "noise": np.full_like(clean, 127)}


def ball(number: int) -> Array:
    """A ball on plain ground, another one for each number."""
    rows, columns = np.indices((192, 192))
    inside = (rows - 80 - 4 * number) ** 2 + (columns - 60 - 6 * number) ** 2 < 60**2
    ground, colour = (40 + 12 * number, 120, 160), (220 - 14 * number, 90, 60 + 12 * number)
    return np.where(inside[..., None], colour, ground).astype(np.uint8)


def painted(picture: Array) -> Array:
    """The picture under a stripe and two stamps."""
    layer = PaintLayer(224)
    layer.stroke(Ink(Paint.BLUE, Size.LARGE), Place(0.0, 0.7), Place(0.6, 0.5), begins=True)
    layer.stamp(Tool.STAR, Ink(Paint.WHITE, Size.MEDIUM), Place(0.75, 0.3))
    layer.stamp(Tool.HEART, Ink(Paint.PINK, Size.SMALL), Place(0.3, 0.2))
    return layer.over(picture)


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


def _other_dice(panel: str) -> Player:
    playing = at_dice(panel)
    playing.answers = False
    playing.touch("roll")
    answer = Answer((Ranked(505, 0.42), Ranked(967, 0.3)))
    playing.send(DiceRolled(playing.state.next_job - 1, Judged(4, answer, 0.1, Verdict.NEARLY, 4, 2.5)))
    playing.wait(0.5)
    return playing


def _rolling(panel: str) -> Player:
    playing = at_cards(panel)
    playing.answers = False
    playing.touch("dice")
    playing.wait(0.2)
    return playing


def _painted(panel: str, label: int, tool: str = "") -> Player:
    playing = at_sketchpad(panel)
    playing.painted = Answer((Ranked(label, 0.63), Ranked(967, 0.2), Ranked(130, 0.1)))
    playing.drag("canvas", (0.0, 0.7), (0.6, 0.5))
    if tool:
        playing.touch(f"tool-{tool}")
    playing.wait(0.5)
    return playing


def _looking(panel: str) -> Player:
    playing = player(panel)
    playing.send(StickFound())
    playing.touch("anywhere")
    playing.answers = False
    playing.touch("stick")
    playing.wait(0.1)
    playing.send(*(UploadSeen(playing.state.next_job - 1, number) for number in range(3)))
    return playing


def _later(panel: str) -> Player:
    playing = at_upload(panel)
    playing.touch("later")
    playing.wait(0.2)
    return playing


def _bad_upload(panel: str) -> Player:
    playing = at_upload(panel, uploads=5)
    playing.answers = False
    playing.touch("pick-1")
    playing.send(JobLost(playing.state.next_job - 1))
    return playing


def _gone(panel: str) -> Player:
    playing = at_upload(panel)
    playing.send(StickLost())
    return playing


def _with_stick(playing: Player) -> Player:
    playing.send(StickFound())
    return playing


def _recording(panel: str) -> Player:
    playing = at_teach(panel, labels=1, holds=1)
    playing.touch("record")
    playing.wait(0.5)
    return playing


def _eight(panel: str) -> Player:
    playing = at_teach(panel, labels=8)
    playing.wait(0.3)
    return playing


def _album(panel: str, picked: int | None = None, *presses: str) -> Player:
    playing = at_teach(panel, labels=3, holds=4)
    playing.touch("album")
    if picked is not None:
        playing.touch([c.name for c in playing.scene.controls if c.name.startswith("example-")][picked])
    for press in presses:
        playing.touch(press)
    playing.wait(0.3)
    return playing


def _training(panel: str) -> Player:
    playing = at_teach(panel, labels=3)
    playing.answers = False
    playing.touch("train")
    playing.wait(0.2)
    job = of(playing, TrainHead)[-1].job
    playing.send(*(EpochTrained(job, epoch(number)) for number in range(1, 19)))
    playing.wait(0.3)
    return playing


def _training_lost(panel: str) -> Player:
    playing = _training(panel)
    playing.send(JobLost(of(playing, TrainHead)[-1].job, "gone"))
    playing.wait(0.3)
    return playing


def _trained(panel: str) -> Player:
    playing = at_trained(panel, labels=3)
    playing.wait(0.3)
    return playing


def _confusion(panel: str, labels: int) -> Player:
    playing = at_confusion(panel, labels=labels)
    playing.wait(0.3)
    return playing


def _mistakes(panel: str) -> Player:
    playing = at_confusion(panel, labels=3)
    playing.touch("album")
    playing.wait(0.3)
    return playing


def _live_taught(panel: str, *, known: bool) -> Player:
    playing = at_trained(panel, labels=3)
    playing.touch("try")
    shares = (0.91, 0.06, 0.03) if known else (0.41, 0.33, 0.26)
    playing.send(LiveJudged(taught_answer(*shares, known=known)))
    playing.wait(1.0)
    return playing


def _choose_taught(panel: str, *, known: bool = True) -> Player:
    playing = _live_taught(panel, known=known)
    playing.original = taught_answer(0.91, 0.06, 0.03, known=known)
    playing.touch("shoot")
    playing.wait(3.0)
    return playing


def _attack_taught(panel: str) -> Player:
    playing = _choose_taught(panel)
    playing.touch("label-1")
    playing.answers = False
    playing.touch("more")
    job = of(playing, RunStep)[-1].job
    unsure = taught_answer(0.44, 0.52, 0.04, known=False)
    playing.send(StepJudged(job, Judged(1, unsure, 0.52, Verdict.NEARLY, 1, 0.4)))
    playing.wait(0.5)
    return playing


def _fooled_in_doubt(panel: str) -> Player:
    playing = _attack_taught(panel)
    playing.touch("more")
    job = of(playing, RunStep)[-1].job
    doubting = taught_answer(0.2, 0.76, 0.04, known=False)
    playing.send(StepJudged(job, Judged(2, doubting, 0.76, Verdict.FOOLED, 1, 0.4)))
    playing.wait(0.5)
    return playing


def _cards_taught(panel: str) -> Player:
    playing = at_fooled_taught(panel)
    playing.touch("cards")
    playing.wait(0.3)
    return playing


def _vaccinating(panel: str, stage: Stage, share: float) -> Player:
    playing = at_vaccinating(panel)
    job = of(playing, GiveVaccine)[-1].job
    playing.send(VaccineUnderWay(job, stage, share))
    playing.wait(0.3)
    return playing


def _vaccine_waiting(panel: str) -> Player:
    playing = at_vaccine(panel)
    playing.send(GradientsChanged(Health(Phase.WARMING, 0.4)))
    playing.touch("give")
    playing.wait(0.3)
    return playing


def _vaccine_lost(panel: str) -> Player:
    playing = _vaccinating(panel, Stage.TRAINING, 0.5)
    playing.send(JobLost(of(playing, GiveVaccine)[-1].job, "gone"))
    playing.wait(0.3)
    return playing


def _vaccine_eight(panel: str) -> Player:
    playing = at_vaccine(panel, labels=8)
    playing.touch("label-5")
    playing.wait(0.3)
    return playing


ONLY_HERE = replace(
    HELPED,
    others=tuple(Resistance(3, after, place) for place, after in enumerate((3, 2, 3, 4, 1, 3, 2, 3))),
    clean_after=0.94,
)
NO_HARDER = replace(ONLY_HERE, same_photo=Resistance(4, 3))
STILL_FOOLED = replace(ONLY_HERE, same_picture_right=False, same_photo=Resistance(4, 4))
COPIED = replace(HELPED, clean_after=0.88, robust=Robustness(2.0, 0.21, 0.67))


def _with_models(panel: str) -> Player:
    playing = at_attack(panel)
    playing.send(ModelsFound((EFFICIENTNET, MOBILENET), EFFICIENTNET.name))
    playing.wait(0.5)
    return playing


def _models(panel: str) -> Player:
    playing = _with_models(panel)
    playing.touch("models")
    playing.wait(0.3)
    return playing


def _forgotten_lesson(panel: str) -> Player:
    playing = at_teach(panel)
    playing.touch("again")
    playing.wait(3.0)
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


FULL = "/data/kiosk/kiosk.sqlite: database or disk is full; free some space"


def _readymade(panel: str, *controls: str) -> Player:
    playing = at_readymade(panel)
    for control in controls:
        playing.touch(control)
    playing.wait(0.3)
    return playing


def _unreadable(panel: str) -> Player:
    playing = at_readymade(panel)
    playing.datasets = ()
    playing.touch("set-0")
    return with_datasets(playing)


def _keeping(panel: str, *controls: str) -> Player:
    playing = at_keeping(panel, MANY, labels=3)
    for control in controls:
        playing.touch(control)
    playing.wait(0.3)
    return playing


def _not_kept(panel: str) -> Player:
    playing = at_keeping(panel, (PETS, TOOLS))
    playing.answers = False
    playing.touch("keep")
    playing.send(DatasetKept("", FULL))
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
    "staff-datasets": _keeping,
    "staff-datasets-none": lambda panel: at_staff(panel, "datasets"),
    "staff-datasets-kept": lambda panel: _keeping(panel, "keep"),
    "staff-datasets-full": _not_kept,
    "staff-datasets-one": lambda panel: _keeping(panel, "set-3"),
    "staff-datasets-remove": lambda panel: _keeping(panel, "turn-4", "set-4", "remove"),
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
    "cards": at_cards,
    "dice": at_dice,
    "dice-rolling": _rolling,
    "dice-other": _other_dice,
    "sketchpad": at_sketchpad,
    "sketchpad-fooled": lambda panel: _painted(panel, FLAMINGO),
    "sketchpad-truth": lambda panel: _painted(panel, 967, "star"),
    "upload": _later,
    "upload-looking": _looking,
    "upload-failed": _bad_upload,
    "upload-empty": lambda panel: at_upload(panel, uploads=0),
    "upload-gone": _gone,
    "live-stick": lambda panel: _with_stick(_live(panel)),
    "no-camera-stick": lambda panel: _with_stick(_no_camera(panel)),
    "idle": lambda panel: _idle(panel, 46.0),
    "forgetting": lambda panel: _idle(panel, 59.7),
    "forgotten": lambda panel: _idle(panel, 63.0),
    "no-camera": _no_camera,
    "signs": at_signs,
    "readymade": _readymade,
    "readymade-two": lambda panel: at_readymade(panel, (PETS, TOOLS)),
    "readymade-later": lambda panel: _readymade(panel, "page-5"),
    "readymade-unreadable": _unreadable,
    "signs-guest": lambda panel: _readymade(panel, "set-1", "add"),
    "teach-opened": lambda panel: _readymade(panel, "set-0"),
    "teach-opened-untrained": lambda panel: _readymade(panel, "set-1"),
    "teach-first": lambda panel: at_teach(panel, labels=1, holds=0),
    "teach-recording": _recording,
    "teach-other-side": lambda panel: at_teach(panel, labels=1, holds=1),
    "teach-ready": lambda panel: at_teach(panel, labels=3),
    "teach-eight": _eight,
    "album": lambda panel: _album(panel),
    "album-picked": lambda panel: _album(panel, 5),
    "album-move": lambda panel: _album(panel, 2, "move"),
    "album-sure": lambda panel: _album(panel, None, "all"),
    "training": _training,
    "training-lost": _training_lost,
    "trained": _trained,
    "confusion": lambda panel: _confusion(panel, 3),
    "confusion-eight": lambda panel: _confusion(panel, 8),
    "album-mistakes": _mistakes,
    "live-taught": lambda panel: _live_taught(panel, known=True),
    "live-unknown": lambda panel: _live_taught(panel, known=False),
    "choose-taught": _choose_taught,
    "choose-unknown": lambda panel: _choose_taught(panel, known=False),
    "attack-taught": _attack_taught,
    "attack-doubt": _fooled_in_doubt,
    "cards-taught": _cards_taught,
    "attack-fooled-taught": at_fooled_taught,
    "vaccine": at_vaccine,
    "vaccine-eight": _vaccine_eight,
    "vaccine-waiting": _vaccine_waiting,
    "vaccine-before": lambda panel: _vaccinating(panel, Stage.ATTACKING_BEFORE, 0.6),
    "vaccine-copies": lambda panel: _vaccinating(panel, Stage.COPYING, 0.3),
    "vaccine-after": lambda panel: _vaccinating(panel, Stage.ATTACKING_AFTER, 0.4),
    "vaccine-lost": _vaccine_lost,
    "vaccinated": at_vaccinated,
    "vaccinated-only-here": lambda panel: at_vaccinated(panel, ONLY_HERE),
    "vaccinated-no-harder": lambda panel: at_vaccinated(panel, NO_HARDER),
    "vaccinated-still-fooled": lambda panel: at_vaccinated(panel, STILL_FOOLED),
    "vaccinated-copies": lambda panel: at_vaccinated(panel, COPIED),
    "attack-models": _with_models,
    "models": _models,
    "forgotten-lesson": _forgotten_lesson,
    "model-warming": lambda panel: _no_model(panel, Health(Phase.WARMING, 0.6)),
    "model-missing": lambda panel: _no_model(panel, Health(Phase.LOST)),
    **STAFF_STATES,
}
