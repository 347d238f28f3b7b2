"""Memory that outlives its use: freed, it holds what was in it until it is used again; dumped, for ever."""

import ctypes
import logging
import resource
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

log = logging.getLogger(__name__)

M_TRIM_THRESHOLD, M_MMAP_MAX, M_PERTURB, M_ARENA_MAX = -1, -4, -6, -8  # <malloc.h>
MOST_KEPT_BYTES = 1_000_000_000  # more than the process ever has
FILLING = 0x55
# 0 would not do: a core_pattern that pipes to a program heeds no limit but 1 (do_coredump in fs/coredump.c), and no
# core file is that small.
NO_CORE_DUMP = 1


def keep_together() -> None:
    """Let all threads of this process allocate from one arena, for `give_back`; to be called before there are threads.

    The free end of any other arena is not given back by malloc_trim(3).
    """
    _set({M_ARENA_MAX: 1})


def keep_for_reuse() -> None:
    """Let freed memory stay with this process until `give_back`, rather than go to the kernel and be asked for again.

    Without that a gradient may cost 2,000 page faults, by chance: glibc moves its own threshold as it goes.
    """
    _set({M_MMAP_MAX: 0, M_TRIM_THRESHOLD: MOST_KEPT_BYTES})


def overwrite() -> None:
    """Let memory be overwritten as it is freed, and as it is allocated, from now on: see M_PERTURB in mallopt(3).

    What is freed and allocated again would else keep what nobody wrote over, for as long as its new owner lives.
    """
    _set({M_PERTURB: FILLING})


@contextmanager
def not_overwriting() -> Iterator[None]:
    """Leave freed memory as it is within: for work that allocates much (a gradient is 8 % faster so)."""
    _set({M_PERTURB: 0})
    try:
        yield
    finally:
        overwrite()


def _set(options: Mapping[int, int]) -> None:
    try:
        for option, value in options.items():
            ctypes.CDLL(None).mallopt(option, value)
    except AttributeError:  # a C library other than glibc
        log.debug("event=no_mallopt")


def give_back() -> None:
    """Give the freed memory of this process back to the kernel, which empties it; takes some milliseconds.

    Whole pages go; the little that stays lies between blocks that are still in use.
    """
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except AttributeError:
        log.debug("event=no_malloc_trim")


def forbid_core_dumps() -> None:
    """Let neither this process nor any that it starts dump its core, as far as the limit it was given allows."""
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    limit = NO_CORE_DUMP if most == resource.RLIM_INFINITY else min(NO_CORE_DUMP, most)
    resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))
