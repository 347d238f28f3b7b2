"""What staff may set, with units, ranges and shipped defaults; a file with unknown or bad keys is refused."""

import difflib
import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, get_args

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from kiosk.errors import BadArgumentError
from kiosk.gradients.recipe import (
    HIGHEST_RATE,
    LARGEST_BATCH,
    LARGEST_SEED,
    LOWEST_RATE,
    MOST_EPOCHS,
    MOST_LAYERS,
    WIDEST,
    Recipe,
)
from kiosk.vision.limits import FEWEST_LABELS

SYSTEM_FILE = Path("/etc/kiosk/kiosk.toml")
FILE_VARIABLE = "KIOSK_SETTINGS"
STATE_VARIABLE = "KIOSK_STATE"

Threads = Annotated[int, Field(ge=1, le=16)]
Seconds = Annotated[float, Field(gt=0, le=3600)]


def _gradient_threads() -> int:
    """Return PyTorch's share of the cores: half of them, at most two. Beside a busy screen, more made it slower."""
    return max(1, min(2, (os.cpu_count() or 1) // 2))


def _classifier_threads() -> int:
    """Return ONNX Runtime's share: what PyTorch, the screen and the camera leave, at most two."""
    return max(1, min(2, (os.cpu_count() or 1) - _gradient_threads() - 1))


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


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

    threads: Threads = Field(default_factory=_gradient_threads, description="PyTorch's threads")
    niceness: int = Field(default=5, ge=0, le=19, description="how far it steps back behind the screen")
    load_deadline_s: Seconds = Field(default=120.0, description="from its start to a loaded model")
    expected_start_s: Seconds = Field(default=4.0, description="what its progress bar is drawn against")
    job_deadline_s: Seconds = Field(
        default=15.0, description="for one step, one iterate or one Grad-CAM pair"
    )
    first_back_off_s: Seconds = Field(default=0.5, description="pause before the first restart; it doubles")
    longest_back_off_s: Seconds = Field(default=30.0, description="the longest pause before a restart")


class DisplaySettings(_Section):
    """The screen."""

    diagonal_inch: Annotated[float, Field(ge=3, le=100)] = Field(
        default=10.1, description="the panel's diagonal: all sizes follow from it"
    )
    driver: str | None = Field(default=None, description="SDL's video driver, such as wayland or kmsdrm")
    frames_per_s: Annotated[int, Field(ge=10, le=120)] = Field(
        default=30, description="how often it is drawn"
    )


class CameraSettings(_Section):
    """The camera."""

    source: str = Field(
        default="auto", description="auto, picam, webcam[:DEVICE], gstreamer[:PIPELINE], pictures:DIR"
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


class Settings(_Section):
    """Everything staff may set."""

    state_dir: Path | None = Field(default=None, description="where models and the database lie")
    display: DisplaySettings = Field(default_factory=DisplaySettings)
    camera: CameraSettings = Field(default_factory=CameraSettings)
    classifier: ClassifierSettings = Field(default_factory=ClassifierSettings)
    gradients: GradientSettings = Field(default_factory=GradientSettings)
    teaching: TeachingSettings = Field(default_factory=TeachingSettings)

    def state_folder(self) -> Path:
        """Return the state folder: KIOSK_STATE, else `state_dir`, else the user's data folder."""
        named = os.environ.get(STATE_VARIABLE)
        if named:
            return Path(named)
        return self.state_dir or Path(platformdirs.user_data_dir("kiosk", appauthor=False))


def load_settings(file: Path | None = None) -> Settings:
    """Return the settings of a TOML file: the one named, else KIOSK_SETTINGS, else the system's, else the defaults.

    Raises BadArgumentError with one line that names the file, the key and what it takes.
    """
    named = file or (Path(os.environ[FILE_VARIABLE]) if os.environ.get(FILE_VARIABLE) else None)
    path = named or SYSTEM_FILE
    if named is None and not path.exists():
        return Settings()
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BadArgumentError(f"{path}: settings cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadArgumentError(f"{path}: is no TOML file ({error})") from None
    try:
        return Settings.model_validate(table)
    except ValidationError as error:
        raise BadArgumentError(f"{path}: {_plain(error)}") from None


def _plain(error: ValidationError) -> str:
    """Return the first complaint as one line: the key, what is wrong, and the nearest key for an unknown one."""
    first = error.errors(include_url=False)[0]
    location = [str(part) for part in first["loc"]]
    if first["type"] != "extra_forbidden":
        if first["type"].startswith("model"):
            return f"{'.'.join(location)}: takes a [section] of keys, not {first['input']!r}"
        return f"{'.'.join(location)}: {first['msg'][:1].lower()}{first['msg'][1:]}, not {first['input']!r}"
    known = _keys(location[:-1])
    near = difflib.get_close_matches(location[-1], known, 1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
    return f"unknown key {'.'.join(location)}; {hint}"


def _keys(section: list[str]) -> list[str]:
    model: Any = Settings
    for name in section:
        model = get_args(model)[0] if name.isdigit() else model.model_fields[name].annotation
    return sorted(model.model_fields)
