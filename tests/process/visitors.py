"""Visitors of an exhibit without a clock: real parts, real drawing, and time as fast as the processes answer."""

import gc
import time
from collections.abc import Callable
from pathlib import Path

from kiosk.core.context import IdleTimes
from kiosk.core.health import Health, Phase
from kiosk.core.message import Effect, Event, Lifted, Moved, Tick, Touched
from kiosk.core.parts import BEAT_S, COUNT_FROM
from kiosk.core.scene import Control, ControlId
from kiosk.core.screen import VisitScreen
from kiosk.core.staff import CORNER, CORNER_HOLD_S, StaffFacts
from kiosk.core.visit import Rating
from kiosk.device.staff_pin import StaffPin
from kiosk.device.state_folder import StateFolder
from kiosk.exhibit.parts import PARTS
from kiosk.exhibit.performer import Performer
from kiosk.exhibit.rehearsal import rehearsed
from kiosk.exhibit.topics import TOPICS
from kiosk.perform.workshop import Workshop
from kiosk.program.program import update, view
from kiosk.program.state import State, initial
from kiosk.settings.sections import (
    ClassifierSettings,
    GradientSettings,
    Settings,
    TeachingSettings,
    UploadSettings,
)
from kiosk.topics.attack.facts import fooled
from kiosk.topics.attack.screens.attack import Attack
from kiosk.topics.attack.screens.choose import Choose
from kiosk.topics.attract.screens.attract import Attract
from kiosk.topics.attract.screens.forgotten import Forgotten
from kiosk.topics.cards.screen import Cards
from kiosk.topics.dice.screen import Dice
from kiosk.topics.explain.screens.explain import Explain
from kiosk.topics.photograph.messages import LiveJudged
from kiosk.topics.photograph.screens.first_answer import BEAT_S as ANSWER_BEAT_S
from kiosk.topics.photograph.screens.first_answer import FirstAnswer
from kiosk.topics.photograph.screens.live import Live
from kiosk.topics.photograph.screens.upload import Upload
from kiosk.topics.sketchpad.screens.sketchpad import Sketchpad
from kiosk.topics.staff.messages import StaffFound
from kiosk.topics.staff.screens.health import StaffHealth
from kiosk.topics.staff.screens.pin import Pin
from kiosk.topics.teaching.screens.signs import Signs
from kiosk.topics.teaching.screens.teach import BURST_S, Teach
from kiosk.topics.teaching.screens.training import Training
from kiosk.topics.vaccine.screens.vaccinated import Vaccinated
from kiosk.topics.vaccine.screens.vaccine import Vaccine
from kiosk.ui.window import Window
from kiosk.words.friendly_labels import visitor_labels
from kiosk.words.signs import load_signs
from kiosk.words.texts import load_texts
from tests.process.rehearsal import onlooker

IDLE = IdleTimes()
FRAME_S = 1 / 30
LIMIT_S = 60.0
LOOK_EVERY_S = 0.02
SIZE = (1280, 800)
INCH = 10.1
SETTLED = 50
PIN = "271828"


