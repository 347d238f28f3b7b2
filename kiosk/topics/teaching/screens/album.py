"""The pictures of one label, or of one cell of the test: look, delete, put under another label. What happens on it."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.lesson import Lesson
from kiosk.core.message import ToBack
from kiosk.core.screen import Outcome, Pressed, ScreenEvent
from kiosk.topics.teaching.messages import DropExamples, ToLesson
from kiosk.topics.teaching.screens.album_view import AlbumView


@dataclass(frozen=True, slots=True)
class Album(AlbumView):
    """What happens on it."""

    passing = True

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Pressed("example", int(number)) if any(
                one.number == number for one in self.examples(context)
            ):
                picked = None if self.picked == number else number
                return Outcome(replace(self, picked=picked, sure=False))
            case Pressed("page", int(start)):
                return Outcome(replace(self, start=start, picked=None, sure=False))
            case Pressed("delete") if self.picked is not None:
                return self._deleted(self.picked, context)
            case Pressed("move") if self.picked is not None:
                return Outcome(replace(self, moving=True, sure=False))
            case Pressed("to", int(at)) if self.picked is not None:
                moved = context.lesson.moved(self.picked, at)
                return replace(self, picked=None, moving=False)._with(moved, context)
            case Pressed("all") if self.said is None:
                return self._emptied(context)
            case Pressed("back"):
                return Outcome(replace(self, moving=False) if self.moving else ToBack(self.way_back))
            case _:
                return Outcome(self)

    def _deleted(self, number: int, context: Context) -> Outcome:
        """Return the screen without one picture; the next one is picked, so that a row of bad ones goes quickly."""
        examples = self.examples(context)
        at = next((at for at, example in enumerate(examples) if example.number == number), 0)
        rest = examples[:at] + examples[at + 1 :]
        following = rest[min(at, len(rest) - 1)].number if rest else None
        after = replace(self, picked=following, sure=False)
        return after._with(context.lesson.without_example(number), context).also(DropExamples((number,)))

    def _with(self, lesson: Lesson, context: Context) -> Outcome:
        """Return the album of a changed lesson, at a page that is there; else at the first, with nothing picked yet."""
        visitor = replace(context.visitor, lesson=lesson)
        there = self.start < len(self.examples(replace(context, visitor=visitor)))
        return Outcome(self if there else replace(self, start=0, picked=None), visitor=visitor)

    def _emptied(self, context: Context) -> Outcome:
        """Return the whole label goes, when it was asked for twice."""
        if not self.sure:
            return Outcome(replace(self, sure=True, picked=None))
        numbers = tuple(example.number for example in self.examples(context))
        visitor = replace(context.visitor, lesson=context.lesson.without_label(self.at))
        return Outcome(ToLesson(), (DropExamples(numbers),) if numbers else (), visitor)
