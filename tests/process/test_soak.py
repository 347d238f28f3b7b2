"""Two thousand visits of every kind, a third with a fault: nothing freezes, nothing grows, each fault is told once."""

import json
import math
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from scipy.stats import linregress, t

from kiosk.device.state_folder import StateFolder
from tests.figures import figure

pytestmark = pytest.mark.timed

VISITS = 2000
# Three exhibits beside each other, a third of the visits each: one waits for its processes while another works.
SEEDS = (26, 27, 28)
SETTLED = 200
FROZEN_S = 3.0
SLOPE_KB = 1.0
# A gradient process grows by 1 MB in its first teaching and by 0.1 MB in its first 60 visits, then hardly at all.
WARM, LONG_LIFE = 100, 300
GRADIENT_FAULTS = 100
COUNTED = ("visits", "faults")
MEASURED = ("at", "resident", "allocated", "descriptors", "threads")
# Python's small objects are malloc's as well, and what is freed is not kept by a thread, which counts as in use.
ALL_COUNTED = {"PYTHONMALLOC": "malloc", "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0"}
# Number of the visit, process, resident and allocated in MB.
Seen = tuple[int, int, float, float]
Floats = np.ndarray[Any, Any]
CURVE = Path(__file__).with_name("soak.png")


def own_state(state: StateFolder, folder: Path) -> StateFolder:
    """The models, and no database."""
    shutil.copytree(state.path, folder, ignore=shutil.ignore_patterns("kiosk.sqlite*", ".kiosk.sqlite*"))
    return StateFolder(folder)


def stick_with_a_picture(folder: Path) -> Path:
    """A folder with a picture that can be read."""
    folder.mkdir()
    shades = np.linspace(0, 255, 320 * 240 * 3).reshape(240, 320, 3).astype(np.uint8)
    Image.fromarray(shades).save(folder / "a.png")
    return folder


def soaked(state: StateFolder, folder: Path, visits: int, seed: int) -> dict[str, Any]:
    """The story of so many visits, played in a process of their own."""
    folder.mkdir()
    stick = stick_with_a_picture(folder / "stick")
    own = own_state(state, folder / "state")
    log = folder / "log"  # a file, to be read while it plays
    with log.open("w") as told:
        done = subprocess.run(
            [sys.executable, "-m", "tests.process.soak", str(own.path), str(stick), str(visits), str(seed)],
            cwd=Path(__file__).resolve().parents[2],
            env=os.environ | ALL_COUNTED,
            stdout=subprocess.PIPE,
            stderr=told,
            text=True,
            check=False,
        )
    assert done.returncode == 0, log.read_text()[-4000:]
    assert "Traceback" not in log.read_text(), log.read_text()[-4000:]
    *told_lines, last = done.stdout.splitlines()
    story: dict[str, Any] = json.loads(last)
    measured = [json.loads(line) for line in told_lines if line.startswith("{")]
    story |= {of: [each[of] for each in measured] for of in MEASURED}
    seen = [(each["at"], *each["gradients"]) for each in measured if each["gradients"]]
    return story | {"gradients": seen}


def test_some_visits_with_faults(state: StateFolder, tmp_path: Path) -> None:
    story = soaked(state, tmp_path / "soak", 4, SEEDS[0])
    assert story["faults"], "some have one"
    assert story["gradients"], "a gradient process says what it has allocated"
    assert story["wrong"] == []
    assert story["longest_frame_s"] <= FROZEN_S


def test_the_longest_life_is_the_one_that_is_judged() -> None:
    seen = [(0, 7, 9.0, 1.0), (3, 7, 9.0, 2.0), (4, 8, 9.0, 3.0), (9, 8, 9.0, 4.0), (10, 9, 9.0, 5.0)]
    ages, allocated = longest_life(seen)
    assert (list(ages), list(allocated)) == ([0, 5], [3.0, 4.0])
    assert [len(each) for each in longest_life([])] == [0, 0]


@pytest.mark.slow
@pytest.mark.timeout(6000)
def test_two_thousand_visits_of_every_kind(state: StateFolder, tmp_path: Path) -> None:
    each = math.ceil(VISITS / len(SEEDS))
    with ThreadPoolExecutor() as beside:
        playing = [beside.submit(soaked, state, tmp_path / f"seed-{seed}", each, seed) for seed in SEEDS]
    stories = {seed: played.result() for seed, played in zip(SEEDS, playing, strict=True)}
    draw(stories, CURVE)
    visits, faults = (sum((Counter(story[of]) for story in stories.values()), Counter()) for of in COUNTED)
    figure.told("visits, by kind", ", ".join(f"{kind} {count}" for kind, count in visits.items()))
    figure.told("faults, by kind", ", ".join(f"{kind} {count}" for kind, count in faults.items()))
    with figure.all_judged():
        figure.at_least("share of visits with a fault", faults.total() / visits.total(), 0.3)
        of_gradients = sum(faults[kind] for kind in faults if kind.startswith("gradients"))
        figure.at_least("gradient processes killed or stopped", of_gradients, GRADIENT_FAULTS)
        for seed, story in stories.items():
            demand_steady(f"exhibit {seed}", story)


