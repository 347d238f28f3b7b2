"""A release as one signed archive: how it is written, and how a device verifies it before any of it is used.

The archive is a tar whose every byte follows from what was signed: `manifest`, which lists the SHA-256 of every file,
`manifest.sig`, ssh-keygen's signature of it, then those files in that order. Headers are not parsed but compared with
the ones expected, so that no link, device, path or size can come in but a listed one. The signature is checked before
the manifest is read and before anything is written. Runs on a device's own Python (3.10 or newer), without packages.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import math
import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

FIRST_LINE = "kiosk-update 1"
NAMESPACE = "kiosk-update@kiosk"
MANIFEST, SIGNATURE = "manifest", "manifest.sig"
BLOCK = tarfile.BLOCKSIZE
LARGEST_MANIFEST, LARGEST_SIGNATURE = 4_000_000, 20_000
MOST_BYTES = 6_000_000_000
SPARE_BYTES = 50_000_000  # of the disk, left free
CHUNK = 1 << 20
ARMOUR = ("-----BEGIN SSH SIGNATURE-----\n", "-----END SSH SIGNATURE-----\n")
VERSION = r"(\d{1,6}(?:\.\d{1,6}){0,4})(?:(a|b|rc)(\d{1,6}))?(?:\.post(\d{1,6}))?(?:\.dev(\d{1,6}))?"
RELEASE = re.compile(rf"({VERSION})-[0-9a-f]{{12}}", re.ASCII)
ENTRY = re.compile(r"([0-9a-f]{64}) (0|[1-9]\d{0,11}) (-|x) (\S.*)", re.ASCII)
WORD = re.compile(r"[\w+.,@=~-][\w+.,@=~ -]*", re.ASCII)  # of a path
NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs", "--")
AGAIN = "Make it again with: ./deploy.sh stick DIR"


class Refused(Exception):  # noqa: N818  # it is what staff read
    """Why a release is not taken: one plain line."""


@dataclass(frozen=True)
class File:
    """A file of a release: its path in the archive, its size, whether it can be run, its SHA-256."""

    path: str
    size: int
    runs: bool
    digest: str


@dataclass(frozen=True)
class Manifest:
    """What was signed; `older`: its signer wants it also in the place of a newer release."""

    release: str
    made_utc_s: int
    older: bool
    files: tuple[File, ...]

    @property
    def size(self) -> int:
        """Return how many bytes all files have."""
        return sum(file.size for file in self.files)

    @property
    def age(self) -> tuple[tuple[float, ...], int]:
        """Return what releases are ordered by: the version, then when it was signed."""
        return version_key(self.release), self.made_utc_s

    def text(self) -> str:
        """Return it as it is signed."""
        older = "yes" if self.older else "no"
        lines = [FIRST_LINE, f"release {self.release}", f"made {self.made_utc_s}", f"older {older}"]
        lines += [f"{file.digest} {file.size} {'x' if file.runs else '-'} {file.path}" for file in self.files]
        return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Signer:
    """Who signed: the name beside the key in the list of allowed signers, and the key's fingerprint."""

    name: str
    fingerprint: str


@dataclass(frozen=True)
class Head:
    """The beginning of an archive: the manifest and its signature, as they came."""

    manifest: bytes
    signature: bytes

    @property
    def digest(self) -> str:
        """Return the manifest's SHA-256, which names the whole archive."""
        return hashlib.sha256(self.manifest).hexdigest()


def version_key(release: str) -> tuple[float, ...]:
    """Return what a release's version is ordered by: 0.9 < 0.10rc1 < 0.10 = 0.10.0 < 0.10.post1 (PEP 440)."""
    found = RELEASE.fullmatch(release)
    if found is None:
        raise Refused(f"'{release[:60]}' names no release.")
    numbers = [int(number) for number in found[2].split(".")]
    stage, number, post, dev = found[3], found[4], found[5], found[6]
    before = (math.inf, 0.0) if stage is None else (float("ab".find(stage[0]) % 3), float(number))
    if stage is None and post is None and dev is not None:
        before = (-1.0, 0.0)
    after = -1.0 if post is None else float(post)
    numbers += [0] * (5 - len(numbers))
    return (*numbers, *before, after, math.inf if dev is None else float(dev))


# --- verifying -----------------------------------------------------------------------------------


def read_head(archive: BinaryIO) -> Head:
    """Return manifest and signature of an archive; nothing of either is believed yet."""
    manifest = _read_member(archive, MANIFEST, LARGEST_MANIFEST)
    signature = _read_member(archive, SIGNATURE, LARGEST_SIGNATURE)
    return Head(manifest, signature)


