"""The exhibit's end of the connection to its camera process: commands go out, frames and other news come in."""

import contextlib
import os
import socket
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kiosk.camera.process.messages import Closed, Command, FrameReady, Lost, News, Opened, Release, Slots
from kiosk.camera.process.slots import ReadSlots
from kiosk.wire.messages import Incoming, ProtocolError, encode

RECEIVE_BYTES = 1 << 16
MOST_DESCRIPTORS = 4


@dataclass(frozen=True, eq=False)
class Arrived:
    """A frame in shared memory, read-only, and the captures that it answers. Shapes: rgb (H, W, 3) uint8."""

    rgb: NDArray[np.uint8]
    taken_s: float
    captures: tuple[int, ...]


class CameraLink:
    """Owns the connection and what came through it; never waits."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._incoming = Incoming(News)
        self._outgoing = bytearray()
        self._descriptors = deque[int]()
        self._slots: ReadSlots | None = None
        self._memory = 0

    def say(self, command: Command) -> None:
        """Send a command as soon as the socket takes it."""
        self._outgoing += encode(command)

    def send(self) -> bool:
        """Send what the socket takes now, return whether something is left; raises OSError once the process is gone.

        Slots that nobody looks at any more are given back with it.
        """
        released = self._slots.take_released() if self._slots is not None else ()
        if released:
            self.say(Release(released, self._memory))
        if self._outgoing:
            with contextlib.suppress(BlockingIOError):
                del self._outgoing[: self.connection.send(self._outgoing)]
        return bool(self._outgoing)

    def receive(self) -> Iterator[Opened | Arrived | Lost | Closed]:
        """Yield what has arrived; raises OSError once the process is gone, ProtocolError for what is no message."""
        received, descriptors, _, _ = socket.recv_fds(
            self.connection, RECEIVE_BYTES, MOST_DESCRIPTORS, socket.MSG_CMSG_CLOEXEC
        )
        self._descriptors.extend(descriptors)
        if not received:
            raise ConnectionResetError("it closed its connection")
        for news in self._incoming.feed(received):
            match news:
                case Slots(count, slot_bytes, memory):
                    if not self._descriptors:
                        raise ProtocolError("shared memory without a descriptor")
                    descriptor = self._descriptors.popleft()
                    self._slots, self._memory = ReadSlots(descriptor, count, slot_bytes), memory
                case FrameReady(slot, height, width, taken_s, captures):
                    if self._slots is None:
                        raise ProtocolError("a frame before there is memory for it")
                    yield Arrived(self._slots.frame(slot, height, width), taken_s, captures)
                case Opened() | Lost() | Closed():
                    yield news

    def close(self) -> None:
        """Close the connection; frames that somebody looks at stay as they are."""
        self.connection.close()
        while self._descriptors:
            os.close(self._descriptors.popleft())
