"""`kiosk teach` and `kiosk evaluate --head`: teaching measured without a screen."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest

from kiosk.cli import command
from kiosk.commands.teach import run
from kiosk.core.lesson import MOST_EXAMPLES
from kiosk.device.state_folder import StateFolder
from kiosk.errors import KioskError
from kiosk.vision.picture import png_bytes, read_photograph
from kiosk.vision.recipe import Recipe
from tests.lessons import burst_of

pytestmark = pytest.mark.untimed

RunKiosk = Callable[..., subprocess.CompletedProcess[str]]
NAMES = ("cat", "motorcycle", "rocket")


@pytest.fixture(scope="module")
def lesson(state: StateFolder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders of three labels to teach, and a folder of other views of them to ask about."""
    folder, rng = tmp_path_factory.mktemp("lesson"), np.random.default_rng(0)
    (folder / "ask").mkdir()
    right: dict[str, int | str] = {}
    for label, name in enumerate(NAMES):
        photograph = read_photograph(state.stock / f"{name}.png")
        (folder / "teach" / name).mkdir(parents=True)
        for index in range(6):
            picture = png_bytes(next(burst_of(photograph, rng, 1)))
            if index < 4:
                (folder / "teach" / name / f"{index}.png").write_bytes(picture)
            else:
                (folder / "ask" / f"{name}-{index}.png").write_bytes(picture)
                right[f"{name}-{index}.png"] = name if index % 2 else label
    (folder / "teach" / ".hidden").mkdir()
    (folder / "labels.json").write_text(json.dumps(right), "utf-8")
    return folder


@pytest.fixture(scope="module")
def head(lesson: Path) -> Path:
    return lesson / "head.npz"


def test_teach_then_evaluate(run_kiosk: RunKiosk, lesson: Path, head: Path) -> None:
    taught = run_kiosk("teach", "--from", lesson / "teach", "--out", head)
    assert taught.returncode == 0, taught.stderr
    assert "3 labels, 12 examples, 100.0% of held-out pictures right" in taught.stdout
    assert taught.stderr == ""

    out = lesson / "evaluated.json"
    asked = ("--pictures", lesson / "ask", "--labels", lesson / "labels.json", "--out", out)
    done = run_kiosk("evaluate", *asked, "--head", head, "--targets", "5")
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(out.read_text("utf-8"))
    assert report["pictures"] == 6
    assert report["top1"] == 1
    assert report["float_agreement"] == 1
    assert report["head"] == "head.npz"
    assert report["doubted"] == 0
    assert len(report["rows"]) == 12  # two labels are left to lie about
    assert report["success"] >= 0.8
    assert report["success_float"] is not None
    assert {row["target"] for row in report["rows"]} == set(NAMES)
    assert (report["method"], report["step_255"]) == ("falling", 2)
    assert max(row["linf_255"] for row in report["rows"]) <= 4


def test_the_same_folder_gives_the_same_bytes_and_copies_are_named(
    run_kiosk: RunKiosk, lesson: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "lesson"
    shutil.copytree(lesson / "teach", folder)
    shutil.copy(folder / "cat" / "0.png", folder / "cat" / "again.png")
    for number in (1, 2, 3):
        shutil.copy(folder / "rocket" / "0.png", folder / "rocket" / f"{number}.png")
    shutil.copy(folder / "cat" / "1.png", folder / "motorcycle" / "stray.png")
    for name in ("a.npz", "b.npz"):
        done = run_kiosk(
            "teach", "--from", folder, "--out", tmp_path / name, "--epochs", "3", "--layers", "none"
        )
        assert done.returncode == 0, done.stderr
        told = done.stdout.splitlines()
        assert "The same picture, tested as one: cat/0.png, cat/again.png" in told
        assert (
            "The same picture, tested as one: rocket/0.png, rocket/1.png, rocket/2.png, rocket/3.png" in told
        )
        assert "The same picture, under several labels: cat/1.png, motorcycle/stray.png" in told
        assert "Not tested, for want of a second picture: rocket" in told
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_a_picture_that_cannot_be_read_stops_it_all(
    run_kiosk: RunKiosk, tmp_path: Path, lesson: Path
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.png").write_bytes((lesson / "teach" / "cat" / "0.png").read_bytes())
    (tmp_path / "b" / "two.png").write_bytes(b"\x89PNG and no more")
    done = run_kiosk("teach", "--from", tmp_path, "--out", tmp_path / "head.npz")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "two.png" in done.stderr
    assert not (tmp_path / "head.npz").exists()


def test_a_file_that_is_no_head_is_refused(run_kiosk: RunKiosk, lesson: Path, tmp_path: Path) -> None:
    (tmp_path / "head.npz").write_bytes(b"PK\x03\x04 nothing of the kind")
    fixed = ("evaluate", "--pictures", lesson / "ask", "--out", tmp_path / "out.json", "--head")
    done = run_kiosk(*fixed, tmp_path / "head.npz")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "is no head of this kiosk" in done.stderr
    assert not (tmp_path / "out.json").exists()


def folders(root: Path, **pictures: int) -> Path:
    """Return a folder of label folders with so many files each, which look like pictures by their names."""
    for name, count in pictures.items():
        (root / name).mkdir(parents=True)
        for index in range(count):
            (root / name / f"{index}.png").touch()
    return root


@pytest.mark.parametrize(
    ("pictures", "said"),
    [
        ({}, "holds no folders"),
        ({"cat": 2}, "holds 1 folder"),
        ({f"label{n}": 1 for n in range(9)}, "holds 9 folder"),
        ({"cat": 1, "dog": 0}, "dog: holds no pictures"),
        ({"cat": 1, "dog": MOST_EXAMPLES + 1}, "takes up to 200"),
        ({"cat": 1, "x" * 65: 1}, "no name for a label"),
        ({"cat": 1, "bell\a": 1}, "no name for a label"),
    ],
)
def test_folders_that_are_no_lesson_are_refused(tmp_path: Path, pictures: dict[str, int], said: str) -> None:
    (tmp_path / "lesson").mkdir()
    with pytest.raises(KioskError, match=said):
        teach(folders(tmp_path / "lesson", **pictures), tmp_path / "head.npz")
    assert not (tmp_path / "head.npz").exists()


def test_what_else_is_refused_before_anything_is_opened(tmp_path: Path) -> None:
    lesson = folders(tmp_path / "lesson", cat=1, dog=1)
    with pytest.raises(KioskError, match="such as 32,32"):
        teach(lesson, tmp_path / "head.npz", layers="many")
    with pytest.raises(KioskError, match="a layer's width"):
        teach(lesson, tmp_path / "head.npz", layers="32,1000")


def teach(folder: Path, out: Path, layers: str = "32,32") -> int:
    recipe = Recipe()
    return run(
        None,
        folder=folder,
        out=out,
        model=None,
        layers=layers,
        epochs=recipe.epochs,
        batch=recipe.batch,
        learning_rate=recipe.learning_rate,
        seed=recipe.seed,
    )


def test_the_commands_defaults_are_the_recipes() -> None:
    """They are written twice, since the command line loads no module before it knows which."""
    assert isinstance(command, click.Group)
    given = {option.name: option.default for option in command.commands["teach"].params}
    recipe = Recipe()
    assert given["layers"] == ",".join(map(str, recipe.layers))
    for name in ("epochs", "batch", "learning_rate", "seed"):
        assert given[name] == getattr(recipe, name)
