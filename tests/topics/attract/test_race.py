"""The race in the film that waits for visitors, and the file that it comes from."""

from pathlib import Path

import numpy as np
import pytest

from kiosk.attack.film import DevelopedFilm, keep_film, load_film
from kiosk.core.scene import Colour, Curves, Picture
from kiosk.core.visit import Ranked
from kiosk.topics.attract.messages import Film, FilmReady
from tests.player import ESPRESSO, FLAMINGO, PANELS, Player, player

SHA256 = "ab" * 32
FRAMES = (Ranked(ESPRESSO, 0.9), Ranked(FLAMINGO, 0.8))
PICTURES = (np.zeros((16, 16, 3), np.uint8), np.ones((16, 16, 3), np.uint8))


def curves(playing: Player) -> list[Curves]:
    return [item for item in playing.scene.items if isinstance(item, Curves)]


@pytest.mark.parametrize("panel", PANELS)
def test_the_race_runs_once_the_lens_is_gone(panel: str) -> None:
    playing = player(panel)
    playing.wait(7.5)
    assert not curves(playing)
    assert any(item.key == "film-noise" for item in playing.scene.items if isinstance(item, Picture))
    playing.wait(1.0)
    (early,) = curves(playing)
    playing.wait(3.5)
    (late,) = curves(playing)
    assert len(early.lines[0].heights) < len(late.lines[0].heights) == late.length == 5
    ends = {line.colour: line.heights[-1] for line in late.lines}
    assert ends == {Colour.TRUTH: 0.01, Colour.LIE: 0.98}
    playing.wait(3.0)
    assert not curves(playing), "it begins anew"


def test_a_film_without_a_race_is_as_long_as_it_was() -> None:
    playing = player()
    playing.send(FilmReady(Film(FRAMES)))
    for _ in range(30):
        playing.wait(0.5)
        assert not curves(playing)


def test_the_race_is_kept_with_the_film(tmp_path: Path) -> None:
    for race in ((), ((0.9, 0.05), (0.1, 0.8))):
        keep_film(tmp_path, SHA256, DevelopedFilm(FRAMES, PICTURES, race))
        film = load_film(tmp_path, SHA256)
        assert film is not None
        assert film.race == race


@pytest.mark.parametrize("race", [((0.9, 0.05),), ((0.9, 0.05), (0.1, 1.5)), ((0.9, -0.1), (0.1, 0.8))])
def test_a_film_with_an_odd_race_is_shot_anew(tmp_path: Path, race: tuple[tuple[float, float], ...]) -> None:
    keep_film(tmp_path, SHA256, DevelopedFilm(FRAMES, PICTURES, race))
    assert load_film(tmp_path, SHA256) is None
