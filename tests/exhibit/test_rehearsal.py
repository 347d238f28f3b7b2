"""What is drawn before any visitor waits for it."""

from kiosk.exhibit.rehearsal import rehearsed
from kiosk.exhibit.topics import TOPICS
from kiosk.program.state import initial
from kiosk.words.friendly_labels import visitor_labels
from tests.player import PANELS, TEXTS, player


def test_what_is_not_offered_is_not_rehearsed() -> None:
    """Without signs nothing can be taught."""
    state = initial(TOPICS, PANELS["1280x800"], TEXTS, visitor_labels())
    there = {scene.name for scene in rehearsed(player().state, TOPICS)}
    assert there - {scene.name for scene in rehearsed(state, TOPICS)} == {"signs", "teach"}
