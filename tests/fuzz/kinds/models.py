"""What staff bring as a classifier of their own."""

import os
import select
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch

from kiosk.gradients.compute.network import Network
from kiosk.vision.build.apart import REFUSED
from kiosk.vision.build.foreign import adopt
from kiosk.vision.classifier import OUTPUTS
from kiosk.vision.model_card import ModelError
from tests.fuzz.kind import Kind
from tests.unit.foreign_models import FITTING, OPPONENT, classifier, fitting, with_weights_beside

LABELS, SIDE, MOST_SAID = 3, 224, 60_000
SMALL = {
    "kernel": OPPONENT[:, :, None, None]
}  # so that what is damaged is the graph more often than its weights


def models() -> Sequence[bytes]:
    made = [fitting(case) for case in sorted(FITTING)]
    for model in made:
        for tensor in model.graph.initializer:
            if tensor.name == "kernel":
                tensor.CopyFrom(onnx.numpy_helper.from_array(SMALL["kernel"], "kernel"))
    return [model.SerializeToString() for model in [*made, classifier(opset=11, weights=SMALL)]]


def models_in_two_files() -> Sequence[bytes]:
    model = classifier(weights=SMALL)
    onnx.external_data_helper.convert_model_to_external_data(model, location="weights.bin", size_threshold=0)
    for tensor in model.graph.initializer:
        tensor.ClearField("raw_data")
    return [model.SerializeToString()]


def read_model(content: bytes, folder: Path) -> None:
    """Adopt a file and run it, in a process of its own, as `kiosk model add` does; fork spares loading ONNX anew."""
    file = folder / "theirs.onnx"
    if not (folder / "weights.bin").exists():
        with_weights_beside(file)
    file.write_bytes(content)
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        _adopt_and_end(file, theirs)
    os.close(theirs)
    try:
        said = b""
        while select.select([ours], [], [])[0] and (piece := os.read(ours, MOST_SAID)):
            said += piece
        _, status = os.waitpid(child, 0)
        child = 0
    finally:
        os.close(ours)
        if child:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code == REFUSED or code < 0:  # what a signal ends is refused by `adopt_apart`, in a line of its own
        raise ModelError(said.decode() or f"ended by {signal.Signals(-code).name}")
    assert code == 0, said.decode()


def _adopt_and_end(file: Path, out: int) -> None:
    code, said = 1, ""
    try:
        torch.set_num_threads(1)
        model = adopt(file, LABELS, SIDE)
        with torch.no_grad():
            Network(model)(torch.from_numpy(np.zeros((1, 3, SIDE, SIDE), np.float32)), OUTPUTS)
        code = 0
    except ModelError as refusal:
        code, said = REFUSED, str(refusal)
    except BaseException:  # noqa: BLE001 - this is what is looked for
        said = traceback.format_exc()
    finally:
        os.write(out, said.encode("utf-8", "replace")[:MOST_SAID])
        sys.stdout.flush()
        os._exit(code)


KINDS = (
    Kind("ONNX", models, read_model, (ModelError,)),
    Kind("ONNX in two files", models_in_two_files, read_model, (ModelError,)),
)
