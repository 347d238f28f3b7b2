"""A folder for a socket, which nobody else can enter."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

# AF_UNIX paths end at 107 bytes, so a long temporary folder is not used.
LONGEST_SOCKET_PATH = 107
LONGEST_SOCKET_NAME = len("gradients")


def private_folder() -> Path:
    """Return a fresh folder that only this user can enter, short enough for a socket's path."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    bases = [Path(runtime)] if runtime and os.access(runtime, os.W_OK) else []
    bases += [Path(tempfile.gettempdir()), Path("/tmp")]  # noqa: S108 - mkdtemp makes it private
    longest = LONGEST_SOCKET_PATH - len("/kiosk-xxxxxxxx/") - LONGEST_SOCKET_NAME
    base = next((base for base in bases if len(os.fsencode(base)) <= longest), bases[-1])
    return Path(tempfile.mkdtemp(prefix="kiosk-", dir=base))


def remove_private_folder(folder: Path, socket_name: str) -> None:
    """Remove such a folder with the socket in it; needs no descriptor, of which there may be none left."""
    with suppress(OSError):
        (folder / socket_name).unlink(missing_ok=True)
        folder.rmdir()
