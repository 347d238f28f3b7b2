"""Prints the row of README's table of what was tried where, from the file in which a run kept what it measured."""

import sys
from datetime import UTC, datetime
from pathlib import Path

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
    figures = [f"{line['name']} {line['figure']}" for line in kept.figures if line["test"] in kept.passed]
    if figures:
        told.append(". Measured there, which says nothing of a board's speed: " + "; ".join(figures))
    return f"| {WHERE} | {''.join(told)} |\n"


if __name__ == "__main__":
    sys.stdout.write(row(Kept.read(Path(sys.argv[1])), f"{datetime.now(UTC):%-d %B %Y}"))
