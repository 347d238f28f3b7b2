"""Prints what a device installs with pip besides the kiosk itself: device_requirements.py PYPROJECT [EXTRA…].

One requirement a line, its marker included. It runs before anything is installed, so it needs only Python 3.11.
"""

import sys
import tomllib
from pathlib import Path

pyproject = tomllib.loads(Path(sys.argv[1]).read_text("utf-8"))
project = pyproject["project"]
# What builds the kiosk is installed with the rest: a later release is then put in place without a network.
requirements = pyproject["build-system"]["requires"] + project["dependencies"]
for extra in sys.argv[2:]:
    requirements += project["optional-dependencies"][extra]
sys.stdout.writelines(f"{requirement}\n" for requirement in requirements)
