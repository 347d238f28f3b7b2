"""The staff's datasets: keep what was just taught, open or remove one of those that are kept."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.health import Phase
from kiosk.core.layout import Layout, grid
from kiosk.core.message import DropJob, ForgetPicture, JobLost, Tick
from kiosk.core.parts import scene_of, sentence
from kiosk.core.scene import Align, Box, Colour, Control, ControlId, Item, Look, Plate, Scene, Weight
from kiosk.core.screen import Outcome, Pressed, ScreenEvent, StaffScreen, under_way
from kiosk.core.staff_parts import foot_controls, led, matter, staff_frame
from kiosk.topics.datasets.facts import KeptDataset
from kiosk.topics.datasets.messages import (
    DatasetKept,
    DatasetOpened,
    DatasetsFound,
    KeepDataset,
    Kept,
    ListDatasets,
    OpenDataset,
    RemoveDataset,
    ToOpened,
)

PAGE = 4
ACROSS, ACROSS_TALL = 2, 1


@dataclass(frozen=True, slots=True)
class StaffDatasets(StaffScreen):
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

    @property
    def held(self) -> tuple[int, ...]:
        """Return the job that opens a dataset."""
        return under_way(self.opening)

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Tick() if not self.listed:
                return Outcome(replace(self, listed=True), (ListDatasets(),))
            case DatasetsFound(datasets, fault):
                start = self.start if self.start < len(datasets) else 0
                return Outcome(replace(self, start=start, told=fault or self.told))
            case DatasetKept(name, fault) if self.keeping:
                told = fault or context.texts("datasets.kept", name=name)
                return Outcome(replace(self, keeping=False, kept=not fault, told=told), (ListDatasets(),))
            case DatasetOpened(job) if job == self.opening:
                return Outcome(ToOpened(event), (ForgetPicture(),))  # of a visit that staff broke off
            case JobLost(job, reason) if job == self.opening:
                told = context.texts("datasets.open_failed", reason=reason)
                return Outcome(replace(self, opening=None, asked="", told=told), (ListDatasets(),))
            case Pressed("back") if self.opening is not None:
                return Outcome(replace(self, opening=None), (DropJob(self.opening),))
            case Pressed() if self.opening is not None:
                way = led(event, context)
                return Outcome(self) if way is None else Outcome(way, self.stopped())
            case Pressed():
                return self._pressed(event, context)
            case _:
                return Outcome(self)

    def _pressed(self, event: Pressed, context: Context) -> Outcome:
        match event:
            case Pressed("keep") if self._may_keep(context):
                lesson = context.lesson.filled
                signs = tuple(context.signs[label.sign] for label in lesson.labels)
                return Outcome(replace(self, keeping=True, told=""), (KeepDataset(signs, lesson),))
            case Pressed("set", str(name)):
                return Outcome(replace(self, asked=name, told=""))
            case Pressed("turn", int(start)):
                return Outcome(replace(self, start=start))
            case Pressed("open") if self.asked and _may_open(context):
                return Outcome(
                    replace(self, opening=context.next_job), (OpenDataset(context.next_job, self.asked),)
                )
            case Pressed("remove") if self.asked and not self.sure:
                return Outcome(replace(self, sure=True))
            case Pressed("remove") if self.asked:
                told = context.texts("datasets.removed")
                return Outcome(replace(self, asked="", sure=False, told=told), (RemoveDataset(self.asked),))
            case Pressed("back"):
                return Outcome(replace(self, asked="" if not self.sure else self.asked, sure=False))
            case _:
                return Outcome(led(event, context) or self)

    def _may_keep(self, context: Context) -> bool:
        """Return whether there is a lesson that is not kept yet; visitors could not go on with one label."""
        return context.lesson.teachable and not self.keeping and not self.kept

    def view(self, context: Context) -> Scene:
        """Return those that are kept, or the one that was asked about."""
        layout, items, body = staff_frame(context, "datasets")
        asked = next((one for one in context.fact(Kept).datasets if one.name == self.asked), None)
        deck = body.foot(layout.touch)
        page = body.above(layout.touch + layout.gap)
        if asked is not None:
            items += matter(layout, page, "bin" if self.sure else "album", self._about(asked, context))
            controls = self._choices(context)
            items += foot_controls(layout, deck, controls)
            return scene_of(context, "staff-datasets", items, controls[-1][0] if not self.sure else "back")
        controls = self._deck(context)
        if not controls:
            page = body
        line = round(layout.body * (4.2 if context.panel.portrait else 2.8))
        note = page.foot(line)
        items += self._sets(context, layout, page.above(line + layout.tight))
        items.append(
            sentence(
                note,
                self._note(context),
                layout.style(layout.body, colour=Colour.MUTE, align=Align.CENTRE, lines=3),
            )
        )
        if controls:
            items += foot_controls(layout, deck, controls)
        return scene_of(context, "staff-datasets", items, "keep" if self._may_keep(context) else "leave")

    def _note(self, context: Context) -> str:
        """Return what was told last, else what was just taught, else how to come by something to keep."""
        if self.keeping:
            return context.texts("datasets.keeping")
        if self.told:
            return self.told
        if not context.lesson.teachable:
            return context.texts("datasets.none")
        labels = [
            (context.signs[label.sign].name, len(label.examples)) for label in context.lesson.filled.labels
        ]
        return context.texts("datasets.taught", labels=_counted(labels, context))

    def _sets(self, context: Context, layout: Layout, box: Box) -> list[Item]:
        """Return a page of those that are kept, a tile each."""
        if not context.fact(Kept).datasets:
            empty = context.texts("datasets.empty")
            return [
                sentence(box, empty, layout.style(layout.control, align=Align.CENTRE, weight=Weight.SEMIBOLD))
            ]
        across = ACROSS_TALL if context.panel.portrait else ACROSS
        items: list[Item] = []
        cells = grid(box, PAGE, across, layout.tight)
        for at, cell in zip(range(self.start, len(context.fact(Kept).datasets)), cells, strict=False):
            dataset = context.fact(Kept).datasets[at]
            inner = cell.inset(layout.tight)
            line = inner.h // 2
            size = context.texts(
                "datasets.size",
                labels=len(dataset.labels),
                count=dataset.size,
                trained=_trained(dataset, context),
            )
            items += [
                Plate(cell, layout.radius // 2, outline=Colour.LINE),
                sentence(inner.top(line), dataset.name, layout.style(layout.body, weight=Weight.EXTRABOLD)),
                sentence(inner.under(line), size, layout.style(layout.caption, colour=Colour.MUTE)),
                Control("set", cell, Look.BARE, radius_px=layout.radius // 2, value=dataset.name),
            ]
        return items

    def _deck(self, context: Context) -> list[tuple[str | ControlId, str, str]]:
        """Return turn the page, and keep what was just taught."""
        controls: list[tuple[str | ControlId, str, str]] = []
        if self.start > 0:
            controls.append(
                (ControlId("turn", max(0, self.start - PAGE)), context.texts("datasets.earlier"), "earlier")
            )
        if self.start + PAGE < len(context.fact(Kept).datasets):
            controls.append((ControlId("turn", self.start + PAGE), context.texts("datasets.later"), "later"))
        if self._may_keep(context):
            controls.append(("keep", context.texts("datasets.keep"), "done"))
        return controls

    def _about(self, dataset: KeptDataset, context: Context) -> tuple[str, str, str]:
        """Return what is told of the dataset that was asked about: what it is, how it is, what to know."""
        texts = context.texts
        if self.sure:
            ask = texts("datasets.remove_ask", name=dataset.name)
            return texts("datasets.remove"), ask, texts("datasets.remove_note")
        advice = _summary(dataset, context)
        if self.opening is not None:
            advice = texts("datasets.opening")
        elif self._may_keep(context):
            advice = f"{advice} {texts('datasets.replaces')}"
        return texts("datasets.what"), dataset.name, advice

    def _choices(self, context: Context) -> list[tuple[str | ControlId, str, str]]:
        """Return what can be done with it."""
        texts = context.texts
        back = ("back", texts("control.back"), "back")
        if self.opening is not None:
            return [back]
        if self.sure:
            return [back, ("remove", texts("datasets.remove_yes"), "bin")]
        opens = [("open", texts("datasets.open"), "album")] if _may_open(context) else []
        return [back, ("remove", texts("datasets.remove"), "bin"), *opens]


def _may_open(context: Context) -> bool:
    """Return whether a visit can begin with it: there is a model, teaching is offered, the exhibit is not closed."""
    return context.model.phase is Phase.READY and context.teaches and not context.staff.shut


def _counted(labels: list[tuple[str, int]], context: Context) -> str:
    """Labels with their numbers of examples."""
    return ", ".join(context.texts("datasets.label", label=name, count=count) for name, count in labels)


def _summary(dataset: KeptDataset, context: Context) -> str:
    """Return what is in a dataset, and whether a head was kept with it."""
    labels = _counted([(label.sign.name, label.count) for label in dataset.labels], context)
    return context.texts("datasets.about", labels=labels, trained=_trained(dataset, context))


def _trained(dataset: KeptDataset, context: Context) -> str:
    return context.texts("datasets.trained" if dataset.trained else "datasets.untrained")
