"""`deploy.sh run`, `deploy.sh test` and `.ci/run` on machines that stand-in commands make up; nothing is installed."""

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

pytestmark = pytest.mark.untimed

ROOT = Path(__file__).resolve().parents[2]
# All that deploy.sh may call besides what a test stands in for.
TOOLS = (
    *(
        "basename",
        "bash",
        "cat",
        "cp",
        "cut",
        "df",
        "dirname",
        "find",
        "flock",
        "getconf",
        "id",
        "mkdir",
        "mktemp",
        "mv",
    ),
    *("grep", "readlink", "rm", "sed", "sha256sum", "sort", "tail", "timeout", "uname", "xargs"),
)
# What makes the table of figures.
TABLE = ("__init__.py", *(f"figures/{name}" for name in ("__init__.py", "figure.py", "kept.py", "table.py")))
GROUPS = """# a comment
ordinary 45 # all else
dice 20 tests/dice/*/test_figures.py tests/dice.py::test_roll # random noise
soak 1 tests/soak # memory
"""
# Measures a figure, as it fails in a group that a file names, and says what it was asked to do.
STAND_IN_PYTEST = """#!/bin/bash
printf '[%s]' pytest "$@"; echo
while (($#)); do
  case $1 in
    --keep-figures) file=$2 ;;
    --tree) tree=$2 ;;
  esac
  shift
done
group=${file##*/} group=${group%.jsonl}
printf '{"tree": "%s"}\\n{"test": "t", "name": "rolls of %s", "figure": "%d s", "bound": "none", "passed": null}\\n' \
  "$tree" "$group" $SECONDS >"$file"
if [[ -e $MACHINE/hangs-in-$group ]]; then exec sleep 100; fi
if [[ -e $MACHINE/fails-in-$group ]]; then exit 1; fi
printf '{"test": "t", "outcome": "passed", "seconds": 1.5}\\n{"complete": true}\\n' >>"$file"
"""
STAND_IN_PYTHON = """#!/bin/bash
case "$*" in
  "-c import ensurepip"*) [[ ! -e $MACHINE/no-ensurepip ]] ;;
  *kiosk.settings*) printf '%s\\n' "$MACHINE/state" "$MACHINE/visits" ;;
  "-m venv "*) mkdir -p "${@: -1}/bin" && cp "$0" "${@: -1}/bin/python" ;;
  "-m pip "*)
    echo "$*" >>"$MACHINE/pip.log"
    [[ ! -e $MACHINE/no-network ]] || exit 1
    cp "$MACHINE/kiosk" "$(dirname "$0")/kiosk" ;;
  *) exec "$REAL_PYTHON" "$@" ;;
esac
"""
STAND_IN_KIOSK = """#!/bin/bash
echo "kiosk $*" >>"$MACHINE/kiosk.log"
case "$1 $2" in
  "model list") [[ ! -e $MACHINE/built ]] || echo "in use  efficientnet_lite0" ;;
  "model build") touch "$MACHINE/built"; mkdir -p "$MACHINE/state/stock"; touch "$MACHINE/state/stock/cat.png" ;;
esac
"""


