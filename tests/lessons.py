"""Lessons for taught heads, out of real photographs, in four ways.

*Objects*: a label is one photographed thing. It is taught by views of the photograph's left half and asked about by
views of the right one: the same thing seen from elsewhere, with no pixel in common. That is what visitors do.
*Groups*: a label is a handful of photographs of related things, each taught and asked about by its halves.
*Kinds*: of such a handful half of the photographs teach the label and the other half ask about it: other things of
that kind. That is hard with so few, and more than the exhibit promises.
*Crops*: a label is one photograph, taught and asked about by crops of the whole of it: easy to tell, hard to attack.
Strangers, which a head ought not to know, are shown whole.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import numpy as np

from kiosk.vision.classifier import Classifier
from kiosk.vision.examples import Examples
from kiosk.vision.picture import Rgb, read_photograph, to_picture

KINDS: Mapping[str, tuple[int, ...]] = {
    "dogs": (151, 168, 173, 176, 177, 182, 197, 203, 213, 216, 223, 239, 251, 258),
    "birds": (9, 80, 88, 98, 99, 127, 129, 132),
    "reptiles": (26, 32, 34, 37, 39, 61, 63, 64),
    "insects": (77, 79, 312, 316, 317, 320),
    "vehicles": (407, 436, 573, 612, 627, 656, 705, 717, 874),
    "food": (509, 935, 940, 941, 947, 960, 969, 988, 990, 998),
    "clothes": (451, 496, 568, 608, 655, 697, 841, 982),
    "furniture": (431, 493, 516, 526, 548, 736, 765, 831),
}


@dataclass(frozen=True)
class View:
    """A picture of what a label is, and the burst it was taken in."""

    picture: Rgb
    label: int
    burst: int


@dataclass(frozen=True)
class Lesson:
    """What teaches some labels, what asks about them, and what is none of them."""

    names: tuple[str, ...]
    teaching: tuple[View, ...]
    asking: tuple[View, ...]
    strangers: tuple[Rgb, ...]


def objects(files: Sequence[Path], seed: int, labels: int, bursts: int, frames: int) -> Lesson:
    """Return a lesson of so many photographed things; every other photograph is a stranger."""
    rng = np.random.default_rng(seed)
    drawn = [files[index] for index in rng.permutation(len(files))]
    return _by_halves({file.stem: [file] for file in drawn[:labels]}, drawn[labels:], rng, bursts, frames)


def groups(files: Sequence[Path], seed: int, photographs: int, bursts: int, frames: int) -> Lesson:
    """Return a lesson of the eight kinds, each so many photographs. Photographs of no kind are strangers."""
    rng = np.random.default_rng(seed)
    numbered = {int(file.stem[:4]): file for file in files}
    named = {
        name: [numbered[int(number)] for number in rng.permutation(numbers)[:photographs]]
        for name, numbers in KINDS.items()
    }
    return _by_halves(named, _of_no_kind(numbered), rng, bursts, frames)


def _by_halves(
    named: Mapping[str, Sequence[Path]],
    others: Sequence[Path],
    rng: np.random.Generator,
    bursts: int,
    frames: int,
) -> Lesson:
    """Return a lesson taught by left halves and asked about by right ones, so many bursts a half."""
    views: dict[bool, list[View]] = {False: [], True: []}
    burst = count()
    for label, own in enumerate(named.values()):
        for rgb in map(read_photograph, own):
            for right, taken in views.items():
                for _ in range(bursts):
                    number = next(burst)
                    seen = burst_of(half(rgb, right=right), rng, frames)
                    taken += [View(picture, label, number) for picture in seen]
    strangers = tuple(crop(read_photograph(file), rng) for file in others)
    return Lesson(tuple(named), tuple(views[False]), tuple(views[True]), strangers)


def kinds(files: Sequence[Path], seed: int, frames: int) -> Lesson:
    """Return a lesson of eight kinds of things; a photograph is a burst. Photographs of no kind are strangers."""
    rng = np.random.default_rng(seed)
    numbered = {int(file.stem[:4]): file for file in files}
    teaching: list[View] = []
    asking: list[View] = []
    for label, numbers in enumerate(KINDS.values()):
        shuffled = rng.permutation([number for number in numbers if number in numbered])
        for index, number in enumerate(shuffled):
            rgb = read_photograph(numbered[int(number)])
            taken = teaching if index < len(shuffled) // 2 else asking
            taken += [View(crop(rgb, rng), label, int(number)) for _ in range(frames)]
    strangers = [crop(read_photograph(file), rng) for file in _of_no_kind(numbered)]
    return Lesson(tuple(KINDS), tuple(teaching), tuple(asking), tuple(strangers))


def crops(files: Sequence[Path], seed: int, labels: int, views: int) -> Lesson:
    """Return a lesson of so many photographs: as many crops of each teach it as ask about it, a burst each."""
    rng = np.random.default_rng(seed)
    drawn = [files[index] for index in rng.permutation(len(files))[:labels]]
    burst = count()
    seen = [
        [
            View(crop(rgb, rng), label, next(burst))
            for label, rgb in enumerate(map(read_photograph, drawn))
            for _ in range(views)
        ]
        for _ in ("teaching", "asking")
    ]
    return Lesson(tuple(file.stem for file in drawn), tuple(seen[0]), tuple(seen[1]), ())


def _of_no_kind(numbered: Mapping[int, Path]) -> list[Path]:
    of_kinds = {number for numbers in KINDS.values() for number in numbers}
    return [file for number, file in numbered.items() if number not in of_kinds]


def half(rgb: Rgb, *, right: bool) -> Rgb:
    """Return the left or the right half of a photograph."""
    middle = rgb.shape[1] // 2
    return rgb[:, middle:] if right else rgb[:, :middle]


def crop(rgb: Rgb, rng: np.random.Generator) -> Rgb:
    """Return one view of a photograph: another place, size and light."""
    return next(burst_of(rgb, rng, 1))


def burst_of(rgb: Rgb, rng: np.random.Generator, frames: int) -> Iterator[Rgb]:
    """Yield near-copies of one view, as a held shutter takes them: the hand shakes, the sensor is noisy."""
    height, width = rgb.shape[:2]
    shorter = min(height, width)
    side = shorter * rng.uniform(0.65, 0.95)
    top, left = rng.uniform(0, height - side), rng.uniform(0, width - side)
    gain, offset, mirrored = rng.uniform(0.8, 1.2), rng.uniform(-16, 16), rng.random() < 0.5
    for _ in range(frames):
        square = int(min(shorter, side * rng.uniform(0.95, 1.05)))
        y = int(np.clip(top + rng.normal(0, 0.03) * shorter, 0, height - square))
        x = int(np.clip(left + rng.normal(0, 0.03) * shorter, 0, width - square))
        view = rgb[y : y + square, x : x + square]
        picture = to_picture(np.ascontiguousarray(view[:, ::-1] if mirrored else view), 224)
        noisy = picture * gain * rng.uniform(0.97, 1.03) + offset + rng.normal(0, 3, picture.shape)
        yield np.clip(noisy, 0, 255).astype(np.uint8)


def examples(classifier: Classifier, names: Sequence[str], views: Sequence[View]) -> Examples:
    """Return what a classifier makes of views."""
    return Examples(
        tuple(names),
        np.stack([classifier(view.picture).embedding for view in views]),
        tuple(view.label for view in views),
        tuple(view.burst for view in views),
    )
