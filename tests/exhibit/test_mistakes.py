"""Each mistake that a developer of a topic can make is caught: by the type checker, a contract, or a quick test."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.exhibit.checkout import Checkout
from tests.figures.figure import record

SCREEN = "kiosk/topics/flip/screen.py"
MESSAGES = "kiosk/topics/flip/messages.py"
PERFORMING = "kiosk/topics/flip/performing.py"
TOPIC = "kiosk/topics/flip/topic.py"
MYPY = ("mypy", "kiosk/topics/flip", "kiosk/exhibit/topics.py", "kiosk/exhibit/parts.py")
CONTRACTS = ("lint-imports",)
WIRING = "tests/exhibit/test_wiring.py"
PYTEST = ("pytest", "-q", "-p", "no:cacheprovider")


@dataclass(frozen=True)
class Mistake:
    """What is done wrong, what catches it, and a word of what that says."""

    make: Callable[[Checkout], None]
    caught_by: tuple[str, ...]
    said: str


def changed(file: str, old: str, new: str) -> Callable[[Checkout], None]:
    def make(checkout: Checkout) -> None:
        path = checkout.folder / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    return make


def appended(file: str, text: str) -> Callable[[Checkout], None]:
    def make(checkout: Checkout) -> None:
        with (checkout.folder / file).open("a", encoding="utf-8") as out:
            out.write(text)

    return make


def both(*makes: Callable[[Checkout], None]) -> Callable[[Checkout], None]:
    def make(checkout: Checkout) -> None:
        for one in makes:
            one(checkout)

    return make


def written(file: str, text: str) -> Callable[[Checkout], None]:
    def make(checkout: Checkout) -> None:
        (checkout.folder / file).write_text(text, "utf-8")

    return make


CARDS = "from kiosk.topics.cards.messages import ToCards"
WAY = '\n\n@dataclass(frozen=True, slots=True)\nclass ToNowhere(Way):\n    """Lead nowhere."""\n'
MISTAKES = {
    "screen without view": Mistake(
        changed(SCREEN, "    def view(self, context: Context)", "    def seen(self, context: Context)"),
        MYPY,
        'Cannot instantiate abstract class "Flip" with abstract attribute "view"',
    ),
    "part with another's effect": Mistake(
        both(
            changed(PERFORMING, "performs = (FlipPicture,)", "performs = (ClearPaint,)"),
            changed(
                PERFORMING,
                "from kiosk.topics.flip.messages",
                "from kiosk.topics.sketchpad.messages import ClearPaint\nfrom kiosk.topics.flip.messages",
            ),
        ),
        MYPY,
        "Incompatible types in assignment",
    ),
    "part that forgets to forget": Mistake(
        changed(PERFORMING, "    def forget(self)", "    def forgets(self)"),
        (*PYTEST, "tests/exhibit/test_forgetting.py::test_every_part_of_the_exhibit_says_how_it_forgets"),
        "test_every_part_of_the_exhibit_says_how_it_forgets",
    ),
    "wrong door": Mistake(
        both(
            changed(TOPIC, "door(ToFlip, flip)", "door(ToCards, flip)"),
            changed(
                TOPIC,
                "from kiosk.topics.flip.messages",
                "from kiosk.topics.cards.messages import ToCards\nfrom kiosk.topics.flip.messages",
            ),
        ),
        MYPY,
        "Argument 2 to",
    ),
    "topic not listed": Mistake(
        changed("kiosk/exhibit/topics.py", "    FLIP,\n", ""),
        (*PYTEST, f"{WIRING}::test_every_topic_is_in_the_list"),
        "test_every_topic_is_in_the_list",
    ),
    "way without door": Mistake(
        appended(MESSAGES, WAY),
        (*PYTEST, f"{WIRING}::test_every_way_has_one_door"),
        "test_every_way_has_one_door",
    ),
    "effect with no part": Mistake(
        changed("kiosk/exhibit/parts.py", "    Flipping,\n", ""),
        (*PYTEST, f"{WIRING}::test_every_effect_is_performed_by_one_part"),
        "test_every_effect_is_performed_by_one_part",
    ),
    "effect with two parts": Mistake(
        both(
            changed(PERFORMING, "performs = (FlipPicture,)", "performs = (FlipPicture, ClearPaint)"),
            changed(
                PERFORMING,
                "from kiosk.topics.flip.messages",
                "from kiosk.topics.sketchpad.messages import ClearPaint\nfrom kiosk.topics.flip.messages",
            ),
        ),
        (*PYTEST, f"{WIRING}::test_every_effect_is_performed_by_one_part"),
        "test_every_effect_is_performed_by_one_part",
    ),
    "impure screen": Mistake(
        changed(SCREEN, "from dataclasses import", "import time\nfrom dataclasses import"),
        CONTRACTS,
        "is not allowed to import time",
    ),
    "foreign import": Mistake(
        changed(SCREEN, CARDS, f"{CARDS}\nfrom kiosk.topics.cards.screen import Cards"),
        CONTRACTS,
        "Topics know of each other's messages only BROKEN",
    ),
    "stray file": Mistake(
        written("kiosk/topics/flip/extras.py", '"""Something that has no place."""\n'),
        CONTRACTS,
        "kiosk.topics.flip.extras",
    ),
}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy with the example topic, whose types were checked once: so are a developer's."""
    made = Checkout(tmp_path_factory.mktemp("mistakes"))
    made.add("flip")
    made.keep()
    assert made.run(*MYPY).returncode == 0
    assert made.run(*PYTEST, WIRING).returncode == 0
    return made


@pytest.mark.slow
@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_caught(checkout: Checkout, name: str) -> None:
    mistake = MISTAKES[name]
    mistake.make(checkout)
    try:
        since_s = time.monotonic()
        done = checkout.run(*mistake.caught_by)
        took_s = time.monotonic() - since_s
    finally:
        checkout.restore()
    said = " ".join((done.stdout + done.stderr).split())
    caught = done.returncode != 0 and mistake.said in said
    record(f"mistake: {name}", f"caught by {mistake.caught_by[0]} in {took_s:.1f} s", "caught", caught)
