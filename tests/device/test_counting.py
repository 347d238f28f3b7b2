"""What is told of counted instructions: costs by part, bars, and a gradient that takes too many."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.device.arm64.counting import report
from tests.device.arm64.counting.costs import PROCESSORS
from tests.device.arm64.counting.spans import (
    ATTACK_STEP,
    GRADIENT,
    NOTHING,
    OPERATORS,
    PRINT_PROOF_STEP,
    WORKS,
    Span,
    write_spans,
)

pytestmark = pytest.mark.untimed

COUNTER = Path(__file__).parent / "arm64" / "counting" / "counter.c"
MARK, MILLION = 1000, 1_000_000


class Program:
    """Stands in for a program that is counted: of integer instructions alone."""

    def __init__(self) -> None:
        self.names = COUNTER.read_text("ascii").split("NAMES[] =")[1].split(";")[0].replace('"', "").split()
        self.spans: list[Span] = []
        self.lines = [" ".join(("mark", *self.names))]
        self._executed = 0

    @contextmanager
    def work(self, name: str, instructions: int, within: int | None = None) -> Iterator[int]:
        number = len(self.spans)
        self.spans.append(Span(name, within))
        self._mark(2 * number)
        self._executed += instructions + MARK
        yield number
        self._mark(2 * number + 1)

    def _mark(self, number: int) -> None:
        self.lines.append(" ".join(map(str, (number, self._executed, *[0] * (len(self.names) - 1)))))


def count(folder: Path, gradient: int) -> None:
    """Write what was counted on both boards: a gradient, print-proof steps with a part, all else small."""
    program = Program()
    for cold in (5000, 0):
        with program.work(NOTHING, cold):
            pass
    small = {OPERATORS: 0} | dict.fromkeys(WORKS[:-1], 3 * MILLION)
    for name, instructions in (small | {GRADIENT: gradient}).items():
        with program.work(name, instructions):
            pass
    for _ in range(2):
        with (
            program.work(PRINT_PROOF_STEP, 2 * MILLION) as step,
            program.work("pull-back", 4 * MILLION, step),
        ):
            pass
    for board in PROCESSORS:
        write_spans(folder / f"{board}.spans", program.spans)
        (folder / f"{board}.counts").write_text("\n".join(program.lines), "ascii")


def test_a_gradient_within_its_limit_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    count(tmp_path, 480 * MILLION)
    assert report.main(tmp_path) == 0
    told = capsys.readouterr()
    assert told.err == ""
    rows = {line[:44].strip(): line[44:].split() for line in told.out.splitlines()}
    assert rows["gradient"] == ["480.0", "178", "(142-213)", "480.0", "85", "(68-110)"]
    assert rows[f"{PRINT_PROOF_STEP} / {ATTACK_STEP}"] == ["2.00", "2.00", "2.00", "2.00"]
    assert rows["1 x pull-back"][:2] == ["4.0", "1.5"]
    assert rows["1 x between them"][:2] == ["2.0", "0.7"]


def test_a_gradient_over_its_limit_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    count(tmp_path, 501 * MILLION)
    assert report.main(tmp_path) == 1
    assert [line.split(" on the ")[0] for line in capsys.readouterr().err.splitlines()] == [
        "a gradient takes 501 M instructions"
    ] * len(PROCESSORS)
