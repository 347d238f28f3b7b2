"""`kiosk bench`: times on this device. Ratios first: absolute times wander with the machine's other work."""

import importlib
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import onnx
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from kiosk.camera.yardstick import camera_figures
from kiosk.commands.demo import DEFAULT_PICTURE
from kiosk.commands.frames import frame_figures
from kiosk.device.running import is_running
from kiosk.device.state_folder import StateFolder
from kiosk.errors import KioskError
from kiosk.gradients.client import GradientClient
from kiosk.settings.files import load_settings
from kiosk.settings.sections import Settings
from kiosk.vision.classifier import Classifier
from kiosk.vision.model_card import FLOAT_FILE
from kiosk.vision.picture import Rgb, read_photograph, to_picture

WARM_UP_ROUNDS = 5
STARTS = 3
PERCENTILES = (50, 90, 99)
Times = Mapping[str, list[float]]


def run(settings_file: Path | None, *, as_json: bool, model: str | None, runs: int, frames: int) -> int:
    """Return 0 after printing ratios, percentiles and limits as a table or as JSON."""
    settings = load_settings(settings_file)
    state = StateFolder(settings.state_folder())
    if frames and is_running(state.path):
        raise KioskError(f"{state.path}: an exhibit runs on it, and --frames would cover it; close it first")
    folder = state.model(model)
    with Classifier(folder, threads=1, spinning=False) as classifier:
        picture = to_picture(read_photograph(state.stock / DEFAULT_PICTURE), classifier.card.input_size)
        before = _processor_ticks()
        times = _paired_times(classifier, folder, picture, runs) | _queue_times(
            classifier, settings, picture, runs
        )
        steal = _steal(before, _processor_ticks())
        measured: dict[str, Any] = {
            "model": classifier.card.name,
            "activations": classifier.card.activations,
            "machine": platform.machine(),
            "ratios": _ratios(times),
            "milliseconds": {name: _percentiles(values) for name, values in times.items()},
            "limits": _limits(folder),
            "cpu_steal": steal,
        }
    measured["camera"] = camera_figures(state.stock)
    if frames:
        before = _processor_ticks()
        measured["frames"] = frame_figures(settings, state, model, frames)
        measured["cpu_steal_during_frames"] = _steal(before, _processor_ticks())
    if as_json:
        Console().print_json(msgspec.json.encode(measured).decode())
    else:
        _print(measured)
    return 0


def _paired_times(classifier: Classifier, folder: Path, picture: Rgb, runs: int) -> dict[str, list[float]]:
    """Return seconds by name, all taken in turn in one process, so that a slow moment slows each alike."""
    module = importlib.import_module("kiosk.gradients.compute.yardsticks")
    yardsticks = module.Yardsticks(folder, classifier.card, picture)
    twin = Classifier.float_twin(folder)
    works: dict[str, Callable[[], object]] = {
        "int8 inference": lambda: classifier(picture),
        "attack step, 1 thread": yardsticks.step,
        "print-proof step, 1 thread": yardsticks.print_proof_step,
        "Grad-CAM": yardsticks.grad_cam,
    }
    if twin is not None and yardsticks.has_float:
        works["float inference"] = lambda: twin(picture)
        works["plain float pass, 1 thread"] = yardsticks.plain_pass
    return _in_turn(works, runs)


