"""Fingers, palms and arms on the glass: which touch is meant, and which is only somebody who leans on it."""

from dataclasses import dataclass, replace
from math import dist

from kiosk.core.message import Moved, Touched

# Fingers of one hand come down within a moment of each other; a finger that stays longer than that rests there.
TOGETHER_S = 1.0
# A hand that rests covers so much around each of its fingers, and rolls within it.
HAND_MM = 60.0
# A finger whose end was never told does not rest there for ever.
FORGOTTEN_S = 60.0


@dataclass(frozen=True, slots=True)
class Contact:
    """A finger that is on the glass: where, and since when."""

    finger: int
    x_px: int
    y_px: int
    since_s: float


Contacts = tuple[Contact, ...]


def leans(contacts: Contacts, touch: Touched, now_s: float, hand_px: int) -> bool:
    """Return whether a touch is a part of a hand that is on the glass already: it came with it, or lies within it."""
    return any(
        now_s - one.since_s < TOGETHER_S
        or (
            now_s - one.since_s < FORGOTTEN_S
            and dist((one.x_px, one.y_px), (touch.x_px, touch.y_px)) <= hand_px
        )
        for one in lifted(contacts, touch.finger)
    )


def came_down(contacts: Contacts, touch: Touched, now_s: float) -> Contacts:
    """Return the fingers on the glass with one more."""
    return (*lifted(contacts, touch.finger), Contact(touch.finger, touch.x_px, touch.y_px, now_s))


def moved(contacts: Contacts, move: Moved) -> Contacts:
    """Return the fingers on the glass, one of them elsewhere."""
    return tuple(
        replace(one, x_px=move.x_px, y_px=move.y_px) if one.finger == move.finger else one for one in contacts
    )


def lifted(contacts: Contacts, finger: int) -> Contacts:
    """Return the fingers on the glass without one."""
    return tuple(one for one in contacts if one.finger != finger)
