"""The lie, and the attack that makes the classifier say it."""

from dataclasses import replace

from kiosk.core.context import Context
from kiosk.core.scene import ControlId, Scene
from kiosk.core.topic import Entered, Step, Topic, door
from kiosk.core.visit import Visit, sample_visit
from kiosk.topics.attack.messages import ToAttack, ToChoose, ToLook
from kiosk.topics.attack.screens.attack import Attack
from kiosk.topics.attack.screens.choose import Choose
from kiosk.topics.attack.screens.look import Closely, Mode
from kiosk.topics.attack.screens.names import Page, Sort


def choose(way: ToChoose, _context: Context) -> Entered:
    """Choose a lie."""
    return Entered(Choose(way.visit))


def attack(way: ToAttack, context: Context) -> Entered:
    """Fool it."""
    return Entered(Attack(way.visit, touched_s=context.now_s))


def look(way: ToLook, _context: Context) -> Entered:
    """Look closely."""
    return Entered(Closely(way.visit, Mode.NOISE if way.noise else Mode.FLIP))


def lie_on(scene: Scene, context: Context, lie: int | None) -> ControlId | None:
    """Return the control that leads to a lie: its tile, or the way through the alphabet to it."""
    if lie is None:
        return ControlId("anything")
    tile = ControlId("label", lie)
    if scene.control_of(tile) is not None or lie not in context.labels.order:
        return tile
    place = context.labels.order.index(lie)
    for control in scene.controls:
        match control.id:
            case ("group", (int(start), int(end))) if start <= place < end:
                return control.id
    letters = ControlId("letters")
    return letters if scene.control_of(letters) is not None else ControlId("groups")


SCRIPT = (
    Step(
        "choose",
        over=lambda screen: isinstance(screen, Choose),
        sample=lambda context: Choose(Visit(sample_visit(context.labels).original)),
    ),
    Step(
        "groups",
        sample=lambda context: Choose(
            Visit(sample_visit(context.labels).original), (Page(Sort.GROUPS, context.labels.order),)
        ),
        aside=True,
    ),
    Step(
        "letters",
        sample=lambda context: Choose(
            Visit(sample_visit(context.labels).original), (Page(Sort.LETTERS, context.labels.order),)
        ),
        aside=True,
    ),
    Step(
        "attack",
        lie_on,
        over=lambda screen: isinstance(screen, Attack),
        sample=lambda context: Attack(replace(sample_visit(context.labels), shown=0)),
    ),
    Step(
        "running",
        sample=lambda context: Attack(replace(sample_visit(context.labels), shown=1), running=True),
        aside=True,
    ),
    Step(
        "verdict",
        ControlId("fool"),
        over=lambda screen: isinstance(screen, Attack) and not screen.busy,
        sample=lambda context: Attack(sample_visit(context.labels)),
    ),
    Step(
        "quiet",
        over=lambda screen: isinstance(screen, Attack) and screen.settled,
        sample=lambda context: Attack(replace(sample_visit(context.labels), settled=True)),
    ),
    Step("look", ControlId("look"), sample=lambda context: Closely(sample_visit(context.labels))),
    Step(
        "lens",
        ControlId("mode", Mode.LENS),
        sample=lambda context: Closely(sample_visit(context.labels), Mode.LENS),
    ),
    Step(
        "noise",
        ControlId("mode", Mode.NOISE),
        sample=lambda context: Closely(sample_visit(context.labels), Mode.NOISE),
    ),
    Step("", ControlId("back"), over=lambda screen: isinstance(screen, Attack)),
)

TOPIC = Topic(
    __package__, doors=(door(ToChoose, choose), door(ToAttack, attack), door(ToLook, look)), script=SCRIPT
)