def _in_turn(works: Mapping[str, Callable[[], object]], runs: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(WARM_UP_ROUNDS + runs):
        for name, work in works.items():
            since_s = time.perf_counter()
            work()
            if turn >= WARM_UP_ROUNDS:
                times[name].append(time.perf_counter() - since_s)
    return times


def _queue_times(
    classifier: Classifier, settings: Settings, picture: Rgb, runs: int
) -> dict[str, list[float]]:
    """Return seconds of process starts, and of steps through the queue with their verdict."""
    starts, iterate = [], picture.astype(np.float32)
    for _ in range(STARTS):
        since_s = time.perf_counter()
        with GradientClient(classifier.folder, classifier.card, settings.gradients) as gradients:
            gradients.ping().result()  # a job waits until the model is loaded
            starts.append(time.perf_counter() - since_s)
            step_and_verdict = partial(_step_and_verdict, gradients, classifier, iterate, picture)
            steps = _in_turn({"step through the queue, with its verdict": step_and_verdict}, runs)
    return {"gradient process start": starts, **steps}


def _step_and_verdict(
    gradients: GradientClient, classifier: Classifier, iterate: NDArray[np.float32], picture: Rgb
) -> None:
    gradients.step("sign", iterate, picture, 0).result()
    classifier(picture)


def _ratios(times: Times) -> dict[str, float | None]:
    """Return medians of the ratios of paired runs; None where the float twin was not kept."""

    def ratio(a: str, b: str) -> float | None:
        if a not in times or b not in times:
            return None
        return statistics.median(x / y for x, y in zip(times[a], times[b], strict=True))

    return {
        "int8 inference / float inference": ratio("int8 inference", "float inference"),
        "attack step / plain float pass": ratio("attack step, 1 thread", "plain float pass, 1 thread"),
        "print-proof step / attack step": ratio("print-proof step, 1 thread", "attack step, 1 thread"),
        "attack step / int8 inference": ratio("attack step, 1 thread", "int8 inference"),
    }


def _percentiles(seconds: list[float]) -> dict[str, float]:
    values = np.percentile(np.asarray(seconds) * 1e3, PERCENTILES)
    return {"runs": len(seconds), **{f"p{p}": float(v) for p, v in zip(PERCENTILES, values, strict=True)}}


def _limits(folder: Path) -> dict[str, float | None]:
    """Return what this processor could do at best: its float32 speed, and the network's work divided by it."""
    gflops: float = importlib.import_module("kiosk.gradients.compute.yardsticks").peak_gflops()
    macs = multiply_accumulates(folder / FLOAT_FILE) if (folder / FLOAT_FILE).is_file() else None
    forward_ms = 2 * macs / gflops / 1e6 if macs else None
    return {
        "float32_gflops_1_thread": gflops,
        "network_million_macs": macs / 1e6 if macs else None,
        "float_inference_floor_ms": forward_ms,
        # The input's gradient costs as much as the forward pass: no weight gradients are taken.
        "attack_step_floor_ms": 2 * forward_ms if forward_ms else None,
    }


def multiply_accumulates(file: Path) -> int:
    """Return the multiply-accumulates of one inference, from the shapes of a float ONNX file."""
    graph = onnx.load(file).graph
    shapes = {
        value.name: [dimension.dim_value for dimension in value.type.tensor_type.shape.dim]
        for value in (*graph.value_info, *graph.output)
    }
    weights = {tensor.name: list(tensor.dims) for tensor in graph.initializer}
    total = 0
    for node in graph.node:
        if node.op_type in ("Conv", "Gemm"):
            outputs, kernel = shapes[node.output[0]], weights[node.input[1]]
            per_output = kernel[1:] if node.op_type == "Conv" else [_inputs(kernel, outputs[-1])]
            total += int(np.prod(outputs, dtype=np.int64) * np.prod(per_output, dtype=np.int64))
    return total


def _inputs(matrix: list[int], outputs: int) -> int:
    """Return how many inputs a Gemm's matrix has, whichever way it lies."""
    return matrix[1] if matrix[0] == outputs else matrix[0]


def _processor_ticks() -> list[int]:
    return [int(field) for field in Path("/proc/stat").read_text("ascii").splitlines()[0].split()[1:9]]


def _steal(before: list[int], after: list[int]) -> float:
    """Return the share of time that the hypervisor gave to others meanwhile: doubt all times where it is large."""
    spent = [b - a for a, b in zip(before, after, strict=True)]
    return spent[7] / max(sum(spent), 1)


def _print(measured: Mapping[str, Any]) -> None:
    console = Console()
    console.print(f"{measured['model']} ({measured['activations']} activations) on {measured['machine']}\n")
    ratios = Table("ratio, median of paired runs", "", box=None)
    for name, value in measured["ratios"].items():
        ratios.add_row(name, "unknown: no float file" if value is None else f"{value:.2f}")
    times = Table("milliseconds", "runs", *(f"p{p}" for p in PERCENTILES), box=None)
    for name, values in measured["milliseconds"].items():
        times.add_row(name, str(values["runs"]), *(f"{values[f'p{p}']:.1f}" for p in PERCENTILES))
    limits = Table("limits", "", box=None)
    for name, value in measured["limits"].items():
        limits.add_row(name.replace("_", " "), "unknown" if value is None else f"{value:.1f}")
    limits.add_row("CPU steal meanwhile", f"{measured['cpu_steal']:.1%}")
    camera = Table("camera process, our own pictures", "", box=None)
    for name, value in measured["camera"].items():
        told = f"{value:.1%}" if name.startswith("cpu") else f"{value:.3g}"
        camera.add_row(name.replace("_", " "), told)
    tables = [ratios, times, limits, camera]
    if "frames" in measured:
        frames = Table("screen, milliseconds", "count", "p50", "p99", "p99.9", "longest", box=None)
        for name, values in measured["frames"].items():
            shown = (
                f"{values[key]:.1f}" if key in values else "" for key in ("p50", "p99", "p99.9", "longest")
            )
            frames.add_row(name, str(values["count"]), *shown)
        frames.add_row("CPU steal meanwhile", f"{measured['cpu_steal_during_frames']:.1%}")
        tables.append(frames)
    for table in tables:
        console.print(table)
        console.print()
