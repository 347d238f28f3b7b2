"""Colours of a printer and a camera: the map that was made up is found, its residual told, bad charts refused."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.device.durable import WriteError
from kiosk.errors import BadArgumentError
from kiosk.paper.chart import ACROSS, CELL_PX, Doubles, chart_colours, chart_picture, chart_read
from kiosk.paper.layout import Chart, Paper, picture_places
from kiosk.paper.markers import ChartFinder, SheetFinder, straightened
from kiosk.paper.pdf import Part, sheet_pdf
from kiosk.recapture.calibration import ChartError, fitted, mapped
from kiosk.recapture.colours import ColourMap
from kiosk.recapture.ranges import Ranges
from kiosk.recapture.simulator import draw_view
from kiosk.store.colour_maps import FILE, calibrated, colour_maps, keep_colour_map, undo_colour_map
from kiosk.vision.picture import Rgb
from tests.sheets import held_up, part_of, printed
from tests.unit.test_simulator import STILL, WARM

DPI = 100


def distorted(page: Rgb, by: ColourMap = WARM) -> Rgb:
    """What a printer and a camera make of a page."""
    shades = mapped(page.reshape(-1, 3).astype(np.float64), by).reshape(page.shape)
    return np.asarray(shades.round(), np.uint8)


def page_of(folder: Path, paper: Paper = Paper.A4) -> Rgb:
    """The printed chart."""
    return printed(
        sheet_pdf([Part(chart_picture(), Chart(), "Chart", "For staff.")], "Kiosk", paper), DPI, folder
    )


def read(frame: Rgb) -> Doubles:
    found = ChartFinder()(frame)
    assert found is not None
    return chart_read(straightened(frame, found, ACROSS * CELL_PX))


@pytest.mark.parametrize("gamma", [0.7, 1.0, 1.4])
@pytest.mark.parametrize("noise_255", [0.0, 2.0])
def test_a_made_up_map_is_found_and_how_far_it_is_off(gamma: float, noise_255: float) -> None:
    truly = ColourMap(WARM.ink, gamma, 0.0)
    noise = np.random.default_rng(0).normal(0, noise_255, (36, 3)) if noise_255 else 0.0

    found = fitted(chart_colours(), mapped(chart_colours(), truly) + noise)

    near = 0.002 + 0.03 * noise_255
    assert found.gamma == pytest.approx(gamma, rel=near)
    colours = np.random.default_rng(1).uniform(20, 235, (200, 3))
    assert np.abs(mapped(colours, found) - mapped(colours, truly)).max() < 0.5 + 2 * noise_255
    assert found.residual_255 == pytest.approx(noise_255, abs=0.2 + 0.15 * noise_255)


@pytest.mark.parametrize("paper", Paper)
def test_the_printed_chart_is_read_from_its_page(paper: Paper, tmp_path: Path) -> None:
    page = page_of(tmp_path, paper)

    assert np.abs(read(page) - chart_colours()).max() <= 1
    assert SheetFinder()(page) == ()  # it is nobody's sheet
    assert ChartFinder()(np.full((720, 1280, 3), 90, np.uint8)) is None


def test_a_chart_that_is_held_up_tells_the_colours_of_printer_and_camera(tmp_path: Path) -> None:
    sheet, within = part_of(distorted(page_of(tmp_path)), picture_places(Paper.A4, 1)[0], DPI)
    height, width = sheet.shape[:2]
    corners = np.array(((330, 90), (930, 130), (950, 640), (310, 600)), np.float32)
    outline = np.array(((0, 0), (width, 0), (width, height), (0, height)), np.float32)
    mapping = cv2.getPerspectiveTransform(outline, corners)
    frame = np.asarray(cv2.warpPerspective(sheet, mapping, (1280, 720), flags=cv2.INTER_AREA), np.uint8)
    grain = np.random.default_rng(2).normal(0, 3, frame.shape)
    frame = np.asarray((frame + grain).clip(0, 255), np.uint8)

    found = fitted(chart_colours(), read(frame))

    colours = np.random.default_rng(3).uniform(20, 235, (200, 3))
    assert np.abs(mapped(colours, found) - mapped(colours, WARM)).mean() < 2
    assert found.residual_255 < 3
    assert within.shape == (4, 2)


def test_a_chart_in_a_rooms_light_is_told_how_far_it_is_off(tmp_path: Path) -> None:
    """The referee bends colours otherwise than any such map: what is left of that is the residual."""
    sheet, within = part_of(page_of(tmp_path), picture_places(Paper.A4, 1)[0], DPI)
    residuals = []
    for seed in range(6):
        frame, _ = held_up(sheet, within, (1280, 720), (0.6, 0.8), seed)
        try:
            residuals.append(fitted(chart_colours(), read(frame)).residual_255)
        except ChartError:  # a lamp's glare, or too dark
            continue

    assert len(residuals) >= 3
    assert 0.5 < np.median(residuals) < 10


def grey(colours: Doubles) -> Doubles:
    return np.repeat(colours.mean(axis=1, keepdims=True), 3, axis=1)


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        (chart_colours()[::-1], "are off by"),
        (np.random.default_rng(0).uniform(10, 245, (36, 3)), "are off by"),
        (chart_colours() * 0 + 255, "too bright or too dark"),
        (chart_colours() * 0.01, "too bright or too dark"),
        (chart_colours() * 0.1 + 100, "too pale"),
        (grey(chart_colours()) * 0.9 + 10, "no colours"),
    ],
)
def test_a_bad_chart_is_refused_with_one_plain_line(seen: Doubles, told: str) -> None:
    with pytest.raises(ChartError, match=told) as refused:
        fitted(chart_colours(), seen)

    assert "\n" not in str(refused.value)
    assert "easure" in str(refused.value)


def test_the_newest_map_is_in_force_and_undo_brings_the_one_before(tmp_path: Path) -> None:
    other = ColourMap(WARM.ink, 1.1, 3.0)
    assert calibrated(Ranges(), tmp_path) == Ranges()
    for kept in (WARM, other):
        keep_colour_map(tmp_path, kept)
    assert calibrated(Ranges(), tmp_path).colours == other
    undo_colour_map(tmp_path)
    assert calibrated(Ranges(), tmp_path).colours == WARM
    undo_colour_map(tmp_path)
    undo_colour_map(tmp_path)
    assert calibrated(Ranges(), tmp_path) == Ranges()
    for _ in range(9):
        keep_colour_map(tmp_path, other)
    assert len(colour_maps(tmp_path)) == 5


@pytest.mark.parametrize(
    "content", ["{", "[1]", "[]", '[{"ink": [[9e9,0,0,0]], "gamma": 1, "residual_255": 1}]']
)
def test_a_damaged_file_is_no_map(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content)

    assert colour_maps(tmp_path) == ()
    keep_colour_map(tmp_path, WARM)
    assert colour_maps(tmp_path) == (WARM,)


def test_what_cannot_be_written_leaves_the_map_before_in_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_colour_map(tmp_path, WARM)
    before = (tmp_path / FILE).read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(WriteError, match="nothing was written"):
        keep_colour_map(tmp_path, ColourMap(WARM.ink, 1.1, 3.0))

    assert (tmp_path / FILE).read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize("gamma", [0.0, 9.0, float("nan")])
def test_a_map_that_no_printer_makes_is_refused(gamma: float) -> None:
    with pytest.raises(BadArgumentError, match="no printer"):
        ColourMap(WARM.ink, gamma, 1.0)


def test_the_simulator_shows_the_colours_that_were_measured(coffee: Rgb) -> None:
    still = replace(STILL, colours=WARM)
    picture = coffee.astype(np.float32)
    shown = draw_view(still, 224, np.random.default_rng(0)).see(picture)
    becomes = mapped(picture.reshape(-1, 3).astype(np.float64), WARM).reshape(picture.shape)
    assert np.abs(shown.pixels - becomes).max() < 0.5


def test_the_same_views_are_drawn_with_and_without_a_map() -> None:
    plain, coloured = (
        draw_view(ranges, 224, np.random.default_rng(5)) for ranges in (Ranges(), Ranges(colours=WARM))
    )

    assert np.array_equal(plain.homography, coloured.homography)
    assert (plain.seed, plain.blur_px) == (coloured.seed, coloured.blur_px)
    assert not np.array_equal(plain.ink, coloured.ink)
