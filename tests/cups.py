"""A real CUPS of a test's own: its printers write to a file, run out of paper, jam or fail."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

BACKEND = """#!/bin/sh
[ $# = 0 ] && exit 0
case "$DEVICE_URI" in
*/empty) echo "STATE: +media-empty-error" >&2; sleep 60; exit 0;;
*/jam) echo "STATE: +media-jam-error" >&2; exit 4;;
*) cat "${6:--}" > "${DEVICE_URI#trial:}"; exit 0;;
esac
"""
SYSTEM = Path("/usr/lib/cups")
STARTS_WITHIN_S = 60.0


@dataclass(frozen=True)
class Cups:
    """A scheduler whose files lie in a folder; commands find it by CUPS_SERVER."""

    folder: Path

    def add(self, name: str, device: str = "") -> Path:
        """Set up a printer, the default one from now on; returns the file that it writes to."""
        out = self.folder / "cache" / f"{name}.pdf"
        self.run("lpadmin", "-p", name, "-E", "-v", f"trial:{device or out}", "-m", "raw")
        self.run("lpadmin", "-d", name)
        return out

    @property
    def spooled(self) -> list[str]:
        """The files of jobs that it keeps."""
        spool = self.folder / "spool"
        return sorted(file.name for file in spool.iterdir() if file.is_file())

    def run(self, *command: str) -> str:
        """Run a command of CUPS'."""
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@contextmanager
def running_cups(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cups]:
    """A scheduler without printers; skips, and says why, where CUPS is not installed."""
    missing = [name for name in ("cupsd", "lp", "lpstat", "lpadmin") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} missing; install with: apt-get install cups-daemon cups-client")
    with tempfile.TemporaryDirectory(prefix="cups-") as name:  # a socket's path has to be short
        folder = Path(name)
        folder.chmod(0o755)
        _configure(folder)
        monkeypatch.setenv("CUPS_SERVER", str(folder / "sock"))
        monkeypatch.setenv("LC_ALL", "C")
        command = ["cupsd", "-f", "-c", str(folder / "cupsd.conf"), "-s", str(folder / "cups-files.conf")]
        with subprocess.Popen(command) as scheduler:
            try:
                _wait_for(scheduler)
                yield Cups(folder)
            finally:
                scheduler.terminate()
                scheduler.wait(30)


def _wait_for(scheduler: "subprocess.Popen[bytes]") -> None:
    due_s = time.monotonic() + STARTS_WITHIN_S
    while "is running" not in subprocess.run(["lpstat", "-r"], capture_output=True, text=True).stdout:
        assert scheduler.poll() is None, "cupsd ended"
        assert time.monotonic() < due_s, "cupsd does not answer"
        time.sleep(0.1)


def _configure(folder: Path) -> None:
    for name in ("spool/tmp", "cache", "run", "log", "keys", "bin/backend"):
        (folder / name).mkdir(parents=True)
    for part in SYSTEM.iterdir():
        if part.name != "backend":
            (folder / "bin" / part.name).symlink_to(part)
    backend = folder / "bin" / "backend" / "trial"
    backend.write_text(BACKEND)
    backend.chmod(0o755)
    (folder / "cupsd.conf").write_text(
        f"Listen {folder}/sock\nDefaultAuthType None\nWebInterface No\nBrowsing No\n"
        "<Location />\nOrder allow,deny\nAllow all\n</Location>\n"
        "<Policy default>\n<Limit All>\nOrder deny,allow\n</Limit>\n</Policy>\n"
    )
    user = "User lp\nGroup lp\n" if os.getuid() == 0 else ""
    (folder / "cups-files.conf").write_text(
        f"ServerRoot {folder}\nServerBin {folder}/bin\nRequestRoot {folder}/spool\nCacheDir {folder}/cache\n"
        f"StateDir {folder}/run\nTempDir {folder}/spool/tmp\nServerKeychain {folder}/keys\n"
        f"AccessLog {folder}/log/access\nErrorLog {folder}/log/error\nPageLog {folder}/log/page\n{user}"
    )
