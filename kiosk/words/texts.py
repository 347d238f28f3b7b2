"""The words of the exhibit: one TOML file a language, loaded from the package."""

import tomllib
from importlib import resources

from kiosk.core.model import Texts
from kiosk.errors import BadArgumentError


def load_texts(language: str = "en") -> Texts:
    """The words of a language, keyed `table.key`."""
    source = resources.files("kiosk") / "assets" / "texts" / f"{language}.toml"
    if not source.is_file():
        raise BadArgumentError(f"no texts for language '{language}': there is no {source.name}")
    tables = tomllib.loads(source.read_text(encoding="utf-8"))
    return Texts({f"{table}.{key}": words for table, part in tables.items() for key, words in part.items()})
