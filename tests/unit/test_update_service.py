"""What the system does for the exhibit, which somebody may have taken: the PIN, and updates from sticks."""

import io
import json
import os
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from root_pin import PIN_FILE, RootPin
from signed_release import BLOCK, read_head
from update_service import UpdateService

from tests.figures.figure import told
from tests.unit.signed_stick import SignedStick, make_key

PIN = "804159"
RELEASE, NEXT = "0.9.0-3f9a1c07d2b4", "0.10.0-a1b2c3d4e5f6"
Ask = Callable[..., dict[str, object]]


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "media" / "sda1"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def served(tmp_path: Path, stick: Path) -> SignedStick:
    """A device with a PIN, on which a release runs."""
    made = SignedStick.made(tmp_path / "device", stick.parent)
    made.run_release(RELEASE)
    RootPin(made.device.private).choose(PIN)
    return made


@pytest.fixture
def ask(served: SignedStick) -> Ask:
    """Ask the service as the exhibit does."""
    service = UpdateService(served.device, served.sticks)

    def answer(what: str, **fields: object) -> dict[str, object]:
        return service.answer({"ask": what, **fields})

    return answer


def until_told(ask: Ask) -> tuple[str, str]:
    """Return stage and line once nothing is under way any more."""
    due_s = time.monotonic() + 20
    while (told := ask("look"))["stage"] == "running":
        assert time.monotonic() < due_s
        time.sleep(0.02)
    return str(told["stage"]), str(told["line"])


class TestStick:
    def test_the_newest_is_shown_with_its_signer_and_its_age(
        self, served: SignedStick, stick: Path, ask: Ask
    ) -> None:
        served.put("0.9.1-3f9a1c07d2b4", stick)
        served.put(NEXT, stick, made_utc_s=int(time.time()) - 3 * 86400 - 60)
        shown = ask("look")
        assert (shown["release"], shown["signer"], shown["age_days"]) == (NEXT, "anna@museum", 3)
        assert (shown["older"], shown["running"]) == (False, RELEASE)
        assert str(shown["fingerprint"]).startswith("SHA256:")

    def test_it_is_installed_from_a_verified_copy(self, served: SignedStick, stick: Path, ask: Ask) -> None:
        served.put(NEXT, stick)
        answer = ask("install", pin=PIN, seen=ask("look")["seen"], older=False)
        assert answer["right"] is True
        assert until_told(ask) == ("done", f"Release {NEXT} runs.")
        (words,) = served.installed()
        assert words.startswith(f"install {NEXT} --from {served.device.private}/staged-")
        assert words.endswith(" --offline")
        assert list(served.device.private.glob("staged-*")) == []

    def test_why_it_did_not_go_is_told(self, served: SignedStick, stick: Path, ask: Ask) -> None:
        served.put(NEXT, stick, body="echo first; echo 'device: 120 MB are free' >&2; exit 1")
        ask("install", pin=PIN, seen=ask("look")["seen"], older=False)
        assert until_told(ask) == ("failed", "120 MB are free")

    def test_a_renamed_one_is_refused(
        self, served: SignedStick, stick: Path, ask: Ask, capfd: pytest.CaptureFixture[str]
    ) -> None:
        served.put(RELEASE, stick, name=NEXT)
        assert "renamed" in str(ask("look")["refused"])
        ask("look")
        assert capfd.readouterr().err.count("renamed") == 1, "in the journal, once"

    def test_an_unknown_key_is_refused(self, served: SignedStick, stick: Path, ask: Ask) -> None:
        served.put(NEXT, stick, key=make_key(stick.parent.parent))
        assert "does not know: SHA256:" in str(ask("look")["refused"])

    def test_an_older_one_only_if_staff_insist(self, served: SignedStick, stick: Path, ask: Ask) -> None:
        served.run_release(NEXT)
        served.put(RELEASE, stick)
        shown = ask("look")
        assert shown["older"] is True
        assert "is older than" in str(ask("install", pin=PIN, seen=shown["seen"], older=False)["fault"])
        assert served.installed() == []
        ask("install", pin=PIN, seen=shown["seen"], older=True)
        assert until_told(ask)[0] == "done"

    def test_one_swapped_after_it_was_shown_is_refused(
        self, served: SignedStick, stick: Path, ask: Ask
    ) -> None:
        served.put(NEXT, stick, made_utc_s=1000)
        seen = ask("look")["seen"]
        served.put(NEXT, stick, made_utc_s=2000)  # signed as well, but another one
        refused = ask("install", pin=PIN, seen=seen, older=False)
        assert "not hold any more what was shown" in str(refused["fault"])
        assert until_told(ask) == ("failed", refused["fault"])
        assert served.installed() == []

    def test_one_swapped_once_it_was_verified_changes_nothing(
        self, served: SignedStick, stick: Path, ask: Ask
    ) -> None:
        go = served.folder / "go"
        place = served.put(
            NEXT, stick, body=f"until [ -e {go} ]; do sleep 0.02; done; cat $4/release/kiosk/big.py"
        )
        ask("install", pin=PIN, seen=ask("look")["seen"], older=False)
        while not served.installed():
            time.sleep(0.02)
        with place.open("r+b") as file:
            file.write(b"#" * place.stat().st_size)
        go.touch()
        assert until_told(ask)[0] == "done"

    def test_one_that_changes_while_it_is_read_is_refused(
        self, served: SignedStick, stick: Path, ask: Ask
    ) -> None:
        place = served.put(NEXT, stick)
        seen = ask("look")["seen"]
        content = bytearray(place.read_bytes())
        content[content.rindex(b"xxxx")] ^= 1
        place.write_bytes(content)
        ask("install", pin=PIN, seen=seen, older=False)
        stage, line = until_told(ask)
        assert (stage, "big.py is not what was signed" in line) == ("failed", True)
        assert served.installed() == []

    def test_without_the_pin_nothing_is_installed(self, served: SignedStick, stick: Path, ask: Ask) -> None:
        served.put(NEXT, stick)
        seen = ask("look")["seen"]
        for pin in ("", "1111"):
            assert ask("install", pin=pin, seen=seen, older=False)["right"] is False
        assert served.installed() == []

    @pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
    def test_what_is_no_file_is_never_opened(
        self, served: SignedStick, stick: Path, ask: Ask, kind: str
    ) -> None:
        there = stick / f"kiosk-update-{NEXT}.tar"
        if kind == "link":
            there.symlink_to(served.put(NEXT, served.folder))
        elif kind == "pipe":
            os.mkfifo(there)
        else:
            there.mkdir()
        shown = ask("look")
        assert "release" not in shown
        assert "cannot be read" in str(shown["refused"])

    def test_a_pulled_plug_leaves_it_told_as_interrupted(self, served: SignedStick, ask: Ask) -> None:
        told = served.device.private / "update-told.json"
        told.write_text(json.dumps({"stage": "running", "line": "…"}), "utf-8")
        assert "interrupted" in until_told(ask)[1]
        told.write_text("{broken", "utf-8")
        assert until_told(ask) == ("none", "")


