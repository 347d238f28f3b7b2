"""What pytest does with figures: it keeps a group's in its file, and shows all others when it ends."""

import signal
from collections.abc import Generator
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.figures import figure
from tests.figures.figure import Figure
from tests.figures.kept import GROUPS, Kept, groups_of
from tests.figures.table import table_text


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--keep-figures", type=Path, help="keep a group's figures in this file; go on with it")
    parser.addoption("--tree", default="", help="the state of the tree that is measured")


def pytest_configure(config: pytest.Config) -> None:
    file: Path | None = config.getoption("--keep-figures")
    config.pluginmanager.register(
        Keeping(Kept.begun(file, config.getoption("--tree"))) if file else Showing()
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse to run where a slow test would be in no group's file, or in two."""
    slow = [item.nodeid for item in items if item.get_closest_marker("slow")]
    strays = [test for test in slow if len(groups_of(test)) != 1]
    if strays:
        raise pytest.UsageError(f"{GROUPS.name} names no group, or several, for {', '.join(strays)}")


class Showing:
    """Shows figures in a table at the end of a run."""

    def __init__(self) -> None:
        self._figures: list[Figure] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        figure.listen(lambda measured: item.user_properties.append(("figure", asdict(measured))))
        try:
            return (yield)
        finally:
            figure.listen()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take a test's figures from its last report, which comes from another process with xdist."""
        if report.when == "teardown":
            self._figures += [Figure(**of) for name, of in report.user_properties if name == "figure"]  # type: ignore[arg-type]

    # In quotes: the pytest of Debian 13, which arm64's tests run with, does not export it.
    def pytest_terminal_summary(self, terminalreporter: "pytest.TerminalReporter") -> None:
        if self._figures:
            terminalreporter.section("figures")
            terminalreporter.write(table_text(map(asdict, self._figures)))


class Keeping:
    """Keeps a group's figures, and leaves out the tests that passed when it was run before."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._outcome, self._seconds = "passed", 0.0
        # A shell's background job ignores the signal by which `timeout` ends a group.
        signal.signal(signal.SIGINT, signal.default_int_handler)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        passed = [item for item in items if item.nodeid in self._kept.passed]
        config.hook.pytest_deselected(items=passed)
        items[:] = [item for item in items if item not in passed]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        figure.listen(lambda measured: self._kept.add_figure(item.nodeid, measured))
        self._outcome, self._seconds = "passed", 0.0
        try:
            return (yield)
        finally:
            figure.listen()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._seconds += report.duration
        if self._outcome != "failed" and report.outcome != "passed":
            self._outcome = report.outcome

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self._kept.add_end(nodeid, self._outcome, self._seconds)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        nothing_left = exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and self._kept.passed
        if nothing_left:
            session.exitstatus = pytest.ExitCode.OK
        if nothing_left or exitstatus == pytest.ExitCode.OK:
            self._kept.complete()