@dataclass(frozen=True)
class Machine:
    """A made-up machine with a checkout in a folder whose path has a space."""

    folder: Path
    commands: Path = field(init=False)
    checkout: Path = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "commands", self.folder / "commands")
        object.__setattr__(self, "checkout", self.folder / "a checkout")
        self.commands.mkdir()
        self.checkout.mkdir()
        for name in ("deploy.sh", "pyproject.toml"):
            shutil.copy(ROOT / name, self.checkout)
        for name in TABLE:
            (self.checkout / "tests" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / "tests" / name, self.checkout / "tests" / name)
        (self.checkout / "tests" / "figures" / "groups.txt").write_text(GROUPS, "utf-8")
        for tool in TOOLS:
            found = shutil.which(tool)
            assert found, f"{tool} is missing on this machine"
            (self.commands / tool).symlink_to(found)
        self.command("touch", f'exec {shutil.which("touch")} "$@"')
        self.script(self.commands / "python3", STAND_IN_PYTHON)
        self.script(self.folder / "kiosk", STAND_IN_KIOSK)
        self.command("dpkg-query", "exit 1")
        self.command("id", "echo 1000")
        self.command("uname", "echo x86_64")
        self.command("getconf", "echo 64")
        self.command("df", "echo Avail; echo 99000000")

    @staticmethod
    def script(path: Path, text: str) -> None:
        path.unlink(missing_ok=True)
        path.write_text(text, "utf-8")
        path.chmod(0o755)

    def command(self, name: str, body: str) -> None:
        self.script(self.commands / name, f"#!/bin/bash\n{body}\n")

    def changes(self, status: str) -> None:
        """Have git know a commit, and such changes since."""
        self.command(
            "git",
            f"""case "$*" in
  *rev-parse*) echo 0123456789abcdef0123456789abcdef01234567 ;;
  *status*) printf '%s' '{status}' ;;
  diff*) printf '%s' '{status}' ;;
esac""",
        )

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": str(self.commands),
            "HOME": str(self.folder),
            "MACHINE": str(self.folder),
            "REAL_PYTHON": sys.executable,
        }

    def deploy(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.checkout / "deploy.sh"), *arguments],
            cwd=self.folder,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def log(self, name: str) -> list[str]:
        """Return the calls of `pip` or `kiosk` so far."""
        file = self.folder / f"{name}.log"
        return file.read_text("utf-8").splitlines() if file.exists() else []

    @property
    def venv(self) -> Path:
        return self.checkout / ".venv"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def only_line(text: str) -> str:
    assert text.endswith("\n")
    assert text.count("\n") == 1, text
    return text.rstrip("\n")