class Visitors:
    """Owns an exhibit without a clock: time goes on as fast as the threads and processes answer.

    `frame_s` is how long the work of each frame took, `effects` hears what the program asked for.
    """

    workshop: Workshop

    def __init__(
        self,
        state_folder: StateFolder,
        stick: Path | None = None,
        job_deadline_s: float = 15.0,
        on_effect: Callable[[Effect], None] = lambda _: None,
    ) -> None:
        self._settings = Settings(
            gradients=GradientSettings(
                threads=1,
                job_deadline_s=job_deadline_s,
                forget_deadline_s=job_deadline_s,  # of a busy machine no more is asked here than for any job
                first_back_off_s=0.1,
            ),
            classifier=ClassifierSettings(looks_per_s=60.0),
            teaching=TeachingSettings(epochs=20),
            upload=UploadSettings(folders=() if stick is None else (stick,)),
        )
        self._on_effect = on_effect
        self._window = Window(INCH, SIZE, driver="dummy", unseen_allowed=True)
        self.state: State = initial(
            TOPICS,
            self._window.panel,
            load_texts(TOPICS),
            visitor_labels(),
            model=Health(Phase.WARMING),
            signs=load_signs(self._settings.teaching),
        )
        StaffPin(state_folder.path).choose(PIN)
        self._performer = Performer(
            (*PARTS, onlooker(self._see)),
            self._settings,
            state_folder,
            f"pictures:{state_folder.stock}",
            None,
            self._window.forget,
        )
        self._window.rehearse(rehearsed(self.state, TOPICS))
        self.state, _ = update(self.state, StaffFound(StaffFacts(pin_chosen=True)))
        self.longest_frame_s = 0.0
        gc.freeze()

    def _see(self, workshop: Workshop) -> None:
        self.workshop = workshop

    def close(self) -> None:
        """End the threads and the gradient process."""
        self._performer.close()
        self._window.close()

    def frame(self, *hands: Event, later_s: float = FRAME_S) -> list[Event]:
        """One frame of the exhibit, so much later than the last; returns the news."""
        since_s = time.monotonic()
        news = list(self._performer.news())
        for event in (Tick(self.state.context.now_s + later_s), *hands, *news):
            self.state, effects = update(self.state, event)
            for effect in effects:
                self._performer.perform(effect)
                self._on_effect(effect)
        self._window.show(view(self.state), self._performer.pictures)
        self.longest_frame_s = max(self.longest_frame_s, time.monotonic() - since_s)
        return news

    def until(self, true: Callable[[], bool], what: str) -> None:
        """Frames until a condition holds."""
        due_s = time.monotonic() + LIMIT_S
        while not true():
            if time.monotonic() > due_s:
                raise TimeoutError(f"never {what}: {type(self.state.screen).__name__}")
            time.sleep(LOOK_EVERY_S)
            self.frame(later_s=LOOK_EVERY_S)

    def _saw(self, kind: type[object]) -> bool:
        """Whether the news of one more frame have such an event."""
        return any(isinstance(event, kind) for event in self.frame())

    def until_screen(self, kind: type[object]) -> None:
        """Frames until that screen is there."""
        self.until(lambda: isinstance(self.state.screen, kind), kind.__name__)

    def touch(self, name: str, value: object = None) -> None:
        """A finger on a control, and up again."""
        control = self._control(name, value)
        self.frame(later_s=0.5)
        self.frame(Touched(control.box.x + control.box.w // 2, control.box.y + control.box.h // 2))
        self.frame(Lifted())

    def _control(self, name: str, value: object = None) -> Control:
        control = view(self.state).control_of(ControlId(name, value))
        if control is None:
            raise LookupError(f"{name} is not on {view(self.state).name}")
        return control

    def offers(self, name: str, value: object = None) -> bool:
        """Whether a control is there."""
        return view(self.state).control_of(ControlId(name, value)) is not None

    # ---- parts of a visit

    def begin(self) -> None:
        """The first touch, and a live answer."""
        self.until_screen(Attract)
        self.touch("start")
        self.until(lambda: self._saw(LiveJudged), "a live answer")

    def photograph(self) -> None:
        """A picture of what is before the camera."""
        self.touch("shoot")
        for _ in range(COUNT_FROM * 2 + 1):
            self.frame(later_s=BEAT_S / 2)
        self.rate()

    def rate(self) -> None:
        """Whether its first answer is right: this visitor does not know."""
        self.until_screen(FirstAnswer)
        self.frame(later_s=ANSWER_BEAT_S)
        self.touch("rate", Rating.UNSURE)
        self.until_screen(Choose)

    def choose(self, number: int) -> None:
        """A name from the alphabet, until the painter's caches are full of words; then mostly one of the wall."""
        tiles = self.state.context.labels.tiles
        if (number > SETTLED and number % 5) or not self.offers("groups"):
            self.touch("label", tiles[number % len(tiles)].label)
        else:
            self.touch("groups")
            while isinstance(self.state.screen, Choose):
                ways = ("kind", "letters", "group", "label")
                names = [c.id for c in view(self.state).controls if c.name in ways]
                picked = names[number * 7 % len(names)]
                self.touch(picked.name, picked.value)
        self.until_screen(Attack)

    def attack(self, steps: int) -> None:
        """Some steps, there and back."""
        self.until(lambda: self.state.context.gradients.phase is Phase.READY, "the gradient process")
        for _ in range(steps):
            self.touch("more")
            self.until(lambda: self.attacking.job is None, "a step")
        for name in ("noise", "back", "less", "more", "look", "back"):
            self.touch(name)
            for _ in range(3):
                self.frame()

    @property
    def attacking(self) -> Attack:
        """The screen of the attack."""
        if not isinstance(self.state.screen, Attack):
            raise TypeError(f"{type(self.state.screen).__name__} is not the attack")
        return self.state.screen

    def fool(self) -> None:
        """Steps until it is fooled, or the budget is spent."""
        self.until(lambda: self.state.context.gradients.phase is Phase.READY, "the gradient process")
        self.touch("fool")
        self.until(lambda: fooled(self.attacking.visit) or self.attacking.visit.spent, "an end of the attack")

    def explain(self) -> None:
        """The maps."""
        bars = [c.id for c in view(self.state).controls if c.name == "bar"]
        if fooled(self.attacking.visit):
            self.touch("why")
        else:
            self.touch(bars[-1].name, bars[-1].value)
        self.until(
            lambda: isinstance(self.state.screen, Explain) and self.state.screen.drawn is not None, "the maps"
        )

    def card(self, name: str) -> None:
        """The screen behind a card."""
        if self.offers("card", name):
            self.touch("card", name)
            return
        self.touch("cards")
        self.until_screen(Cards)
        self.touch("card", name)

    def roll(self) -> None:
        """Two rolls of the dice."""
        self.card("dice")
        self.until(lambda: isinstance(self.state.screen, Dice) and self.state.screen.rolls == 1, "a roll")
        self.touch("roll")
        self.until(lambda: isinstance(self.state.screen, Dice) and self.state.screen.rolls == 2, "a roll")

    def paint(self) -> None:
        """A stroke across the picture, and what it is taken for then."""
        self.card("paint")
        self.until_screen(Sketchpad)
        canvas = self._control("canvas").box
        self.frame(Touched(canvas.x + canvas.w // 4, canvas.y + canvas.h // 3), later_s=0.5)
        for share in (0.4, 0.6, 0.7):
            self.frame(Moved(canvas.x + round(canvas.w * share), canvas.y + round(canvas.h * share)))
        self.frame(Lifted())
        self.until(
            lambda: isinstance(self.state.screen, Sketchpad) and self.state.screen.judged is not None,
            "an answer on the painting",
        )

    def upload(self) -> None:
        """A picture from the stick."""
        self.until(lambda: self.offers("stick"), "a stick")
        self.touch("stick")
        self.until(
            lambda: isinstance(self.state.screen, Upload) and self.offers("pick", 0), "a picture on the stick"
        )
        self.touch("pick", 0)
        self.rate()

    def teach(self) -> None:
        """Two labels with a burst each, and the training."""
        self.touch("teach")
        for sign in range(2):
            self.until_screen(Signs)
            self.touch("sign", sign)
            self.until_screen(Teach)
            for _ in range(2):
                self._record(sign)
            if sign == 0:
                self.touch("add")
        self.touch("train")
        self.until(lambda: isinstance(self.state.screen, Training) and self.state.screen.done, "a training")
        self.touch("try")
        self.until_screen(Live)
        self.until(lambda: self._saw(LiveJudged), "a live answer")

    def _record(self, sign: int) -> None:
        before = len(self.state.context.lesson.labels[sign].examples)
        self.touch("record")
        for _ in range(COUNT_FROM * 2 + 1):
            self.frame(later_s=BEAT_S / 2)
        self.until(
            lambda: len(self.state.context.lesson.labels[sign].examples) >= before + 3, "three examples"
        )
        self.frame(later_s=BURST_S)  # the rest of the burst

    def vaccinate(self) -> None:
        """A lie, taught to be what it really is."""
        self.fool()
        if not fooled(self.attacking.visit):
            return
        self.card("vaccine")
        self.until_screen(Vaccine)
        self.touch("give")
        self.until_screen(Vaccinated)

    def see_staff(self) -> None:
        """Staff hold the corner, type their PIN, and look at how all is."""
        self.until_screen(Attract)
        corner = self._control(CORNER).box
        self.frame(Touched(corner.x + corner.w // 2, corner.y + corner.h // 2), later_s=0.5)
        self.frame(later_s=CORNER_HOLD_S + 0.1)
        self.until_screen(Pin)
        self.frame(Lifted())
        for digit in PIN:
            self.touch("digit", digit)
        self.touch("enter")
        self.until_screen(StaffHealth)
        self.touch("leave")
        self.until_screen(Attract)

    def leave(self) -> None:
        """The end that a visitor chooses, and its words."""
        self.touch("again")
        if self.offers("forget"):
            self.touch("forget")
        self.home()

    def walk_away(self) -> None:
        """Nobody touches it any more."""
        for _ in range(6):
            if not isinstance(self.state.screen, VisitScreen):
                break
            quiet_s = max(IDLE.quiet_s, IDLE.teaching_quiet_s)
            self.frame(later_s=quiet_s + 1)
            self.frame(later_s=IDLE.countdown_s + 1)
        self.home()

    def home(self) -> None:
        """Until the next visitor may come."""
        for _ in range(40):
            if isinstance(self.state.screen, Attract):
                return
            self.frame(later_s=0.45 if isinstance(self.state.screen, Forgotten) else 31.0)
        raise TimeoutError(f"never home: {type(self.state.screen).__name__}")

    # ---- whole visits

    def visit(self, number: int) -> None:
        """A picture, a lie, one or two steps, the noise, the maps, the end."""
        self.begin()
        self.photograph()
        self.choose(number)
        self.attack(steps=2 if number % 4 == 0 else 1)
        if number % 2:
            self.explain()
        if number % 10 == 9:
            self.walk_away()
        else:
            self.leave()

    def visit_of_kind(self, kind: str, number: int) -> None:
        """A visit of a kind of KINDS."""
        if kind == "staff":
            self.see_staff()
            return
        self.begin()
        if kind in ("teach", "vaccinate"):
            self.teach()
        if kind == "upload":
            self.upload()
        else:
            self.photograph()
        if kind == "walk away":
            self.walk_away()
            return
        if self.state.context.taught:
            self._choose_lie()
        else:
            self.choose(number)
        match kind:
            case "explain":
                self.attack(1)
                self.explain()
            case "dice" | "paint":
                self.fool()
                self.roll() if kind == "dice" else self.paint()
            case "vaccinate":
                self.vaccinate()
            case _:
                self.attack(1)
        self.leave() if self.offers("again") else self.walk_away()

    def _choose_lie(self) -> None:
        """The first label that the picture is not taken for."""
        screen = self.state.screen
        said = screen.visit.original.said if isinstance(screen, Choose) else None
        names = [c.id for c in view(self.state).controls if c.name == "label" and c.id.value != said]
        self.touch(names[0].name, names[0].value)
        self.until_screen(Attack)


KINDS = ("attack", "explain", "dice", "paint", "upload", "teach", "vaccinate", "walk away", "staff")
