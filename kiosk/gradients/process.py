"""The gradient process as its caller owns it: started, connected to, and ended for certain."""

import contextlib
import logging
import os
import signal
import socket
import struct
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from kiosk.settings.sections import GradientSettings
from kiosk.wire.folder import private_folder, remove_private_folder

log = logging.getLogger(__name__)

SOCKET_NAME = "gradients"
END_NAME = "end-gradients"  # beside that socket; systemd/kiosk-gradients-end.path waits for it
STOP_S = 1.0
RECEIVE_BYTES = 1 << 20
CREDENTIALS = struct.Struct("3i")  # process, user, group: unix(7)


class GradientProcess:
    """Owns one running gradient process, spawned as `kiosk gradients`, or met on a socket that systemd keeps."""

    def __init__(self, settings: GradientSettings, external: Path | None = None) -> None:
        self._external = external
        self._folder: Path | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._peer_pid: int | None = None
        self._hung_up = False
        if external is not None:
            self.socket_path = external
            return
        self._folder = private_folder()
        self.socket_path = self._folder / SOCKET_NAME
        command = [
            sys.executable,
            "-m",
            "kiosk",
            "gradients",
            "--socket",
            str(self.socket_path),
            "--with-parent",
        ]
        command += ["--threads", str(settings.threads), "--nice", str(settings.niceness)]
        try:
            self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and our own arguments
                command,
                stdin=subprocess.PIPE,
                env=os.environ | {"OMP_WAIT_POLICY": "PASSIVE"},
                process_group=0,  # Ctrl-C is for the exhibit, which then ends this process itself
            )
        except OSError:
            self.close()
            raise

    def connect(self) -> socket.socket | None:
        """Return a connection, or None where the process does not listen yet."""
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        try:
            connection.connect(str(self.socket_path))
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            return None
        except OSError:
            connection.close()
            raise
        return connection

    def greet(self, connection: socket.socket, message: bytes, model: Path) -> None:
        """Send a first short message, and the opened model file with it: no one else need be able to open that.

        Raises OSError.
        """
        with model.open("rb") as file:
            socket.send_fds(connection, [message], [file.fileno()])

    def receive(self, connection: socket.socket) -> bytes:
        """Return what has arrived, nothing once the peer is gone; the kernel says which process wrote it.

        SO_PEERCRED would name the process that listens: systemd, where it passed its socket on.
        """
        space = socket.CMSG_SPACE(CREDENTIALS.size)
        received, ancillary, _, _ = connection.recvmsg(RECEIVE_BYTES, space)
        for level, kind, credentials in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
                pid, _, _ = CREDENTIALS.unpack(credentials)
                self._peer_pid = pid or self._peer_pid  # 0: a process that this one cannot see
        self._hung_up = not received
        return received

    @property
    def pid(self) -> int | None:
        """Return the process id, None for an external process that has not said anything yet."""
        return self._child.pid if self._child else self._peer_pid

    def ended(self, grace_s: float = 0.0) -> str | None:
        """Return how a spawned process ended, in words, or None where it still runs after a grace."""
        if self._child is None:
            return None
        try:
            code = self._child.wait(grace_s)
        except subprocess.TimeoutExpired:
            return None
        return f"it was ended by {signal.Signals(-code).name}" if code < 0 else f"it ended with status {code}"

    @property
    def met_unknown_instruction(self) -> bool:
        """Return whether a spawned process ended by an instruction that this processor does not have."""
        return self._child is not None and self._child.poll() == -signal.SIGILL

    def kill(self) -> None:
        """End the process at once, also a stopped one; an external one is another user's, and its manager's to end."""
        if self._external is not None:
            self._ask_to_end(self._external)
        elif self.pid is not None and self.ended() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def _ask_to_end(self, socket_path: Path) -> None:
        """Ask for what kiosk-gradients-end.path waits for, unless the process is gone: it would end the next one."""
        if self._hung_up or (self._peer_pid is not None and not is_alive(self._peer_pid)):
            return
        log.info("event=asked_to_end pid=%s", self._peer_pid)
        self._peer_pid = None
        try:
            socket_path.with_name(END_NAME).touch()
        except OSError as error:
            log.warning("event=not_ended reason=%s", error)

    def close(self) -> None:
        """End a spawned process, politely first, and remove its folder; an external one stays."""
        if self._child is not None:
            if self._child.stdin:
                self._child.stdin.close()
            try:
                self._child.wait(STOP_S)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
        if self._folder is not None:
            remove_private_folder(self._folder, SOCKET_NAME)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def is_alive(pid: int) -> bool:
    """Return whether there is a process with this id, whoever's it is; one that ended and is not reaped counts."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