@pytest.mark.parametrize(
    "script",
    [
        "deploy.sh",
        ".ci/run",
        "tests/device/arm64/run",
        "tests/device/arm64/count",
        "tests/device/libcamera/run",
    ],
)
def test_the_scripts_are_shellcheck_clean(script: str) -> None:
    if shutil.which("shellcheck") is None:
        pytest.skip("shellcheck is not installed: apt-get install shellcheck")
    done = subprocess.run(
        ["shellcheck", "--external-sources", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "arguments", [[], ["fly"], ["run", "now"], ["test", "--fast"], ["test", ""], ["test", "--slow", "x"]]
)
def test_a_usage_error_is_one_line_and_status_2(machine: Machine, arguments: list[str]) -> None:
    done = machine.deploy(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "./deploy.sh help" in only_line(done.stderr)


def test_the_help_names_commands_and_environment(machine: Machine) -> None:
    done = machine.deploy("help")
    assert (done.returncode, done.stderr) == (0, "")
    for word in ("run", "test --slow [GROUP...]", "KIOSK_TORCH_INDEX", "KIOSK_STATE"):
        assert word in done.stdout


def test_the_help_says_how_long_each_slow_group_may_take(machine: Machine) -> None:
    rows = [line.split(maxsplit=3) for line in machine.deploy("help").stdout.splitlines()]
    for row in (["ordinary", "45", "min", "all else"], ["dice", "20", "min", "random noise"]):
        assert row in rows


@pytest.mark.parametrize("name", ["x", "*", "dic", "-e", ""])
def test_a_slow_group_that_is_not_there_is_answered_with_those_that_are(machine: Machine, name: str) -> None:
    done = machine.deploy("test", "--slow", "dice", name)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"there is no slow group {name}, only ordinary, dice, soak;" in only_line(done.stderr)
    assert not machine.venv.exists()


@pytest.mark.parametrize(("kind", "bits"), [("armv7l", "32"), ("aarch64", "32"), ("riscv64", "64")])
def test_a_machine_without_wheels_is_refused(machine: Machine, kind: str, bits: str) -> None:
    machine.command("uname", f"echo {kind}")
    machine.command("getconf", f"echo {bits}")
    done = machine.deploy("run")
    assert done.returncode == 1
    line = only_line(done.stderr)
    assert kind in line
    assert ("64-bit Raspberry Pi OS" in line) == (bits == "32")
    assert not machine.venv.exists()


def test_a_python_that_is_too_old_is_named(machine: Machine) -> None:
    machine.command("python3", '[[ $1 == --version ]] && echo "Python 3.9.2" || { echo "3.9 /usr"; exit 1; }')
    done = machine.deploy("run")
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed and this system has Python 3.9.2" in only_line(done.stderr)


def test_without_python_the_apt_line_is_printed(machine: Machine) -> None:
    (machine.commands / "python3").unlink()
    done = machine.deploy("run")
    assert done.returncode == 1
    assert "sudo apt-get install python3 python3-venv" in only_line(done.stderr)


def test_without_ensurepip_the_one_apt_line_is_printed(machine: Machine) -> None:
    (machine.folder / "no-ensurepip").touch()
    done = machine.deploy("run")
    assert done.returncode == 1
    assert only_line(done.stderr).endswith("install it with: sudo apt-get install python3-venv")
    assert not machine.venv.exists()


def test_root_gets_ensurepip_installed(machine: Machine) -> None:
    (machine.folder / "no-ensurepip").touch()
    machine.command("id", "echo 0")
    machine.command("apt-get", '[[ $* != *"install"*python3-venv ]] || rm "$MACHINE/no-ensurepip"')
    done = machine.deploy("run")
    assert done.returncode == 0, done.stderr
    assert "Installing python3-venv with apt-get" in done.stdout


def test_a_full_disk_is_refused_before_anything_is_made(machine: Machine) -> None:
    machine.command("df", "echo Avail; echo 5000000")
    done = machine.deploy("run")
    assert done.returncode == 1
    assert "5 GB are free and installing takes 13 GB" in only_line(done.stderr)
    assert not machine.venv.exists()


def test_the_first_run_installs_builds_and_plays(machine: Machine) -> None:
    done = machine.deploy("run")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.index("GB to download") < done.stdout.index("Installing the kiosk")
    assert len(machine.log("pip")) == 1
    assert machine.log("pip")[0].endswith(f"--editable {machine.checkout}[build]")
    visit = machine.folder / "visits" / "cat"
    assert machine.log("kiosk") == [
        "kiosk model list",
        "kiosk model build efficientnet_lite0 --no-stickers",
        f"kiosk demo --picture {machine.folder}/state/stock/cat.png --out {visit}",
    ]
    assert str(visit / "sheet.png") in done.stdout


@pytest.mark.parametrize("display", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_with_a_display_it_opens_the_exhibit_in_a_window(machine: Machine, display: str) -> None:
    done = machine.deploy("run", **{display: ":0"})
    assert (done.returncode, done.stderr) == (0, "")
    assert machine.log("kiosk")[-1] == "kiosk --window 1280x800"
    assert not any("demo" in call for call in machine.log("kiosk"))


def test_the_second_run_only_plays(machine: Machine) -> None:
    machine.deploy("run")
    installed = machine.log("pip")
    done = machine.deploy("run")
    assert done.returncode == 0
    assert "nothing has changed" in done.stdout
    assert machine.log("pip") == installed
    assert sum("model build" in call for call in machine.log("kiosk")) == 1
    assert sum("demo" in call for call in machine.log("kiosk")) == 2


def test_an_installation_for_tests_is_enough_to_run(machine: Machine) -> None:
    for tool in ("ruff", "mypy", "lint-imports", "pytest"):
        machine.command(tool, f'echo "{tool} $*"')
    done = machine.deploy("test")
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line for line in done.stdout.splitlines() if not line.startswith("==>")]
    (models,) = set(re.findall(r"--state=(\S+)", done.stdout))
    assert not Path(models).exists(), "built for the tests alone"
    assert lines == [
        "ruff format --check .",
        "ruff check .",
        "mypy ",
        "lint-imports ",
        f"pytest -q -n 2 --durations=10 --state={models} -m not timed",
        f"pytest -q -n 2 --durations=10 --state={models} -m timed",
    ]
    assert "sudo apt-get install shellcheck" in done.stdout
    assert "The gate passed" in done.stdout.splitlines()[-1]
    assert [call.rsplit(maxsplit=1)[-1] for call in machine.log("pip")] == [
        "checkout[build,test]",
        "adv-lib==0.2.8",
    ]
    machine.deploy("run")
    assert len(machine.log("pip")) == 2


def test_the_gate_ends_with_the_first_failure(machine: Machine) -> None:
    machine.command("ruff", "exit 0")
    machine.command("mypy", "exit 3")
    machine.command("lint-imports", "exit 4")
    done = machine.deploy("test")
    assert done.returncode == 3
    assert "the gate FAILED at mypy (exit 3)" in only_line(done.stderr)
    assert "lint-imports" not in done.stdout


@pytest.fixture
def measuring(machine: Machine) -> Machine:
    """A machine on which the gate passes, slow groups measure, and git knows a commit without changes."""
    for tool in ("ruff", "mypy", "lint-imports"):
        machine.command(tool, f'echo "[{tool}]"')
    machine.script(machine.commands / "pytest", STAND_IN_PYTEST)
    (machine.commands / "sleep").symlink_to(shutil.which("sleep") or "")
    machine.changes("")
    return machine


def ran(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Return what was run, or the file of the group for a run of pytest."""
    lines = [line for line in done.stdout.splitlines() if line.startswith("[")]
    return [line.partition(".jsonl]")[0].rpartition("/")[2] for line in lines]


def test_slow_runs_the_gate_and_every_group_and_ends_with_one_table(measuring: Machine) -> None:
    (measuring.checkout / "tests" / "dice" / "a").mkdir(parents=True)
    (measuring.checkout / "tests" / "dice" / "a" / "test_figures.py").touch()
    done = measuring.deploy("test", "--slow")
    assert (done.returncode, done.stderr) == (0, "")
    assert ran(done) == ["[ruff]", "[ruff]", "[mypy]", "[lint-imports]", "ordinary", "dice", "soak"]
    asked = [line for line in done.stdout.splitlines() if line.startswith("[pytest]")]
    assert all(line.startswith("[pytest][-q][--slow]") for line in asked)
    tree = "[--tree][0123456789ab]"
    places = ["tests/dice/a/test_figures.py", "tests/dice.py::test_roll", "tests/soak"]
    assert asked[0].endswith(tree + "".join(f"[--deselect={place}]" for place in places))
    assert asked[1].endswith(f"{tree}[{places[0]}][{places[1]}]")
    assert asked[2].endswith(f"{tree}[{places[2]}]")
    assert done.stdout.count("passed\n") == 1, "one table"
    table = done.stdout[done.stdout.index("  name") :].splitlines()
    assert [line.split()[:3] for line in table[2:5]] == [
        ["rolls", "of", g] for g in ("ordinary", "dice", "soak")
    ]
    assert "dice: 1 passed in 2 s" in table
    assert "The gate passed" in table[-1]
    written = json.loads((measuring.checkout / "dist" / "figures.json").read_text("utf-8"))
    assert [figure["name"] for figure in written["figures"]] == [
        f"rolls of {g}" for g in ("ordinary", "dice", "soak")
    ]
    assert written["groups"]["dice"]["complete"] is True


def test_a_slow_group_that_is_named_is_run_alone_and_without_the_gate(measuring: Machine) -> None:
    done = measuring.deploy("test", "--slow", "soak")
    assert (done.returncode, done.stderr) == (0, "")
    assert ran(done) == ["soak"]
    assert "rolls of soak" in done.stdout
    assert "dice: not measured" in done.stdout


def test_what_was_measured_is_run_again_only_when_named_or_changed(measuring: Machine) -> None:
    measuring.deploy("test", "--slow", "dice")
    assert ran(measuring.deploy("test", "--slow"))[4:] == ["ordinary", "soak"]
    again = measuring.deploy("test", "--slow")
    assert ran(again)[4:] == []
    assert "The slow group dice was completed" in again.stdout
    assert "rolls of dice" in again.stdout
    assert ran(measuring.deploy("test", "--slow", "dice")) == ["dice"]

    measuring.changes(" M file")
    assert ran(measuring.deploy("test", "--slow"))[4:] == ["ordinary", "dice", "soak"]
    assert ran(measuring.deploy("test", "--slow"))[4:] == []
    measuring.changes("?? file")
    assert ran(measuring.deploy("test", "--slow"))[4:] == ["ordinary", "dice", "soak"]
    measuring.changes("")
    elsewhere = measuring.deploy("test", "--slow", "dice")
    assert ran(elsewhere) == ["dice"]
    assert "soak: 1 passed in 2 s; measured in another state of the tree, 0123456789ab+" in elsewhere.stdout


def test_without_git_nothing_counts_as_measured(measuring: Machine) -> None:
    (measuring.commands / "git").unlink()
    measuring.deploy("test", "--slow", "dice")
    assert ran(measuring.deploy("test", "--slow"))[4:] == ["ordinary", "dice", "soak"]


def test_a_slow_group_that_fails_does_not_stop_the_others(measuring: Machine) -> None:
    fails = measuring.folder / "fails-in-dice"
    fails.touch()
    done = measuring.deploy("test", "--slow")
    assert done.returncode == 1
    assert ran(done)[4:] == ["ordinary", "dice", "soak"]
    first, last = done.stderr.splitlines()
    assert first == "deploy.sh: the slow group dice FAILED (exit 1)"
    assert "see dice" in last
    assert "rolls of dice" in done.stdout
    assert "dice: no test ended in 0 s; NOT COMPLETED" in done.stdout
    assert "The gate passed" not in done.stdout
    fails.unlink()
    assert ran(measuring.deploy("test", "--slow"))[4:] == ["dice"]


def test_a_slow_group_is_ended_after_its_minutes(measuring: Machine) -> None:
    groups = measuring.checkout / "tests" / "figures" / "groups.txt"
    groups.write_text(GROUPS.replace("dice 20 ", "dice 0.01 "), "utf-8")
    (measuring.folder / "hangs-in-dice").touch()
    done = measuring.deploy("test", "--slow", "dice", "soak")
    assert done.returncode == 1
    assert ran(done) == ["dice", "soak"]
    assert "the slow group dice was ended after its 0.01 minutes" in done.stderr
    assert "rolls of dice" in done.stdout


def test_an_interrupted_installation_is_made_anew(machine: Machine) -> None:
    offline = machine.folder / "no-network"
    offline.touch()
    failed = machine.deploy("run")
    assert failed.returncode == 1
    assert "pip could not install everything" in only_line(failed.stderr)
    half_unpacked = machine.venv / "half-unpacked"
    half_unpacked.touch()
    offline.unlink()
    done = machine.deploy("run")
    assert done.returncode == 0
    assert "it is incomplete" in done.stdout
    assert not half_unpacked.exists()


def test_a_changed_pyproject_is_installed_into_the_same_venv(machine: Machine) -> None:
    machine.deploy("run")
    kept = machine.venv / "kept"
    kept.touch()
    with (machine.checkout / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    done = machine.deploy("run")
    assert "Something has changed" in done.stdout
    assert len(machine.log("pip")) == 2
    assert kept.exists()


def test_a_moved_checkout_gets_a_venv_of_its_own(machine: Machine) -> None:
    machine.deploy("run")
    elsewhere = machine.folder / "another checkout"
    machine.checkout.rename(elsewhere)
    done = subprocess.run(
        [elsewhere / "deploy.sh", "run"],
        env=machine.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert machine.log("pip")[-1].endswith(f"--editable {elsewhere}[build]")


def test_pytorch_comes_from_the_index_that_is_named(machine: Machine) -> None:
    done = machine.deploy("run", KIOSK_TORCH_INDEX="file:///cpu-wheels")
    assert done.returncode == 0, done.stderr
    assert "About 450 MB to download" in done.stdout
    first, second = machine.log("pip")
    assert "--index-url file:///cpu-wheels torch==" in first
    assert " torchvision==" in first
    assert "--index-url" not in second


def test_two_set_ups_do_not_collide(machine: Machine) -> None:
    lock = os.open(machine.checkout, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with subprocess.Popen(
            [machine.checkout / "deploy.sh", "run"],
            env=machine.environment,
            stdout=subprocess.PIPE,
            text=True,
        ) as second:
            assert second.stdout is not None
            assert "waiting for it" in second.stdout.readline()
            assert machine.log("pip") == []
            fcntl.flock(lock, fcntl.LOCK_UN)
            second.communicate(timeout=60)
        assert second.returncode == 0
    finally:
        os.close(lock)


def test_the_check_of_a_checkout_leaves_no_process_behind(tmp_path: Path) -> None:
    checkout = tmp_path / "a checkout"
    (checkout / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "run", checkout / ".ci")
    own_group = "import subprocess; subprocess.Popen(['sleep', '600'], process_group=0)"
    Machine.script(
        checkout / "deploy.sh", f'#!/bin/bash\nsleep 600 &\n"{sys.executable}" -c "{own_group}"\nexit 7\n'
    )
    # The sleeping processes hold this pipe open: reading it to its end takes their deaths.
    done = subprocess.run([checkout / ".ci" / "run"], stdout=subprocess.PIPE, check=False, timeout=60)
    assert done.returncode == 7
