"""What a visitor leaves behind: no file but the counts, no connection, and as good as nothing in memory."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from PIL import Image

from kiosk.device.state_folder import StateFolder
from tests.figures import figure
from tests.process.test_gradient_process import PATIENCE_S

pytestmark = pytest.mark.timed

SIDE = 224  # the model's grid: the picture is what the camera sees, dot by dot
MARK = np.random.default_rng(11).integers(0, 256, (8, 3), np.uint8)
STRACE = shutil.which("strace")
WATCHED = "open,openat,creat,/rename.*,link,linkat,/mkdir.*,/mknod.*,socket,connect,sendto,bind"
WRITING = re.compile(r"O_WRONLY|O_RDWR|O_CREAT")
# Pieces stay between blocks that are still in use; most runs leave fewer than five rows, the worst seen 10.
MOST_ROWS_LEFT = SIDE // 4


class Visit(NamedTuple):
    """A visit in a process of its own, whose numbers it tells."""

    process: subprocess.Popen[str]
    folder: Path

    def told(self, what: str) -> tuple[int, int]:
        """Return the numbers of the exhibit's process and of the gradient process once it is so far."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline().split()
        assert line[:1] == [what], f"the visit said {line}, not {what}"
        return self.process.pid, int(line[1])

    def go_on(self) -> None:
        """Let it go on."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()


@pytest.fixture
def marked(tmp_path: Path) -> None:
    """A picture whose every row bears the mark, in the camera's folder and on the stick."""
    picture = np.random.default_rng(26).integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    picture[:, 100 : 100 + len(MARK)] = MARK
    for folder in ("seen", "stick", "home"):
        (tmp_path / folder).mkdir()
    Image.fromarray(picture).save(tmp_path / "seen/marked.png")
    Image.fromarray(picture).save(tmp_path / "stick/marked.png")


@contextmanager
def visit(state: StateFolder, folder: Path, *before: str) -> Iterator[Visit]:
    command = [*before, sys.executable, "-m", "tests.process.private_visit"]
    process = subprocess.Popen(
        [*command, str(state.path), str(folder / "seen"), str(folder / "stick")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,
        env=os.environ
        | {"HOME": str(folder / "home"), "XDG_CACHE_HOME": str(folder / "home/.cache")}
        | {"PYTHONDONTWRITEBYTECODE": "1"},  # a checkout's; what is installed was compiled by pip
    )
    with process:
        try:
            yield Visit(process, folder)
            assert process.wait(PATIENCE_S) == 0
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.usefixtures("marked")
@pytest.mark.skipif(STRACE is None, reason="NOT TESTED: what a visit writes. sudo apt-get install strace")
def test_a_visit_writes_into_the_state_folder_only_and_connects_to_nothing(
    state: StateFolder, tmp_path: Path
) -> None:
    log = tmp_path / "calls"
    tracing = ("strace", "-ff", "-qq", "-y", "-s", "300", "-e", f"trace={WATCHED}", "-o", str(log))
    with visit(state, tmp_path, *tracing) as going:
        going.told("visited")
        going.go_on()
        going.told("forgotten")
        going.go_on()
    logs = [each.read_text("utf-8", "replace") for each in tmp_path.glob("calls.*")]  # one of each thread
    calls = [line.strip() for each in logs for line in each.splitlines()]
    written = sorted({call for call in calls if _writes(call)})
    assert written, "the counts' database at least"
    # Python's tempfile tries a folder out with eight letters before it makes one of its own.
    allowed = re.compile(
        "|".join(
            (
                re.escape(str(state.path)) + r"/\.?kiosk\.sqlite",
                r"\"/dev/(null|shm/sem)",
                r"\"/proc/self/oom_score_adj\"",
                r"/kiosk-[a-z0-9_]{8}",
                r"\"/tmp/[a-z0-9_]{8}\", O_RDWR\|O_CREAT\|O_EXCL",
            )
        )
    )
    assert [call for call in written if not allowed.search(call)] == []
    outward = [call for call in calls if "AF_INET" in call or ("connect(" in call and "AF_UNIX" not in call)]
    assert outward == []


def _writes(call: str) -> bool:
    if "= -1 " in call:
        return False
    return bool(WRITING.search(call)) or call.startswith(("creat", "rename", "link", "mkdir", "mknod"))


@pytest.mark.usefixtures("marked")
def test_after_forget_a_picture_is_in_no_file_and_hardly_a_piece_of_one_in_memory(
    state: StateFolder, tmp_path: Path
) -> None:
    """The picture comes from the stick: what stands before the camera is seen after the visit too, frame by frame."""
    Image.new("RGB", (SIDE, SIDE), "grey").save(tmp_path / "seen/marked.png")
    files = [state.database, state.database.with_name(state.database.name + "-wal")]
    with visit(state, tmp_path) as going:
        before = [_marks_in_memory(pid) for pid in going.told("visited")]
        assert before[0] >= SIDE, f"a whole picture is there while the visitor is: {before}"
        assert _marks_in(file.read_bytes() for file in files if file.exists()) == 0
        going.go_on()
        after = [_marks_in_memory(pid) for pid in going.told("forgotten")]
        assert _marks_in(file.read_bytes() for file in files if file.exists()) == 0
        going.go_on()
    for name, held, left in zip(("exhibit", "gradient process"), before, after, strict=True):
        figure.told(f"rows of pictures in the {name}'s memory, in a visit", str(held))
        figure.at_most(f"the same after Forget, {SIDE} rows a picture", left, MOST_ROWS_LEFT)


def _marks_in_memory(pid: int) -> int:
    """Return how often the mark lies in what a process has written to its memory."""

    def pieces() -> Iterator[bytes]:
        with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
            for line in Path(f"/proc/{pid}/maps").read_text("utf-8").splitlines():
                span, rights, *_ = line.split()
                if rights.startswith("rw"):
                    start, end = (int(number, 16) for number in span.split("-"))
                    memory.seek(start)
                    yield memory.read(end - start)

    return _marks_in(pieces())


def _marks_in(pieces: Iterator[bytes]) -> int:
    """Return how often the mark is there: as 8-bit values, as an iterate's 32-bit floats, or as a network's planes."""
    floats = MARK.astype(np.float32)
    planes = floats.T * np.float32(1 / 127.5) - np.float32(1)
    forms = [array.tobytes() for array in (MARK, floats, *planes)]
    return sum(piece.count(form) for piece in pieces for form in forms)
