"""Messages on a socket: typed msgpack, each behind a four-byte length. No pickle, no code on the wire."""

from collections.abc import Iterator
from typing import Any

import msgspec

from kiosk.errors import KioskError
from kiosk.vision.reading import one_line

MAX_MESSAGE_BYTES = 16 * 2**20
LENGTH_BYTES = 4


class ProtocolError(KioskError, ValueError):
    """Bytes on a socket that are no message of its protocol; the connection is closed."""


def encode(message: msgspec.Struct) -> bytes:
    """Return a message as it travels: its length in four bytes, then msgpack."""
    body = msgspec.msgpack.encode(message)
    if len(body) > MAX_MESSAGE_BYTES:
        raise ProtocolError(f"a message of {len(body)} bytes; the most is {MAX_MESSAGE_BYTES}")
    return len(body).to_bytes(LENGTH_BYTES, "big") + body


class Incoming:
    """Gathers received bytes into whole messages of one direction."""

    def __init__(self, kind: Any) -> None:
        self._decoder: msgspec.msgpack.Decoder[Any] = msgspec.msgpack.Decoder(kind)
        self._received = bytearray()

    def feed(self, received: bytes) -> Iterator[Any]:
        """Yield the messages that are whole by now; raises ProtocolError at the first that is none."""
        self._received += received
        while len(self._received) >= LENGTH_BYTES:
            length = int.from_bytes(self._received[:LENGTH_BYTES], "big")
            if length > MAX_MESSAGE_BYTES:
                raise ProtocolError(f"a message of {length} bytes; the most is {MAX_MESSAGE_BYTES}")
            end = LENGTH_BYTES + length
            if len(self._received) < end:
                return
            body = bytes(self._received[LENGTH_BYTES:end])
            del self._received[:end]
            try:
                message = self._decoder.decode(body)
            except (ValueError, OverflowError, RecursionError) as error:  # msgspec's own among them
                raise ProtocolError(f"a message that cannot be read ({one_line(error)})") from None
            yield message
