"""Whatever is wrong with what the command is given: one plain line, the right exit status, nothing half-written."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kiosk.device.state_folder import StateFolder
from kiosk.vision.model_card import CARD_FILE, MODEL_FILE
from kiosk.vision.picture import png_bytes
from tests.e2e.own_state import copy_of
from tests.unit.full_disk import contents, fill, tiny_disk

pytestmark = pytest.mark.untimed

RunKiosk = Callable[..., subprocess.CompletedProcess[str]]
NOISY = png_bytes(np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8))
BUILD = "kiosk model build efficientnet_lite0"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    """A folder of one photograph."""
    folder = tmp_path / "photographs"
    folder.mkdir()
    (folder / "a.png").write_bytes(NOISY)
    return folder / "a.png"


@pytest.fixture
def own_state(state: StateFolder, tmp_path: Path) -> StateFolder:
    """A state folder to damage."""
    return copy_of(state, tmp_path / "state")


@pytest.fixture
def full(tmp_path: Path) -> Iterator[Path]:
    """A full disk with an older visit's record on it."""
    with tiny_disk(tmp_path / "full", kilobytes=64) as disk:
        (disk / "visit.json").write_bytes(b"an older visit")
        fill(disk)
        yield disk


def complaint(done: subprocess.CompletedProcess[str], status: int) -> str:
    """Return the one line on standard error with which a command ended with a status."""
    assert done.returncode == status, done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith("kiosk: ")
    return done.stderr


class TestTarget:
    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ("zebraa", "did you mean zebra"),
            ("flamigno", "did you mean flamingo"),
            ("crane", "134 and 517"),
            ("Maillot", "638 and 639"),
            ("1000", "0 to 999"),
            ("-1", ""),
            ("²", ""),
        ],
    )
    def test_that_names_no_single_label_is_refused(
        self, run_kiosk: RunKiosk, out: Path, given: str, said: str
    ) -> None:
        line = complaint(run_kiosk("demo", "--out", out, "--target", given), 2)
        assert given in line
        assert said in line
        assert not out.exists()

    def test_of_an_untargeted_attack_is_refused(self, run_kiosk: RunKiosk, out: Path) -> None:
        done = run_kiosk("demo", "--out", out, "--target", "zebra", "--method", "untargeted")
        assert "--target" in complaint(done, 2)
        assert not out.exists()


class TestPicture:
    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "empty"),
            (b"I am no picture.\n" * 40, "known format"),
            (NOISY[: len(NOISY) // 2], "cut off"),
        ],
        ids=["empty", "text", "cut-off"],
    )
    def test_that_cannot_be_read_is_refused(
        self, run_kiosk: RunKiosk, tmp_path: Path, out: Path, content: bytes, said: str
    ) -> None:
        file = tmp_path / "photograph.jpg"
        file.write_bytes(content)
        line = complaint(run_kiosk("demo", "--out", out, "--picture", file), 1)
        assert str(file) in line
        assert said in line
        assert not out.exists()

    def test_that_is_a_folder_is_refused(self, run_kiosk: RunKiosk, tmp_path: Path, out: Path) -> None:
        assert str(tmp_path) in complaint(run_kiosk("demo", "--out", out, "--picture", tmp_path), 2)
        assert not out.exists()

    def test_of_120_megapixels_is_refused(self, run_kiosk: RunKiosk, tmp_path: Path, out: Path) -> None:
        file = tmp_path / "poster.png"
        Image.new("1", (12_000, 10_000)).save(file)
        assert "megapixels" in complaint(run_kiosk("demo", "--out", out, "--picture", file), 1)
        assert not out.exists()

    def test_among_good_ones_ends_the_evaluation_naming_it(
        self, run_kiosk: RunKiosk, photograph: Path, out: Path
    ) -> None:
        (photograph.parent / "b.jpg").write_bytes(b"\xff\xd8\xff")
        line = complaint(run_kiosk("evaluate", "--pictures", photograph.parent, "--out", out), 1)
        assert "b.jpg" in line
        assert not out.exists()

    def test_with_brackets_in_its_name_is_named_as_it_is(
        self, run_kiosk: RunKiosk, photograph: Path, out: Path
    ) -> None:
        file = photograph.rename(photograph.with_name("[bold]a.png"))
        done = run_kiosk("demo", "--out", out, "--picture", file, "--method", "fgsm")
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        assert "[bold]a.png" in done.stdout
        assert json.loads((out / "visit.json").read_bytes())["picture"] == "[bold]a.png"

    def test_with_a_name_in_no_known_script_is_evaluated_all_the_same(
        self, run_kiosk: RunKiosk, photograph: Path, out: Path
    ) -> None:
        """A card written by an old camera or another system: the name's bytes are not UTF-8."""
        photograph.rename(photograph.with_name("a\udcffb.png"))
        done = run_kiosk("evaluate", "--pictures", photograph.parent, "--out", out, "--max-steps", "1")
        assert done.returncode == 0, done.stderr
        assert len(json.loads(out.read_bytes())["rows"]) == 1


