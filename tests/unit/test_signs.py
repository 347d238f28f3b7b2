"""The signs that visitors teach with: those shipped, those of staff, and what staff must not set."""

from pathlib import Path

import pytest

from kiosk.core.lesson import MOST_LABELS, Sign
from kiosk.errors import BadArgumentError
from kiosk.settings.files import load_settings
from kiosk.settings.sections import TeachingSettings
from kiosk.ui.icons import ICONS
from kiosk.vision.recipe import Recipe
from kiosk.words.signs import load_signs

TOO_MANY = "signs = [" + ", ".join(f'{{ name = "n{number}" }}' for number in range(25)) + "]"


def settings_of(folder: Path, text: str) -> TeachingSettings:
    """The teaching section of a settings file."""
    file = folder / "kiosk.toml"
    file.write_text(f"[teaching]\n{text}\n", "utf-8")
    return load_settings(file).teaching


def test_the_shipped_signs_have_names_and_drawings_of_their_own() -> None:
    signs = load_signs(TeachingSettings())
    assert len({sign.name for sign in signs}) == len(signs) >= 2 * MOST_LABELS
    assert len({sign.icon for sign in signs}) == len(signs)
    assert {sign.icon for sign in signs} <= set(ICONS)
    assert all(sign.name == sign.name.strip() != "" for sign in signs)


def test_staff_may_set_their_own(tmp_path: Path) -> None:
    text = 'signs = [{ name = "Our mug", icon = "heart" }, { name = "Our shoe" }]'
    assert load_signs(settings_of(tmp_path, text)) == (Sign("Our mug", "heart"), Sign("Our shoe", "star"))


def test_staff_may_offer_no_teaching(tmp_path: Path) -> None:
    assert load_signs(settings_of(tmp_path, "offered = false")) == ()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('signs = [{ name = "Mug" }, { name = "mug" }]', "each once"),
        ('signs = [{ name = "Mug" }]', "two names or more"),
        ('signs = [{ name = "" }, { name = "Mug" }]', "teaching.signs.0.name"),
        (TOO_MANY, "teaching.signs"),
        ('signs = [{ name = "A", picture = "x" }, { name = "B" }]', "unknown key teaching.signs.0.picture"),
        ("layers = [300]", "teaching.layers.0"),
        ("layers = [1, 1, 1, 1, 1]", "teaching.layers"),
        ("epochs = 0", "teaching.epochs"),
        ("learning_rate = 0", "teaching.learning_rate"),
        ("seed = -1", "teaching.seed"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(BadArgumentError, match=complaint) as caught:
        settings_of(tmp_path, text)
    assert len(str(caught.value).splitlines()) == 1


def test_the_recipe_is_what_staff_set(tmp_path: Path) -> None:
    text = "layers = [16]\nepochs = 5\nbatch = 8\nlearning_rate = 0.01\nseed = 3"
    assert settings_of(tmp_path, text).recipe == Recipe((16,), 5, 8, 0.01, 3)
    assert TeachingSettings().recipe == Recipe()
