"""Counts of instructions to milliseconds of a board: the least that its processor can take, and how much more it will.

The least is what the narrowest of its parts allows: how many instructions begin in a cycle, its vector units, its
loads and stores. Real programs wait besides: ncnn's published times of networks on one thread of a Pi 4 are 1.6 to
2.4 times that least. A Pi 5 with its larger caches is taken to wait a little less; nobody has measured it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

Counts = Mapping[str, int]  # by counter.c's names

BYTES = ("loaded_bytes", "stored_bytes")
LIGHT_VECTOR = ("float_vector", "permute", "vector_integer", "float_scalar")


@dataclass(frozen=True)
class Processor:
    """How much a core can begin in a cycle; `waits`: what is real over the least, at best, as a rule, at worst."""

    name: str
    gigahertz: float
    instructions: float
    light_vector: float  # vector instructions without a multiplication
    fma: float  # float multiply-adds
    dot: float
    vector_multiply: float  # of integers
    loads: float
    loaded_bytes: float
    waits: tuple[float, float, float]

    def least_ms(self, counts: Counts) -> float:
        """Return the time that these instructions take where the processor never waits."""
        vector = (
            sum(counts[name] for name in LIGHT_VECTOR) / self.light_vector
            + counts["float_fma"] / self.fma
            + counts["dot"] / self.dot
            + counts["vector_multiply"] / self.vector_multiply
        )
        cycles = max(
            instructions(counts) / self.instructions,
            vector,
            (counts["load"] + counts["vector_load"]) / self.loads,
            counts["loaded_bytes"] / self.loaded_bytes,
            counts["store"] + counts["vector_store"],
            counts["stored_bytes"] / STORED_BYTES,
            counts["branch"],
        )
        return cycles / self.gigahertz / 1e6


STORED_BYTES = 16  # a cycle
PROCESSORS = {
    "pi4": Processor(
        name="Pi 4, Cortex-A72 at 1.8 GHz",
        gigahertz=1.8,
        instructions=3,
        light_vector=2,
        fma=1,  # two pipes of 64 bits
        dot=1,  # it has none
        vector_multiply=1,
        loads=1,
        loaded_bytes=16,
        waits=(1.6, 2.0, 2.4),
    ),
    "pi5": Processor(
        name="Pi 5, Cortex-A76 at 2.4 GHz",
        gigahertz=2.4,
        instructions=4,
        light_vector=2,
        fma=2,
        dot=2,
        vector_multiply=1,
        loads=2,
        loaded_bytes=32,
        waits=(1.35, 1.7, 2.2),
    ),
}


def instructions(counts: Counts) -> int:
    """Return how many instructions there are of all classes."""
    return sum(count for name, count in counts.items() if name not in BYTES)


def less(counts: Counts, others: Counts) -> Counts:
    """Return counts less others."""
    return {name: count - others[name] for name, count in counts.items()}


def read_counts(file: Path) -> dict[int, Counts]:
    """Return what the counter wrote: all counts up to each mark."""
    header, *lines = (line.split() for line in file.read_text("ascii").splitlines())
    return {int(line[0]): dict(zip(header[1:], map(int, line[1:]), strict=True)) for line in lines}
