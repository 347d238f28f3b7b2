"""Everything the exhibit knows, and what its screens may see of it."""

from dataclasses import dataclass, field, replace

from kiosk.core.datasets import KeptDataset
from kiosk.core.effects import Effect
from kiosk.core.lesson import Lesson, Sign
from kiosk.core.model import Film, Health, IdleTimes, Labels, ModelChoice, Panel, Phase, Texts, Tile
from kiosk.core.screen import Hall
from kiosk.core.staff import AT_ONCE, StaffFacts, Values, idle_with, panel_with
from kiosk.dispatch import Screen, lesson_of
from kiosk.hands import Hands
from kiosk.screens.attract import Attract
from kiosk.screens.closed import Closed
from kiosk.screens.faults import NoModel

TAUGHT = "(taught)"  # the name of the model that the visitor taught; no built one can have it


@dataclass(frozen=True, slots=True)
class State:
    """Everything the exhibit knows. The visitor's part is `screen` and `kept` to `chosen`, and ends with `Forget`.

    `labels` are the exhibit's own, `kept` is the lesson while a screen is shown that does not hold it, `guests` are
    the signs that joined the wall with it, and `chosen` is the model that judges: nothing for `default`, the exhibit's
    own. `datasets` are those that staff keep, `notices` are lines for staff, such as a settings file that was left out.
    """

    panel: Panel
    texts: Texts
    labels: Labels
    screen: Screen
    signs: tuple[Sign, ...] = ()
    now_s: float = 0.0
    camera: bool = True
    gradients: Health = field(default=Health(Phase.WARMING))
    model: Health = field(default=Health(Phase.WARMING))
    film: Film | None = None
    next_job: int = 1
    stick: bool = False
    hands: Hands = field(default=Hands())
    idle: IdleTimes = field(default=IdleTimes())
    notices: tuple[str, ...] = ()
    staff: StaffFacts = field(default=StaffFacts())
    built: tuple[ModelChoice, ...] = ()
    default: str = ""
    datasets: tuple[KeptDataset, ...] = ()
    kept: Lesson = field(default=Lesson())
    guests: tuple[Sign, ...] = ()
    chosen: str = ""

    @property
    def lesson(self) -> Lesson:
        """What the visitor taught so far."""
        shown = lesson_of(self.screen)
        return self.kept if shown is None else shown

    @property
    def wall(self) -> tuple[Sign, ...]:
        """The signs that labels can have: the exhibit's own, then the guests."""
        return (*self.signs, *self.guests)

    @property
    def models(self) -> tuple[ModelChoice, ...]:
        """The models that can judge: the built ones, and what the visitor taught."""
        report = self.lesson.report
        if report is None:
            return self.built
        wall = self.wall
        signs = [wall[sign] for sign in report.signs]
        tiles = tuple(Tile(label, sign.icon) for label, sign in enumerate(signs))
        labels = Labels.of(tuple(sign.name for sign in signs), frozenset(), tiles)
        return (*self.built, ModelChoice(TAUGHT, self.texts("models.taught"), labels, taught=True))

    @property
    def hall(self) -> Hall:
        """What a screen may know beside its own slice."""
        models, chosen = self.models, self.chosen or self.default
        return Hall(
            panel=self.panel,
            texts=self.texts,
            labels=next((model.labels for model in models if model.name == chosen), self.labels),
            now_s=self.now_s,
            camera=self.camera,
            gradients=self.gradients,
            model=self.model,
            film=None if self.chosen else self.film,  # it shows the exhibit's own model
            next_job=self.next_job,
            idle=self.idle,
            stick=self.stick,
            signs=self.wall,
            models=models,
            chosen=chosen,
            lesson=self.lesson,
            datasets=self.datasets,
            staff=self.staff,
            notices=(*self.notices, *filter(None, (self.model.reason, self.gradients.reason))),
        )

    @property
    def resting(self) -> Screen:
        """The screen of an exhibit that nobody uses."""
        if self.staff.closed:
            return Closed()
        return NoModel() if self.model.phase is Phase.LOST else Attract(self.now_s)

    @property
    def forgotten(self) -> "State":
        """The state without what was taught, and with the exhibit's own model."""
        return replace(self, kept=Lesson(), guests=(), chosen="")

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


def initial(
    panel: Panel,
    texts: Texts,
    labels: Labels,
    *,
    model: Health | None = None,
    signs: tuple[Sign, ...] = (),
) -> State:
    """The state at start: attract at once, or the words for a model that is not there.

    Without `signs` nothing can be taught, and nobody is asked to.
    """
    health = model or Health(Phase.READY)
    screen: Screen = NoModel() if health.phase is Phase.LOST else Attract(0.0)
    return State(panel, texts, labels, screen, signs, model=health)
