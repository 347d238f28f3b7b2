"""A GStreamer pipeline run as a child, its frames read from a pipe: the Jetson's camera.

The Jetson has no libcamera, and the OpenCV of the package index is built without GStreamer.
"""

import os
import selectors
import shlex
import shutil
import signal
import subprocess
from contextlib import ExitStack, suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kiosk.camera.orientation import UPRIGHT, Orientation, upright
from kiosk.camera.pump import FIRST_FRAME_WAIT_S, PumpedCamera
from kiosk.errors import BadArgumentError, CameraUnavailableError

JETSON_SIZE = (960, 540)
# A mode of every usual Jetson camera at 30 frames/s, and of most the whole width; of an IMX219 it is 59 % of
# the width: that is read out joined two by two.
_READ_OUT = (1920, 1080)
_READ_OUTS = {"imx219": (1640, 1232)}
VIDEO_NODES = Path("/sys/class/video4linux")
# nvvidconv's flip-method by (turned, mirrored): its turns are named anticlockwise, its diagonals are transpositions.
_FLIP_METHODS = {
    (0, False): 0,
    (90, False): 3,
    (180, False): 2,
    (270, False): 1,
    (0, True): 4,
    (90, True): 7,
    (180, True): 6,
    (270, True): 5,
}
_PROGRAM = "gst-launch-1.0"
# One frame under exposure, one in the image processor, one on its way to us.
_IN_FLIGHT = 3
_POLL_S = 0.2
_GOODBYE_S = 0.7
_LOG_BYTES = 4000
_NONE = -1


class GstreamerCamera(PumpedCamera):
    """The frames of `source`, a pipeline in gst-launch's language without its sink, scaled to `size`.

    Without a source it is the Jetson's own camera, which turns and mirrors in hardware. A picture of another shape
    gets black borders. The width must be a multiple of 4: GStreamer pads its rows.
    """

    def __init__(
        self,
        source: str | None = None,
        size: tuple[int, int] = JETSON_SIZE,
        open_wait_s: float = FIRST_FRAME_WAIT_S,
        orientation: Orientation = UPRIGHT,
    ) -> None:
        if source is None:
            source, size = jetson_source(size, orientation, attached_sensors())
            orientation = UPRIGHT
        child = _Child(command(source, size), size, orientation)
        super().__init__(f"gstreamer {source.split(maxsplit=1)[0]}", child, _IN_FLIGHT, open_wait_s)


def jetson_source(
    size: tuple[int, int], orientation: Orientation, sensors: str = ""
) -> tuple[str, tuple[int, int]]:
    """Return the pipeline of the Jetson's own camera, its picture already upright, and the size that has then.

    `sensors` is what the kernel calls its cameras; one that is read out in another shape keeps the height of `size`.
    """
    read_out = next((mode for sensor, mode in _READ_OUTS.items() if sensor in sensors), _READ_OUT)
    width, height = size
    if read_out != _READ_OUT:
        width = 4 * round(height * read_out[0] / read_out[1] / 4)
    if orientation.turned in (90, 270):
        width, height = height, width
    flip_method = _FLIP_METHODS[orientation.turned, orientation.mirrored]
    source = (
        "nvarguscamerasrc sensor-id=0"
        f" ! video/x-raw(memory:NVMM),width={read_out[0]},height={read_out[1]},framerate=30/1,format=NV12"
        f" ! nvvidconv flip-method={flip_method} ! video/x-raw,format=BGRx,width={width},height={height}"
    )
    return source, (width, height)


def attached_sensors(nodes: Path = VIDEO_NODES) -> str:
    """Return the kernel's names of its cameras, such as "vi-output, imx219 9-0010", a line each."""
    names = []
    for node in sorted(nodes.glob("*/name")):
        with suppress(OSError):  # pulled out while we looked
            names.append(node.read_text("utf-8", errors="replace").strip())
    return "\n".join(names)


