"""`kiosk model`: list, build, add and choose models."""

import importlib
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from kiosk.attack.film import film_folder, keep_film, shoot_film
from kiosk.commands.opening import opened
from kiosk.commands.physical.patch import build_ready
from kiosk.core.labels import disagrees
from kiosk.device.state_folder import StateFolder
from kiosk.errors import BadArgumentError, KioskError
from kiosk.settings.files import load_settings
from kiosk.vision.model_card import BUILT_HERE, FLOAT_FILE, INPUT_SIZE, ModelCard, ModelError, read_card
from kiosk.words.label_file import read_label_file

FILM_TARGET = "flamingo"
NAME = re.compile("[a-z0-9][a-z0-9_-]{0,39}")


def run(settings_file: Path | None, *, action: str, **arguments: Any) -> int:
    """Return 0 after listing, building, adding or choosing."""
    state = StateFolder(load_settings(settings_file).state_folder())
    match action:
        case "build":
            stickers = arguments.pop("stickers")
            build(state, **arguments)
            shoot(settings_file, state, arguments["name"])
            if stickers:
                build_ready(settings_file, arguments["name"])
        case "add":
            add(state, **arguments)
            shoot(settings_file, state, arguments["name"])
        case "use":
            state.use(**arguments)
            Console().print(f"{arguments['name']} is in use.")
        case _:
            list_models(state)
    return 0


def list_models(state: StateFolder) -> None:
    """Print a table of the models there are."""
    console, current = Console(), state.current_name()
    if not state.model_names():
        console.print("No models yet. Build one with: kiosk model build efficientnet_lite0")
        return
    table = Table("", "model", "agreement", "activations", "int8", "SHA-256", box=None)
    for name in state.model_names():
        mark = "in use" if name == current else ""
        try:
            card = read_card(state.model(name))
        except KioskError as error:
            table.add_row(mark, name, f"unusable: {error}", "", "", "")
            continue
        measured = card.measured
        size = f"{measured.int8_bytes / 1e6:.1f} MB"
        table.add_row(mark, name, _rate(measured.agreement), card.activations, size, card.sha256[:12])
    console.print(table)


def shoot(settings_file: Path | None, state: StateFolder, name: str) -> None:
    """Attack the stock coffee cup once, so that the attract loop has its film from the first start on."""
    if FILM_TARGET not in read_card(state.model(name)).labels:
        return
    with opened(settings_file, name) as kiosk:
        card = kiosk.classifier.card
        film = shoot_film(kiosk.classifier, kiosk.gradients, state.stock, kiosk.labels.index(FILM_TARGET))
        keep_film(film_folder(state.stock, card.name), card.sha256, film)


def build(state: StateFolder, *, name: str, weights: Path | None, activations: str) -> None:
    """Build a model, saying on standard error what is going on and on standard output what came out."""
    with _stages(name) as on_stage:
        builder = _loaded("kiosk.vision.build.builder")
        card = builder.build_model(state, name, weights=weights, activations=activations, on_stage=on_stage)
    tell("Built", card, state)


def add(
    state: StateFolder, *, file: Path, labels: Path, name: str, mean: str, std: str, activations: str
) -> None:
    """Add another's classifier, telling what goes on and what came out as `build` does."""
    check_new_name(name)
    given = read_label_file(labels)
    normalised = three_numbers("--mean", mean, -10, 10), three_numbers("--std", std, 1e-4, 10)
    with _stages(name) as on_stage, tempfile.TemporaryDirectory(prefix="kiosk-add-") as temporary:
        on_stage("reading the file")
        adopted = Path(temporary) / FLOAT_FILE
        _loaded("kiosk.vision.build.apart").adopt_apart(file, len(given.names), INPUT_SIZE, adopted)
        on_stage("loading PyTorch")
        card = _loaded("kiosk.vision.build.adding").add_model(
            state,
            file,
            adopted,
            name=name,
            labels=given,
            mean=normalised[0],
            std=normalised[1],
            activations=activations,
            on_stage=on_stage,
        )
    tell("Added", card, state)


def check_new_name(name: str) -> None:
    """Raise BadArgumentError for what cannot be the name of an added model: it is a folder's, and not one of ours."""
    if not NAME.fullmatch(name) or name in (*BUILT_HERE, "current"):
        taken = ", ".join((*BUILT_HERE, "current"))
        raise BadArgumentError(f"--name {name}: give 1 to 40 of a-z, 0-9, _ and -, and none of {taken}")


def three_numbers(option: str, given: str, least: float, most: float) -> tuple[float, float, float]:
    """Return a number for each of red, green and blue: from three with commas, or from one for all of them."""
    try:
        numbers = [float(part) for part in given.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in (1, 3) or not all(least <= number <= most for number in numbers):
        raise BadArgumentError(
            f"{option} {given}: give one number, or three with commas for red, green and blue, "
            f"{least:g} to {most:g}, for pixels of 0 to 1"
        )
    red, green, blue = numbers if len(numbers) == 3 else numbers * 3
    return red, green, blue


@contextmanager
def _stages(name: str) -> Iterator[Callable[[str], None]]:
    """Yield what shows the stage that a build is in, on standard error where that is a terminal."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(f"{name}: loading PyTorch", total=None)
        yield lambda stage: progress.update(task, description=f"{name}: {stage}")


def _loaded(module: str) -> Any:
    """Return a module of the build; raises ModelError where the packages it needs are not installed."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise ModelError(
            f"{error.name}: is not installed; build models where kiosk[build] is installed"
        ) from None


def tell(done: str, card: ModelCard, state: StateFolder) -> None:
    """Print what came out, and a warning where the small model often answers otherwise than its original."""
    measured = card.measured
    agreement = "given quantised, so not compared with float"
    if measured.agreement is not None:
        agreement = f"agreement with float {measured.agreement:.1%} on {measured.crops} package crops"
    size = f"{measured.int8_bytes / 1e6:.1f} MB"
    Console().print(
        f"{done} {card.name}: {agreement}, {size}; in use: {state.current_name()}", soft_wrap=True
    )
    if disagrees(measured.agreement):
        Console(stderr=True).print(
            f"Warning: {card.name} often answers otherwise than the model it was made from: visitors will meet more "
            "wrong answers. Try the other --activations, uint8 or int8; Health on the staff screen shows it too.",
            soft_wrap=True,
        )


def _rate(fraction: float | None) -> str:
    return "–" if fraction is None else f"{fraction:.1%}"
