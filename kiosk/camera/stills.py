"""Pictures from a folder or a video file, decoded before they are due."""

import logging
import queue
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk.camera.checked import checked
from kiosk.camera.orientation import UPRIGHT, Orientation, upright
from kiosk.errors import CameraError, CameraUnavailableError, PictureError
from kiosk.vision.decoding.decoder import Decoder, DecoderClosedError
from kiosk.vision.photograph import WHOLE_PX
from kiosk.vision.picture import SUFFIXES
from kiosk.vision.side_files import is_side_file

_log = logging.getLogger(__name__)

# Enough for a clip at 30 frames a second to outlast a busy moment, and 6 MB at 800x600.
_AHEAD = 4
_POLL_S = 0.2
_CLOSE_WAIT_S = 1.0


@dataclass(frozen=True, eq=False)
class Still:
    """One picture and how long it stays before the camera. Shapes: rgb (H, W, 3) uint8, RGB, contiguous."""

    rgb: NDArray[np.uint8]
    hold_s: float


class StillsAhead:
    """The stills of `path` for ever, in order of their names, upright, decoded by a thread of its own.

    Opening decodes the first.

    Raises:
        CameraUnavailableError: there is nothing at `path` that can be shown.
    """

    def __init__(
        self,
        path: Path,
        hold_s: float,
        size: tuple[int, int] | None,
        orientation: Orientation = UPRIGHT,
    ) -> None:
        self._decoder = Decoder()
        stills = (
            replace(still, rgb=upright(still.rgb, orientation))
            for still in _stills(self._decoder, path, hold_s, size)
        )
        with ExitStack() as undo:
            undo.callback(self._decoder.close)
            self.first = next(stills)
            undo.pop_all()
        self._ready: queue.Queue[Still | CameraError] = queue.Queue(_AHEAD)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._decode, args=(stills,), name="stills ahead", daemon=True)
        self._thread.start()

    def next(self) -> Still | None:
        """Return the next still, or None while it is not decoded yet; never waits.

        Raises:
            CameraUnavailableError: the pictures are gone.
        """
        try:
            still = self._ready.get_nowait()
        except queue.Empty:
            return None
        if isinstance(still, CameraError):
            raise still
        return still

    def close(self) -> None:
        """End the thread, unless a disk holds it up."""
        self._stop.set()
        self._decoder.kill()
        self._thread.join(_CLOSE_WAIT_S)
        self._decoder.close()

    def _decode(self, stills: Iterator[Still]) -> None:
        error: CameraError = CameraUnavailableError("pictures: a fault in this program; see the log")
        try:
            for still in stills:
                self._offer(still)
                if self._stop.is_set():
                    return
        except CameraError as failure:
            error = failure
        except DecoderClosedError:
            _log.debug("pictures: closed while one was read")
        finally:  # also for a fault of ours: the last picture must not stand for a camera that is dead
            self._offer(error)

    def _offer(self, still: Still | CameraError) -> None:
        while not self._stop.is_set():
            try:
                return self._ready.put(still, timeout=_POLL_S)
            except queue.Full:
                continue


def _stills(decoder: Decoder, path: Path, hold_s: float, size: tuple[int, int] | None) -> Iterator[Still]:
    """Yield the stills of a folder or a file, again and again until none can be read any more."""
    if path.is_dir():
        try:
            files = sorted(file for file in path.iterdir() if _is_picture(file))
        except OSError as error:
            raise CameraUnavailableError(
                f"pictures: {path} cannot be read ({error.strerror}); let this user read it"
            ) from error
        what = f"pictures: no picture in {path} can be read; put JPEG or PNG files there"
    elif path.is_file():
        files = [path]
        what = (
            f"pictures: {path} is neither a picture nor a video that can be read; name a folder of pictures"
        )
    else:
        raise CameraUnavailableError(
            f"pictures: there is no {path}; name a folder of pictures or a video file"
        )
    while files:
        readable = []
        for file in files:
            file_has_some = False
            for still in _from_file(decoder, file, hold_s, size):
                file_has_some = True
                yield still
            if file_has_some:
                readable.append(file)
        files = readable  # no other is tried again: it may take its full time every round
    raise CameraUnavailableError(what)


def _is_picture(file: Path) -> bool:
    return file.suffix.lower() in SUFFIXES and not is_side_file(file.name)


def _from_file(decoder: Decoder, file: Path, hold_s: float, size: tuple[int, int] | None) -> Iterator[Still]:
    """Yield the stills of one file: one of a picture, many of a video, none of one that cannot be read."""
    if file.suffix.lower() not in SUFFIXES:
        yield from _from_video(file, size)
        return
    try:
        rgb = decoder.read(file, least_px=WHOLE_PX if size is None else min(size))
    except PictureError as error:
        _log.warning("pictures: skipped %s", error)
        return
    yield Still(rgb if size is None else fit(rgb, size), hold_s)


def _from_video(file: Path, size: tuple[int, int] | None) -> Iterator[Still]:
    video = cv2.VideoCapture(str(file), cv2.CAP_FFMPEG)
    try:
        hold_s = 1.0 / (video.get(cv2.CAP_PROP_FPS) or 30.0)
        while True:
            found, bgr = video.read()
            if not found:
                return
            rgb = np.asarray(cv2.cvtColor(checked(bgr, f"pictures: {file}"), cv2.COLOR_BGR2RGB), np.uint8)
            yield Still(rgb if size is None else fit(rgb, size), hold_s)
    finally:
        video.release()


def fit(rgb: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Return the picture on a frame of `size` (width, height), its centre square on the frame's centre square.

    The classifier sees that square only, so a picture played as a camera is judged as the picture
    itself. What is too wide is cut, what is too narrow gets black borders.

    Shapes: rgb (H, W, 3) uint8 -> (size[1], size[0], 3) uint8, contiguous.
    """
    scale = min(size) / min(rgb.shape[:2])
    height, width = (max(1, round(side * scale)) for side in rgb.shape[:2])
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    scaled = np.asarray(cv2.resize(rgb, (width, height), interpolation=method), dtype=np.uint8)
    frame = np.zeros((size[1], size[0], 3), np.uint8)
    from_rows, to_rows = _centred(height, size[1])
    from_columns, to_columns = _centred(width, size[0])
    frame[to_rows, to_columns] = scaled[from_rows, from_columns]
    return frame


def _centred(length: int, room: int) -> tuple[slice, slice]:
    """Return where the middle of `length` lies in `length`, and where in `room`."""
    kept = min(length, room)
    source, target = (length - kept) // 2, (room - kept) // 2
    return slice(source, source + kept), slice(target, target + kept)
