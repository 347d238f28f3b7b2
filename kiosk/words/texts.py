"""The words of the exhibit: a TOML file a language, one that all share and one of each topic."""

import tomllib
from collections.abc import Iterable, Iterator
from importlib import resources

from kiosk.core.context import Texts
from kiosk.core.topic import Topic
from kiosk.errors import BadArgumentError


def load_texts(topics: Iterable[Topic], language: str = "en") -> Texts:
    """Return the words of a language, keyed `table.key`.

    Raises BadArgumentError where there are none, ValueError where two files have one key.
    """
    words: dict[str, str] = {}
    for package in ("kiosk.words", *(topic.package for topic in topics)):
        for key, text in _words(package, language):
            if key in words:
                raise ValueError(f"{package}: {key} is in another file too")
            words[key] = text
    if not words:
        raise BadArgumentError(f"no texts for language '{language}': there is no {language}.toml")
    return Texts(words)


def _words(package: str, language: str) -> Iterator[tuple[str, str]]:
    """Yield the words of one file; a topic need not have one."""
    source = resources.files(package) / f"{language}.toml"
    if source.is_file():
        for table, part in tomllib.loads(source.read_text(encoding="utf-8")).items():
            yield from ((f"{table}.{key}", text) for key, text in part.items())
