"""Carries effects out: each goes to the part that knows how, and what comes of it is told as news."""

from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Self

from kiosk.core.datasets import DatasetEffect, ListDatasets
from kiosk.core.effects import (
    AttackEffect,
    ChooseModel,
    DropJob,
    Effect,
    ForgetPicture,
    GiveVaccine,
    PaintEffect,
    PhotoEffect,
    RollDice,
    StaffEffect,
    TeachEffect,
    UploadEffect,
)
from kiosk.core.events import Event
from kiosk.device.health import HERE, Places
from kiosk.device.state_folder import StateFolder
from kiosk.perform.attacking import Attacking
from kiosk.perform.backstage import Backstage
from kiosk.perform.counting import Counting
from kiosk.perform.datasets import Datasets
from kiosk.perform.dicing import roll_dice
from kiosk.perform.machines import Machines
from kiosk.perform.painting import Painting
from kiosk.perform.photos import Photos
from kiosk.perform.records import Records
from kiosk.perform.shelf import Shelf
from kiosk.perform.staffing import Staffing
from kiosk.perform.teaching import Teaching
from kiosk.perform.uploads import Uploads
from kiosk.perform.vaccinating import Vaccinating
from kiosk.settings.sections import Settings


class Performer:
    """Owns the camera, the gradient process, all threads but the frame loop's, and one visitor's pictures."""

    def __init__(
        self,
        settings: Settings,
        state: StateFolder,
        camera: str,
        model: str | None,
        on_forget: Callable[[], None],
        places: Places = HERE,
    ) -> None:
        """Start all of them; none is waited for. `on_forget` lets go of what was drawn."""
        self._on_forget = on_forget
        self._backstage = Backstage(settings, state, model)
        self._photos = Photos(self._backstage, camera)
        self._attacking = Attacking(self._backstage, places)
        self._painting = Painting(self._backstage)
        self._uploads = Uploads(self._backstage, self._photos.judge_original)
        self._machines = Machines(self._backstage)
        self._teaching = Teaching(self._backstage, self._machines, self._photos)
        self._vaccinating = Vaccinating(self._backstage, self._machines, self._teaching)
        self._records = Records(state.database)
        self._counting = Counting(self._records)
        self._datasets = Datasets(self._backstage, self._records, self._teaching, self._machines)
        self._staffing = Staffing(self._backstage, self._counting, places)
        self._datasets.perform(ListDatasets())

    def close(self) -> None:
        """End the threads and the gradient process."""
        self._staffing.close()
        self._counting.write()
        self._records.close()
        self._uploads.close()
        self._backstage.close()
        self._photos.close()
        self._vaccinating.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pictures(self) -> Shelf:
        """The pictures that scenes name."""
        return self._backstage.pictures

    @property
    def restarting(self) -> bool:
        """Whether staff want the exhibit to end and be started again."""
        return self._staffing.restarting

    def news(self) -> Iterator[Event]:
        """Yield what happened since the last frame; its pictures are on the shelf by then."""
        self._photos.refresh()
        self._attacking.begin_due()
        self._painting.refresh()
        yield from self._backstage.progress()
        yield from self._backstage.news.take()

    def count(self, names: Sequence[str]) -> None:
        """Count what happened, by name; it is kept when the visit is over."""
        self._counting.add(names)

    def perform(self, effect: Effect) -> None:
        """Begin what an effect asks for; its answer comes as news."""
        if isinstance(effect, PhotoEffect):
            self._photos.perform(effect)
        elif isinstance(effect, AttackEffect):
            self._attacking.perform(effect)
        elif isinstance(effect, PaintEffect):
            self._painting.perform(effect)
        elif isinstance(effect, RollDice):
            roll_dice(self._backstage, effect)
        elif isinstance(effect, UploadEffect):
            self._uploads.perform(effect)
        elif isinstance(effect, TeachEffect):
            self._teaching.perform(effect)
        elif isinstance(effect, DatasetEffect):
            self._datasets.perform(effect)
        elif isinstance(effect, GiveVaccine):
            self._vaccinating.perform(effect)
        elif isinstance(effect, ChooseModel):
            self._machines.perform(effect)
        elif isinstance(effect, StaffEffect):
            self._staffing.perform(effect)
        elif isinstance(effect, DropJob):
            self._backstage.drop(effect.job)
        elif isinstance(effect, ForgetPicture):
            self._forget_picture()
        else:
            self._forget()

    def _forget_picture(self) -> None:
        self._photos.set_live(False)
        self._uploads.forget()
        self._backstage.forget_picture()
        self._on_forget()

    def _forget(self) -> None:
        self._photos.set_live(False)
        self._uploads.forget()
        self._backstage.forget()
        self._teaching.forget()
        self._machines.forget()
        self._on_forget()
