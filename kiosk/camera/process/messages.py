"""What the exhibit and its camera process say to each other; the frames themselves lie in shared memory."""

from typing import Literal

import msgspec

from kiosk.camera.orientation import Turn


class _Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """Every message is typed, and takes no other fields than its own."""


# ---- commands of the exhibit


class Open(_Message, frozen=True):
    """Open the camera that `spec` names, hung so; answered by `Opened` and frames, or by `Lost`, then `Closed`."""

    spec: str
    turned: Turn
    mirrored: bool


class Capture(_Message, frozen=True):
    """Take a frame exposed after this; the `FrameReady` that has it names this number."""

    number: int


class Release(_Message, frozen=True):
    """Write to these slots again: nobody looks at them any more.

    `memory` is the number of the memory that they are in: it may have been replaced before this was heard.
    """

    slots: tuple[int, ...]
    memory: int


class Close(_Message, frozen=True):
    """Close the camera, answered by `Closed`; the process stays."""


# ---- news of the camera process


class Opened(_Message, frozen=True):
    """The camera is open; frames follow."""

    name: str


class Slots(_Message, frozen=True):
    """The shared memory for frames from now on, numbered; its file descriptor comes with this message."""

    count: int
    slot_bytes: int
    memory: int


class FrameReady(_Message, frozen=True):
    """A frame (height, width, 3) uint8 RGB lies in a slot, which is the exhibit's until it is released.

    Units: taken_s in seconds of time.monotonic(), which all processes share. `captures` asked for it.
    """

    slot: int
    height: int
    width: int
    taken_s: float
    captures: tuple[int, ...] = ()


class Lost(_Message, frozen=True):
    """The camera does not open or gives no more frames; the process now closes it."""

    state: Literal["stalled", "unavailable"]
    reason: str


class Closed(_Message, frozen=True):
    """No camera is open here; another may be."""


Command = Open | Capture | Release | Close
News = Opened | Slots | FrameReady | Lost | Closed
