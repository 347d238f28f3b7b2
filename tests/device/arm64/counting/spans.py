"""What is counted: the names of the works, and the list of what was done between which marks."""

from pathlib import Path

import msgspec

INT8, UINT8, FLOAT = "inference, int8 activations", "inference, uint8 activations", "inference, float"
GRADIENT, GRAD_CAM = "gradient", "Grad-CAM"
ATTACK_STEP, PRINT_PROOF_STEP = "attack step", "print-proof step"
WORKS = (INT8, UINT8, FLOAT, GRADIENT, GRAD_CAM, ATTACK_STEP, PRINT_PROOF_STEP)
OPERATORS = (
    "gradient by operator"  # the gradient once more: marking each operator costs instructions between them
)
NOTHING = "nothing"  # what is counted of it are the marks


class Span(msgspec.Struct, frozen=True):
    """Something done; `within` is the place in the list of what it was a part of.

    The n-th of a list lies between the marks 2n and 2n + 1.
    """

    name: str
    within: int | None = None


def write_spans(file: Path, spans: list[Span]) -> None:
    """Write a list of spans."""
    file.write_bytes(msgspec.json.encode(spans))


def read_spans(file: Path) -> list[Span]:
    """Return a list of spans that was written."""
    return msgspec.json.decode(file.read_bytes(), type=list[Span])
