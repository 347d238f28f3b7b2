"""USB sticks as they are bought: one FAT partition in a table, filled by the machine's own system."""

import struct
from collections.abc import Mapping
from pathlib import Path

from tests.device.machine.machine import Machine

SMALLEST_BYTES, SECTOR_BYTES, FIRST_SECTOR = 64 << 20, 512, 2048
WRITTEN_WITHIN_S = 900.0
FAT32 = 0x0C
PARTITION = "/dev/disk/by-path/*-usb-*-part1"


def blank_stick(image: Path, content_bytes: int = 0) -> Path:
    """Write a stick with room for its content, whose partition has no file system yet; return it."""
    sectors = max(SMALLEST_BYTES, 2 * content_bytes) // SECTOR_BYTES
    entry = struct.pack(
        "<B3sB3sII", 0, b"\0\x02\0", FAT32, b"\xff\xff\xff", FIRST_SECTOR, sectors - FIRST_SECTOR
    )
    with image.open("wb") as file:
        file.truncate(sectors * SECTOR_BYTES)
        file.seek(446)
        file.write(entry)
        file.seek(510)
        file.write(b"\x55\xaa")
    return image


def filled_stick(machine: Machine, image: Path, files: Mapping[str, bytes]) -> Path:
    """Return a stick with files on it, pulled out again."""
    machine.plug_stick(blank_stick(image, sum(map(len, files.values()))))
    machine.guest.wait(lambda: machine.guest.tried(f"test -e {PARTITION}")[0] == 0, "the stick's partition")
    machine.guest.run(f"mkfs.vfat -n STICK {PARTITION} && mount {PARTITION} /mnt")
    for name, content in files.items():
        machine.guest.run(f"cat >'/mnt/{name}'", WRITTEN_WITHIN_S, given=content)
    machine.guest.run("umount /mnt; sync", WRITTEN_WITHIN_S)
    machine.pull_stick()
    return image
