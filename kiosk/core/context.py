"""What a screen may know beside its own data: the panel, the words, how the parts are, what the visitor has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from kiosk.core.health import Health, Phase
from kiosk.core.labels import Labels, ModelChoice
from kiosk.core.layout import Panel
from kiosk.core.lesson import Lesson, Sign
from kiosk.core.message import Way
from kiosk.core.staff import StaffFacts
from kiosk.core.visit import Visit


@dataclass(frozen=True, slots=True)
class Texts:
    """All words of one language, by key."""

    words: Mapping[str, str]

    def __call__(self, key: str, **values: str | int) -> str:
        """Return the words of `key` with its places filled."""
        return self.words[key].format(**values)


@dataclass(frozen=True, slots=True)
class IdleTimes:
    """How long a visit may be quiet, and how long the question after it stands."""

    quiet_s: float = 40.0
    teaching_quiet_s: float = 75.0  # things are fetched and turned around
    countdown_s: float = 20.0


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a topic knows beyond its screens; every field has a default, for as long as nothing is known."""


F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True)
class Visitor:
    """What the visitor has, until `Forget`.

    `lesson` is what was taught so far, `guests` are the signs that joined the wall with a kept lesson, `taught` is the
    model that learned it, and `chosen` is the name of the model that judges: nothing for the exhibit's own.
    """

    lesson: Lesson = field(default=Lesson())
    guests: tuple[Sign, ...] = ()
    taught: ModelChoice | None = None
    chosen: str = ""

    @property
    def has_taught(self) -> bool:
        """Return whether there is anything that was taught, and would be lost."""
        return self.lesson.newest is not None or self.taught is not None


@dataclass(frozen=True, slots=True)
class Card:
    """One idea to try next: its name, its drawing, where it leads.

    `words` is the key of its title; with `_idea` and `_action` behind it, of its sentence and its button. One that is
    `timely` comes before all others, and stands on the attack's own screen too.
    """

    name: str
    icon: str
    way: Way
    words: str
    timely: bool = False


@dataclass(frozen=True, slots=True)
class StaffPage:
    """One of the staff's screens behind the PIN: `control.NAME` are its words; the lowest `place` is first."""

    name: str
    icon: str
    way: Way
    place: int


@dataclass(frozen=True, slots=True)
class Context:
    """What a screen may know beside its own data.

    `camera` says whether there are frames to look at; with a `camera_fault` they are of our own pictures, shown in the
    camera's place. `complaints` are lines for staff, such as a settings file that was left out. `default` is the name
    of the exhibit's own model, one of `built`. `offers` are the topics' cards, `pages` the staff's screens. `returns`:
    Back leads to what the visitor had made of the picture. `buttons`: they are wired.
    """

    panel: Panel
    texts: Texts
    own_labels: Labels
    own_signs: tuple[Sign, ...] = ()
    now_s: float = 0.0
    camera: bool = True
    camera_fault: str = ""
    gradients: Health = field(default=Health(Phase.WARMING))
    model: Health = field(default=Health(Phase.WARMING))
    next_job: int = 1
    idle: IdleTimes = field(default=IdleTimes())
    complaints: tuple[str, ...] = ()
    staff: StaffFacts = field(default=StaffFacts())
    built: tuple[ModelChoice, ...] = ()
    default: str = ""
    facts: tuple[Fact, ...] = ()
    visitor: Visitor = field(default=Visitor())
    offers: "tuple[Offer, ...]" = ()
    pages: tuple[StaffPage, ...] = ()
    returns: bool = False
    buttons: bool = False

    def fact(self, kind: type[F]) -> F:
        """Return what is known of that kind."""
        return next((fact for fact in self.facts if isinstance(fact, kind)), None) or kind()

    def with_fact(self, fact: Fact) -> "Context":
        """Return the context that knows a fact, in the place of the one of its kind."""
        others = (other for other in self.facts if type(other) is not type(fact))
        return replace(self, facts=(*others, fact))

    @property
    def sees(self) -> bool:
        """Return whether it sees what is held up: its camera is there, and no picture of ours in its place."""
        return self.camera and not self.camera_fault

    @property
    def lesson(self) -> Lesson:
        """Return what the visitor taught so far."""
        return self.visitor.lesson

    @property
    def signs(self) -> tuple[Sign, ...]:
        """Return the signs that labels can have: the exhibit's own, then the guests."""
        return (*self.own_signs, *self.visitor.guests) if self.visitor.guests else self.own_signs

    @property
    def models(self) -> tuple[ModelChoice, ...]:
        """Return the models that can judge: the built ones, and what the visitor taught."""
        taught = self.visitor.taught
        return self.built if taught is None else (*self.built, taught)

    @property
    def chosen(self) -> str:
        """Return the name of the model that judges."""
        return self.visitor.chosen or self.default

    @property
    def labels(self) -> Labels:
        """Return the labels of the model that judges."""
        if not self.visitor.chosen:
            return self.own_labels
        return next((model.labels for model in self.models if model.name == self.chosen), self.own_labels)

    @property
    def taught(self) -> bool:
        """Return whether what the visitor taught judges now."""
        model = self.visitor.taught
        return model is not None and model.name == self.visitor.chosen

    @property
    def teaches(self) -> bool:
        """Return whether visitors can teach: there are signs for it, and a gradient process or the hope of one."""
        return bool(self.signs) and not self.gradients.given_up

    @property
    def notices(self) -> tuple[str, ...]:
        """Return the lines for staff, with why a part is away or will not come back."""
        reasons = (self.camera_fault, self.model.reason, self.gradients.reason)
        return (*self.complaints, *filter(None, reasons))

    def cards(self, visit: Visit) -> tuple[Card, ...]:
        """Return the cards there are for a visit, timely ones first, else in the order of the topics."""
        cards = [card for offer in self.offers if (card := offer(visit, self)) is not None]
        return tuple(sorted(cards, key=lambda card: not card.timely))


Offer = Callable[[Visit, Context], Card | None]
