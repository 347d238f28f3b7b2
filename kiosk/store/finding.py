"""What staff read of the store: whether it works, what was lost, when it was copied."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from kiosk.core.health import Finding, Level
from kiosk.store.faults import Fault
from kiosk.store.schema import StoreError
from kiosk.store.store import Store

# So long staff find on their screen what happened; then it is in the list of faults only.
TOLD = timedelta(days=14)
WHAT = "records"


def store_finding(store: Store, now: datetime) -> Finding:
    """Return how an open store is, by what it can be asked; raises StoreError where it cannot be read."""
    counted = store.counted()
    kept = store.dataset_summaries()
    new = newest(store.faults(), now)
    if new is not None:
        return Finding(
            WHAT,
            Level.WARNING,
            f"{new.at_utc:%d %B %Y}: {new.line}",
            "broken files and the weekly copies lie in the state folder",
        )
    at = store.copied_at()
    copied = "not copied yet" if at is None else f"copied on {at:%d %B %Y}"
    return Finding(WHAT, Level.OK, f"{len(counted.days)} days, {len(kept)} datasets", copied)


def trouble_finding(trouble: str) -> Finding:
    """Return what staff read while the store cannot be used: the exhibit goes on."""
    return Finding(WHAT, Level.WARNING, trouble, "counts wait in memory and are written later")


def newest(faults: Sequence[Fault], now: datetime) -> Fault | None:
    """Return the newest fault that staff are still to be told of, None where there is none."""
    return next((fault for fault in faults if abs(now - fault.at_utc) < TOLD), None)


def look_at_store(path: Path, now: datetime) -> Finding:
    """Return how the store in a file is, opened as the exhibit opens it, so that a broken one is moved aside now."""
    if not path.exists() and not path.is_symlink():
        return Finding(WHAT, Level.UNKNOWN, "nothing is kept yet")
    try:
        with Store(path, clock=lambda: now) as store:
            return store_finding(store, now)
    except StoreError as error:
        return trouble_finding(str(error))
