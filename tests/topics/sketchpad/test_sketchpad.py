"""The sketchpad as lists of events."""

import pytest

from kiosk.core.health import Health, Phase
from kiosk.core.message import Button, DropJob, GradientsChanged, JobLost, Lifted, Moved, Tick, Touched
from kiosk.core.painting import Ink, Paint, Place, Size, Tool
from kiosk.core.scene import Colour, Control
from kiosk.core.visit import Answer, Ranked, Verdict
from kiosk.program.input import SAME_PLACE_MM
from kiosk.topics.attack.messages import RunStep, ShowStep
from kiosk.topics.attack.screens.attack import Attack
from kiosk.topics.cards.screen import Cards
from kiosk.topics.sketchpad.messages import (
    ClearPaint,
    JudgePainting,
    PaintingJudged,
    Stamp,
    Stroke,
    UndoPaint,
)
from kiosk.topics.sketchpad.screens.sketchpad import PACE_S, Sketchpad
from kiosk.topics.sketchpad.screens.sketchpad_view import PLACES
from tests.player import CUP, ESPRESSO, FLAMINGO, PANELS, Player, of, said, screen_of, shown_keys, spelled
from tests.topics.attack.scripted import at_attack, at_fooled
from tests.topics.cards.scripted import at_cards
from tests.topics.sketchpad.scripted import SketchpadScript, at_sketchpad, sketchpad_of


def strokes(playing: Player) -> list[Stroke]:
    return of(playing, Stroke)


def light_to(playing: Player, name: str) -> None:
    """Move the light with the arrows."""
    for _ in range(len(playing.scene.controls)):
        if playing.focused == name:
            return
        playing.press(Button.LESS)
    assert playing.focused == name


@pytest.mark.parametrize("panel", PANELS)
def test_its_card_can_be_pressed_anywhere(panel: str) -> None:
    playing = at_cards(panel)
    playing.rest()
    reach = playing.control("card-paint").reach
    assert reach is not None
    playing.send(Touched(reach.x + 3, reach.y + 3))
    assert isinstance(screen_of(playing), Sketchpad)


def test_a_finger_paints_where_it_goes_and_the_answer_follows_when_it_lifts() -> None:
    playing = at_sketchpad()
    assert playing.focused == "canvas", "the picture is the next thing to touch"
    playing.script(SketchpadScript).painted = Answer((Ranked(ESPRESSO, 0.7), Ranked(FLAMINGO, 0.2)))
    before = len(of(playing, JudgePainting))
    playing.drag("canvas", (0.25, 0.5), (0.5, 0.5), (0.75, 0.25))
    first, *others = strokes(playing)
    assert first.begins
    assert not any(piece.begins for piece in others)
    assert (first.start, first.end) == (first.start, first.start), (
        "a finger that only comes down leaves a dab"
    )
    path = [first.start, *(piece.end for piece in others)]
    assert [piece.start for piece in others] == path[:-1], "no gaps"
    assert path[-1] == pytest.approx((0.75, 0.25), abs=0.01)
    assert {piece.ink for piece in strokes(playing)} == {Ink(Paint.RED, Size.MEDIUM)}
    assert len(of(playing, JudgePainting)) > before
    assert isinstance(playing.effects[-1], JudgePainting), (
        "asked for when the finger lifts, not a moment later"
    )
    assert "It sees espresso again!" in said(playing)
    assert sketchpad_of(playing).at is None
    assert "painted" in shown_keys(playing)


def test_while_a_finger_paints_the_answer_follows_at_a_pace() -> None:
    playing = at_sketchpad()
    playing.wait(1.0)
    asked = len(of(playing, JudgePainting))
    box = playing.control("canvas").box
    playing.send(Touched(box.x + 10, box.y + 10))
    since_s = playing.state.context.now_s
    for number in range(60):
        playing.send(Moved(box.x + 10 + 4 * number, box.y + 20), Tick(playing.state.context.now_s + 0.02))
    most = (playing.state.context.now_s - since_s) / PACE_S + 1
    assert 3 <= len(of(playing, JudgePainting)) - asked <= most


