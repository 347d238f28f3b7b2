"""Issue 3, must show 2: killed at any moment of an import, a save or a training run, the database opens whole."""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from kiosk.store.archive import archive_bytes, read_archive
from kiosk.store.exhibit_dataset import ExhibitDataset
from kiosk.store.store import Store
from tests.figures.figure import record, told
from tests.process.tireless_writer import FIRST, REPLACED, TRAINED, first_kept, head, imported, version
from tests.unit.kept_datasets import facts, taught

LONGEST_S = 1.0  # some turns of the writer's loop


def killed(file: Path, archive: Path, first: int, after_s: float) -> dict[str, int]:
    """Return the last of each change that a writer told of until it was killed."""
    command = [sys.executable, "-m", "tests.process.tireless_writer", str(file), str(archive), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        time.sleep(after_s)
        writer.kill()
        lines = writer.stdout.read().splitlines()
    assert writer.returncode == -signal.SIGKILL
    return {kind: int(number) for kind, number in (line.split() for line in lines if line[-1:].isdigit())}


@pytest.mark.parametrize("kills", [8, pytest.param(50, marks=pytest.mark.slow)])
def test_killed_at_any_moment_the_database_opens_and_every_dataset_is_whole(
    tmp_path: Path, kills: int
) -> None:
    file, archive = tmp_path / "kiosk.sqlite", tmp_path / "carried.zip"
    archive.write_bytes(archive_bytes(taught("carried", each=6, noisy=True)))
    carried = read_archive(archive)
    with Store(file) as store:
        store.save_dataset(first_kept())
        store.save_dataset(taught(TRAINED))
    delays, moments = random.Random(0), Counter[str]()
    turn = 0
    for kill in range(kills):
        done = killed(file, archive, turn, delays.uniform(0, LONGEST_S))
        with Store(file) as store:
            check(store, carried, done, turn)
            for kept in store.dataset_summaries():
                if kept.name.startswith("import-"):
                    store.remove_dataset(kept.name)
            assert store.faults() == (), f"after kill {kill} the file was found broken"
        moments[moment(done, turn)] += 1
        turn = max(done.values(), default=turn) + 2
    told(
        f"{kills} kills of a writer: during", ", ".join(f"{name} {moments[name]}" for name in sorted(moments))
    )
    whole = moments.total()
    record(
        f"{kills} kills of a writer: databases that opened whole",
        f"{whole} of {kills}",
        "all",
        whole == kills,
    )


def moment(done: dict[str, int], first: int) -> str:
    """Return what the writer was doing, by what it told last."""
    number = done.get("imported", first - 1)
    if done.get("replaced", first - 1) < number:
        return "a save"
    if done.get("trained", first - 1) < number:
        return "keeping a head"
    return "an import or a removal"


def check(store: Store, carried: ExhibitDataset, done: dict[str, int], first: int) -> None:
    """Whatever was told of is there, what was not is there whole or not at all, and all else is as it was."""
    kept = {summary.name: facts(store.dataset(summary.name)) for summary in store.dataset_summaries()}
    assert kept.pop(FIRST) == facts(first_kept())

    trained = store.dataset(TRAINED)
    number = done.get("trained")
    assert facts(trained) | {"head": None} == facts(taught(TRAINED)) | {"head": None}
    if number is not None:
        assert trained.head in (head(number), head(number + 1))
    kept.pop(TRAINED)

    replaced = kept.pop(REPLACED, None)
    number = done.get("replaced")
    if number is not None:
        assert replaced in (facts(version(number)), facts(version(number + 1)))

    numbers = {int(name.removeprefix("import-")) for name in kept}
    for number in numbers:
        assert kept[f"import-{number}"] == facts(imported(carried, number))
    newest = done.get("imported", first - 1)
    assert numbers <= {newest - 1, newest, newest + 1}
    assert newest in numbers or newest < first or newest + 1 in numbers
    assert done.get("removed") not in numbers
