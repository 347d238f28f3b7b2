"""The colour maps that staff measured: one file in the state folder, the newest in force, earlier ones for undo."""

import logging
from dataclasses import replace
from pathlib import Path

import msgspec

from kiosk.device.durable import replace_files
from kiosk.errors import KioskError
from kiosk.recapture.colours import ColourMap
from kiosk.recapture.ranges import Ranges
from kiosk.vision.reading import decoded_json, read_small_file

log = logging.getLogger(__name__)

FILE = "colours.json"
MOST_KEPT, MOST_BYTES = 5, 2**16


def colour_maps(folder: Path) -> tuple[ColourMap, ...]:
    """Return what is kept in a state folder, the newest last; of a damaged file nothing."""
    try:
        maps: tuple[ColourMap, ...] = decoded_json(
            read_small_file(folder / FILE, MOST_BYTES), tuple[ColourMap, ...]
        )
    except FileNotFoundError:
        return ()
    except (OSError, KioskError) as error:
        log.warning("event=colours_unreadable reason=%s", error)
        return ()
    return maps


def keep_colour_map(folder: Path, newest: ColourMap) -> None:
    """Put a map in force; raises WriteError, and then the one before is."""
    _keep(folder, (*colour_maps(folder), newest)[-MOST_KEPT:])


def undo_colour_map(folder: Path) -> None:
    """Put the map before in force again, or none; raises WriteError."""
    _keep(folder, colour_maps(folder)[:-1])


def calibrated(ranges: Ranges, folder: Path) -> Ranges:
    """Return the ranges around the map in force, or as they are where there is none."""
    maps = colour_maps(folder)
    return replace(ranges, colours=maps[-1]) if maps else ranges


def _keep(folder: Path, maps: tuple[ColourMap, ...]) -> None:
    replace_files(folder, {FILE: msgspec.json.format(msgspec.json.encode(maps), indent=1) + b"\n"})
