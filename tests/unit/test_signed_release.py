"""A signed release is taken whole as it was signed; everything else is refused, each kind by a line of its own."""

import io
import random
import re
import tarfile
from pathlib import Path

import pytest
from device_release import Device
from packaging.version import Version
from signed_release import (
    BLOCK,
    SIGNATURE,
    File,
    Manifest,
    Refused,
    _header,
    is_plain_path,
    manifest_of,
    read_head,
    read_manifest,
    version_key,
    write_archive,
)

from tests.figures.figure import record
from tests.unit.signed_stick import SignedStick, make_key, signer_line

RELEASE = "0.2.0-3f9a1c07d2b4"
FLIPS = 300


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> SignedStick:
    """A device that knows one signer, and a stick."""
    folder = tmp_path_factory.mktemp("signed")
    (folder / "media" / "sda1").mkdir(parents=True)
    return SignedStick.made(folder / "device", folder / "media")


@pytest.fixture(scope="module")
def archive(signed: SignedStick) -> bytes:
    """A signed release."""
    return signed.put(RELEASE, signed.folder).read_bytes()


def taken(device: Device, content: bytes) -> dict[str, bytes]:
    """Return the files that a device holds for verified; nothing is left of them afterwards."""
    stream = io.BytesIO(content)
    try:
        offer = device.offered(stream)
        with device.verified(stream, offer) as folder:
            assert folder.stat().st_mode & 0o077 == 0, "for root alone"
            return {
                str(path.relative_to(folder)): path.read_bytes()
                for path in folder.rglob("*")
                if path.is_file()
            }
    finally:
        assert not list(device.private.glob("staged-*"))


def refusal(device: Device, content: bytes) -> str:
    """Return the line by which an archive is refused."""
    with pytest.raises(Refused) as refused:
        taken(device, content)
    line = str(refused.value)
    assert "\n" not in line
    assert len(line) < 250
    return line


def test_a_signed_release_is_taken_as_it_was_signed(signed: SignedStick, archive: bytes) -> None:
    files = taken(signed.device, archive)
    bundle = signed.release()
    assert {name: (bundle / name).read_bytes() for name in files if name != "manifest"} == {
        name: content for name, content in files.items() if name != "manifest"
    }
    assert set(files) >= {"manifest", "release/systemd/install-release", "release/kiosk/empty.py"}


def test_tar_reads_it_as_well(archive: bytes) -> None:
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        names = tar.getnames()
        assert names[:2] == ["manifest", "manifest.sig"]
        assert all(member.isreg() for member in tar)


def test_one_that_is_not_signed_is_refused(signed: SignedStick, archive: bytes) -> None:
    head = read_head(io.BytesIO(archive))
    start = 2 * BLOCK + len(head.manifest) + -len(head.manifest) % BLOCK
    start += len(head.signature) + -len(head.signature) % BLOCK
    unsigned = archive[: start - BLOCK - len(head.signature) - -len(head.signature) % BLOCK] + archive[start:]
    assert "not signed" in refusal(signed.device, unsigned)
    strangers = io.BytesIO()
    with tarfile.open(fileobj=strangers, mode="w") as tar:
        script = tarfile.TarInfo("release/systemd/install-release")
        script.size = 20
        tar.addfile(script, io.BytesIO(b"#!/bin/sh\nrm -rf /\n\n"))
    assert "not signed" in refusal(signed.device, strangers.getvalue())


@pytest.mark.parametrize("content", [b"", b"\0" * 20480, b"holiday", b"manifest\0"], ids=repr)
def test_what_is_no_archive_is_refused(signed: SignedStick, content: bytes) -> None:
    assert refusal(signed.device, content)


def test_a_key_that_is_not_known_is_named(signed: SignedStick, tmp_path: Path) -> None:
    stranger = make_key(tmp_path, "anna@museum")  # also by the same name
    place = signed.put(RELEASE, tmp_path, key=stranger)
    assert re.search(
        r"key that this exhibit does not know: SHA256:", refusal(signed.device, place.read_bytes())
    )


