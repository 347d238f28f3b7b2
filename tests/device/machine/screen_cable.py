"""The cable between the machine and its screen: a VNC client may unplug it, or plug in a screen of another mode.

The kernel in the machine gets what it gets of a real plug: an interrupt, another status, other modes, a hot-plug event.
The machine is unplugged as long as the client that asked for it holds on.
"""

import socket
import struct
import time
from pathlib import Path
from types import TracebackType
from typing import Self

EXTENDED_DESKTOP_SIZE = -308  # https://github.com/rfbproto/rfbproto/blob/master/rfbproto.rst
SET_ENCODINGS, UPDATE_REQUEST, SET_DESKTOP_SIZE = 2, 3, 251
SETTLES_S = 0.5
LIMIT_S = 10.0


class ScreenCable:
    """Owns a VNC client's connection."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(LIMIT_S)
        self._socket.connect(str(path))
        self._read(12)  # its version
        self._socket.sendall(b"RFB 003.008\n")
        self._read(self._read(1)[0])  # kinds of security
        self._socket.sendall(b"\x01")  # none
        self._read(4)
        self._socket.sendall(b"\x01")  # beside other clients
        self._read(struct.unpack(">20xI", self._read(24))[0])  # the screen and its name
        self._socket.sendall(struct.pack(">BxHi", SET_ENCODINGS, 1, EXTENDED_DESKTOP_SIZE))
        self._socket.sendall(struct.pack(">BBHHHH", UPDATE_REQUEST, 0, 0, 0, 1, 1))
        time.sleep(SETTLES_S)

    def plug(self, width_px: int, height_px: int) -> None:
        """Plug in a screen of a mode; 0 x 0 pulls the plug."""
        screen = struct.pack(">IHHHHI", 0, 0, 0, width_px, height_px, 0)
        self._socket.sendall(struct.pack(">BxHHBx", SET_DESKTOP_SIZE, width_px, height_px, 1) + screen)
        time.sleep(SETTLES_S)

    def _read(self, count: int) -> bytes:
        found = b""
        while len(found) < count:
            part = self._socket.recv(count - len(found))
            if not part:
                raise ConnectionError("qemu's VNC server has hung up")
            found += part
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()
