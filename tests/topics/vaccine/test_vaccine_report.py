"""When a vaccine helped: the report is honest in its verdict too."""

from dataclasses import replace

import pytest

from kiosk.topics.vaccine.facts import Resistance, VaccineReport

GOOD = VaccineReport(
    same_picture_right=True,
    same_photo=Resistance(2, 5),
    others=(Resistance(3, 3), Resistance(4, 2)),
    clean_before=0.95,
    clean_after=0.95,
    most_steps=16,
)


@pytest.mark.parametrize(
    ("before", "after", "grew"),
    [(2, 5, True), (2, None, True), (3, 3, False), (5, 2, False), (None, None, False), (None, 4, False)],
)
def test_resistance_grew_where_more_steps_are_needed(
    before: int | None, after: int | None, grew: bool
) -> None:
    assert Resistance(before, after).grew is grew


def test_it_helped_where_the_photograph_is_harder_to_fool() -> None:
    assert GOOD.helped
    assert not GOOD.helped_elsewhere


@pytest.mark.parametrize(
    "worse",
    [
        replace(GOOD, same_picture_right=False),
        replace(GOOD, same_photo=Resistance(3, 3)),
        replace(GOOD, clean_after=0.90),
    ],
)
def test_it_did_not_help(worse: VaccineReport) -> None:
    assert not worse.helped


def test_a_small_loss_on_clean_pictures_is_forgiven() -> None:
    assert replace(GOOD, clean_after=0.935).helped


@pytest.mark.parametrize(
    ("others", "elsewhere"),
    [
        ((), False),
        ((Resistance(2, 3),), True),
        ((Resistance(2, 3), Resistance(2, 2)), False),
        ((Resistance(2, 3), Resistance(2, None), Resistance(2, 1)), True),
    ],
)
def test_elsewhere_means_most_others(others: tuple[Resistance, ...], elsewhere: bool) -> None:
    assert replace(GOOD, others=others).helped_elsewhere is elsewhere
