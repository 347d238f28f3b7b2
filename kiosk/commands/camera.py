"""`kiosk camera`: the camera process, started by the exhibit, whose commands and whose end it follows."""

import ctypes
import os
import signal
import socket as sockets
import threading
from collections.abc import Callable
from pathlib import Path

from kiosk.camera.base import Camera
from kiosk.camera.choose import open_camera
from kiosk.camera.orientation import Orientation
from kiosk.camera.process.messages import Open
from kiosk.camera.process.server import CameraServer
from kiosk.errors import BadArgumentError, KioskError

PR_SET_PDEATHSIG = 1  # prctl(2)
ENDED_EARLIER = 100  # the exhibit has 0, or less by its unit
# What a driver is granted to free the camera once the exhibit is gone.
GOODBYE_S = 1.0


def _open(wanted: Open) -> Camera:
    return open_camera(wanted.spec, Orientation(wanted.turned, wanted.mirrored))


def run(*, socket: Path, opener: Callable[[Open], Camera] = _open) -> int:
    """Return 0 once the exhibit that listens at `socket` is gone; a driver that hangs then is not waited for."""
    _end_with_parent()
    connection = sockets.socket(sockets.AF_UNIX, sockets.SOCK_STREAM)
    try:
        connection.connect(str(socket))
    except OSError as error:
        connection.close()
        if isinstance(error, FileNotFoundError):
            raise BadArgumentError(
                f"{socket}: no such socket; the exhibit makes one and starts this"
            ) from None
        raise KioskError(f"{socket}: no exhibit listens there ({error.strerror})") from None
    server = CameraServer(connection, opener)
    threading.Thread(target=_listen, args=(server,), name="commands", daemon=True).start()
    server.serve()
    return 0


def _listen(server: CameraServer) -> None:
    """Take commands; when there are no more, end this process soon, and all that its camera has started."""
    server.listen()
    threading.Event().wait(GOODBYE_S)
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


def _end_with_parent() -> None:
    """Be killed when the exhibit is, even if a driver holds the interpreter; where memory is short, go before it."""
    score = Path("/proc/self/oom_score_adj")
    score.write_text(
        str(max(ENDED_EARLIER, int(score.read_text("ascii")))), "ascii"
    )  # less may not be asked for
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the exhibit
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
