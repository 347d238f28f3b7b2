"""Carries effects out: each goes to the part that performs its type, and what comes of it is told as news."""

from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Any, Self

from kiosk.core.message import DropJob, Effect, Event, Forget, ForgetPicture
from kiosk.device.health import HERE, Places
from kiosk.device.state_folder import StateFolder
from kiosk.perform.part import Part
from kiosk.perform.pictures import Pictures
from kiosk.perform.workshop import Workshop
from kiosk.settings.sections import Settings


class Performer:
    """Owns the parts and what they share: camera, models, gradient process, store, one visitor's pictures."""

    def __init__(
        self,
        parts: Sequence[type[Part[Any]]],
        settings: Settings,
        state: StateFolder,
        camera: str,
        model: str | None,
        on_forget: Callable[[], None],
        places: Places = HERE,
    ) -> None:
        """Start all of them; none is waited for. `on_forget` lets go of what was drawn.

        Raises ValueError where two parts perform one effect.
        """
        self._on_forget = on_forget
        self._workshop = Workshop(settings, state, camera, model, places)
        self._parts = tuple(part(self._workshop) for part in parts)
        self._performing = performing(self._parts)
        self._workshop.models.start()

    def close(self) -> None:
        """End the threads and the gradient process."""
        self._workshop.close(self._close_parts)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pictures(self) -> Pictures:
        """Return the pictures that scenes name."""
        return self._workshop.pictures

    @property
    def restarting(self) -> bool:
        """Return whether staff want the exhibit to end and be started again."""
        return self._workshop.restart.is_set()

    def news(self) -> Iterator[Event]:
        """Yield what happened since the last frame; its pictures are there by then."""
        for part in self._parts:
            part.refresh()
        yield from self._workshop.models.progress()
        yield from self._workshop.jobs.take()

    def attend(self, *, attended: bool) -> None:
        """Say whether somebody is at the exhibit: a camera that is away is then looked for more often."""
        self._workshop.camera.attend(attended=attended)

    def perform(self, effect: Effect) -> None:
        """Begin what an effect asks for; its answer comes as news."""
        match effect:
            case DropJob(job):
                self._workshop.drop(job)
            case ForgetPicture():
                self._workshop.forget_picture()
                for part in self._parts:
                    part.forget_picture()
                self._on_forget()
            case Forget():
                self._workshop.forget()
                for part in self._parts:
                    part.forget()
                self._on_forget()
            case _:
                self._performing[type(effect)].perform(effect)

    def _close_parts(self) -> None:
        for part in self._parts:
            part.close()


def performing(parts: Sequence[Part[Any]]) -> dict[type[Effect], Part[Any]]:
    """Return which part performs each effect; raises ValueError where two do."""
    found: dict[type[Effect], Part[Any]] = {}
    for part in parts:
        for kind in part.performs:
            if kind in found:
                raise ValueError(
                    f"{type(found[kind]).__name__} and {type(part).__name__} both perform {kind.__name__}"
                )
            found[kind] = part
    return found
