"""Other ways to draw what an answer leaned on."""

from dataclasses import dataclass

from kiosk.core.message import Asking, Reply, Way
from kiosk.core.visit import Visit
from kiosk.topics.more_maps.facts import Check, Method


@dataclass(frozen=True, slots=True)
class ToMoreMaps(Way):
    """See what other maps say."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class DrawChecked(Asking):
    """Draw the original's map for the label `before`, iterate `step`'s for `after`, and beside that its control.

    A contrast weighs `lie` against `before`. The control's last layer is drawn by lot, a few times, and the middle one
    is kept; the job is the seed. Say `JobAdvanced` again and again, then `CheckedDrawn`, or `JobLost`.
    """

    method: Method
    step: int
    before: int
    after: int
    lie: int


@dataclass(frozen=True, slots=True)
class CheckedDrawn(Reply):
    """The answer to `DrawChecked`: the maps are on the shelf as `keys_of` its method says."""

    check: Check
