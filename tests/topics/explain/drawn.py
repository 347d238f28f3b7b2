"""The states of this topic that are worth looking at."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from kiosk.topics.explain.facts import Page
from kiosk.topics.explain.messages import ContrastDrawn, MapsDrawn
from kiosk.topics.explain.screens.explain import Explain
from tests.player import ESPRESSO, Player
from tests.topics.attack.scripted import at_attack, at_fooled
from tests.topics.explain.scripted import BEFORE, at_explain, at_page


def _drawing(panel: str) -> Player:
    playing = at_fooled(panel)
    playing.answers = False
    playing.touch("why")
    playing.wait(0.5)
    return playing


def _without_noise(panel: str) -> Player:
    playing = at_attack(panel)
    playing.touch(f"bar-original-{ESPRESSO}")
    playing.wait(0.5)
    return playing


def _guess(panel: str) -> Player:
    """Where the squares are only the gradient's linearisation."""
    playing = at_explain(panel)
    screen = playing.state.screen
    assert isinstance(screen, Explain)
    assert isinstance(screen.drawn, ContrastDrawn)
    playing.state = replace(
        playing.state, screen=replace(screen, drawn=replace(screen.drawn, exact=False, adversarial=BEFORE))
    )
    return playing


def _no_evidence(panel: str) -> Player:
    playing = at_page(Page.ALONE, panel)
    screen = playing.state.screen
    assert isinstance(screen, Explain)
    assert isinstance(screen.drawn, MapsDrawn)
    dark = replace(screen.drawn, original_evidence=False, adversarial_evidence=False)
    playing.state = replace(playing.state, screen=replace(screen, drawn=dark))
    return playing


STATES: dict[str, Callable[[str], Player]] = {
    "explain": at_explain,
    "explain-drawing": _drawing,
    "explain-without-noise": _without_noise,
    "explain-guess": _guess,
    "explain-alone": partial(at_page, Page.ALONE),
    "explain-alone-dark": _no_evidence,
    "explain-reason": partial(at_page, Page.REASON),
}