def test_a_newer_stroke_is_judged_in_place_of_one_under_way() -> None:
    playing = at_sketchpad()
    playing.answers = False
    playing.drag("canvas", (0.2, 0.2), (0.3, 0.3))
    first = of(playing, JudgePainting)[-1].job
    playing.drag("canvas", (0.4, 0.4), (0.5, 0.5))
    second = of(playing, JudgePainting)[-1].job
    assert second != first
    assert DropJob(first) in playing.effects
    stale = Answer((Ranked(CUP, 0.9),))
    playing.send(PaintingJudged(first, stale, Verdict.NEARLY, painted=True, undoable=True))
    assert sketchpad_of(playing).answer != stale
    playing.send(PaintingJudged(second, stale, Verdict.NEARLY, painted=True, undoable=True))
    assert sketchpad_of(playing).answer == stale


def test_a_finger_beside_the_picture_paints_nothing_and_goes_on_when_it_comes_back() -> None:
    playing = at_sketchpad()
    playing.drag("canvas", (0.5, 0.5), (1.1, 0.5), (1.2, 0.7), (1.2, 0.9), (0.5, 0.9))
    assert len(strokes(playing)) == 3, "down, out, and in again; not along the edge outside"
    assert strokes(playing)[1].end == pytest.approx((1.0, 0.5), abs=0.01)
    assert strokes(playing)[2].start == pytest.approx((1.0, 0.9), abs=0.01)


def test_a_second_finger_does_not_paint() -> None:
    playing = at_sketchpad()
    box = playing.control("canvas").box
    playing.send(Touched(box.x + 50, box.y + 50, 1))
    painted = len(strokes(playing))
    playing.send(Touched(box.x + 90, box.y + 90, 2), Moved(box.x + 99, box.y + 99, 2), Lifted(2))
    assert len(strokes(playing)) == painted
    playing.send(Moved(box.x + 60, box.y + 60, 1))
    assert len(strokes(playing)) == painted + 1


def test_a_finger_whose_lifting_was_not_heard_can_press_again() -> None:
    playing = at_sketchpad()
    box = playing.control("canvas").box
    playing.send(Touched(box.x + 50, box.y + 50))
    playing.touch("done")
    assert isinstance(screen_of(playing), Cards)


@pytest.mark.parametrize("paint", [*Paint, None])
@pytest.mark.parametrize("size", Size)
def test_what_is_in_the_hand_is_what_paints(paint: Paint | None, size: Size) -> None:
    playing = at_sketchpad()
    name = "paint" if paint is None else f"paint-{paint.name.lower()}"
    playing.touch(name)
    playing.touch(f"size-{size.name.lower()}")
    framed = {
        spelled(c.id) for c in playing.scene.controls if c.outline is not None and c.outline.value == "text"
    }
    assert framed == {name, f"size-{size.name.lower()}", "tool-brush"}
    playing.drag("canvas", (0.2, 0.2), (0.3, 0.3))
    assert strokes(playing)[-1].ink == Ink(paint, size)


@pytest.mark.parametrize("panel", PANELS)
def test_a_stamp_goes_exactly_where_it_is_tapped(panel: str) -> None:
    playing = at_sketchpad(panel)
    picture = playing.control("canvas").box
    playing.touch("tool-star")
    for x, y in ((0.1, 0.2), (0.5, 0.5), (0.34, 0.66), (0.99, 0.01)):
        playing.wait(0.3)
        playing.send(Touched(picture.x + round(x * picture.w), picture.y + round(y * picture.h)))
        stamp = of(playing, Stamp)[-1]
        assert stamp.place == pytest.approx((x, y), abs=0.01)
        playing.send(Lifted())
        assert (stamp.shape, stamp.ink) == (Tool.STAR, Ink())
        assert isinstance(playing.effects[-1], JudgePainting)


