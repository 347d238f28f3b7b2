"""What the staff's plots are made of, from the counters: each day has its own, an hour's and a screen's by name."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from kiosk.store.counters import Counts
from kiosk.topics.staff.facts import Answers, Plots, ScreenTime, Span

BY_HOUR = ("visits", "ended_by_visitor", "fooled")
HOURS = range(24)
OPEN_HOURS = range(10, 18)  # drawn even where nothing was counted
DAYS_SHOWN = 14
MOST_SCREENS = 9


def at_hour(name: str, hour: int) -> str:
    """Return the name of a counter's share of an hour."""
    return f"{name} at {hour:02}"


def seconds_of(screen: str) -> str:
    """Return the name of the counter of a screen's seconds."""
    return f"seconds {screen}"


def plotted(counts: Counts, day: date) -> Plots:
    """Return what is drawn of the counts on a day."""
    everything = Counter[str]()
    for counted in counts.values():
        everything.update(counted)
    return Plots(
        today=hours_of(Counter(counts.get(day, {}))),
        hours=hours_of(everything),
        days=tuple(_days(counts, day)),
        screens=screen_times(counts),
        answers=Answers(*(everything[f"verdict_{name}"] for name in ("right", "nearly", "wrong", "unsure"))),
    )


def hours_of(counted: Counter[str]) -> tuple[Span, ...]:
    """Return the hours from the first to the last in which anything was counted, the usual open ones at the least."""
    shown = {hour for hour in HOURS if any(counted[at_hour(name, hour)] for name in BY_HOUR)}
    first, last = min(shown | {*OPEN_HOURS}), max(shown | {*OPEN_HOURS})
    return tuple(_span(str(hour), counted, hour) for hour in range(first, last + 1))


def _span(name: str, counted: Counter[str], hour: int) -> Span:
    begun, ended, fooled = (counted[at_hour(counter, hour)] for counter in BY_HOUR)
    return Span(name, (begun, ended, fooled))


def _days(counts: Counts, day: date) -> Iterator[Span]:
    """Yield the last days, also those on which it was closed."""
    for back in reversed(range(DAYS_SHOWN)):
        shown = day - timedelta(days=back)
        begun, ended, fooled = (counts.get(shown, {}).get(counter, 0) for counter in BY_HOUR)
        yield Span(f"{shown.day}.{shown.month}.", (begun, ended, fooled))


def screen_times(counts: Counts) -> tuple[ScreenTime, ...]:
    """Return the screens that were seen most often, of the days that know for how long."""
    seen, seconds = Counter[str](), Counter[str]()
    for counted in counts.values():
        for name, count in counted.items():
            kind, _, screen = name.partition(" ")
            if kind == "screen" and seconds_of(screen) in counted:
                seen[screen] += count
                seconds[screen] += counted[seconds_of(screen)]
    return tuple(
        ScreenTime(screen, count, seconds[screen] / count) for screen, count in seen.most_common(MOST_SCREENS)
    )
