"""The film of the attract loop."""

from collections.abc import Callable
from functools import partial
from typing import Never

from kiosk.attack.film import film_folder, load_film
from kiosk.perform.part import Part
from kiosk.perform.workshop import Workshop
from kiosk.topics.attract.messages import Film, FilmReady
from kiosk.vision.model_card import ModelCard


class Filming(Part[Never]):
    """Shows the film before the model is opened, so that the first frame waits for neither."""

    performs = ()

    def __init__(self, workshop: Workshop) -> None:
        """Work with what all parts share."""
        super().__init__(workshop)
        workshop.models.when_opening(self._show)

    def perform(self, effect: Never) -> None:
        """Do nothing: nothing is asked for."""

    def forget_picture(self) -> None:
        """Drop nothing: no picture is kept here."""

    def forget(self) -> None:
        """Drop nothing: nothing of a visitor is kept here."""

    def _show(self, card: ModelCard) -> None:
        film = load_film(film_folder(self._workshop.state.stock, card.name), card.sha256)
        if film is not None:
            put: Callable[[], None] = partial(self._workshop.pictures.update, film.pictures_by_key())
            self._workshop.jobs.tell(FilmReady(Film(film.frames, film.race)), put)
