"""What is on the screen, whatever hands do: the screen's own scene, or a question that stands over it."""

from dataclasses import replace

from kiosk.core.scene import Scene
from kiosk.core.screen import RestingScreen, StaffScreen
from kiosk.program.drift import drifted
from kiosk.program.leaving import question
from kiosk.program.state import State
from kiosk.program.strip import strip


def shown(state: State) -> Scene:
    """Return it; a screen that waits for hours moves a little, and whoever needs the buttons reads what they do."""
    context = state.context
    scene = question(state) or state.screen.view(context)
    if _tells_of_buttons(state, scene):
        scene = replace(scene, items=(*scene.items, *strip(context, arrows=scene.arrows)))
    if isinstance(state.screen, RestingScreen):
        return drifted(scene, context.panel, context.now_s)
    return scene


def _tells_of_buttons(state: State, scene: Scene) -> bool:
    """Return whether there are buttons to be used here, or they are used already by this visitor."""
    if isinstance(state.screen, RestingScreen):
        return state.context.buttons and scene.primary is not None
    return state.input.uses_buttons and not isinstance(state.screen, StaffScreen)
