"""A lie is named by a label or a number; what is unclear is refused with a way out."""

from pathlib import Path

import pytest

from kiosk.errors import BadArgumentError
from kiosk.words.label_file import read_label_file, without_numbers
from kiosk.words.model_labels import ModelLabels

LABELS = ModelLabels(
    ("goldfish", "crane", "zebra", "coffee mug", "African elephant", "Indian elephant", "crane")
)


def refusal(given: str | int) -> str:
    with pytest.raises(BadArgumentError) as caught:
        LABELS.index(given)
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    return message


@pytest.mark.parametrize(
    ("given", "index"),
    [
        ("zebra", 2),
        ("ZEBRA", 2),
        ("  Zebra ", 2),
        ("african ELEPHANT", 4),
        ("coffee mug", 3),
        (0, 0),
        (6, 6),
        ("6", 6),
        (" 2 ", 2),
    ],
)
def test_a_label_is_found_by_name_or_number(given: str | int, index: int) -> None:
    assert LABELS.index(given) == index


def test_a_name_that_two_classes_bear_is_refused_with_both_numbers() -> None:
    message = refusal("Crane")
    assert "1 and 6" in message
    assert "number" in message
    assert LABELS.index("1") == 1
    assert LABELS.index("6") == 6


@pytest.mark.parametrize(
    ("given", "near"),
    [("zebraa", "zebra"), ("goldfsh", "goldfish"), ("mug", "coffee mug"), ("COFFE MUG", "coffee mug")],
)
def test_near_matches_of_an_unknown_name_are_named(given: str, near: str) -> None:
    message = refusal(given)
    assert given in message
    assert f"did you mean {near}" in message


def test_every_label_that_holds_the_word_is_named() -> None:
    message = refusal("elephant")
    assert "African elephant" in message
    assert "Indian elephant" in message


def test_a_name_like_no_other_is_refused_without_a_guess() -> None:
    assert "did you mean" not in refusal("xylophonist")


@pytest.mark.parametrize("given", [7, "7", 1000, "1000", -1])
def test_a_number_out_of_range_is_refused_with_the_range(given: str | int) -> None:
    message = refusal(given)
    assert str(given) in message
    assert "0 to 6" in message


@pytest.mark.parametrize("given", ["", "  ", "²", "½", "1.0", "-1", "1e3", "9" * 5000])
def test_what_is_neither_name_nor_number_is_refused(given: str) -> None:
    refusal(given)


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["0 Class 1", "1 Class 2"], ["Class 1", "Class 2"]),
        (["1 cup", "2 cat", "3 dog"], ["cup", "cat", "dog"]),
        (["00\tcup", "01\tcat"], ["cup", "cat"]),
        (["0: cup", "1: cat"], ["cup", "cat"]),
        (["1. cup", "2) cat"], ["cup", "cat"]),
        (["0,cup", "1,cat"], ["cup", "cat"]),
        (["!0 cup", "1 !cat"], ["!cup", "!cat"]),
    ],
)
def test_running_numbers_are_no_part_of_labels(lines: list[str], names: list[str]) -> None:
    assert without_numbers(lines) == names


@pytest.mark.parametrize(
    "lines",
    [
        ["0 cup", "2 cat"],
        ["2 cup", "3 cat"],
        ["0 cup", "cat"],
        ["1 cup", "0 cat"],
        ["1 euro", "2 euro"],
        ["0", "1"],
        ["1st", "2nd"],
        ["0.5 litres", "1.7 litres"],
    ],
)
def test_numbers_that_do_not_run_are_names(lines: list[str]) -> None:
    assert without_numbers(lines) == lines


def test_teachable_machines_labels_are_read_without_their_numbers() -> None:
    file = Path(__file__).resolve().parents[3] / "shared/inputs/models/labels_of_teachable_machine.txt"
    if not file.exists():
        pytest.skip(f"{file} is not on this machine")
    assert read_label_file(file).names == ("Class 1", "Class 2")
