"""`kiosk model add`: somebody else's classifier becomes one of ours, or is refused with the reason."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import onnx
import onnxruntime
import pytest

from kiosk.attack.run import Plan, run_attack
from kiosk.commands.model import check_new_name, tell, three_numbers
from kiosk.device.state_folder import StateFolder
from kiosk.errors import BadArgumentError
from kiosk.gradients.client import GradientClient
from kiosk.settings.sections import GradientSettings
from kiosk.vision.classifier import Classifier
from kiosk.vision.model_card import FLOAT_FILE, read_card
from kiosk.vision.picture import Rgb, to_input
from kiosk.words.friendly_labels import labels_for, visitor_labels
from kiosk.words.label_file import read_label_file
from tests.unit.foreign_models import BAD, BODY, CELL, COLOURS, Weights, classifier, node
from tests.unit.full_disk import contents

# Run in one process, since PyTorch takes ten seconds to load. Writes networks with PyTorch's two exporters, adds what
# it is told to, and prints each exit status with what was said, and the models' digests before and after the bad ones.
ADDING = """
import contextlib, hashlib, io, json, os, sys, warnings
from pathlib import Path
warnings.simplefilter("ignore")
import onnx, torch, torchvision
from torch import nn
from torchvision.models._meta import _IMAGENET_CATEGORIES
from kiosk.cli import main
from kiosk.vision.build import apart, foreign
from kiosk.vision.build.adding import with_imagenet_names
from tests.unit.foreign_models import CELL, OPPONENT

class Colours(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 3, CELL, CELL, bias=False), nn.BatchNorm2d(3), nn.ReLU())
        self.head = nn.Linear(3, 3)
        with torch.no_grad():
            self.body[0].weight.copy_(torch.from_numpy(OPPONENT)[:, :, None, None] / CELL**2)
            self.head.weight.copy_(8 * torch.eye(3))
            self.head.bias.zero_()
    def forward(self, pixels):
        return self.head(self.body(pixels).mean([2, 3])).softmax(1)

def write_networks():
    pixels = torch.zeros(2, 3, 224, 224)
    axes = {"image": {0: "n", 2: "rows", 3: "columns"}}
    torch.onnx.export(Colours().eval(), (pixels,), folder / "script.onnx", dynamo=False, opset_version=13,
                      input_names=["image"], dynamic_axes=axes)
    if "mobilenet" in good:
        torch.manual_seed(0)
        net = torchvision.models.mobilenet_v3_small(weights=None, num_classes=3).eval()
        shapes = ({0: torch.export.Dim("batch")},)
        exported = torch.onnx.export(net, (pixels,), dynamo=True, dynamic_shapes=shapes, verbose=False)
        exported.save(folder / "mobilenet.onnx")

def add(name, arguments):
    said = io.StringIO()
    sys.argv = ["kiosk", "model", "add", *arguments]
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            main()
    except SystemExit as end:
        return [end.code, said.getvalue()]
    except BaseException as crash:
        return [None, repr(crash)]

