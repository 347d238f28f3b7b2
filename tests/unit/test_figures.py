"""What slow tests measure is kept as they go on, and every one of them belongs to one group."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.figures import figure
from tests.figures.kept import Kept, groups, groups_of
from tests.figures.table import put_together

ROOT = Path(__file__).resolve().parents[2]
TESTS = """
import os, time
import pytest
from tests.figures.figure import at_least, at_most, between, few_of, most_of, told

@pytest.mark.parametrize("side", [1, 2])
def test_kept(side):
    told(f"told {side}", "3 to 4")
    at_most(f"small {side}", 1, 2, " s")

def test_broken():
    between("between", 2, 1, 3, " s")
    most_of("most", 9, 10, 9)
    few_of("few", 1, 10, 0.1)
    at_least("large", 1, 2 if os.environ.get("BROKEN") else 1)

def test_long():
    told("begun", "soon")
    if os.environ.get("HANGING"):
        time.sleep(60)

def test_skipped():
    pytest.skip("not here")
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "test_some.py").write_text(TESTS, "utf-8")
    return tmp_path


def begin(folder: Path, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.figures.measuring", "-c", os.devnull]
    return subprocess.Popen(
        [*command, "--rootdir", str(folder), *arguments, str(folder)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(folder: Path, tree: str, status: int, *arguments: str, **environment: str) -> Kept:
    """Return what is kept in a file after a run in a state of the tree."""
    file = folder / "figures" / "group.jsonl"
    running = begin(folder, "--keep-figures", str(file), "--tree", tree, *arguments, **environment)
    said, _ = running.communicate(timeout=60)
    assert running.returncode == status, said
    return Kept.read(file)


def names(kept: Kept) -> list[str]:
    return [figure["name"] for figure in kept.figures]


ALL = ["told 1", "small 1", "told 2", "small 2", "between", "most", "few", "large", "begun"]


class TestAGroup:
    def test_that_passes_is_complete_and_keeps_every_figure(self, folder: Path) -> None:
        kept = run(folder, "one", 0)
        assert kept.tree == "one"
        assert kept.is_complete
        assert names(kept) == ALL
        assert kept.summary.startswith("4 passed, 1 skipped in ")
        told, small = kept.figures[:2]
        assert (told["figure"], told["bound"], told["passed"]) == ("3 to 4", "none", None)
        assert (small["figure"], small["bound"], small["passed"]) == ("1 s", "at most 2 s", True)
        said = [(figure["figure"], figure["bound"]) for figure in kept.figures[4:8]]
        assert said == [
            ("2 s", "1 to 3 s"),
            ("9 of 10", "at least 9"),
            ("1 of 10", "at most 10 %"),
            ("1", "at least 1"),
        ]

    def test_that_failed_is_gone_on_with(self, folder: Path) -> None:
        failed = run(folder, "one", 1, BROKEN="1")
        assert not failed.is_complete
        assert failed.failed == ["test_some.py::test_broken"]
        (large,) = (figure for figure in failed.figures if figure["name"] == "large")
        assert (large["bound"], large["passed"]) == ("at least 2", False)
        before = failed.figures[0]

        kept = run(folder, "one", 0)
        assert kept.is_complete
        assert kept.failed == []
        assert kept.figures[0] == before
        assert sorted(names(kept)) == sorted(ALL)
        ended = [line["test"] for line in kept.lines if "outcome" in line]
        assert ended[-2:] == ["test_some.py::test_broken", "test_some.py::test_skipped"], "no other was run"

    def test_in_another_state_of_the_tree_begins_anew(self, folder: Path) -> None:
        run(folder, "one", 0, "-k", "kept")
        kept = run(folder, "two", 0, "-k", "broken")
        assert (kept.tree, names(kept)) == ("two", ["between", "most", "few", "large"])

    @pytest.mark.parametrize("with_signal", [signal.SIGINT, signal.SIGKILL])
    def test_that_is_ended_keeps_what_it_measured(self, folder: Path, with_signal: signal.Signals) -> None:
        file = folder / "figures" / "group.jsonl"
        running = begin(folder, "--keep-figures", str(file), "--tree", "one", HANGING="1")
        while not file.exists() or "begun" not in names(Kept.read(file)):
            assert running.poll() is None
            time.sleep(0.05)
        running.send_signal(with_signal)
        running.communicate(timeout=30)
        ended = Kept.read(file)
        assert not ended.is_complete
        assert names(ended) == ALL
        kept = run(folder, "one", 0)
        assert (sorted(names(kept)), kept.is_complete) == (sorted(ALL), True)

    def test_of_which_only_the_end_was_missing_is_complete(self, folder: Path) -> None:
        kept = run(folder, "one", 0, "-k", "not skipped")
        lines = kept.path.read_text("utf-8").splitlines()
        kept.path.write_text("\n".join([*lines[:-1], lines[-1][:5]]), "utf-8")
        assert not Kept.read(kept.path).is_complete
        assert run(folder, "one", 0, "-k", "not skipped").is_complete


def test_other_runs_show_a_table_at_the_end(folder: Path) -> None:
    running = begin(folder, BROKEN="1")
    said, _ = running.communicate(timeout=60)
    assert running.returncode == 1
    rows = [line.split() for line in said[said.index("= figures =") :].splitlines()]
    assert ["name", "figure", "bound", "passed"] in rows
    assert ["small", "1", "1", "s", "at", "most", "2", "s", "yes"] in rows
    assert ["large", "1", "at", "least", "2", "NO"] in rows
    assert "AssertionError: large: 1, where the bound is at least 2" in said


def test_the_table_says_what_was_not_measured_here(tmp_path: Path) -> None:
    folder = tmp_path / "figures"
    topics = Kept.begun(folder / "topics.jsonl", "one")
    topics.add({"test": "a", "name": "rolls [of dice]", "figure": "0 of 5", "bound": "none", "passed": None})
    topics.add_end("a", "passed", 2.0)
    topics.complete()
    soak = Kept.begun(folder / "soak.jsonl", "two")
    soak.add_end("b", "failed", 1.0)
    told = put_together(folder, "two").splitlines()
    assert "  rolls [of dice]   0 of 5   none    -" in told
    assert "topics: 1 passed in 2 s; measured in another state of the tree, one" in told
    assert told[told.index("soak: 1 failed in 1 s; NOT COMPLETED") + 1] == "    FAILED b"
    assert "attacks: not measured" in told
    written = json.loads((tmp_path / "figures.json").read_text("utf-8"))
    assert written["groups"]["soak"]["failed"] == ["b"]
    (figure,) = written["figures"]
    assert (figure["group"], figure["name"], figure["figure"]) == ("topics", "rolls [of dice]", "0 of 5")


# ---- groups


def test_a_slow_test_that_belongs_to_no_group_is_refused(tmp_path: Path) -> None:
    stray = tmp_path / "test_stray.py"
    stray.write_text("import pytest\n@pytest.mark.slow\ndef test_stray(): ...\n", "utf-8")
    settings = str(ROOT / "pyproject.toml")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-c",
        settings,
        "-p",
        "tests.figures.measuring",
        str(stray),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, "names no group, or several, for" in done.stderr) == (4, True), done.stdout


def test_whatever_records_figures_belongs_to_one_group() -> None:
    imported = re.compile(r"^from tests\.figures(\.figure import| import figure$)", re.MULTILINE)
    files = [file for file in (ROOT / "tests").rglob("test_*.py") if imported.search(file.read_text("utf-8"))]
    ids = [str(file.relative_to(ROOT)) for file in files if file != Path(__file__)]
    assert len(ids) > 8
    assert {test: groups_of(test) for test in ids if len(groups_of(test)) != 1} == {}


def test_the_places_of_groups_are_there_and_one_group_has_none() -> None:
    places = [place.partition("::")[0] for places in groups().values() for place in places]
    assert [place for place in places if not [*ROOT.glob(place)]] == []
    assert [name for name, places in groups().items() if not places] == ["ordinary"]


def test_no_group_may_take_longer_than_an_hour() -> None:
    rows = (ROOT / "tests" / "figures" / "groups.txt").read_text("utf-8").splitlines()
    minutes = [int(row.split()[1]) for row in rows if not row.startswith("#")]
    assert all(0 < each <= 60 for each in minutes)


@figure.all_judged()
def judge_three() -> None:
    figure.at_most("first", 2, 1)
    figure.at_most("second", 1, 1)
    figure.at_least("third", 1, 2)


def test_figures_that_are_judged_together_fail_together() -> None:
    heard: list[figure.Figure] = []
    figure.listen(heard.append)
    with pytest.raises(AssertionError) as failed:
        judge_three()
    assert str(failed.value).splitlines() == [
        "first: 2, where the bound is at most 1",
        "third: 1, where the bound is at least 2",
    ]
    assert [each.passed for each in heard] == [False, True, False]
    with pytest.raises(AssertionError):
        figure.at_most("afterwards", 2, 1)
