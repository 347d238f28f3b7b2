"""A visit played without a screen: events go in, the effects are answered as a performer would.

Each topic answers its own effects: `SCRIPT` in tests/topics/NAME/scripted.py.
"""

import importlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from kiosk.core.health import Health, Phase
from kiosk.core.layout import Panel
from kiosk.core.message import (
    Button,
    ButtonDown,
    ButtonUp,
    Count,
    Effect,
    Event,
    GradientsChanged,
    Lifted,
    Moved,
    Tick,
    Touched,
)
from kiosk.core.scene import Control, ControlId, Picture, Scene, Words
from kiosk.core.screen import Screen
from kiosk.core.visit import Answer, Ranked
from kiosk.exhibit.script import Walk, visit_script
from kiosk.exhibit.topics import TOPICS
from kiosk.program.input import DEAF_S
from kiosk.program.program import State, initial, update, view
from kiosk.settings.sections import Settings
from kiosk.topics.attract.messages import Film, FilmReady
from kiosk.topics.models.messages import FoundModel, ModelsFound
from kiosk.topics.photograph.messages import LiveJudged
from kiosk.words.friendly_labels import visitor_labels
from kiosk.words.signs import load_signs
from kiosk.words.texts import load_texts

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
EFFICIENTNET, MOBILENET = FoundModel("efficientnet_lite0"), FoundModel("mobilenet_v2")
TEXTS = load_texts(TOPICS)


class Script:
    """What a topic's effects are answered with; a new one for each player, so that it may remember."""

    def answer(self, playing: "Player", effect: Effect) -> tuple[Event, ...] | None:
        """The news that an effect leads to, None for another topic's effect."""
        raise NotImplementedError


@cache
def topic_modules(name: str) -> tuple[Any, ...]:
    """The modules of that name that the topics' tests have."""
    folders = sorted((Path(__file__).parent / "topics").iterdir())
    named = [folder.name for folder in folders if (folder / f"{name}.py").is_file()]
    return tuple(importlib.import_module(f"tests.topics.{topic}.{name}") for topic in named)


def spelled(control: ControlId | None) -> str:
    """How tests write a control: its name, and its value behind a dash."""
    if control is None:
        return ""
    value = control.value
    if value is None:
        return control.name
    parts = value if isinstance(value, tuple) else (value,)
    words = [part.name.lower() if isinstance(part, Enum) else str(part) for part in parts]
    return "-".join((control.name, *words))


def taught_answer(*shares: float, known: bool = True) -> Answer:
    """What a taught model says of a picture: a confidence for each of its labels."""
    rows = (Ranked(label, share) for label, share in enumerate(shares))
    return Answer(tuple(sorted(rows, key=lambda row: -row.confidence)), known)


