"""What fingers and buttons do to the focus, and which control they press; pure, one scene at a time."""

from dataclasses import dataclass, replace
from math import dist

from kiosk.core.context import Context
from kiosk.core.message import Button, Moved, Touched
from kiosk.core.parts import corner_of
from kiosk.core.scene import Control, ControlId, Scene
from kiosk.core.staff import CORNER_HOLD_S
from kiosk.program import contacts
from kiosk.program.contacts import HAND_MM, Contacts

HOLD_S = 0.6
COOL_DOWN_S = 0.2
PRESSED_S = 0.15
# Longer than the pause within a double tap: its second half must not press what the first one brought.
DEAF_S = 0.4
SAME_PLACE_MM = 8.0


@dataclass(frozen=True, slots=True)
class Held:
    """A finger that is down on a control, and since when."""

    finger: int
    control: ControlId
    since_s: float = 0.0


@dataclass(frozen=True, slots=True)
class CornerHeld:
    """A finger that rests in the staff's corner: where it came down, and when."""

    finger: int
    place: tuple[int, int]
    since_s: float


@dataclass(frozen=True, slots=True)
class Input:
    """What fingers and buttons did: the focus, the control just pressed (and where a finger did), what is down.

    `changed_s` is when another screen came, `contacts` are the fingers on the glass, `corner` is the one that rests
    in the staff's corner; `by_buttons`: a button was used last; `uses_buttons`: one was used at
    all, by this visitor.
    """

    focused: ControlId | None = None
    pressed: ControlId | None = None
    pressed_s: float = 0.0
    place: tuple[int, int] | None = None
    shutter_s: float | None = None
    moved: bool = False
    down_s: tuple[tuple[Button, float], ...] = ()
    touched_s: float = 0.0
    held: Held | None = None
    contacts: Contacts = ()
    corner: CornerHeld | None = None
    by_buttons: bool = False
    uses_buttons: bool = False
    changed_s: float = float("-inf")


def shown(given: Input, scene: Scene, now_s: float) -> Scene:
    """Return the scene with its focus and its pressed control."""
    focused = scene.focused_or_primary(given.focused)
    pressed = given.pressed if now_s - given.pressed_s < PRESSED_S else None
    if given.held is not None:
        pressed = given.held.control
    if given.shutter_s is not None and not given.moved:
        pressed = focused
    return replace(scene, focused=focused, pressed=pressed)


def deaf(given: Input, now_s: float) -> bool:
    """Return whether another screen came so short a while ago that nothing was meant for it yet."""
    return now_s - given.changed_s < DEAF_S


def another_screen(given: Input, now_s: float) -> Input:
    """Return the input as another screen finds it: nothing is held, and it is deaf for a while."""
    return replace(given, focused=None, held=None, shutter_s=None, moved=False, changed_s=now_s)


def leans(given: Input, touch: Touched, context: Context) -> bool:
    """Return whether a touch is not meant: it belongs to a hand that is on the glass already."""
    return contacts.leans(given.contacts, touch, context.now_s, context.panel.px(HAND_MM))


def came_down(given: Input, touch: Touched, context: Context) -> Input:
    """Return the input with one more finger on the glass; one that came down in the staff's corner holds it."""
    corner = _unless(given.corner, touch.finger)
    if corner is None and corner_of(context).contains(touch.x_px, touch.y_px):
        corner = CornerHeld(touch.finger, (touch.x_px, touch.y_px), context.now_s)
    down = contacts.came_down(given.contacts, touch, context.now_s)
    return replace(given, contacts=down, corner=corner, by_buttons=False)


def slid(given: Input, move: Moved, context: Context) -> Input:
    """Return the input with a finger elsewhere on the glass; one that paints does not rest in the staff's corner."""
    corner = given.corner
    if corner is not None and dist(corner.place, (move.x_px, move.y_px)) > context.panel.px(SAME_PLACE_MM):
        corner = _unless(corner, move.finger)
    return replace(given, contacts=contacts.moved(given.contacts, move), corner=corner)


