"""A part of the performer: carries out the effects of one topic."""

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from kiosk.core.message import Effect
from kiosk.perform.workshop import Workshop

E = TypeVar("E", bound=Effect)


class Part(ABC, Generic[E]):
    """Carries out effects, off the frame loop's thread where that takes a while; what comes of it is told as news.

    `performs` are the effects it is for. The performer asks every part to forget, so a part cannot be made without
    saying how: what it keeps of a visitor must be gone when `forget_picture` or `forget` returns.
    """

    performs: tuple[type[E], ...]

    def __init__(self, workshop: Workshop) -> None:
        """Work with what all parts share."""
        self._workshop = workshop

    @abstractmethod
    def perform(self, effect: E) -> None:
        """Begin what an effect asks for."""

    @abstractmethod
    def forget_picture(self) -> None:
        """Drop what is kept of the visitor's picture; what was taught stays."""

    @abstractmethod
    def forget(self) -> None:
        """Drop everything of the visitor."""

    def refresh(self) -> None:
        """Do what is due once a frame, before the news are told."""

    def close(self) -> None:
        """End the part's threads."""
