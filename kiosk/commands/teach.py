"""`kiosk teach`: a head from folders of pictures, so that teaching can be measured without a screen."""

from hashlib import sha256
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from kiosk.commands.opening import Opened, opened
from kiosk.core.lesson import FEWEST_LABELS, MOST_EXAMPLES, MOST_LABELS
from kiosk.device.durable import require_writable
from kiosk.errors import BadArgumentError
from kiosk.gradients.client import Taught
from kiosk.store.head_file import save_head
from kiosk.vision.arrays import Floats
from kiosk.vision.examples import Examples, ExamplesError
from kiosk.vision.head import LONGEST_NAME
from kiosk.vision.picture import picture_files, to_picture
from kiosk.vision.recipe import Recipe
from kiosk.vision.side_files import is_side_file


def run(
    settings_file: Path | None,
    *,
    folder: Path,
    out: Path,
    model: str | None,
    layers: str,
    epochs: int,
    batch: int,
    learning_rate: float,
    seed: int,
) -> int:
    """Return 0 when the head is trained and its file written."""
    recipe = Recipe(_widths(layers), epochs, batch, learning_rate, seed)
    lessons = _lessons(folder)
    require_writable(out.parent)
    screen = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    progress = Progress(*columns, console=screen, disable=not screen.is_terminal)
    with opened(settings_file, model) as kiosk, progress:
        examples, copies = _examples(kiosk, lessons, progress)
        task = progress.add_task("training", total=recipe.epochs)
        taught: Taught = kiosk.gradients.train(
            examples, recipe, lambda epoch: progress.update(task, completed=epoch.epoch)
        ).result()
    save_head(taught.head, out)
    _tell(taught, out, copies)
    return 0


def _widths(layers: str) -> tuple[int, ...]:
    """Return the widths of the hidden layers; raises BadArgumentError for what are no numbers."""
    if layers.strip() == "none":
        return ()
    parts = [part.strip() for part in layers.split(",")]
    if not all(part.isdecimal() for part in parts):
        raise BadArgumentError(f"--layers {layers}: give widths such as 32,32, or none")
    return tuple(int(part) for part in parts)


def _lessons(folder: Path) -> dict[str, list[Path]]:
    """Return label name -> picture files, in sorted order; raises ExamplesError where that is no lesson."""
    labels = sorted(path for path in folder.iterdir() if path.is_dir() and not is_side_file(path.name))
    if not labels:
        raise ExamplesError(f"{folder}: holds no folders; put one folder of pictures a label in it")
    if not FEWEST_LABELS <= len(labels) <= MOST_LABELS:
        raise ExamplesError(
            f"{folder}: holds {len(labels)} folder(s); a head is taught {FEWEST_LABELS} to {MOST_LABELS} labels"
        )
    lessons = {path.name: picture_files(path) for path in labels}
    for name, files in lessons.items():
        if not name.isprintable() or len(name) > LONGEST_NAME:
            raise ExamplesError(
                f"{folder / name!a}: is no name for a label; use up to {LONGEST_NAME} letters"
            )
        if len(files) > MOST_EXAMPLES:
            raise ExamplesError(
                f"{folder / name}: holds {len(files)} pictures; a label takes up to {MOST_EXAMPLES}"
            )
    return lessons


def _examples(
    kiosk: Opened, lessons: dict[str, list[Path]], progress: Progress
) -> tuple[Examples, tuple[tuple[Path, ...], ...]]:
    """Return the examples of all pictures, and the files that hold the same picture, group by group.

    Each picture is a burst of its own; copies of one are one burst, since they would test themselves by themselves.
    """
    files = [(label, file) for label, named in enumerate(lessons.values()) for file in named]
    side = kiosk.classifier.card.input_size
    embeddings: list[Floats] = []
    seen: dict[bytes, list[int]] = {}
    for number, (_, file) in enumerate(progress.track(files, description="looking")):
        picture = to_picture(kiosk.decoder.read(file), side)
        embeddings.append(kiosk.classifier(picture).embedding)
        seen.setdefault(sha256(picture.tobytes()).digest(), []).append(number)
    bursts = [0] * len(files)
    for same in seen.values():
        for number in same:
            bursts[number] = same[0]
    examples = Examples(
        tuple(lessons), np.stack(embeddings), tuple(label for label, _ in files), tuple(bursts)
    )
    return examples, tuple(tuple(files[at][1] for at in same) for same in seen.values() if len(same) > 1)


def _tell(taught: Taught, out: Path, copies: tuple[tuple[Path, ...], ...]) -> None:
    """Print what was taught: how many examples, and how the held-out ones were answered, label by label.

    Labels that could not be tested are named, and so are the files that hold the same picture.
    """
    names, confusion = taught.head.labels, taught.confusion
    table = Table("label", "examples", *(f"as {name}" for name in names), box=None)
    for label, name in enumerate(names):
        table.add_row(name, str(taught.examples.labels.count(label)), *map(str, confusion[label]))
    console = Console(markup=False, soft_wrap=True)
    console.print(table)
    for same in copies:
        told = ", ".join(f"{file.parent.name}/{file.name}" for file in same)
        where = "under several labels" if len({file.parent for file in same}) > 1 else "tested as one"
        console.print(f"The same picture, {where}: {told}")
    untested = [name for name, row in zip(names, confusion, strict=True) if not sum(row)]
    if untested:
        console.print(f"Not tested, for want of a second picture: {', '.join(untested)}")
    share = "no label has a second picture to be tested by"
    if taught.accuracy is not None:
        share = f"{taught.accuracy:.1%} of held-out pictures right"
    doubt = taught.head.doubt
    console.print(
        f"Wrote {out}: {len(names)} labels, {len(taught.examples)} examples, {share}; it doubts below a likeness of "
        f"{doubt.least_likeness:.2f} or a confidence of {doubt.least_confidence:.0%}"
    )
