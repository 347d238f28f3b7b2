"""USB sticks that are mounted, and the counts as a table on one."""

import csv
import io
import os
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from kiosk.device.durable import replace_files
from kiosk.device.health import HERE, Places, mounts
from kiosk.errors import KioskError

COLUMNS = ("day", "name", "count")


class NoStickError(KioskError):
    """There is no stick to write to."""


def mounted_sticks(folder: Path, places: Places = HERE) -> tuple[Path, ...]:
    """Return where file systems are mounted in a folder such as /media or below, the last one first."""
    found = [mount.folder for mount in mounts(places) if mount.folder.is_relative_to(folder)]
    return tuple(reversed([path for path in found if path != folder]))


def counts_csv(counts: Mapping[date, Mapping[str, int]]) -> bytes:
    """Return counts as comma-separated lines of day, name and count, under their headings."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for day in sorted(counts):
        writer.writerows((day.isoformat(), name, count) for name, count in sorted(counts[day].items()))
    return out.getvalue().encode()


def export_counts(sticks: tuple[Path, ...], counts: Mapping[date, Mapping[str, int]], now: datetime) -> Path:
    """Return the file with all counts on the first stick that can be written; raises as `write_to_stick` does."""
    return write_to_stick(sticks, f"kiosk-counts-{now:%Y%m%d-%H%M%S}.csv", counts_csv(counts))


def write_to_stick(sticks: tuple[Path, ...], name: str, content: bytes) -> Path:
    """Return the file on the first stick that can be written; it is there whole or not at all.

    Raises NoStickError, and WriteError for a stick that is full or fails.
    """
    if not sticks:
        raise NoStickError("There is no USB stick. Put one in, wait some seconds, and press again.")
    sticks = tuple(stick for stick in sticks if not _is_read_only(stick))
    if not sticks:
        raise NoStickError("This USB stick can only be read. Use one that is formatted as FAT32 or exFAT.")
    (file,) = replace_files(sticks[0], {name: content})
    return file


def _is_read_only(stick: Path) -> bool:
    """Return whether a stick is mounted to be read only; of one that is gone, writing to it will tell."""
    try:
        return bool(os.statvfs(stick).f_flag & os.ST_RDONLY)
    except OSError:
        return False
