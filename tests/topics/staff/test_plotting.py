"""What is drawn of the counts: by hour, by day, by screen, and what visitors said of the first answers."""

from datetime import date

from kiosk.topics.staff.facts import Answers, ScreenTime
from kiosk.topics.staff.performing.plotting import DAYS_SHOWN, OPEN_HOURS, plotted

TODAY = date(2026, 11, 27)
COUNTS = {
    date(2026, 11, 25): {"visits": 9, "ended_by_visitor": 2, "fooled": 7, "screen Live": 900},
    date(2026, 11, 26): {
        **{"visits": 5, "visits at 09": 4, "visits at 14": 1, "fooled": 3, "fooled at 14": 3},
        **{"screen Live": 4, "seconds Live": 30, "screen Choose": 1, "seconds Choose": 8},
        **{"verdict_right": 2, "verdict_wrong": 1},
    },
    TODAY: {"visits": 1, "visits at 19": 1, "verdict_unsure": 1, "screen Live": 1, "seconds Live": 10},
}


def test_hours_reach_from_the_first_visit_to_the_last() -> None:
    plots = plotted(COUNTS, TODAY)
    assert [span.name for span in plots.today] == [str(hour) for hour in range(OPEN_HOURS.start, 20)]
    assert [span.name for span in plots.hours] == [str(hour) for hour in range(9, 20)]
    assert {span.name: span.counted for span in plots.hours if sum(span.counted)} == {
        "9": (4, 0, 0),
        "14": (1, 0, 3),
        "19": (1, 0, 0),
    }


def test_days_end_today_and_leave_none_out() -> None:
    days = plotted(COUNTS, TODAY).days
    assert len(days) == DAYS_SHOWN
    assert [(day.name, day.counted) for day in days[-3:]] == [
        ("25.11.", (9, 2, 7)),
        ("26.11.", (5, 0, 3)),
        ("27.11.", (1, 0, 0)),
    ]


def test_screens_are_timed_on_the_days_that_know_for_how_long() -> None:
    assert plotted(COUNTS, TODAY).screens == (ScreenTime("Live", 5, 8.0), ScreenTime("Choose", 1, 8.0))


def test_the_museums_own_figure_counts_what_visitors_said() -> None:
    answers = plotted(COUNTS, TODAY).answers
    assert answers == Answers(right=2, nearly=0, wrong=1, unsure=1)
    assert answers.known == 3


def test_nothing_counted_is_nothing_drawn() -> None:
    plots = plotted({}, TODAY)
    assert not any(sum(span.counted) for span in (*plots.today, *plots.hours, *plots.days))
    assert (plots.screens, plots.answers) == ((), Answers())
