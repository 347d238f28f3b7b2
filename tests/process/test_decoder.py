"""The process that reads what people bring: one answer whichever way in, limits that hold, nothing left behind."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from operator import le
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kiosk.camera.pictures import PictureCamera
from kiosk.camera.stick import read_stick_picture
from kiosk.errors import LeftOut, PictureError
from kiosk.vision.decoding.decoder import LIMIT_S, Decoder, DecoderClosedError
from kiosk.vision.picture import read_photograph
from tests.brought import SIZE, WHOLE, empty_scans, given, ramp, saved, scene, slow

pytestmark = pytest.mark.timed

WAIT_S = 10.0
PHONE = (12_000, 9_000)


@pytest.fixture
def decoder() -> Iterator[Decoder]:
    with Decoder() as decoder:
        yield decoder
    until(lambda: not decoders(), "nothing left")


@pytest.fixture(scope="module")
def slow_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("brought") / "slow.jpg"
    file.write_bytes(slow())
    return file


def decoders() -> list[int]:
    """Return the processes of this one that read pictures."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes() if entry.name.isdecimal() else b""
            above = (entry / "environ").read_bytes() if words else b""
        except OSError:
            continue
        if b"-m\0kiosk.vision.decoding\0" in words and f"DECODER_OF={os.getpid()}".encode() + b"\0" in above:
            found.append(int(entry.name))
    return found


