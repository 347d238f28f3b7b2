"""A visit played without a screen: events go in, the effects are answered as a performer would."""

from dataclasses import dataclass, field
from typing import TypeVar

from kiosk.core.effects import (
    DrawMaps,
    Effect,
    RunStep,
    StaffEffect,
    StartStack,
    TakePicture,
    TakeRecording,
    TakeStockPicture,
)
from kiosk.core.events import (
    ButtonDown,
    ButtonUp,
    Event,
    FilmReady,
    GradientsChanged,
    Lifted,
    MapsDrawn,
    PictureTaken,
    RecordingTaken,
    StaffFound,
    StepJudged,
    Tick,
    Touched,
)
from kiosk.core.model import Answer, Button, Film, Health, Judged, Panel, Phase, Ranked, Verdict
from kiosk.core.scene import Control, Picture, Scene, Words
from kiosk.core.staff import CORNER, CORNER_HOLD_S, StaffFacts
from kiosk.dispatch import Screen
from kiosk.friendly_labels import visitor_labels
from kiosk.program import State, initial, update, view
from kiosk.screens.attack import Attack
from kiosk.texts import load_texts
from tests.staff_desk import PIN, SETTINGS, staff_answer

Kind = TypeVar("Kind")
PANELS = {
    "800x480": Panel.of(800, 480, 7.0 * 25.4),
    "1024x600": Panel.of(1024, 600, 7.0 * 25.4),
    "1280x800": Panel.of(1280, 800, 10.1 * 25.4),
    "1920x1080": Panel.of(1920, 1080, 15.6 * 25.4),
    "720x1280": Panel.of(720, 1280, 7.0 * 25.4),
}
ESPRESSO, CUP, SOUP, FLAMINGO, PENGUIN = 967, 968, 925, 130, 145
ORIGINAL = Answer(
    (
        Ranked(ESPRESSO, 0.92),
        Ranked(CUP, 0.03),
        Ranked(SOUP, 0.012),
        Ranked(960, 0.009),
        Ranked(969, 0.004),
        Ranked(505, 0.002),
    )
)


def judged(step: int, target: int | None, needed: int = 4) -> Judged:
    """A step as an attack that succeeds at `needed` would be judged."""
    lie = 505 if target is None else target
    share = 0.003 + 0.4 * (step / needed) ** 3 if step < needed else 0.985
    rest = Ranked(ESPRESSO, max(0.008, 0.92 * (1 - 0.5 * step / needed) if step < needed else 0.0))
    if target == ESPRESSO:
        share = min(0.999, 0.92 + 0.03 * step)
        top = (Ranked(ESPRESSO, share), Ranked(CUP, 0.01), Ranked(SOUP, 0.004))
        return Judged(step, Answer(top), share, Verdict.FOOLED, step, 0.6 * step)
    rows = sorted((Ranked(lie, share), rest, Ranked(CUP, 0.004)), key=lambda row: -row.confidence)
    verdict = Verdict.FOOLED if step >= needed else Verdict.NEARLY if share > 0.1 else Verdict.NOT_YET
    return Judged(step, Answer(tuple(rows)), share, verdict, step, 0.62 * step)