def test_a_signature_for_another_purpose_does_not_count(
    signed: SignedStick, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("signed_release.NAMESPACE", "git")
    content = signed.put(RELEASE, tmp_path).read_bytes()
    monkeypatch.undo()
    assert "changed after it was signed" in refusal(signed.device, content)


def test_before_a_first_push_no_stick_is_taken(archive: bytes, tmp_path: Path) -> None:
    device = Device(tmp_path / "kiosk", tmp_path / "data", tmp_path / "none")
    assert "push a release" in refusal(device, archive)


@pytest.mark.parametrize("share", [0.0001, 0.05, 0.1, 0.3, 0.5, 0.9, 0.9999])
def test_a_truncated_one_is_refused(signed: SignedStick, archive: bytes, share: float) -> None:
    assert "cut off" in refusal(signed.device, archive[: int(len(archive) * share)])


def test_what_follows_is_refused(signed: SignedStick, archive: bytes) -> None:
    assert "More follows" in refusal(signed.device, archive + b"\0")


@pytest.mark.parametrize("flips", [30, pytest.param(FLIPS, marks=pytest.mark.slow)])
def test_a_flipped_bit_is_refused_wherever_it_is(signed: SignedStick, archive: bytes, flips: int) -> None:
    draw = random.Random(21)
    refused = 0
    for _ in range(flips):
        changed = bytearray(archive)
        changed[draw.randrange(len(archive))] ^= 1 << draw.randrange(8)
        refused += bool(refusal(signed.device, bytes(changed)))
    record("flipped bits of a signed release refused", f"{refused} of {flips}", "all", refused == flips)


def test_every_single_bit_of_the_signature_counts(signed: SignedStick, archive: bytes) -> None:
    head = read_head(io.BytesIO(archive))
    begin = archive.index(head.signature)
    draw = random.Random(7)
    newlines = [at for at in range(len(head.signature)) if head.signature[at : at + 1] in (b"\n", b"=", b"-")]
    for at in [*newlines[:40], *draw.sample(range(len(head.signature)), 20)]:
        changed = bytearray(archive)
        changed[begin + at] ^= 1  # a line feed becomes one more kind of white space
        assert re.search("signature|changed|damaged", refusal(signed.device, bytes(changed)))


class TestOlder:
    @pytest.mark.parametrize(
        ("running", "older"),
        [
            ("0.10.0-3f9a1c07d2b4", True),
            ("0.2.1rc1-3f9a1c07d2b4", True),
            ("0.1.9-3f9a1c07d2b4", False),
            ("0.2.0.dev3-3f9a1c07d2b4", False),
            ("something else", False),
        ],
    )
    def test_is_told_by_the_version(
        self, signed: SignedStick, archive: bytes, running: str, older: bool
    ) -> None:
        signed.run_release(running)
        assert signed.device.offered(io.BytesIO(archive)).older is older

    def test_and_of_the_same_version_by_when_it_was_signed(self, signed: SignedStick, archive: bytes) -> None:
        running = "0.2.0-000000000000"
        signed.run_release(running)
        manifest = read_manifest(read_head(io.BytesIO(archive)))
        kept = signed.device.application / "releases" / running / "manifest"
        for later_s, older in ((-5, False), (5, True)):
            text = Manifest(running, manifest.made_utc_s + later_s, False, ()).text()
            kept.write_text(text, "ascii")
            assert signed.device.offered(io.BytesIO(archive)).older is older

    def test_a_manifest_that_a_power_cut_spoilt_locks_nobody_out(
        self, signed: SignedStick, archive: bytes
    ) -> None:
        running = "0.2.0-111111111111"
        signed.run_release(running)
        (signed.device.application / "releases" / running / "manifest").write_bytes(b"\0" * 500)
        assert not signed.device.offered(io.BytesIO(archive)).older

    @pytest.mark.parametrize(
        "versions",
        [
            ["0.9", "0.10", "0.10.1", "1.0a2", "1.0b1", "1.0rc1", "1.0", "1.0.post1", "1.0.1"],
            ["1.0.dev1", "1.0a1.dev1", "1.0a1", "1.0", "1.0.post1.dev2", "1.0.post1", "2"],
        ],
    )
    def test_versions_stand_in_the_order_of_python_packages(self, versions: list[str]) -> None:
        assert sorted(versions, key=Version) == versions
        keys = [version_key(f"{version}-3f9a1c07d2b4") for version in versions]
        assert keys == sorted(keys)
        assert len(set(keys)) == len(keys)
        assert version_key("1.0-3f9a1c07d2b4") == version_key("1.0.0-3f9a1c07d2b4")


class TestWhatASignerMayNotDo:
    """A key in the wrong hands, or a slip: names that lead out, and sizes that fill the disk."""

    @pytest.mark.parametrize(
        "path",
        [
            "../etc/passwd",
            "/etc/passwd",
            "a/../../b",
            "a//b",
            "a/",
            ".hidden",
            "a/.b",
            "manifest",
            SIGNATURE,
            "",
            "a\tb",
        ],
    )
    def test_no_path_leads_out_of_the_folder(self, path: str) -> None:
        assert not is_plain_path(path)

    @pytest.mark.parametrize(
        ("line", "words"),
        [
            (f"{'0' * 64} 5 - ../x", "cannot be read"),
            (f"{'0' * 64} 99999999999 - x", "at most"),
            (f"{'0' * 64} 05 - x", "cannot be read"),
            (f"{'0' * 64} 5 - a\n{'0' * 64} 5 - a", "cannot be read"),
            (f"{'0' * 63}G 5 - a", "cannot be read"),
        ],
    )
    def test_a_manifest_that_says_so_is_refused(
        self, signed: SignedStick, tmp_path: Path, line: str, words: str
    ) -> None:
        text = Manifest(RELEASE, 5, False, ()).text() + line + "\n"
        assert words in refusal(signed.device, self.archive_of(signed, tmp_path, text))

    @staticmethod
    def archive_of(signed: SignedStick, folder: Path, text: str) -> bytes:
        """Return an archive with this manifest, rightly signed."""

        class AsItIs(Manifest):
            def text(self) -> str:
                return text

        out = io.BytesIO()
        write_archive(folder, AsItIs(RELEASE, 5, False, ()), signed.key, out)
        return out.getvalue()

    def test_a_disk_without_room_is_told_before_anything_is_written(
        self, signed: SignedStick, archive: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("signed_release.SPARE_BYTES", 1 << 60)
        assert "free some space" in refusal(signed.device, archive)

    def test_links_are_nothing_that_can_be_written_in_an_archive(
        self, signed: SignedStick, archive: bytes
    ) -> None:
        name = "release/kiosk/big.py"
        size = (signed.folder / "bundle" / name).stat().st_size
        header = _header(File(name, size, False, ""))
        assert archive.count(header) == 1
        for kind in (
            tarfile.SYMTYPE,
            tarfile.LNKTYPE,
            tarfile.CHRTYPE,
            tarfile.FIFOTYPE,
            tarfile.GNUTYPE_SPARSE,
        ):
            link = tarfile.TarInfo(name)
            link.type, link.linkname, link.size = kind, "/etc/passwd", size
            changed = archive.replace(header, link.tobuf(tarfile.USTAR_FORMAT)[:BLOCK])
            assert "not where it was signed" in refusal(signed.device, changed)
        setuid = tarfile.TarInfo(name)
        setuid.size, setuid.mode = size, 0o4755
        assert refusal(signed.device, archive.replace(header, setuid.tobuf(tarfile.USTAR_FORMAT)))


def test_more_than_one_key_may_be_known(signed: SignedStick, archive: bytes, tmp_path: Path) -> None:
    other = make_key(tmp_path, "ben@workshop")
    both = Device(signed.device.application, tmp_path, tmp_path / "signers")
    both.signers.write_text(signer_line(signed.key) + signer_line(other), "ascii")
    assert both.offered(io.BytesIO(archive)).signer.name == "anna@museum"
    content = signed.put(RELEASE, tmp_path, key=other).read_bytes()
    assert both.offered(io.BytesIO(content)).signer.name == "ben@workshop"
    both.signers.write_text(signer_line(other), "ascii")
    assert "does not know" in refusal(both, archive)


def test_a_name_that_no_release_may_have_is_told_before_it_is_signed(tmp_path: Path) -> None:
    (tmp_path / "a\nb").write_text("", "ascii")
    with pytest.raises(Refused, match="rename it"):
        manifest_of(tmp_path, RELEASE, 5, older=False)
