"""A taught head as a file."""

from pathlib import Path

from kiosk.device.durable import replace_files
from kiosk.vision.head import Head, head_bytes


def save_head(head: Head, path: Path) -> None:
    """Write a head's file, whole or not at all. Raises WriteError."""
    replace_files(path.parent, {path.name: head_bytes(head)})
