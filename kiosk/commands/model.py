"""`kiosk model`: list, build and choose models."""

import importlib
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from kiosk.commands.opening import opened
from kiosk.errors import KioskError
from kiosk.perform.film import film_folder, keep_film, shoot_film
from kiosk.settings import load_settings
from kiosk.state_folder import StateFolder
from kiosk.vision.model_card import read_card

FILM_TARGET = "flamingo"


def run(settings_file: Path | None, *, action: str, **arguments: Any) -> int:
    """Return 0 after listing, building or choosing."""
    state = StateFolder(load_settings(settings_file).state_folder())
    match action:
        case "build":
            build(state, **arguments)
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
        table.add_row(mark, name, f"{measured.agreement:.1%}", card.activations, size, card.sha256[:12])
    console.print(table)


def shoot(settings_file: Path | None, state: StateFolder, name: str) -> None:
    """Attack the stock coffee cup once, so that the attract loop has its film from the first start on."""
    with opened(settings_file, name) as kiosk:
        if FILM_TARGET not in kiosk.labels.names:
            return
        card = kiosk.classifier.card
        film = shoot_film(kiosk.classifier, kiosk.gradients, state.stock, kiosk.labels.index(FILM_TARGET))
        keep_film(film_folder(state.stock, card.name), card.sha256, film)


def build(state: StateFolder, *, name: str, weights: Path | None, activations: str) -> None:
    """Build a model, saying on standard error what is going on and on standard output what came out."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(f"{name}: loading PyTorch", total=None)
        builder = importlib.import_module("kiosk.vision.build.builder")
        card = builder.build_model(
            state,
            name,
            weights=weights,
            activations=activations,
            on_stage=lambda stage: progress.update(task, description=f"{name}: {stage}"),
        )
    measured = card.measured
    Console().print(
        f"Built {name}: agreement with float {measured.agreement:.1%} on {measured.crops} package crops, "
        f"{measured.int8_bytes / 1e6:.1f} MB; in use: {state.current_name()}",
        soft_wrap=True,
    )