@pytest.fixture(autouse=True)
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mark our processes, and theirs, among those of others."""
    monkeypatch.setenv("DECODER_OF", str(os.getpid()))


def until(reached: Callable[[], bool], what: str) -> None:
    deadline_s = time.monotonic() + WAIT_S
    while not reached():
        assert time.monotonic() < deadline_s, what
        time.sleep(0.01)


def descriptors(process: int) -> int:
    return sum(1 for _ in Path(f"/proc/{process}/fd").iterdir())


def refusal(decoder: Decoder, file: Path, limit_s: float = LIMIT_S) -> LeftOut:
    with pytest.raises(PictureError) as refused:
        decoder.read(file, limit_s=limit_s)
    assert str(refused.value).startswith(f"{file}: ")
    assert len(str(refused.value).splitlines()) == 1
    return refused.value.why


class TestAnswer:
    @pytest.mark.parametrize("least_px", [16, 1024])
    def test_is_the_one_that_our_own_pictures_get(
        self, decoder: Decoder, tmp_path: Path, least_px: int
    ) -> None:
        """Confined, no decoder may miss a file that it would open, or a module that it would load."""
        for name, content in WHOLE.items():
            (tmp_path / name).write_bytes(content())
            ours = read_photograph(tmp_path / name, least_px=least_px)
            assert np.array_equal(decoder.read(tmp_path / name, least_px=least_px), ours), name

    @pytest.mark.parametrize(
        "name", ["16 bits.png", "16 bits.tif", "32 bits.tif", "float.tif", "cmyk.jpg", "alpha.png"]
    )
    def test_is_the_same_by_every_way_in(self, decoder: Decoder, tmp_path: Path, name: str) -> None:
        file = tmp_path / name
        file.write_bytes(WHOLE[name]())
        read = decoder.read(file)
        assert np.array_equal(read_stick_picture(decoder, file), read)
        with PictureCamera(tmp_path, size=None) as camera:
            assert np.array_equal(camera.read().rgb, read)

    @pytest.mark.parametrize(("kind", "top"), [(np.uint16, 65535), (np.int32, 65535), (np.float32, 1.0)])
    def test_of_many_bits_runs_from_black_to_white(
        self, decoder: Decoder, tmp_path: Path, kind: type[np.generic], top: float
    ) -> None:
        file = tmp_path / "ramp.tif"
        file.write_bytes(saved(ramp(top, kind), "TIFF"))
        row = decoder.read(file)[0, :, 0].astype(int)
        assert np.abs(row - np.linspace(0, 255, SIZE[0])).max() <= 1

    @pytest.mark.parametrize("name", ["cmyk.jpg", "cmyk.tif", "lab.tif"])
    def test_of_a_printing_press_has_its_colours(self, decoder: Decoder, tmp_path: Path, name: str) -> None:
        file = tmp_path / name
        file.write_bytes(WHOLE[name]())
        assert np.abs(decoder.read(file).astype(int) - scene()).mean() < 3

    def test_of_a_jpeg_of_any_size_is_a_fraction_of_it(self, decoder: Decoder, tmp_path: Path) -> None:
        file = tmp_path / "phone.jpg"
        Image.new("RGB", PHONE, (200, 8, 9)).save(file)
        read = decoder.read(file)
        assert 1024 <= min(read.shape[:2]) < 2048
        assert np.abs(read.astype(int) - (200, 8, 9)).max() <= 2

    def test_of_a_very_long_picture_is_its_middle(self, decoder: Decoder, tmp_path: Path) -> None:
        rgb = np.zeros((16, 9_000, 3), np.uint8)
        rgb[:, 4_400:4_600] = 255
        file = tmp_path / "long.png"
        Image.fromarray(rgb).save(file)
        assert decoder.read(file).shape == (16, 64, 3)
        assert decoder.read(file).min() == 255

    @pytest.mark.parametrize(
        ("name", "width"),
        [
            ("phone.heic", 800),
            ("48mp_iphone_8064x6048.jpg", 2016),
            ("gray16.png", 800),
            ("cut_last10.jpg", 800),
            ("cmyk.jpg", 800),
        ],
    )
    def test_of_what_was_handed_in_is_a_picture(self, decoder: Decoder, name: str, width: int) -> None:
        read = decoder.read(given(f"pictures/{name}"))
        assert read.shape == (width * 3 // 4, width, 3)
        assert read.std() > 20


class TestCutOff:
    @pytest.mark.parametrize("progressive", [False, True])
    @pytest.mark.parametrize("missing", [1, 2, 10, 400])
    def test_a_missing_tail_is_filled(
        self, decoder: Decoder, tmp_path: Path, missing: int, progressive: bool
    ) -> None:
        whole = saved(Image.fromarray(scene(800, 600)), "JPEG", quality=90, progressive=progressive)
        file = tmp_path / "cut.jpg"
        file.write_bytes(whole[:-missing])
        read = decoder.read(file)
        assert np.abs(read[:500].astype(int) - scene(800, 600)[:500]).max() < 16

    def test_of_a_png_too(self, decoder: Decoder, tmp_path: Path) -> None:
        noise = np.random.default_rng(0).integers(1, 256, (200, 300, 3), dtype=np.uint8)
        whole = saved(Image.fromarray(noise), "PNG")
        file = tmp_path / "cut.png"
        file.write_bytes(whole[: len(whole) * 95 // 100])
        read = decoder.read(file)
        assert np.array_equal(read[:180], noise[:180])
        assert (read[-5:] == 128).all()

    @pytest.mark.parametrize("kind", ["JPEG", "progressive", "PNG", "BMP", "TIFF", "WEBP", "AVIF"])
    def test_half_a_picture_is_refused(self, decoder: Decoder, tmp_path: Path, kind: str) -> None:
        noise = Image.fromarray(np.random.default_rng(0).integers(1, 256, (200, 300, 3), dtype=np.uint8))
        options = {"progressive": True} if kind == "progressive" else {}
        whole = saved(noise, "JPEG" if kind == "progressive" else kind, **options)
        file = tmp_path / "half"
        for share in (0.05, 0.3, 0.5):
            file.write_bytes(whole[: int(len(whole) * share)])
            assert refusal(decoder, file) in (LeftOut.CUT_OFF, LeftOut.DAMAGED, LeftOut.NO_PICTURE)


class TestLimits:
    def test_a_jpeg_of_many_scans_is_refused_at_once(self, decoder: Decoder, tmp_path: Path) -> None:
        file = tmp_path / "scans.jpg"
        file.write_bytes(empty_scans(800, 600, 5_000))
        began_s = time.monotonic()
        assert refusal(decoder, file) is LeftOut.TOO_SLOW
        assert time.monotonic() - began_s < 2

    def test_the_one_that_was_handed_in_too(self, decoder: Decoder) -> None:
        began_s = time.monotonic()
        assert refusal(decoder, given("pictures/many_scans.jpg")) is LeftOut.TOO_SLOW
        assert time.monotonic() - began_s < 2

    def test_what_takes_too_long_ends_in_five_seconds_and_leaves_nothing(
        self, decoder: Decoder, slow_file: Path
    ) -> None:
        began_s = time.monotonic()
        assert refusal(decoder, slow_file) is LeftOut.TOO_SLOW
        assert time.monotonic() - began_s < LIMIT_S + 1
        (waiting,) = decoders()
        assert resident_mb(waiting) < 60, "what waits for the next picture has none of the last"
        assert Path(f"/proc/{waiting}/oom_score_adj").read_text() == "900\n", "ended before the exhibit"

    def test_three_of_them_hold_up_the_next_good_one_only_as_long_as_they_may(
        self, decoder: Decoder, slow_file: Path, tmp_path: Path
    ) -> None:
        good = tmp_path / "good.png"
        Image.fromarray(scene()).save(good)
        began_s = time.monotonic()
        for _ in range(3):
            assert refusal(decoder, slow_file, 0.3) is LeftOut.TOO_SLOW
        assert np.array_equal(decoder.read(good), scene())
        assert time.monotonic() - began_s < 3

    def test_what_takes_too_much_memory_is_refused(self, decoder: Decoder, tmp_path: Path) -> None:
        file = tmp_path / "large.jpg"
        whole = saved(Image.new("L", (800, 600), 90), "JPEG", progressive=True)
        at = whole.index(b"\xff\xc2") + 5
        file.write_bytes(whole[:at] + b"\xff\xdc\xff\xdc" + whole[at + 4 :])  # 65,500 x 65,500
        assert refusal(decoder, file) in (LeftOut.TOO_LARGE, LeftOut.DAMAGED, LeftOut.CUT_OFF)

    def test_a_process_that_does_not_answer_is_replaced(self, decoder: Decoder, tmp_path: Path) -> None:
        good = tmp_path / "good.png"
        Image.fromarray(scene()).save(good)
        decoder.read(good)
        (asleep,) = decoders()
        os.kill(asleep, signal.SIGSTOP)
        assert refusal(decoder, good, 0.2) is LeftOut.TOO_SLOW
        assert np.array_equal(decoder.read(good), scene())
        assert asleep not in decoders()

    def test_a_process_that_was_killed_is_replaced_unseen(self, decoder: Decoder, tmp_path: Path) -> None:
        good = tmp_path / "good.png"
        Image.fromarray(scene()).save(good)
        decoder.read(good)
        (gone,) = decoders()
        os.kill(gone, signal.SIGKILL)
        until(lambda: gone not in decoders(), "an end")
        assert np.array_equal(decoder.read(good), scene())


class TestForgetting:
    def test_a_picture_in_the_middle_is_dropped_at_once(self, slow_file: Path) -> None:
        decoder = Decoder()
        told: list[BaseException] = []

        def read() -> None:
            try:
                decoder.read(slow_file)
            except DecoderClosedError as error:
                told.append(error)
            finally:
                decoder.close()

        reader = threading.Thread(target=read)
        reader.start()
        until(lambda: len(decoders()) == 2, "a picture that is being read")
        began_s = time.monotonic()
        decoder.kill()
        assert time.monotonic() - began_s < 0.05, "the frame loop asks for it"
        reader.join(WAIT_S)
        assert time.monotonic() - began_s < 1
        assert len(told) == 1
        until(
            lambda: not decoders(),
            "an end of all of them: one that reads is not our child, none waits for it",
        )
        with pytest.raises(DecoderClosedError):
            decoder.read(slow_file)

    def test_nothing_is_left_after_many(self, decoder: Decoder, tmp_path: Path) -> None:
        good, bad = tmp_path / "good.png", tmp_path / "bad.png"
        Image.fromarray(scene()).save(good)
        bad.write_bytes(b"nothing of a picture")
        decoder.read(good)
        (waiting,) = decoders()
        before = [descriptors(pid) for pid in (os.getpid(), waiting)]
        for _ in range(40):
            decoder.read(good)
            refusal(decoder, bad)
        assert decoders() == [waiting]
        # The waiting process lets go of the last picture a moment after it was told.
        until(
            lambda: all(map(le, (descriptors(pid) for pid in (os.getpid(), waiting)), before)),
            "no more descriptors than before",
        )

    def test_it_ends_with_its_owner(self, tmp_path: Path) -> None:
        Image.fromarray(scene()).save(tmp_path / "good.png")
        command = [sys.executable, "-c", OWNER, str(tmp_path / "good.png")]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as owner:
            assert owner.stdout is not None
            said = owner.stdout.readline()
            running = len(decoders())
            owner.kill()
        assert (said, running) == (b"read\n", 1)
        until(lambda: decoders() == [], "an end")


OWNER = """
import resource, sys, time
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
from pathlib import Path
from kiosk.vision.decoding.decoder import Decoder
decoder = Decoder()
decoder.read(Path(sys.argv[1]))
print("read", flush=True)
time.sleep(60)
"""

# Each line tries something, within what is left to a process that reads a picture.
TRYING = """
import os, resource, socket, sys, threading
from kiosk.vision.decoding.confined import confine, limit, quiet
secret = os.open("/etc/hostname", os.O_RDONLY)
limit(5.0, 1000)
print("confined", confine(), flush=True)
def tried(name, what):
    try:
        what()
        print(name, "done", flush=True)
    except (OSError, MemoryError, RuntimeError, ValueError) as error:
        print(name, type(error).__name__, flush=True)