def digests():
    files = sorted(path for path in (state / "models").rglob("*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

folder, state, good, bad = Path(sys.argv[1]), Path(os.environ["KIOSK_STATE"]), *map(json.loads, sys.argv[2:4])
write_networks()
told = {"imagenet": with_imagenet_names(tuple(_IMAGENET_CATEGORIES))}
for name, arguments in good.items():
    told[name] = add(name, arguments)
    if name == "script":
        (folder / "quantised.onnx").write_bytes((state / "models" / "script" / "classifier.onnx").read_bytes())
told["before"] = digests()
# The bad ones are read in this process: another one for each takes a second. `test_adopting` reads its own apart.
apart.adopt_apart = lambda file, labels, side, adopted: onnx.save(foreign.adopt(file, labels, side), adopted)
for name, arguments in bad.items():
    told[name] = add(name, arguments)
told["after"] = digests()
print(json.dumps(told))
"""

HALF = ("--mean", "0.5", "--std", "0.5")
IMAGENET = ("--mean", "0.485,0.456,0.406", "--std", "0.229,0.224,0.225")
# The same network as others may write it, in operators of 2019: a gate that pools beside the way, a pooling by a window
# at its end, no vector behind it, a product and a sum.
OLD_STYLE = [
    BODY[0],
    node("GlobalAveragePool", "cells", "mean"),
    node("HardSigmoid", "mean", "gate"),
    node("Mul", "cells gate", "gated"),
    node("Relu", "gated", "map"),
    node("AveragePool", "map", "pooled", kernel_shape=[224 // CELL] * 2),
    node("Conv", "pooled square", "mixed"),
    node("Reshape", "mixed flat", "vector"),
    node("MatMul", "vector matrix", "product"),
    node("Add", "product bias", "scores"),
]
OLD_WEIGHTS: Weights = {
    "square": np.eye(3, dtype=np.float32).reshape(3, 3, 1, 1),
    "flat": np.array([-1, 3]),
    "bias": np.zeros(3, np.float32),
}


@dataclass
class Added:
    """What came of adding good and bad files to one state folder."""

    folder: Path
    state: StateFolder
    told: dict[str, tuple[int | None, str]]
    before: dict[str, str]
    after: dict[str, str]
    imagenet: tuple[str, ...]


def add_all(folder: Path, good: dict[str, list[str]]) -> Added:
    """Write every file, add it, and return what was said."""
    bad = {name: [str(folder / f"{name}.onnx"), "--name", name, *HALF] for name in BAD}
    for name, (write, _) in BAD.items():
        write(folder / f"{name}.onnx")
    onnx.save(classifier(OLD_STYLE, opset=11, weights=OLD_WEIGHTS), folder / "old-style.onnx")
    (folder / "labels.txt").write_text("red\n!green\nblue\n\n", "utf-8")
    labels = ["--labels", str(folder / "labels.txt")]
    arguments = [{name: [*given, *labels] for name, given in files.items()} for files in (good, bad)]
    done = subprocess.run(
        [sys.executable, "-c", ADDING, str(folder), *map(json.dumps, arguments)],
        env=os.environ | {"KIOSK_STATE": str(folder / "state")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    before, after, imagenet = (told.pop(key) for key in ("before", "after", "imagenet"))
    return Added(folder, StateFolder(folder / "state"), told, before, after, tuple(imagenet))


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> Added:
    folder = tmp_path_factory.mktemp("adding")
    good = ("script", "quantised", "old-style")
    return add_all(folder, {name: [str(folder / f"{name}.onnx"), "--name", name, *HALF] for name in good})


def coloured(red: int, green: int, blue: int) -> Rgb:
    """Return a picture of one colour under a little noise."""
    noise = np.random.default_rng(0).integers(-8, 9, (224, 224, 3))
    picture: Rgb = np.clip(noise + np.array([red, green, blue]), 0, 255).astype(np.uint8)
    return picture


RED, GREEN, BLUE = coloured(140, 120, 110), coloured(110, 150, 120), coloured(90, 90, 130)


class TestAdded:
    @pytest.mark.parametrize("name", ["script", "quantised", "old-style"])
    def test_answers_as_the_file_did(self, added: Added, name: str) -> None:
        assert added.told[name][0] == 0, added.told[name][1]
        theirs = onnxruntime.InferenceSession(
            added.folder / f"{name}.onnx", providers=["CPUExecutionProvider"]
        )
        (given,) = theirs.get_inputs()
        output = theirs.get_outputs()[0].name
        with Classifier(added.state.model(name)) as classifier:
            for number, picture in enumerate((RED, GREEN, BLUE)):
                (scores,) = theirs.run([output], {given.name: to_input(picture, (0.5,) * 3, (0.5,) * 3)})
                prediction = classifier(picture)
                ours = prediction.probabilities if name == "script" else prediction.logits
                np.testing.assert_allclose(ours, scores[0], atol=0.1)
                assert prediction.label == number
                assert prediction.embedding.shape == (3,)
                assert prediction.features.shape == (3, 224 // CELL, 224 // CELL)

    def test_has_a_card_like_ours(self, added: Added) -> None:
        card = read_card(added.state.model("script"))
        assert (card.name, card.labels, card.blocked, card.mean) == ("script", COLOURS, (1,), (0.5, 0.5, 0.5))
        assert card.measured.agreement is not None
        assert card.measured.agreement > 0.95
        assert card.measured.top1_int8 is None
        assert "Added script: agreement with float" in added.told["script"][1]
        assert set(contents(added.state.model("script"))) == {
            "classifier.onnx",
            "classifier.json",
            "float.onnx",
            "embeddings.npz",
        }

    def test_given_quantised_is_not_quantised_again(self, added: Added) -> None:
        folder = added.state.model("quantised")
        card = read_card(folder)
        assert not (folder / FLOAT_FILE).exists()
        assert (card.measured.agreement, card.measured.float_bytes) == (None, None)
        assert card.activations == read_card(added.state.model("script")).activations
        assert Classifier.float_twin(folder) is None

    def test_first_is_in_use_and_has_stock_pictures_beside_it(self, added: Added) -> None:
        assert added.state.current_name() == "script"
        assert (added.state.stock / "coffee-cup.png").is_file()

    def test_is_read_by_its_own_labels_but_for_the_blocked_ones(self, added: Added) -> None:
        labels = labels_for(read_card(added.state.model("script")))
        assert [labels.name(index) for index in range(3)] == ["red", None, "blue"]
        assert [tile.label for tile in labels.tiles] == [2, 0]

    def test_with_imagenets_labels_is_read_as_our_own_are(self, added: Added) -> None:
        """Whoever spelt them: so that what could hurt is blocked for visitors."""
        card = read_card(added.state.model("script"))
        changed = type(card)(
            **{name: getattr(card, name) for name in card.__struct_fields__}
            | {"labels": added.imagenet, "blocked": (1,)}
        )
        ours = visitor_labels()
        labels = labels_for(changed)
        assert labels.names == ours.names
        assert labels.blocked == ours.blocked | {1}

    def test_can_be_attacked(self, added: Added) -> None:
        folder = added.state.model("script")
        with (
            Classifier(folder) as classifier,
            GradientClient(folder, classifier.card, GradientSettings(threads=1)) as gradients,
        ):
            plan = Plan("sign", 2, 1.0, 16.0, 16)
            attacked = run_attack(classifier, gradients, RED, 0, plan)
            (evidence,) = gradients.maps("grad-cam", [RED], 0).result()
        assert attacked.fooled
        assert attacked.shown.prediction.label == 2
        assert evidence.peak > 0


class TestRefused:
    @pytest.mark.parametrize("name", sorted(BAD))
    def test_in_one_line_with_the_reason(self, added: Added, name: str) -> None:
        status, said = added.told[name]
        assert status == 1, said
        assert len(said.splitlines()) == 1, said
        assert said.startswith(f"kiosk: {added.folder / name}.onnx: ")
        assert re.search(BAD[name][1], said), said

    def test_leaves_the_models_as_they_were(self, added: Added) -> None:
        assert added.after == added.before
        assert added.state.model_names() == ["old-style", "quantised", "script"]

    @pytest.mark.parametrize("name", ["mobilenet_v2", "current", "../x", "X", "", "x" * 41])
    def test_for_a_name_that_cannot_be_a_folders_or_is_ours(self, name: str) -> None:
        with pytest.raises(BadArgumentError, match=r"--name .*: give 1 to 40 of a-z"):
            check_new_name(name)

    @pytest.mark.parametrize("given", ["a", "", "0.5,0.5", "0.5;0.5;0.5", "nan", "0", "0.5,0.5,11"])
    def test_for_numbers_that_are_none(self, given: str) -> None:
        with pytest.raises(BadArgumentError, match=f"--std {given}: give one number, or three with commas"):
            three_numbers("--std", given, 1e-4, 10)

    def test_before_anything_heavy_is_loaded(self, tmp_path: Path) -> None:
        for file in ("x.onnx", "x"):
            (tmp_path / file).touch()
        named = (str(tmp_path / "x.onnx"), "--labels", str(tmp_path / "x"), "--name", "X")
        done = run_kiosk(tmp_path, "model", "add", *named, *HALF)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
        assert done.stderr.startswith("kiosk: --name X: give")


def run_kiosk(state: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kiosk", *arguments],
        env=os.environ | {"KIOSK_STATE": str(state)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_a_mobilenet_of_somebody_elses_training_is_added(tmp_path: Path) -> None:
    """torchvision's, with a batch left open and random weights, by PyTorch's newer exporter."""
    good = {
        name: [str(tmp_path / "mobilenet.onnx"), "--name", name, *IMAGENET] for name in ("mobilenet", "again")
    }
    added = add_all(tmp_path, good)
    assert added.told["mobilenet"][0] == 0, added.told["mobilenet"][1]
    folder, again = added.state.model("mobilenet"), added.state.model("again")
    kinds = {node.op_type for node in onnx.load(folder / FLOAT_FILE).graph.node}
    ours = "Conv HardSwish HardSigmoid Relu GlobalAveragePool Mul Add Flatten Gemm"
    assert kinds == set(ours.split())
    assert read_card(folder).sha256 == read_card(again).sha256
    done = run_kiosk(
        added.state.path,
        *("evaluate", "--pictures", str(added.state.stock), "--limit", "2", "--max-steps", "2"),
        *("--out", str(tmp_path / "figures.json")),
    )
    assert done.returncode == 0, done.stderr
    assert len(json.loads((tmp_path / "figures.json").read_bytes())["rows"]) == 2


class TestLabelFile:
    @pytest.mark.parametrize(
        "text", ["red\n!green\nblue\n", "\ufeffred\r\n! green\r\nblue\r\n\r\n", ' ["red", "!green", "blue"]']
    )
    def test_is_a_list_or_a_name_a_line(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "labels").write_bytes(text.encode())
        file = read_label_file(tmp_path / "labels")
        assert (file.names, file.blocked) == (COLOURS, (1,))

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"red", "holds 1 labels"),
            (b"", "holds 0 labels"),
            (b"red\n\nblue", "label 2 is not"),
            (b"red\n!\nblue", "label 2 is not"),
            (b"red\nbl\x07ue", "label 2 is not"),
            (b"red\n" + b"x" * 101, "label 2 is not 1 to 100"),
            (b"red\n\xff", "is no text"),
            (b"[1, 2]", "is no JSON list"),
            (b'["red", "blue"', "is no JSON list"),
            (b"x\n" * 600_000, "more than 1 MB"),
        ],
    )
    def test_that_is_none_is_refused(self, tmp_path: Path, content: bytes, said: str) -> None:
        (tmp_path / "labels").write_bytes(content)
        with pytest.raises(BadArgumentError, match=said) as caught:
            read_label_file(tmp_path / "labels")
        assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(("agreement", "warned"), [(0.74, True), (0.95, False), (None, False)])
def test_a_model_that_often_answers_otherwise_is_warned_of(
    state: StateFolder, capsys: pytest.CaptureFixture[str], agreement: float | None, warned: bool
) -> None:
    card = read_card(state.model(None))
    measured = msgspec.structs.replace(card.measured, agreement=agreement)
    tell("Added", msgspec.structs.replace(card, measured=measured), state)
    told = capsys.readouterr()
    assert "Added efficientnet_lite0" in told.out
    assert ("often answers otherwise" in told.err) is warned
