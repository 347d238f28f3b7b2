"""The same fault has the same exit status, whichever command meets it; every command is in the table."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import click
import pytest

from kiosk import cli
from kiosk.device.running import MARK_FILE
from kiosk.device.state_folder import StateFolder

pytestmark = pytest.mark.untimed

Status = Callable[..., tuple[int, str]]
BAD_ARGUMENT, FAILED = 2, 1
# Good arguments of every command, in words: a path is made, or is missing, as its name says.
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "": (),
    "demo": ("--out", "NEW_FOLDER", "--picture", "PICTURE"),
    "evaluate": (
        *("--pictures", "PICTURES", "--out", "NEW_FILE", "--head", "HEAD", "--labels", "LABELS"),
        *("--targets", "0"),
    ),
    "recapture": ("--picture", "PICTURE", "--views", "1", "--out", "NEW_FOLDER", "--target", "flamingo"),
    "sheet": ("--picture", "PICTURE", "--target", "flamingo", "--out", "NEW_FOLDER"),
    "patch build": ("--target", "toaster", "--gradients", "2"),
    "patch list": (),
    "patch sheet": ("--target", "toaster", "--out", "NEW_FILE"),
    "explain": ("--picture", "PICTURE", "--out", "NEW_FILE"),
    "teach": ("--from", "LESSON", "--out", "NEW_FILE"),
    "model list": (),
    "model build": ("mobilenet_v2", "--weights", "WEIGHTS"),
    "model add": ("ONNX", "--labels", "LABELS", "--name", "own", "--mean", "0", "--std", "1"),
    "model use": ("efficientnet_lite0",),
    "dataset list": (),
    "dataset export": ("shapes", "NEW_FILE"),
    "dataset import": ("ZIP",),
    "dataset remove": ("shapes",),
    "bench": (),
    "check": (),
    "gradients": ("--socket", "SOCKET"),
    "camera": ("--socket", "SOCKET"),
}
# What is read; a folder holds what it should, a file what it should not, but for the photograph.
READ = ("PICTURE", "PICTURES", "HEAD", "LABELS", "LESSON", "WEIGHTS", "ONNX", "ZIP")


def commands(group: click.Group = cli.command, above: tuple[str, ...] = ()) -> Iterator[str]:
    """Every command there is, by its words."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*above, name))
        else:
            yield " ".join((*above, name))


def with_words(word: str) -> list[tuple[str, str]]:
    """Every place of a command's arguments that a word stands in."""
    return [(name, word) for name, arguments in COMMANDS.items() if word in arguments]


