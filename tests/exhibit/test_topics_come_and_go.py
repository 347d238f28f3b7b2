"""A topic is added with its own files and two or four lines elsewhere, and removed with its folders and its lines.

Each is done in a copy of this checkout, by tests/exhibit/checkout.py.
"""

from pathlib import Path

import pytest

from tests.exhibit.checkout import Checkout, Touched

WIRING = "tests/exhibit/test_wiring.py"


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "checkout with a space")


@pytest.fixture(params=["dice", pytest.param("vaccine", marks=pytest.mark.slow)])
def removed(checkout: Checkout, request: pytest.FixtureRequest) -> Checkout:
    """A copy without a topic, where there is that one to remove."""
    name: str = request.param
    if not (checkout.folder / "kiosk" / "topics" / name).is_dir():
        pytest.skip(f"{name} is not there to be removed")
    checkout.remove(name)
    return checkout


def passes(checkout: Checkout, *command: str) -> str:
    done = checkout.run(*command)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    return done.stdout


@pytest.mark.parametrize(
    ("name", "touched"),
    [("flip", Touched(2, 4, 0)), ("about", Touched(1, 2, 0)), ("notes", Touched(1, 2, 0))],
    ids=["a screen, an effect, an event, a card, a golden", "the same without an effect", "a staff page"],
)
def test_adding_a_topic_touches_the_lists_only(checkout: Checkout, name: str, touched: Touched) -> None:
    checkout.add(name)
    assert checkout.touched() == touched
    passes(checkout, "pytest", "-q", "-p", "no:cacheprovider", WIRING, f"tests/topics/{name}")
    passes(checkout, "lint-imports")
    passes(checkout, "ruff", "check", ".")
    passes(checkout, "ruff", "format", "--check", ".")


def test_the_added_topic_is_drawn(checkout: Checkout) -> None:
    checkout.add("flip")
    passes(checkout, "pytest", "-q", "tests/golden", "-k", "[flip", "--update-golden")
    drawn = sorted(file.name for file in (checkout.folder / "tests/topics/flip/golden").iterdir())
    assert drawn == ["flip-1280x800.png", "flip-720x1280.png", "flip-800x480.png"]
    passes(checkout, "pytest", "-q", "tests/golden", "-k", "[flip")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["flip", "about", "notes"])
def test_the_added_topic_is_typed(checkout: Checkout, name: str) -> None:
    checkout.add(name)
    passes(checkout, "mypy")


def test_a_topic_can_be_removed(removed: Checkout) -> None:
    """Its package, its tests and its lines go; the contracts and the wiring hold."""
    assert removed.touched() == Touched(2, 0, 4)
    passes(removed, "lint-imports")
    passes(removed, "pytest", "-q", "-p", "no:cacheprovider", WIRING, "tests/topics/cards")


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_gate_is_green_without_a_topic(removed: Checkout) -> None:
    passes(removed, "ruff", "format", "--check", ".")
    passes(removed, "ruff", "check", ".")
    passes(removed, "mypy")
    passes(removed, "pytest", "-q", "-n", "2", "-m", "not timed")
