"""Pictures from a folder or a video file, decoded before they are due."""

import logging
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from kiosk.camera.checked import checked
from kiosk.camera.orientation import UPRIGHT, Orientation, upright
from kiosk.errors import CameraError, CameraUnavailableError

_log = logging.getLogger(__name__)

_PICTURE_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"})
_UNREADABLE = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)
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
        stills = (
            replace(still, rgb=upright(still.rgb, orientation)) for still in _stills(path, hold_s, size)
        )
        self.first = next(stills)
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
        self._thread.join(_CLOSE_WAIT_S)

    def _decode(self, stills: Iterator[Still]) -> None:
        error: CameraError = CameraUnavailableError("pictures: a fault in this program; see the log")
        try:
            for still in stills:
                self._offer(still)
                if self._stop.is_set():
                    return
        except CameraError as failure:
            error = failure
        finally:  # also for a fault of ours: the last picture must not stand for a camera that is dead
            self._offer(error)

    def _offer(self, still: Still | CameraError) -> None:
        while not self._stop.is_set():
            try:
                return self._ready.put(still, timeout=_POLL_S)
            except queue.Full:
                continue


def _stills(path: Path, hold_s: float, size: tuple[int, int] | None) -> Iterator[Still]:
    """Yield the stills of a folder or a file, again and again until a whole round has none."""
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
    unreadable: set[Path] = set()  # complained about once, not every round
    while True:
        round_has_some = False
        for file in files:
            file_has_some = False
            for still in _from_file(file, hold_s, size):
                file_has_some = round_has_some = True
                yield still
            if not file_has_some and file not in unreadable:
                unreadable.add(file)
                _log.warning("pictures: skipped file=%s, which cannot be read", file.name)
        if not round_has_some:
            raise CameraUnavailableError(what)


def _is_picture(file: Path) -> bool:
    return file.suffix.lower() in _PICTURE_ENDINGS and not file.name.startswith(".")


def _from_file(file: Path, hold_s: float, size: tuple[int, int] | None) -> Iterator[Still]:
    """Yield the stills of one file: one of a picture, many of a video, none of one that cannot be read."""
    if file.suffix.lower() not in _PICTURE_ENDINGS:
        yield from _from_video(file, size)
        return
    try:
        rgb = read_picture(file, None if size is None else min(size))
    except _UNREADABLE:
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


def read_picture(file: Path, short_side_px: int | None = None) -> NDArray[np.uint8]:
    """Return the picture in `file`, turned as its EXIF says.

    A JPEG much larger than `short_side_px` is decoded at a fraction of its size, never below it: faster.

    Shapes: (H, W, 3) uint8, RGB.
    """
    with Image.open(file) as picture:
        if short_side_px is not None:
            picture.draft("RGB", (short_side_px, short_side_px))
        return np.array(ImageOps.exif_transpose(picture).convert("RGB"))


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
