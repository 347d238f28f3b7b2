"""Arrays: the kind that most of them are, and out of archives that may be damaged, with no pickle."""

import math
import struct
import tokenize
import warnings
import zipfile
import zlib
from io import BytesIO
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# What zipfile and numpy were seen to raise for files that are no such archives.
DAMAGED_ERRORS = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    NotImplementedError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)


def arrays_in(content: bytes, most: int, most_bytes: int) -> dict[str, NDArray[Any]]:
    """Return the arrays by their names, read only; raises one of DAMAGED_ERRORS for damage, or too many, too large."""
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(BytesIO(content)) as archive:
        members = archive.infolist()
        if len(members) > most or sum(info.file_size for info in members) > most_bytes:
            raise ValueError("it is too large")
        return {info.filename.removesuffix(".npy"): _member(archive, info, most_bytes) for info in members}


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most_bytes: int) -> NDArray[Any]:
    """Return one array, of numbers or text, whose bytes are as many as its header says; no pickle is ever read."""
    with archive.open(info) as file:
        shape, by_columns, dtype = _header(file)
        raw = file.read(most_bytes)
    if dtype.hasobject or math.prod(shape) * dtype.itemsize != len(raw):
        raise ValueError(f"{info.filename} is not what it says it is")
    return np.frombuffer(raw, dtype).reshape(shape, order="F" if by_columns else "C")


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError("it is of another version of numpy")
    return np.lib.format.read_array_header_1_0(file)
