"""The USB stick: whether there are pictures, a page of them as thumbnails, and the one a visitor takes."""

import threading
from collections import Counter
from functools import partial
from pathlib import Path
from typing import assert_never

from kiosk.camera.stick import read_stick_picture, stick_pictures
from kiosk.errors import KioskError, LeftOut, PictureError
from kiosk.perform.part import Part
from kiosk.perform.stack import Stack
from kiosk.perform.workshop import Workshop
from kiosk.topics.photograph.messages import (
    ListUploads,
    StickFound,
    StickLost,
    TakeUpload,
    UploadSeen,
    UploadsLeftOut,
    UploadsListed,
)
from kiosk.topics.photograph.performing.original import judge_original
from kiosk.vision.decoding.decoder import LIMIT_S, Decoder, DecoderClosedError
from kiosk.vision.picture import Rgb, to_picture

WATCH_EVERY_S = 2.0
CLOSE_WAIT_S = 0.3
MOST_FILES = 500
MOST_READERS = 3  # more at once means that a stick does not answer
THUMBNAIL_PX = 192
# After so many that took their full time, the others of a page get this much each.
SLOW_FILES, HURRIED_S = 2, 1.0
UPLOADS = tuple(f"upload-{number}" for number in range(12))  # one page of what is on a stick
UNREADABLE = "a picture on the USB stick cannot be read"  # without its name: that may be a person's


class Uploads(Part[ListUploads | TakeUpload]):
    """Owns the thread that watches for sticks, one thread for each page or picture that is being read, one decoder.

    A stick may keep a thread waiting for long; such a thread is not waited for. The decoder ends with its job, at once
    where another one is wanted or the visitor leaves.
    """

    performs = (ListUploads, TakeUpload)

    def __init__(self, workshop: Workshop) -> None:
        """Begin to watch for sticks, where folders for them are set."""
        super().__init__(workshop)
        self._folders = workshop.settings.upload.folders
        self._files: list[Path] = []
        self._readers: list[threading.Thread] = []
        self._decoder = Decoder()
        self._closing = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="stick watch", daemon=True)
        if self._folders:
            self._watcher.start()

    def close(self) -> None:
        """End the threads, unless a stick holds them up."""
        self._closing.set()
        self._decoder.kill()
        for thread in (self._watcher, *self._readers):
            if thread.is_alive():
                thread.join(CLOSE_WAIT_S)

    def perform(self, effect: ListUploads | TakeUpload) -> None:
        """Begin what an effect asks for."""
        self._workshop.jobs.want(effect.job)
        self._readers = [thread for thread in self._readers if thread.is_alive()]
        if len(self._readers) >= MOST_READERS:
            self._workshop.jobs.lose(effect.job, KioskError("the USB stick does not answer"))
            return
        self._decoder.kill()
        self._decoder = Decoder()
        match effect:
            case ListUploads(job, start, count):
                self._clear()
                read = partial(self._read_page, self._decoder, job, start, count)
            case TakeUpload(job, number):
                read = partial(self._read_picture, self._decoder, job, number)
            case _:
                assert_never(effect)
        reader = threading.Thread(target=read, name="stick reader", daemon=True)
        self._readers.append(reader)
        reader.start()

    def forget_picture(self) -> None:
        """Drop the names on the stick and what is being read; the thumbnails go with all pictures."""
        self.forget()

    def forget(self) -> None:
        """Drop the names on the stick and what is being read."""
        self._files = []
        self._decoder.kill()

    def _clear(self) -> None:
        """Drop the pictures on a stick that were only looked at."""
        for key in UPLOADS:
            self._workshop.pictures.pop(key, None)

    def _watch(self) -> None:
        there = False
        while not self._closing.is_set():
            found = any(True for _ in stick_pictures(self._folders))
            if found != there:
                self._workshop.jobs.tell(StickFound() if found else StickLost())
            there = found
            self._closing.wait(WATCH_EVERY_S)

    def _wanted(self, job: int) -> bool:
        return job in self._workshop.jobs.wanted and not self._closing.is_set()

    def _read_page(self, decoder: Decoder, job: int, start: int, count: int) -> None:
        """Tell of pictures from a number on as they are read, and of those that cannot be."""
        following = None
        try:
            files = self._files if start else self._found()
            if self._wanted(job):
                self._files = files
            with decoder:
                following = self._read_until(decoder, job, start, count, files[:MOST_FILES])
            if following is None and len(files) > MOST_FILES and self._wanted(job):
                self._workshop.jobs.tell(UploadsLeftOut(job, LeftOut.TOO_MANY, len(files) - MOST_FILES))
        finally:
            self._workshop.jobs.tell(UploadsListed(job, following), job=job)

    def _found(self) -> list[Path]:
        return list(stick_pictures(self._folders))

    def _read_until(
        self, decoder: Decoder, job: int, start: int, count: int, files: list[Path]
    ) -> int | None:
        """Return the number of the file with which the next page starts, None where there is none."""
        seen = 0
        left_out: Counter[LeftOut] = Counter()
        for number in range(start, len(files)):
            if not self._wanted(job):
                return None
            limit_s = LIMIT_S if left_out[LeftOut.TOO_SLOW] < SLOW_FILES else HURRIED_S
            try:
                rgb = read_stick_picture(decoder, files[number], least_px=THUMBNAIL_PX, limit_s=limit_s)
            except PictureError as error:
                left_out[error.why] += 1
                self._workshop.jobs.tell(UploadsLeftOut(job, error.why))
                continue
            except DecoderClosedError:  # a picture was chosen: this page ends here
                return number
            if seen == count:
                return number
            put = partial(self._put_thumbnail, job, UPLOADS[seen], to_picture(rgb, THUMBNAIL_PX))
            self._workshop.jobs.tell(UploadSeen(job, number), put)
            seen += 1
        return None

    def _put_thumbnail(self, job: int, key: str, thumbnail: Rgb) -> None:
        if self._wanted(job):
            self._workshop.pictures[key] = thumbnail

    def _read_picture(self, decoder: Decoder, job: int, number: int) -> None:
        rgb: Rgb | None = None
        try:
            with decoder:
                rgb = read_stick_picture(decoder, self._files[number], limit_s=LIMIT_S)
        except (KioskError, IndexError):
            rgb = None
        finally:
            if rgb is None:
                self._workshop.jobs.lose(job, KioskError(UNREADABLE))
        if rgb is not None:
            self._workshop.ask(job, partial(judge_original, self._workshop, job, rgb, self._put))

    def _put(self, taken: Stack) -> None:
        """Make one the visitor's picture; the others were only looked at."""
        self._clear()
        self._workshop.pictures.put_original(taken)
