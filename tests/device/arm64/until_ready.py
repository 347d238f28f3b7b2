#!/opt/kiosk/current/.venv/bin/python
"""Opens the exhibit until it has told systemd that it is ready and that an attack can run; then ends it."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

KIOSK = "/opt/kiosk/current/.venv/bin/kiosk"
LIMIT_S, LOOK_EVERY_S = 1800.0, 1.0
WANTED = ("READY=1", "gradient process ready")


def listen(notify: socket.socket, exhibit: subprocess.Popen[bytes]) -> bool:
    """Return whether all that is wanted was heard while the exhibit ran and within the limit."""
    due_s, missing = time.monotonic() + LIMIT_S, set(WANTED)
    while missing and exhibit.poll() is None and time.monotonic() < due_s:
        try:
            heard = notify.recv(4096).decode()
        except TimeoutError:
            continue
        sys.stdout.write(f"{heard}\n")
        missing -= {words for words in missing if words in heard}
    return not missing


def main() -> int:
    """Return 0 where it got ready and ended well when asked to."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        address = str(Path(folder) / "notify")
        notify.bind(address)
        notify.settimeout(LOOK_EVERY_S)
        with subprocess.Popen([KIOSK], env=os.environ | {"NOTIFY_SOCKET": address}) as exhibit:
            ready = listen(notify, exhibit)
            exhibit.terminate()
            return exhibit.wait() or int(not ready)


if __name__ == "__main__":
    sys.exit(main())
