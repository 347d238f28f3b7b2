"""The camera process as the exhibit owns it: started, heard of, ended for certain, or left behind in the kernel."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from kiosk.wire.folder import private_folder, remove_private_folder

PROGRAM = (sys.executable, "-m", "kiosk", "camera")
SOCKET_NAME = "camera"


class CameraProcess:
    """Owns one running camera process, spawned as `kiosk camera`, and the socket at which it reports."""

    def __init__(self, program: Sequence[str] = PROGRAM) -> None:
        """Start it; raises OSError where that is not possible."""
        self._folder: Path | None = None
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._folder = private_folder()
            path = self._folder / SOCKET_NAME
            self.listener.bind(str(path))
            self.listener.listen(1)
            self.listener.setblocking(False)
            self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and our own arguments
                [*program, "--socket", str(path)],
                stdin=subprocess.DEVNULL,
                process_group=0,  # to be killed with what its camera has started
            )
        except OSError:
            self._forget_socket()
            raise

    @property
    def pid(self) -> int:
        """Return its process id."""
        return self._child.pid

    def accept(self) -> socket.socket | None:
        """Return the connection once the process has reported; from then on nobody else can."""
        try:
            connection, _ = self.listener.accept()
        except BlockingIOError:
            return None
        connection.setblocking(False)
        self._forget_socket()
        return connection

    def ended(self, grace_s: float = 0.0) -> str | None:
        """Return how it ended, in words that follow its name, or None where it still runs after a grace."""
        try:
            code = self._child.wait(grace_s)
        except subprocess.TimeoutExpired:
            return None
        return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"

    def kill(self, grace_s: float) -> bool:
        """End it at once, with what it has started; return whether it is gone: one that hangs in the kernel is not."""
        self._forget_socket()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, signal.SIGKILL)
        return self.ended(grace_s) is not None

    def _forget_socket(self) -> None:
        self.listener.close()
        if self._folder is not None:
            remove_private_folder(self._folder, SOCKET_NAME)
            self._folder = None