def damaged(archive: bytes, kind: str) -> bytes:
    """Return an archive that somebody did something to."""
    content = bytearray(archive)
    head = read_head(io.BytesIO(archive))
    signature = archive.index(head.signature)
    match kind:
        case "no key":  # neither signature nor its header
            del content[signature - BLOCK : signature + len(head.signature) + -len(head.signature) % BLOCK]
        case "flipped bit in a file":
            content[content.rindex(b"xxxx")] ^= 1
        case "flipped bit in the manifest":
            content[content.index(b"release/kiosk/big.py")] ^= 1
        case "flipped bit in the signature":
            content[signature + 100] ^= 1
        case "truncated":
            del content[-3000:]
    return bytes(content)


def test_each_kind_is_refused_with_a_line_of_its_own(
    served: SignedStick, stick: Path, ask: Ask, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    place = served.put(NEXT, stick)
    sound, seen = place.read_bytes(), ask("look")["seen"]

    def refused() -> str:
        """Return the line that staff read, where they look or once they pressed."""
        line = ask("look").get("refused")
        if not line:
            ask("install", pin=PIN, seen=seen, older=False)
            stage, line = until_told(ask)
            assert stage == "failed"
        assert str(line) in capfd.readouterr().err, "the journal has it too"
        return str(line)

    lines = {}
    for kind in (
        "no key", "flipped bit in a file", "flipped bit in the manifest", "flipped bit in the signature", "truncated",
    ):  # fmt: skip
        place.write_bytes(damaged(sound, kind))
        lines[kind] = refused()
    served.put(NEXT, stick, key=make_key(tmp_path, "eve@street"))
    lines["wrong key"] = refused()
    served.put(NEXT, stick, made_utc_s=5)
    lines["swapped after it was shown"] = refused()
    place.unlink()
    place = served.put("0.9.1-3f9a1c07d2b4", stick, name=NEXT)
    lines["renamed"] = refused()
    place.unlink()
    served.put("0.8.0-3f9a1c07d2b4", stick)
    seen = ask("look")["seen"]
    lines["older"] = refused()
    assert served.installed() == []
    for kind, line in lines.items():
        told(f"{kind}: refused with", line)
    damage = {lines.pop(f"flipped bit in the {what}") for what in ("manifest", "signature")}
    assert len({*lines.values()} - damage) == len(lines), "only these two may be told by one line"


class TestPin:
    def test_nobody_but_root_can_read_it(self, served: SignedStick) -> None:
        assert served.device.private.stat().st_mode & 0o777 == 0o700
        assert (served.device.private / PIN_FILE).stat().st_mode & 0o777 == 0o600

    def test_it_changes_with_the_present_one_alone(self, ask: Ask) -> None:
        assert "present PIN" in str(ask("choose", pin="20406", old="1111")["fault"])
        assert "present PIN" in str(ask("choose", pin="20406")["fault"])
        assert ask("choose", pin="20406", old=PIN)["fault"] == ""
        assert ask("try", pin="20406")["right"] is True

    def test_none_takes_the_place_of_the_one_there_is(self, served: SignedStick, ask: Ask) -> None:
        record = json.loads((served.device.private / PIN_FILE).read_text("utf-8"))
        assert ask("adopt", record=record)["fault"] != ""

    def test_guesses_are_counted_over_all_that_can_be_asked_and_after_a_restart(
        self, served: SignedStick, ask: Ask
    ) -> None:
        ask("try", pin="1")
        ask("choose", pin="20406", old="1")
        ask("install", pin="1", seen="", older=False)
        assert 5 < float(str(ask("pin")["wait_s"])) <= 10
        assert ask("try", pin=PIN)["right"] is False, "not even the right one meanwhile"
        again = UpdateService(served.device, served.sticks)
        assert again.answer({"ask": "try", "pin": PIN})["right"] is False

    @pytest.mark.parametrize(
        "text", ["", "{", "[]", '{"salt": 1}', '{"salt": "00", "hash": "00"}', "[" * 5000]
    )
    def test_a_damaged_file_lets_nobody_in_and_nobody_choose(self, served: SignedStick, text: str) -> None:
        (served.device.private / PIN_FILE).write_text(text, "ascii")
        service = UpdateService(served.device, served.sticks)
        assert service.answer({"ask": "pin"})["chosen"] is True
        assert "forget-pin" in str(service.answer({"ask": "pin"})["fault"])
        assert service.answer({"ask": "try", "pin": PIN})["right"] is False
        assert service.answer({"ask": "choose", "pin": PIN, "old": PIN})["fault"]

    @pytest.mark.parametrize("pin", ["123", "123456789", "12a4", "١٢٣٤", ""])
    def test_what_is_no_pin_is_not_kept(self, ask: Ask, pin: str) -> None:
        assert "4 to 8 digits" in str(ask("choose", pin=pin, old=PIN)["fault"])


@pytest.mark.parametrize(
    "sent",
    [b"", b"\n", b"{", b"[]\n", b"null\n", b'{"ask": 5}\n', b'{"ask": "root"}\n', b"[" * 9000 + b"\n", b"\xff\xfe\n",
     b'{"ask": "try", "pin": [1]}\n', b'{"ask": "install", "seen": {}}\n', b'{"ask": "adopt", "record": "x"}\n',
     b'{"ask": "choose", "pin": null}\n', b"x" * 20000],
    ids=lambda sent: repr(sent[:20]),
)  # fmt: skip
def test_what_a_taken_exhibit_sends_gets_one_line_and_the_next_one_is_answered(
    tmp_path: Path, stick: Path, sent: bytes
) -> None:
    with SignedStick.served(tmp_path / "device", stick) as served:
        for message in (sent, b'{"ask": "pin"}\n'):
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(10)
                connection.connect(str(served.folder / "asked"))
                connection.sendall(message)
                connection.shutdown(socket.SHUT_WR)
                with connection.makefile("rb") as lines:
                    answer = json.loads(lines.readline())
        assert answer["chosen"] is False
    assert served.installed() == []


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("root_pin.SCRYPT_N", 2)  # these tests are about who may ask


def test_what_runs_as_root_needs_no_package_and_no_newer_python() -> None:
    folder = Path(__file__).resolve().parents[2] / "systemd" / "lib"
    done = subprocess.run(
        ["/usr/bin/python3", "-I", "-S", "-B", "-c",
         f"import sys; sys.path.insert(0, {str(folder)!r}); import update_service, release_door"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
