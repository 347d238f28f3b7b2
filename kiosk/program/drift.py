"""A screen that waits for hours moves a little, so that nothing of it burns into the panel."""

from dataclasses import replace

from kiosk.core.layout import Panel, layout_of
from kiosk.core.scene import Box, Control, Item, Look, Scene

PLACE_S = 60.0
# A walk through five by five places around the middle, each next to the one before, back to where it began.
WALK = (
    *((0, 0), (1, 0), (2, 0), (2, 1), (1, 1), (1, 2), (2, 2), (0, 2), (-1, 2), (-2, 2), (-2, 1), (-1, 1)),
    *((0, 1), (-1, 0), (-2, 0), (-2, -1), (-2, -2), (-1, -2), (-1, -1), (0, -1), (0, -2), (1, -2)),
    *((2, -2), (2, -1), (1, -1)),
)


def drifted(scene: Scene, panel: Panel, now_s: float) -> Scene:
    """Return the scene a few pixels aside, another place each minute; what fills the whole screen stays."""
    step_px = max(1, layout_of(panel).tight // 6)
    x, y = WALK[int(now_s // PLACE_S) % len(WALK)]
    if (x, y) == (0, 0):
        return scene
    return replace(scene, items=tuple(_moved(item, x * step_px, y * step_px) for item in scene.items))


def _moved(item: Item, x_px: int, y_px: int) -> Item:
    if isinstance(item, Control):
        if item.look is Look.WHOLE:
            return item
        reach = None if item.reach is None else _aside(item.reach, x_px, y_px)
        return replace(item, box=_aside(item.box, x_px, y_px), reach=reach)
    return replace(item, box=_aside(item.box, x_px, y_px))


def _aside(box: Box, x_px: int, y_px: int) -> Box:
    return Box(box.x + x_px, box.y + y_px, box.w, box.h)
