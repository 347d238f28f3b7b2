"""The labels that visitors read: complete, short, told apart, in ImageNet's order, and never hurtful."""

import re
import string
from importlib.resources import files
from itertools import groupby

import pygame
import pytest

from kiosk.device.state_folder import StateFolder
from kiosk.errors import BadArgumentError
from kiosk.ui.glyphs import Glyphs
from kiosk.vision.model_card import read_card
from kiosk.words.friendly_labels import (
    CLASSES,
    FriendlyLabels,
    labels_for,
    load_friendly_labels,
    parse_friendly_labels,
    visitor_labels,
)
from kiosk.words.label_groups import parse_label_groups

LONGEST = 18
# Names that could not be made shorter and stay true: none so far.
LONGER: frozenset[str] = frozenset()


@pytest.fixture(scope="module")
def labels() -> FriendlyLabels:
    return load_friendly_labels()


@pytest.fixture(scope="module")
def text() -> str:
    return files("kiosk").joinpath("assets", "labels", "imagenet.toml").read_text(encoding="utf-8")


def test_every_class_has_a_name_of_its_own(labels: FriendlyLabels) -> None:
    assert len(labels.names) == CLASSES
    assert len({name.casefold() for name in labels.names}) == CLASSES


def test_names_are_short(labels: FriendlyLabels) -> None:
    assert {name for name in labels.names if len(name) > LONGEST} == LONGER


def test_names_are_plain_words(labels: FriendlyLabels) -> None:
    plain = re.compile(r"[A-Za-z][a-zA-Z]*(?:(?: |-|'| & )[A-Za-z][a-zA-Z]*)*")
    assert [name for name in labels.names if not plain.fullmatch(name)] == []


def test_names_are_british(labels: FriendlyLabels) -> None:
    american = (
        "airplane analog color crib diaper flashlight gray ladybug pajamas plow sneaker soccer theater trash"
    )
    words = {word for name in labels.names for word in name.casefold().split()}
    assert words & set(american.split()) == set()


def test_no_name_holds_a_word_that_can_hurt(labels: FriendlyLabels) -> None:
    hurtful = "cock coon coonhound cougar eskimo loafer nipple rape rapeseed redbone"
    words = {word for name in labels.names for word in re.split("[ -]", name.casefold())}
    assert words & set(hurtful.split()) == set()


@pytest.mark.parametrize(
    ("index", "name"),
    [
        (2, "great white"),
        (89, "cockatoo"),
        (134, "crane bird"),
        (517, "lifting crane"),
        (264, "Cardigan corgi"),
        (474, "cardigan"),
        (487, "mobile phone"),
        (836, "dark glasses"),
        (837, "sunglasses"),
        (967, "espresso"),
    ],
)
def test_a_class_has_the_expected_name(labels: FriendlyLabels, index: int, name: str) -> None:
    assert labels.names[index] == name


def test_the_remarks_beside_the_names_are_torchvisions_names_in_its_order(text: str) -> None:
    meta = pytest.importorskip("torchvision.models._meta", reason="needs torchvision for the order")
    lines = re.findall(r'^(\d+) = "(.+?)"(?: +# (.+))?$', text, flags=re.MULTILINE)
    assert [int(index) for index, _, _ in lines] == list(range(CLASSES))
    assert [remark or name for _, name, remark in lines] == meta._IMAGENET_CATEGORIES


def test_the_remarks_beside_the_blocked_classes_are_their_names(text: str, labels: FriendlyLabels) -> None:
    lines = re.findall(r"^    (\d+), +# (.+)$", text, flags=re.MULTILINE)
    assert {int(index) for index, _ in lines} == labels.blocked
    assert [remark for _, remark in lines] == [labels.names[int(index)] for index, _ in lines]


def test_every_group_of_blocked_classes_gives_its_reason(text: str) -> None:
    blocked = text[text.index("\n[blocked]\n") :]
    groups = re.findall(r"^\w+ = \[$", blocked, flags=re.MULTILINE)
    reasons = re.findall(r"^# .+\n\w+ = \[$", blocked, flags=re.MULTILINE)
    assert len(groups) == len(reasons) > 0


def test_blocked_classes_exist_and_are_few(labels: FriendlyLabels) -> None:
    assert all(0 <= index < CLASSES for index in labels.blocked)
    assert 0 < len(labels.blocked) <= 80


@pytest.mark.parametrize("index", [252, 341, 366, 367, 413, 445, 459, 643, 655, 743, 763, 861, 903, 981, 982])
def test_what_could_hurt_is_never_shown(index: int) -> None:
    assert visitor_labels().name(index) is None


