"""A shared library that a full card cut off: what needs it crashes as it loads it."""

from pathlib import Path

import pygame

ONE_PAGE = 4096


def folder_with_cut(name: str, parent: Path) -> str:
    """Make one of that name; returns the folder for LD_LIBRARY_PATH, where it is found first."""
    folder = parent / "libraries"
    folder.mkdir()
    (folder / name).write_bytes(Path(pygame.base.__file__).read_bytes()[:ONE_PAGE])
    return str(folder)
