"""Writes the row of README's table of what was tried where, and the table of faults, from what a run kept."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.device.machine.faults import FAULT, table
from tests.figures.kept import Kept

WHERE = (
    "the whole exhibit in an emulated x86-64 machine: Debian 13, its kernel, systemd, DRM, evdev, gpio-keys, V4L2, USB "
    "(`sudo tests/device/machine/run`)"
)


def spoken(test: str) -> str:
    """Return a test's name as words."""
    name = test.rpartition("::")[2].removeprefix("test_")
    what, _, case = name.partition("[")
    return what.replace("_", " ") + (f" ({case.rstrip(']')})" if case else "")


def row(kept: Kept, day: str) -> str:
    """Return what was tried on that day: how it ended, in words and figures."""
    passed = sorted(kept.passed)
    told = [f"on {day} {len(passed)} of {len(passed) + len(kept.failed)} tests passed: "]
    told.append("; ".join(map(spoken, passed)))
    if kept.failed:
        told.append(". **Failed**: " + "; ".join(map(spoken, kept.failed)))
    measured = [line for line in kept.figures if line["test"] in kept.passed]
    figures = [f"{line['name']} {line['figure']}" for line in measured if not line["name"].startswith(FAULT)]
    faults = [line for line in measured if line["name"].startswith(FAULT)]
    if faults:
        told.append(f". {len(faults)} faults, each with a picture in dist/machine/faults.md, lost nothing")
    if figures:
        told.append(". Measured there, which says nothing of a board's speed: " + "; ".join(figures))
    return f"| {WHERE} | {''.join(told)} |\n"


def main(figures: Path, folder: Path) -> None:
    """Write both tables in a folder."""
    kept = Kept.read(figures)
    (folder / "tried-where.md").write_text(row(kept, f"{datetime.now(UTC):%-d %B %Y}"), "utf-8")
    faults = [(line["name"], line["figure"]) for line in kept.figures]
    (folder / "faults.md").write_text(table(faults), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
