"""The kinds of arguments that commands take: files that are there, files to write, numbers within a range."""

import math
import os
from pathlib import Path
from typing import Any

import click

# What is read has to be there: a path that is not is a bad argument, whatever it was for. A bad settings file is the
# command's own matter: the exhibit opens in spite of one.
FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
FOLDER = click.Path(path_type=Path, file_okay=False, exists=True)
SETTINGS_FILE = click.Path(path_type=Path, dir_okay=False)
NEW_FOLDER = click.Path(path_type=Path, file_okay=False)
PAPERS = click.Choice(("A4", "Letter"))


class NewFile(click.Path):
    """A file to write, in a folder that is there."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, dir_okay=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the file's path, or end with a usage error."""
        file = Path(os.fsdecode(super().convert(value, param, ctx)))
        if not file.parent.is_dir():
            self.fail(f"{file.parent}: no such folder; make it first", param, ctx)
        return file


NEW_FILE = NewFile()


class Number(click.FloatRange):
    """A number within a range; `nan` compares with nothing and would slip through."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number, or end with a usage error."""
        number = float(super().convert(value, param, ctx))
        if math.isnan(number):
            self.fail(f"{value!r} is no number.", param, ctx)
        return number
