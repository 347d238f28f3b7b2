"""Everything the exhibit knows, and what its screens may see of it."""

from dataclasses import dataclass, field, replace

from kiosk.core.effects import Effect
from kiosk.core.model import Film, Health, IdleTimes, Labels, Panel, Phase, Texts
from kiosk.core.screen import Hall
from kiosk.core.staff import AT_ONCE, StaffFacts, Values, idle_with, panel_with
from kiosk.dispatch import Screen
from kiosk.hands import Hands
from kiosk.screens.attract import Attract
from kiosk.screens.closed import Closed
from kiosk.screens.faults import NoModel


@dataclass(frozen=True, slots=True)
class State:
    """Everything the exhibit knows. The visitor's part is `screen` alone, and dies with it.

    `notices` are lines for staff, such as a settings file that was left out.
    """

    panel: Panel
    texts: Texts
    labels: Labels
    screen: Screen
    now_s: float = 0.0
    camera: bool = True
    gradients: Health = field(default=Health(Phase.WARMING))
    model: Health = field(default=Health(Phase.WARMING))
    film: Film | None = None
    next_job: int = 1
    hands: Hands = field(default=Hands())
    idle: IdleTimes = field(default=IdleTimes())
    notices: tuple[str, ...] = ()
    staff: StaffFacts = field(default=StaffFacts())

    @property
    def hall(self) -> Hall:
        """What a screen may know beside its own slice."""
        return Hall(
            self.panel,
            self.texts,
            self.labels,
            self.now_s,
            self.camera,
            self.gradients,
            self.model,
            self.film,
            self.next_job,
            self.idle,
            self.staff,
            (*self.notices, *filter(None, (self.model.reason, self.gradients.reason))),
        )

    @property
    def resting(self) -> Screen:
        """The screen of an exhibit that nobody uses."""
        if self.staff.closed:
            return Closed()
        return NoModel() if self.model.phase is Phase.LOST else Attract(self.now_s)

    def with_settings(self, settings: Values) -> "State":
        """The state once staff saved settings: those of the screen's size and of idle times are in force at once."""
        changed = {key: value for key, value in settings if self.staff.value(key) != value}
        restart_due = self.staff.restart_due or not set(changed) <= {*AT_ONCE}
        return replace(
            self,
            staff=replace(self.staff, settings=settings, restart_due=restart_due),
            panel=panel_with(self.panel, changed),
            idle=idle_with(self.idle, changed),
        )


Outcome = tuple[State, tuple[Effect, ...]]


def initial(panel: Panel, texts: Texts, labels: Labels, *, model: Health | None = None) -> State:
    """The state at start: attract at once, or the words for a model that is not there."""
    health = model or Health(Phase.READY)
    screen: Screen = NoModel() if health.phase is Phase.LOST else Attract(0.0)
    return State(panel, texts, labels, screen, model=health)
