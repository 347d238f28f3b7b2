"""Whether the lie survives paper: the picture photographed again and again, and one that is made to survive."""

from dataclasses import dataclass

from kiosk.core.message import Asking, JobAdvanced, Reply, Way
from kiosk.core.visit import Visit
from kiosk.topics.survival.facts import Glance, Treated, Which


@dataclass(frozen=True, slots=True)
class ToSurvival(Way):
    """See what of the attack is left on paper."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class SeeViews(Asking):
    """Photograph iterate `step` so many times as a printed picture; None: the one that was made to survive.

    Each view comes as `view` with `ViewSeen`; it ends with `ViewsSeen` or `JobLost`. The job's number is the seed.
    """

    step: int | None
    lie: int
    views: int


@dataclass(frozen=True, slots=True)
class ViewSeen(JobAdvanced):
    """Another view is on the shelf, and this is what was said to it."""

    glance: Glance


@dataclass(frozen=True, slots=True)
class ViewsSeen(Reply):
    """All views that were asked for were seen."""


@dataclass(frozen=True, slots=True)
class MakeProof(Asking):
    """Make the visitor's picture survive as the lie: it grows as `proof`, seen as `view`; ends with `ProofMade`."""

    lie: int


@dataclass(frozen=True, slots=True)
class ProofAdvanced(JobAdvanced):
    """A step was made; `lying` is the share of its last views that are taken for the lie."""

    lying: float


@dataclass(frozen=True, slots=True)
class ProofMade(Reply):
    """The picture is done; `fooled` where it is taken for the lie on the screen as well."""

    fooled: bool


@dataclass(frozen=True, slots=True)
class ToLab(Way):
    """See what of the attack is left after each treatment."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class TreatPictures(Asking):
    """Treat iterate `step`, the original, and what was made for paper if there is any; the job's number is the seed.

    Say `JobAdvanced` again and again, then `PicturesTreated`, or `JobLost`.
    """

    step: int
    lie: int


@dataclass(frozen=True, slots=True)
class PicturesTreated(Reply):
    """The answer to `TreatPictures`: every treatment of every picture, which are on the shelf."""

    treated: tuple[Treated, ...]

    def of(self, which: Which) -> tuple[Treated, ...]:
        """Return what came of one of the pictures, treatment by treatment."""
        return tuple(treated for treated in self.treated if treated.which is which)