def came_up(given: Input, finger: int) -> Input:
    """Return the input with one finger less on the glass."""
    corner = _unless(given.corner, finger)
    return replace(given, contacts=contacts.lifted(given.contacts, finger), corner=corner)


def _unless(corner: CornerHeld | None, finger: int) -> CornerHeld | None:
    """Return what holds the corner, None where that is this finger."""
    return None if corner is not None and corner.finger == finger else corner


def touched(
    given: Input, scene: Scene, touch: Touched, now_s: float, near_px: int
) -> tuple[Input, Control | None]:
    """Return the input, and the control a finger pressed; while one finger holds a control, others press nothing.

    A finger that comes down anew was up meanwhile, even if that was not told. The second half of a double tap is meant
    for what stood there before, `near_px` around it, though the first half replaced that; a control of the same name,
    such as one that turns pages, is none that replaced it.
    """
    control = scene.hit(touch.x_px, touch.y_px)
    if given.held is not None and given.held.finger == touch.finger:
        given = replace(given, held=None)
    if control is None or control.off or given.held is not None:
        return given, None
    place, since_s = (touch.x_px, touch.y_px), now_s - given.pressed_s
    if not control.holds and control.id == given.pressed and since_s < again_after_s(control):
        return given, None
    near = given.place is not None and dist(given.place, place) <= near_px
    if near and since_s < DEAF_S and not _alike(given.pressed, control.id):
        return given, None
    held = Held(touch.finger, control.id, now_s) if control.holds else None
    return replace(pressed(given, control.id, now_s, place), focused=None, held=held), control


def again_after_s(control: Control) -> float:
    """Return how long after a press of a control the next one is no second half of a double tap."""
    return COOL_DOWN_S if control.repeats else DEAF_S


def pressed_again(given: Input, control: Control, now_s: float) -> bool:
    """Return whether the shutter's press is the second half of a double one, or what its first half replaced."""
    since_s = now_s - given.pressed_s
    if control.id == given.pressed:
        return since_s < again_after_s(control)
    return control.id != given.focused and not _alike(given.pressed, control.id) and since_s < DEAF_S


def _alike(one: ControlId | None, other: ControlId) -> bool:
    return one is not None and one.name == other.name


def dragged(given: Input, scene: Scene, move: Moved) -> Control | None:
    """Return the control that the moving finger holds, if it is that finger and the control is still there."""
    if given.held is None or given.held.finger != move.finger:
        return None
    return scene.control_of(given.held.control)


def corner_held(given: Input, now_s: float) -> bool:
    """Return whether a finger has held the staff's corner for long enough."""
    return given.corner is not None and now_s - given.corner.since_s >= CORNER_HOLD_S


def pressed(given: Input, control: ControlId, now_s: float, place: tuple[int, int] | None = None) -> Input:
    """Return the input with a control just pressed, by a finger at a place or by a button."""
    return replace(given, pressed=control, pressed_s=now_s, place=place)


def too_soon(given: Input, button: Button, now_s: float) -> bool:
    """Return whether a button bounces: it went down a moment ago."""
    last_s = dict(given.down_s).get(button)
    return last_s is not None and now_s - last_s < COOL_DOWN_S


def went_down(given: Input, button: Button, now_s: float) -> Input:
    """Return the input with a button just gone down; the shutter begins to be held."""
    down_s = tuple({**dict(given.down_s), button: now_s}.items())
    shutter_s = now_s if button is Button.SHUTTER else None
    return replace(given, down_s=down_s, shutter_s=shutter_s, moved=False)


def focus_moved(given: Input, scene: Scene, by: int) -> Input:
    """Return the input with the focus moved on (or back)."""
    return replace(given, focused=scene.moved(given.focused, by))


def shutter_due(given: Input, now_s: float) -> bool:
    """Return whether the shutter is held so long that it moves the focus on (again)."""
    return given.shutter_s is not None and now_s - given.shutter_s >= HOLD_S