def _read_member(archive: BinaryIO, name: str, largest: int) -> bytes:
    header = _read(archive, BLOCK)
    if header[: len(name) + 1] != name.encode() + b"\0":
        raise Refused(f"It is not signed, so it is not taken. {AGAIN}")
    try:
        size = int(header[124:135], 8)
    except ValueError:
        size = -1
    if not 0 < size <= largest or header != _header(File(name, size, False, "")):
        raise Refused(f"Its {name} is damaged or was changed. {AGAIN}")
    content = _read(archive, size)
    _read_zeros(archive, -size % BLOCK)
    return content


def _read(archive: BinaryIO, size: int) -> bytes:
    content = archive.read(size)
    if len(content) != size:
        raise Refused(f"It is cut off: something of it is missing. {AGAIN}")
    return content


def _read_zeros(archive: BinaryIO, size: int) -> None:
    if any(_read(archive, size)):
        raise Refused(f"It is damaged or was changed between its files. {AGAIN}")


def _header(file: File) -> bytes:
    entry = tarfile.TarInfo(file.path)
    entry.size, entry.mode = file.size, 0o755 if file.runs else 0o644
    return entry.tobuf(tarfile.USTAR_FORMAT, "ascii", "strict")


def check_signature(head: Head, signers: str | None) -> Signer:
    """Return who signed an archive's manifest, by a list in ssh-keygen's form of the signers that are allowed.

    None instead of a list takes any signer, who is then named by the fingerprint: for a first push alone.
    """
    if head.signature != _armoured(head.signature):
        raise Refused(f"Its signature is damaged or was changed. {AGAIN}")
    sound = _ask_ssh_keygen(head, "check-novalidate", "-n", NAMESPACE)
    fingerprint = re.search(r"SHA256:[\w+/=-]+", sound or "")
    if fingerprint is None:
        raise Refused(f"It was changed after it was signed, or its signature was. {AGAIN}")
    if signers is None:
        return Signer(fingerprint[0], fingerprint[0])
    name = (_ask_ssh_keygen(head, "find-principals", signers=signers) or "").strip().split("\n")[0]
    if not name or _ask_ssh_keygen(head, "verify", "-n", NAMESPACE, "-I", name, signers=signers) is None:
        raise Refused(f"It is signed by a key that this exhibit does not know: {fingerprint[0][:23]}…")
    return Signer(name, fingerprint[0])


def _armoured(signature: bytes) -> bytes:
    """Return a signature as it must be written: its text has many forms otherwise."""
    begin, end = ARMOUR
    try:
        text = signature.decode("ascii")
        raw = base64.b64decode("".join(text[len(begin) : -len(end)].split("\n")), validate=True)
    except ValueError:
        return b""
    code = base64.b64encode(raw).decode("ascii")
    lines = [f"{code[at : at + 70]}\n" for at in range(0, len(code), 70)]
    return "".join((begin, *lines, end)).encode("ascii")


def _ask_ssh_keygen(head: Head, what: str, *options: str, signers: str | None = None) -> str | None:
    """Return what it says, None where it refuses; as root it runs as nobody, for it parses what strangers wrote."""
    files = {"-s": head.signature}
    if signers is not None:
        files["-f"] = signers.encode()
    descriptors, words = [], []
    try:
        for option, content in files.items():
            descriptor = os.memfd_create("kiosk-update")
            descriptors.append(descriptor)
            os.write(descriptor, content)
            words += [option, f"/proc/self/fd/{descriptor}"]
        done = subprocess.run(  # noqa: S603
            [*(NOBODY if os.geteuid() == 0 else ()), "ssh-keygen", "-Y", what, *words, *options],
            input=head.manifest,
            capture_output=True,
            pass_fds=descriptors,
            timeout=60,
            check=False,
        )
    finally:
        for descriptor in descriptors:
            os.close(descriptor)
    return None if done.returncode else done.stdout.decode("utf-8", "replace")


def read_manifest(head: Head) -> Manifest:
    """Return what a manifest says; call it only once its signature was checked."""
    try:
        first, release, made, older, *rest = head.manifest.decode("ascii").splitlines()
        files = tuple(_file(line) for line in rest)
        found = Manifest(release.partition(" ")[2], int(made.partition(" ")[2]), older == "older yes", files)
    except ValueError:
        raise Refused(f"Its manifest cannot be read. {AGAIN}") from None
    if first != FIRST_LINE:
        raise Refused("It is of another kind than this exhibit knows: push the release over the network.")
    if found.text().encode() != head.manifest or len({file.path for file in files}) != len(files):
        raise Refused(f"Its manifest cannot be read. {AGAIN}")
    version_key(found.release)
    if found.size > MOST_BYTES:
        raise Refused(f"It holds {found.size // 10**6} MB, and at most {MOST_BYTES // 10**6} are taken.")
    return found


