"""Whether a picture that fools one model fools others, and what it takes to fool two at once."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from kiosk.attack.noise import iterate_picture
from kiosk.device.state_folder import StateFolder
from kiosk.gradients.compute.attacks import Attacker, ensemble_step
from kiosk.gradients.compute.network import Network
from kiosk.vision.classifier import Classifier
from kiosk.vision.model_card import MODEL_FILE
from kiosk.vision.picture import Rgb
from tests.figures.figure import at_least, told
from tests.lies import lie_about

OTHERS = ("efficientnet_lite1", "efficientnet_lite2")
MOST_STEPS = 16  # the exhibit's, of 1/255 each
PHOTOGRAPHS = 30

pytestmark = [pytest.mark.usefixtures("torch_module"), pytest.mark.slow]


@dataclass(frozen=True)
class Attack:
    """A photograph, the lie, the first picture that fools (None: none does) with its step, and the last of all."""

    original: Rgb
    lie: int
    first: Rgb | None
    steps: int
    last: Rgb


def attacker_of(classifier: Classifier) -> Attacker:
    card = classifier.card
    return Attacker(Network.from_file(classifier.folder / MODEL_FILE), card.mean, card.std)


def attacked(judges: Sequence[Classifier], attackers: Sequence[Attacker], original: Rgb, lie: int) -> Attack:
    """All of the exhibit's steps against all judges at once; fooled once every judge is."""
    start = iterate = original.astype(np.float32)
    first, taken = None, 0
    for step in range(1, MOST_STEPS + 1):
        iterate = ensemble_step(attackers, iterate, start, lie, 1.0, float(MOST_STEPS))
        picture = iterate_picture(iterate)
        if first is None and all(judge(picture).label == lie for judge in judges):
            first, taken = picture, step
    return Attack(original, lie, first, taken, picture)


@pytest.fixture(scope="module")
def judges(
    state: StateFolder, shared: Path, build_model: Callable[[StateFolder, str, Path | None], None]
) -> dict[str, Classifier]:
    """Every other judge by name: two larger networks of the family, another family, and the float twin."""
    for name in OTHERS:
        if name not in state.model_names():
            build_model(state, name, None)
    if "mobilenet_v2" not in state.model_names():
        build_model(state, "mobilenet_v2", shared / "weights" / "mobilenet_v2.pth")
    twin = Classifier.float_twin(state.model("efficientnet_lite0"))
    assert twin is not None
    return {name: Classifier(state.model(name)) for name in (*OTHERS, "mobilenet_v2")} | {"float": twin}


def test_pictures_that_fool_one_seldom_fool_another_unless_they_are_made_for_both(
    photographs: list[Path], pictures: list[Rgb], classifier: Classifier, judges: dict[str, Classifier]
) -> None:
    with ExitStack() as stack:
        for judge in judges.values():
            stack.enter_context(judge)
        drawn = []
        for path, original in zip(photographs[::5][:PHOTOGRAPHS], pictures[::5][:PHOTOGRAPHS], strict=True):
            drawn.append((original, lie_about(path, classifier(original).label)))
        own, second = attacker_of(classifier), attacker_of(judges["efficientnet_lite1"])

        alone = [attacked([classifier], [own], *each) for each in drawn]
        fooled = [attack for attack in alone if attack.first is not None]
        at_least("transfer: Lite0 fooled", len(fooled) / len(alone), 0.95)
        for name, judge in judges.items():
            shares = []
            for at in ("first", "last"):
                seen = [(attack, judge(getattr(attack, at)).label) for attack in fooled]
                lies = sum(said == attack.lie for attack, said in seen)
                changed = sum(said != judge(attack.original).label for attack, said in seen)
                shares.append(f"{lies} and {changed} of {len(seen)}")
            told(f"transfer, {name}: says the lie, and another label, at the first fooled step", shares[0])
            told(f"transfer, {name}: the same after 16 steps of 1/255", shares[1])

        pair = [classifier, judges["efficientnet_lite1"]]
        both = [attacked(pair, [own, second], *each) for each in drawn]
        done = [attack.steps for attack in both if attack.first is not None]
        at_least("transfer: Lite0 and Lite1 fooled at once by one picture", len(done) / len(both), 0.9)
        told(
            "transfer: steps of Lite0 alone, of both at once, median",
            f"{np.median([attack.steps for attack in fooled]):g}, {np.median(done):g}",
        )
        third = sum(judges["efficientnet_lite2"](attack.last).label == attack.lie for attack in both)
        told("transfer: what was made for both, Lite2 says the lie after 16 steps", f"{third} of {len(both)}")
