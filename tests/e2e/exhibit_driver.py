"""The installed exhibit under an X server of its own: pointer and keys, event log, pixels, processes."""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from types import MappingProxyType, TracebackType, UnionType
from typing import Any, Self, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import ImageGrab

from kiosk.core.context import IdleTimes
from kiosk.core.health import Health, Phase
from kiosk.core.layout import Panel
from kiosk.core.message import Button, ButtonUp, Event, HouseEvent, Lifted, News, Tick, Touched
from kiosk.core.scene import Box, Colour, Control, Look, Picture, Scene, Words
from kiosk.exhibit.event_log import screen_name
from kiosk.exhibit.topics import TOPICS
from kiosk.program.input import DEAF_S
from kiosk.program.program import update, view
from kiosk.program.state import State, initial
from kiosk.settings.sections import Settings
from kiosk.ui.tokens import RGB
from kiosk.words.friendly_labels import visitor_labels
from kiosk.words.signs import load_signs
from tests.player import PANELS, TEXTS, spelled

PANEL = "1280x800"
KEYS = {Button.SHUTTER: "space", Button.MORE: "Up", Button.LESS: "Down"}
TOOLS = {"Xvfb": "xvfb", "xdotool": "xdotool"}
LIMIT_S = 30.0
LOOK_EVERY_S = 0.02
BETWEEN_PRESSES_S = DEAF_S + 0.2
FRAME_S = 1 / 30
AT_MOST_LATE_S = 0.5
END_S = 3.0
CORNER_PX = 8
LIGHT_S = 3.0

Kind = TypeVar("Kind")
Pixels = NDArray[np.uint8]


def until(
    true: Callable[[], object], what: str, limit_s: float = LIMIT_S, told: Callable[[], str] = str
) -> float:
    """Return after how many seconds a condition held; fails with `what`, and with what is `told` by then."""
    since_s = time.monotonic()
    while not true():
        assert time.monotonic() - since_s < limit_s, f"not within {limit_s:g} s: {what}{told()}"
        time.sleep(LOOK_EVERY_S)
    return time.monotonic() - since_s


def skip_without_tools() -> None:
    """Skip, loudly, where there is no X server or nothing to press keys with."""
    missing = sorted(package for tool, package in TOOLS.items() if shutil.which(tool) is None)
    if missing:
        pytest.skip(
            "NOT TESTED: the exhibit on a display, by touch and by keys. "
            f"Install what is missing: sudo apt-get install {' '.join(missing)}"
        )


class Display:
    """Owns an X server in memory, or one whose mode can change `inside` another; with a number of its own choice."""

    def __init__(
        self, width_px: int, height_px: int, *, inside: "Display | None" = None, number: str = ""
    ) -> None:
        self.name = number
        reading, writing = os.pipe()
        size = f"{width_px}x{height_px}"
        server: tuple[str, ...] = ("Xvfb", "-screen", "0", f"{size}x24")
        if inside is not None:
            server = ("Xephyr", "-resizeable", "-screen", size)
        if number:
            server = (*server, number)
        try:
            self._server = subprocess.Popen(
                [*server, "-displayfd", str(writing), "-nolisten", "tcp"],
                env=os.environ | ({} if inside is None else {"DISPLAY": inside.name}),
                pass_fds=(writing,),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        finally:
            os.close(writing)
        told = b""
        with os.fdopen(
            reading, "rb", buffering=0
        ) as numbers:  # to its newline: closed earlier, it would end Xvfb
            while not told.endswith(b"\n") and select.select([numbers], [], [], LIMIT_S)[0]:
                part = numbers.read(16)
                if not part:
                    break
                told += part
        if not told.endswith(b"\n"):
            self.close()
            pytest.fail("Xvfb did not start")
        self.name = f":{told.decode('ascii').strip()}"

    def do(self, *arguments: str | float) -> None:
        """Let xdotool do something."""
        subprocess.run(
            ["xdotool", *map(str, arguments)],
            env=os.environ | {"DISPLAY": self.name},
            check=True,
            timeout=LIMIT_S,
        )

    def pixels(self) -> Pixels:
        """Return what is on the screen: (height, width, 3) uint8 RGB."""
        with ImageGrab.grab(xdisplay=self.name) as image:
            return np.asarray(image.convert("RGB"))

    def change_mode(self, width_px: int, height_px: int) -> None:
        """Give the screen another mode; not for one in memory."""
        subprocess.run(
            ["xrandr", "--size", f"{width_px}x{height_px}"],
            env=os.environ | {"DISPLAY": self.name},
            capture_output=True,
            check=True,
            timeout=LIMIT_S,
        )

    def freeze(self) -> None:
        """Let the server answer nothing more, though it still takes connections."""
        self._server.send_signal(signal.SIGSTOP)

    def close(self) -> None:
        """End the server."""
        self._server.kill()
        self._server.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True)