tried("socket", lambda: socket.socket(socket.AF_INET))
tried("unix", lambda: socket.socket(socket.AF_UNIX))
tried("open", lambda: open("/etc/passwd"))
tried("write", lambda: open("/tmp/of-a-decoder", "w"))
tried("fork", os.fork)
tried("exec", lambda: os.execv("/bin/true", ["true"]))
tried("kill", lambda: os.kill(os.getppid(), 0))
tried("memory", lambda: bytearray(2 << 30))
tried("more", lambda: resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30)))
ran = threading.Event()  # two threads that print would print into one another's lines
thread = threading.Thread(target=ran.set)
tried("threads", thread.start)
thread.join()
print("thread", "done" if ran.is_set() else "waits", flush=True)
os._exit(0)
"""


@pytest.mark.parametrize("unread", [True, False], ids=["with an answer unread", "with all heard"])
def test_it_ends_quietly_when_the_exhibit_is_gone(unread: bool) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        command = [sys.executable, "-P", "-m", "kiosk.vision.decoding"]
        process = subprocess.Popen(command, stdin=theirs.fileno(), stderr=subprocess.PIPE)
    with ours:
        ours.settimeout(WAIT_S)
        assert ours.recv(1, socket.MSG_PEEK if unread else 0)
    _, complaint = process.communicate(timeout=WAIT_S)
    assert (process.returncode, complaint) == (0, b"")


def test_what_reads_a_picture_can_open_send_and_start_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", TRYING], capture_output=True, text=True, check=True)
    told = dict(line.split() for line in done.stdout.splitlines())
    assert told.pop("thread") == told.pop("threads") == "done", "decoders may compute side by side"
    assert told.pop("confined") == "True"
    assert told.pop("memory") == "MemoryError"
    assert told == dict.fromkeys(
        ("socket", "unix", "open", "write", "fork", "exec", "kill"), "PermissionError"
    ) | {"more": "ValueError"}


def resident_mb(process: int) -> float:
    (line,) = (
        line for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("VmRSS")
    )
    return int(line.split()[1]) / 1024
