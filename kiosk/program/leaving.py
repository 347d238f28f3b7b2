"""*Start again*: where something was taught it is asked first whether that shall really be forgotten."""

from dataclasses import replace

from kiosk.core.context import Context
from kiosk.core.layout import columns, layout_of
from kiosk.core.message import ToEnd
from kiosk.core.parts import button, centrepiece, large_and_quiet, scene_of
from kiosk.core.scene import Colour, Icon, Item, Picture, Scene
from kiosk.core.screen import VisitScreen
from kiosk.program.idle import still_there
from kiosk.program.input import another_screen
from kiosk.program.navigation import picture_shown
from kiosk.program.state import State

AGAIN, STAY, FORGET = "again", "stay", "forget"


def really(picture: str, context: Context) -> Scene:
    """Return the question under the picture of that name: to stay is the next action, to forget stands beside it."""
    layout = layout_of(context.panel)
    disc, words, deck, _ = centrepiece(context.panel)
    side = round(disc.w * 0.58)
    stay, forget = columns(deck, 2, layout.gap)
    items: list[Item] = [
        Picture(disc.square(side), picture, layout.radius)
        if picture
        else Icon(disc.square(side), "teach", Colour.MUTE),
        *large_and_quiet(words, context, "leaving.title", "leaving.note"),
        button(
            layout, STAY, stay, context.texts("leaving.stay"), "hand", size_px=round(layout.control * 1.3)
        ),
        button(layout, FORGET, forget, context.texts("leaving.forget"), "bin"),
    ]
    return scene_of(context, "leaving", items, STAY)


def question(state: State) -> Scene | None:
    """Return the question that stands over the screen, if one does."""
    if state.alone_since_s is not None:
        return still_there(state.alone_since_s, picture_shown(state), state.context)
    return really(picture_shown(state), state.context) if state.leaving else None


def begun_anew(state: State, control: str) -> State | ToEnd | None:
    """Return what a pressed control leads to, where it is *Start again* or answers its question; else None."""
    asks = control == AGAIN and isinstance(state.screen, VisitScreen)
    if (state.leaving and control == FORGET) or (asks and not state.visitor.has_taught):
        return ToEnd()
    if not state.leaving and not asks:
        return None
    hands = another_screen(state.input, state.context.now_s)
    return replace(state, leaving=not state.leaving, input=hands)
