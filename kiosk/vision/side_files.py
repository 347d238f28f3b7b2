"""What systems leave beside people's files: on sticks, in folders, in archives that were packed again."""

SIDE_NAMES = frozenset(
    {"__macosx", "@eadir", "desktop.ini", "ehthumbs.db", "icon\r", "lost.dir", "thumbs.db"}
    | {"system volume information"}
)
SIDE_STARTS = (".", "$")  # .DS_Store, .Trashes, ._photo.jpg; $RECYCLE.BIN


def is_side_file(name: str) -> bool:
    """Return whether a file or folder of that name was put there by a system, not by a person."""
    return name.startswith(SIDE_STARTS) or name.casefold() in SIDE_NAMES
