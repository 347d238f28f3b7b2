"""Which of the built models judges."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.labels import Labels, ModelChoice
from kiosk.core.message import Asking, Effect, News, Reply, Way
from kiosk.core.visit import Answer, Visit


@dataclass(frozen=True, slots=True)
class FoundModel:
    """A built model as the performer found it; without `labels` of its own visitors read the exhibit's."""

    name: str
    labels: tuple[str, ...] = ()
    blocked: tuple[int, ...] = ()
    agreement: float | None = None

    def offered(self, context: Context) -> ModelChoice:
        """Return the model as it is offered: by its title from the texts where it has one there."""
        title = context.texts.words.get(f"models.{self.name}", self.name)
        own = Labels.plain(self.labels, frozenset(self.blocked)) if self.labels else context.own_labels
        return ModelChoice(self.name, title, own, agreement=self.agreement)


@dataclass(frozen=True, slots=True)
class ToModels(Way):
    """Show the picture to another model."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class ToOtherModel(Way):
    """Another model judges now, and gave this picture its own answer: choose a lie for it."""

    name: str
    visit: Visit


@dataclass(frozen=True, slots=True)
class ChooseModel(Asking):
    """Have another model judge, `original` first; say `ModelChosen`, or `JobLost`: then the old one goes on."""

    name: str


@dataclass(frozen=True, slots=True)
class JudgeAgain(Effect):
    """Have the model of that name judge again; what it said of the picture that is there still holds."""

    name: str


@dataclass(frozen=True, slots=True)
class ModelsFound(News):
    """The built models there are, and the name of the exhibit's own, which judges when a visit begins."""

    models: tuple[FoundModel, ...]
    default: str

    def known(self, context: Context) -> Context:
        """Return the context with the models as they are offered, by their titles."""
        built = tuple(found.offered(context) for found in self.models)
        return replace(context, built=built, default=self.default)


@dataclass(frozen=True, slots=True)
class ModelChosen(Reply):
    """The answer to `ChooseModel`: that model judges from now on, and this is what it says to `original`."""

    name: str
    answer: Answer
