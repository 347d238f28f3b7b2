"""Shared memory for frames: a few slots, each either the camera process's to write or the exhibit's to read.

A slot changes hands by a message each time, so that a frame which somebody looks at is never written to. It is a file
without a name: when both processes are gone, however they ended, so is it.
"""

import fcntl
import mmap
import os
import weakref
from collections import deque
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kiosk.wire.messages import ProtocolError

# The newest, the one that is shown, one that is judged, some that are taught, and one to write to.
SLOTS = 6
RELEASED_TOGETHER = 2
MOST_SLOTS, MOST_SLOT_BYTES = 16, 256 * 2**20
CHANNELS = 3


class WrittenSlots:
    """The slots as the camera process has them; it writes only to those that the exhibit does not have."""

    def __init__(self, slot_bytes: int, count: int = SLOTS) -> None:
        self.slot_bytes, self.count = slot_bytes, count
        self._free = deque(range(count))  # the one that was free for longest comes first: nothing old stays
        self.descriptor = os.memfd_create("kiosk-camera", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        try:
            os.ftruncate(self.descriptor, slot_bytes * count)
            # A reader of a file that shrank would be ended by a signal.
            fcntl.fcntl(self.descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)
            self._memory = np.frombuffer(mmap.mmap(self.descriptor, slot_bytes * count), np.uint8)
        except OSError:
            os.close(self.descriptor)
            raise

    def write(self, rgb: NDArray[np.uint8]) -> int | None:
        """Return the slot that a frame was copied to, now the exhibit's, or None where it has them all."""
        if not self._free:
            return None
        slot = self._free.popleft()
        begin = slot * self.slot_bytes
        np.copyto(self._memory[begin : begin + rgb.nbytes].reshape(rgb.shape), rgb)
        return slot

    def release(self, slot: int) -> None:
        """Take a slot back."""
        if 0 <= slot < self.count and slot not in self._free:
            self._free.append(slot)

    def close(self) -> None:
        """Let go of the memory; the exhibit may still look at its part."""
        os.close(self.descriptor)


class ReadSlots:
    """The slots as the exhibit has them, each until nobody looks at its frame any more."""

    def __init__(self, descriptor: int, count: int, slot_bytes: int) -> None:
        """Take the descriptor and close it; raises ProtocolError where the memory is not what was said of it."""
        try:
            if not (0 < count <= MOST_SLOTS and 0 < slot_bytes <= MOST_SLOT_BYTES):
                raise ProtocolError(f"{count} slots of {slot_bytes} bytes")
            if fcntl.fcntl(descriptor, fcntl.F_GET_SEALS) & fcntl.F_SEAL_SHRINK == 0:
                raise ProtocolError("shared memory that may shrink")
            if os.fstat(descriptor).st_size != count * slot_bytes:
                raise ProtocolError("shared memory of another size than was said")
            mapped = mmap.mmap(descriptor, count * slot_bytes, access=mmap.ACCESS_READ)
        finally:
            os.close(descriptor)
        self._memory = np.frombuffer(mapped, np.uint8)
        self._count, self._slot_bytes = count, slot_bytes
        self._released = deque[int]()

    def frame(self, slot: int, height: int, width: int) -> NDArray[np.uint8]:
        """Return the frame in a slot, read-only; the slot is released when nobody has it, or a view of it, any more.

        Raises ProtocolError for a frame that lies in no slot.
        """
        inside = 0 < height * width * CHANNELS <= self._slot_bytes and height > 0
        if not (0 <= slot < self._count and inside):
            raise ProtocolError(f"a frame of {width}x{height} in slot {slot}")
        lease = _Lease(self._memory, slot * self._slot_bytes, (height, width, CHANNELS))
        weakref.finalize(lease, self._released.append, slot).atexit = False
        return np.asarray(lease)

    def take_released(self) -> tuple[int, ...]:
        """Return the slots that nobody looks at any more, each once; some at a time, each message costs a moment."""
        if len(self._released) < RELEASED_TOGETHER:
            return ()
        taken = []
        while self._released:
            taken.append(self._released.popleft())
        return tuple(taken)


class _Lease:
    """A part of the memory as numpy takes it: an array made of this holds on to it, and so do all views of that."""

    def __init__(self, memory: NDArray[np.uint8], begin: int, shape: tuple[int, int, int]) -> None:
        self._memory = memory
        address: int = memory.__array_interface__["data"][0]
        self.__array_interface__: dict[str, Any] = {
            "version": 3,
            "shape": shape,
            "typestr": "|u1",
            "data": (address + begin, True),  # read-only
        }
