"""Paint on a picture: what is covered, what shows through, and what wipes away."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.painting import Ink, Paint, Place, Size, Tool
from kiosk.topics.sketchpad.performing.paint_layer import MOST_UNDONE, PaintLayer
from kiosk.vision.picture import Rgb

SIDE = 224
MIDDLE = Place(0.5, 0.5)
STAMPS = [tool for tool in Tool if tool is not Tool.BRUSH]

places = st.builds(Place, st.floats(-0.2, 1.2), st.floats(-0.2, 1.2))
inks = st.builds(Ink, st.none() | st.sampled_from(Paint), st.sampled_from(Size))
strokes = st.tuples(inks, places, places, st.booleans())
stamps = st.tuples(st.sampled_from(STAMPS), inks, places)


def grey(value: int) -> Rgb:
    return np.full((SIDE, SIDE, 3), value, np.uint8)


def changed(layer: PaintLayer, picture: Rgb) -> float:
    """The share of pixels that look different."""
    return float((layer.over(picture) != picture).any(axis=-1).mean())


def dab(layer: PaintLayer, ink: Ink, place: Place = MIDDLE) -> None:
    layer.stroke(ink, place, place, begins=True)


def test_a_clean_layer_shows_the_picture_as_it_is(noise_picture: Rgb) -> None:
    shown = PaintLayer(SIDE).over(noise_picture)
    assert np.array_equal(shown, noise_picture)
    assert not np.shares_memory(shown, noise_picture)


@pytest.mark.parametrize("paint", Paint)
def test_every_paint_covers_white_and_black_too(paint: Paint) -> None:
    """In the 2021 application white paint was no paint."""
    for ground in (0, 255, 127):
        layer = PaintLayer(SIDE)
        dab(layer, Ink(paint, Size.LARGE))
        assert tuple(layer.over(grey(ground))[112, 112]) == paint.value
        assert tuple(layer.over(grey(ground))[0, 0]) == (ground,) * 3


@pytest.mark.parametrize("size", Size)
def test_a_line_is_as_wide_as_its_size_says_with_smooth_edges(size: Size) -> None:
    layer = PaintLayer(SIDE)
    layer.stroke(Ink(Paint.WHITE, size), Place(0.2, 0.5), Place(0.8, 0.5), begins=True)
    column = layer.over(grey(0))[:, 112, 0].astype(int)
    assert column.sum() / 255 == pytest.approx(size.line * SIDE, abs=0.1)
    assert 0 < column[np.nonzero(column)[0][0]] < 255


def test_the_end_of_a_stroke_is_where_the_finger_is() -> None:
    layer = PaintLayer(SIDE)
    layer.stroke(Ink(Paint.WHITE, Size.SMALL), Place(0.25, 0.75), Place(0.75, 0.25), begins=True)
    rows, columns = np.nonzero(layer.over(grey(0))[..., 0] > 127)
    reach = Size.SMALL.line * SIDE / 2
    assert columns.min() == pytest.approx(0.25 * SIDE - reach, abs=1.5)
    assert columns.max() == pytest.approx(0.75 * SIDE + reach, abs=1.5)
    assert rows.max() == pytest.approx(0.75 * SIDE + reach, abs=1.5)


def test_a_stroke_looks_the_same_in_however_many_pieces_it_came() -> None:
    """A slow finger must not leave another edge than a quick one."""
    ink, start, end = Ink(Paint.RED, Size.MEDIUM), Place(0.13, 0.3), Place(0.83, 0.62)
    quick, slow = PaintLayer(SIDE), PaintLayer(SIDE)
    quick.stroke(ink, start, end, begins=True)
    steps = [Place(start.x + 0.7 * n / 60, start.y + 0.32 * n / 60) for n in range(61)]
    for number, (one, other) in enumerate(pairwise(steps)):
        slow.stroke(ink, one, other, begins=number == 0)
        slow.stroke(ink, other, one, begins=False)
    assert np.abs(quick.rgba.astype(int) - slow.rgba).max() <= 1


def test_the_eraser_takes_paint_away_and_nothing_of_the_picture(noise_picture: Rgb) -> None:
    layer = PaintLayer(SIDE)
    dab(layer, Ink(Paint.WHITE, Size.MEDIUM))
    assert changed(layer, noise_picture) > 0
    dab(layer, Ink(None, Size.LARGE))
    assert np.array_equal(layer.over(noise_picture), noise_picture)


def test_clear_takes_all_paint_away_even_in_the_middle_of_a_stroke(noise_picture: Rgb) -> None:
    layer = PaintLayer(SIDE)
    layer.stamp(Tool.STAR, Ink(), MIDDLE)
    layer.stroke(Ink(), Place(0, 0), MIDDLE, begins=True)
    layer.clear()
    assert np.array_equal(layer.over(noise_picture), noise_picture)
    layer.stroke(Ink(), Place(0.9, 0.9), Place(1, 1), begins=False)
    assert changed(layer, noise_picture) < 0.05, "what was cleared does not come back with the next piece"


def test_paint_stays_on_top_of_another_picture() -> None:
    layer = PaintLayer(SIDE)
    layer.stamp(Tool.HEART, Ink(Paint.PINK, Size.LARGE), MIDDLE)
    one, other = layer.over(grey(10)), layer.over(grey(200))
    inside = layer.rgba[..., 3] == 255
    assert np.array_equal(one[inside], other[inside])
    outside = layer.rgba[..., 3] == 0
    assert (other[outside] == 200).all()


@pytest.mark.parametrize("tool", STAMPS)
@pytest.mark.parametrize("size", Size)
def test_a_stamp_has_its_size_and_its_place(tool: Tool, size: Size) -> None:
    layer = PaintLayer(SIDE)
    layer.stamp(tool, Ink(Paint.BLUE, size), Place(0.4, 0.6))
    rows, columns = np.nonzero(layer.rgba[..., 3] > 127)
    wide = columns.max() - columns.min() + 1
    assert 0.75 * size.stamp * SIDE <= wide <= 1.05 * size.stamp * SIDE
    assert (columns.max() + columns.min()) / 2 == pytest.approx(0.4 * SIDE, abs=0.08 * size.stamp * SIDE)
    assert abs((rows.max() + rows.min()) / 2 - 0.6 * SIDE) < 0.12 * size.stamp * SIDE


@given(st.lists(st.one_of(strokes, stamps), max_size=12))
def test_whatever_is_painted_covers_between_nothing_and_all(
    story: list[tuple[Ink, Place, Place, bool] | tuple[Tool, Ink, Place]],
) -> None:
    """No colour is more than its cover, so nothing wraps around when the layer is laid over a picture."""
    layer = PaintLayer(64)
    for work in story:
        if len(work) == 4:
            ink, start, end, begins = work
            layer.stroke(ink, start, end, begins=begins)
        else:
            layer.stamp(*work)
    assert (layer.rgba[..., :3] <= layer.rgba[..., 3:]).all()
    for value in (0, 255):
        shown = layer.over(np.full((64, 64, 3), value, np.uint8)).astype(int)
        want = value * (255 - layer.rgba[..., 3:].astype(float)) / 255 + layer.rgba[..., :3]
        assert np.abs(shown - want).max() <= 0.5


@given(st.lists(st.one_of(strokes, stamps, st.just("clear")), max_size=MOST_UNDONE))
def test_undo_brings_back_what_was_before_each_stroke_stamp_and_clean_sheet(acts: list[Any]) -> None:
    layer = PaintLayer(32)
    before = []
    for act in acts:
        if act != "clear" or layer.painted:
            before.append(layer.rgba.copy())
        match act:
            case "clear":
                layer.clear()
            case (Tool() as tool, ink, place):
                layer.stamp(tool, ink, place)
            case (ink, start, end, _):
                layer.stroke(ink, start, end, begins=True)
                layer.stroke(ink, end, start, begins=False)
    for rgba in reversed(before):
        assert layer.undoable
        layer.undo()
        assert np.array_equal(layer.rgba, rgba)
    assert not layer.undoable
    layer.undo()
    assert not layer.painted


def test_so_many_steps_back_are_kept_and_no_more() -> None:
    layer = PaintLayer(32)
    for number in range(MOST_UNDONE + 3):
        dab(layer, Ink(size=Size.SMALL), Place(number / MOST_UNDONE, 0.5))
    for _ in range(MOST_UNDONE):
        assert layer.undoable
        layer.undo()
    assert not layer.undoable
    assert layer.painted, "the first three are older than that"
