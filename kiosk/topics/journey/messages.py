"""Which way a picture goes over the map of all that is kept."""

from dataclasses import dataclass

from kiosk.core.message import Asking, Reply, Way
from kiosk.core.visit import Visit
from kiosk.topics.journey.facts import Chart


@dataclass(frozen=True, slots=True)
class ToJourney(Way):
    """See the way on the map."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class TraceWay(Asking):
    """Find where the iterates up to `last` lie on the map, and as much dice noise as each has; its seed is the job.

    Say `JobAdvanced` again and again, then `WayTraced`, or `JobLost`.
    """

    last: int
    lie: int


@dataclass(frozen=True, slots=True)
class WayTraced(Reply):
    """The answer to `TraceWay`: the map that is kept with the model, and that turned towards the lie.

    There is none to turn where the answers do not follow from the embedding in one step, as those of a taught model.
    """

    flat: Chart
    turned: Chart | None
