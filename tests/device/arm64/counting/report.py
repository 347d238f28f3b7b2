"""Prints what was counted, as tables, and whether a gradient kept its limit.

python -m tests.device.arm64.counting.report FOLDER

FOLDER has of each board the counter's file and the list of spans, BOARD.counts and BOARD.spans.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.device.arm64.counting.costs import PROCESSORS, Counts, Processor, instructions, less, read_counts
from tests.device.arm64.counting.spans import (
    ATTACK_STEP,
    GRADIENT,
    NOTHING,
    OPERATORS,
    PRINT_PROOF_STEP,
    WORKS,
    read_spans,
)

MOST_GRADIENT = 500e6  # instructions
MOST_ROWS = 16  # of a table of parts; the others are summed
REMAINING = "between them"
TITLE_WIDTH, CELL_WIDTH = 44, 32
HEADER = "M instr.       ms       (bar)"


@dataclass(frozen=True)
class Cost:
    """Instructions, and the least milliseconds that they take."""

    instructions: float
    least_ms: float

    def over(self, times: int) -> "Cost":
        """Return the mean of so many times."""
        return Cost(self.instructions / times, self.least_ms / times)


def total(costs: Sequence[Cost]) -> Cost:
    """Return what several cost together."""
    return Cost(sum(cost.instructions for cost in costs), sum(cost.least_ms for cost in costs))


class Board:
    """What was counted on one board's processor."""

    def __init__(self, folder: Path, name: str) -> None:
        self.processor: Processor = PROCESSORS[name]
        self._spans = read_spans(folder / f"{name}.spans")
        self._counts = read_counts(folder / f"{name}.counts")
        self._marks = min(map(self._between, self._numbered(NOTHING)), key=instructions)

    def work(self, name: str) -> Cost:
        """Return what a work cost, the mean of all the times it was done."""
        costs = [self._cost(number) for number in self._numbered(name)]
        return total(costs).over(len(costs))

    def parts(self, name: str) -> dict[str, tuple[int, Cost]]:
        """Return, of each part of a work, how often it is done in it and what that costs together."""
        numbers = self._numbered(name)
        costs: dict[str, list[Cost]] = {}
        for part in (part for number in numbers for part in self._parts_of(number)):
            costs.setdefault(self._spans[part].name, []).append(self._cost(part))
        costs[REMAINING] = [self._remaining(number) for number in numbers]
        return {
            part: (len(each) // len(numbers), total(each).over(len(numbers))) for part, each in costs.items()
        }

    def _numbered(self, name: str) -> list[int]:
        return [
            number for number, span in enumerate(self._spans) if span.name == name and span.within is None
        ]

    def _parts_of(self, number: int) -> list[int]:
        return [part for part, span in enumerate(self._spans) if span.within == number]

    def _between(self, number: int) -> Counts:
        return less(self._counts[2 * number + 1], self._counts[2 * number])

    def _cost(self, number: int) -> Cost:
        """Return what one span cost: its parts come one after another, so each has a least time of its own."""
        return total([*(self._cost(part) for part in self._parts_of(number)), self._remaining(number)])

    def _remaining(self, number: int) -> Cost:
        """Return what a span cost without its parts and without the marks."""
        parts = self._parts_of(number)
        counts = less(self._between(number), self._marks)
        for part in parts:
            counts = less(less(counts, self._between(part)), self._marks)
        return Cost(instructions(counts), self.processor.least_ms(counts))


def works_told(boards: Sequence[Board]) -> Iterator[str]:
    """Yield the lines of a table: what each work costs, and how many attack steps a print-proof one is worth."""
    yield _line("one thread", [board.processor.name for board in boards])
    yield _line("", [HEADER for _ in boards])
    for name in WORKS:
        yield _line(name, [_estimated(board.work(name), board.processor) for board in boards])
    ratios = []
    for board in boards:
        paper, screen = board.work(PRINT_PROOF_STEP), board.work(ATTACK_STEP)
        by_count, by_time = paper.instructions / screen.instructions, paper.least_ms / screen.least_ms
        ratios.append(f"{by_count:8.2f} {by_time:8.2f}" + " " * 12)
    yield _line(f"{PRINT_PROOF_STEP} / {ATTACK_STEP}", ratios)


def parts_told(boards: Sequence[Board], work: str) -> Iterator[str]:
    """Yield the lines of a table: what the parts of a work cost, the dearest first."""
    parts = [board.parts(work) for board in boards]
    names = sorted(parts[0].keys() - {REMAINING}, key=lambda name: -parts[0][name][1].instructions)
    rows = [(name, [name]) for name in names[:MOST_ROWS]]
    if rest := names[MOST_ROWS:]:
        rows.append((f"{len(rest)} others", rest))
    rows.append((REMAINING, [REMAINING]))
    yield _line(work, [HEADER for _ in boards])
    for title, members in rows:
        times = sum(parts[0][name][0] for name in members)
        costs = [total([of[name][1] for name in members if name in of]) for of in parts]
        told = [_estimated(cost, board.processor) for cost, board in zip(costs, boards, strict=True)]
        yield _line(f"{times:4} x {title}", told)


def complaints(boards: Sequence[Board]) -> Iterator[str]:
    """Yield a sentence for each board whose gradient takes more instructions than it may."""
    for board in boards:
        taken = board.work(GRADIENT).instructions
        if taken > MOST_GRADIENT:
            yield (
                f"a gradient takes {taken / 1e6:.0f} M instructions on the {board.processor.name}, "
                f"more than {MOST_GRADIENT / 1e6:.0f} M"
            )


def _estimated(cost: Cost, processor: Processor) -> str:
    best, middle, worst = (_told(cost.least_ms * times) for times in processor.waits)
    return f"{cost.instructions / 1e6:8.1f} {middle:>8} {f'({best}-{worst})':>11}"


def _told(milliseconds: float) -> str:
    return f"{milliseconds:.0f}" if milliseconds >= 10 else f"{milliseconds:.1f}"


def _line(title: str, cells: Sequence[str]) -> str:
    return f"{title:{TITLE_WIDTH}}" + "".join(f"{cell:>{CELL_WIDTH}}" for cell in cells).rstrip()


def main(folder: Path) -> int:
    """Return 1 where a gradient takes too many instructions, else 0."""
    boards = [Board(folder, name) for name in PROCESSORS]
    tables = [works_told(boards), *(parts_told(boards, work) for work in (OPERATORS, PRINT_PROOF_STEP))]
    sys.stdout.write("\n\n".join("\n".join(lines) for lines in tables) + "\n")
    too_many = list(complaints(boards))
    sys.stderr.write("".join(f"{complaint}\n" for complaint in too_many))
    return int(bool(too_many))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
