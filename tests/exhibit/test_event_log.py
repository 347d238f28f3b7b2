"""The event log is for repairs: whatever becomes of its file, the exhibit neither ends nor waits."""

import json
import os
import time
from pathlib import Path

import pytest

from kiosk.core.message import CameraLost
from kiosk.errors import KioskError
from kiosk.exhibit.event_log import MOST_WAITING, EventLog
from kiosk.program.state import State
from tests.player import player

QUICK_S = 3.0
MANY = 200


@pytest.fixture
def state() -> State:
    return player("1280x800").state


def noted(log: EventLog, state: State, count: int) -> None:
    for number in range(count):
        log.note(state, CameraLost(f"number {number} {'x' * 1000}"), (), state)


def test_has_a_line_for_each_event(tmp_path: Path, state: State) -> None:
    with EventLog(tmp_path / "events") as log:
        noted(log, state, MANY)
    lines = [json.loads(line) for line in (tmp_path / "events").read_text("utf-8").splitlines()]
    assert [line["fields"]["reason"].split()[1] for line in lines] == [str(number) for number in range(MANY)]


@pytest.mark.parametrize(
    "place", ["a full disk", "a pipe that nobody reads", "a pipe whose reader went away"]
)
def test_on_a_full_disk_or_a_pipe_nothing_ends_and_nothing_waits(
    place: str, tmp_path: Path, state: State
) -> None:
    path = Path("/dev/full")
    if place != "a full disk":
        path = tmp_path / "pipe"
        os.mkfifo(path)
    began_s = time.monotonic()
    with EventLog(path) as log:
        if place.endswith("went away"):
            os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK))
        noted(log, state, MOST_WAITING + MANY)
    assert time.monotonic() - began_s < 2 * QUICK_S


def test_that_cannot_be_opened_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(KioskError, match="the event log cannot be written"):
        EventLog(tmp_path / "nowhere" / "events")
