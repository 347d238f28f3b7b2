"""A fresh clone of this checkout, from which the real deploy.sh pushes to the machine."""

import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from tests.device.pushed_checkout import ROOT

LIMIT_S = 1800.0
# deploy.sh as a library: what is not there to be seen is its own stamp for an environment that is complete.
STAMP = 'set -- help; source "$0" >/dev/null; find_python; write_stamp "$RUN_EXTRAS"'
COMMAND = "#!{python}\nimport sys\nfrom kiosk.cli import main\nsys.exit(main())\n"


@dataclass(frozen=True)
class FreshClone:
    """A clone, and how it reaches the machine."""

    folder: Path
    ssh_config: Path

    @classmethod
    def made(cls, folder: Path, ssh_config: Path) -> "FreshClone":
        """Clone the last commit, with an environment that borrows the packages of this one: no download."""
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True, timeout=LIMIT_S)
        clone = cls(folder, ssh_config)
        venv = folder / ".venv"
        subprocess.run(
            [sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True, timeout=LIMIT_S
        )
        (site,) = venv.glob("lib/python3*/site-packages")
        (site / "borrowed.pth").write_text(f"{folder}\n{sysconfig.get_path('purelib')}\n", "utf-8")
        command = venv / "bin/kiosk"
        command.write_text(COMMAND.format(python=venv / "bin/python"), "utf-8")
        command.chmod(0o755)
        subprocess.run(
            ["bash", "-euc", STAMP, str(folder / "deploy.sh")],
            env=clone.environment(),
            check=True,
            timeout=LIMIT_S,
        )
        return clone

    def environment(self) -> dict[str, str]:
        """Return what deploy.sh runs in: an ssh that knows the machine, this user's own settings left out."""
        commands = self.folder / ".commands"
        commands.mkdir(exist_ok=True)
        ssh = commands / "ssh"
        ssh.write_text(f'#!/bin/sh\nexec /usr/bin/ssh -F {self.ssh_config} "$@"\n', "utf-8")
        ssh.chmod(0o755)
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("KIOSK_", "PYTHON"))
        }
        return kept | {"PATH": f"{commands}:{os.environ['PATH']}"}

    def deploy(
        self, *arguments: str | Path, signing_key: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Return how a run of deploy.sh went, both its outputs together; signed by the machine's key or another one."""
        signing = {"KIOSK_SIGNING_KEY": str(signing_key)} if signing_key else {}
        return subprocess.run(
            [self.folder / "deploy.sh", *arguments],
            env=self.environment() | signing,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=LIMIT_S,
        )

    def begin(self, *arguments: str | Path) -> "subprocess.Popen[bytes]":
        """Begin a run of deploy.sh whose end nobody waits for."""
        return subprocess.Popen(
            [self.folder / "deploy.sh", *arguments],
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def change(self, file: str, old: str, new: str) -> None:
        """Change a file's text, so that the next push brings another release."""
        path = self.folder / file
        text = path.read_text("utf-8")
        assert old in text, f"{file} no longer has {old!r}"
        path.write_text(text.replace(old, new, 1), "utf-8")
