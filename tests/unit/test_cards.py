"""Further cards are data: up to four of them fit on every panel, each to be pressed anywhere."""

from dataclasses import replace

import pygame
import pytest

from kiosk.core.layout import TOUCH_FLOOR_MM
from kiosk.core.model import Texts
from kiosk.core.scene import Control, Words
from kiosk.core.screen import ToDice
from kiosk.program import view
from kiosk.screens import cards
from kiosk.screens.cards import CARDS, TEACH, Card
from kiosk.ui.paint import Painter
from tests.driver import PANELS, at_cards

ALL = (*CARDS, TEACH, Card("fourth", "plus", ToDice, "fourth"))
WORDS = {
    "cards.fourth": "Vaccinate it",
    "cards.fourth_idea": "Show it the trick with the right answer: does that help?",
    "cards.fourth_action": "Vaccinate",
}


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("count", [2, 3, 4])
def test_so_many_cards_fit(panel: str, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    state = at_cards(panel).state
    monkeypatch.setattr(cards, "offered", lambda _visit, _hall: ALL[:count])
    scene = view(replace(state, texts=Texts({**state.texts.words, **WORDS})))
    reaches = [control.reach for control in scene.controls if control.reach is not None]
    assert len(reaches) == count
    painter = Painter(pygame.Surface((8, 8), 0, 32))
    words = [item for item in scene.items if isinstance(item, Words)]
    for control in scene.controls:
        assert isinstance(control, Control)
        assert min(control.box.w, control.box.h) / PANELS[panel].px_per_mm >= TOUCH_FLOOR_MM
        assert control.box.inside(control.target)
        words += painter.control_words(control)
    for number, reach in enumerate(reaches):
        assert not any(reach.overlaps(other) for other in reaches[number + 1 :])
    for text in words:
        fitted = painter.fonts.fitted(text)
        assert fitted.width_px <= text.box.w, text
        assert fitted.height_px <= text.box.h, text
        assert fitted.size_px >= text.floor_px, (fitted.size_px, text)
