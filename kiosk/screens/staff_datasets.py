"""The staff's datasets: keep what was just taught, open or remove one of those that are kept."""

from dataclasses import dataclass, replace

from kiosk.core.datasets import (
    DatasetKept,
    DatasetOpened,
    DatasetsFound,
    KeepDataset,
    KeptDataset,
    ListDatasets,
    OpenDataset,
    RemoveDataset,
)
from kiosk.core.effects import DropJob, Effect
from kiosk.core.events import JobLost, Tick
from kiosk.core.layout import Layout, grid
from kiosk.core.model import Phase
from kiosk.core.parts import scene_of, sentence
from kiosk.core.scene import Align, Box, Colour, Control, Item, Look, Plate, Scene, Weight
from kiosk.core.screen import Hall, Pressed, ScreenEvent, ToOpened, Way
from kiosk.core.staff import StaffPage
from kiosk.core.staff_parts import foot_controls, led, matter, staff_frame

PAGE = 4
ACROSS, ACROSS_TALL = 2, 1


@dataclass(frozen=True, slots=True)
class StaffDatasets:
    """The first dataset on the page, the one asked about, and what is under way or was told last.

    `listed`: the list was asked for. `sure`: it is asked once more before one is removed. `keeping`: what was taught
    is being kept, `kept`: it is by now. `opening` is the job that opens one.
    """

    listed: bool = False
    start: int = 0
    asked: str = ""
    sure: bool = False
    keeping: bool = False
    kept: bool = False
    opening: int | None = None
    told: str = ""


Outcome = tuple[StaffDatasets | Way, tuple[Effect, ...]]


def update(slice_: StaffDatasets, event: ScreenEvent, hall: Hall) -> Outcome:
    """The next slice or the way on."""
    match event:
        case Tick() if not slice_.listed:
            return replace(slice_, listed=True), (ListDatasets(),)
        case DatasetsFound(datasets, fault):
            start = slice_.start if slice_.start < len(datasets) else 0
            return replace(slice_, start=start, told=fault or slice_.told), ()
        case DatasetKept(name, fault) if slice_.keeping:
            told = fault or hall.texts("datasets.kept", name=name)
            return replace(slice_, keeping=False, kept=not fault, told=told), (ListDatasets(),)
        case DatasetOpened(job) if job == slice_.opening:
            return ToOpened(event), ()
        case JobLost(job, reason) if job == slice_.opening:
            told = hall.texts("datasets.open_failed", reason=reason)
            return replace(slice_, opening=None, asked="", told=told), (ListDatasets(),)
        case Pressed("back") if slice_.opening is not None:
            return replace(slice_, opening=None), (DropJob(slice_.opening),)
        case Pressed(control) if slice_.opening is not None:
            way = led(control)
            return (slice_, ()) if way is None else (way, (DropJob(slice_.opening),))
        case Pressed(control):
            return _pressed(slice_, control, hall)
        case _:
            return slice_, ()


def _pressed(slice_: StaffDatasets, control: str, hall: Hall) -> Outcome:
    match control.partition("-"):
        case ("keep", _, _) if _may_keep(slice_, hall):
            lesson = hall.lesson.filled
            signs = tuple(hall.signs[label.sign] for label in lesson.labels)
            return replace(slice_, keeping=True, told=""), (KeepDataset(signs, lesson),)
        case ("set", _, at) if int(at) < len(hall.datasets):
            return replace(slice_, asked=hall.datasets[int(at)].name, told=""), ()
        case ("turn", _, start):
            return replace(slice_, start=int(start)), ()
        case ("open", _, _) if slice_.asked and _may_open(hall):
            return replace(slice_, opening=hall.next_job), (OpenDataset(hall.next_job, slice_.asked),)
        case ("remove", _, _) if slice_.asked and not slice_.sure:
            return replace(slice_, sure=True), ()
        case ("remove", _, _) if slice_.asked:
            told = hall.texts("datasets.removed")
            return replace(slice_, asked="", sure=False, told=told), (RemoveDataset(slice_.asked),)
        case ("back", _, _):
            return replace(slice_, asked="" if not slice_.sure else slice_.asked, sure=False), ()
        case _:
            return led(control) or slice_, ()


def _may_keep(slice_: StaffDatasets, hall: Hall) -> bool:
    """Whether there is a lesson that is not kept yet; visitors could not go on with one label."""
    return hall.lesson.teachable and not slice_.keeping and not slice_.kept


def _may_open(hall: Hall) -> bool:
    """Whether a visit can begin with it: there is a model, teaching is offered, and the exhibit is not closed."""
    return hall.model.phase is Phase.READY and hall.teaches and not hall.staff.closed


