"""What this device knows of releases: where they lie, which one runs, who may sign, and where a new one is verified."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from signed_release import (
    Head,
    Manifest,
    Refused,
    Signer,
    check_signature,
    read_head,
    read_manifest,
    unpack,
    version_key,
)

NO_SIGNERS = "This exhibit knows nobody's signature yet: push a release to it over the network first."


@dataclass(frozen=True)
class Offer:
    """An archive whose signature is right: what it holds, who signed it, and whether a newer release runs here."""

    head: Head
    manifest: Manifest
    signer: Signer
    older: bool


@dataclass(frozen=True)
class Device:
    """Where things lie on a device; tests say other places."""

    application: Path = Path("/opt/kiosk")
    data: Path = Path("/data")
    signers: Path = Path("/etc/kiosk/allowed_signers")

    @property
    def private(self) -> Path:
        """Return the folder that only root may enter: the PIN, what was told of updates, what is being verified."""
        folder = self.application
        if not folder.exists() and os.path.ismount(self.data):  # as install-release chooses at a first push
            folder = self.data / "kiosk-app"
        return folder / "private"

    def make_private(self) -> Path:
        """Return that folder, made if need be."""
        self.private.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        self.private.mkdir(mode=0o700, exist_ok=True)
        self.private.chmod(0o700)
        return self.private

    def allowed_signers(self) -> str | None:
        """Return the list of those who may sign, None before a first push."""
        try:
            return self.signers.read_text("utf-8") or None
        except FileNotFoundError:
            return None

    def running(self) -> str:
        """Return the release that runs, empty where there is none."""
        current = self.application / "current"
        return os.path.basename(os.readlink(current)) if current.is_symlink() else ""  # noqa: PTH115, PTH119

    def is_older(self, manifest: Manifest) -> bool:
        """Return whether the release that runs is a newer one, by version, or by when it was signed."""
        running = self.running()
        try:
            version = version_key(running)
        except Refused:
            return False
        return manifest.age < (version, self._signed_utc_s(running))

    def _signed_utc_s(self, release: str) -> int:
        """Return when a release was signed, 0 where its manifest is not there or cannot be read."""
        kept = self.application / "releases" / release / "manifest"
        try:
            return read_manifest(Head(kept.read_bytes(), b"")).made_utc_s
        except (OSError, Refused):
            return 0

    def offered(self, archive: BinaryIO, *, first: bool = False) -> Offer:
        """Return what an archive holds, once its signature was checked; raises Refused.

        `first` takes any signer as long as nobody's signature is known here: for a push, which needs root as it is.
        """
        signers = self.allowed_signers()
        if signers is None and not first:
            raise Refused(NO_SIGNERS)
        head = read_head(archive)
        signer = check_signature(head, signers)
        manifest = read_manifest(head)
        return Offer(head, manifest, signer, self.is_older(manifest))

    @contextmanager
    def verified(self, archive: BinaryIO, offer: Offer, within: Path | None = None) -> Iterator[Path]:
        """Lend a folder with the files that follow, every one as it was signed; nobody but root can reach it."""
        folder = Path(tempfile.mkdtemp(prefix="staged-", dir=within or self.make_private()))
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX)  # install-release removes what nobody holds any more
            unpack(archive, offer.manifest, folder)
            (folder / "manifest").write_bytes(offer.head.manifest)
            yield folder
        finally:
            os.close(held)
            shutil.rmtree(folder, ignore_errors=True)
