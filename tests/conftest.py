"""What every test needs: no display, no sound, and a say in whether goldens may change."""

import os

import pytest

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option that draws the goldens anew."""
    parser.addoption("--update-golden", action="store_true", help="draw the golden pictures anew")


def pytest_configure(config: pytest.Config) -> None:
    """Goldens are never changed where nobody looks at them."""
    if config.getoption("--update-golden") and os.environ.get("CI", "").lower() not in ("", "0", "false"):
        raise pytest.UsageError("--update-golden is refused under CI: draw them at a desk and look at them")
