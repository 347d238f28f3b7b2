"""Issue 6, must show 6: a power cut at any moment; all opens again, and nothing that was acknowledged is lost."""

import fcntl
import itertools
import os
import random
import shutil
import struct
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.device.staff_pin import StaffPin
from kiosk.device.state_folder import StateFolder
from kiosk.settings.files import settings_at_start
from kiosk.store.copies import copies
from kiosk.store.schema import StoreError
from kiosk.store.store import Store
from kiosk.vision.model_card import MODEL_FILE
from tests.figures.figure import record, told
from tests.process.tireless_keeper import (
    BEGAN,
    DATASET,
    MODEL,
    kept_by_root,
    model_file,
    pin,
    quiet_s,
    release,
    version,
)
from tests.unit.kept_datasets import facts

pytestmark = pytest.mark.timed

MEGABYTES = 96
LONGEST_S = 1.2  # some turns of the keeper's loop
# Of ext4: the file system stops at once; what was not on the disk by then, its log's newest part too, never gets there.
SHUTDOWN = 0x8004587D
WITHOUT_LOG = struct.pack("I", 2)


class Disk:
    """Owns an ext4 image and where it is mounted.

    What a cut leaves is copied, and the copy mounted the next time: whoever made a mount namespace of its own
    meanwhile still has the file system that was shut down.
    """

    def __init__(self, folder: Path) -> None:
        self.place = folder / "disk"
        self._images = (folder / f"{number}.img" for number in itertools.count())
        self._image = next(self._images)
        self.place.mkdir()
        with self._image.open("wb") as image:
            image.truncate(MEGABYTES * 2**20)
        _run("mke2fs", "-q", "-t", "ext4", self._image)

    @contextmanager
    def mounted(self) -> Iterator[Path]:
        """Yield the place; the log of what was cut off is played back while it is mounted."""
        _run("mount", "-o", "loop", self._image, self.place)
        try:
            yield self.place
        finally:
            _run("umount", "--lazy", self.place)

    def cut(self) -> None:
        """Cut the power of what is mounted, and take the disk as it is now."""
        descriptor = os.open(self.place, os.O_RDONLY)
        try:
            fcntl.ioctl(descriptor, SHUTDOWN, WITHOUT_LOG)
        finally:
            os.close(descriptor)
        before, self._image = self._image, next(self._images)
        _run("cp", "--sparse=always", before, self._image)
        before.unlink()


def _run(*command: str | Path) -> None:
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    if os.getuid() != 0 or shutil.which("mke2fs") is None:
        pytest.skip("only root may mount a disk to cut the power of, and mke2fs makes it")
    disk = Disk(tmp_path)
    try:
        with disk.mounted():
            return disk
    except AssertionError as error:
        pytest.skip(f"no disk in a file can be mounted here: {error}")


