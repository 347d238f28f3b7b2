"""The screen of a visit without a camera: calm words, and what is still possible."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.layout import layout_of
from kiosk.core.message import Count, JobLost, Tick
from kiosk.core.parts import button, scene_of
from kiosk.core.pieces.frame import Labelled, framed
from kiosk.core.scene import Scene
from kiosk.core.screen import Outcome, Pressed, Screen, ScreenEvent, VisitScreen, under_way
from kiosk.topics.faults.screens.calm import calm
from kiosk.topics.photograph.messages import (
    PictureTaken,
    Stick,
    TakeStockPicture,
    ToFirstAnswer,
    ToLive,
    ToUpload,
)


@dataclass(frozen=True, slots=True)
class NoCamera(VisitScreen):
    """A visit without a camera: one of our own pictures can be taken instead (`job` while it comes)."""

    job: int | None = None
    failed: bool = False

    @property
    def held(self) -> tuple[int, ...]:
        """Return the job of the picture that is being taken."""
        return under_way(self.job)

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on; a camera that comes back is used at once."""
        match event:
            case Tick() if context.camera and self.job is None:
                return Outcome(ToLive())
            case Pressed("stock") if self.job is None:
                return Outcome(NoCamera(context.next_job), (TakeStockPicture(context.next_job),))
            case Pressed("stick") if self.job is None:
                return Outcome(ToUpload())
            case PictureTaken(job, answer) if job == self.job:
                return Outcome(ToFirstAnswer(answer, own=False), (Count(("pictures",)),))
            case JobLost(job) if job == self.job:
                return Outcome(replace(self, job=None, failed=True))
            case _:
                return Outcome(self)

    def resumed(self, left: Screen, context: Context) -> Outcome:
        """Return it with nothing under way."""
        del left, context
        return Outcome(NoCamera())

    def view(self, context: Context) -> Scene:
        """Return calm words that there is no camera; our own picture is the next action."""
        layout = layout_of(context.panel)
        others = (Labelled("stick", "stick", "stick"),) if context.fact(Stick).found else ()
        frame = framed(context, layout, step="show", back=None, others=others)
        note = "fault.stock_failed" if self.failed else "fault.camera_note"
        said = calm(context, layout, frame.stage, "no-camera", "fault.camera", note)
        key = "live.looking" if self.job is not None else "control.stock"
        size = round(layout.control * 1.2)
        stock = button(layout, "stock", frame.deck, context.texts(key), "picture", size_px=size)
        return scene_of(context, "no-camera", [*frame.items, *said, stock], "stock")
