"""What a process may still do that reads a stranger's file: compute, within limits; open, start and send nothing.

seccomp(2) is told which system calls remain; all others fail as if not permitted. Sources: seccomp_filter.rst and
filter.h of the kernel; the numbers are those of its tables for x86-64 and (asm-generic) arm64.
"""

import ctypes
import os
import platform
import resource
import signal
import struct
from dataclasses import dataclass
from pathlib import Path

MOST_MEMORY_BYTES = 1 << 30  # 48 megapixels with alpha take 750 MB at the most
NICENESS, ENDED_FIRST = 5, 900
PROCESSORS = 4  # more than this many processors' time is never used
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, FILTER = 38, 22, 2
LOAD, JUMP_EQUAL, JUMP_SET, RETURN = 0x20, 0x15, 0x45, 0x06
NUMBER, PROCESSOR, FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
ALLOW, KILL, REFUSE, ABSENT = 0x7FFF0000, 0x80000000, 0x00050001, 0x00050026  # EPERM; ENOSYS
CLONE_THREAD = 0x10000


@dataclass(frozen=True)
class Calls:
    """What a kind of processor calls the system with: its AUDIT_ARCH number, clone, clone3, and what stays allowed."""

    processor: int
    clone: int
    clone3: int
    allowed: str

    @property
    def numbers(self) -> list[int]:
        """Return the numbers of the allowed calls."""
        return [int(word) for word in self.allowed.split() if word.isdecimal()]


CALLS = {
    "x86_64": Calls(
        0xC000003E,
        56,
        435,
        """read 0 write 1 close 3 fstat 5 poll 7 lseek 8 mmap 9 mprotect 10 munmap 11 brk 12 rt_sigaction 13
        rt_sigprocmask 14 rt_sigreturn 15 pread64 17 pwrite64 18 readv 19 writev 20 sched_yield 24 mremap 25 madvise 28
        nanosleep 35 getpid 39 exit 60 uname 63 gettimeofday 96 getrusage 98 sysinfo 99 sigaltstack 131 gettid 186
        futex 202 sched_getaffinity 204 clock_gettime 228 clock_nanosleep 230 exit_group 231 set_robust_list 273
        prlimit64 302 getrandom 318 membarrier 324 rseq 334""",
    ),
    "aarch64": Calls(
        0xC00000B7,
        220,
        435,
        """close 57 lseek 62 read 63 write 64 readv 65 writev 66 pread64 67 pwrite64 68 ppoll 73 fstat 80 exit 93
        exit_group 94 futex 98 set_robust_list 99 nanosleep 101 clock_gettime 113 clock_nanosleep 115
        sched_getaffinity 123 sched_yield 124 sigaltstack 132 rt_sigaction 134 rt_sigprocmask 135 rt_sigreturn 139
        uname 160 getrusage 165 gettimeofday 169 getpid 172 gettid 178 sysinfo 179 brk 214 munmap 215 mremap 216
        mmap 222 mprotect 226 madvise 233 prlimit64 261 getrandom 278 membarrier 283 rseq 293""",
    ),
}


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def limit(seconds: float, most_file_bytes: int) -> None:
    """End this process after some seconds whatever it does; bound its memory and what it writes; no core dumps."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    processor_s = max(1, round(seconds * PROCESSORS))
    for kind, most in (
        (resource.RLIMIT_CPU, processor_s),
        (resource.RLIMIT_AS, MOST_MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, most_file_bytes),
        (resource.RLIMIT_CORE, 1),  # not 0: a core_pattern that pipes to a program heeds 1 alone
        (resource.RLIMIT_NOFILE, 16),
    ):
        _, hard = resource.getrlimit(kind)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)  # a limit is never raised
        resource.setrlimit(kind, (least, least))


def confine() -> bool:
    """Refuse this process every file, socket, program and process from now on; False where the kernel cannot.

    Its open descriptors and threads of its own remain.
    """
    calls = CALLS.get(platform.machine())
    if calls is None:
        return False
    program = _program(calls)
    packed = ctypes.create_string_buffer(program, len(program))
    call = ctypes.CDLL(None, use_errno=True).prctl
    call.argtypes = [ctypes.c_int, *(ctypes.c_ulong,) * 4]
    fields = _Program(len(program) // 8, ctypes.addressof(packed))
    if call(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(call(PR_SET_SECCOMP, FILTER, ctypes.addressof(fields), 0, 0) == 0)


def _program(calls: Calls) -> bytes:
    """Return the filter: allowed calls, clone for threads alone; clone3, whose flags it cannot see, is absent."""
    steps = [
        (LOAD, 0, 0, PROCESSOR),
        (JUMP_EQUAL, 1, 0, calls.processor),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
    ]
    for number in calls.numbers:
        steps += [(JUMP_EQUAL, 0, 1, number), (RETURN, 0, 0, ALLOW)]
    steps += [(JUMP_EQUAL, 0, 1, calls.clone3), (RETURN, 0, 0, ABSENT)]
    steps += [
        (JUMP_EQUAL, 0, 3, calls.clone),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (JUMP_SET, 0, 1, CLONE_THREAD),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, REFUSE),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def yield_to_others() -> None:
    """Let the exhibit come first: at the processor, and where memory is short, whose reader is ended instead of it."""
    os.nice(NICENESS)
    Path("/proc/self/oom_score_adj").write_text(str(ENDED_FIRST), "ascii")


def quiet() -> None:
    """Leave this process no way out but the descriptors it was given: no input, no words of a decoder."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
