"""What the parts share."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any

from kiosk.camera.exhibit_camera import ExhibitCamera, Sight
from kiosk.camera.orientation import Orientation
from kiosk.core.message import CameraFound, CameraLost
from kiosk.device.camera_fault import CameraFaultFile
from kiosk.device.health import Places
from kiosk.device.state_folder import StateFolder
from kiosk.errors import KioskError
from kiosk.gradients.client import GradientClient
from kiosk.gradients.jobs import Promise
from kiosk.perform.classify_thread import Work
from kiosk.perform.jobs import Jobs
from kiosk.perform.models import ModelRunner
from kiosk.perform.pictures import Pictures
from kiosk.perform.recordings import Recordings
from kiosk.perform.store_thread import StoreThread
from kiosk.settings.sections import Settings
from kiosk.vision.picture import Rgb


class Workshop:
    """Owns what parts share: the camera, the models, the store, and one visitor's pictures; waits for none of them.

    `restart` is set once staff want the exhibit started again. `places` are where the board is read.
    """

    def __init__(
        self, settings: Settings, state: StateFolder, camera: str, model: str | None, places: Places
    ) -> None:
        self.settings, self.state, self.places = settings, state, places
        self.jobs = Jobs()
        self.pictures = Pictures()
        self.recordings = Recordings(self.pictures)
        self.models = ModelRunner(settings, state, self.jobs, model)
        self.store = StoreThread(state.database)
        hangs = Orientation(settings.camera.turned, settings.camera.mirrored)
        self._camera_fault = CameraFaultFile(state.path)
        self.camera = ExhibitCamera(camera, state.stock, self._camera_changed, hangs)
        self.restart = threading.Event()

    def ask(self, job: int, work: Work) -> None:
        """Do a job's work in the classify thread; the job is lost where it fails."""
        self.models.thread.ask(work, partial(self.jobs.lose, job))

    def ask_gradients(
        self, job: int, ask: Callable[[GradientClient], Promise], then: Callable[[Any], None]
    ) -> None:
        """Ask the gradient process for a job, in the frame loop's thread; `then` hears its answer, in another thread.

        The job is lost where there is no such process, or nothing comes of it.
        """
        if self.models.gradients is None:
            self.jobs.lose(job, KioskError("there is no gradient process"))
            return
        promise = ask(self.models.gradients)
        self.jobs.want(job, promise)
        promise.add_done_callback(partial(self._answered, job, then))

    def pair(self, job: int, step: int) -> tuple[Rgb, Rgb] | None:
        """Return the original and the picture of a step, for a job that begins; where there is none, it is lost."""
        self.jobs.want(job)
        stack = self.pictures.stack
        if stack is None or step >= len(stack.iterates):
            self.jobs.lose(job, KioskError("there is no picture of that step"))
            return None
        return stack.original, stack.picture(step)

    def drop(self, job: int) -> None:
        """Wait for a job no longer, wherever it is by now."""
        promise, gradients = self.jobs.drop(job), self.models.gradients
        if promise is not None and gradients is not None:
            gradients.cancel(promise)

    def forget_picture(self) -> None:
        """Drop the visitor's picture; what is still under way finds no screen that waits for it."""
        self._drop_jobs()
        self.models.forget_picture()
        self.pictures.forget_picture()

    def forget(self) -> None:
        """Drop everything of the visitor."""
        self._drop_jobs()
        self.models.forget()
        self.recordings.forget()
        self.pictures.forget()

    def close(self, close_parts: Callable[[], None]) -> None:
        """End all of it, the parts after the models that they wait for, and before the store that they write to."""
        self.models.close()
        close_parts()
        self.store.close()
        self.camera.close()
        self._camera_fault.close()

    def _answered(self, job: int, then: Callable[[Any], None], promise: "Future[Any]") -> None:
        error = promise.exception()
        if error is not None:
            self.jobs.lose(job, error)
        else:
            then(promise.result())

    def _drop_jobs(self) -> None:
        for job in list(self.jobs.wanted):
            self.drop(job)

    def _camera_changed(self, sight: Sight) -> None:
        self.jobs.tell(CameraFound(sight.fault) if sight.sees else CameraLost(sight.fault))
        self._camera_fault.mark(sight.fault)
