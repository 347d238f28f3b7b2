"""The click of the camera, drawn: two blades that shut when the picture is taken, and open on what was taken."""

from kiosk.core.scene import Box, Colour, Item, Plate

SHUTS_S, OPENS_S = 0.12, 0.3


def shutter(box: Box, shut: float) -> list[Item]:
    """Return the blades over a picture that are shut so far (0..1)."""
    upper, lower = round(box.h * shut / 2), round(box.h * shut) - round(box.h * shut / 2)
    blades = (box.top(upper), box.foot(lower))
    return [Plate(blade, 0, Colour.PANEL, Colour.LINE) for blade in blades if blade.h]
