"""The signs that visitors may teach with: those this package ships, or those that staff have set."""

from importlib.resources import files

import msgspec

from kiosk.core.lesson import Sign
from kiosk.settings.sections import TeachingSettings


class _SignSheet(msgspec.Struct, forbid_unknown_fields=True):
    """The file as it is written."""

    signs: list[Sign]


def load_signs(settings: TeachingSettings) -> tuple[Sign, ...]:
    """Return the signs on the wall, none where teaching is not offered."""
    if not settings.offered:
        return ()
    if settings.signs:
        return tuple(Sign(sign.name, sign.icon) for sign in settings.signs)
    sheet = files("kiosk").joinpath("assets", "labels", "teaching.toml")
    return tuple(msgspec.toml.decode(sheet.read_text(encoding="utf-8"), type=_SignSheet).signs)