class Line:
    """One line of the event log, its event made whole again."""

    at_s: float
    event: Event
    effects: tuple[str, ...]
    screen: str


@cache
def kinds_of_event() -> Mapping[str, type[Any]]:
    """Return every kind of event by its name: the house's own, and the news of every topic."""
    house = {kind.__name__: kind for kind in get_args(HouseEvent)}
    waiting: list[type[Any]] = [News]
    news: dict[str, type[Any]] = {}
    while waiting:
        for kind in waiting.pop().__subclasses__():
            if getattr(sys.modules[kind.__module__], kind.__name__, None) is kind:
                news[kind.__name__] = kind
                waiting.append(kind)
    return house | news


def read_line(text: str) -> Line:
    """Return a line of the event log; a tick's time is the line's."""
    told = json.loads(text)
    at_s = float(told["at_s"])
    kind = kinds_of_event()[told["event"]]
    event = Tick(at_s) if kind is Tick else _made(kind, told["fields"])
    return Line(at_s, event, tuple(told["effects"]), told["screen"])


def _made(kind: Any, told: Any) -> Any:
    """Return the value of a type that JSON was made from: dataclasses, tuples of one kind, enums by their names."""
    if get_origin(kind) is UnionType:
        rest = [part for part in get_args(kind) if part is not type(None)]
        return None if told is None else _made(rest[0], told)
    if get_origin(kind) is tuple:
        return tuple(_made(get_args(kind)[0], part) for part in told)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        return kind(**{field.name: _made(hints[field.name], told[field.name]) for field in fields(kind)})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(one for one in kind if told in (str(one), one.value))
    return told


class Replay:
    """The program's state, from nothing but its event log: what is where on the screen follows from it."""

    def __init__(self, panel: Panel = PANELS[PANEL], idle: IdleTimes = IdleTimes()) -> None:  # noqa: B008 - frozen
        self.state: State = initial(
            TOPICS,
            panel,
            TEXTS,
            visitor_labels(),
            model=Health(Phase.WARMING),
            signs=load_signs(Settings().teaching),
        ).with_context(idle=idle)
        self.lines: list[Line] = []

    def follow(self, line: Line) -> None:
        """Let happen what a line tells, and all the frames before it."""
        if not self.lines:
            self._tick(line.at_s)
        while self.state.context.now_s + FRAME_S < line.at_s:
            self._tick(self.state.context.now_s + FRAME_S)
        if isinstance(line.event, Tick) and line.effects:
            self._act(line)
        else:
            self._tick(line.at_s)
        if not isinstance(line.event, Tick):
            self.state, _ = update(self.state, line.event)
        # times in the log are rounded: what a tick led to may need a moment more here
        while self.screen != line.screen and self.state.context.now_s < line.at_s + AT_MOST_LATE_S:
            self._tick(self.state.context.now_s + LOOK_EVERY_S)
        self.lines.append(line)
        assert self.screen == line.screen, f"the log does not replay: {line} leads to {self.screen} here"

    @property
    def screen(self) -> str:
        """The name of the screen's class, as the log has it."""
        return screen_name(self.state)

    def _tick(self, now_s: float) -> None:
        """A frame of which the log says nothing, so it had no effects: frames fell elsewhere there than here."""
        after, effects = update(self.state, Tick(now_s))
        self.state = self.state.with_context(now_s=now_s) if effects else after

    def _act(self, line: Line) -> None:
        """A frame that had effects; rounded, its time may be a moment too early."""
        for late_ms in range(round(AT_MOST_LATE_S * 1000)):
            after, effects = update(self.state, Tick(line.at_s + late_ms / 1000))
            if tuple(type(effect).__name__ for effect in effects) == line.effects:
                self.state = after
                return
        raise AssertionError(f"the log does not replay: {line} has no such effects here")