def stops(playing: Player) -> list[str]:
    """Where the light goes with the arrows, once around."""
    seen: list[str] = []
    while playing.focused not in seen:
        seen.append(playing.focused)
        playing.press(Button.LESS)
    return seen


@pytest.mark.parametrize("panel", PANELS)
def test_buttons_stop_at_a_handful_of_controls_and_fingers_find_them_all(panel: str) -> None:
    playing = at_sketchpad(panel)
    playing.drag("canvas", (0.2, 0.2), (0.3, 0.3))
    playing.wait(0.3)
    around = stops(playing)
    assert len(around) <= 10, around
    assert around[0] == "canvas", "the picture is the next thing to touch"
    assert {name.split("-")[0] for name in around} == {name.split("-")[0] for name in playing.names}
    playing.press(Button.MORE)
    assert playing.focused == "done", "the way on is one press away"
    for control in playing.scene.controls:
        assert playing.scene.hit(control.box.x + 1, control.box.y + 1) == control


@pytest.mark.parametrize(
    ("group", "count"), [("tool", len(Tool)), ("paint", len(Paint) + 1), ("size", len(Size))]
)
def test_a_press_takes_the_next_of_what_is_in_the_hand_and_the_light_stays_with_it(
    group: str, count: int
) -> None:
    playing = at_sketchpad()
    light_to(playing, framed(playing, group))
    taken = []
    for _ in range(count):
        playing.press(Button.SHUTTER)
        assert playing.focused == framed(playing, group)
        taken.append(playing.focused)
    assert len(set(taken)) == count, "all of them, and then the first again"
    assert sketchpad_of(playing).ink == Ink()
    assert sketchpad_of(playing).tool is Tool.BRUSH


def framed(playing: Player, group: str) -> str:
    """What is in the hand."""
    (name,) = (spelled(c.id) for c in playing.scene.controls if c.name == group and c.outline is Colour.TEXT)
    return name


def test_a_finger_that_taps_what_is_in_the_hand_keeps_it() -> None:
    playing = at_sketchpad()
    playing.touch("paint-red")
    assert sketchpad_of(playing).ink == Ink()


@pytest.mark.parametrize("panel", PANELS)
def test_by_buttons_alone_a_stamp_goes_on_any_place_of_the_picture(panel: str) -> None:
    playing = at_sketchpad(panel)
    light_to(playing, "tool-brush")
    playing.press(Button.SHUTTER)
    playing.press(Button.SHUTTER)
    light_to(playing, "canvas")
    playing.press(Button.SHUTTER)
    assert playing.focused == "place-4", "the middle first"
    assert len(stops(playing)) == PLACES * PLACES + 1
    for number in range(PLACES * PLACES):
        light_to(playing, f"place-{number}")
        playing.press(Button.SHUTTER)
        assert playing.focused == f"place-{number}", "the light stays where it was put"
    middles = [stamp.place for stamp in of(playing, Stamp)]
    thirds = (1 / 6, 1 / 2, 5 / 6)
    assert middles == [pytest.approx(Place(x, y)) for y in thirds for x in thirds]
    assert {stamp.shape for stamp in of(playing, Stamp)} == {Tool.HEART}
    light_to(playing, "lift")
    playing.press(Button.SHUTTER)
    assert playing.focused == "canvas"
    light_to(playing, "done")
    playing.press(Button.SHUTTER)
    assert isinstance(screen_of(playing), Cards)


def test_by_buttons_alone_the_brush_paints_a_stripe_which_can_be_undone() -> None:
    playing = at_sketchpad()
    playing.script(SketchpadScript).painted = Answer((Ranked(CUP, 0.7),))
    playing.press(Button.SHUTTER)
    playing.press(Button.SHUTTER)
    stripe = strokes(playing)[-1]
    assert (stripe.ink, stripe.begins) == (Ink(), True)
    assert [*stripe.start, *stripe.end] == pytest.approx([1 / 3, 1 / 2, 2 / 3, 1 / 2])
    playing.wait(0.3)
    assert sketchpad_of(playing).answer.first.label == CUP
    light_to(playing, "lift")
    playing.press(Button.SHUTTER)
    light_to(playing, "undo")
    playing.press(Button.SHUTTER)
    playing.wait(0.3)
    assert sketchpad_of(playing).answer.first.label == FLAMINGO
    assert not sketchpad_of(playing).painted


