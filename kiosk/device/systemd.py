"""What systemd and a service of ours say to each other: a socket is passed on, and the service tells how far it is."""

import os
import socket

from kiosk.device.notify import socket_address
from kiosk.errors import BadArgumentError

FIRST_PASSED_DESCRIPTOR = 3  # sd_listen_fds(3)


def passed_socket() -> socket.socket | None:
    """Return the listening socket that systemd passed to this process, or None; sd_listen_fds(3).

    Its variables are removed, so that what this process starts does not take them for its own. Raises
    BadArgumentError unless what was passed is one listening AF_UNIX stream socket.
    """
    meant_for, count = os.environ.pop("LISTEN_PID", ""), os.environ.pop("LISTEN_FDS", "")
    os.environ.pop("LISTEN_FDNAMES", None)
    if meant_for != str(os.getpid()):
        return None
    refusal = BadArgumentError(
        "the socket unit must pass one listening socket: give it one ListenStream= with a path and Accept=no"
    )
    if count != "1":
        raise refusal
    try:
        passed = socket.socket(fileno=FIRST_PASSED_DESCRIPTOR)
    except OSError:
        raise refusal from None
    listens = passed.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    if (passed.family, passed.type) != (socket.AF_UNIX, socket.SOCK_STREAM) or not listens:
        passed.close()
        raise refusal
    passed.set_inheritable(False)
    passed.setblocking(True)
    return passed


def notify(state: str) -> None:
    """Tell systemd how far this service is, such as READY=1, where it asks to be told; sd_notify(3)."""
    address = socket_address(os.environ)
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as connection:
        connection.sendto(state.encode(), address)
