"""Every other model is opened for a moment, one after another, in the classify thread."""

from collections.abc import Callable, Iterator
from functools import partial

from kiosk.attack.verdict import answer
from kiosk.perform.in_steps import Finding, Pieces, in_steps
from kiosk.perform.part import Part
from kiosk.topics.judges.messages import AskJudges, JudgesAsked, Opinion
from kiosk.vision.classifier import AnyClassifier, Classifier
from kiosk.vision.model_card import ModelError, read_card
from kiosk.vision.picture import Rgb


class Judging(Part[AskJudges]):
    """Asks the other models; none of them stays open."""

    performs = (AskJudges,)

    def perform(self, effect: AskJudges) -> None:
        """Begin to ask; the job is lost where there is no such step."""
        pictures = self._workshop.pair(effect.job, effect.step)
        if pictures is not None:
            in_steps(self._workshop, effect.job, partial(self._ask, effect.job, pictures))

    def forget_picture(self) -> None:
        """Drop nothing: no picture is kept here."""

    def forget(self) -> None:
        """Drop nothing: nothing of a visitor is kept here."""

    def _ask(self, job: int, pictures: tuple[Rgb, Rgb], classifier: AnyClassifier) -> Pieces:
        """Ask one model after another; one that cannot be opened has no opinion."""
        openings = [*self._openings(classifier)]
        opinions: list[Opinion] = []
        for number, (name, exact, opening) in enumerate(openings, 1):
            try:
                judge = opening()
            except ModelError:
                continue
            if judge is not None:
                with judge:
                    before, after = (answer(judge(picture)) for picture in pictures)
                opinions.append(Opinion(name, before, after, exact))
            yield number / len(openings)
        return Finding(JudgesAsked(job, tuple(opinions)))

    def _openings(
        self, classifier: AnyClassifier
    ) -> Iterator[tuple[str, bool, Callable[[], Classifier | None]]]:
        """Yield the models that can be asked, and what opens each: those with the same labels, and the float twin."""
        models, state = self._workshop.models, self._workshop.state
        own = models.open_name
        yield own, True, partial(Classifier.float_twin, state.model(own))
        for name in state.model_names():
            if name != own and read_card(state.model(name)).labels == classifier.card.labels:
                yield name, False, partial(models.open_classifier, name)