class TestFolderOfPictures:
    def test_without_pictures_is_refused(self, run_kiosk: RunKiosk, tmp_path: Path, out: Path) -> None:
        (tmp_path / "empty").mkdir()
        (tmp_path / "empty" / "notes.txt").write_bytes(b"")
        line = complaint(run_kiosk("evaluate", "--pictures", tmp_path / "empty", "--out", out), 1)
        assert f"{tmp_path / 'empty'}: holds no pictures" in line
        assert not out.exists()


class TestOut:
    def test_with_a_file_in_the_way_is_refused(self, run_kiosk: RunKiosk, out: Path) -> None:
        out.write_bytes(b"kept")
        assert str(out) in complaint(run_kiosk("demo", "--out", out), 2)
        assert out.read_bytes() == b"kept"

    def test_below_a_file_is_refused(self, run_kiosk: RunKiosk, out: Path) -> None:
        out.write_bytes(b"kept")
        done = run_kiosk("demo", "--out", out / "deeper", "--method", "fgsm")
        assert str(out / "deeper") in complaint(done, 1)
        assert out.read_bytes() == b"kept"

    def test_on_a_full_disk_keeps_what_was_there(self, run_kiosk: RunKiosk, full: Path) -> None:
        before = contents(full)
        line = complaint(run_kiosk("demo", "--out", full, "--method", "fgsm"), 1)
        assert "No space left" in line
        assert str(full) in line
        assert contents(full) == before

    def test_of_an_evaluation_on_a_full_disk_keeps_what_was_there(
        self, run_kiosk: RunKiosk, full: Path, photograph: Path
    ) -> None:
        before = contents(full)
        arguments = ("--pictures", photograph.parent, "--out", full / "visit.json", "--max-steps", "1")
        line = complaint(run_kiosk("evaluate", *arguments), 1)
        assert "No space left" in line
        assert contents(full) == before


class TestModel:
    @pytest.mark.parametrize("command", ["demo", "evaluate"])
    def test_that_was_never_built_is_answered_with_the_command_that_builds_it(
        self, run_kiosk: RunKiosk, tmp_path: Path, photograph: Path, out: Path, command: str
    ) -> None:
        arguments = ["--out", out] + (["--pictures", photograph.parent] if command == "evaluate" else [])
        done = run_kiosk(command, *arguments, KIOSK_STATE=str(tmp_path / "nothing"))
        assert BUILD in complaint(done, 1)
        assert not out.exists()
        assert not (tmp_path / "nothing").exists()

    @pytest.mark.parametrize("content", [b"no model", None], ids=["foreign", "one bit"])
    def test_that_is_damaged_is_refused(
        self, run_kiosk: RunKiosk, own_state: StateFolder, out: Path, content: bytes | None
    ) -> None:
        file = own_state.model(None) / MODEL_FILE
        whole = file.read_bytes()
        file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]) if content is None else content)
        line = complaint(run_kiosk("demo", "--out", out, KIOSK_STATE=str(own_state.path)), 1)
        assert str(file) in line
        assert "build" in line
        assert not out.exists()

    @pytest.mark.parametrize("content", [b"{}", b'"\xff\xfe"'], ids=["empty", "no-text"])
    def test_with_a_foreign_card_is_refused(
        self, run_kiosk: RunKiosk, own_state: StateFolder, out: Path, content: bytes
    ) -> None:
        file = own_state.model(None) / CARD_FILE
        file.write_bytes(content)
        line = complaint(run_kiosk("demo", "--out", out, KIOSK_STATE=str(own_state.path)), 1)
        assert str(file) in line
        assert not out.exists()

    def test_cannot_be_taken_into_use_over_a_folder_in_the_way(
        self, run_kiosk: RunKiosk, own_state: StateFolder
    ) -> None:
        """A state folder that was copied to a memory stick and back without its links."""
        current = own_state.models / "current"
        current.unlink()
        shutil.copytree(own_state.models / "efficientnet_lite0", current)
        done = run_kiosk("model", "use", "efficientnet_lite0", KIOSK_STATE=str(own_state.path))
        assert str(current) in complaint(done, 1)
        assert sorted(path.name for path in own_state.models.iterdir()) == [
            ".builds",
            "current",
            "efficientnet_lite0",
        ]


