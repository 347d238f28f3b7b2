"""3-2-1 before pictures are taken: how long it lasts, and how it is drawn over the camera."""

from collections.abc import Sequence

from kiosk.core.layout import Layout
from kiosk.core.scene import Align, Box, Colour, Item, Plate, Ring, Weight, Words, plain

COUNT_FROM = 3
BEAT_S = 0.8
COUNT_S = COUNT_FROM * BEAT_S


def countdown(layout: Layout, box: Box, shown: Sequence[Item], gone_s: float) -> list[Item]:
    """Return what is shown, set in by the width of a frame that empties around it, and the number so far."""
    frame = layout.tight
    gone = gone_s / BEAT_S
    beat = min(COUNT_FROM - 1, max(0, int(gone)))
    share = 1.0 - min(1.0, max(0.0, gone / COUNT_FROM))
    side = round(box.w * 0.3)
    badge = Box(box.right - side, box.bottom - side, side, side)
    return [
        Ring(box, share, Colour.TEXT, frame, layout.radius + frame),
        *shown,
        Plate(badge, side // 2, Colour.INK),
        Words(
            badge.inset(side // 6),
            plain(str(COUNT_FROM - beat)),
            round(side * 0.6),
            layout.floor,
            Weight.EXTRABOLD,
            Align.CENTRE,
        ),
    ]