def test_a_finger_takes_the_picture_back_from_the_buttons() -> None:
    playing = at_sketchpad()
    box = playing.control("canvas").box
    playing.press(Button.SHUTTER)
    playing.rest()
    playing.send(Touched(box.x + round(0.8 * box.w), box.y + round(0.3 * box.h)), Lifted())
    assert strokes(playing)[-1].start == pytest.approx((0.8, 0.3), abs=0.01)
    playing.drag("canvas", (0.2, 0.2), (0.4, 0.4))
    assert strokes(playing)[-1].end == pytest.approx((0.4, 0.4), abs=0.01)


def test_undo_takes_back_strokes_stamps_and_a_clean_sheet_by_touch() -> None:
    playing = at_sketchpad()
    layer = playing.script(SketchpadScript).layer
    seen = [layer.rgba.copy()]
    playing.touch("undo")
    assert not of(playing, UndoPaint), "there is nothing to undo"
    playing.drag("canvas", (0.2, 0.2), (0.5, 0.3), (0.8, 0.2))
    seen.append(layer.rgba.copy())
    playing.touch("tool-star")
    playing.touch("canvas")
    playing.send(Lifted())
    seen.append(layer.rgba.copy())
    playing.touch("clear")
    assert not sketchpad_of(playing).painted
    for before in reversed(seen):
        playing.touch("undo")
        assert isinstance(playing.effects[-1], JudgePainting)
        assert (layer.rgba == before).all(), "a whole stroke at a time"
    assert not sketchpad_of(playing).undoable
    assert "Paint on it. Will the lie last?" in said(playing)


def test_clear_is_judged_at_once() -> None:
    playing = at_sketchpad()
    playing.script(SketchpadScript).painted = Answer((Ranked(ESPRESSO, 0.7),))
    playing.drag("canvas", (0.2, 0.2), (0.3, 0.3))
    playing.touch("clear")
    assert [type(effect) for effect in playing.effects[-2:]] == [ClearPaint, JudgePainting]
    assert sketchpad_of(playing).answer.first.label == FLAMINGO, "the lie is back"
    assert "Paint on it. Will the lie last?" in said(playing)


def test_less_and_more_noise_are_judged_under_the_same_paint() -> None:
    playing = at_sketchpad()
    top = sketchpad_of(playing).visit.shown
    playing.drag("canvas", (0.2, 0.2), (0.3, 0.3))
    playing.touch("less")
    assert playing.effects[-2] == ShowStep(top - 1)
    assert isinstance(playing.effects[-1], JudgePainting)
    assert sketchpad_of(playing).visit.shown == top - 1
    assert sketchpad_of(playing).painted
    playing.touch("more")
    assert playing.effects[-2] == ShowStep(top)
    assert not of(playing, ClearPaint)
    steps = len(of(playing, RunStep))
    playing.touch("more")
    assert len(of(playing, RunStep)) == steps + 1, "on top of the stack one more step is made"
    assert isinstance(playing.effects[-1], JudgePainting)
    assert sketchpad_of(playing).visit.shown == top + 1
    playing.touch("done")
    playing.touch("back")
    after = screen_of(playing)
    assert isinstance(after, Attack)
    assert (after.visit.shown, len(after.visit.steps)) == (top + 1, top + 2)


def test_less_noise_drops_a_step_under_way() -> None:
    playing = at_sketchpad()
    playing.answers = False
    playing.touch("more")
    job = of(playing, RunStep)[-1].job
    playing.touch("less")
    assert DropJob(job) in playing.effects
    assert sketchpad_of(playing).step_job is None