def cut_off(disk: Disk, state: Path, first: int, after_s: float) -> dict[str, int]:
    """Return the last of each thing that the keeper told of before the power went, the newest at the end."""
    command = [sys.executable, "-m", "tests.process.tireless_keeper", str(state), str(first)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as keeper:
        assert keeper.stdout is not None
        if first:  # the very first time also while the files are made
            assert keeper.stdout.readline() == "ready\n"
        time.sleep(after_s)
        disk.cut()
        keeper.kill()
        lines = [line.split() for line in keeper.stdout.read().splitlines()]
    done: dict[str, int] = {}
    for kind, number in (line for line in lines if len(line) == 2):
        done.pop(kind, None)
        done[kind] = int(number)
    return done


def lost(state: Path, done: dict[str, int], first: int, counted: int) -> Iterator[str]:
    """Yield what was acknowledged and is not there; the one that was being kept may be there or not."""

    def fits(kind: str, is_there: dict[int, bool]) -> bool:
        """Whether what is there is what was acknowledged last, or the one after it."""
        number = done.get(kind)
        return number is None or is_there[number] or is_there[number + 1]

    def turns(kind: str) -> tuple[int, int]:
        number = done.get(kind, first)
        return number, number + 1

    folder = StateFolder(state)
    with Store(folder.database) as store:
        if store.faults():
            yield f"the database was found broken: {store.faults()}"
        visits = store.counts().get(BEGAN.date(), {}).get("visits", 0)
        acknowledged = counted + (done["count"] - first + 1 if "count" in done else 0)
        if not acknowledged <= visits <= acknowledged + 1:
            yield f"{visits} visits of {acknowledged}"
        if "dataset" in done:
            kept = facts(store.dataset(DATASET))
            if not fits("dataset", {n: kept == facts(version(n)) for n in turns("dataset")}):
                yield "the dataset"
    right = StaffPin(state)
    if "PIN" in done and not fits("PIN", {n: right.attempt(pin(n)).right for n in turns("PIN")}):
        yield "the PIN"
    device = kept_by_root(state)
    kind = "device-PIN"
    if kind in done and not fits(kind, {n: device.attempt(pin(n)) for n in turns(kind)}):
        yield "the PIN that root keeps"
    read = settings_at_start()
    if read.complaints:
        yield f"settings: {read.complaints}"
    if not fits("setting", {n: read.settings.idle.quiet_s == quiet_s(n) for n in turns("setting")}):
        yield "the setting"
    if "model" in done:
        there = (folder.model(MODEL) / MODEL_FILE).read_bytes()
        if not fits("model", {n: there == model_file(n) for n in turns("model")}):
            yield "the model"
    if "release" in done:
        yield from _lost_release(state / "application", turns("release"))
    if "copy" in done and not copies(folder.database):
        yield "the copy"


def _lost_release(application: Path, numbers: tuple[int, int]) -> Iterator[str]:
    """Yield what is amiss with the release that runs: another one, one with half a file, one that is not confirmed."""
    name = (application / "current").readlink().name
    if name not in [release(number) for number in numbers]:
        yield f"release {name} runs"
    content = (application / "releases" / name / "file").read_bytes()
    if content != name[-1].encode() * 300_000:
        yield f"release {name} is not whole"
    confirmed = (application / "history").read_text("ascii").split()
    if not {release(number) for number in numbers} & set(confirmed):
        yield f"of the releases {confirmed} are confirmed"


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("cuts", [4, pytest.param(200, marks=pytest.mark.slow)])
def test_after_any_power_cut_all_opens_and_nothing_acknowledged_is_lost(
    disk: Disk, cuts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = disk.place / "state"
    monkeypatch.setenv("KIOSK_STATE", str(state))
    monkeypatch.delenv("KIOSK_SETTINGS", raising=False)
    moments, delays = Counter[str](), random.Random(0)
    missing: list[str] = []
    first, counted, acknowledged = 0, 0, 0
    for cut in range(cuts):
        with disk.mounted():
            done = cut_off(disk, state, first, delays.uniform(0, LONGEST_S) + 0.8 * (not first))
        with disk.mounted():
            missing += [f"cut {cut}: {one}" for one in lost(state, done, first, counted)]
            with Store(StateFolder(state).database) as store:
                counted = store.counts().get(BEGAN.date(), {}).get("visits", 0)
        acknowledged += sum(number - first + 1 for number in done.values())
        moments[[*done][-1] if done else "the start"] += 1
        first = max(done.values(), default=first) + 2
    told(f"{cuts} power cuts: things acknowledged before them", str(acknowledged))
    told(f"{cuts} power cuts: what was kept last", ", ".join(f"{k} {n}" for k, n in sorted(moments.items())))
    record(
        f"{cuts} power cuts: acknowledged and lost, or not to be opened",
        "; ".join(missing[:5]) or "nothing",
        "nothing",
        not missing,
    )


def test_a_disk_that_fails_and_comes_back_is_used_again(disk: Disk) -> None:
    """One error of the disk used to be the end of counting until the next start."""
    file = disk.place / "kiosk.sqlite"
    with disk.mounted():
        store = Store(file)
        store.count(BEGAN.date(), {"visits": 1})
        disk.cut()
        for _ in range(2):
            with pytest.raises(StoreError, match="check the disk"):
                store.count(BEGAN.date(), {"visits": 1})
    with disk.mounted():
        store.count(BEGAN.date(), {"visits": 1})
        assert store.counts() == {BEGAN.date(): {"visits": 2}}
        assert not [*disk.place.glob("*.broken-*")]
        store.close()