class Exhibit:
    """Owns a running `kiosk` on a display; what it shows is known from its log, what is seen from the display."""

    def __init__(
        self,
        display: Display,
        state: Path,
        folder: Path,
        camera: Path,
        settings_text: str = "",
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Start it on a state folder; its log, settings and errors go to a folder of the test's."""
        self._display = display
        self._log_file = folder / "events.jsonl"
        self._errors_file = folder / "errors.txt"
        settings = folder / "kiosk.toml"
        settings.write_text(settings_text, "utf-8")
        command = Path(sys.executable).with_name("kiosk")
        assert command.is_file(), f"{command}: the kiosk is not installed in this environment"
        arguments = (
            *("--settings", settings, "--window", PANEL, "--camera", f"pictures:{camera}"),
            *("--event-log", self._log_file),
        )
        self.replay = Replay()
        self._read_until = 0
        self._pressed_s = 0.0
        self._children: set[int] = set()
        own = {"DISPLAY": display.name, "SDL_VIDEODRIVER": "x11", "KIOSK_STATE": str(state)}
        with self._errors_file.open("wb") as errors:
            self.began_s = time.monotonic()
            self._process = subprocess.Popen(
                [command, *arguments],
                env={k: v for k, v in os.environ.items() if k != "WAYLAND_DISPLAY"} | own | dict(environment),
                stdin=subprocess.DEVNULL,
                stderr=errors,
            )

    # What it tells.

    @property
    def lines(self) -> list[Line]:
        """All lines of the event log so far."""
        self._read()
        return self.replay.lines

    @property
    def state(self) -> State:
        """What the program knows by now."""
        self._read()
        return self.replay.state

    @property
    def by_now(self) -> State:
        """Its state by now: a frame that only lets time go on is not in the log."""
        now_s = time.monotonic()
        after, effects = update(self.state, Tick(now_s))
        return self.state.with_context(now_s=now_s) if effects else after

    @property
    def scene(self) -> Scene:
        """What it says it shows by now."""
        return view(self.by_now)

    @property
    def errors(self) -> str:
        """What it wrote on standard error."""
        return self._errors_file.read_text("utf-8", "replace")

    def events(self, kind: type[Kind]) -> list[Kind]:
        """All events of a kind so far."""
        return [line.event for line in self.lines if isinstance(line.event, kind)]

    def wait_still_there(self, limit_s: float) -> None:
        """Return once the question stands whether the visitor is still there."""
        self.wait(lambda: self.state.alone_since_s is not None, "the question", limit_s)

    @property
    def focused(self) -> str:
        """How the control with the focus is spelled."""
        return spelled(self.scene.focused)

    def screen(self, kind: type[Kind]) -> Kind:
        """The present screen, which must be of that kind."""
        screen = self.state.screen
        assert isinstance(screen, kind), f"{type(screen).__name__}, not {kind.__name__}{self.story()}"
        return screen

    def wait(self, true: Callable[[], object], what: str, limit_s: float = LIMIT_S) -> float:
        """Return after how many seconds a condition held while it runs."""

        def held() -> object:
            assert self._process.poll() is None, f"it ended with {self._process.returncode}{self.story()}"
            return true()

        return until(held, what, limit_s, self.story)

    def wait_screen(self, kind: type[Kind], limit_s: float = LIMIT_S) -> Kind:
        """Return that screen once it is there, and the exhibit hears its hands."""
        # What hands do before the first frame falls on no window.
        self.wait(lambda: self.lines and isinstance(self.state.screen, kind), kind.__name__, limit_s)
        return self.screen(kind)

    def story(self) -> str:
        """The log's last lines and the standard error, for a failing test."""
        told = [f"{str(line.event)[:200]} -> {line.effects} {line.screen}" for line in self.replay.lines[-6:]]
        return "\n".join(["", *told, self.errors[-2000:]])

    def _read(self) -> None:
        if not self._log_file.exists():
            return
        with self._log_file.open("rb") as file:
            file.seek(self._read_until)
            while (line := file.readline()).endswith(b"\n"):
                self._read_until += len(line)
                self.replay.follow(read_line(line.decode("utf-8")))

    # What hands do.

    def control(self, name: str) -> Control:
        """A control that must be on the screen."""
        found = next((control for control in self.scene.controls if spelled(control.id) == name), None)
        assert found is not None, f"{name} is not among {[spelled(c.id) for c in self.scene.controls]}"
        return found

    def tap(self, name: str) -> None:
        """Press a control with the pointer, in its middle, and return once the exhibit has heard it."""
        box = self.control(name).box
        x, y = box.x + box.w // 2, box.y + box.h // 2
        under = self.scene.hit(x, y)
        assert under is not None
        assert spelled(under.id) == name, f"{spelled(under.id)} lies over {name}"
        heard = len(self.events(Touched))
        self._rest()
        self._display.do("mousemove", x, y, "click", 1)
        self.wait(lambda: len(self.events(Touched)) > heard, f"the touch on {name} is heard")
        touched = self.events(Touched)[-1]
        assert (touched.x_px, touched.y_px) == (x, y)

    def drag(self, name: str, *points: tuple[float, float]) -> None:
        """Hold the pointer down on a control and draw it from place to place (0..1); returns once it was let go."""
        box = self.control(name).box
        at = [(box.x + round(x * (box.w - 1)), box.y + round(y * (box.h - 1))) for x, y in points]
        heard = len(self.events(Lifted))
        self._rest()
        moves = [part for x, y in at[1:] for part in ("mousemove", x, y, "sleep", 0.03)]
        self._display.do("mousemove", *at[0], "mousedown", 1, *moves, "mouseup", 1)
        self.wait(lambda: len(self.events(Lifted)) > heard, f"the end of the stroke on {name}")

    @contextmanager
    def finger(self, name: str) -> Iterator[None]:
        """Hold the pointer down in the middle of a control."""
        box = self.control(name).box
        heard = len(self.events(Lifted))
        self._rest()
        self._display.do("mousemove", box.x + box.w // 2, box.y + box.h // 2, "mousedown", 1)
        try:
            yield
        finally:
            self._display.do("mouseup", 1)
        self.wait(lambda: len(self.events(Lifted)) > heard, f"the finger on {name} is lifted")

    def type_pin(self, digits: str) -> None:
        """Press keys of the number pad; what hands do there is not in the log, so that it is not waited for."""
        for name in (*(f"digit-{digit}" for digit in digits), "enter"):
            box = self.control(name).box
            self._rest()
            self._display.do("mousemove", box.x + box.w // 2, box.y + box.h // 2, "click", 1)

    def hold_corner(self, true: Callable[[], object], what: str) -> None:
        """Keep the pointer pressed in the upper left corner, whatever lies there, until a condition holds."""
        self._rest()
        self._display.do("mousemove", 4, 4, "mousedown", 1)
        try:
            self.wait(true, what)
        finally:
            self._display.do("mouseup", 1)

    def key(self, button: Button) -> None:
        """Press a button's key and let it go; returns once the exhibit has heard both."""
        heard = len(self.events(ButtonUp))
        self._rest()
        self._display.do("key", KEYS[button])
        self.wait(lambda: len(self.events(ButtonUp)) > heard, f"{button} is heard")

    @contextmanager
    def held(self, button: Button) -> Iterator[None]:
        """Hold a button's key down."""
        heard = len(self.events(ButtonUp))
        self._rest()
        self._display.do("keydown", KEYS[button])
        try:
            yield
        finally:
            self._display.do("keyup", KEYS[button])
        self.wait(lambda: len(self.events(ButtonUp)) > heard, f"{button} is let go")

    def _rest(self) -> None:
        """Wait for the end of the cool-down, and until another screen hears hands: presses within it would be none."""
        until(lambda: time.monotonic() - self._pressed_s >= BETWEEN_PRESSES_S, "the cool-down")
        until(lambda: time.monotonic() - self.state.input.changed_s >= DEAF_S + 0.1, "it hears hands")
        self._pressed_s = time.monotonic()

    # What is seen.

    def pixels(self) -> Pixels:
        """What is on the display."""
        return self._display.pixels()

    def picture_box(self, key: str) -> Box:
        """Where the scene has that picture, without its rim and its round corners."""
        box = next(item.box for item in self.scene.items if isinstance(item, Picture) and item.key == key)
        return box.inset(CORNER_PX)

    def picture(self, key: str) -> Pixels:
        """What is on the display where the scene has that picture."""
        return cut(self.pixels(), self.picture_box(key))

    def words(self, text: str) -> Box:
        """Where the scene has those words."""
        return next(item.box for item in self.scene.items if isinstance(item, Words) and item.text == text)

    def says(self, text: str) -> bool:
        """Whether those words are somewhere in the scene."""
        written = [item.text for item in self.scene.items if isinstance(item, Words)]
        return any(text in words for words in [*written, *(c.text for c in self.scene.controls)])

    def shines(self, control: Control) -> bool:
        """Whether the display shows the light on a control."""
        if control.look is Look.BARE:
            return share_of(cut(self.pixels(), control.box), Colour.GO) > 0.005
        return share_of(cut(self.pixels(), control.box.inset(6)), Colour.GO) > 0.4

    def wait_light(self, name: str) -> None:
        """Return once the display shows the focus on a control."""
        control = self.control(name)
        self.wait(lambda: self.shines(control), f"focus on {name}", LIGHT_S)

    # Its processes.

    @property
    def pid(self) -> int:
        """The exhibit's process."""
        return self._process.pid

    def gradient_pids(self) -> list[int]:
        """The gradient processes it has started and that still run."""
        found = [pid for pid in children(self.pid) if b"gradients" in command_line(pid)]
        self._children.update(found)
        return found

    def processor_s(self) -> float:
        """How many seconds of processor time it has used, its children apart."""
        used = Path(f"/proc/{self.pid}/stat").read_text("utf-8").rpartition(")")[2].split()[11:13]
        return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")

    def resident_mb(self) -> float:
        """How much memory it takes."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGESIZE") / 2**20

    def abort(self) -> int:
        """End it as systemd's watchdog does; return its exit status."""
        self._process.send_signal(signal.SIGABRT)
        return self._process.wait(LIMIT_S)

    def terminate(self) -> tuple[int, float]:
        """Ask it to end; return its exit status and how long that took."""
        self.gradient_pids()
        since_s = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        status = self._process.wait(LIMIT_S)
        return status, time.monotonic() - since_s

    def left(self) -> list[int]:
        """Those of its children that it left behind."""
        return [pid for pid in self._children if b"gradients" in command_line(pid)]

    def close(self) -> None:
        """End it and all it started, whatever state they are in."""
        self._children.update(children(self.pid))
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        for pid in self.left():
            os.kill(pid, signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def children(pid: int) -> list[int]:
    """Return the processes that a process has started and that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text("utf-8", "replace").rpartition(")")[2].split()[:2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(parent) == pid and state != "Z":
            found.append(int(stat.parent.name))
    return found


def command_line(pid: int) -> bytes:
    """Return what a process was started as; empty for one that has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def cut(pixels: Pixels, box: Box) -> Pixels:
    """Return a part of the screen."""
    return pixels[box.y : box.bottom, box.x : box.right]


def share_of(pixels: Pixels, colour: Colour, within: int = 24) -> float:
    """Return the share of pixels that are of a colour, or nearly."""
    distance = np.abs(pixels.astype(np.int16) - np.array(RGB[colour], np.int16)).max(axis=-1)
    return float((distance <= within).mean())


def difference(one: Pixels, other: Pixels) -> float:
    """Return how different two pieces of one size are, on average, in steps of 255."""
    return float(np.abs(one.astype(np.int16) - other).mean())
