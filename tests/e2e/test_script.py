"""The exhibit's own script of a visit, walked with a real pointer on a real display."""

from pathlib import Path

from kiosk.core.health import Phase
from kiosk.device.state_folder import StateFolder
from kiosk.exhibit.script import Move, Walk, visit_script
from kiosk.exhibit.topics import TOPICS
from tests.e2e.exhibit_driver import Display, Exhibit
from tests.e2e.test_exhibit import camera, end
from tests.player import FLAMINGO, spelled

__all__ = ["camera"]

STEP_S = 30.0


def test_the_script_leads_through_a_whole_visit(
    display: Display, state: StateFolder, tmp_path: Path, camera: Path
) -> None:
    steps = visit_script(TOPICS)
    walk, seen = Walk(steps, FLAMINGO), list[str]()
    with Exhibit(display, state.path, tmp_path, camera) as exhibit:
        exhibit.wait(lambda: exhibit.lines, "the first lines of its log")
        exhibit.wait(lambda: exhibit.state.context.gradients.phase is Phase.READY, "the gradient process")
        while not walk.finished:
            moves: list[Move] = []

            def moved(moves: list[Move] = moves) -> bool:
                move = walk.move(exhibit.by_now)
                moves.append(move)
                return move != Move()

            exhibit.wait(moved, f"the step after {seen[-1:]}", STEP_S)
            if moves[-1].press is not None:
                exhibit.tap(spelled(moves[-1].press))
            if moves[-1].over is not None:
                seen.append(moves[-1].over.shot)
        end(exhibit)
    assert seen == [step.shot for step in steps]
