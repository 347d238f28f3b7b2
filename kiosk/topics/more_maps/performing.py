"""Maps of both pictures and a control: by the gradient process, one after another, or by looks of the model itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import assert_never

import numpy as np

from kiosk.core.message import JobAdvanced
from kiosk.explaining.control import alikeness, drawn_by_lot
from kiosk.explaining.maps import OCCLUSION_ACROSS, OCCLUSION_OVERLAP, class_activation_map, of_squares
from kiosk.explaining.occlusion import log_odds, losses
from kiosk.gradients.protocol import MapMethod
from kiosk.perform.in_steps import Finding, Pieces, in_steps
from kiosk.perform.part import Part
from kiosk.topics.more_maps.facts import Check, Method, checked, keys_of
from kiosk.topics.more_maps.messages import CheckedDrawn, DrawChecked
from kiosk.vision.arrays import Floats
from kiosk.vision.classifier import AnyClassifier, Classifier, Prediction
from kiosk.vision.head import Head
from kiosk.vision.heatmap import CellMap, pulling, shining, weighing
from kiosk.vision.picture import Rgb

AT_ONCE = 7  # looks a frame
DRAWS = 9  # throws of the control


@dataclass(frozen=True, eq=False)
class Wanted:
    """One map: of which label on a picture, against which other one where it is a contrast, with which head."""

    picture: Rgb
    label: int
    against: int | None
    head: Head | None


class MapChecking(Part[DrawChecked]):
    """Draws maps, each with its control."""

    performs = (DrawChecked,)

    def perform(self, effect: DrawChecked) -> None:
        """Begin to draw; the job is lost where there is no such step."""
        pair = self._workshop.pair(effect.job, effect.step)
        if pair is None:
            return
        match effect.method:
            case Method.GRAD_CAM:
                self._workshop.ask(effect.job, partial(self._begin, effect, "grad-cam", pair))
            case Method.CONTRAST:
                self._workshop.ask(effect.job, partial(self._begin, effect, "contrast", pair))
            case Method.CLASS_MAP:
                in_steps(self._workshop, effect.job, partial(_class_maps, effect, pair))
            case Method.OCCLUSION:
                in_steps(self._workshop, effect.job, partial(_occlusions, effect, pair))
            case _:
                assert_never(effect.method)

    def forget_picture(self) -> None:
        """Drop nothing: no picture is kept here."""

    def forget(self) -> None:
        """Drop nothing: nothing of a visitor is kept here."""

    def _begin(
        self, effect: DrawChecked, method: MapMethod, pair: tuple[Rgb, Rgb], classifier: AnyClassifier
    ) -> None:
        """Say which maps are wanted, off the frame loop's thread."""
        (original, attacked), head = pair, classifier.head
        lot = _lot(effect, classifier, pair[0], labels=2 * DRAWS)
        pairs = [(2 * number, 2 * number + 1) for number in range(DRAWS)]
        if method == "contrast":
            own = [Wanted(picture, effect.lie, effect.before, head) for picture in pair]
            others = [Wanted(attacked, label, against, lot) for label, against in pairs]
        else:
            own = [Wanted(original, effect.before, None, head), Wanted(attacked, effect.after, None, head)]
            others = [Wanted(attacked, label, None, lot) for label, _ in pairs]
        self._workshop.jobs.go_on(effect.job, partial(self._next, effect, method, [*own, *others], []))

    def _next(
        self, effect: DrawChecked, method: MapMethod, wanted: Sequence[Wanted], maps: list[CellMap]
    ) -> None:
        """Ask for the next map."""
        one = wanted[len(maps)]
        self._workshop.ask_gradients(
            effect.job,
            lambda gradients: gradients.maps(method, [one.picture], one.label, one.against, head=one.head),
            partial(self._came, effect, method, wanted, maps),
        )

    def _came(
        self,
        effect: DrawChecked,
        method: MapMethod,
        wanted: Sequence[Wanted],
        maps: list[CellMap],
        found: list[CellMap],
    ) -> None:
        """Go on with the next map, or tell what came of all."""
        job, maps = effect.job, [*maps, *found]
        if len(maps) < len(wanted):
            share = JobAdvanced(job, len(maps) / len(wanted))
            self._workshop.jobs.tell_so_far(share, job, partial(self._next, effect, method, wanted, maps))
            return
        finding = _finding(effect, (wanted[0].picture, wanted[1].picture), maps)
        self._workshop.jobs.tell(finding.told, partial(self._workshop.pictures.update, finding.pictures), job)