def view(slice_: StaffDatasets, hall: Hall) -> Scene:
    """Those that are kept, or the one that was asked about."""
    layout, items, body = staff_frame(hall, StaffPage.DATASETS)
    asked = next((one for one in hall.datasets if one.name == slice_.asked), None)
    deck = body.foot(layout.touch)
    page = body.above(layout.touch + layout.gap)
    if asked is not None:
        items += matter(layout, page, "bin" if slice_.sure else "album", _about(slice_, asked, hall))
        controls = _choices(slice_, hall)
        items += foot_controls(layout, deck, controls)
        return scene_of(hall, "staff-datasets", items, controls[-1][0] if not slice_.sure else "back")
    controls = _deck(slice_, hall)
    if not controls:
        page = body
    line = round(layout.body * (4.2 if hall.panel.portrait else 2.8))
    note = page.foot(line)
    items += _sets(slice_, hall, layout, page.above(line + layout.tight))
    items.append(
        sentence(
            note, _note(slice_, hall), layout.body, layout, colour=Colour.MUTE, align=Align.CENTRE, lines=3
        )
    )
    if controls:
        items += foot_controls(layout, deck, controls)
    return scene_of(hall, "staff-datasets", items, "keep" if _may_keep(slice_, hall) else "leave")


def _note(slice_: StaffDatasets, hall: Hall) -> str:
    """What was told last, else what was just taught, else how to come by something to keep."""
    if slice_.keeping:
        return hall.texts("datasets.keeping")
    if slice_.told:
        return slice_.told
    if not hall.lesson.teachable:
        return hall.texts("datasets.none")
    labels = [(hall.signs[label.sign].name, len(label.examples)) for label in hall.lesson.filled.labels]
    return hall.texts("datasets.taught", labels=_counted(labels, hall))


def _counted(labels: list[tuple[str, int]], hall: Hall) -> str:
    """Labels with their numbers of examples."""
    return ", ".join(hall.texts("datasets.label", label=name, count=count) for name, count in labels)


def _summary(dataset: KeptDataset, hall: Hall) -> str:
    """What is in a dataset, and whether a head was kept with it."""
    labels = _counted([(label.sign.name, label.count) for label in dataset.labels], hall)
    return hall.texts("datasets.about", labels=labels, trained=_trained(dataset, hall))


def _trained(dataset: KeptDataset, hall: Hall) -> str:
    return hall.texts("datasets.trained" if dataset.trained else "datasets.untrained")


def _sets(slice_: StaffDatasets, hall: Hall, layout: Layout, box: Box) -> list[Item]:
    """A page of those that are kept, a tile each."""
    if not hall.datasets:
        empty = hall.texts("datasets.empty")
        return [sentence(box, empty, layout.control, layout, align=Align.CENTRE, weight=Weight.SEMIBOLD)]
    across = ACROSS_TALL if hall.panel.portrait else ACROSS
    items: list[Item] = []
    cells = grid(box, PAGE, across, layout.tight)
    for at, cell in zip(range(slice_.start, len(hall.datasets)), cells, strict=False):
        dataset = hall.datasets[at]
        inner = cell.inset(layout.tight)
        line = inner.h // 2
        size = hall.texts(
            "datasets.size", labels=len(dataset.labels), count=dataset.size, trained=_trained(dataset, hall)
        )
        items += [
            Plate(cell, layout.radius // 2, outline=Colour.LINE),
            sentence(inner.top(line), dataset.name, layout.body, layout, weight=Weight.EXTRABOLD),
            sentence(inner.under(line), size, layout.caption, layout, colour=Colour.MUTE),
            Control(f"set-{at}", cell, Look.BARE, radius_px=layout.radius // 2),
        ]  # fmt: skip
    return items


def _deck(slice_: StaffDatasets, hall: Hall) -> list[tuple[str, str, str]]:
    """Turn the page, and keep what was just taught."""
    controls: list[tuple[str, str, str]] = []
    if slice_.start > 0:
        controls.append((f"turn-{max(0, slice_.start - PAGE)}", hall.texts("datasets.earlier"), "earlier"))
    if slice_.start + PAGE < len(hall.datasets):
        controls.append((f"turn-{slice_.start + PAGE}", hall.texts("datasets.later"), "later"))
    if _may_keep(slice_, hall):
        controls.append(("keep", hall.texts("datasets.keep"), "done"))
    return controls


def _about(slice_: StaffDatasets, dataset: KeptDataset, hall: Hall) -> tuple[str, str, str]:
    """What is told of the dataset that was asked about: what it is, how it is, what to know."""
    texts = hall.texts
    if slice_.sure:
        ask = texts("datasets.remove_ask", name=dataset.name)
        return texts("datasets.remove"), ask, texts("datasets.remove_note")
    advice = _summary(dataset, hall)
    if slice_.opening is not None:
        advice = texts("datasets.opening")
    elif _may_keep(slice_, hall):
        advice = f"{advice} {texts('datasets.replaces')}"
    return texts("datasets.what"), dataset.name, advice


def _choices(slice_: StaffDatasets, hall: Hall) -> list[tuple[str, str, str]]:
    """What can be done with it."""
    texts = hall.texts
    back = ("back", texts("control.back"), "back")
    if slice_.opening is not None:
        return [back]
    if slice_.sure:
        return [back, ("remove", texts("datasets.remove_yes"), "bin")]
    opens = [("open", texts("datasets.open"), "album")] if _may_open(hall) else []
    return [back, ("remove", texts("datasets.remove"), "bin"), *opens]
