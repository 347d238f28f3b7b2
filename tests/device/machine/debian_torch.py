"""Writes a wheel that stands for PyTorch in a folder: it makes Debian's own known to a virtual environment's Python.

Its version is the pinned one with a mark of its own, so that pip takes it before an index's of the same version.
"""

import sys
import tomllib
from pathlib import Path

from tests.device.pushed_checkout import ROOT, make_wheel

PACKAGES = "/usr/lib/python3/dist-packages"


def pinned_torch() -> str:
    """Return the version that pyproject.toml wants on this kind of machine."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    pin: str = next(line for line in project["dependencies"] if line.startswith("torch==") and "!=" in line)
    return pin.removeprefix("torch==").partition(";")[0].strip()


if __name__ == "__main__":
    # Behind the environment's own packages, of which it so takes what Debian has as well.
    make_wheel(
        Path(sys.argv[1]), "torch", f"{pinned_torch()}+debian", files={"torch_of_debian.pth": f"{PACKAGES}\n"}
    )
