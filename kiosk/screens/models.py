"""The model picker: which machine shall judge the picture; the lie is chosen anew for its answer."""

from dataclasses import dataclass, replace

from kiosk.core.effects import ChooseModel, DropJob, Effect
from kiosk.core.events import JobLost, ModelChosen
from kiosk.core.layout import best_across, grid, layout_of
from kiosk.core.model import ModelChoice, Visit
from kiosk.core.parts import headline, scene_of, sentence, tile
from kiosk.core.scene import Align, Colour, Control, Item, Scene
from kiosk.core.screen import Hall, Pressed, ScreenEvent, ToAttack, ToEnd, ToOtherModel, Way


@dataclass(frozen=True, slots=True)
class Models:
    """The visit, the model that is being made ready (its job and name), and whether the last one failed."""

    visit: Visit
    job: int | None = None
    name: str = ""
    failed: bool = False


Outcome = tuple[Models | Way, tuple[Effect, ...]]


def update(slice_: Models, event: ScreenEvent, hall: Hall) -> Outcome:
    """The next slice or the way on; while a model is made ready, only the end of the visit goes on."""
    match event:
        case ModelChosen(job, name, answer) if job == slice_.job:
            return ToOtherModel(name, Visit(answer)), ()
        case JobLost(job) if job == slice_.job:
            return replace(slice_, job=None, name="", failed=True), ()
        case Pressed("again"):
            return ToEnd(), () if slice_.job is None else (DropJob(slice_.job),)
        case Pressed(control) if slice_.job is None:
            return _pressed(slice_, control, hall)
        case _:
            return slice_, ()


def _pressed(slice_: Models, control: str, hall: Hall) -> Outcome:
    kind, _, name = control.partition("-")
    if kind == "back" or (kind == "model" and name == hall.chosen):
        return ToAttack(slice_.visit), ()
    if kind == "model" and any(model.name == name for model in hall.models):
        return Models(slice_.visit, hall.next_job, name), (ChooseModel(hall.next_job, name),)
    return slice_, ()


def view(slice_: Models, hall: Hall) -> Scene:
    """One tile a model, the present one marked."""
    layout = layout_of(hall.panel)
    key = "models.changing" if slice_.job is not None else "models.failed" if slice_.failed else "models.ask"
    items, stage = headline(hall, layout, hall.texts(key))
    line = round(layout.body * 2.8)
    wall, note = stage.above(line + layout.gap), stage.foot(line)
    across = best_across(wall, len(hall.models), layout.gap, 1.4, layout.least)
    tiles: list[Item] = []
    primary = "back"
    for model, cell in zip(hall.models, grid(wall, len(hall.models), across, layout.gap), strict=True):
        control = _tile(slice_, model, hall, tile(layout, f"model-{model.name}", cell, model.title))
        if model.name != hall.chosen and primary == "back":
            primary = control.name
        tiles.append(control)
    told = sentence(
        note, hall.texts("models.note"), layout.body, layout, colour=Colour.MUTE, align=Align.CENTRE, lines=2
    )
    return scene_of(hall, "models", [*tiles, *items, told], primary)


def _tile(slice_: Models, model: ModelChoice, hall: Hall, control: Control) -> Control:
    """A model's tile: waiting while it is made ready, marked where it judges now."""
    icon = "wait" if model.name == slice_.name else "teach" if model.taught else "model"
    if model.name != hall.chosen:
        return replace(control, icon=icon)
    return replace(control, icon=icon, outline=Colour.TRUTH, tint=Colour.TRUTH, note=hall.texts("models.now"))
