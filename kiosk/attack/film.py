"""The attract loop's film: one attack on a stock picture, kept beside the models so that a start shows it at once."""

import logging
import math
from dataclasses import dataclass
from pathlib import Path

import msgspec

from kiosk.attack.noise import noise_view
from kiosk.attack.run import Attacked, Plan, run_attack
from kiosk.core.visit import Ranked
from kiosk.device.durable import replace_files
from kiosk.errors import PictureError
from kiosk.gradients.client import GradientClient
from kiosk.vision.classifier import Classifier
from kiosk.vision.picture import Rgb, png_bytes, read_photograph, to_picture
from kiosk.vision.reading import DamagedJsonError, decoded_json, read_small_file

log = logging.getLogger(__name__)

FILM_FILE = "film.json"
STOCK_PICTURE = "coffee-cup.png"
BUDGET_255, MAX_STEPS, SURE_ENOUGH = 16.0, 16, 0.9


class _FilmCard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What lies beside a film's pictures: whose model was fooled, and its answer to each picture.

    `race` is how sure it was of the first answer, and of the lie; a film of an older version has none.
    """

    sha256: str
    answers: tuple[tuple[int, float], ...]
    race: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class DevelopedFilm:
    """A film: what the model said to each of its pictures, and how sure it was (0..1) of the first answer and the lie.

    There may be no `race`.
    """

    frames: tuple[Ranked, ...]
    pictures: tuple[Rgb, ...]
    race: tuple[tuple[float, float], ...] = ()

    def pictures_by_key(self) -> dict[str, Rgb]:
        """Return the pictures by the keys that scenes name them with."""
        noise = {"film-noise": noise_view(self.pictures[0], self.pictures[-1])}
        return noise | {f"film-{index}": picture for index, picture in enumerate(self.pictures)}


def film_folder(stock: Path, model: str) -> Path:
    """Return where the film of a model lies."""
    return stock / f"film-{model}"


def load_film(folder: Path, sha256: str) -> DevelopedFilm | None:
    """Return the film kept in a folder, or None where there is none for this model: a damaged one is shot anew."""
    try:
        card: _FilmCard = decoded_json(read_small_file(folder / FILM_FILE), _FilmCard)
        if card.sha256 != sha256 or not _may_be_shown(card):
            return None
        pictures = tuple(read_photograph(folder / _frame_file(index)) for index in range(len(card.answers)))
    except FileNotFoundError:
        return None
    except (OSError, DamagedJsonError, PictureError) as error:
        log.warning("event=film_left_out reason=%s", error)
        return None
    if len({picture.shape for picture in pictures}) > 1:
        return None
    return DevelopedFilm(tuple(Ranked(*answer) for answer in card.answers), pictures, card.race)


def _may_be_shown(card: _FilmCard) -> bool:
    """Return whether a card has as many answers as a film has pictures, each of a label with a share."""
    shares = [share for _, share in card.answers] + [share for both in card.race for share in both]
    return (
        1 <= len(card.answers) <= MAX_STEPS + 1
        and len(card.race) in (0, len(card.answers))
        and all(label >= 0 for label, _ in card.answers)
        and all(math.isfinite(share) and 0 <= share <= 1 for share in shares)
    )


def shoot_film(classifier: Classifier, gradients: GradientClient, stock: Path, target: int) -> DevelopedFilm:
    """Return a film of the stock coffee cup becoming the target; raises JobLostError with the gradient process."""
    original = to_picture(read_photograph(stock / STOCK_PICTURE), classifier.card.input_size)
    answer = classifier(original)
    plan = Plan("sign", target, 1.0, BUDGET_255, MAX_STEPS, fool_confidence=SURE_ENOUGH)
    attacked: Attacked = run_attack(classifier, gradients, original, answer.label, plan)
    pictures = (original, *(step.picture for step in attacked.steps))
    predictions = (answer, *(step.prediction for step in attacked.steps))
    frames = tuple(Ranked(*prediction.top(1)[0]) for prediction in predictions)
    race = tuple(
        (float(prediction.probabilities[answer.label]), float(prediction.probabilities[target]))
        for prediction in predictions
    )
    return DevelopedFilm(frames, pictures, race)


def keep_film(folder: Path, sha256: str, developed: DevelopedFilm) -> None:
    """Write a film of stock pictures; raises WriteError, after which the next start shoots it again."""
    answers = tuple((frame.label, frame.confidence) for frame in developed.frames)
    files = {_frame_file(index): png_bytes(rgb) for index, rgb in enumerate(developed.pictures)}
    replace_files(
        folder, files | {FILM_FILE: msgspec.json.encode(_FilmCard(sha256, answers, developed.race))}
    )


def _frame_file(index: int) -> str:
    return f"film-{index}.png"
