"""The staff's PIN: chosen at the first start, kept as a salted hash, and slow to guess.

There is no default. Wrong tries are counted on disk before the PIN is compared, so that neither a restart nor a
pulled plug gives a guesser new ones; the waits grow to a quarter of an hour. A short PIN's hash can always be broken
by a person who holds the card: what it guards is the staff screen, from visitors.
"""

import hashlib
import hmac
import logging
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec

from kiosk.core.staff import FEWEST_DIGITS, MOST_DIGITS, is_pin
from kiosk.device.durable import WriteError, replace_files
from kiosk.errors import BadArgumentError, KioskError
from kiosk.vision.reading import DamagedJsonError, decoded_json, read_small_file

log = logging.getLogger(__name__)

PIN_FILE = "staff-pin.json"
FREE_TRIES = 3
FIRST_WAIT_S, LONGEST_WAIT_S = 10.0, 900.0
# RFC 7914's interactive cost: 16 MB and about a tenth of a second on a desk, half a second on a Raspberry Pi 4.
SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**14, 8, 1
SALT_BYTES, HASH_BYTES = 16, 64


class PinFileError(KioskError, ValueError):
    """A PIN file that cannot be read: no PIN opens, and no new one may be chosen, until it is removed."""


class _Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is kept: salt and scrypt hash as hexadecimal digits, wrong tries in a row, and when the last was."""

    salt: Annotated[str, msgspec.Meta(pattern=f"^[0-9a-f]{{{2 * SALT_BYTES}}}$")]
    hash: Annotated[str, msgspec.Meta(pattern=f"^[0-9a-f]{{{2 * HASH_BYTES}}}$")]
    wrong_tries: Annotated[int, msgspec.Meta(ge=0, lt=2**31)] = 0
    last_wrong_utc_s: Annotated[float, msgspec.Meta(ge=0, lt=2**40)] = 0.0


@dataclass(frozen=True)
class PinTried:
    """The verdict on a PIN: right or not, and how long to wait before the next try if it was not."""

    right: bool
    wait_s: float = 0.0


def wait_after(wrong_tries: int) -> float:
    """Return how long to wait after so many wrong tries in a row: twice as long each time after the free ones."""
    if wrong_tries < FREE_TRIES:
        return 0.0
    return min(FIRST_WAIT_S * 2.0 ** min(wrong_tries - FREE_TRIES, 16), LONGEST_WAIT_S)


def wait_left_s(wrong_tries: int, since_last_s: float) -> float:
    """Return how long still to wait, so long after the last wrong try.

    A clock that was set back since counts as no time gone by: the wait begins anew, but is never longer than whole.
    """
    return max(0.0, wait_after(wrong_tries) - max(0.0, since_last_s))


class StaffPin:
    """Owns the PIN file of a state folder. Its calls may take half a second: not for the frame loop's thread."""

    def __init__(self, state_folder: Path) -> None:
        """Read the file, if there is one; raises PinFileError for one that is damaged."""
        self._folder = state_folder
        self._record = _read(state_folder / PIN_FILE)
        record = self._record or _Record("", "")
        # From here on by a clock that is never set: a date that jumps when the network comes shortens no wait.
        left_s = wait_left_s(record.wrong_tries, time.time() - record.last_wrong_utc_s)
        self._open_s = time.monotonic() + left_s

    @property
    def chosen(self) -> bool:
        """Return whether there is a PIN; if not, this is the first start, and staff choose one."""
        return self._record is not None

    @property
    def wait_s(self) -> float:
        """Return how long to wait before the next try is looked at."""
        return max(0.0, self._open_s - time.monotonic())

    def choose(self, pin: str, old: str | None = None) -> None:
        """Make this the PIN, if `old` is the present one, or there is none; None takes it without one.

        Raises BadArgumentError for what cannot be one and for a wrong `old`, WriteError where it cannot be kept.
        """
        if not is_pin(pin):
            raise BadArgumentError(f"a PIN has {FEWEST_DIGITS} to {MOST_DIGITS} digits, and nothing else")
        if self.chosen and old is not None and not self.attempt(old).right:
            raise BadArgumentError("That was not the present PIN.")
        salt = secrets.token_bytes(SALT_BYTES)
        record = _Record(salt.hex(), _hash(pin, salt))
        self._write(record)
        self._record, self._open_s = record, time.monotonic()

    def attempt(self, pin: str) -> PinTried:
        """Return whether this is the PIN; during a wait, and before one was chosen, none is."""
        record = self._record
        if record is None or self.wait_s > 0:
            return PinTried(right=False, wait_s=self.wait_s)
        wrong = _Record(record.salt, record.hash, record.wrong_tries + 1, time.time())
        self._count(wrong)
        if hmac.compare_digest(_hash(pin, bytes.fromhex(record.salt)), record.hash):
            self._count(_Record(record.salt, record.hash))
            return PinTried(right=True)
        self._open_s = time.monotonic() + wait_after(wrong.wrong_tries)
        return PinTried(right=False, wait_s=self.wait_s)

    def _count(self, record: _Record) -> None:
        """Keep the count of wrong tries; on a full disk it holds until the exhibit ends, and staff still get in."""
        self._record = record
        try:
            self._write(record)
        except WriteError as error:
            log.warning("event=pin_tries_not_kept reason=%s", error)

    def _write(self, record: _Record) -> None:
        replace_files(self._folder, {PIN_FILE: msgspec.json.encode(record)}, mode=0o600)


def _hash(pin: str, salt: bytes) -> str:
    return hashlib.scrypt(pin.encode(), salt=salt, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P).hex()


def _read(file: Path) -> _Record | None:
    try:
        record: _Record = decoded_json(read_small_file(file), _Record)
    except FileNotFoundError:
        return None
    except (OSError, DamagedJsonError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise PinFileError(
            f"{file}: the PIN cannot be read ({reason}); remove this file and choose a new PIN at the next start"
        ) from None
    return record
