"""A dataset as a zip file: the same bytes for the same dataset, the same dataset back, and nothing else let in."""

import io
import json
import os
import stat
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from kiosk.store import archive
from kiosk.store.archive import archive_bytes, read_archive
from kiosk.store.exhibit_dataset import DatasetError, DatasetLabel
from kiosk.vision.picture import png_bytes
from tests.unit.kept_datasets import facts, noisy_picture, plain_picture, taught

Entries = dict[str, bytes]
FIRST_PICTURE = "1-red-cup/0001.png"
INPUTS = Path(__file__).resolve().parents[3] / "shared" / "inputs" / "archives"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "carried.zip"


def entries() -> Entries:
    """Return the entries of a good archive."""
    with zipfile.ZipFile(io.BytesIO(archive_bytes(taught()))) as good:
        return {entry.filename: good.read(entry) for entry in good.infolist()}


def zipped(content: Entries, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, data in content.items():
            made.writestr(name, data)
    return out.getvalue()


def inside(folder: str, content: Entries, slash: str = "/") -> Entries:
    """Return entries as they are named in an outer folder."""
    return {f"{folder}{slash}{name.replace('/', slash)}": data for name, data in content.items()}


def with_side_files(content: Entries) -> Entries:
    """Return entries with what a Mac and Windows leave beside them."""
    beside = {f"__MACOSX/{folder}._{file}": b"\0\5\x16\7" for folder, file in map(split, content)}
    of_system = {f"{folder}{name}": b"x" for folder in ("", "1-red-cup/") for name in SIDE_FILES}
    return beside | of_system | content


def split(name: str) -> tuple[str, str]:
    folder, slash, file = name.rpartition("/")
    return folder + slash, file


SIDE_FILES = (".DS_Store", "._.DS_Store", "Thumbs.db", "desktop.ini", "Icon\r")
PACKED_AGAIN: dict[str, Callable[[Entries], Entries]] = {
    "by Finder": with_side_files,
    "by Finder, its folder": lambda content: inside("shapes", content) | with_side_files({}),
    "by Finder, its folder and its entry": lambda content: {"shapes/": b"", **inside("shapes", content)},
    "its folder, named in words": lambda content: inside("Großes Käsebrot ☕", content),
    "with side files in the folder": lambda content: inside("shapes", with_side_files(content)),
    "with backslashes": lambda content: {name.replace("/", "\\"): data for name, data in content.items()},
    "with backslashes, its folder": lambda content: inside("shapes", content, "\\"),
    "from here on": lambda content: {f"./{name}": data for name, data in content.items()},
}


class TestWriting:
    def test_gives_the_same_bytes_for_the_same_dataset(self) -> None:
        assert archive_bytes(taught()) == archive_bytes(taught())

    def test_names_folders_after_their_labels(self) -> None:
        assert list(entries())[:6] == [
            "manifest.json",
            "1-red-cup/0001.png",
            "1-red-cup/0002.png",
            "1-red-cup/0003.png",
            "1-red-cup/0004.png",
            "2-kuche-1/0001.png",
        ]
        assert "3/0004.png" in entries()

    def test_tells_nothing_of_when_and_by_whom_it_was_written(self) -> None:
        with zipfile.ZipFile(io.BytesIO(archive_bytes(taught()))) as made:
            assert {(e.date_time, e.external_attr >> 16, e.extra, e.comment) for e in made.infolist()} == {
                ((1980, 1, 1, 0, 0, 0), stat.S_IFREG | 0o644, b"", b"")
            }

    def test_is_read_by_people_too(self) -> None:
        manifest = json.loads(entries()["manifest.json"])
        assert manifest["name"] == "shapes"
        assert manifest["created_utc"] == "2026-07-27T10:15:00Z"
        assert manifest["labels"][0] == {
            "name": "red cup",
            "icon": "icon-0",
            "folder": "1-red-cup",
            "bursts": [0, 1, 2, 3],
        }
        assert manifest["embeddings"] == {"backbone": "ab" * 32, "channels": 16}
        picture = Image.open(io.BytesIO(entries()[FIRST_PICTURE]))
        np.testing.assert_array_equal(np.asarray(picture), plain_picture(0))


class TestReading:
    @pytest.mark.parametrize("embedded", [True, False])
    def test_gives_the_dataset_back_but_for_its_head(self, file: Path, embedded: bool) -> None:
        dataset = taught(embedded=embedded)
        file.write_bytes(archive_bytes(dataset))
        expected = facts(replace(dataset, head=None), by_label=True)
        assert facts(read_archive(file)) == expected

    def test_and_writing_again_gives_the_same_bytes(self, file: Path) -> None:
        file.write_bytes(archive_bytes(taught(noisy=True)))
        assert archive_bytes(read_archive(file)) == file.read_bytes()

    @pytest.mark.parametrize("labels", [2, 8])
    def test_takes_the_most_and_the_least_a_dataset_may_have(self, file: Path, labels: int) -> None:
        each = 200 if labels == 8 else 1
        few = taught(labels=labels, each=1)
        dataset = replace(few, examples=tuple(few.examples[at % labels] for at in range(labels * each)))
        file.write_bytes(archive_bytes(dataset))
        assert read_archive(file).counts() == (each,) * labels

    def test_takes_what_was_unpacked_and_packed_again(self, file: Path) -> None:
        """With an ordinary tool: compressed, in another order, with entries for the folders."""
        content = dict(sorted(entries().items()))
        folders = {f"{name.split('/')[0]}/": b"" for name in content if "/" in name}
        file.write_bytes(zipped(folders | content))
        assert facts(read_archive(file)) == facts(replace(taught(), head=None), by_label=True)

    @pytest.mark.parametrize("packed", PACKED_AGAIN)
    def test_takes_what_a_persons_computer_made_of_it(self, file: Path, packed: str) -> None:
        file.write_bytes(zipped(PACKED_AGAIN[packed](entries())))
        assert facts(read_archive(file)) == facts(replace(taught(), head=None), by_label=True)

    @pytest.mark.parametrize(
        ("packed", "refusal"),
        [
            (lambda content: inside("one", inside("two", content)), "manifest.json is missing"),
            (lambda content: inside("one", content) | {"two/x.png": b""}, "manifest.json is missing"),
            (lambda content: content | {"__MACOSX/../../x": b"", "x": b""}, "'x' does not belong"),
        ],
        ids=["two outer folders", "a second folder", "a stranger beside a side file"],
    )
    def test_takes_nothing_more(self, file: Path, packed: Callable[[Entries], Entries], refusal: str) -> None:
        file.write_bytes(zipped(packed(entries())))
        with pytest.raises(DatasetError, match=refusal):
            read_archive(file)

    @pytest.mark.parametrize("name", ["macosx.zip", "topfolder.zip"])
    def test_takes_those_that_were_handed_in(self, name: str) -> None:
        file = INPUTS / name
        if not file.exists():
            pytest.skip(f"{file} is not on this machine")
        dataset = read_archive(file)
        assert ([label.name for label in dataset.labels], dataset.counts()) == (["cat", "dog"], (3, 3))

    def test_keeps_pixels_and_nothing_else_of_a_picture(self, file: Path) -> None:
        """A camera's serial number, a place, a text: none of it comes in."""
        info, out = PngInfo(), io.BytesIO()
        info.add_text("Comment", "taken at home")
        Image.fromarray(noisy_picture(1)).save(out, "PNG", pnginfo=info)
        behind = png_bytes(noisy_picture(2)) + b"something behind the end"
        changed = entries() | {FIRST_PICTURE: out.getvalue(), "1-red-cup/0002.png": behind}
        file.write_bytes(zipped(changed))
        first, second, *_ = read_archive(file).examples
        assert first.png == png_bytes(noisy_picture(1))
        assert second.png == png_bytes(noisy_picture(2))


# ---- what is refused


def with_entry(name: str, data: bytes = b"x") -> bytes:
    return zipped(entries() | {name: data})


def with_manifest(change: Callable[[dict[str, Any]], object]) -> bytes:
    content = entries()
    manifest = json.loads(content["manifest.json"])
    change(manifest)
    return zipped(content | {"manifest.json": json.dumps(manifest).encode()})


def without(name: str) -> bytes:
    content = entries()
    del content[name]
    return zipped(content)


def doubled(name: str, again: str) -> bytes:
    out = io.BytesIO(archive_bytes(taught()))
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(out, "a") as made:
        made.writestr(again, entries()[name])
    return out.getvalue()


def with_link() -> bytes:
    out = io.BytesIO(zipped({name: data for name, data in entries().items() if name != FIRST_PICTURE}))
    link = zipfile.ZipInfo(FIRST_PICTURE)
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(out, "a") as made:
        made.writestr(link, "/etc/passwd")
    return out.getvalue()


def patched(content: bytes, name: str, local: int, central: int, value: bytes) -> bytes:
    """Return an archive with bytes written over an entry's two headers, at offsets within them."""
    raw = bytearray(content)
    for mark, name_at, at in ((b"PK\3\4", 30, local), (b"PK\1\2", 46, central)):
        start = 0
        while True:
            start = raw.index(mark, start)
            if raw[start + name_at : start + name_at + len(name)] == name.encode():
                break
            start += 4
        raw[start + at : start + at + len(value)] = value
    return bytes(raw)


def picture_file(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def sixteen_bits() -> bytes:
    """Return a real PNG of 16-bit RGB, which Pillow cannot write."""
    good = png_bytes(plain_picture(0))
    header = bytearray(good[12:29])
    header[12] = 16
    rows = b"".join(b"\0" + bytes(224 * 6) for _ in range(224))
    pixels = zlib.compress(rows)
    chunk = (
        struct.pack(">L", len(pixels)) + b"IDAT" + pixels + struct.pack(">L", zlib.crc32(b"IDAT" + pixels))
    )
    return good[:12] + bytes(header) + struct.pack(">L", zlib.crc32(bytes(header))) + chunk + good[-12:]


def overlapping() -> bytes:
    """Return an archive whose every entry is one and the same compressed stretch (Fifield's bomb)."""
    names = [FIRST_PICTURE, *(f"1-red-cup/{number:04}.png" for number in range(2, 5))]
    content = zipped(entries() | {FIRST_PICTURE: bytes(150_000)})
    raw = bytearray(content)
    offsets = {}
    at = raw.index(b"PK\1\2")
    while raw[at : at + 4] == b"PK\1\2":
        lengths = struct.unpack_from("<3H", raw, at + 28)
        name = raw[at + 46 : at + 46 + lengths[0]].decode()
        offsets[name] = at
        at += 46 + sum(lengths)
    first = offsets[FIRST_PICTURE]
    for name in names[1:]:
        raw[offsets[name] + 16 : offsets[name] + 28] = raw[first + 16 : first + 28]
        raw[offsets[name] + 42 : offsets[name] + 46] = raw[first + 42 : first + 46]
    return bytes(raw)


def with_end(**fields: int) -> bytes:
    """Return an archive whose last record says something else."""
    content = bytearray(archive_bytes(taught()))
    at = len(content) - 22
    if "entries" in fields:
        struct.pack_into("<H", content, at + 10, fields["entries"])
    if "directory" in fields:
        struct.pack_into("<L", content, at + 12, fields["directory"])
    return bytes(content)


def with_zip64_end() -> bytes:
    content = archive_bytes(taught())
    return content[:-22] + struct.pack("<4sLQL", b"PK\6\7", 0, 0, 1) + content[-22:]


def with_comment() -> bytes:
    out = io.BytesIO(archive_bytes(taught()))
    with zipfile.ZipFile(out, "a") as made:
        made.comment = b"hello"
    return out.getvalue()


NOISE = Image.fromarray(noisy_picture(0))
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    # the file
    "empty": (lambda: b"", "is no zip file"),
    "text": (lambda: b"no zip file at all, but a line of text", "is no zip file"),
    "cut off": (lambda: archive_bytes(taught())[:-100], "cut off"),
    "beheaded": (lambda: archive_bytes(taught())[300:], "damaged|missing"),
    "with a comment": (with_comment, "has a comment"),
    "of more entries than it may have": (lambda: with_end(entries=60000), "more than 3236 entries"),
    "with a long directory": (lambda: with_end(directory=2**31), "more than 3236 entries"),
    "with a directory for more": (with_zip64_end, "more than 3236 entries"),
    "with really many entries": (
        lambda: zipped(entries() | {str(number): b"" for number in range(4000)}),
        "more than 3236 entries",
    ),
    # its entries
    "a path upwards": (
        lambda: with_entry("../../etc/passwd"),
        r"entry '\.\./\.\./etc/passwd' does not belong",
    ),
    "an absolute path": (lambda: with_entry("/etc/passwd"), "entry '/etc/passwd' does not belong"),
    "a path of Windows": (lambda: with_entry("..\\..\\x.png"), "does not belong"),
    "a drive": (lambda: with_entry("C:/x.png"), "does not belong"),
    "a roundabout path": (lambda: with_entry(f"3/../{FIRST_PICTURE}"), "does not belong"),
    "a name with an end in it": (
        lambda: patched(with_entry("manifest.json_x"), "manifest.json_x", 43, 59, b"\0"),
        "does not belong|damaged",
    ),
    "a name of no letters": (lambda: with_entry("\x1b[31m\n"), r"entry '\\x1b\[31m\\n' does not belong"),
    "a link": (with_link, f"entry '{FIRST_PICTURE}' is a link"),
    "an entry twice": (lambda: doubled(FIRST_PICTURE, FIRST_PICTURE), "is there twice"),
    "names of another case": (lambda: doubled("manifest.json", "Manifest.JSON"), "is there twice"),
    "a stranger": (lambda: with_entry("notes.txt"), "entry 'notes.txt' does not belong"),
    "an archive within": (
        lambda: with_entry("more.zip", archive_bytes(taught())),
        "'more.zip' does not belong",
    ),
    "an archive as a picture": (
        lambda: with_entry(FIRST_PICTURE, archive_bytes(taught(each=1))),
        f"{FIRST_PICTURE} is no PNG file",
    ),
    "an encrypted entry": (
        lambda: patched(archive_bytes(taught()), FIRST_PICTURE, 6, 8, b"\1\0"),
        "is encrypted; export it without a password",
    ),
    "an unusual compression": (lambda: zipped(entries(), zipfile.ZIP_LZMA), "compressed in an unusual way"),
    "a damaged picture": (
        lambda: patched(archive_bytes(taught()), FIRST_PICTURE, 14, 16, b"\0\0\0\0"),
        "Bad CRC-32",
    ),
    # its manifest
    "no manifest": (lambda: without("manifest.json"), "manifest.json is missing"),
    "a manifest of another kind": (
        lambda: with_entry("manifest.json", b"[]"),
        "manifest.json is not an exhibit",
    ),
    "a manifest that is no text": (
        lambda: with_entry("manifest.json", b'{"name": "\xff"}'),
        "manifest.json is not",
    ),
    "a deep manifest": (lambda: with_entry("manifest.json", b"[" * 100_000), "manifest.json is not"),
    "a later version": (lambda: with_manifest(lambda m: m.update(version=2)), "version"),
    "an unknown key": (lambda: with_manifest(lambda m: m.update(more=1)), "more"),
    "other pictures": (lambda: with_manifest(lambda m: m.update(picture_side=320)), "picture_side"),
    "a time without a zone": (
        lambda: with_manifest(lambda m: m.update(created_utc="2026-07-27T10:00:00")),
        "timezone",
    ),
    "one label": (lambda: with_manifest(lambda m: m["labels"].__delitem__(slice(1, 3))), "has 1 labels"),
    "nine labels": (lambda: with_manifest(lambda m: m.update(labels=m["labels"] * 3)), "has 9 labels"),
    "201 examples": (
        lambda: with_manifest(lambda m: m["labels"][0].update(bursts=[0] * 201)),
        "label red cup has 201 examples",
    ),
    "a label without examples": (
        lambda: with_manifest(lambda m: m["labels"][0].update(bursts=[])),
        "has 0 examples",
    ),
    "an icon of many letters": (
        lambda: with_manifest(lambda m: m["labels"][0].update(icon="x" * 65)),
        "1 to 64",
    ),
    "a folder upwards": (lambda: with_manifest(lambda m: m["labels"][0].update(folder="..")), "folder"),
    "one folder for two": (
        lambda: with_manifest(lambda m: m["labels"][1].update(folder="1-red-cup")),
        "same folder",
    ),
    "a burst below 0": (lambda: with_manifest(lambda m: m["labels"][0].update(bursts=[-1] * 4)), "bursts"),
    # its pictures
    "a picture missing": (lambda: without("3/0002.png"), "3/0002.png is missing"),
    "a picture too many": (lambda: with_entry("3/0005.png"), "'3/0005.png' does not belong"),
    "a JPEG": (
        lambda: with_entry(FIRST_PICTURE, picture_file(NOISE, "JPEG")),
        f"{FIRST_PICTURE} is no PNG file",
    ),
    "a small picture": (
        lambda: with_entry(FIRST_PICTURE, picture_file(NOISE.resize((100, 224)))),
        "is 100 x 224 pixels, not 224 x 224",
    ),
    "a giant by its header": (
        lambda: with_entry(FIRST_PICTURE, png_bytes(plain_picture(0))[:16] + b"\0\xff\xff\xff" * 2),
        "no PNG|damaged|far larger",
    ),
    "a grey picture": (lambda: with_entry(FIRST_PICTURE, picture_file(NOISE.convert("L"))), "8-bit RGB"),
    "a picture with alpha": (
        lambda: with_entry(FIRST_PICTURE, picture_file(Image.new("RGBA", (224, 224)))),
        "8-bit RGB",
    ),
    "a palette": (lambda: with_entry(FIRST_PICTURE, picture_file(NOISE.convert("P"))), "8-bit RGB"),
    "16 bits": (lambda: with_entry(FIRST_PICTURE, sixteen_bits()), "8-bit RGB"),
    "an animation": (
        lambda: with_entry(
            FIRST_PICTURE,
            picture_file(
                Image.fromarray(plain_picture(0)),
                save_all=True,
                append_images=[Image.fromarray(plain_picture(1))],
            ),
        ),
        "one picture",
    ),
    "a picture cut off": (
        lambda: with_entry(FIRST_PICTURE, png_bytes(noisy_picture(0))[:9000]),
        "damaged or cut off",
    ),
    "a fat picture": (
        lambda: with_entry(FIRST_PICTURE, png_bytes(noisy_picture(0)) + bytes(20_000)),
        "has more than 160 kB",
    ),
    # its embeddings
    "no embeddings": (lambda: without("embeddings.f32"), "embeddings.f32 is missing"),
    "too few embeddings": (
        lambda: with_entry("embeddings.f32", bytes(64)),
        "64 bytes where the manifest says 768",
    ),
    "too many embeddings": (lambda: with_entry("embeddings.f32", bytes(769)), "has more than 0 kB"),
    "undefined embeddings": (lambda: with_entry("embeddings.f32", b"\xff" * 768), "undefined"),
    "embeddings of no digest": (
        lambda: with_manifest(lambda m: m["embeddings"].update(backbone="lite0")),
        "backbone",
    ),
    "long embeddings": (lambda: with_manifest(lambda m: m["embeddings"].update(channels=10**9)), "channels"),
    # bombs
    "a manifest that is a bomb": (
        lambda: with_entry("manifest.json", b" " * 10**8),
        "manifest.json has more than",
    ),
    "a picture that is a bomb": (lambda: with_entry(FIRST_PICTURE, bytes(10**8)), "has more than 160 kB"),
    "a bomb whose headers lie": (
        lambda: patched(with_entry(FIRST_PICTURE, bytes(10**8)), FIRST_PICTURE, 22, 24, b"\x10\0\0\0"),
        "damaged|no PNG",
    ),
    "entries on top of each other": (overlapping, "damaged|no PNG|Overlapped"),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_is_refused_in_one_line(file: Path, case: str) -> None:
    make, words = REFUSED[case]
    file.write_bytes(make())
    with pytest.raises(DatasetError, match=words) as caught:
        read_archive(file)
    message = str(caught.value)
    assert message.startswith(f"{file}: ")
    assert message.isprintable()


def test_what_unpacks_to_many_times_its_size_is_refused_while_it_is_read(file: Path) -> None:
    """Each picture within its limit, all of them together far beyond the file's own size."""
    content = entries()
    blank = picture_file(Image.new("RGB", (224, 224)), compress_level=0)
    pictures = [name for name in content if name.endswith(".png")]
    file.write_bytes(zipped(content | dict.fromkeys(pictures[:2], blank)))
    read_archive(file)
    file.write_bytes(zipped(content | dict.fromkeys(pictures, blank)))
    with pytest.raises(DatasetError, match="unpacks to far more than its own size; it may be a zip bomb"):
        read_archive(file)


def test_a_file_that_is_too_large_is_not_even_opened_as_a_zip_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with file.open("wb") as sparse:
        sparse.truncate(archive.LIMITS.bytes + 1)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(DatasetError, match=r"has more than \d+ MB"):
        read_archive(file)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name, words in (("pipe", "no zip file"), ("folder", "no zip file"), ("nowhere", "no such file")):
        with pytest.raises(DatasetError, match=words):
            read_archive(tmp_path / name)
    with pytest.raises(DatasetError, match="no zip file"):
        read_archive(Path("/dev/zero"))


def tiny() -> bytes:
    dataset = replace(taught(labels=2, each=1), labels=(DatasetLabel("a", ""), DatasetLabel("b", "")))
    return archive_bytes(dataset)


@given(changes=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=6))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_damaged_it_is_read_whole_or_refused(
    tmp_path: Path, changes: list[tuple[int, int]]
) -> None:
    content = bytearray(tiny())
    for at, value in changes:
        content[at % len(content)] = value
    (tmp_path / "damaged.zip").write_bytes(content)
    try:
        read = len(read_archive(tmp_path / "damaged.zip").examples)
    except DatasetError:
        read = 2
    assert read == 2


@given(cut=st.integers(0, 10**6))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_wherever_it_was_cut_off_it_is_refused(tmp_path: Path, cut: int) -> None:
    content = tiny()
    (tmp_path / "cut.zip").write_bytes(content[: cut % len(content)])
    with pytest.raises(DatasetError):
        read_archive(tmp_path / "cut.zip")


@pytest.fixture(autouse=True)
def nothing_is_unpacked_to_the_disk(tmp_path: Path) -> Iterator[None]:
    yield
    left = {path.name for path in tmp_path.iterdir()}
    assert left <= {"carried.zip", "damaged.zip", "cut.zip", "pipe", "folder"}
