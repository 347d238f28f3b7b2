"""The errors a person may meet: each says in one line what, where and what to do."""

from enum import StrEnum


class KioskError(Exception):
    """The root of every error this package raises on purpose; the command line prints it and exits 1."""


class BadArgumentError(KioskError, ValueError):
    """An argument or a setting that cannot be used; the command line prints it and exits 2."""


class CameraError(KioskError, OSError):
    """The root of what a camera can do wrong."""


class CameraUnavailableError(CameraError):
    """There is no such camera, it is busy, or it was unplugged."""


class CameraStalledError(CameraError, TimeoutError):
    """The camera is open but gave no frame in time."""


class LeftOut(StrEnum):
    """Why a file that somebody brought is no picture here."""

    TOO_LARGE = "too_large"
    TOO_SMALL = "too_small"
    TOO_SLOW = "too_slow"
    TOO_MANY = "too_many"
    CUT_OFF = "cut_off"
    DAMAGED = "damaged"
    RAW = "raw"
    NO_PICTURE = "no_picture"
    UNREADABLE = "unreadable"


class PictureError(KioskError, ValueError):
    """A file that is no picture this exhibit can read; `why` in one word, for those who count."""

    def __init__(self, message: str, why: LeftOut = LeftOut.DAMAGED) -> None:
        super().__init__(message)
        self.why = why
