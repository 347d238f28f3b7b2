"""The store in its own thread, for all parts that count, keep or read what outlives a visit."""

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from kiosk.store.schema import StoreError
from kiosk.store.store import Store

Result = TypeVar("Result")


class StoreThread:
    """Owns the store and the thread that it belongs to; the disk is waited for in there only.

    `trouble` is why the store could not be used, in one line; whoever has written to it since takes it away.
    """

    def __init__(self, database: Path) -> None:
        self._database = database
        self._store: Store | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self.trouble = ""

    def close(self) -> None:
        """Close the store and end the thread, after what was asked for."""
        self._thread.submit(self._close_store)
        self._thread.shutdown()

    def ask(self, work: Callable[[Store], Result]) -> "Future[Result]":
        """Return the promise of what `work` returns, done in order; it may raise StoreError."""
        return self._thread.submit(self._do, work)

    def look(self, work: Callable[[Store], Result], nothing: Result) -> "Future[Result]":
        """Return the same, or the promise of `nothing` where nothing was ever kept: looking makes no database."""
        return self._thread.submit(self._look, work, nothing)

    def _look(self, work: Callable[[Store], Result], nothing: Result) -> Result:
        there = self._store is not None or os.path.lexists(self._database)
        return self._do(work) if there else nothing

    def _do(self, work: Callable[[Store], Result]) -> Result:
        """Do work with the store, which is opened when it is first needed."""
        try:
            if self._store is None:
                self._store = Store(self._database)
            return work(self._store)
        except StoreError as error:
            self.trouble = str(error)
            raise

    def _close_store(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None