@dataclass
class Player:
    """Owns one state; `answers` off leaves jobs unanswered.

    `original` is what is said to any picture that is taken, `needed` how many steps an attack needs, `target` its lie.
    `counts` is what was counted so far, `seconds` how long screens were seen; these effects are not among the others.
    """

    state: State
    answers: bool = True
    needed: int = 4
    original: Answer = ORIGINAL
    effects: list[Effect] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    seconds: Counter[str] = field(default_factory=Counter)
    target: int | None = None
    scripts: list[Script] = field(default_factory=lambda: [*all_scripts()])

    def send(self, *events: Event) -> None:
        """Events happen, and what they ask for is answered at once."""
        for event in events:
            self.state, effects = update(self.state, event)
            for effect in effects:
                if isinstance(effect, Count):
                    self.counts.update(effect.names)
                    self.seconds.update(dict(effect.seconds))
                else:
                    self.effects.append(effect)
            for effect in effects:
                answers = self.answered(effect)
                if self.answers:
                    self.send(*answers)

    def answered(self, effect: Effect) -> tuple[Event, ...]:
        """What a performer says to an effect."""
        for script in self.scripts:
            answer = script.answer(self, effect)
            if answer is not None:
                return answer
        return ()

    def script(self, kind: type[Kind]) -> Kind:
        """The script of a topic, to change what it answers."""
        return next(script for script in self.scripts if isinstance(script, kind))

    @property
    def scene(self) -> Scene:
        """What is on the screen."""
        return view(self.state)

    def control(self, name: str) -> Control:
        """A control that must be there."""
        control = self.find(name)
        assert control is not None, f"{name} is not on {self.scene.name}: {self.names}"
        return control

    def find(self, name: str) -> Control | None:
        """The control that is spelled so, if it is there."""
        return next((control for control in self.scene.controls if spelled(control.id) == name), None)

    @property
    def names(self) -> list[str]:
        """How the controls on the screen are spelled."""
        return [spelled(control.id) for control in self.scene.controls]

    @property
    def primary(self) -> str:
        """How the one next action is spelled."""
        return spelled(self.scene.primary)

    @property
    def focused(self) -> str:
        """How the control is spelled that the shutter presses, nothing where there is none."""
        return spelled(self.scene.focused)

    @property
    def pressed(self) -> str:
        """How the control is spelled that was just pressed, nothing where there is none."""
        return spelled(self.scene.pressed)

    def wait(self, seconds: float, step_s: float = 0.1) -> None:
        """Time goes on, a tick at a time."""
        end_s = self.state.context.now_s + seconds
        while self.state.context.now_s < end_s - 1e-9:
            self.send(Tick(min(end_s, self.state.context.now_s + step_s)))

    def rest(self, following: Control | None = None) -> None:
        """Time goes on until a hand may act again, on that control: no second half of a double tap."""
        self.wait(0.3)
        given = self.state.input
        last_s = given.changed_s
        if following is not None and given.pressed is not None:
            repeated = following.repeats and following.name == given.pressed.name
            last_s = max(last_s, given.pressed_s - DEAF_S if repeated else given.pressed_s)
        if self.state.context.now_s - last_s < DEAF_S:
            self.wait(last_s + DEAF_S + 0.01 - self.state.context.now_s)

    def touch(self, name: str) -> None:
        """A finger on the middle of a control, after the cool-down."""
        self.rest(self.find(name))
        control = self.control(name)
        self.send(Touched(control.box.x + control.box.w // 2, control.box.y + control.box.h // 2))
        if not control.holds:
            self.send(Lifted())

    def start_again(self) -> None:
        """The visit is ended, and what was taught forgotten."""
        self.touch("again")
        if self.find("forget") is not None:
            self.touch("forget")

    def hold(self, name: str, held_s: float) -> None:
        """A finger on a control for a while."""
        self.touch(name)
        self.wait(held_s)
        self.send(Lifted())

    def hold_corner(self, held_s: float) -> None:
        """A finger in the upper left corner for a while, whatever lies there."""
        self.rest()
        self.send(Touched(2, 2))
        self.wait(held_s)
        self.send(Lifted())

    def type_pin(self, digits: str) -> None:
        """Digits on the number pad, then its last key."""
        for digit in digits:
            self.touch(f"digit-{digit}")
        self.touch("enter")

    def drag(self, name: str, *points: tuple[float, float], finger: int = -1) -> None:
        """A finger comes down on a control and goes from place to place on it (0..1, or beyond), then up."""
        self.rest()
        box = self.control(name).box
        (first, *others) = [
            (box.x + round(x * (box.w - 1)), box.y + round(y * (box.h - 1))) for x, y in points
        ]
        self.send(Touched(*first, finger))
        for at in others:
            self.send(Moved(*at, finger), Tick(self.state.context.now_s + 0.02))
        self.send(Lifted(finger))

    def press(self, button: Button, held_s: float = 0.1) -> None:
        """A button down and up again."""
        focused = self.scene.focused
        pressed = self.scene.control_of(focused) if focused is not None and button is Button.SHUTTER else None
        self.rest(pressed)
        self.send(ButtonDown(button))
        self.wait(held_s)
        self.send(ButtonUp(button))


def all_scripts() -> Iterator[Script]:
    """A script of each topic that answers effects."""
    for module in topic_modules("scripted"):
        kind = getattr(module, "SCRIPT", None)
        if kind is not None:
            yield kind()


def player(
    panel: str = "1280x800",
    *,
    ready: bool = True,
    film: bool = True,
    models: bool = False,
    model: Health | None = None,
) -> Player:
    """A kiosk that just started."""
    signs = load_signs(Settings().teaching)
    playing = Player(initial(TOPICS, PANELS[panel], TEXTS, visitor_labels(), model=model, signs=signs))
    if ready:
        playing.send(GradientsChanged(Health(Phase.READY)))
    if film:
        steps = (Ranked(ESPRESSO, share) for share in (0.805, 0.69, 0.575))
        race = ((0.92, 0.01), (0.805, 0.04), (0.69, 0.09), (0.575, 0.21), (0.01, 0.98))
        playing.send(FilmReady(Film((ORIGINAL.first, *steps, Ranked(FLAMINGO, 0.98)), race)))
    if models:
        playing.send(ModelsFound((EFFICIENTNET, MOBILENET), EFFICIENTNET.name))
    playing.send(Tick(0.1))
    return playing


def screen_of(playing: Player) -> Screen:
    """The present screen."""
    return playing.state.screen


def of(playing: Player, kind: type[Kind]) -> list[Kind]:
    """All effects of a kind so far."""
    return [effect for effect in playing.effects if isinstance(effect, kind)]


def said(playing: Player) -> list[str]:
    """Everything that can be read on the screen."""
    scene = playing.scene
    words = [item.text for item in scene.items if isinstance(item, Words)]
    return words + [control.text for control in scene.controls]


def told(playing: Player, words: str) -> bool:
    """Whether these words can be read on the screen."""
    return any(words in text for text in said(playing))


def shown_keys(playing: Player) -> list[str]:
    """The pictures on the screen."""
    return [item.key for item in playing.scene.items if isinstance(item, Picture)]


def at_the(shot: str, panel: str = "1280x800", lie: int = FLAMINGO) -> Player:
    """A visit that has walked through the exhibit's own script as far as what is seen there."""
    playing = player(panel)
    playing.send(LiveJudged(ORIGINAL))
    walk = Walk(visit_script(TOPICS), lie)
    due_s = playing.state.context.now_s + 120.0
    while playing.state.context.now_s < due_s:
        move = walk.move(playing.state)
        if move.over is not None and move.over.shot == shot:
            return playing
        if move.press is not None:
            playing.touch(spelled(move.press))
        if move.over is None:
            playing.wait(0.3)
        if playing.scene.name == "live":
            playing.send(LiveJudged(playing.original))
    raise AssertionError(f"the script does not come to {shot}: it waits on {playing.scene.name}")
