"""Topics, ways, effects and words fit together, and nothing but the two lists names a topic."""

import ast
import importlib
import inspect
import pkgutil
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import kiosk.topics
from kiosk.core.context import Card, StaffPage
from kiosk.core.message import Asking, DropJob, Effect, Forget, ForgetPicture, News, Way
from kiosk.core.screen import RestingScreen, Screen, StaffScreen, VisitScreen
from kiosk.exhibit.parts import PARTS
from kiosk.exhibit.performer import Performer, performing
from kiosk.exhibit.topics import TOPICS
from kiosk.perform.part import Part
from kiosk.program.state import doors_of
from tests.player import TEXTS, at_the, player

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "kiosk"
KINDS = (RestingScreen, VisitScreen, StaffScreen)
HOUSE_EFFECTS = {DropJob, Forget, ForgetPicture}  # the performer's own


def topic_names() -> list[str]:
    return [module.name for module in pkgutil.iter_modules(kiosk.topics.__path__)]


def topic_modules() -> Iterator[ModuleType]:
    """Every module of every topic, imported."""
    for found in pkgutil.walk_packages(kiosk.topics.__path__, "kiosk.topics."):
        yield importlib.import_module(found.name)


def descendants(kind: type[Any]) -> set[type[Any]]:
    """All that derives from a kind, in the exhibit's own modules."""
    list(topic_modules())
    found: set[type[Any]] = set()
    waiting = [kind]
    while waiting:
        for derived in waiting.pop().__subclasses__():
            # `dataclass(slots=True)` makes a second class; the first one lingers until it is collected.
            if getattr(sys.modules.get(derived.__module__), derived.__name__, None) is not derived:
                continue
            if derived.__module__.startswith("kiosk.") and derived not in found:
                found.add(derived)
                waiting.append(derived)
    return found


def test_every_topic_is_in_the_list() -> None:
    listed = [topic.package.rpartition(".")[2] for topic in TOPICS]
    assert sorted(listed) == sorted(topic_names())
    assert len(set(listed)) == len(listed)


def test_every_part_is_in_the_list() -> None:
    assert sorted(part.__name__ for part in descendants(Part)) == sorted(part.__name__ for part in PARTS)


def test_every_way_has_one_door() -> None:
    doors = Counter(door.way for topic in TOPICS for door in topic.doors)
    ways = descendants(Way)
    without = sorted(
        way.__name__ for way in ways if way not in doors and way.__name__ not in ENDED_BY_THE_PROGRAM
    )
    assert without == [], "ways without a door: add door(WAY, enter) to its topic's TOPIC"
    assert [way.__name__ for way, count in doors.items() if count > 1] == []
    assert set(doors_of(TOPICS)) == set(doors)


# The program turns them into the way to what dissolves, or to rest, and into the screen there was before.
ENDED_BY_THE_PROGRAM = {"ToEnd", "ToBack"}


def test_every_effect_is_performed_by_one_part() -> None:
    performed = Counter(effect for part in PARTS for effect in part.performs)
    effects = {effect for effect in descendants(Effect) if effect is not Asking} - HOUSE_EFFECTS
    assert sorted(effect.__name__ for effect in effects - set(performed)) == [], (
        "effects that no part performs"
    )
    assert [effect.__name__ for effect, count in performed.items() if count > 1] == []


def test_two_parts_of_one_effect_are_refused() -> None:
    class Other(Part[Any]):
        performs = PARTS[1].performs

        def __init__(self) -> None:
            """Work with nothing."""

        def perform(self, effect: Effect) -> None: ...
        def forget_picture(self) -> None: ...
        def forget(self) -> None: ...

    one, two = Other(), Other()
    with pytest.raises(ValueError, match="both perform"):
        performing((one, two))


def test_every_screen_is_of_one_kind() -> None:
    screens = {screen for screen in descendants(Screen) if not inspect.isabstract(screen)}
    assert len(screens) > 20
    odd = [screen.__name__ for screen in screens if sum(issubclass(screen, kind) for kind in KINDS) > 1]
    assert odd == []


def test_no_word_is_missing_where_a_topic_makes_an_offer() -> None:
    playing = at_the("verdict")
    context = playing.state.context
    visit = playing.state.screen.visit  # type: ignore[attr-defined]
    cards = [card for topic in TOPICS for offer in topic.cards if (card := offer(visit, context)) is not None]
    assert cards
    for card in cards:
        assert isinstance(card, Card)
        for key in (card.words, f"{card.words}_idea", f"{card.words}_action"):
            assert TEXTS(key)
    pages = [page for topic in TOPICS for page in topic.staff_pages]
    assert all(isinstance(page, StaffPage) and TEXTS(f"control.{page.name}") for page in pages)
    assert len({page.place for page in pages}) == len(pages)


def test_news_change_what_is_known_and_nothing_else() -> None:
    """A fact that news bring replaces the one of its kind."""
    context = player().state.context
    kinds = [type(fact) for fact in context.facts]
    assert len(set(kinds)) == len(kinds)
    assert News().known(context) is context


# ---- nothing but the two lists names a topic


def class_names() -> set[str]:
    """The classes that topics define, but for those whose names are words of the house's own."""
    return {
        name
        for module in topic_modules()
        for name, kind in inspect.getmembers(module, inspect.isclass)
        if kind.__module__.startswith("kiosk.topics.")
    }


def names_in(file: Path) -> set[str]:
    """The names that a module's code uses; its texts and comments may speak of anything."""
    tree = ast.parse(file.read_text("utf-8"))
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    used |= {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    return used


NAMING_NO_TOPIC = (
    *sorted((PACKAGE / "core").glob("*.py")),
    *sorted((PACKAGE / "program").glob("*.py")),
    PACKAGE / "exhibit" / "performer.py",
)


@pytest.mark.parametrize("file", NAMING_NO_TOPIC, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_no_topic_is_named(file: Path) -> None:
    assert re.findall(r"kiosk\.topics\.\w+", file.read_text("utf-8")) == []
    defined_here = {
        node.name for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.ClassDef)
    }
    assert names_in(file) & class_names() - defined_here == set()


def test_pyproject_names_no_topic() -> None:
    named = re.findall(r"kiosk\.topics\.(\w+)", (ROOT / "pyproject.toml").read_text("utf-8"))
    assert named == []


# ---- the house's numbers


def contract_entries() -> int:
    """How many entries the contracts list by hand, but for what is forbidden: other people's packages."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    return sum(
        len(value)
        for contract in contracts
        for key, value in contract.items()
        if isinstance(value, list) and key != "forbidden_modules"
    )


def imported_names(file: Path) -> int:
    tree = ast.parse(file.read_text("utf-8"))
    return sum(len(node.names) for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))


def test_the_contracts_list_few_names() -> None:
    assert contract_entries() <= 45


def test_the_program_imports_few_names() -> None:
    assert imported_names(PACKAGE / "program" / "program.py") <= 45


def test_the_performer_makes_its_parts_from_the_list() -> None:
    """It takes them as an argument, so that a part can come from outside."""
    assert "parts" in inspect.signature(Performer.__init__).parameters
