"""Holds the threads of a process that have a name, as a driver that hangs would: hold.py PID NAME SECONDS."""

import ctypes
import os
import sys
import time
from pathlib import Path

PTRACE_SEIZE, PTRACE_INTERRUPT = 0x4206, 0x4207  # ptrace(2)
WALL = 0x40000000  # waitpid(2): threads too


def main(pid: str, name: str, seconds: str) -> None:
    """Hold them, say which, and let them go at the end: the kernel does it when this process ends."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    held = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        if (task / "comm").read_text().startswith(name):
            thread = int(task.name)
            for request in (PTRACE_SEIZE, PTRACE_INTERRUPT):
                if libc.ptrace(request, thread, None, None):
                    sys.exit(f"ptrace: {os.strerror(ctypes.get_errno())}")
            os.waitpid(thread, WALL)
            held.append(thread)
    print("held", *held, flush=True)  # noqa: T201 - who started this waits for it
    time.sleep(float(seconds))


if __name__ == "__main__":
    main(*sys.argv[1:])
