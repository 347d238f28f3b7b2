"""A device's own update service with keys, sticks and an installer that only notes what it was given."""

import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from device_release import Device
from signed_release import NAMESPACE, manifest_of, write_archive
from stick_install import Places, StickInstall
from update_service import UpdateService, serve

from kiosk.settings.sections import Settings, StaffSettings
from tests.process.rehearsal import QUICK

INSTALLER = """#!/bin/bash
if [ -d {folder} ]; then echo "$*" >>{note}; fi
{body}
"""


def make_key(folder: Path, name: str = "anna@museum") -> Path:
    """Return a new ssh key whose comment is a name."""
    key = folder / name.replace("@", "-")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", key], check=True)
    return key


def signer_line(key: Path) -> str:
    """Return the line that lets a key sign releases."""
    kind, code, name = key.with_name(key.name + ".pub").read_text("ascii").split()
    return f'{name} namespaces="{NAMESPACE}" {kind} {code}\n'


@dataclass
class SignedStick:
    """A device with one allowed key, and how releases are put on a stick for it."""

    folder: Path
    device: Device
    key: Path
    sticks: StickInstall
    listener: socket.socket | None = None

    @classmethod
    def made(cls, folder: Path, media: Path) -> "SignedStick":
        """Return one on which nothing runs yet."""
        folder.mkdir()
        device = Device(folder / "kiosk", folder / "data", folder / "allowed_signers")
        device.make_private()
        key = make_key(folder)
        device.signers.write_text(signer_line(key), "ascii")
        places = Places(media, folder / "no-jetson", unit=())
        return cls(folder, device, key, StickInstall(device, places))

    @classmethod
    @contextmanager
    def served(cls, folder: Path, stick: Path) -> Iterator["SignedStick"]:
        """Lend one whose service answers, as long as its listener is open."""
        made = cls.made(folder, stick.parent)
        listener = made.listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(folder / "asked"))
        listener.listen()
        service = UpdateService(made.device, made.sticks)

        def answer() -> None:
            while listener.fileno() >= 0:
                with suppress(OSError):  # closed by the test
                    serve(listener, service, idle_s=0.2)

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield made
        finally:
            made.hang_up()
            thread.join()

    def hang_up(self) -> None:
        """Let the service be there no more, though its socket's file is."""
        if self.listener is not None:
            self.listener.close()

    @property
    def settings(self) -> Settings:
        """Return settings by which the exhibit asks this service."""
        staff = StaffSettings(sticks=self.sticks.places.sticks, service=self.folder / "asked")
        return QUICK.model_copy(update={"staff": staff})

    def release(self, body: str = "") -> Path:
        """Return a folder with a release's files; its installer notes its words and what it found."""
        folder = self.folder / "bundle"
        for name, text in {
            "release/systemd/install-release": INSTALLER.format(
                folder=self.folder, note=self.folder / "installed", body=body
            ),
            "release/pyproject.toml": '[project]\nname = "kiosk"\n',
            "release/kiosk/big.py": "# " + "x" * 3000,
            "release/kiosk/empty.py": "",
        }.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8")
        return folder

    def put(
        self,
        release: str,
        stick: Path,
        *,
        made_utc_s: int | None = None,
        key: Path | None = None,
        body: str = "",
        name: str = "",
    ) -> Path:
        """Return a signed archive on a stick, signed just now by the allowed key unless told otherwise."""
        bundle = self.release(body)
        made = int(time.time()) if made_utc_s is None else made_utc_s
        manifest = manifest_of(bundle, release, made, older=False)
        place = stick / f"kiosk-update-{name or release}.tar"
        with place.open("wb") as file:
            write_archive(bundle, manifest, key or self.key, file)
        return place

    def run_release(self, release: str) -> None:
        """Let a release be the one that runs."""
        current = self.device.application / "current"
        current.unlink(missing_ok=True)
        (self.device.application / "releases" / release).mkdir(parents=True, exist_ok=True)
        current.symlink_to(f"releases/{release}")

    def installed(self) -> list[str]:
        """Return the words that installers were given, one line for each."""
        note = self.folder / "installed"
        return note.read_text("utf-8").splitlines() if note.exists() else []
