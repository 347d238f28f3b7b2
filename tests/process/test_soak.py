"""Two thousand visits of every kind, a third with a fault: nothing freezes, nothing grows, each fault is told once."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from scipy.stats import linregress, t

from kiosk.device.state_folder import StateFolder
from tests.figures import figure

VISITS = 2000
SEED = 26
SETTLED = 200
FROZEN_S = 3.0
SLOPE_KB = 1.0
CURVE = Path(__file__).with_name("soak.png")


def own_state(state: StateFolder, folder: Path) -> StateFolder:
    """The models, and no database."""
    shutil.copytree(state.path, folder, ignore=shutil.ignore_patterns("kiosk.sqlite*", ".kiosk.sqlite*"))
    return StateFolder(folder)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A folder with a picture that can be read."""
    folder = tmp_path / "stick"
    folder.mkdir()
    shades = np.linspace(0, 255, 320 * 240 * 3).reshape(240, 320, 3).astype(np.uint8)
    Image.fromarray(shades).save(folder / "a.png")
    return folder


def soaked(state: StateFolder, stick: Path, visits: int) -> dict[str, Any]:
    """The story of so many visits, played in a process of their own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.process.soak", str(state.path), str(stick), str(visits), str(SEED)],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert "Traceback" not in done.stderr, done.stderr[-4000:]
    story: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return story


def test_some_visits_with_faults(state: StateFolder, stick: Path, tmp_path: Path) -> None:
    story = soaked(own_state(state, tmp_path / "state"), stick, 18)
    assert story["wrong"] == []
    assert story["longest_frame_s"] <= FROZEN_S


@pytest.mark.slow
@pytest.mark.timeout(2 * 3600)
def test_two_thousand_visits_of_every_kind(state: StateFolder, stick: Path, tmp_path: Path) -> None:
    story = soaked(own_state(state, tmp_path / "state"), stick, VISITS)
    draw(story, CURVE)
    faults = sum(story["faults"].values())
    figure.told("visits, by kind", ", ".join(f"{kind} {count}" for kind, count in story["visits"].items()))
    figure.at_least("share of visits with a fault", faults / VISITS, 0.3)
    figure.told("faults, by kind", ", ".join(f"{kind} {count}" for kind, count in story["faults"].items()))
    figure.at_most("longest frame", story["longest_frame_s"], FROZEN_S, " s")
    figure.record(
        "what went wrong", f"{len(story['wrong'])}: {story['wrong'][:3]}", "nothing", not story["wrong"]
    )
    at, allocated = np.array(story["at"]), np.array(story["allocated"])
    demand_flat("exhibit, memory allocated", at, allocated)
    figure.told("exhibit, memory resident, most", f"{max(story['resident']):.1f} MB")
    ages, grown = ages_and_growth(story["gradients"])
    demand_flat("gradient process, memory resident by its own age", ages, grown)
    settled = at > SETTLED
    for name in ("descriptors", "threads"):
        values = np.array(story[name])[settled]
        figure.told(f"{name}, least and most after {SETTLED} visits", f"{values.min()} to {values.max()}")
        figure.at_most(f"{name}: growth from the first to the last quarter", quarters(values), 1.0)


def demand_flat(name: str, at: np.ndarray[Any, Any], megabytes: np.ndarray[Any, Any]) -> None:
    """Demand a slope below the bound; its interval of 95 % is told beside it."""
    settled = at > (SETTLED if at.max() > 2 * SETTLED else 0)
    fit = linregress(at[settled], megabytes[settled] * 1024)
    half = float(t.ppf(0.975, settled.sum() - 2) * fit.stderr)
    figure.told(f"{name}: slope with interval", f"{fit.slope:.3f} +- {half:.3f} KB a visit")
    figure.at_most(f"{name}: slope", float(fit.slope), SLOPE_KB, " KB a visit")


def ages_and_growth(seen: list[tuple[int, int, float]]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return how old each gradient process was in visits, and what it had grown by, over all that lived."""
    ages, grown = [], []
    lives: dict[int, list[tuple[int, float]]] = {}
    for number, pid, megabytes in seen:
        lives.setdefault(pid, []).append((number, megabytes))
    for life in lives.values():
        first_number, first_mb = life[0]
        ages += [number - first_number for number, _ in life]
        grown += [megabytes - first_mb for _, megabytes in life]
    return np.array(ages), np.array(grown)


def quarters(values: np.ndarray[Any, Any]) -> float:
    """Return how much larger the median of the last quarter is than that of the first."""
    quarter = max(1, len(values) // 4)
    return float(np.median(values[-quarter:]) - np.median(values[:quarter]))


def draw(story: dict[str, Any], file: Path) -> None:
    """Draw the memory of both processes over the visits."""
    from matplotlib.figure import Figure

    drawing = Figure(figsize=(9, 4), layout="constrained")
    axes = drawing.add_subplot()
    axes.plot(story["at"], story["resident"], label="exhibit, resident")
    axes.plot(story["at"], story["allocated"], label="exhibit, allocated")
    axes.plot(
        [number for number, _, _ in story["gradients"]],
        [megabytes for _, _, megabytes in story["gradients"]],
        ".",
        markersize=2,
        label="gradient process, resident (a new one after each kill)",
    )
    axes.set(xlabel="visits", ylabel="MB", ylim=(0, None))
    axes.legend(loc="lower right")
    axes.grid(alpha=0.3)
    drawing.savefig(file, dpi=80)
