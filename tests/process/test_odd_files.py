"""Whatever lies in the place of a file that the exhibit reads, the exhibit opens, and soon."""

import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from kiosk.attack.film import load_film
from kiosk.core.message import Count
from kiosk.device.running import CRASH_FILE, MARK_FILE, Running, is_running
from kiosk.device.staff_pin import PIN_FILE
from kiosk.device.state_folder import StateFolder
from kiosk.errors import KioskError
from kiosk.exhibit.app import labels_in_use
from kiosk.settings.files import FILE_VARIABLE, STAFF_FILE, settings_at_start
from kiosk.store.exhibit_dataset import utc_now
from kiosk.store.finding import look_at_store
from kiosk.topics.staff.messages import AskPin, BoardRead, CountsRead, PinChecked, ReadBoard, ReadCounts
from kiosk.topics.staff.performing.staffing import staff_found
from kiosk.vision.head import load_head
from kiosk.vision.model_card import CARD_FILE, MODEL_FILE, read_card
from kiosk.vision.picture import png_bytes
from kiosk.words.label_file import read_label_file
from kiosk.words.signs import load_signs
from tests.fuzz.test_fuzz import at_most
from tests.process.rehearsal import Rehearsal

LIMIT_S = 20.0


def nothing_in_it(file: Path) -> None:
    file.write_bytes(b"")


def nuls(file: Path) -> None:
    file.write_bytes(bytes(5000))


def noise(file: Path) -> None:
    file.write_bytes(np.random.default_rng(0).bytes(5000))


def deep(file: Path) -> None:
    file.write_bytes(b"[" * 5000)


def long(file: Path) -> None:
    with file.open("wb") as long:
        long.truncate(2**31)


def folder(file: Path) -> None:
    file.mkdir()


def link_to_nothing(file: Path) -> None:
    file.symlink_to(file.parent / "nowhere" / "at all")


def link_to_itself(file: Path) -> None:
    file.symlink_to(file)


def pipe(file: Path) -> None:
    os.mkfifo(file)


def device(file: Path) -> None:
    file.symlink_to("/dev/zero")


EVERY_TIME = (nuls, folder, link_to_itself, pipe)
THOROUGHLY = (nothing_in_it, noise, deep, long, link_to_nothing, device)
THINGS = (*EVERY_TIME, *(pytest.param(thing, marks=pytest.mark.slow) for thing in THOROUGHLY))
MODEL = Path("models") / "ours"
READ_AT_START = (
    "kiosk.sqlite",
    ".kiosk.sqlite.lock",
    STAFF_FILE,
    "kiosk.toml",
    PIN_FILE,
    MARK_FILE,
    CRASH_FILE,
    "closed-for-repair",
    "stock",
    "models",
    "models/current",
    str(MODEL / CARD_FILE),
    str(MODEL / MODEL_FILE),
)


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StateFolder:
    state = StateFolder(tmp_path / "state")
    (state.path / MODEL).mkdir(parents=True)
    monkeypatch.setenv("KIOSK_STATE", str(state.path))
    monkeypatch.setenv(FILE_VARIABLE, str(state.path / "kiosk.toml"))
    return state


@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize("name", READ_AT_START)
def test_the_exhibit_opens_counts_and_tells(
    state: StateFolder, tmp_path: Path, name: str, thing: Callable[[Path], None]
) -> None:
    place = state.path / name
    if name == "models":
        (state.path / MODEL).rmdir()
        state.models.rmdir()
    thing(place)
    camera = tmp_path / "camera"
    camera.mkdir()
    (camera / "one.png").write_bytes(png_bytes(np.full((60, 100, 3), 200, np.uint8)))
    with at_most(LIMIT_S), ExitStack() as stack:
        read = settings_at_start()
        if name in (STAFF_FILE, "kiosk.toml") and thing not in (nothing_in_it, link_to_nothing):
            assert [line for line in read.complaints if name in line], "left out, and nobody is told"
        stack.enter_context(Running(state.path))
        labels_in_use(state, None)
        staff_found(read.settings, on_device=True)
        load_signs(read.settings.teaching)
        exhibit = Rehearsal(state, f"pictures:{camera}")
        stack.enter_context(exhibit.performer)
        exhibit.do(Count(("visits", "ended_by_idle")))
        told = exhibit.ask(ReadCounts(), CountsRead)
        board = exhibit.ask(ReadBoard(), BoardRead)
        pin = exhibit.ask(AskPin(), PinChecked)
        if name == PIN_FILE and thing is not link_to_nothing:
            assert PIN_FILE in pin.fault
        if told.fault:
            assert [finding for finding in board.findings if finding.what == "records" and finding.advice]
        else:
            assert [count.all for count in told.counts if count.name == "visits"] == [1]
        assert look_at_store(state.database, utc_now()).found
        is_running(state.path)


@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize(
    "read",
    [
        lambda file: load_head(file, "ab" * 32, 8),
        read_label_file,
        lambda file: read_card(file.parent),
        lambda file: load_film(file.parent, "ab" * 32),
    ],
    ids=["head", "labels", "card", "film"],
)
def test_a_command_says_in_one_line_what_it_cannot_read(
    tmp_path: Path, read: Callable[[Path], object], thing: Callable[[Path], None]
) -> None:
    (tmp_path / MODEL_FILE).write_bytes(b"model")
    for name in (CARD_FILE, "film.json"):
        thing(tmp_path / name)
        with at_most(LIMIT_S):
            try:
                assert read(tmp_path / name) is None
            except KioskError as error:
                assert len(str(error).splitlines()) == 1  # noqa: PT017 - nothing is raised for a film
