"""What the system reads as root: archives on sticks, the PIN it keeps, and what the exhibit asks."""

import io
import json
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import root_pin
from device_release import Device
from root_pin import PIN_FILE, RootPin
from signed_release import Refused
from update_service import UpdateService

from tests.fuzz.kind import Kind, SilentLossError
from tests.unit.signed_stick import SignedStick

PIN = "804159"
RELEASE = "0.2.0-3f9a1c07d2b4"


@cache
def signed() -> tuple[str, bytes]:
    """Return a list of allowed signers, and an archive that one of them signed."""
    with tempfile.TemporaryDirectory() as folder:
        made = SignedStick.made(Path(folder) / "device", Path(folder))
        return made.device.signers.read_text("ascii"), made.put(RELEASE, Path(folder)).read_bytes()


def archives() -> Sequence[bytes]:
    return [signed()[1]]


def read_archive(content: bytes, folder: Path) -> None:
    """Verify an archive as it would be installed; it must be the one that was signed, to the byte."""
    device = Device(folder / "kiosk", folder / "data", folder / "signers")
    device.signers.write_text(signed()[0], "ascii")
    stream = io.BytesIO(content)
    try:
        offer = device.offered(stream)
        with device.verified(stream, offer):
            pass
    finally:
        if {path.name for path in device.private.parent.rglob("*")} - {"private"}:
            raise SilentLossError("something is left of what was refused, or lies elsewhere")
    if content != signed()[1]:
        raise SilentLossError("a changed archive was taken")


@cache
def kept_pin() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        RootPin(Path(folder)).choose(PIN)
        return (Path(folder) / PIN_FILE).read_bytes()


def pins() -> Sequence[bytes]:
    return [kept_pin()]


def read_pin(content: bytes, folder: Path) -> None:
    """Read a damaged PIN: either it still opens by the right one alone, or no new one may be chosen."""
    (folder / PIN_FILE).write_bytes(content)
    before, root_pin.SCRYPT_N = (
        root_pin.SCRYPT_N,
        2,
    )  # not for the sound one: its hash is another then, which is right
    try:
        pin = RootPin(folder)
        if not pin.chosen:
            raise SilentLossError("the PIN is gone, and anybody may choose one")
        if not pin.fault and pin.attempt("1111"):
            raise SilentLossError("another PIN opens")
    finally:
        root_pin.SCRYPT_N = before


def requests() -> Sequence[bytes]:
    asked: list[dict[str, object]] = [
        {"ask": "pin"},
        {"ask": "try", "pin": PIN},
        {"ask": "choose", "pin": PIN, "old": "1111"},
        {"ask": "adopt", "record": json.loads(kept_pin())},
        {"ask": "look"},
        {"ask": "install", "pin": PIN, "seen": "ab" * 32, "older": True},
    ]
    return [json.dumps(request).encode() for request in asked]


def read_request(content: bytes, folder: Path) -> None:
    """Answer what a taken exhibit may send, however it is built."""
    device = Device(folder / "kiosk", folder / "data", folder / "signers")
    (device.make_private() / PIN_FILE).write_bytes(kept_pin())
    try:
        request = json.loads(content)
    except (ValueError, RecursionError):
        return  # refused before it is answered
    before, root_pin.SCRYPT_N = root_pin.SCRYPT_N, 2
    try:
        if isinstance(request, dict):
            json.dumps(UpdateService(device).answer(request))
    finally:
        root_pin.SCRYPT_N = before


KINDS = (
    Kind("stick archive", archives, read_archive, (Refused,)),
    Kind("kept pin", pins, read_pin),
    Kind("asked of root", requests, read_request),
)
