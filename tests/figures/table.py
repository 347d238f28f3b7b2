"""The table of figures: `python -m tests.figures.table FOLDER TREE` puts it together from the files of all groups."""

import io
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from tests.figures.kept import Kept, groups

WIDTH = 160  # where there is no terminal that has one
PASSED = {True: "yes", False: "NO", None: "-"}


def table_text(figures: Iterable[Mapping[str, Any]]) -> str:
    """Return figures as a table: name, figure, bound, passed."""
    table = Table("name", "figure", "bound", "passed", box=SIMPLE_HEAD)
    for each in figures:
        table.add_row(each["name"], each["figure"], each["bound"], PASSED[each["passed"]])
    out = io.StringIO()
    width = None if sys.stdout.isatty() else WIDTH
    Console(file=out, width=width, markup=False, highlight=False, emoji=False).print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def put_together(folder: Path, tree: str) -> str:
    """Write `figures.json` beside a folder of group files; return the table and how each group ended."""
    kept = {name: Kept.read(folder / f"{name}.jsonl") for name in groups()}
    measured = {name: file for name, file in kept.items() if file.lines}
    figures = [{"group": name, **line} for name, file in measured.items() for line in file.figures]
    of_groups = {
        name: {"tree": file.tree, "complete": file.is_complete, "ended": file.summary, "failed": file.failed}
        for name, file in measured.items()
    }
    whole = json.dumps({"tree": tree, "groups": of_groups, "figures": figures}, indent=1, ensure_ascii=False)
    (folder.parent / "figures.json").write_text(whole + "\n", "utf-8")
    return table_text(figures) + "".join(_told(name, file, tree) for name, file in kept.items())


def _told(name: str, file: Kept, tree: str) -> str:
    if not file.lines:
        return f"{name}: not measured\n"
    not_whole = "" if file.is_complete else "; NOT COMPLETED"
    elsewhere = "" if file.tree == tree else f"; measured in another state of the tree, {file.tree}"
    failed = "".join(f"    FAILED {test}\n" for test in file.failed)
    return f"{name}: {file.summary}{not_whole}{elsewhere}\n{failed}"


if __name__ == "__main__":
    sys.stdout.write(put_together(Path(sys.argv[1]), sys.argv[2]))
