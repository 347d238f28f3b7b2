"""`kiosk dataset`: list, export, import and remove the datasets that staff keep."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from kiosk.device.durable import replace_files
from kiosk.device.state_folder import StateFolder
from kiosk.errors import BadArgumentError
from kiosk.settings.files import load_settings
from kiosk.settings.sections import Settings
from kiosk.store.archive import archive_bytes, read_archive
from kiosk.store.exhibit_dataset import DatasetError, ExhibitDataset, check_dataset
from kiosk.store.store import Store
from kiosk.vision.arrays import Floats
from kiosk.vision.classifier import Classifier
from kiosk.vision.picture import Rgb


def run(settings_file: Path | None, *, action: str, **arguments: Any) -> int:
    """Return 0 after listing, exporting, importing or removing."""
    settings = load_settings(settings_file)
    state = StateFolder(settings.state_folder())
    if action == "list" and not state.database.exists():
        Console().print("No exhibit datasets yet.")
        return 0
    with Store(state.database) as store:
        match action:
            case "export":
                export(store, **arguments)
            case "import":
                take_in(store, settings, state, **arguments)
            case "remove":
                for file in store.remove_dataset(**arguments):
                    Console().print(f"{file} is gone too: it was set aside as broken and may have held it.")
            case _:
                list_datasets(store)
    return 0


def list_datasets(store: Store) -> None:
    """Print a table of the exhibit datasets there are."""
    summaries = store.dataset_summaries()
    if not summaries:
        Console().print("No exhibit datasets yet.")
        return
    table = Table("name", "labels (examples)", "kept", "head", box=None)
    for kept in summaries:
        labels = ", ".join(f"{label.name} ({count})" for label, count in kept.labels)
        table.add_row(kept.name, labels, f"{kept.created_utc:%Y-%m-%d}", "trained" if kept.trained else "")
    Console().print(table)


def export(store: Store, *, name: str, file: Path) -> None:
    """Write an exhibit dataset to a zip file, whole or not at all."""
    replace_files(file.parent, {file.name: archive_bytes(store.dataset(name))})


def take_in(store: Store, settings: Settings, state: StateFolder, *, file: Path, name: str | None) -> None:
    """Keep the dataset in a zip file, with the embeddings of the model in use."""
    dataset = read_archive(file)
    try:
        if name is not None:
            dataset = replace(dataset, name=name)
            check_dataset(dataset)
        store.refuse_taken(dataset.name)
    except DatasetError as error:
        if name is None:
            raise
        raise BadArgumentError(f"--name {name}: {error}") from None
    if state.current_name() is not None:
        dataset = _embedded(dataset, settings, state)
    store.save_dataset(dataset)
    Console().print(f"Kept {dataset.name}: {len(dataset.labels)} labels, {len(dataset.examples)} examples.")


def _embedded(dataset: ExhibitDataset, settings: Settings, state: StateFolder) -> ExhibitDataset:
    """Return the dataset with the embeddings of the model in use: its own where they are."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Classifier(state.model(None), threads=settings.classifier.threads) as classifier:
        backbone = classifier.card.sha256
        if dataset.backbone == backbone:
            return dataset
        with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
            task = progress.add_task("embedding", total=len(dataset.examples))

            def embed(picture: Rgb) -> Floats:
                progress.advance(task)
                return classifier(picture).embedding

            return dataset.embedded(backbone, embed)