@pytest.fixture
def status(
    tmp_path: Path, state: StateFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Status:
    """Run a command in this process: how it ends, and its one line; words in its arguments are replaced."""
    monkeypatch.setenv("KIOSK_STATE", str(state.path))
    monkeypatch.delenv("KIOSK_SETTINGS", raising=False)
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    # What a command changes of its own process would last in that of the tests, and slow it down.
    for change in (
        "os.nice",
        "kiosk.commands.gradients.overwrite",
        "kiosk.commands.gradients.keep_together",
        "kiosk.commands.exhibit.keep_together",
    ):
        monkeypatch.setattr(change, lambda *_: None)

    photograph = (state.stock / "coffee-cup.png").read_bytes()
    for word in READ:
        for folder in {"PICTURES": ("",), "LESSON": ("cup", "cat")}.get(word, ()):
            (tmp_path / word / folder).mkdir(parents=True)
            (tmp_path / word / folder / "a.png").write_bytes(photograph)
        if not (tmp_path / word).is_dir():
            (tmp_path / word).write_bytes(photograph if word == "PICTURE" else b"nothing of the kind")

    def run(name: str, *more: str, **words: str | Path) -> tuple[int, str]:
        made = {word: tmp_path / word for word in READ}
        paths = {**made, "NEW_FILE": tmp_path / "new", "NEW_FOLDER": tmp_path / "new"} | words
        given = [str(paths.get(argument, argument)) for argument in COMMANDS[name]]
        monkeypatch.setattr("sys.argv", ["kiosk", *name.split(), *given, *more])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        line = capsys.readouterr().err
        assert len(line.splitlines()) == 1, line
        assert isinstance(ended.value.code, int)
        return ended.value.code, line

    return run


def test_every_command_is_in_the_table() -> None:
    assert {"", *commands()} == COMMANDS.keys()


@pytest.mark.parametrize(("name", "word"), [case for word in READ for case in with_words(word)])
def test_what_is_to_be_read_and_is_not_there_is_a_bad_argument(
    status: Status, tmp_path: Path, name: str, word: str
) -> None:
    code, line = status(name, **{word: tmp_path / "nowhere"})
    assert code == BAD_ARGUMENT
    assert "nowhere" in line


@pytest.mark.parametrize(
    ("name", "word"), [*with_words("NEW_FILE"), *with_words("SOCKET"), ("", "--event-log")]
)
def test_what_is_to_be_written_where_no_folder_is_is_a_bad_argument(
    status: Status, tmp_path: Path, name: str, word: str
) -> None:
    file = tmp_path / "nowhere" / "new"
    code, line = status(name, word, str(file)) if word.startswith("-") else status(name, **{word: file})
    assert code == BAD_ARGUMENT
    assert "nowhere" in line


@pytest.mark.parametrize(("name", "word"), [*with_words("NEW_FILE"), *with_words("NEW_FOLDER")])
def test_what_is_to_be_written_where_something_else_is_is_a_bad_argument(
    status: Status, tmp_path: Path, name: str, word: str
) -> None:
    if word == "NEW_FILE":
        (tmp_path / "new").mkdir()
    else:
        (tmp_path / "new").touch()
    assert status(name)[0] == BAD_ARGUMENT


@pytest.mark.parametrize(
    ("name", "more"),
    [
        *((name, ("--model", "nope")) for name in ("", "demo", "evaluate", "explain", "teach", "bench")),
        *((name, ("--model", "nope")) for name in ("sheet", "patch build", "patch list", "patch sheet")),
        *((name, ("--target", "nope")) for name in ("demo", "sheet", "patch build", "patch sheet")),
        ("", ("--camera", "nope")),
        ("", ("--window", "nope")),
        ("dataset export", ()),
        ("dataset remove", ()),
    ],
)
def test_a_name_of_nothing_is_a_bad_argument(status: Status, name: str, more: tuple[str, ...]) -> None:
    code, line = status(name, *more)
    assert code == BAD_ARGUMENT
    assert ("nope" if more else "shapes") in line


@pytest.mark.parametrize("name", ["model use", "model build"])
def test_a_model_of_no_known_name_is_a_bad_argument(status: Status, name: str) -> None:
    code, line = status(name, **dict.fromkeys((COMMANDS[name][0],), "nope"))
    assert code == BAD_ARGUMENT
    assert "nope" in line


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("more", [("--nonsense",)])
def test_an_option_that_there_is_not_is_a_bad_argument(
    status: Status, name: str, more: tuple[str, ...]
) -> None:
    assert status(name, *more)[0] == BAD_ARGUMENT


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - {"", "check", "gradients", "camera"}))
def test_settings_that_are_wrong_are_a_bad_argument(
    status: Status, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The exhibit and its processes go on without them, and `check` counts them among its findings."""
    monkeypatch.setenv("KIOSK_SETTINGS", str(tmp_path / "nowhere.toml"))
    code, line = status(name)
    assert code == BAD_ARGUMENT
    assert "nowhere.toml" in line


@pytest.mark.parametrize("name", ["demo", "evaluate", "explain", "teach", "bench"])
def test_no_model_at_all_is_a_failed_run(
    status: Status, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("KIOSK_STATE", str(tmp_path / "nothing"))
    code, line = status(name)
    assert code == FAILED
    assert "kiosk model build efficientnet_lite0" in line


@pytest.mark.parametrize(
    ("name", "word", "instead"),
    [
        ("demo", "PICTURE", "ZIP"),
        ("explain", "PICTURE", "ZIP"),
        ("evaluate", "PICTURES", "EMPTY"),
        ("teach", "LESSON", "EMPTY"),
        ("dataset import", "ZIP", "ZIP"),
    ],
)
def test_what_is_in_a_file_or_folder_and_is_of_no_use_is_a_failed_run(
    status: Status, tmp_path: Path, name: str, word: str, instead: str
) -> None:
    """Of models and heads: test_odd_files, test_teach."""
    (tmp_path / "EMPTY").mkdir()
    assert status(name, **{word: tmp_path / instead})[0] == FAILED


def test_a_running_exhibit_is_never_covered(
    status: Status, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor by `check`: test_check."""
    monkeypatch.setenv("KIOSK_STATE", str(tmp_path))
    with (tmp_path / MARK_FILE).open("wb") as mark:
        fcntl.flock(mark, fcntl.LOCK_SH)  # as a running exhibit does
        code, line = status("bench", "--frames", "10")
        assert (code, "an exhibit runs" in line) == (FAILED, True)


def test_a_gradient_process_that_was_killed_is_one_sentence(state: StateFolder, tmp_path: Path) -> None:
    (tmp_path / "PICTURES").mkdir()
    (tmp_path / "PICTURES" / "a.png").write_bytes((state.stock / "coffee-cup.png").read_bytes())
    arguments = ("--pictures", tmp_path / "PICTURES", "--out", tmp_path / "out.json", "--targets", "100")
    with subprocess.Popen(
        [sys.executable, "-m", "kiosk", "evaluate", *arguments],
        env=os.environ | {"KIOSK_STATE": str(state.path)},
        stderr=subprocess.PIPE,
        text=True,
    ) as evaluating:
        due_s = time.monotonic() + 120
        while evaluating.poll() is None and time.monotonic() < due_s:
            for child in children(evaluating.pid):
                if gradient_seconds(child) > ATTACKING_S:
                    os.kill(child, signal.SIGKILL)
            time.sleep(0.1)
        _, told = evaluating.communicate(timeout=60)
    assert evaluating.returncode == FAILED
    assert len(told.splitlines()) == 1, told
    assert "ended by SIGKILL; try again" in told


ATTACKING_S = 4.0  # of the processor: it has loaded, and attacks


def children(pid: int) -> list[int]:
    """The processes that one has begun, in any of its threads."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, task.read_text("ascii").split())
    return found


def gradient_seconds(pid: int) -> float:
    """How long a gradient process has computed; of any other, nothing."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        ticks = sum(map(int, Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[11:13]))
    except OSError:
        return 0.0
    return ticks / os.sysconf("SC_CLK_TCK") if b"gradients" in command else 0.0
