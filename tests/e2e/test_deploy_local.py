"""`deploy.sh run`, `deploy.sh test` and `.ci/run` on machines that stand-in commands make up; nothing is installed."""

import fcntl
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

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
        "mv",
    ),
    *("grep", "readlink", "rm", "sed", "sha256sum", "sort", "tail", "uname"),
)
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


@pytest.mark.parametrize("script", ["deploy.sh", ".ci/run", "tests/device/arm64/run"])
def test_the_scripts_are_shellcheck_clean(script: str) -> None:
    if shutil.which("shellcheck") is None:
        pytest.skip("shellcheck is not installed: apt-get install shellcheck")
    done = subprocess.run(["shellcheck", ROOT / script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "arguments", [[], ["fly"], ["run", "now"], ["test", "--fast"], ["test", "--slow", "x"]]
)
def test_a_usage_error_is_one_line_and_status_2(machine: Machine, arguments: list[str]) -> None:
    done = machine.deploy(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "./deploy.sh help" in only_line(done.stderr)


def test_the_help_names_commands_and_environment(machine: Machine) -> None:
    done = machine.deploy("help")
    assert (done.returncode, done.stderr) == (0, "")
    for word in ("run", "test [--slow]", "KIOSK_TORCH_INDEX", "KIOSK_STATE"):
        assert word in done.stdout


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
        "kiosk model build efficientnet_lite0",
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
    done = machine.deploy("test", "--slow")
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line for line in done.stdout.splitlines() if not line.startswith("==>")]
    assert lines == [
        "ruff format --check .",
        "ruff check .",
        "mypy ",
        "lint-imports ",
        "pytest -q -s --slow --durations=10",
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
