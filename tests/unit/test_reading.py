"""Everything that is read at the exhibit can be read by a child of ten."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import textstat

KIOSK = Path(__file__).resolve().parents[2] / "kiosk"
WORDS_A_SENTENCE, GRADE = 14, 5.0
ALONE_FROM_WORDS = 5  # a grade of fewer says only how long one word is: those are read together
LEFT_OUT = "cup"  # what stands for a label, a name or a number
NAMES = re.compile(
    r"models\.\w*net\w*|hours\.\w+day"
)  # of the networks, and of weekdays: what they are called
# Texts that staff alone read: whole topics, and tables of others.
STAFF_TOPICS, STAFF_TABLES = {"staff"}, {("datasets", "datasets"), ("faults", "fault.model_note")}
# Texts that may be harder. This list only shrinks.
HARDER: frozenset[str] = frozenset()

# One word for one thing, everywhere: what is not to be read, and what is.
INSTEAD = {
    r"10 ×(?! the noise)": "10 × the noise",
    r"of 255\]? steps": "shades (a step is a press of *more noise*)",
    r"brightness|levels|greys": "shades",
    r"attack": "fool, noise",
    r"perturb|adversarial|iterate|gradient": "noise, step",
    r"targets?\b": "lie",
    r"confidence|probability": "sure",
    r"classif|predict": "says",
    r"\bimages?\b|photo": "picture",
}

SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+")
Text = tuple[str, str, str]


def texts() -> Iterator[Text]:
    """Yield topic, key and text of everything that is read."""
    for file in (*sorted(KIOSK.glob("topics/*/en.toml")), KIOSK / "words" / "en.toml"):
        for table, part in tomllib.loads(file.read_text("utf-8")).items():
            yield from ((file.parent.name, f"{table}.{key}", text) for key, text in part.items())


def visitors() -> list[Text]:
    """Return what visitors read."""
    return [
        (topic, key, text)
        for topic, key, text in texts()
        if topic not in STAFF_TOPICS
        and not {(topic, key), (topic, key.partition(".")[0])} & STAFF_TABLES
        and key not in HARDER
        and not NAMES.fullmatch(key)
    ]


def bare(text: str) -> str:
    """Return a text as it is read, with a plain word for what is filled in."""
    filled = re.sub(r"\[?\{\w+\}\]?", LEFT_OUT, text.replace("\u00a0", " "))
    return filled.replace("[", "").replace("]", "").replace("…", ".")


def words(text: str) -> int:
    return len(re.findall(r"[\w’'-]+", text))


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade."""
    return float(textstat.flesch_kincaid_grade(text))


def test_no_sentence_is_long() -> None:
    sentences = [
        f"{key}: {sentence}" for _, key, text in texts() for sentence in SENTENCE_ENDS.split(bare(text))
    ]
    long = [told for told in sentences if words(told.partition(": ")[2]) > WORDS_A_SENTENCE]
    assert not long, "\n".join(long)


def test_visitors_read_what_a_child_of_ten_can() -> None:
    whole = [(key, bare(text)) for _, key, text in visitors() if words(bare(text)) >= ALONE_FROM_WORDS]
    hard = [f"{key}: {text} (grade {grade(text):.1f})" for key, text in whole if grade(text) > GRADE]
    assert not hard, "\n".join(hard)


@pytest.mark.parametrize("topic", sorted({topic for topic, *_ in visitors()}))
def test_a_topics_captions_are_plain_words(topic: str) -> None:
    found = [bare(text) for of, _, text in visitors() if of == topic]
    captions = sorted({text.rstrip(".!?") for text in found if words(text) < ALONE_FROM_WORDS})
    assert grade(". ".join(captions)) <= GRADE, captions


def test_what_may_be_harder_is_still_there_and_still_hard() -> None:
    found = {key: bare(text) for _, key, text in texts()}
    assert {key for key in HARDER if grade(found.get(key, "")) <= GRADE} == set()


@pytest.mark.parametrize("word", INSTEAD)
def test_one_thing_has_one_word(word: str) -> None:
    found = [(key, text) for _, key, text in visitors() if re.search(word, text, re.IGNORECASE)]
    assert found == [], f"say: {INSTEAD[word]}"
