"""`kiosk` without a sub-command: the exhibit."""

from pathlib import Path

from kiosk.app import run_exhibit
from kiosk.camera.choose import check_spec
from kiosk.errors import BadArgumentError
from kiosk.settings import load_settings


def run(
    settings_file: Path | None,
    *,
    window: str | None,
    camera: str | None,
    model: str | None,
    event_log: Path | None,
) -> int:
    """Return 0 when the exhibit was closed, by its window or by a signal."""
    settings = load_settings(settings_file)
    check_spec(camera or settings.camera.source)
    run_exhibit(settings, size_px=window_size(window), camera=camera, model=model, event_log=event_log)
    return 0


def window_size(given: str | None) -> tuple[int, int] | None:
    """Return width and height of a size such as 1280x800, None for full screen; raises BadArgumentError."""
    if given is None:
        return None
    width, _, height = given.lower().partition("x")
    if not (
        width.isdigit() and height.isdigit() and 320 <= int(width) <= 7680 and 240 <= int(height) <= 7680
    ):
        raise BadArgumentError(f"--window {given}: give width x height in pixels, such as 1280x800")
    return int(width), int(height)
