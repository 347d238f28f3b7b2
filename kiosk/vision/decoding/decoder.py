"""The owner of the process that reads the pictures people bring."""

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from kiosk.errors import KioskError, LeftOut, PictureError
from kiosk.vision.decoding.link import MOST_LINE_BYTES, REQUEST, RESULT, Said
from kiosk.vision.photograph import WHOLE_PX
from kiosk.vision.picture import Rgb, opened_photograph

log = logging.getLogger(__name__)

LIMIT_S = 5.0  # for one picture
START_S = 20.0  # for the process, on a slow card
GRACE_S = 0.5  # it ends itself at the limit; a process that does not is killed this much later
END_S = 1.0
WORDS = {
    Said.TOO_SLOW: ("takes too long to read; save it again, smaller", LeftOut.TOO_SLOW),
    Said.TOO_LARGE: ("takes too much memory; make it smaller", LeftOut.TOO_LARGE),
    Said.CRASHED: ("is damaged; use another file", LeftOut.DAMAGED),
}


class DecoderClosedError(KioskError):
    """What was being read is not wanted any more."""


class Decoder:
    """Reads pictures in a process of its own, begun with the first and again after one that had to be killed.

    One thread reads; any thread may end it, at once, by `kill`, also in the middle of a picture.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._closed = False
        self._process: subprocess.Popen[bytes] | None = None
        self._link: socket.socket | None = None

    def read(self, path: Path, *, least_px: int = WHOLE_PX, limit_s: float = LIMIT_S) -> Rgb:
        """Return the photograph in a file, see `photograph_in`. Shapes: (height, width, 3) uint8 RGB.

        Raises PictureError naming the file, the reason and the way out, and DecoderClosedError after `kill`.
        """
        with opened_photograph(path) as file:
            return self.read_open(file.fileno(), least_px=least_px, limit_s=limit_s)

    def read_open(self, descriptor: int, *, least_px: int = WHOLE_PX, limit_s: float = LIMIT_S) -> Rgb:
        """Return the photograph in an open file; raises as `read` does, without naming it."""
        try:
            try:
                said, result = self._asked(descriptor, least_px, limit_s)
            except ConnectionError:  # the process that waits was ended, by whom ever: no picture can do that
                self._end()
                said, result = self._asked(descriptor, least_px, limit_s)
        except TimeoutError:  # it hangs in the kernel, as on a stick that does not answer
            log.warning("event=decoder_silent")
            self._end()
            said, result = Said.TOO_SLOW, None
        except OSError as error:
            log.warning("event=decoder_lost reason=%s", error)
            self._end()
            said, result = Said.CRASHED, None
        try:
            if self._closed:
                raise DecoderClosedError("this picture is not wanted any more")
            if result is None:
                raise PictureError(*WORDS[said])
            return _picture_in(result)
        finally:
            if result is not None:
                os.close(result)

    def _asked(self, descriptor: int, least_px: int, limit_s: float) -> tuple[Said, int | None]:
        """Return what the process says of a picture, and its memory; raises OSError where it is gone or silent."""
        link = self._started()
        link.settimeout(limit_s + GRACE_S)
        socket.send_fds(link, [REQUEST.pack(limit_s, least_px)], [descriptor])
        return _answer(link)

    def kill(self) -> None:
        """End the process now, and for good; does not wait."""
        with self._lock:
            self._closed = True
            self._kill()

    def close(self) -> None:
        """End the process for good, and wait for its end; one that hangs in the kernel is left behind."""
        self.kill()
        self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _started(self) -> socket.socket:
        """Return the connection to a process that is ready."""
        if self._process is not None and self._process.poll() is not None:
            self._end()
        if self._link is not None:
            return self._link
        with self._lock:
            if self._closed:
                raise DecoderClosedError("this picture is not wanted any more")
            self._link, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-P", "-m", "kiosk.vision.decoding"],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    process_group=0,  # ended as one, with what it forked
                )
        self._link.settimeout(START_S)
        _answer(self._link)
        return self._link

    def _kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except ProcessLookupError:
                log.debug("event=decoder_was_gone")

    def _end(self) -> None:
        """End the process; the next picture begins another."""
        with self._lock:
            self._kill()
            process, self._process = self._process, None
            link, self._link = self._link, None
        if link is not None:
            link.close()
        if process is not None:
            try:
                process.wait(END_S)
            except subprocess.TimeoutExpired:
                log.warning("event=decoder_left_behind pid=%d", process.pid)


def _answer(link: socket.socket) -> tuple[Said, int | None]:
    """Return what the process says next, and the memory that it passed along."""
    message, descriptors, _, _ = socket.recv_fds(link, 1, 1)
    if not message:
        raise ConnectionResetError("the decoder's process ended")
    return Said(message[0]), descriptors[0] if descriptors else None


def _picture_in(memory: int) -> Rgb:
    """Return the picture in a result, or raise why there is none; what stands there is not trusted."""
    kind, width, height = RESULT.unpack(os.pread(memory, RESULT.size, 0))
    if kind:
        line = os.pread(memory, min(width, MOST_LINE_BYTES), RESULT.size).decode("utf-8", "replace")
        reasons = list(LeftOut)
        raise PictureError(line, reasons[height] if height < len(reasons) else LeftOut.DAMAGED)
    if not width or not height or os.fstat(memory).st_size != RESULT.size + width * height * 3:
        raise PictureError(*WORDS[Said.CRASHED])
    rgb = np.empty((height, width, 3), np.uint8)
    if os.preadv(memory, [rgb.data.cast("B")], RESULT.size) != rgb.nbytes:
        raise PictureError(*WORDS[Said.CRASHED])
    return rgb
