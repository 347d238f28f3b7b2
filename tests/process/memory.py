"""How much memory a process has, as the system and as malloc count it."""

import ctypes
import os
from pathlib import Path


class MallocCounts(ctypes.Structure):
    """What glibc's mallinfo2 tells, in bytes."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            *("arena", "free_blocks", "fast_blocks", "mapped_blocks", "mapped", "unused", "fast"),
            *("used", "free", "top"),
        )
    ]


def resident_mb(pid: int | None = None) -> float:
    """Return the memory of a process (None: this one) that is not swapped out; raises OSError where there is none."""
    return (
        int(Path(f"/proc/{pid or 'self'}/statm").read_text("ascii").split()[1])
        * os.sysconf("SC_PAGESIZE")
        / 2**20
    )


def allocated_mb() -> float:
    """Return what this process has got from malloc and not given back: all pixels and surfaces are in it."""
    counting = ctypes.CDLL(None).mallinfo2
    counting.restype = MallocCounts
    counts = counting()
    return float(counts.used + counts.mapped) / 2**20
