"""Visits that want to try more, with as many cards as a test needs."""

from dataclasses import dataclass, replace
from types import MappingProxyType

from kiosk.core.context import Card, Context, Offer, Texts
from kiosk.core.message import Way
from kiosk.core.parts import scene_of
from kiosk.core.scene import Box, Control, Scene
from kiosk.core.screen import Outcome, ScreenEvent, VisitScreen
from kiosk.core.topic import Entered
from kiosk.core.visit import Visit
from tests.player import Player
from tests.topics.attack.scripted import at_fooled

# Drawing, title, sentence, action: as long as those of real cards are, and longer.
IDEAS = (
    ("dice", "Dice noise", "Throw just as much noise by dice: does that fool it too?", "Roll the dice"),
    ("brush", "Paint on it", "Can you paint the lie away, with a stripe, a star or a blot?", "Paint"),
    ("teach", "Teach it", "Show it two things of your own. Then fool it about them.", "Teach"),
    (
        "vaccine",
        "Vaccinate it",
        "Tell it what this really is. Does that help against the noise?",
        "Vaccinate",
    ),
    ("eye", "Where it looks", "Cover one spot after another: what can it not do without?", "Cover spots"),
    (
        "letters",
        "A word beside it",
        "Hold up a paper with another name. Will it read, or look?",
        "Write a word",
    ),
    ("move", "Turn it round", "It knows the thing upright. How far can you turn it?", "Turn"),
    (
        "model",
        "Ask another one",
        "Does the noise that fooled this one fool a different one too?",
        "Compare",
    ),
    ("matrix", "Who mixes what", "See which things it takes for one another, and how often.", "Look"),
    ("picture", "Blur it", "Take the sharpness out of the picture: when does it give up?", "Blur"),
    ("bolt", "A single pixel", "Change one pixel of fifty thousand. Can that be enough?", "Try one pixel"),
    ("camera", "Film the lie", "Hold the picture up to the camera: is it still fooled?", "Film it"),
    ("record", "Squeeze the file", "Save it as small as on the web. Does the noise survive?", "Squeeze"),
    (
        "album",
        "See its school",
        "See some of the pictures it learned from. What is missing?",
        "Open album",
    ),
    ("train", "Train it longer", "Give it more rounds with the same pictures: is it better?", "Train"),
    ("anything", "Anything at all", "Start from grey noise, and let it see a flamingo in it.", "Start"),
    ("other", "The other way", "Make it say the truth again, with noise on the noise.", "Undo the lie"),
    ("equals", "Same or not?", "Guess which of two pictures fools it, before it says so.", "Guess"),
    ("hand", "A hand in front", "How much may you hide until it does not know the thing?", "Hide"),
    ("plus", "Two at once", "Show it two things together. Which one does it name?", "Show two"),
    ("wait", "Faster, slower", "Give it small steps or big ones: which need less noise?", "Try steps"),
    ("minus", "Fewer colours", "Paint the world with eight colours. Is that still a banana?", "Cut colours"),
    ("stick", "Noise for all", "One pattern of noise fools it about almost every picture.", "Stick it on"),
    ("arrows", "Make it smaller", "Shrink the picture to a stamp. What does it see in that?", "Shrink"),
)


@dataclass(frozen=True, slots=True)
class ToIdea(Way):
    """Try what a card of a test offers."""

    number: int


@dataclass(frozen=True, slots=True)
class Idea(VisitScreen):
    """Where a card of a test leads."""

    number: int

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return the same screen."""
        del event, context
        return Outcome(self)

    def view(self, context: Context) -> Scene:
        """Return a scene with one control."""
        return scene_of(context, "idea", (Control("done", Box(0, 0, 200, 200)),), "done")


def at_cards(panel: str = "1280x800") -> Player:
    """A visit that fooled it and wants to try more."""
    playing = at_fooled(panel)
    playing.touch("cards")
    return playing


def turned_to(name: str, panel: str = "1280x800") -> Player:
    """A visit that turned the cards until the one of that name was there."""
    return turned_from(at_cards(panel), name)


def turned_from(playing: Player, name: str) -> Player:
    """The same visit, once it turned its cards until the one of that name was there."""
    seen = 0
    while playing.find(f"card-{name}") is None:
        turns = [int(turn.removeprefix("turn-")) for turn in playing.names if turn.startswith("turn-")]
        assert max(turns, default=0) > seen, f"there is no card {name}"
        seen = max(turns)
        playing.touch(f"turn-{seen}")
    return playing


def at_card(name: str, panel: str = "1280x800") -> Player:
    """A visit that turned the cards until the one of that name was there, and pressed it."""
    playing = turned_to(name, panel)
    playing.touch(f"card-{name}")
    return playing


def at_cards_of(panel: str, count: int, timely: int | None = None) -> Player:
    """Return a visit at so many cards that only tests have, named by their numbers."""
    playing = at_cards(panel)
    words = dict(playing.state.context.texts.words)
    for number, (_, title, idea, action) in enumerate(IDEAS[:count]):
        key = f"trial.card{number}"
        words |= {key: title, f"{key}_idea": idea, f"{key}_action": action}
    offers = tuple(_offer(number, timely=number == timely) for number in range(count))
    doors = {**playing.state.doors, ToIdea: lambda way, _context: Entered(Idea(way.number))}
    context = replace(playing.state.context, texts=Texts(words), offers=offers)
    playing.state = replace(playing.state, context=context, doors=MappingProxyType(doors))
    return playing


def _offer(number: int, *, timely: bool) -> Offer:
    """Return what offers one card."""
    card = Card(str(number), IDEAS[number][0], ToIdea(number), f"trial.card{number}", timely=timely)

    def offer(_visit: Visit, _context: Context) -> Card:
        return card

    return offer
