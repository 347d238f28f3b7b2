"""An emulated machine: a power switch, a picture of what its screen shows, touch, USB sockets, snapshots."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.device.machine.guest import Guest
from tests.device.machine.hardware import Bench, Hardware, Sockets, arguments
from tests.device.machine.qmp import Qmp, QmpError
from tests.device.machine.screen_cable import ScreenCable

STARTS_WITHIN_S = 30.0
FULL_SCALE = 0x7FFF  # of a touch screen's axes
TAP_S = 0.15
STROKE_STEPS = 10

Pixels = NDArray[np.uint8]


class Machine:
    """Owns a qemu on a card; `guest` is the system that runs in it."""

    def __init__(self, bench: Bench, card: Path, hardware: Hardware | None = None) -> None:
        """Switch it on; with `hardware.snapshot` it goes on from there."""
        self.bench, self.card, self.hardware = bench, card, hardware or Hardware()
        self._mode_px = self.hardware.size_px
        self._folder = Path(tempfile.mkdtemp(prefix="kiosk-machine-"))
        self._sockets = Sockets(self._folder, free_port())
        self.guest = Guest(bench.key, self._sockets.ssh_port, self._folder)
        self.on_since_s = time.monotonic()
        with (self._folder / "qemu.log").open("wb") as log:
            self._process = subprocess.Popen(
                [*bench.emulator, *arguments(bench, self.hardware, self._sockets, card)],
                env=os.environ | {"QEMU_MODULE_DIR": str(bench.modules)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            self.qmp = self._connected()
        except BaseException:
            self.cut_power()
            raise

    def _connected(self) -> Qmp:
        due_s = time.monotonic() + STARTS_WITHIN_S
        while True:
            try:
                return Qmp(self._sockets.monitor)
            except OSError as error:
                said = (self._folder / "qemu.log").read_text("utf-8", "replace")
                if self._process.poll() is not None:
                    raise QmpError(f"qemu ended with {self._process.returncode}: {said}") from error
                if time.monotonic() > due_s:
                    raise
            time.sleep(0.05)

    # Power.

    def cut_power(self) -> None:
        """Pull the plug."""
        self.guest.hang_up()
        self._process.kill()
        self._process.wait()

    def put_away(self) -> None:
        """End it so that its card keeps its snapshots: qemu's own tables are in its memory until then."""
        self.guest.hang_up()
        self.qmp("quit")
        self._process.wait()

    def close(self) -> None:
        """Pull the plug, and remove all but the card."""
        self.cut_power()
        if hasattr(self, "qmp"):
            self.qmp.close()
        shutil.rmtree(self._folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def serial(self) -> str:
        """What the kernel said on the serial line."""
        return self._sockets.serial.read_text("utf-8", "replace")

    def keep(self, name: str) -> None:
        """Keep all of it, as it is at this moment, under a name; the card is changed."""
        self.qmp.monitor(f"savevm {name}")

    # What is seen.

    def pixels(self, screen: int = 0) -> Pixels:
        """Return what a screen shows now: (height, width, 3) uint8 RGB."""
        file = self._folder / "screen.png"
        self.qmp("screendump", filename=str(file), format="png", device="gpu", head=screen)
        with Image.open(file) as image:
            return np.asarray(image.convert("RGB"))

    def save_picture(self, file: Path) -> None:
        """Keep what the first screen shows now."""
        self.qmp("screendump", filename=str(file), format="png", device="gpu", head=0)

    @contextmanager
    def unplugged(self) -> Iterator[None]:
        """Have the screen's plug out; afterwards it is in again, with the mode it had."""
        with ScreenCable(self._sockets.screen) as cable:
            cable.plug(*self._mode_px)  # qemu takes no notice of what it thinks it has: at first, nothing
            cable.plug(0, 0)
            yield
            cable.plug(*self._mode_px)

    def plug_screen(self, width_px: int, height_px: int) -> None:
        """Pull the screen's plug, and plug in a screen of another mode."""
        with self.unplugged():
            self._mode_px = width_px, height_px

    def plug_second_screen(self, width_px: int, height_px: int) -> None:
        """Plug a screen into the other socket; 0 x 0 pulls its plug."""
        with ScreenCable(self._sockets.second_screen) as cable:
            cable.plug(width_px, height_px)

    def connect_network(self, connected: bool) -> None:
        """Pull the network's plug, or put it in again."""
        self.guest.hang_up()
        self.qmp("set_link", name="net", up=connected)

    # What hands do.

    def tap(self, x: int, y: int, hold_s: float = TAP_S) -> None:
        """Touch the screen at a place, in pixels of its mode."""
        self._finger("begin", (x, y))
        time.sleep(hold_s)
        self._finger("end")

    def stroke(self, begin: tuple[int, int], end: tuple[int, int], seconds: float = 0.5) -> None:
        """Draw a finger from place to place."""
        self._finger("begin", begin)
        for step in range(1, STROKE_STEPS + 1):
            time.sleep(seconds / STROKE_STEPS)
            share = step / STROKE_STEPS
            self._finger(
                "update", (begin[0] + (end[0] - begin[0]) * share, begin[1] + (end[1] - begin[1]) * share)
            )
        self._finger("end")

    @contextmanager
    def finger(self, x: int, y: int) -> Iterator[None]:
        """Have a finger rest at a place."""
        self._finger("begin", (x, y))
        try:
            yield
        finally:
            self._finger("end")

    def _finger(self, kind: str, place: tuple[float, float] = (0, 0)) -> None:
        tracking = -1 if kind == "end" else 1
        events: list[dict[str, Any]] = []

        def tell(what: str, axis: str, value: int) -> None:
            told = {"type": what, "slot": 0, "tracking-id": tracking, "axis": axis, "value": value}
            events.append({"type": "mtt", "data": told})

        if kind != "update":
            tell(kind, "x", 0)
        if kind != "end":
            for axis, at, size in zip("xy", place, self._mode_px, strict=True):
                tell("data", axis, int(at * FULL_SCALE / size))
        if kind != "update":
            events.append({"type": "btn", "data": {"button": "touch", "down": kind == "begin"}})
        self.qmp("input-send-event", events=events)

    # USB sockets.

    def plug_stick(self, image: Path) -> None:
        """Put a stick in that holds what is in an image."""
        self.qmp(
            "blockdev-add",
            driver="raw",
            **{"node-name": "stick"},
            file={"driver": "file", "filename": str(image)},
        )
        self.qmp("device_add", driver="usb-storage", id="stick", drive="stick", bus="usb.0", removable=True)

    def pull_stick(self) -> None:
        """Pull the stick out, whoever reads or writes."""
        self.qmp("device_del", id="stick")
        self.qmp.event("DEVICE_DELETED", STARTS_WITHIN_S)
        due_s = time.monotonic() + STARTS_WITHIN_S
        while True:
            try:
                self.qmp("blockdev-del", **{"node-name": "stick"})
            except QmpError:  # what it was being asked for is still on its way
                if time.monotonic() > due_s:
                    raise
                time.sleep(0.1)
            else:
                return


def free_port() -> int:
    """Return a port of loopback that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def blank_disk(bench: Bench, image: Path, size: str) -> Path:
    """Make a disk of a size such as 4G that nothing was ever written to; return it."""
    command = [*bench.image_tool, "create", "-q", "-f", "qcow2", str(image), size]
    subprocess.run(command, check=True, capture_output=True)
    return image


def overlay(bench: Bench, base: Path, image: Path) -> Path:
    """Make a disk that is as another one, which is left as it is; return it."""
    command = [*bench.image_tool, "create", "-q", "-f", "qcow2", "-b", str(base), "-F", "qcow2", str(image)]
    subprocess.run(command, check=True, capture_output=True)
    return image
