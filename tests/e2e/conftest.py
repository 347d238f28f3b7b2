"""What the tests of the installed command share."""

from collections.abc import Iterator

import pytest

from tests.e2e.exhibit_driver import PANEL, Display, skip_without_tools


@pytest.fixture
def display() -> Iterator[Display]:
    """A screen of the test's own."""
    skip_without_tools()
    width, _, height = PANEL.partition("x")
    with Display(int(width), int(height)) as display:
        yield display