def _file(line: str) -> File:
    entry = ENTRY.fullmatch(line)
    if entry is None or not is_plain_path(entry[4]):
        raise ValueError(line)
    return File(entry[4], int(entry[2]), entry[3] == "x", entry[1])


def is_plain_path(path: str) -> bool:
    """Return whether a path stays within its folder and is made of plain words, none of them hidden."""
    words = path.split("/")
    return all(WORD.fullmatch(word) and not word.startswith(".") for word in words) and path not in (
        MANIFEST,
        SIGNATURE,
    )


def unpack(archive: BinaryIO, manifest: Manifest, folder: Path) -> None:
    """Write the files that follow in an archive to a new folder, which only root may enter; all of them, or Refused."""
    free = shutil.disk_usage(folder).free
    if free < manifest.size + SPARE_BYTES:
        raise Refused(
            f"It takes {manifest.size // 10**6} MB and {free // 10**6} MB are free: free some space."
        )
    for file in manifest.files:
        if _read(archive, BLOCK) != _header(file):
            raise Refused(f"{file.path} is not where it was signed: damaged, changed or left out. {AGAIN}")
        place = folder / file.path
        place.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        if _copy(archive, file.size, place, runs=file.runs) != file.digest:
            raise Refused(f"{file.path} is not what was signed: it is damaged or was changed. {AGAIN}")
        _read_zeros(archive, -file.size % BLOCK)
    _read_zeros(archive, 2 * BLOCK)
    if archive.read(1):
        raise Refused(f"More follows than was signed. {AGAIN}")


def _copy(archive: BinaryIO, size: int, place: Path, *, runs: bool) -> str:
    digest = hashlib.sha256()
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(place, flags, 0o755 if runs else 0o644), "wb") as file:
        while size:
            content = _read(archive, min(size, CHUNK))
            digest.update(content)
            file.write(content)
            size -= len(content)
    return digest.hexdigest()


# --- writing -------------------------------------------------------------------------------------


def manifest_of(folder: Path, release: str, made_utc_s: int, *, older: bool) -> Manifest:
    """Return the manifest of all files in a folder; links are followed."""
    files = []
    for place in sorted(path for path in folder.rglob("*") if path.is_file()):
        path = str(PurePosixPath(place.relative_to(folder)))
        if not is_plain_path(path):
            raise Refused(f"{path}: a release has no such names; rename it, or leave it out")
        files.append(File(path, place.stat().st_size, os.access(place, os.X_OK), _digest(place)))
    return Manifest(release, made_utc_s, older, tuple(files))


def _digest(place: Path) -> str:
    digest = hashlib.sha256()
    with place.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def sign(manifest: bytes, key: Path) -> bytes:
    """Return ssh-keygen's signature by a key: a private one, or a public one that the agent has."""
    done = subprocess.run(  # noqa: S603
        ["ssh-keygen", "-Y", "sign", "-n", NAMESPACE, "-f", str(key)],  # noqa: S607
        input=manifest,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise Refused(f"{key}: ssh-keygen cannot sign by it ({said[-1] if said else 'it says nothing'})")
    return _armoured(done.stdout)


def write_archive(folder: Path, manifest: Manifest, key: Path, out: BinaryIO) -> None:
    """Write a folder's files as a signed archive."""
    content = manifest.text().encode()
    for name, part in ((MANIFEST, content), (SIGNATURE, sign(content, key))):
        out.write(_header(File(name, len(part), False, "")) + part + bytes(-len(part) % BLOCK))
    for file in manifest.files:
        out.write(_header(file))
        with (folder / file.path).open("rb") as source:
            shutil.copyfileobj(source, out, CHUNK)
        out.write(bytes(-file.size % BLOCK))
    out.write(bytes(2 * BLOCK))


def main() -> None:
    """Write a signed archive to standard output; deploy.sh runs it."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("release")
    parser.add_argument("key", type=Path)
    parser.add_argument("--older", action="store_true")
    arguments = parser.parse_args()
    try:
        version_key(arguments.release)
        manifest = manifest_of(arguments.folder, arguments.release, int(time.time()), older=arguments.older)
        write_archive(arguments.folder, manifest, arguments.key, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os._exit(1)  # who reads has said why
    except (Refused, OSError, ValueError) as error:
        sys.exit(f"signed_release: {error}")


if __name__ == "__main__":
    main()
