"""A kind of file, or of message, that is fuzzed: sound ones to damage, what reads them, and how it may refuse."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

# What damage by people and programs looks like, beside flipped bytes: put in anywhere.
SPLINTERS = (
    b"\0",
    b"\0" * 64,
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xc3\x28",
    b"\xed\xa0\x80",
    b"[" * 3000,
    b"{" * 3000,
    b'{"a":' * 1000,
    b"9" * 5000,
    b"-1",
    b"1e999",
    b"NaN",
    b"null",
    b"true",
    b'""',
    b"[]",
    b"{}",
    b'"',
    b"\n",
    b"\\u0000",
    b"\\ud800",
    b"\x7f\xff\xff\xff",
    b"\xff" * 8,
    "“auto”".encode(),
)
MOST_CHANGES = 6


class SilentLossError(AssertionError):
    """Something is gone, or another thing than before, and nobody is told."""


@dataclass(frozen=True)
class Kind:
    """What is fuzzed.

    `sound` makes some inputs that are read well. `read` gets an input, and a folder of its own for files; it raises one
    of `refusals` with one plain line where the input cannot be used, SilentLossError where it ought to have; all
    else that it raises is a traceback that a person would meet.
    """

    name: str
    sound: Callable[[], Sequence[bytes]]
    read: Callable[[bytes, Path], None]
    refusals: tuple[type[Exception], ...] = ()

    def inputs(self) -> st.SearchStrategy[bytes]:
        """Return sound inputs that were damaged a few times, and now and then bytes that never were any."""
        return st.one_of(*[_damaged(self.sound())] * 12, st.binary(max_size=400))


@st.composite
def _damaged(draw: st.DrawFn, sound: Sequence[bytes]) -> bytes:
    content = bytearray(draw(st.sampled_from(sound)))
    for _ in range(draw(st.integers(1, MOST_CHANGES))):
        at = draw(st.integers(0, len(content)))
        end = min(len(content), at + draw(st.sampled_from((1, 1, 2, 4, 16, 256, 4096))))
        match draw(st.sampled_from(("flip", "flip", "bytes", "cut", "drop", "zero", "twice", "splinter"))):
            case "flip" if at < len(content):
                content[at] ^= 1 << draw(st.integers(0, 7))
            case "bytes":
                content[at:end] = draw(st.binary(max_size=16))
            case "cut":
                del content[at:]
            case "drop":
                del content[at:end]
            case "zero":
                content[at:end] = bytes(end - at)
            case "twice":
                content[at:at] = content[at:end]
            case "splinter":
                content[at:end] = draw(st.sampled_from(SPLINTERS))
    return bytes(content)
