"""The classify thread: the only one that runs the model. Work asked for comes before live frames."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from kiosk.errors import KioskError
from kiosk.vision.classifier import AnyClassifier, Classifier
from kiosk.vision.head import Head
from kiosk.vision.reading import one_line
from kiosk.vision.taught import TaughtClassifier

log = logging.getLogger(__name__)

RETRY_OPEN_S = 5.0
Work = Callable[[AnyClassifier], None]
OnFailed = Callable[[Exception], None]


@dataclass(frozen=True)
class _Asked:
    """A piece of work, and who hears why it could not be done."""

    work: Work
    on_failed: OnFailed
    lasting: bool = False


class ClassifyThread:
    """Owns the classifier and the thread that runs it; opens it there, so that the first frame waits for nothing.

    Where `head` returns one, it answers in place of the classifier's own labels; it must be of the classifier's model.
    """

    def __init__(
        self,
        open_classifier: Callable[[], Classifier],
        on_opened: Callable[[Classifier | Exception], None],
        head: Callable[[], Head | None],
        looks_per_s: float,
    ) -> None:
        """`on_opened` hears the classifier, or why there is none. Nothing begins before `start`."""
        self._open, self._on_opened, self._head = open_classifier, on_opened, head
        self.classifier: Classifier  # opened by the thread, before any work is done
        self._look: Work | None = None
        self._look_every_s = 1 / looks_per_s
        self._changed = threading.Condition()
        self._asked: deque[_Asked] = deque()
        self._closing = False
        self._look_due_s = 0.0
        self._thread = threading.Thread(target=self._run, name="classify", daemon=True)

    def start(self) -> None:
        """Open the classifier, then do what is asked for."""
        self._thread.start()

    def ask(self, work: Work, on_failed: OnFailed, *, lasting: bool = False) -> None:
        """Do work with the classifier, in the order asked; `on_failed` hears why it could not.

        `lasting` work is done even when the visitor's is dropped.
        """
        with self._changed:
            self._asked.append(_Asked(work, on_failed, lasting))
            self._changed.notify()

    def look_with(self, look: Work | None) -> None:
        """Call `look` again and again while nothing is asked for, at most so often; with None, stop."""
        with self._changed:
            self._look = look
            self._changed.notify()

    def drop_asked(self) -> None:
        """Drop all work not begun: it holds pictures of a visitor who left."""
        with self._changed:
            self._asked = deque(asked for asked in self._asked if asked.lasting)

    def close(self) -> None:
        """End the thread after the work in hand."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread.ident is not None:
            self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def exchange(self, opened: Classifier) -> None:
        """Judge with another classifier from now on; for work only, in its thread, with no head of the old one left."""
        former, self.classifier = self.classifier, opened
        former.close()

    @property
    def judging(self) -> AnyClassifier:
        """Return what judges now; for work only, in its thread."""
        head = self._head()  # another thread may change it
        return self.classifier if head is None else TaughtClassifier(self.classifier, head)

    def _run(self) -> None:
        if not self._opened():
            return
        while self._did_one():
            pass  # nothing of a piece of work, which may hold a visitor's picture, is kept while waiting
        self.classifier.close()

    def _did_one(self) -> bool:
        """Return whether a piece of work was done, or failed; False when closed."""
        asked = self._next()
        if asked is None:
            return False
        error = _failure(lambda: asked.work(self.judging))
        if error is not None:
            log.error("event=classify_failed", exc_info=error)
            asked.on_failed(error)
        return True

    def _opened(self) -> bool:
        """Return whether there is a classifier, tried again and again while there is none; False when closed."""

        def open_it() -> None:
            self.classifier = self._open()

        while (error := _failure(open_it)) is not None:
            foreseen = isinstance(error, KioskError | OSError)
            log.warning("event=no_model reason=%s", one_line(error), exc_info=None if foreseen else error)
            self._on_opened(error)
            with self._changed:
                if self._changed.wait_for(lambda: self._closing, RETRY_OPEN_S):
                    return False
        self._on_opened(self.classifier)
        return True

    def _next(self) -> _Asked | None:
        """Return the work to do now, once there is some; None when closed."""
        with self._changed:
            while not self._closing:
                if self._asked:
                    return self._asked.popleft()
                now_s = time.monotonic()
                if self._look is not None and now_s >= self._look_due_s:
                    self._look_due_s = now_s + self._look_every_s
                    return _Asked(self._look, _ignored)
                self._changed.wait(self._look_due_s - now_s if self._look is not None else None)
            return None


def _failure(work: Callable[[], None]) -> Exception | None:
    """Return what a piece of work failed of, None where it did not. The thread's boundary: none may end the thread."""
    try:
        work()
    except Exception as error:  # noqa: BLE001 - whoever asked logs it, and tells
        return error
    return None


def _ignored(_error: Exception) -> None:
    """A frame that could not be judged: the next one will be."""
