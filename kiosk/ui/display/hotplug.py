"""What SDL does not tell of the screen: another mode of an X server, a plug pulled or put in under kmsdrm."""

import ctypes
import ctypes.util
import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import Protocol

SYSFS_VARIABLE = "SYSFS"  # as in systemd/lib
UEVENTS, KERNEL = 15, 1  # NETLINK_KOBJECT_UEVENT, and the group that the kernel speaks to


def connected_screens(sysfs: Path | None = None) -> tuple[str, ...]:
    """Return the names of the sockets that a screen is plugged into, such as HDMI-A-1."""
    return tuple(name for name, status in _sockets(sysfs) if status == "connected")


def screen_missing(sysfs: Path | None = None) -> bool:
    """Return whether there are sockets for a screen and nothing is plugged into any: False where none can be known."""
    told = {status for _, status in _sockets(sysfs)}
    return told == {"disconnected"}


def _sockets(sysfs: Path | None) -> list[tuple[str, str]]:
    sysfs = sysfs or Path(os.environ.get(SYSFS_VARIABLE, "/sys"))
    found = []
    for file in sorted(sysfs.glob("class/drm/card*-*/status")):
        with suppress(OSError):
            found.append((file.parent.name.partition("-")[2], file.read_text("ascii").strip()))
    return found


class ScreenWatch(Protocol):
    """Says whether the screen changed since it was asked last, and never waits."""

    def changed(self) -> bool:
        """Return whether it did."""

    def close(self) -> None:
        """Listen no more."""


def screen_watch(driver: str) -> ScreenWatch | None:
    """Return what hears of another screen under a driver of SDL; None where SDL itself does, or nothing can."""
    with suppress(OSError):
        if driver == "kmsdrm":
            return Uevents()
        if driver == "x11":
            return RootWindow()
    return None


class Uevents:
    """Owns a socket to the kernel's news of devices."""

    def __init__(self) -> None:
        """Listen; raises OSError where that is not allowed."""
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_NONBLOCK, UEVENTS)
        self._socket.bind((0, KERNEL))

    def changed(self) -> bool:
        """Return whether a plug was pulled or put in."""
        found = False
        with suppress(OSError):
            while True:
                found |= is_hotplug(self._socket.recv(8192))
        return found

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()


def is_hotplug(told: bytes) -> bool:
    """Return whether news of the kernel are of a screen's plug: an action, then fields, with a zero behind each."""
    fields = told.split(b"\0")
    return b"SUBSYSTEM=drm" in fields and b"HOTPLUG=1" in fields


class RootWindow:
    """Owns a connection of its own to the X server, by which the size of all its screens is known."""

    def __init__(self) -> None:
        """Connect; raises OSError where there is no X server or no Xlib."""
        self._xlib = ctypes.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
        self._xlib.XOpenDisplay.restype = ctypes.c_void_p
        self._xlib.XDefaultRootWindow.argtypes = [ctypes.c_void_p]
        self._xlib.XDefaultRootWindow.restype = ctypes.c_ulong
        self._xlib.XGetGeometry.argtypes = [ctypes.c_void_p, ctypes.c_ulong, *[ctypes.c_void_p] * 7]
        self._xlib.XCloseDisplay.argtypes = [ctypes.c_void_p]
        self._server = self._xlib.XOpenDisplay(None)
        if not self._server:
            raise OSError("no X server answers")
        self._root = self._xlib.XDefaultRootWindow(self._server)
        self._size = self._now()

    def changed(self) -> bool:
        """Return whether the size is another one than at the last call."""
        before, self._size = self._size, self._now()
        return self._size != before

    def _now(self) -> tuple[int, int]:
        numbers = [ctypes.c_uint() for _ in range(6)]
        root = ctypes.c_ulong()
        places = [ctypes.byref(number) for number in numbers]
        self._xlib.XGetGeometry(self._server, self._root, ctypes.byref(root), *places)
        return numbers[2].value, numbers[3].value

    def close(self) -> None:
        """Disconnect."""
        if self._server:
            self._xlib.XCloseDisplay(self._server)
            self._server = None
