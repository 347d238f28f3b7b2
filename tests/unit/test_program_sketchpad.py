"""Cards, dice and the sketchpad as lists of events."""

import pytest

from kiosk.core.effects import (
    ClearPaint,
    DropJob,
    JudgePainting,
    RollDice,
    RunStep,
    ShowStep,
    Stamp,
    Stroke,
)
from kiosk.core.events import (
    DiceRolled,
    GradientsChanged,
    JobLost,
    Lifted,
    Moved,
    PaintingJudged,
    Tick,
    Touched,
)
from kiosk.core.model import Answer, Button, Health, Judged, Phase, Ranked, Verdict
from kiosk.core.painting import Ink, Paint, Place, Size, Tool
from kiosk.core.scene import Control
from kiosk.screens.attack import Attack
from kiosk.screens.cards import CARDS, Cards
from kiosk.screens.dice import Dice
from kiosk.screens.live import Live
from kiosk.screens.sketchpad import PACE_S, PLACES, Sketchpad
from tests.driver import (
    CUP,
    ESPRESSO,
    FLAMINGO,
    PANELS,
    Player,
    at_attack,
    at_cards,
    at_dice,
    at_explain,
    at_fooled,
    at_sketchpad,
    of,
    said,
    screen_of,
    shown_keys,
    sketchpad_of,
)


def strokes(playing: Player) -> list[Stroke]:
    return of(playing, Stroke)


def light_to(playing: Player, name: str) -> None:
    """Move the light with the arrows."""
    for _ in range(len(playing.scene.controls)):
        if playing.scene.lit == name:
            return
        playing.press(Button.LESS)
    assert playing.scene.lit == name


# Cards.


def test_more_to_try_is_the_next_action_once_it_was_fooled_and_asked_why() -> None:
    playing = at_explain()
    assert playing.scene.lit == "cards"
    playing.press(Button.SHUTTER)
    assert isinstance(screen_of(playing), Cards)


def test_the_attack_screen_offers_more_only_when_fooled() -> None:
    playing = at_attack()
    assert playing.scene.control("cards") is None
    assert playing.scene.control("retake") is not None
    playing.touch("fool")
    playing.wait(1.0)
    assert playing.scene.lit == "why", "asking why stays the one next action"
    playing.touch("cards")
    assert isinstance(screen_of(playing), Cards)
    playing.touch("back")
    assert isinstance(screen_of(playing), Attack)
    playing.touch("less")
    assert playing.scene.control("cards") is None


def test_without_noise_there_is_nothing_more_to_try() -> None:
    playing = at_attack()
    playing.touch(f"bar-original-{ESPRESSO}")
    assert playing.scene.lit == "other"
    assert playing.scene.control("cards") is None


@pytest.mark.parametrize("panel", PANELS)
def test_a_card_can_be_pressed_anywhere_on_it(panel: str) -> None:
    for card, kind in zip(CARDS, (Dice, Sketchpad), strict=False):
        playing = at_cards(panel)
        playing.wait(0.3)
        reach = playing.control(card.name).reach
        assert reach is not None
        playing.send(Touched(reach.x + 3, reach.y + 3))
        assert isinstance(screen_of(playing), kind)


def test_the_ways_out_of_the_cards() -> None:
    for name, kind in (("back", Attack), ("retake", Live)):
        playing = at_cards()
        playing.touch(name)
        assert isinstance(screen_of(playing), kind)


# Dice.


def test_dice_roll_by_themselves_and_again_when_asked() -> None:
    playing = at_dice()
    first = of(playing, RollDice)
    assert [roll.step for roll in first] == [4], "as much noise as the step on the screen"
    assert "The same amount of noise, but random: it still says espresso." in said(playing)
    assert {"adversarial", "dice", "noise", "dice-noise"} <= set(shown_keys(playing))
    assert playing.scene.lit == "roll"
    playing.touch("roll")
    jobs = [roll.job for roll in of(playing, RollDice)]
    assert len(set(jobs)) == 2, "another job is another seed"
    assert "Rolls: 2. Fooled: 0." in said(playing)


@pytest.mark.parametrize(
    ("label", "verdict", "words", "score"),
    [
        (FLAMINGO, Verdict.FOOLED, "This roll fooled it too! It says flamingo.", "Rolls: 2. Fooled: 1."),
        (
            CUP,
            Verdict.NEARLY,
            "This roll changed its answer, to cup. But not to the lie.",
            "Rolls: 2. Fooled: 0.",
        ),
    ],
)
def test_dice_that_change_the_answer_are_told_as_they_are(
    label: int, verdict: Verdict, words: str, score: str
) -> None:
    playing = at_dice()
    playing.answers = False
    playing.touch("roll")
    answer = Answer((Ranked(label, 0.5), Ranked(ESPRESSO, 0.3)))
    playing.send(DiceRolled(playing.state.next_job - 1, Judged(4, answer, 0.5, verdict, 4, 2.5)))
    assert words in said(playing)
    assert score in said(playing)


