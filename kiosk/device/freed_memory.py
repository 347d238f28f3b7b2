"""Memory that was freed: it holds what was in it until it is used again, or given back to the kernel."""

import ctypes
import logging

log = logging.getLogger(__name__)

M_ARENA_MAX = -8  # <malloc.h>


def keep_together() -> None:
    """Let all threads of this process allocate from one arena, for `give_back`; to be called before there are threads.

    The free end of any other arena is not given back by malloc_trim(3).
    """
    try:
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)
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
