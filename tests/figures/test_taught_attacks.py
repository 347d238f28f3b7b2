"""Issue 12, point 21: what attacks on taught heads reach, by the commands, on lessons of every kind.

The photographs measure; the rule was chosen on those inside packages (`package_photographs`), and from theory.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kiosk.attack.run import METHODS
from kiosk.device.state_folder import StateFolder
from kiosk.gradients.client import GradientClient
from kiosk.store.head_file import save_head
from kiosk.vision.classifier import Classifier
from kiosk.vision.picture import png_bytes
from tests.figures.figure import at_least, at_most, enough, most_of, told
from tests.figures.test_head import few, taught_by
from tests.lessons import Lesson, crops, groups, kinds, objects

SUCCESS, STEPS, GRADIENTS, BUDGET_255 = 0.98, 5, 10, 4
ATTACKS = 60
# The seeds are those of lessons that nothing else was measured on.
LESSONS: dict[str, Callable[[Sequence[Path]], Lesson]] = {
    "6 photographs, 10 crops each": partial(crops, seed=200, labels=6, views=10),
    "6 others": partial(crops, seed=201, labels=6, views=10),
    "8 photographs, 10 crops each": partial(crops, seed=202, labels=8, views=10),
    "2 objects": partial(objects, seed=203, labels=2, bursts=6, frames=5),
    "5 objects": partial(objects, seed=204, labels=5, bursts=6, frames=2),
    "4 objects, one burst of 30 each": partial(objects, seed=205, labels=4, bursts=1, frames=30),
    "8 groups of 6 photographs": partial(groups, seed=206, photographs=6, bursts=2, frames=3),
    "8 kinds, other photographs": partial(kinds, seed=207, frames=6),
}

slow = pytest.mark.slow
long = pytest.mark.timeout(3600)
Report = dict[str, Any]


@dataclass(frozen=True)
class Taught:
    """A lesson's folder: its head, pictures that ask about it, and their labels."""

    folder: Path

    def evaluated(self, state: StateFolder, *arguments: str) -> Report:
        """Run `kiosk evaluate --head` on it."""
        out = self.folder / "report.json"
        given = {"--pictures": "ask", "--labels": "labels.json", "--head": "head.npz"}
        fixed = [part for name, file in given.items() for part in (name, str(self.folder / file))]
        command = [sys.executable, "-m", "kiosk", "evaluate", *fixed, "--out", str(out), *arguments]
        done = subprocess.run(
            command,
            env=os.environ | {"KIOSK_STATE": str(state.path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        report: Report = json.loads(out.read_text("utf-8"))
        return report


@pytest.fixture(scope="module")
def lessons(
    shared: Path, gradients: GradientClient, classifier: Classifier, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Taught]:
    """Every lesson, taught, with 60 pictures to attack."""
    files = sorted((shared / "images").glob("*.jpg"))
    taught = {}
    for name, draw in LESSONS.items():
        lesson, folder = draw(files), tmp_path_factory.mktemp("lesson")
        head = taught_by(gradients, classifier, lesson.names, lesson.teaching).head
        save_head(head, folder / "head.npz")
        asking = few(lesson.asking, -(-ATTACKS // len(lesson.names)))[:ATTACKS]
        labels = {}
        (folder / "ask").mkdir()
        for index, view in enumerate(asking):
            (folder / "ask" / f"{index}.png").write_bytes(png_bytes(view.picture))
            labels[f"{index}.png"] = lesson.names[view.label]
        (folder / "labels.json").write_text(json.dumps(labels), "utf-8")
        taught[name] = Taught(folder)
    return taught


@slow
@long
def test_the_default_fools_lessons_of_every_kind(lessons: dict[str, Taught], state: StateFolder) -> None:
    rows, reports = [], {}
    for name, lesson in lessons.items():
        report = lesson.evaluated(state)
        assert (report["method"], report["step_255"]) == ("falling", BUDGET_255 / 2)
        fooled = [row for row in report["rows"] if row["fooled"]]
        rows += report["rows"]
        told(f"{name}: fooled, of these doubted; top-1 clean", f"{doubts(report)}; {report['top1']:.3f}")
        steps = f"{report['steps_median']:g}, {max(row['step'] for row in fooled)}"
        told(f"{name}: steps, median and most; L2, median", f"{steps}; {report['l2_255_median']:.0f}")
        reports[name] = report
    fooled_of_all = sum(row["fooled"] for row in rows)
    at_most("all lessons: L-inf in 1/255, largest", max(row["linf_255"] for row in rows), BUDGET_255)
    at_most("all lessons: step, largest", max(row["step"] for row in rows), GRADIENTS)
    for name, report in reports.items():
        at_most(f"{name}: steps, median", report["steps_median"], STEPS)
        at_least(f"{name}: fooled in {GRADIENTS} gradients, share", report["success"], SUCCESS)
    most_of("all lessons: fooled", fooled_of_all, len(rows), enough(SUCCESS, len(rows)))


@slow
@long
@pytest.mark.parametrize("name", list(LESSONS)[:1])
def test_the_other_methods(lessons: dict[str, Taught], state: StateFolder, name: str) -> None:
    ways = [("--method", method) for method in METHODS if method != "falling"]
    for way in [*ways, ("--method", "sign", "--step", "0.5")]:
        report = lessons[name].evaluated(state, *way)
        steps, l2 = report["steps_median"] or np.nan, report["l2_255_median"] or np.nan
        told(f"{name}, {' '.join(way[1:])}: fooled, of these doubted", doubts(report))
        told(f"{name}, {' '.join(way[1:])}: steps and L2, medians", f"{steps:g}, {l2:.0f}")


def doubts(report: Report) -> str:
    fooled = [row for row in report["rows"] if row["fooled"]]
    return f"{len(fooled)} of {len(report['rows'])}, {sum(not row['known'] for row in fooled)}"