def _class_maps(effect: DrawChecked, pair: tuple[Rgb, Rgb], classifier: AnyClassifier) -> Pieces:
    """Add up what each square is worth to the label, and to labels of the lot."""
    yield from ()
    weights = classifier.last_layer if isinstance(classifier, Classifier) else None
    if weights is None:
        return Finding(CheckedDrawn(effect.job, Check.UNFIT))
    original, attacked = (classifier(picture) for picture in pair)
    lot = _lot(effect, classifier, pair[0], labels=DRAWS).layers[-1].weight
    maps = [
        class_activation_map(original, weights, effect.before),
        class_activation_map(attacked, weights, effect.after),
        *(class_activation_map(attacked, lot, label) for label in range(DRAWS)),
    ]
    return _finding(effect, pair, maps)


def _occlusions(effect: DrawChecked, pair: tuple[Rgb, Rgb], classifier: AnyClassifier) -> Pieces:
    """Cover one square after another, a few at once; the control answers on the very same looks."""
    lot = _lot(effect, classifier, pair[0], labels=max(DRAWS, len(classifier.card.labels)))

    def before(seen: Prediction) -> Floats:
        return np.array([log_odds(seen, effect.before)])

    def after(seen: Prediction) -> Floats:
        thrown = replace(seen, logits=lot.logits(seen.embedding))
        return np.array([log_odds(seen, effect.after), *(log_odds(thrown, label) for label in range(DRAWS))])

    maps: list[CellMap] = []
    count = OCCLUSION_ACROSS**2
    for number, (picture, scores) in enumerate(zip(pair, (before, after), strict=True)):
        fallen: list[Floats] = []
        for each in losses(classifier, scores, picture, OCCLUSION_ACROSS, OCCLUSION_OVERLAP):
            fallen.append(each)
            if len(fallen) % AT_ONCE == 0:
                yield (number * count + len(fallen)) / (len(pair) * count)
        maps += [of_squares(one.tolist()) for one in np.stack(fallen, axis=1)]
    return _finding(effect, pair, maps)


def _lot(effect: DrawChecked, classifier: AnyClassifier, picture: Rgb, *, labels: int) -> Head:
    """Return the control's head, which knows nothing: each of its labels is a throw of its own."""
    return drawn_by_lot(classifier.card.sha256, classifier(picture).embedding.size, labels, effect.job)


def _finding(effect: DrawChecked, pair: tuple[Rgb, Rgb], maps: Sequence[CellMap]) -> Finding:
    """Return both maps and their control, drawn, and what that says; each has its own scale, as it has its own label.

    One throw may be like the map by chance: of all of them the middle one is shown, and told of.
    """
    original, attacked, *throws = maps
    by_alikeness = sorted(throws, key=lambda thrown: alikeness(attacked.cells, thrown.cells))
    control = by_alikeness[len(throws) // 2]
    speaks = all(_most(effect.method, own) > 0 for own in (original, attacked))
    check = checked(alikeness(attacked.cells, control.cells), speaks=speaks)
    draw = _drawing(effect.method)
    drawn = [
        draw([picture], [each])[0]
        for picture, each in zip((*pair, pair[1]), (original, attacked, control), strict=True)
    ]
    return Finding(CheckedDrawn(effect.job, check), dict(zip(keys_of(effect.method), drawn, strict=True)))


def _most(method: Method, drawn: CellMap) -> float:
    """Return what the square says that says most: for the answer, or in a contrast for either of the two."""
    return float(np.abs(drawn.cells).max()) if method is Method.CONTRAST else drawn.peak


def _drawing(method: Method) -> Callable[[Sequence[Rgb], Sequence[CellMap]], list[Rgb]]:
    """Return how maps of a kind are laid over their pictures."""
    match method:
        case Method.CONTRAST:
            return pulling
        case Method.CLASS_MAP:
            return weighing
        case Method.GRAD_CAM | Method.OCCLUSION:
            return shining
