"""Issue 6, must show 4: whatever bytes a file holds, read or refused in one line, nothing lost unseen.

`kinds/` holds a module for each part of the exhibit that reads files; one that is put there is fuzzed too. What once
fell is kept in `corpus/KIND/`.
"""

import importlib
import pkgutil
import signal
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import HealthCheck, given, seed, settings

from tests.figures.figure import record
from tests.fuzz import kinds
from tests.fuzz.kind import Kind, SilentLossError

ORDINARY, SLOW = 40, 5000
HANG_S = 5.0
SEED = 20261126
CORPUS = Path(__file__).with_name("corpus")


def all_kinds() -> Iterator[Kind]:
    for module in pkgutil.iter_modules(kinds.__path__):
        yield from importlib.import_module(f"{kinds.__name__}.{module.name}").KINDS


KINDS = {kind.name: kind for kind in all_kinds()}


class HangError(Exception):
    """It took too long."""


@dataclass
class Fallen:
    """The inputs that fell, and how."""

    tracebacks: list[tuple[bytes, str]] = field(default_factory=list)
    hangs: list[tuple[bytes, str]] = field(default_factory=list)
    losses: list[tuple[bytes, str]] = field(default_factory=list)

    def read(self, kind: Kind, content: bytes, folder: Path) -> None:
        """Read an input; keep it where it falls."""
        try:
            with at_most(HANG_S):
                kind.read(content, folder)
        except HangError as error:
            self.hangs.append((content, "".join(traceback.format_exception(error))))
        except SilentLossError as error:
            self.losses.append((content, str(error)))
        except kind.refusals as refusal:
            if len(str(refusal).splitlines()) != 1:
                self.tracebacks.append((content, f"not one line: {refusal!s}"))
        except Exception as error:  # noqa: BLE001 - this is what is looked for
            self.tracebacks.append((content, "".join(traceback.format_exception(error))))

    def all(self) -> list[tuple[bytes, str]]:
        return [*self.tracebacks, *self.hangs, *self.losses]


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise HangError in here once the time is over."""

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise HangError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def fuzzed(kind: Kind, count: int, folder: Path) -> Fallen:
    """Return what fell of so many inputs: always the same ones."""
    fallen = Fallen()

    @seed(SEED)
    @settings(max_examples=count, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(kind.inputs())
    def feed(content: bytes) -> None:
        fallen.read(kind, content, folder)

    feed()
    return fallen


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    "count", [pytest.param(ORDINARY, id="few"), pytest.param(SLOW, id="many", marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("name", sorted(KINDS))
def test_damaged_bytes_are_read_or_refused(name: str, count: int, tmp_path: Path) -> None:
    fallen = fuzzed(KINDS[name], count, tmp_path)
    for number, (content, how) in enumerate(fallen.all()[:20]):
        kept = tmp_path / f"fallen-{number}.bin"
        kept.write_bytes(content)
        print(f"{kept}: {how}")  # noqa: T201 - what to look at
    found = (
        f"{len(fallen.tracebacks)} tracebacks, {len(fallen.hangs)} hangs, {len(fallen.losses)} silent losses"
    )
    record(f"fuzz of {name}, {count} inputs", found, "none of them", not fallen.all())


@pytest.mark.parametrize("name", sorted(KINDS))
def test_sound_bytes_are_read(name: str, tmp_path: Path) -> None:
    for content in KINDS[name].sound():
        with at_most(HANG_S):
            KINDS[name].read(content, tmp_path)


@pytest.mark.parametrize(
    "file", sorted(CORPUS.glob("*/*")), ids=lambda file: f"{file.parent.name}/{file.name}"
)
def test_what_once_fell_is_read_or_refused(file: Path, tmp_path: Path) -> None:
    fallen = Fallen()
    fallen.read(KINDS[file.parent.name], file.read_bytes(), tmp_path)
    assert [how for _, how in fallen.all()] == []