def test_a_lost_step_or_judgement_is_said_and_painting_goes_on() -> None:
    playing = at_sketchpad()
    playing.answers = False
    playing.touch("more")
    playing.send(GradientsChanged(Health(Phase.LOST)))
    assert "That got lost. Just paint on." in said(playing)
    playing.touch("more")
    assert sketchpad_of(playing).step_job is None, "there is nobody who could make noise"
    playing.drag("canvas", (0.2, 0.2), (0.3, 0.3))
    playing.send(JobLost(of(playing, JudgePainting)[-1].job))
    assert "That got lost. Just paint on." in said(playing)
    playing.answers = True
    playing.drag("canvas", (0.2, 0.2), (0.3, 0.3))
    assert "That got lost. Just paint on." not in said(playing)


@pytest.mark.parametrize(
    ("label", "words"),
    [
        (FLAMINGO, "Still fooled!"),
        (ESPRESSO, "It sees espresso again!"),
        (CUP, "Now it says something else."),
    ],
)
def test_what_the_paint_did_is_said_in_one_of_three_ways(label: int, words: str) -> None:
    playing = at_sketchpad()
    playing.script(SketchpadScript).painted = Answer((Ranked(label, 0.6),))
    playing.drag("canvas", (0.2, 0.2), (0.8, 0.8))
    assert words in said(playing)


def test_leaving_the_sketchpad_drops_what_is_under_way() -> None:
    playing = at_sketchpad()
    playing.answers = False
    playing.touch("more")
    playing.drag("canvas", (0.2, 0.2), (0.3, 0.3))
    jobs = {of(playing, RunStep)[-1].job, of(playing, JudgePainting)[-1].job}
    playing.touch("done")
    assert {effect.job for effect in of(playing, DropJob)} >= jobs


def test_a_painter_who_is_still_drawing_is_not_asked_whether_anybody_is_there() -> None:
    playing = at_sketchpad()
    box = playing.control("canvas").box
    middle = box.y + box.h // 2
    playing.send(Touched(box.x + 5, middle))
    for number in range(70):
        playing.wait(1.0)
        playing.send(Moved(box.x + 5 + number, middle))
    assert isinstance(screen_of(playing), Sketchpad)


def test_a_finger_that_paints_in_the_staffs_corner_paints() -> None:
    playing = at_sketchpad()
    box = playing.control("canvas").box
    far_px = playing.state.context.panel.px(SAME_PLACE_MM) + 2
    playing.send(Touched(box.x + 2, box.y + 2))
    assert playing.state.input.corner is not None, "the corner lies there"
    for number in range(10):
        playing.wait(0.5)
        playing.send(Moved(box.x + 2 + far_px * (number % 2), box.y + 2))
    assert isinstance(screen_of(playing), Sketchpad)


def test_the_picture_is_one_control_and_nine_places_while_buttons_aim() -> None:
    playing = at_sketchpad()
    canvas = playing.control("canvas")
    assert canvas.holds
    playing.press(Button.SHUTTER)
    fields: list[Control] = [c for c in playing.scene.controls if c.name == "place"]
    assert len(fields) == PLACES * PLACES
    assert sum(c.box.w * c.box.h for c in fields) == canvas.box.w * canvas.box.h
    playing.touch("lift")
    assert playing.control("canvas") == canvas


def test_a_visit_that_fooled_it_by_any_other_answer_can_paint_too() -> None:
    playing = at_attack()
    playing.touch("other")
    playing.touch("anything")
    playing.touch("fool")
    playing.wait(1.0)
    playing.touch("cards")
    playing.touch("card-paint")
    playing.script(SketchpadScript).painted = Answer((Ranked(ESPRESSO, 0.6),))
    playing.drag("canvas", (0.2, 0.2), (0.8, 0.8))
    assert "It sees espresso again!" in said(playing)
    assert at_fooled().find("cards") is not None
