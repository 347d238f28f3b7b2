"""`kiosk gradients`: the gradient process, started by the exhibit, or by systemd, which may pass its socket on."""

import importlib
import logging
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from kiosk.device.freed_memory import keep_for_reuse, keep_together, overwrite
from kiosk.device.systemd import passed_socket
from kiosk.errors import BadArgumentError
from kiosk.settings.files import settings_at_start


def run(
    settings_file: Path | None,
    *,
    socket: Path | None,
    threads: int | None,
    nice: int | None,
    with_parent: bool,
) -> int:
    """Return 0 when told to end; everything of torch is imported here, after the arguments were good."""
    settings = settings_at_start(settings_file).settings.gradients  # the exhibit complains of a bad file
    where = passed_socket() or socket
    if where is None:
        raise BadArgumentError("--socket: say where to listen, unless systemd passes a socket")
    keep_together()
    keep_for_reuse()
    overwrite()
    os.nice(settings.niceness if nice is None else nice)
    signal.signal(signal.SIGTERM, _end)
    if not with_parent:
        logging.getLogger("kiosk").setLevel(logging.INFO)
    worker = importlib.import_module("kiosk.gradients.compute.worker")
    worker.serve(where, threads=threads or settings.threads, with_parent=with_parent)
    return 0


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)
