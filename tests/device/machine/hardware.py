"""What an emulated machine is made of, and qemu's arguments for it."""

from dataclasses import dataclass
from pathlib import Path

# Quiet, as a push makes a Pi's; what the kernel says goes to the serial line as well.
KERNEL_WORDS = ("console=tty0", "console=ttyS0", "quiet", "loglevel=4", "vt.global_cursor_default=0")
ROOT_WORDS = ("root=/dev/vda", "rw")
OVERLAY_WORDS = ("root=/dev/vda", "ro", "overlayroot=tmpfs:recurse=0")
# As after a kernel's update whose initramfs lacks the module.
NO_OVERLAY_WORDS = (*OVERLAY_WORDS, "modprobe.blacklist=overlay")


@dataclass(frozen=True)
class Bench:
    """The folder that `run` has filled."""

    folder: Path

    @property
    def emulator(self) -> tuple[str, ...]:
        """Debian's own qemu in its root, called so that it finds its libraries there and our files here."""
        return self._tool("qemu-system-x86_64", "-L", self._share("seabios"), "-L", self._share("qemu"))

    @property
    def image_tool(self) -> tuple[str, ...]:
        """The program that makes disk images."""
        return self._tool("qemu-img")

    @property
    def modules(self) -> Path:
        """Where qemu's own modules lie."""
        return self._tools / "usr/lib/x86_64-linux-gnu/qemu"

    @property
    def card(self) -> Path:
        """The card as it was written: a Debian that nothing was pushed to."""
        return self.folder / "card" / "new.qcow2"

    @property
    def key(self) -> Path:
        """The ssh key that the card knows."""
        return self.folder / "card" / "key"

    @property
    def wheels(self) -> Path:
        """The Python packages of a device."""
        return self.folder / "wheels"

    @property
    def _tools(self) -> Path:
        return self.folder / "tools"

    def _share(self, name: str) -> str:
        return str(self._tools / "usr/share" / name)

    def _tool(self, name: str, *arguments: str) -> tuple[str, ...]:
        loader = self._tools / "lib64/ld-linux-x86-64.so.2"
        libraries = ":".join(
            str(self._tools / "usr/lib/x86_64-linux-gnu" / part) for part in ("", "pulseaudio")
        )
        return (str(loader), "--library-path", libraries, str(self._tools / "usr/bin" / name), *arguments)


@dataclass(frozen=True)
class Hardware:
    """One machine: its screen, its memory, what it starts with and what is plugged into it."""

    size_px: tuple[int, int] = (1280, 800)
    screens: int = 1  # sockets; a second one is empty until a screen is plugged in
    memory_mb: int = 3072
    clock: str = "utc"  # or a date in UTC, such as 1970-01-01T00:00:00
    kernel_words: tuple[str, ...] = ROOT_WORDS
    data: Path | None = None  # a second disk
    keyboard: bool = False  # on USB
    snapshot: str = ""  # of the card: it goes on from there instead of starting


@dataclass(frozen=True)
class Sockets:
    """How this machine is reached."""

    folder: Path
    ssh_port: int

    @property
    def monitor(self) -> Path:
        return self.folder / "qmp"

    @property
    def screen(self) -> Path:
        return self.folder / "vnc"

    @property
    def second_screen(self) -> Path:
        return self.folder / "vnc-second"

    @property
    def serial(self) -> Path:
        return self.folder / "serial.log"


def arguments(bench: Bench, hardware: Hardware, sockets: Sockets, card: Path) -> list[str]:
    """Return qemu's arguments. There is no network but for ssh from this machine's loopback."""
    width_px, height_px = hardware.size_px
    folder = bench.card.parent
    given = {
        "-name": "kiosk",
        "-machine": "q35,i8042=off",  # no keyboard but what is plugged in
        "-accel": "tcg,thread=multi,tb-size=512",
        "-cpu": "max",
        "-smp": "2",
        "-m": f"{hardware.memory_mb}M",
        "-display": "none",
        "-kernel": str(folder / "vmlinuz"),
        "-initrd": str(folder / "initrd.img"),
        "-append": " ".join([*hardware.kernel_words, *KERNEL_WORDS]),
        "-acpitable": f"file={folder / 'buttons.aml'}",
        "-rtc": f"base={hardware.clock}",
        "-netdev": f"user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:{sockets.ssh_port}-:22",
        "-vnc": f"unix:{sockets.screen},lock-key-sync=off",
        "-qmp": f"unix:{sockets.monitor},server=on,wait=off",
        "-serial": f"file:{sockets.serial}",
        "-action": "watchdog=none",  # but where it is tried: a busy host starves the machine
    }
    devices = [
        "virtio-blk-pci,drive=card,serial=card",
        f"virtio-gpu-pci,id=gpu,xres={width_px},yres={height_px},max_outputs={hardware.screens}",
        "virtio-multitouch-pci,id=touch",
        "qemu-xhci,id=usb",
        "i6300esb,id=watchdog",
        "virtio-net-pci,netdev=net,romfile=",
        "virtio-rng-pci",
    ]
    drives = [_drive("card", card)]
    if hardware.data is not None:
        drives.append(_drive("data", hardware.data))
        devices.append("virtio-blk-pci,drive=data,serial=data")
    if hardware.keyboard:
        devices.append("usb-kbd,id=keyboard,bus=usb.0")
    found = ["-nodefaults", *(word for pair in given.items() for word in pair)]
    found += [word for drive in drives for word in ("-drive", drive)]
    found += [word for device in devices for word in ("-device", device)]
    if hardware.screens > 1:
        found += ["-vnc", f"unix:{sockets.second_screen},display=gpu,head=1"]
    return [*found, *(("-loadvm", hardware.snapshot) if hardware.snapshot else ())]


def _drive(name: str, image: Path) -> str:
    # What the machine has written is this machine's page cache's: a cut of its power loses what it had not written yet.
    return f"if=none,id={name},file={image},format=qcow2,cache=unsafe,discard=unmap"
