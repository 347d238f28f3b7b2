"""The pictures of one label, or of one cell of the test: look, delete, put under another label. What happens on it."""

from dataclasses import dataclass, replace

from kiosk.core.effects import DropExamples, Effect
from kiosk.core.lesson import Example, Lesson
from kiosk.core.screen import Hall, Pressed, ScreenEvent, ToConfusion, ToEnd, ToTeach, Way


@dataclass(frozen=True, slots=True)
class Album:
    """The lesson and which of its pictures are shown.

    Without `said`, those of the label that stands at `at`; with it, those which the last test had under label `at`
    of its report and called `said`. `start` is the first one on the page, `picked` the one to do something with,
    `moving` asks where to, and `sure` asks once more before a whole label goes.
    """

    lesson: Lesson
    at: int
    said: int | None = None
    start: int = 0
    picked: int | None = None
    moving: bool = False
    sure: bool = False

    @property
    def examples(self) -> tuple[Example, ...]:
        """The pictures that are shown, oldest first; those deleted since the test are left out."""
        if self.said is None:
            return self.lesson.labels[self.at].examples
        there = {example.number for _, example in self.lesson.rows}
        cell = self.lesson.report.cell(self.at, self.said) if self.lesson.report is not None else ()
        return tuple(example for example in cell if example.number in there)

    @property
    def way_back(self) -> Way:
        """Where it was opened from."""
        return ToTeach(self.lesson, self.at) if self.said is None else ToConfusion(self.lesson)


Outcome = tuple[Album | Way, tuple[Effect, ...]]


def update(slice_: Album, event: ScreenEvent, hall: Hall) -> Outcome:
    """The next slice or the way on."""
    del hall
    if not isinstance(event, Pressed):
        return slice_, ()
    match event.control.partition("-"):
        case ("example", _, number) if any(one.number == int(number) for one in slice_.examples):
            picked = None if slice_.picked == int(number) else int(number)
            return replace(slice_, picked=picked, sure=False), ()
        case ("page", _, start):
            return replace(slice_, start=int(start), picked=None, sure=False), ()
        case ("delete", _, _) if slice_.picked is not None:
            return _deleted(slice_, slice_.picked)
        case ("move", _, _) if slice_.picked is not None:
            return replace(slice_, moving=True, sure=False), ()
        case ("to", _, at) if slice_.picked is not None:
            moved = slice_.lesson.moved(slice_.picked, int(at))
            return _on_a_page(replace(slice_, lesson=moved, picked=None, moving=False)), ()
        case ("all", _, _) if slice_.said is None:
            return _emptied(slice_)
        case ("back", _, _):
            return (replace(slice_, moving=False), ()) if slice_.moving else (slice_.way_back, ())
        case ("again", _, _):
            return ToEnd(), ()
        case _:
            return slice_, ()


def _deleted(slice_: Album, number: int) -> Outcome:
    """One picture goes; the next one is picked, so that a row of bad ones goes quickly."""
    examples = slice_.examples
    at = next((at for at, example in enumerate(examples) if example.number == number), 0)
    rest = examples[:at] + examples[at + 1 :]
    following = rest[min(at, len(rest) - 1)].number if rest else None
    after = replace(slice_, lesson=slice_.lesson.without_example(number), picked=following, sure=False)
    return _on_a_page(after), (DropExamples((number,)),)


def _on_a_page(slice_: Album) -> Album:
    """The album at a page that is there; when the last page has gone, at the first, where nothing is picked yet."""
    return slice_ if slice_.start < len(slice_.examples) else replace(slice_, start=0, picked=None)


def _emptied(slice_: Album) -> Outcome:
    """The whole label goes, when it was asked for twice."""
    if not slice_.sure:
        return replace(slice_, sure=True, picked=None), ()
    numbers = tuple(example.number for example in slice_.examples)
    return ToTeach(slice_.lesson.without_label(slice_.at)), (DropExamples(numbers),) if numbers else ()