def demand_steady(name: str, story: dict[str, Any]) -> None:
    """Demand that nothing froze, nothing grew and each fault was told once."""
    figure.at_most(f"{name}: longest frame", story["longest_frame_s"], FROZEN_S, " s")
    wrong = story["wrong"]
    figure.record(f"{name}: what went wrong", f"{len(wrong)}: {wrong[:3]}", "nothing", not wrong)
    at, allocated = np.array(story["at"]), np.array(story["allocated"])
    demand_flat(f"{name}, memory allocated", at, allocated, SETTLED)
    figure.told(f"{name}, memory resident, most", f"{max(story['resident']):.1f} MB")
    demand_steady_gradients(f"{name}, gradient process", story)
    settled = at > SETTLED
    for of in ("descriptors", "threads"):
        values = np.array(story[of])[settled]
        figure.told(
            f"{name}: {of}, least and most after {SETTLED} visits", f"{values.min()} to {values.max()}"
        )
        figure.at_most(f"{name}: {of}: growth from the first to the last quarter", quarters(values), 1.0)


def demand_steady_gradients(name: str, story: dict[str, Any]) -> None:
    """Demand that a gradient process lived long, and did not grow; those before it were killed or stopped."""
    unasked = story["lost_unasked"]
    figure.told(f"{name}: lost without a fault of its own", f"{len(unasked)}: {unasked[:3]}")
    most_mb = max((resident for _, _, resident, _ in story["gradients"]), default=0.0)
    figure.told(f"{name}, memory resident, most", f"{most_mb:.1f} MB")
    ages, allocated = longest_life(story["gradients"])
    figure.at_least(f"{name}: visits that one lived for", int(ages.max(initial=0)), LONG_LIFE)
    if ages.max(initial=0) > 2 * WARM:  # any shorter, and there is nothing to fit
        demand_flat(f"{name}, memory allocated", ages, allocated, WARM)


def demand_flat(name: str, at: Floats, megabytes: Floats, settled_after: int) -> None:
    """Demand a slope below the bound; its interval of 95 % is told beside it."""
    settled = at > settled_after
    fit = linregress(at[settled], megabytes[settled] * 1024)
    half = float(t.ppf(0.975, settled.sum() - 2) * fit.stderr)
    figure.told(f"{name}: slope with interval", f"{fit.slope:.3f} +- {half:.3f} KB a visit")
    figure.at_most(f"{name}: slope", float(fit.slope), SLOPE_KB, " KB a visit")


def longest_life(seen: Sequence[Seen]) -> tuple[Floats, Floats]:
    """Return how old the gradient process that lived longest was in visits, and what it had allocated, in MB."""
    lives: dict[int, list[tuple[int, float]]] = {}
    for number, pid, _, allocated in seen:
        lives.setdefault(pid, []).append((number, allocated))
    numbers, megabytes = np.array(max(lives.values(), key=length, default=[]), float).reshape(-1, 2).T
    return numbers - numbers[:1], megabytes


def length(life: Sequence[tuple[int, float]]) -> int:
    """Return over how many visits a process was seen."""
    return life[-1][0] - life[0][0]


def quarters(values: Floats) -> float:
    """Return how much larger the median of the last quarter is than that of the first."""
    quarter = max(1, len(values) // 4)
    return float(np.median(values[-quarter:]) - np.median(values[:quarter]))


def draw(stories: dict[int, dict[str, Any]], file: Path) -> None:
    """Draw the memory of both processes of each exhibit over the visits."""
    from matplotlib.figure import Figure

    drawing = Figure(figsize=(9, 5), layout="constrained")
    axes = drawing.add_subplot()
    for seed, story in stories.items():
        axes.plot(story["at"], story["resident"], label=f"exhibit {seed}, resident")
        axes.plot(story["at"], story["allocated"], label=f"exhibit {seed}, allocated")
        axes.plot(
            [number for number, *_ in story["gradients"]],
            [allocated for *_, allocated in story["gradients"]],
            ".",
            markersize=2,
            label=f"gradient process {seed}, allocated",
        )
    axes.set(xlabel="visits", ylabel="MB", ylim=(0, None))
    drawing.legend(loc="outside lower center", ncols=len(stories), fontsize="small")
    axes.grid(alpha=0.3)
    drawing.savefig(file, dpi=80)
