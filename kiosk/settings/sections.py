"""What staff may set, a class a section, with units, ranges and shipped defaults."""

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import platformdirs
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from kiosk.core.lesson import FEWEST_LABELS
from kiosk.paper.layout import LEAST_STICKER_MM, MOST_STICKER_MM
from kiosk.recapture.conditions import Conditions
from kiosk.recapture.ranges import Ranges
from kiosk.vision.recipe import (
    HIGHEST_RATE,
    LARGEST_BATCH,
    LARGEST_SEED,
    LOWEST_RATE,
    MOST_EPOCHS,
    MOST_LAYERS,
    WIDEST,
    Recipe,
)

STATE_VARIABLE = "KIOSK_STATE"
CAMERA_SPEC = re.compile(r"auto|picam|(webcam|gstreamer)(:.*)?|pictures:.+")
GRADIENTS_VARIABLE = "KIOSK_GRADIENTS"
LONGEST_NAME = 80  # of a file or folder, in letters: 255 bytes at the most are to be had
# The last three show nothing: for tests.
DRIVERS = ("wayland", "kmsdrm", "x11", "dummy", "offscreen", "evdev")

Threads = Annotated[int, Field(ge=1, le=16)]
Seconds = Annotated[float, Field(gt=0, le=3600)]


def _gradient_threads() -> int:
    """Return PyTorch's share of the cores: half of them, at most two. Beside a busy screen, more made it slower."""
    return max(1, min(2, (os.cpu_count() or 1) // 2))


def _classifier_threads() -> int:
    """Return ONNX Runtime's share: what PyTorch, the screen and the camera leave, at most two."""
    return max(1, min(2, (os.cpu_count() or 1) - _gradient_threads() - 1))


def _camera_spec(spec: str) -> str:
    """Return the spec if it names a kind of camera; whether that camera is there shows when it is opened."""
    if not CAMERA_SPEC.fullmatch(spec):
        raise PydanticCustomError(
            "camera", "takes auto, picam, webcam[:DEVICE], gstreamer[:PIPELINE] or pictures:DIR"
        )
    return spec


def _driver(name: str) -> str:
    """Return the name of a display driver, if SDL has one of that name; whether it opens shows when it is opened."""
    if name not in DRIVERS:
        raise PydanticCustomError("driver", "takes wayland, kmsdrm or x11")
    return name


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _printable(cls, value: Any) -> Any:
        """Return a value; text with a NUL in it can be no name of a file, a device or a driver."""
        if isinstance(value, str) and "\0" in value:
            raise PydanticCustomError("nul", "takes text without NUL characters")
        return value

    @field_validator("*")
    @classmethod
    def _may_be_there(cls, value: Any) -> Any:
        """Return a value; a path that no file system can have is none."""
        for path in value if isinstance(value, tuple) else (value,):
            if isinstance(path, Path) and max(map(len, path.parts), default=0) > LONGEST_NAME:
                raise PydanticCustomError("path", "takes a path of shorter names")
        return value


class ClassifierSettings(_Section):
    """How ONNX Runtime runs the model."""

    threads: Threads = Field(default_factory=_classifier_threads, description="ONNX Runtime's threads")
    spinning: bool = Field(
        default=False, description="let its idle threads spin: faster alone, slower beside others"
    )
    looks_per_s: Annotated[float, Field(gt=0, le=60)] = Field(
        default=15.0, description="camera frames classified a second while the bars are live; 5 on a Pi 4"
    )


class GradientSettings(_Section):
    """How the gradient process is run and watched."""

    socket: Path | None = Field(
        default=None,
        description="where a gradient process of systemd's listens; else the exhibit starts its own",
    )
    threads: Threads = Field(default_factory=_gradient_threads, description="PyTorch's threads")
    niceness: int = Field(default=5, ge=0, le=19, description="how far it steps back behind the screen")
    load_deadline_s: Seconds = Field(default=120.0, description="from its start to a loaded model")
    expected_start_s: Seconds = Field(default=4.0, description="what its progress bar is drawn against")
    job_deadline_s: Seconds = Field(
        default=15.0, description="for one step, one iterate or one Grad-CAM pair"
    )
    forget_deadline_s: Seconds = Field(
        default=3.0,
        description="for the job in flight when a visitor is forgotten; then the process is ended",
    )
    first_back_off_s: Seconds = Field(default=0.5, description="pause before the first restart; it doubles")
    longest_back_off_s: Seconds = Field(default=30.0, description="the longest pause before a restart")
    failed_starts: int = Field(
        default=5, ge=1, le=100, description="starts in a row without a loaded model, then it rests"
    )
    rest_s: Seconds = Field(default=600.0, description="the rest before it is tried again, for ever")


class DisplaySettings(_Section):
    """The screen."""

    diagonal_inch: Annotated[float, Field(ge=3, le=100)] = Field(
        default=10.1, description="the panel's diagonal: all sizes follow from it"
    )
    turned: Literal[0, 90, 180, 270] = Field(
        default=0,
        description="degrees by which the picture is turned clockwise on its screen; touch goes with it",
    )
    driver: Annotated[str, AfterValidator(_driver)] | None = Field(
        default=None, description="SDL's video driver, such as wayland or kmsdrm"
    )
    frames_per_s: Annotated[int, Field(ge=10, le=120)] = Field(
        default=30, description="how often it is drawn"
    )


class CameraSettings(_Section):
    """The camera."""

    source: Annotated[str, AfterValidator(_camera_spec)] = Field(
        default="auto", description="auto, picam, webcam[:DEVICE], gstreamer[:PIPELINE], pictures:DIR"
    )
    turned: Literal[0, 90, 180, 270] = Field(
        default=0, description="degrees clockwise by which its picture is turned; also on the framing screen"
    )
    mirrored: bool = Field(default=False, description="whether left and right of its picture change places")


class IdleSettings(_Section):
    """When a visit that is left alone ends."""

    quiet_s: Annotated[float, Field(ge=10, le=600)] = Field(
        default=40.0, description="without a touch, before it asks whether the visitor is still there"
    )
    teaching_quiet_s: Annotated[float, Field(ge=10, le=600)] = Field(
        default=75.0, description="the same while a visitor teaches: things are fetched and turned around"
    )
    countdown_s: Annotated[float, Field(ge=5, le=120)] = Field(
        default=20.0, description="for an answer, before everything of the visit is forgotten"
    )


class HeatSettings(_Section):
    """How attack steps are paced when the processor is hot; a Raspberry Pi slows itself down from 80 °C on."""

    paced_from_c: Annotated[float, Field(ge=40, le=100)] = Field(
        default=75.0, description="temperature from which steps pause"
    )
    slowest_at_c: Annotated[float, Field(ge=45, le=110)] = Field(
        default=83.0, description="temperature at which the pause is longest"
    )
    longest_pause_s: Annotated[float, Field(ge=0, le=30)] = Field(
        default=4.0, description="before each step at that temperature"
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.paced_from_c >= self.slowest_at_c:
            raise PydanticCustomError("order", "takes a paced_from_c below slowest_at_c")
        return self


class StaffSettings(_Section):
    """What staff find on the screen."""

    first_start: bool | None = Field(
        default=None,
        description="let a PIN be chosen on the screen while there is none, and ask for it at the start; "
        "without a value it is asked for only where systemd opens the exhibit full screen",
    )
    sticks: Path = Field(default=Path("/media"), description="the folder in which USB sticks are mounted")
    service: Path = Field(
        default=Path("/run/kiosk-update.socket"),
        description="where the system keeps the PIN and installs updates; on a desk, where it is not, there are no "
        "updates from sticks and the PIN lies in the state folder",
    )


class DebugSettings(_Section):
    """For tests and repairs; none of it belongs into an exhibit."""

    hang_after_s: Annotated[float, Field(gt=0, le=86400)] | None = Field(
        default=None, description="let the frame loop hang then, to see the watchdog act"
    )


class UploadSettings(_Section):
    """Pictures that visitors bring on a USB stick."""

    folders: tuple[Path, ...] = Field(
        default=(Path("/media"),),
        description="where sticks appear, or folders of pictures; none switches it off",
    )


class SignSettings(_Section):
    """A name that visitors may give to what they teach."""

    name: Annotated[str, Field(min_length=1, max_length=24)] = Field(description="what visitors read")
    icon: str = Field(default="star", description="the name of its drawing, such as cat or splash-red")


class TeachingSettings(_Section):
    """Teaching it labels of one's own: what may be taught, and how it learns."""

    offered: bool = Field(default=True, description="whether visitors may teach it")
    signs: tuple[SignSettings, ...] = Field(
        default=(), max_length=24, description="the names to pick from; none means those that are shipped"
    )
    layers: tuple[Annotated[int, Field(ge=1, le=WIDEST)], ...] = Field(
        default=Recipe().layers, max_length=MOST_LAYERS, description="widths of the hidden layers"
    )
    epochs: Annotated[int, Field(ge=1, le=MOST_EPOCHS)] = Field(
        default=Recipe().epochs, description="how often it goes through all examples"
    )
    batch: Annotated[int, Field(ge=1, le=LARGEST_BATCH)] = Field(
        default=Recipe().batch, description="examples between two changes of its weights"
    )
    learning_rate: Annotated[float, Field(ge=LOWEST_RATE, le=HIGHEST_RATE)] = Field(
        default=Recipe().learning_rate, description="how large those changes are"
    )
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)] = Field(
        default=Recipe().seed, description="the same seed and examples give the same head"
    )

    attacked_copies: Annotated[int, Field(ge=0, le=4)] = Field(
        default=0,
        description="attacked copies of each example that a vaccine teaches too: slow, minutes with many examples",
    )
    attacked_copies_budget_255: Annotated[float, Field(ge=0.5, le=8)] = Field(
        default=2.0, description="the largest change of a pixel in those copies, and in their test"
    )

    @field_validator("signs")
    @classmethod
    def _distinct(cls, signs: tuple[SignSettings, ...]) -> tuple[SignSettings, ...]:
        names = [sign.name.casefold() for sign in signs]
        if signs and (len(set(names)) < len(names) or len(names) < FEWEST_LABELS):
            raise ValueError("two names or more, each once")
        return signs

    @property
    def recipe(self) -> Recipe:
        """Return how a head is trained."""
        return Recipe(self.layers, self.epochs, self.batch, self.learning_rate, self.seed)


class RecaptureSettings(_Section):
    """How differently a printed picture is seen again."""

    attack: Ranges = Field(default_factory=Ranges, description="what the print-proof attack prepares for")
    referee: Conditions = Field(default_factory=Conditions, description="how hard its judge makes it")
    preset: Literal["quick", "standard", "discreet"] = Field(
        default="quick",
        description="how visitors' print-proof pictures are made: standard lives oftener and takes twice as long, "
        "discreet shows less and takes four times as long",
    )


class PrintingSettings(_Section):
    """Sheets that visitors take home; there has to be a printer in CUPS, else they go to a stick or a phone."""

    offered: bool = Field(default=True, description="whether visitors may take a sheet home")
    stock_only: bool = Field(
        default=False, description="print our own pictures only, never a photo that a visitor took"
    )
    printer: str = Field(default="", description="its name in CUPS; empty means the default one")
    paper: Literal["A4", "Letter"] = Field(default="A4", description="the size of its paper")
    sticker_mm: float = Field(
        default=80, ge=LEAST_STICKER_MM, le=MOST_STICKER_MM, description="how wide a printed sticker is"
    )
    a_visit: int = Field(default=2, ge=0, le=100, description="sheets of paper for one visitor")
    a_day: int = Field(default=100, ge=0, le=10000, description="sheets of paper for all visitors of a day")


class Settings(_Section):
    """Everything staff may set."""

    state_dir: Path | None = Field(default=None, description="where models and the database lie")
    display: DisplaySettings = Field(default_factory=DisplaySettings)
    camera: CameraSettings = Field(default_factory=CameraSettings)
    classifier: ClassifierSettings = Field(default_factory=ClassifierSettings)
    gradients: GradientSettings = Field(default_factory=GradientSettings)
    idle: IdleSettings = Field(default_factory=IdleSettings)
    heat: HeatSettings = Field(default_factory=HeatSettings)
    staff: StaffSettings = Field(default_factory=StaffSettings)
    debug: DebugSettings = Field(default_factory=DebugSettings)
    upload: UploadSettings = Field(default_factory=UploadSettings)
    teaching: TeachingSettings = Field(default_factory=TeachingSettings)
    recapture: RecaptureSettings = Field(default_factory=RecaptureSettings)
    printing: PrintingSettings = Field(default_factory=PrintingSettings)

    def state_folder(self) -> Path:
        """Return the state folder: KIOSK_STATE, else `state_dir`, else the user's data folder."""
        named = os.environ.get(STATE_VARIABLE)
        if named:
            return Path(named)
        return self.state_dir or Path(platformdirs.user_data_dir("kiosk", appauthor=False))

    def gradient_socket(self) -> Path | None:
        """Return where systemd's gradient process listens: KIOSK_GRADIENTS, else `gradients.socket`; None: no such."""
        named = os.environ.get(GRADIENTS_VARIABLE)
        return Path(named) if named else self.gradients.socket