@dataclass
class Player:
    """Owns one state; `answers` off leaves jobs unanswered."""

    state: State
    answers: bool = True
    needed: int = 4
    effects: list[Effect] = field(default_factory=list)
    target: int | None = None

    def send(self, *events: Event) -> None:
        """Events happen, and what they ask for is answered at once."""
        for event in events:
            self.state, effects = update(self.state, event)
            self.effects += effects
            for effect in effects:
                answer = self.answer(effect)
                if answer is not None and self.answers:
                    self.send(answer)

    def answer(self, effect: Effect) -> Event | None:
        """What a performer says to an effect."""
        match effect:
            case TakePicture(job) | TakeStockPicture(job):
                return PictureTaken(job, ORIGINAL)
            case StartStack(target):
                self.target = target
                return None
            case RunStep(job, at_step):
                return StepJudged(job, judged(at_step + 1, self.target, self.needed))
            case DrawMaps(job, label):
                return MapsDrawn(job, label)
            case TakeRecording(job):
                self.target = FLAMINGO
                return RecordingTaken(job, ORIGINAL, FLAMINGO)
            case _ if isinstance(effect, StaffEffect):
                return staff_answer(effect)
            case _:
                return None

    @property
    def scene(self) -> Scene:
        """What is on the screen."""
        return view(self.state)

    def control(self, name: str) -> Control:
        """A control that must be there."""
        control = self.scene.control(name)
        assert control is not None, (
            f"{name} is not on {self.scene.name}: {[c.name for c in self.scene.controls]}"
        )
        return control

    def wait(self, seconds: float, step_s: float = 0.1) -> None:
        """Time goes on, a tick at a time."""
        end_s = self.state.now_s + seconds
        while self.state.now_s < end_s - 1e-9:
            self.send(Tick(min(end_s, self.state.now_s + step_s)))

    def touch(self, name: str) -> None:
        """A finger on the middle of a control, after the cool-down."""
        self.wait(0.3)
        box = self.control(name).box
        self.send(Touched(box.x + box.w // 2, box.y + box.h // 2))

    def hold(self, name: str, seconds: float) -> None:
        """A finger on a control that stays there."""
        self.wait(0.3)
        box = self.control(name).box
        self.send(Touched(box.x + box.w // 2, box.y + box.h // 2))
        self.wait(seconds)
        self.send(Lifted())

    def type_pin(self, digits: str) -> None:
        """Digits on the number pad, then its last key."""
        for digit in digits:
            self.touch(f"digit-{digit}")
        self.touch("enter")

    def press(self, button: Button, held_s: float = 0.1) -> None:
        """A button down and up again."""
        self.wait(0.3)
        self.send(ButtonDown(button))
        self.wait(held_s)
        self.send(ButtonUp(button))


def player(
    panel: str = "1280x800", *, ready: bool = True, film: bool = True, model: Health | None = None
) -> Player:
    """A kiosk that just started."""
    playing = Player(initial(PANELS[panel], load_texts(), visitor_labels(), model=model))
    if ready:
        playing.send(GradientsChanged(Health(Phase.READY)))
    if film:
        steps = [judged(step, FLAMINGO).answer.first for step in range(5)]
        playing.send(FilmReady(Film((ORIGINAL.first, *steps[1:4], Ranked(FLAMINGO, 0.98)))))
    playing.send(Tick(0.1))
    return playing


def at_live(panel: str = "1280x800", *, ready: bool = True) -> Player:
    """A visit that has begun."""
    playing = player(panel, ready=ready)
    playing.touch("anywhere")
    return playing


def at_choose(panel: str = "1280x800", *, ready: bool = True) -> Player:
    """A visit with a picture."""
    playing = at_live(panel, ready=ready)
    playing.touch("shoot")
    playing.wait(3.0)
    return playing


def at_attack(panel: str = "1280x800", target: int = FLAMINGO, *, ready: bool = True) -> Player:
    """A visit with a lie."""
    playing = at_choose(panel, ready=ready)
    playing.touch(f"label-{target}")
    return playing


def at_fooled(panel: str = "1280x800") -> Player:
    """A visit that fooled it."""
    playing = at_attack(panel)
    playing.touch("fool")
    playing.wait(1.0)
    return playing


def at_explain(panel: str = "1280x800") -> Player:
    """A visit that asks why."""
    playing = at_fooled(panel)
    playing.touch("why")
    playing.wait(0.5)
    return playing


def with_staff(playing: Player, *, pin_chosen: bool = True, begins: bool = False) -> Player:
    """A kiosk that has found what it has for its staff."""
    playing.send(StaffFound(StaffFacts(pin_chosen=pin_chosen, settings=SETTINGS), begins))
    return playing


def at_pin(panel: str = "1280x800") -> Player:
    """Somebody has held the corner."""
    playing = with_staff(player(panel))
    playing.hold(CORNER, CORNER_HOLD_S + 0.1)
    return playing


def at_staff(panel: str = "1280x800", page: str = "health") -> Player:
    """Staff who know the PIN."""
    playing = at_pin(panel)
    playing.type_pin(PIN)
    if page != "health":
        playing.touch(f"page-{page}")
    playing.wait(0.3)
    return playing


def at_setup(panel: str = "1280x800", station: str = "pin") -> Player:
    """The first start, as far as a station."""
    playing = with_staff(player(panel), pin_chosen=False, begins=True)
    if station != "pin":
        playing.type_pin(PIN)
        playing.type_pin(PIN)
    for _ in range(("size", "buttons", "camera").index(station) if station != "pin" else 0):
        playing.touch("next")
    playing.wait(0.3)
    return playing


def screen_of(playing: Player) -> Screen:
    """The present screen."""
    return playing.state.screen


def attack_of(playing: Player) -> Attack:
    """The attack screen, which must be the present one."""
    screen = playing.state.screen
    assert isinstance(screen, Attack)
    return screen


def of(playing: Player, kind: type[Kind]) -> list[Kind]:
    """All effects of a kind so far."""
    return [effect for effect in playing.effects if isinstance(effect, kind)]


def last_step(playing: Player) -> int:
    """The job of the step asked for last."""
    return of(playing, RunStep)[-1].job


def find_label(playing: Player, label: int) -> int:
    """How many taps in the alphabet until the label's own tile is there."""
    playing.touch("letters")
    order = playing.state.labels.order.index(label)
    taps = 1
    while playing.scene.control(f"label-{label}") is None:
        groups = [c.name for c in playing.scene.controls if c.name.startswith("group-")]
        inside = [g for g in groups if int(g.split("-")[1]) <= order < int(g.split("-")[2])]
        assert len(inside) == 1
        playing.touch(inside[0])
        taps += 1
    return taps


def said(playing: Player) -> list[str]:
    """Everything that can be read on the screen."""
    scene = playing.scene
    words = [item.text for item in scene.items if isinstance(item, Words)]
    return words + [control.text for control in scene.controls]


def shown_keys(playing: Player) -> list[str]:
    """The pictures on the screen."""
    return [item.key for item in playing.scene.items if isinstance(item, Picture)]
