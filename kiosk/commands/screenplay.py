"""The demo's visit played through the exhibit's own update and view, with a picture of every screen it shows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kiosk.attack.dice import dice_noise
from kiosk.attack.noise import noise_size, noise_view
from kiosk.attack.run import JudgedStep
from kiosk.attack.verdict import answer, judge, judged
from kiosk.core.effects import DrawMaps, Effect, JudgePainting, RollDice, RunStep, Stamp, TakePicture
from kiosk.core.events import (
    DiceRolled,
    Event,
    FilmReady,
    GradientsChanged,
    LiveJudged,
    MapsDrawn,
    PaintingJudged,
    PictureTaken,
    StepJudged,
    Tick,
    Touched,
)
from kiosk.core.model import Health, Judged, Panel, Phase
from kiosk.errors import BadArgumentError
from kiosk.perform import shelf as keys
from kiosk.perform.film import DevelopedFilm
from kiosk.perform.paint_layer import PaintLayer
from kiosk.program import State, update, view
from kiosk.ui.paint import scene_png
from kiosk.vision.classifier import Prediction
from kiosk.vision.picture import Rgb

PANEL = Panel.of(1280, 800, 10.1 * 25.4)
TICK_S = 0.1
COOL_DOWN_S = 0.3
COUNTDOWN_WAIT_S = 3.0


@dataclass
class Screenplay:
    """One visit whose attack is known already: events go in, screens come out as PNG files by name.

    `look` is the classifier: it judges what the visit comes to only now, dice noise and paint.
    """

    state: State
    original: Rgb
    prediction: Prediction
    steps: tuple[JudgedStep, ...]
    target: int | None
    maps: Mapping[str, Rgb]
    look: Callable[[Rgb], Prediction]
    shots: dict[str, bytes] = field(default_factory=dict)
    _pictures: dict[str, Rgb] = field(default_factory=dict)

    def play(self, film: DevelopedFilm | None) -> dict[str, bytes]:
        """Return the PNG of every screen of the visit, from attract to forgotten."""
        self._pictures[keys.CAMERA] = self.original
        if film is not None:
            self._pictures |= film.shelf()
            self._send(FilmReady(film.film))
        self._send(GradientsChanged(Health(Phase.READY)))
        self._wait(3.0)
        self._shoot("attract")
        self._touch("anywhere")
        self._send(LiveJudged(answer(self.prediction)))
        self._wait(1.0)
        self._shoot("live")
        self._touch("shoot")
        self._wait(1.0)
        self._shoot("countdown")
        self._wait(COUNTDOWN_WAIT_S)
        self._shoot("choose")
        self._choose()
        self._shoot("attack")
        self._touch("fool")
        self._wait(len(self.steps) * COOL_DOWN_S)
        self._shoot("verdict")
        self._touch("noise")
        self._shoot("noise")
        if view(self.state).control("why") is not None:
            self._touch("why")
            self._wait(1.0)
            self._shoot("why")
            self._try_more()
        self._wait(self.state.idle.quiet_s + 1.0)
        self._shoot("still-there")
        self._wait(self.state.idle.countdown_s + 0.5)
        self._shoot("forgetting")
        self._wait(2.0)
        self._shoot("forgotten")
        return self.shots

    def _try_more(self) -> None:
        """Throw dice, and paint a star on the picture."""
        self._touch("cards")
        self._shoot("more-to-try")
        self._touch("dice")
        self._wait(1.0)
        self._shoot("dice")
        self._touch("back")
        self._touch("paint")
        for name in ("paint-white", "size-large", "tool-star", "place-4"):
            self._touch(name)
        self._wait(1.0)
        self._shoot("sketchpad")

    def _choose(self) -> None:
        """Find the lie on the wall, or in the alphabet, as a visitor would."""
        if self.target is None:
            self._touch("anything")
            return
        name = f"label-{self.target}"
        if view(self.state).control(name) is None:
            self._touch("letters")
            self._shoot("letters")
            place = self.state.labels.order.index(self.target)
            while view(self.state).control(name) is None:
                self._touch(self._group_with(place))
        self._touch(name)

    def _group_with(self, place: int) -> str:
        """Return the alphabet tile that holds a place in the order of labels."""
        for control in view(self.state).controls:
            kind, _, span = control.name.partition("-")
            start, _, end = span.partition("-")
            if kind == "group" and int(start) <= place < int(end):
                return control.name
        raise BadArgumentError(f"label {self.target}: the alphabet does not offer it")

    def _touch(self, name: str) -> None:
        """Put a finger on the middle of a control, after the cool-down."""
        self._wait(COOL_DOWN_S)
        control = view(self.state).control(name)
        if control is None:
            raise BadArgumentError(f"the screen {view(self.state).name} has no control {name}")
        box = control.box
        self._send(Touched(box.x + box.w // 2, box.y + box.h // 2))
        self._wait(COOL_DOWN_S)

    def _wait(self, seconds: float) -> None:
        """Let time go on, a tick at a time."""
        for _ in range(round(seconds / TICK_S)):
            self._send(Tick(self.state.now_s + TICK_S))

    def _send(self, *events: Event) -> None:
        for event in events:
            self.state, effects = update(self.state, event)
            for effect in effects:
                self._answer(effect)

    def _answer(self, effect: Effect) -> None:
        """Answer an effect from what the real attack gave."""
        match effect:
            case TakePicture(job):
                self._pictures |= {keys.ORIGINAL: self.original, keys.ADVERSARIAL: self.original}
                self._pictures[keys.NOISE] = noise_view(self.original, self.original)
                self._send(PictureTaken(job, answer(self.prediction)))
            case RunStep(job, at_step):
                step = self.steps[min(at_step, len(self.steps) - 1)]
                self._pictures |= {
                    keys.ADVERSARIAL: step.picture,
                    keys.NOISE: noise_view(self.original, step.picture),
                }
                size, label = step.noise, self.prediction.label
                self._send(StepJudged(job, judged(at_step + 1, step.prediction, size, label, self.target)))
            case DrawMaps(job, label):
                self._pictures |= self.maps
                self._send(MapsDrawn(job, label))
            case RollDice(job):
                self._send(DiceRolled(job, self._rolled(job)))
            case Stamp(shape, ink, place):
                paint = PaintLayer(self.original.shape[0])
                paint.stamp(shape, ink, place)
                self._pictures[keys.PAINTED] = paint.over(self._pictures[keys.ADVERSARIAL])
            case JudgePainting(job):
                painted = self._pictures.setdefault(keys.PAINTED, self._pictures[keys.ADVERSARIAL])
                prediction = self.look(painted)
                verdict = judge(prediction, self.prediction.label, self.target)
                self._send(PaintingJudged(job, answer(prediction), verdict))
            case _:
                return

    def _rolled(self, job: int) -> Judged:
        """Throw the dice for the picture that is shown, and return how it was judged."""
        thrown = dice_noise(self.original, self._pictures[keys.ADVERSARIAL], job)
        self._pictures |= {keys.DICE: thrown, keys.DICE_NOISE: noise_view(self.original, thrown)}
        size = noise_size(self.original, thrown)
        return judged(len(self.steps), self.look(thrown), size, self.prediction.label, self.target)

    def _shoot(self, name: str) -> None:
        self.shots[f"screen-{len(self.shots) + 1:02d}-{name}.png"] = scene_png(
            view(self.state), self._pictures
        )