class TestSettings:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("[gradients]\nthread = 1", "unknown key gradients.thread; did you mean threads?"),
            ('state_dri = "/data"', "unknown key state_dri; did you mean state_dir?"),
            ("[classifier]\nthreads = 99", "classifier.threads"),
            ("[classifier", "TOML"),
            (None, "No such file"),
        ],
    )
    def test_that_are_wrong_are_refused(
        self, run_kiosk: RunKiosk, tmp_path: Path, out: Path, text: str | None, said: str
    ) -> None:
        file = tmp_path / "kiosk.toml"
        if text is not None:
            file.write_text(text, "utf-8")
        line = complaint(run_kiosk("--settings", file, "demo", "--out", out), 2)
        assert str(file) in line
        assert said in line
        assert not out.exists()

    def test_that_the_variable_names_are_refused_too(
        self, run_kiosk: RunKiosk, tmp_path: Path, out: Path
    ) -> None:
        line = complaint(run_kiosk("demo", "--out", out, KIOSK_SETTINGS=str(tmp_path / "nowhere.toml")), 2)
        assert "nowhere.toml" in line
        assert not out.exists()


class TestLabelsFile:
    @pytest.mark.parametrize(
        "content",
        [
            b"not json",
            b'{"a.png": null}',
            b'{"a.png": "zebraa"}',
            b'{"a.png": -1}',
            b'{"a.png": "\xff\xfe"}',
        ],
        ids=["garbage", "null", "unknown", "negative", "no-text"],
    )
    def test_that_is_no_table_of_known_labels_is_refused(
        self, run_kiosk: RunKiosk, tmp_path: Path, photograph: Path, out: Path, content: bytes
    ) -> None:
        file = tmp_path / "labels.json"
        file.write_bytes(content)
        arguments = ("--pictures", photograph.parent, "--labels", file, "--out", out, "--targets", "0")
        line = complaint(run_kiosk("evaluate", *arguments), 2)
        assert str(file) in line
        assert not out.exists()

    def test_by_name_and_by_number_is_understood(
        self, run_kiosk: RunKiosk, tmp_path: Path, photograph: Path, out: Path
    ) -> None:
        shutil.copyfile(photograph, photograph.with_name("b.png"))
        file = tmp_path / "labels.json"
        file.write_text('{"a.png": "Zebra", "b.png": 340, "not-there.png": 1}', "utf-8")
        arguments = ("--pictures", photograph.parent, "--labels", file, "--out", out, "--targets", "0")
        done = run_kiosk("evaluate", *arguments)
        assert done.returncode == 0, done.stderr
        assert json.loads(out.read_bytes())["top1"] in (0.0, 1.0)


class TestArguments:
    @pytest.mark.parametrize(
        "arguments",
        [
            ("nonsense",),
            ("demo",),
            ("demo", "--out", "x", "--method", "magic"),
            ("demo", "--out", "x", "--fool-confidence", "2"),
            ("evaluate", "--out", "x"),
            ("evaluate", "--out", "x", "--pictures", ".", "--budget", "0"),
            ("evaluate", "--out", "x", "--pictures", ".", "--limit", "0"),
            ("evaluate", "--out", "x", "--pictures", ".", "--step", "nan"),
            ("evaluate", "--out", "x", "--pictures", ".", "--targets", "many"),
            ("model", "build"),
            ("model", "build", "efficientnet_lite0", "--activations", "int4"),
            ("--settings", ".", "model", "list"),
        ],
    )
    def test_that_are_wrong_are_refused(self, run_kiosk: RunKiosk, arguments: tuple[str, ...]) -> None:
        complaint(run_kiosk(*arguments), 2)
