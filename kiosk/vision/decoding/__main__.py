"""`python -m kiosk.vision.decoding`: reads one picture after another for the `Decoder` on its standard input.

Each is read by a process of its own, which is forked, confined, and gone afterwards with all it held.
"""

import gc
import os
import signal
import socket
import sys
from contextlib import suppress

from PIL import Image

from kiosk.errors import LeftOut, PictureError
from kiosk.vision.decoding.confined import confine, limit, quiet, yield_to_others
from kiosk.vision.decoding.link import MOST_LINE_BYTES, MOST_RESULT_BYTES, REQUEST, RESULT, Said
from kiosk.vision.photograph import formats, photograph_in

READ, REFUSED = 0, 1


def main() -> int:
    """Return 0 once the decoder is gone."""
    yield_to_others()
    Image.MAX_IMAGE_PIXELS = None  # its own limits are finer
    Image.init()
    formats()
    gc.freeze()
    with socket.socket(fileno=0) as link, suppress(ConnectionError):  # gone, with an answer unread or unheard
        link.send(bytes([Said.READY]))
        while _answered(link):
            pass
    return 0


def _answered(link: socket.socket) -> bool:
    """Return whether there was a picture to read; raises ConnectionError once the decoder is gone."""
    message, descriptors, _, _ = socket.recv_fds(link, REQUEST.size, 1)
    if not message:
        return False
    seconds, least_px = REQUEST.unpack(message)
    result = os.memfd_create("picture", os.MFD_CLOEXEC)
    said = _read_apart(descriptors[0], result, seconds, least_px)
    os.close(descriptors[0])
    if said is Said.DONE:
        socket.send_fds(link, [bytes([said])], [result])
    else:
        link.send(bytes([said]))
    os.close(result)
    return True


def _read_apart(descriptor: int, result: int, seconds: float, least_px: int) -> Said:
    """Return how a process ended that read a picture from one descriptor into another."""
    child = os.fork()
    if child == 0:
        try:
            quiet()
            limit(seconds, MOST_RESULT_BYTES)
            confine()
            _read(descriptor, result, least_px)
            os._exit(0)
        finally:
            os._exit(1)  # whatever goes wrong, it must not go on as the process that it was forked from
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        return Said.DONE if os.WEXITSTATUS(status) == 0 else Said.CRASHED
    ended_by = os.WTERMSIG(status)
    if ended_by in (signal.SIGALRM, signal.SIGXCPU):
        return Said.TOO_SLOW
    return Said.TOO_LARGE if ended_by in (signal.SIGKILL, signal.SIGXFSZ) else Said.CRASHED


def _read(descriptor: int, result: int, least_px: int) -> None:
    """Read a picture, or say why not. A process boundary: whatever a decoder raises, the file is damaged."""
    try:
        with open(descriptor, "rb", closefd=False) as file:
            image = photograph_in(file, least_px)
        os.pwrite(result, image.tobytes(), RESULT.size)
        header = RESULT.pack(READ, image.width, image.height)
    except PictureError as error:
        header = _refusal(result, error)
    except Exception as error:  # noqa: BLE001 - see the docstring
        header = _refusal(result, PictureError(f"is damaged ({error}); use another file"))
    os.pwrite(result, header, 0)


def _refusal(result: int, error: PictureError) -> bytes:
    line = str(error).encode("utf-8", "replace")[:MOST_LINE_BYTES]
    os.pwrite(result, line, RESULT.size)
    return RESULT.pack(REFUSED, len(line), list(LeftOut).index(error.why))


if __name__ == "__main__":
    sys.exit(main())