def test_lost_dice_can_be_rolled_again_and_nobody_waits_for_those_that_were_left() -> None:
    playing = at_cards()
    playing.answers = False
    playing.touch("dice")
    playing.wait(0.1)
    playing.send(JobLost(of(playing, RollDice)[-1].job))
    assert any("rolled off the table" in words for words in said(playing))
    playing.touch("roll")
    last = of(playing, RollDice)[-1].job
    playing.touch("back")
    assert playing.effects[-1] == DropJob(last)
    assert isinstance(screen_of(playing), Cards)


# The sketchpad.


def test_a_finger_paints_where_it_goes_and_the_answer_follows_when_it_lifts() -> None:
    playing = at_sketchpad()
    assert playing.scene.lit == "canvas", "the picture is the next thing to touch"
    playing.painted = Answer((Ranked(ESPRESSO, 0.7), Ranked(FLAMINGO, 0.2)))
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
    since_s = playing.state.now_s
    for number in range(60):
        playing.send(Moved(box.x + 10 + 4 * number, box.y + 20), Tick(playing.state.now_s + 0.02))
    most = (playing.state.now_s - since_s) / PACE_S + 1
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
    playing.send(PaintingJudged(first, stale, Verdict.NEARLY))
    assert sketchpad_of(playing).answer != stale
    playing.send(PaintingJudged(second, stale, Verdict.NEARLY))
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
    name = f"paint-{'eraser' if paint is None else paint.name.lower()}"
    playing.touch(name)
    playing.touch(f"size-{size.name.lower()}")
    framed = {c.name for c in playing.scene.controls if c.outline is not None and c.outline.value == "text"}
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
        assert (stamp.shape, stamp.ink) == (Tool.STAR, Ink())
        assert isinstance(playing.effects[-1], JudgePainting)


def test_by_buttons_alone_a_stamp_goes_on_any_field_of_the_picture() -> None:
    playing = at_sketchpad()
    light_to(playing, "tool-heart")
    playing.press(Button.SHUTTER)
    assert playing.scene.lit == "tool-heart", "the light stays where it was put"
    for number in range(PLACES * PLACES):
        light_to(playing, f"place-{number}")
        playing.press(Button.SHUTTER)
    middles = [stamp.place for stamp in of(playing, Stamp)]
    thirds = (1 / 6, 1 / 2, 5 / 6)
    assert middles == [pytest.approx(Place(x, y)) for y in thirds for x in thirds]
    light_to(playing, "done")
    playing.press(Button.SHUTTER)
    assert isinstance(screen_of(playing), Cards)


def test_by_buttons_alone_the_brush_leaves_a_dab_in_the_middle() -> None:
    playing = at_sketchpad()
    playing.painted = Answer((Ranked(CUP, 0.7),))
    playing.press(Button.SHUTTER)
    assert strokes(playing)[-1] == Stroke(Ink(), Place(0.5, 0.5), Place(0.5, 0.5), begins=True)
    playing.wait(0.3)
    assert sketchpad_of(playing).answer.first.label == CUP


def test_every_control_can_be_reached_by_the_arrows() -> None:
    playing = at_sketchpad()
    names = [control.name for control in playing.scene.controls]
    seen = []
    for _ in names:
        seen.append(playing.scene.lit)
        playing.press(Button.LESS)
    assert sorted(seen) == sorted(names)
    playing = at_sketchpad()
    playing.press(Button.MORE)
    assert playing.scene.lit == "done", "the way on is one press away"


def test_clear_is_judged_at_once() -> None:
    playing = at_sketchpad()
    playing.painted = Answer((Ranked(ESPRESSO, 0.7),))
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
    playing.painted = Answer((Ranked(label, 0.6),))
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
    playing.send(Touched(box.x + 5, box.y + 5))
    for number in range(70):
        playing.wait(1.0)
        playing.send(Moved(box.x + 5 + number, box.y + 5))
    assert isinstance(screen_of(playing), Sketchpad)


def test_the_picture_is_one_control_for_the_brush_and_nine_for_a_stamp() -> None:
    playing = at_sketchpad()
    canvas = playing.control("canvas")
    assert canvas.holds
    playing.touch("tool-blot")
    fields: list[Control] = [c for c in playing.scene.controls if c.name.startswith("place-")]
    assert len(fields) == PLACES * PLACES
    assert sum(c.box.w * c.box.h for c in fields) == canvas.box.w * canvas.box.h
    playing.touch("tool-brush")
    assert playing.control("canvas") == canvas


def test_a_visit_that_fooled_it_by_any_other_answer_can_paint_too() -> None:
    playing = at_attack()
    playing.touch("other")
    playing.touch("anything")
    playing.touch("fool")
    playing.wait(1.0)
    playing.touch("cards")
    playing.touch("paint")
    playing.painted = Answer((Ranked(ESPRESSO, 0.6),))
    playing.drag("canvas", (0.2, 0.2), (0.8, 0.8))
    assert "It sees espresso again!" in said(playing)
    assert at_fooled().scene.control("cards") is not None
