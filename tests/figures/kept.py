"""The file of a group: what it measured, a line each, as JSON.

The first line says of which state of the tree; then come figures, and the end of every test; the last line says that
the group was completed. It is written as the tests go on, so that a run which is ended keeps what it measured.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from tests.figures.figure import Figure

Line = dict[str, Any]

_ANY, _BENEATH = "[^/]*", r"(?:$|/|::|\[)"
GROUPS = Path(__file__).with_name("groups.txt")


def groups() -> dict[str, tuple[str, ...]]:
    """Return the places of every group's tests."""
    rows = [row.partition("#")[0].split() for row in GROUPS.read_text("utf-8").splitlines()]
    return {row[0]: tuple(row[2:]) for row in rows if row}


def groups_of(test: str) -> list[str]:
    """Return the groups that have a place for a test."""
    return [
        name
        for name, places in groups().items()
        if any(re.match(_ANY.join(map(re.escape, place.split("*"))) + _BENEATH, test) for place in places)
    ]


class Kept:
    """What is in a group's file."""

    def __init__(self, path: Path, lines: Iterable[Line]) -> None:
        self.path = path
        self.lines = list(lines)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return what a file holds but for a line that was torn."""
        lines = []
        for text in path.read_text("utf-8").splitlines() if path.exists() else ():
            try:
                lines.append(json.loads(text))
            except json.JSONDecodeError:
                break
        return cls(path, lines)

    @classmethod
    def begun(cls, path: Path, tree: str) -> Self:
        """Write the file anew, with the passed tests of the same state of the tree, and return it."""
        before = cls.read(path)
        passed = before.passed if before.tree == tree else frozenset()
        kept = cls(path, [{"tree": tree}, *(line for line in before.lines if line.get("test") in passed)])
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        new.write_text("".join(f"{json.dumps(line)}\n" for line in kept.lines), "utf-8")
        new.replace(path)
        return kept

    def add(self, line: Line) -> None:
        """Append a line."""
        self.lines.append(line)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"{json.dumps(line)}\n")

    def add_figure(self, test: str, figure: Figure) -> None:
        """Append what a test measured."""
        self.add({"test": test, **asdict(figure)})

    def add_end(self, test: str, outcome: str, seconds: float) -> None:
        """Append how a test ended."""
        self.add({"test": test, "outcome": outcome, "seconds": round(seconds, 1)})

    def complete(self) -> None:
        """Append that nothing is left to measure."""
        self.add({"complete": True})

    @property
    def tree(self) -> str:
        """The state of the tree that was measured."""
        return str(self.lines[0].get("tree", "")) if self.lines else ""

    @property
    def is_complete(self) -> bool:
        """Return whether nothing is left to measure."""
        return bool(self.lines) and "complete" in self.lines[-1]

    @property
    def figures(self) -> list[Line]:
        """The figures, as they were recorded."""
        return [line for line in self.lines if "figure" in line]

    @property
    def passed(self) -> frozenset[str]:
        """The tests that need not be run again."""
        return frozenset(line["test"] for line in self._ends if line["outcome"] == "passed")

    @property
    def failed(self) -> list[str]:
        """The tests that failed."""
        return [line["test"] for line in self._ends if line["outcome"] == "failed"]

    @property
    def summary(self) -> str:
        """How its tests ended, and how long they took."""
        counts = Counter(line["outcome"] for line in self._ends)
        told = ", ".join(f"{counts[outcome]} {outcome}" for outcome in sorted(counts)) or "no test ended"
        return f"{told} in {sum(line['seconds'] for line in self._ends):.0f} s"

    @property
    def _ends(self) -> list[Line]:
        return [line for line in self.lines if "outcome" in line]
