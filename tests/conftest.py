"""What every test can ask for: models built once a run, photographs, a running gradient process."""

import fcntl
import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from kiosk.device.state_folder import StateFolder
from kiosk.gradients.client import GradientClient
from kiosk.settings.sections import GradientSettings
from kiosk.vision.classifier import Classifier
from kiosk.vision.picture import Rgb, read_photograph, to_picture
from tests.e2e.exhibit_driver import PANEL, Display, skip_without_tools

pytest_plugins = ("tests.figures.measuring",)

SHARED = Path(__file__).resolve().parents[2] / "shared"
ORDINARY_PHOTOGRAPHS = 24
# Tests in such folders have screens and deadlines: nothing that takes whole cores runs beside them.
TIMED = {"e2e", "device"}

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="draw the golden pictures anew")
    parser.addoption("--state", type=Path, help="take the models from this state folder, to build none anew")
    parser.addoption(
        "--slow", action="store_true", help="run the figures that the issues name, on every photograph"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Goldens are never changed where nobody looks at them."""
    if config.getoption("--update-golden") and os.environ.get("CI", "").lower() not in ("", "0", "false"):
        raise pytest.UsageError("--update-golden is refused under CI: draw them at a desk and look at them")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        timed = TIMED.intersection(item.path.relative_to(Path(__file__).parent).parts)
        if timed and not item.get_closest_marker("untimed"):
            item.add_marker("timed")
        if item.get_closest_marker("slow") and not config.getoption("--slow"):
            item.add_marker(pytest.mark.skip(reason="a slow figure: ./deploy.sh test --slow runs it"))


@pytest.fixture(scope="session")
def every_photograph(request: pytest.FixtureRequest) -> bool:
    """Whether figures are taken over all photographs (--slow) or a fixed 24 of them."""
    return bool(request.config.getoption("--slow"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real photographs and weights beside the checkout."""
    if not (SHARED / "images" / "labels.json").is_file():
        pytest.skip(f"no photographs and weights in {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def photographs(shared: Path, every_photograph: bool) -> list[Path]:
    """All photographs with --slow, else a fixed 24 spread over them."""
    files = sorted((shared / "images").glob("*.jpg"))
    return files if every_photograph else files[:: len(files) // ORDINARY_PHOTOGRAPHS][:ORDINARY_PHOTOGRAPHS]


@pytest.fixture(scope="session")
def pictures(photographs: list[Path]) -> list[Rgb]:
    """The photographs on the model's grid."""
    return [to_picture(read_photograph(file), 224) for file in photographs]


@pytest.fixture(scope="session")
def build_model() -> Callable[[StateFolder, str, Path | None], None]:
    """Build a model with the installed command, in a process of its own, so that no test process meets torchvision."""

    def build(state: StateFolder, name: str, weights: Path | None = None) -> None:
        command = [sys.executable, "-m", "kiosk", "model", "build", name, "--no-stickers"]
        if weights:
            command += ["--weights", str(weights)]
        done = subprocess.run(
            command,
            env=os.environ | {"KIOSK_STATE": str(state.path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    return build


@pytest.fixture(scope="session")
def state(
    request: pytest.FixtureRequest,
    built: Callable[[str, Path | None], StateFolder],
    tmp_path_factory: pytest.TempPathFactory,
) -> StateFolder:
    """A state folder with the default model and the stock pictures; do not change it."""
    ready: Path | None = request.config.getoption("--state")
    if ready is None:
        return built("efficientnet_lite0", None)
    folder = StateFolder(tmp_path_factory.mktemp("state"))
    shutil.copytree(ready, folder.path, symlinks=True, dirs_exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def built(
    tmp_path_factory: pytest.TempPathFactory, build_model: Callable[[StateFolder, str, Path | None], None]
) -> Callable[[str, Path | None], StateFolder]:
    """Return the state folder of a model that is built once a run, for all processes that run its tests."""
    own = tmp_path_factory.getbasetemp()
    shared_by_workers = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def once(name: str, weights: Path | None) -> StateFolder:
        folder = StateFolder(shared_by_workers / f"built-{name}")
        with (shared_by_workers / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.path.exists():
                build_model(folder, name, weights)
        return folder

    return once


@pytest.fixture(scope="session")
def mobilenet_v2(shared: Path, built: Callable[[str, Path | None], StateFolder]) -> Path:
    """The folder of MobileNetV2 built from the shared weights."""
    return built("mobilenet_v2", shared / "weights" / "mobilenet_v2.pth").model("mobilenet_v2")


@pytest.fixture(scope="session")
def classifier(state: StateFolder) -> Iterator[Classifier]:
    """The default model in ONNX Runtime."""
    with Classifier(state.model(None)) as classifier:
        yield classifier


@pytest.fixture(scope="session")
def gradients(state: StateFolder, classifier: Classifier) -> Iterator[GradientClient]:
    """A gradient process on the default model, shared by tests that do not harm it."""
    with GradientClient(state.model(None), classifier.card, GradientSettings(threads=1)) as client:
        yield client


@pytest.fixture(scope="session")
def coffee(state: StateFolder) -> Rgb:
    """The stock coffee cup as a picture."""
    return to_picture(read_photograph(state.stock / "coffee-cup.png"), 224)


@pytest.fixture
def run_kiosk(state: StateFolder) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the installed `kiosk` command on the built models."""

    def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "kiosk", *map(str, arguments)],
            env=os.environ | {"KIOSK_STATE": str(state.path)} | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )

    return run


@pytest.fixture(scope="session")
def torch_module() -> object:
    """PyTorch on one thread, for tests that differentiate in this process."""
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    return torch


@pytest.fixture
def noise_picture() -> Rgb:
    """A seeded picture of random pixels."""
    return np.random.default_rng(0).integers(0, 256, (224, 224, 3), dtype=np.uint8)


@pytest.fixture
def display() -> Iterator[Display]:
    """A screen of the test's own."""
    skip_without_tools()
    width, _, height = PANEL.partition("x")
    with Display(int(width), int(height)) as display:
        yield display