def command(source: str, size: tuple[int, int]) -> list[str]:
    """Return the words of the command that writes the frames of `source`; the number of the pipe is still missing.

    Raises:
        BadArgumentError: `source` or `size` cannot be used.
        CameraUnavailableError: GStreamer is not installed.
    """
    width, height = size
    try:
        words = shlex.split(source)
    except ValueError as error:
        raise BadArgumentError(f"gstreamer: cannot read the pipeline {source!r}: {error}") from error
    if not words or width % 4 or width <= 0 or height <= 0:
        raise BadArgumentError(
            f"gstreamer: needs a pipeline and a width that is a multiple of 4, not {source!r} {size}"
        )
    program = shutil.which(_PROGRAM)
    if program is None:
        raise CameraUnavailableError(
            f"gstreamer: there is no {_PROGRAM} here; apt install gstreamer1.0-tools"
        )
    shape = f"video/x-raw,format=RGB,width={width},height={height},pixel-aspect-ratio=1/1"
    # The leaky queue drops frames that were not fetched; without it they would wait in line and grow old.
    sink = f"! videoconvert ! videoscale ! {shape} ! queue leaky=downstream max-size-buffers=1 ! fdsink"
    return [program, "--quiet", *words, *sink.split()]


class _Child:
    """The child process: whole frames from a pipe, and what it has to say from another.

    Not from its standard output: the Jetson's camera element prints its own messages there.
    """

    def __init__(self, words: list[str], size: tuple[int, int], orientation: Orientation) -> None:
        self._words = words
        self._size = size
        self._orientation = orientation
        self._process: subprocess.Popen[bytes] | None = None
        self._frames = self._talk = _NONE
        self._ready = selectors.DefaultSelector()
        self._rgb = self._blank()
        self._filled = 0
        self._said = b""

    def open(self) -> None:
        """Start the child."""
        # Only the child may hold the ends it writes to, or its death would not end the pipes.
        with ExitStack() as ends:
            self._frames, frames_end = _pipe(ends)
            self._talk, talk_end = _pipe(ends)
            try:
                self._process = subprocess.Popen(  # noqa: S603 - the owner's own pipeline, and no shell sees it
                    [*self._words, f"fd={frames_end}"],
                    stdin=subprocess.DEVNULL,
                    stdout=talk_end,
                    stderr=talk_end,
                    pass_fds=(frames_end,),
                )
            except OSError as error:
                raise CameraUnavailableError(
                    f"gstreamer: {_PROGRAM} does not start: {error.strerror}"
                ) from error
        self._ready.register(self._frames, selectors.EVENT_READ)
        self._ready.register(self._talk, selectors.EVENT_READ)

    def grab(self) -> NDArray[np.uint8] | None:
        """Return the next whole frame, or None when the pipe gave only a part of it, or nothing for a moment."""
        for key, _ in self._ready.select(_POLL_S):
            if key.fd == self._frames:
                return self._receive()
            self._listen()
        return None

    def release(self) -> None:
        """Ask the child to free the camera, kill it if it does not, and reap it."""
        self._ready.close()
        for end in (self._frames, self._talk):
            if end != _NONE:
                os.close(end)
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)  # on this one gst-launch stops its pipeline in good order
        try:
            self._process.wait(_GOODBYE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _blank(self) -> NDArray[np.uint8]:
        width, height = self._size
        return np.empty((height, width, 3), np.uint8)

    def _receive(self) -> NDArray[np.uint8] | None:
        """Return the frame, if this read completed it."""
        count = os.readv(self._frames, [self._rgb.reshape(-1)[self._filled :].data])
        if count == 0:
            raise CameraUnavailableError(f"gstreamer: the pipeline ended: {self._last_words()}")
        self._filled += count
        if self._filled < self._rgb.nbytes:
            return None
        whole, self._rgb, self._filled = self._rgb, self._blank(), 0
        return upright(whole, self._orientation)

    def _listen(self) -> None:
        """Keep the end of what the child says, and never let its pipe fill up."""
        heard = os.read(self._talk, _LOG_BYTES)
        if not heard:
            self._ready.unregister(self._talk)
        self._said = (self._said + heard)[-_LOG_BYTES:]

    def _last_words(self) -> str:
        """Return the child's own line about what went wrong."""
        self._ready.unregister(self._frames)
        while self._ready.get_map() and self._ready.select(_POLL_S):
            self._listen()
        lines = [line.strip() for line in self._said.decode(errors="replace").splitlines() if line.strip()]
        told = [line for line in lines if "ERROR" in line] or lines
        return told[0] if told else "it said nothing; is the camera plugged in?"


def _pipe(ends: ExitStack) -> tuple[int, int]:
    """Return a pipe's end to read from, and its end to write to, which is closed with `ends`."""
    try:
        to_read, to_write = os.pipe()
    except OSError as error:
        raise CameraUnavailableError(
            f"gstreamer: no pipe to read frames from: {error.strerror}; start the program again"
        ) from error
    ends.callback(os.close, to_write)
    return to_read, to_write
