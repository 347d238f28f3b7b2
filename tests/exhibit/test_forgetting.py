"""No part of the performer can be made without saying how it forgets, and none is left out of forgetting."""

from collections.abc import Callable, Iterator
from typing import Any, Never

import pytest

from kiosk.core.message import Effect, Forget, ForgetPicture
from kiosk.device.state_folder import StateFolder
from kiosk.exhibit.parts import PARTS
from kiosk.exhibit.performer import Performer, performing
from kiosk.perform.part import Part
from kiosk.settings.sections import Settings


class Whole(Part[Never]):
    """A part that says how it forgets, and counts how often it was asked to."""

    performs = ()

    def perform(self, effect: Never) -> None:
        """Do nothing: nothing is asked for."""

    def forget_picture(self) -> None:
        """Drop nothing."""

    def forget(self) -> None:
        """Drop nothing."""


@pytest.mark.parametrize("missing", ["forget_picture", "forget"])
def test_a_part_that_does_not_say_how_it_forgets_cannot_be_made(missing: str) -> None:
    methods = {name: getattr(Whole, name) for name in ("perform", "forget_picture", "forget")}
    del methods[missing]
    half = type("Half", (Part,), {"performs": (), **methods})
    with pytest.raises(TypeError, match=missing):
        half(None)


def test_every_part_of_the_exhibit_says_how_it_forgets() -> None:
    assert [part.__name__ for part in PARTS if part.__abstractmethods__] == []


@pytest.fixture
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Performer]]:
    """Make a performer of some parts, without a model."""
    performers: list[Performer] = []
    folder = tmp_path_factory.mktemp("state")

    def make(*parts: type[Part[Any]], on_forget: Callable[[], None] = lambda: None) -> Performer:
        camera = f"pictures:{folder}"
        performers.append(Performer(parts, Settings(), StateFolder(folder), camera, None, on_forget))
        return performers[-1]

    yield make
    for performer in performers:
        performer.close()


@pytest.mark.parametrize("effect", [Forget(), ForgetPicture()], ids=lambda effect: type(effect).__name__)
def test_every_part_is_asked_whatever_it_performs(made: Callable[..., Performer], effect: Effect) -> None:
    asked: list[str] = []

    class First(Whole):
        def forget_picture(self) -> None:
            asked.append(f"{type(self).__name__} ForgetPicture")

        def forget(self) -> None:
            asked.append(f"{type(self).__name__} Forget")

    class Second(First):
        pass

    performer = made(First, Second, on_forget=lambda: asked.append("the painter"))
    performer.perform(effect)
    kind = type(effect).__name__
    assert asked == [f"First {kind}", f"Second {kind}", "the painter"]


def test_two_parts_cannot_perform_one_effect() -> None:
    class Lone(Effect):
        pass

    def part(name: str) -> Any:
        return type(name, (Whole,), {"performs": (Lone,)})(None)

    first, second = part("First"), part("Second")
    assert performing([first]) == {Lone: first}
    with pytest.raises(ValueError, match="First and Second both perform Lone"):
        performing([first, second])
