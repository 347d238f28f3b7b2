"""The errors a person may meet: each says in one line what, where and what to do."""


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
