"""The staff's PIN where only root can read it: the exhibit sends what was typed, and learns whether it was right.

The same rules as on a desk (kiosk/device/staff_pin.py): salted and slow to guess, wrong tries counted on disk before
they are compared, waits that grow to a quarter of an hour. Here a taken exhibit cannot read the hash, nor try faster.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import time
from dataclasses import asdict, dataclass
from pathlib import Path

PIN_FILE = "staff-pin.json"
PIN = re.compile(r"[0-9]{4,8}", re.ASCII)
FREE_TRIES = 3
FIRST_WAIT_S, LONGEST_WAIT_S = 10.0, 900.0
SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**14, 8, 1
SALT_BYTES = 16
UNREADABLE = "The PIN on this device cannot be read. Choose a new one: ./deploy.sh forget-pin USER@HOST"


class PinRefused(Exception):  # noqa: N818  # it is what staff read
    """Why a PIN was not kept, or none can be tried: one plain line."""


@dataclass(frozen=True)
class Record:
    """What is kept: salt and scrypt hash as hexadecimal digits, wrong tries in a row, and when the last was."""

    salt: str
    hash: str
    wrong_tries: int = 0
    last_wrong_utc_s: float = 0.0

    @classmethod
    def of(cls, found: object) -> Record:
        """Return what a file or a message holds; raises ValueError."""
        if not isinstance(found, dict) or not set(found) <= {
            "salt",
            "hash",
            "wrong_tries",
            "last_wrong_utc_s",
        }:
            raise ValueError("not a PIN's record")
        record = cls(str(found.get("salt")), str(found.get("hash")))
        if not re.fullmatch(r"(?:[0-9a-f]{2}){8,64}", record.salt) or not re.fullmatch(
            r"[0-9a-f]{128}", record.hash
        ):
            raise ValueError("not a PIN's record")
        return cls(
            record.salt,
            record.hash,
            max(0, min(int(found.get("wrong_tries", 0)), 1000)),
            float(found.get("last_wrong_utc_s", 0.0)),
        )


def wait_after(wrong_tries: int) -> float:
    """Return how long to wait after so many wrong tries in a row."""
    if wrong_tries < FREE_TRIES:
        return 0.0
    return float(min(FIRST_WAIT_S * 2.0 ** min(wrong_tries - FREE_TRIES, 16), LONGEST_WAIT_S))


def hash_of(pin: str, salt: bytes) -> str:
    """Return the slow hash of a PIN."""
    return hashlib.scrypt(pin.encode(), salt=salt, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P).hex()


class RootPin:
    """Owns the PIN file in a folder that only root may enter."""

    def __init__(self, folder: Path) -> None:
        """Read the file, if there is one."""
        self._file = folder / PIN_FILE
        self._open_s = 0.0
        record = self._read()
        if record is not None:
            # A clock that was set back since counts as no time gone by.
            since_s = max(0.0, time.time() - record.last_wrong_utc_s)
            self._open_s = time.monotonic() + max(0.0, wait_after(record.wrong_tries) - since_s)

    @property
    def chosen(self) -> bool:
        """Return whether there is a PIN; a file that cannot be read may hold one."""
        return self._file.exists()

    @property
    def wait_s(self) -> float:
        """Return how long to wait before the next try is looked at."""
        return max(0.0, self._open_s - time.monotonic())

    @property
    def fault(self) -> str:
        """Return why no PIN can be tried, if so."""
        return UNREADABLE if self.chosen and self._read() is None else ""

    def attempt(self, pin: str) -> bool:
        """Return whether this is the PIN; during a wait, and before one was chosen, none is."""
        record = self._read()
        if record is None or self.wait_s > 0:
            return False
        wrong = Record(record.salt, record.hash, record.wrong_tries + 1, time.time())
        self._write(wrong)
        if PIN.fullmatch(pin) and hmac.compare_digest(hash_of(pin, bytes.fromhex(record.salt)), record.hash):
            self._write(Record(record.salt, record.hash))
            return True
        self._open_s = time.monotonic() + wait_after(wrong.wrong_tries)
        return False

    def choose(self, pin: str) -> None:
        """Make this the PIN; whoever asks has shown the present one. Raises PinRefused."""
        if not PIN.fullmatch(pin):
            raise PinRefused("A PIN has 4 to 8 digits, and nothing else.")
        salt = secrets.token_bytes(SALT_BYTES)
        self._write(Record(salt.hex(), hash_of(pin, salt)))
        self._open_s = 0.0

    def adopt(self, found: object) -> None:
        """Keep the record of a PIN that an earlier exhibit kept itself, where there is none."""
        if self.chosen:
            raise PinRefused("There is a PIN already.")
        try:
            self._write(Record.of(found))
        except (TypeError, ValueError, OverflowError):
            raise PinRefused(
                f"{PIN_FILE} in the state folder cannot be read; remove it and choose a new PIN at the next start."
            ) from None

    def _read(self) -> Record | None:
        try:
            return Record.of(json.loads(self._file.read_bytes()))
        except (OSError, TypeError, ValueError, OverflowError, RecursionError):
            return None

    def _write(self, record: Record) -> None:
        replace_file(self._file, json.dumps(asdict(record)))


def replace_file(place: Path, text: str) -> None:
    """Write a file that is there whole or not at all, also after a power cut; for root alone to read."""
    staged = place.with_name(place.name + ".new")
    with os.fdopen(
        os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    staged.replace(place)
    folder = os.open(place.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
