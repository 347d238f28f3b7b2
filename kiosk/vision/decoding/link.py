"""What the decoder and its process say to each other, over a socket that keeps packets whole."""

import struct
from enum import IntEnum

# How long the reading may take, how many pixels the short side needs; the file is passed along.
REQUEST = struct.Struct("<fI")
# At the beginning of the memory that comes back: how it ended, width and height; then pixels, or a line of text.
RESULT = struct.Struct("<B3xII")
MOST_RESULT_BYTES = 64 * 2**20
MOST_LINE_BYTES = 1000


class Said(IntEnum):
    """What the decoder's process says."""

    READY = 0
    DONE = 1  # the memory with the result is passed along
    TOO_SLOW = 2
    TOO_LARGE = 3  # the system took the memory back
    CRASHED = 4