def test_what_visitors_carry_is_shown(labels: FriendlyLabels) -> None:
    carried = [414, 487, 504, 620, 748, 837, 893, 898, 968]
    assert [visitor_labels().name(index) for index in carried] == [labels.names[index] for index in carried]


def test_the_wall_has_twelve_drawable_targets_that_may_be_shown(labels: FriendlyLabels) -> None:
    indices = [target.index for target in labels.targets]
    assert len(indices) == len(set(indices)) == 12
    assert labels.blocked.isdisjoint(indices)
    # The icon is named after what the tile says, so that a moved index cannot put a pizza over "volcano".
    icons = [re.sub("[ -]", "_", labels.names[index]) for index in indices]
    assert [target.icon for target in labels.targets] == icons


def test_choices_are_all_that_is_not_blocked_from_a_to_z(labels: FriendlyLabels) -> None:
    choices = visitor_labels().order
    assert sorted([*choices, *labels.blocked]) == list(range(CLASSES))
    names = [labels.names[index].casefold() for index in choices]
    assert names == sorted(names)


def test_a_model_built_here_is_read_by_the_friendly_names(state: StateFolder) -> None:
    """Told by its card's labels: another spelling of them, or a card of old, must not unblock what could hurt."""
    assert labels_for(read_card(state.model(None))) == visitor_labels()


def test_letters_hold_every_choice_once_in_order(labels: FriendlyLabels) -> None:
    names = [labels.names[index] for index in visitor_labels().order]
    letters = [letter for letter, _ in groupby(names, lambda name: name[0].upper())]
    assert letters == sorted(set(letters))
    assert set(letters) <= set(string.ascii_uppercase)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('\n0 = "tench fish"', '\n1000 = "tench fish"', r"classes 0 to 999, look at \[0, 1000\]"),
        ('\n3 = "tiger shark"', '\n3 = "Goldfish"', "classes 1 and 3 are both 'Goldfish'"),
        ('\n8 = "hen"', '\n8 = " hen"', "class 8 has an empty or padded name"),
        ("    981, ", "    1981, ", "blocked: there is no class 1981"),
        ("    981, ", "    982, ", "blocked: class 982 stands there 2 times"),
        ("index = 963", "index = 130", "targets: class 130 stands there 2 times"),
        ("index = 963", "index = 366", "class 366 is blocked and a target"),
        ("index = 963", "index = -1", "targets: there is no class -1"),
        ("index = 963", 'index = "963"', "cannot be read: Expected `int`"),
        ("[names]", "[nouns]", "cannot be read: Object .* field"),
        ("[names]", "[names", "cannot be read"),
    ],
)
def test_a_wrong_file_is_refused_by_name(text: str, old: str, new: str, complaint: str) -> None:
    assert text.count(old) == 1
    with pytest.raises(BadArgumentError, match=complaint):
        parse_friendly_labels(text.replace(old, new))


def test_every_name_is_in_one_group_and_has_a_picture() -> None:
    shown = visitor_labels()
    grouped = [label for group in shown.groups for label in group.labels]
    assert sorted(grouped) == sorted(shown.order), "each once, and nothing that is blocked"
    assert all(shown.icon(label) for label in shown.order)
    assert len(shown.groups) <= 23, "with the letters they are one page of the smallest panel"
    assert max(len(group.name) for group in shown.groups) <= 14
    assert set(shown.pictured) <= set(shown.order)
    assert len(shown.pictured) > 250


def test_every_picture_is_in_the_font() -> None:
    glyphs, shown = Glyphs(), visitor_labels()
    blank = pygame.surfarray.array_alpha(glyphs.draw("\u2603", 48, (255, 255, 255)))
    wanted = {icon for icon in shown.icons if glyphs.has(icon)} | {group.icon for group in shown.groups}
    assert len(wanted) > 200
    for name in wanted:
        alpha = pygame.surfarray.array_alpha(glyphs.draw(name, 48, (255, 255, 255)))
        assert 0.02 < (alpha > 128).mean() < 0.9, name
        assert (alpha != blank).any(), f"{name} is not in the font"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("worn = 1", "cannot be read"),
        ('worn = []\n[[groups]]\nname = "dogs"\nicon = "d"\nof = ["one-two"]\n[icons]\n', "cannot be read"),
    ],
)
def test_a_wrong_file_of_groups_is_refused(text: str, fault: str) -> None:
    with pytest.raises(BadArgumentError, match=fault):
        parse_label_groups(text)
