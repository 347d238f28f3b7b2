"""The model picker: which machine is to judge the picture; the lie is chosen anew for its answer."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.labels import ModelChoice
from kiosk.core.layout import best_across, grid, layout_of
from kiosk.core.message import JobLost, ToBack
from kiosk.core.parts import scene_of, sentence, tile
from kiosk.core.pieces.frame import framed
from kiosk.core.scene import Align, Colour, Control, ControlId, Item, Scene
from kiosk.core.screen import Outcome, Pressed, ScreenEvent, VisitScreen, under_way
from kiosk.core.visit import Visit
from kiosk.topics.attack.messages import ToAttack
from kiosk.topics.models.messages import ChooseModel, ModelChosen, ToOtherModel


@dataclass(frozen=True, slots=True)
class Models(VisitScreen):
    """The visit, the model that is being made ready (its job and name), and whether the last one failed."""

    visit: Visit
    job: int | None = None
    name: str = ""
    failed: bool = False
    picture = "adversarial"

    @property
    def held(self) -> tuple[int, ...]:
        """Return the job under way."""
        return under_way(self.job)

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads; while a model is made ready, only the end of the visit goes on."""
        match event:
            case ModelChosen(job, name, answer) if job == self.job:
                return Outcome(ToOtherModel(name, Visit(answer)))
            case JobLost(job) if job == self.job:
                return Outcome(replace(self, job=None, name="", failed=True))
            case Pressed() if self.job is not None:
                return Outcome(self)
            case Pressed("back") | Pressed("model", context.chosen):
                return Outcome(ToBack(ToAttack(self.visit)))
            case Pressed("model", str(name)):
                asked = Models(self.visit, context.next_job, name)
                return Outcome(asked, (ChooseModel(context.next_job, name),))
            case _:
                return Outcome(self)

    def view(self, context: Context) -> Scene:
        """Return one tile a model, the present one marked."""
        layout = layout_of(context.panel)
        key = "models.changing" if self.job is not None else "models.failed" if self.failed else "models.ask"
        frame = framed(context, layout, context.texts(key), wall=True)
        wall = frame.stage
        across = best_across(wall, len(context.models), layout.gap, 1.4, layout.least)
        tiles: list[Item] = []
        primary = ControlId("back")
        for model, cell in zip(
            context.models, grid(wall, len(context.models), across, layout.gap), strict=True
        ):
            control = self._tile(
                model, context, tile(layout, ControlId("model", model.name), cell, model.title)
            )
            if model.name != context.chosen and primary.name == "back":
                primary = control.id
            tiles.append(control)
        told = sentence(
            frame.deck,
            context.texts("models.note"),
            layout.style(layout.body, colour=Colour.MUTE, align=Align.CENTRE, lines=3),
        )
        return scene_of(context, "models", [*tiles, *frame.items, told], primary)

    def _tile(self, model: ModelChoice, context: Context, control: Control) -> Control:
        """Return a model's tile: waiting while it is made ready, marked where it judges now."""
        icon = "wait" if model.name == self.name else "teach" if model.taught else "model"
        if model.name != context.chosen:
            return replace(control, icon=icon)
        return replace(
            control, icon=icon, outline=Colour.TRUTH, tint=Colour.TRUTH, note=context.texts("models.now")
        )
