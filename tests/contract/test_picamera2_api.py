"""Every name and keyword that picam.py uses of picamera2, checked against picamera2's own source.

The source comes from the package index. Where that cannot be reached, a frozen copy of the signatures is used
instead, and the comparison of the two is skipped, loudly.
"""

import ast
import inspect
import re
import subprocess
import sys
import zipfile
from types import SimpleNamespace
from typing import Any

import pytest

from kiosk.camera import picam
from kiosk.camera.sensor_mode import sizes_to_ask_for
from tests.contract import picamera2_stand_in
from tests.contract.sensors import SENSORS

VERSION = "0.3.38"
# The parameters of each method that we use; a name alone is a property. Read from picamera2 0.3.38.
FROZEN: dict[str, dict[str, list[str] | None]] = {
    "Picamera2": {
        "__init__": ["camera_num", "verbose_console", "tuning", "allocator"],
        "global_camera_info": [],
        "camera_properties": None,
        "camera_controls": None,
        "create_preview_configuration": [
            "main",
            "lores",
            "raw",
            "transform",
            "colour_space",
            "buffer_count",
            "controls",
            "display",
            "encode",
            "queue",
            "sensor",
            "use_case",
        ],
        "configure": ["camera_config"],
        "camera_configuration": [],
        "start": ["config", "show_preview"],
        "capture_request": ["wait", "signal_function", "flush"],
        "cancel_all_and_flush": [],
        "stop": [],
        "close": [],
    },
    "CompletedRequest": {"make_array": ["name"], "get_metadata": [], "release": []},
}
# What _clear_away closes of a camera whose making failed: set before anything of that can fail.
FROZEN_ATTRIBUTES = ("notifymeread", "notifyme_w", "is_open", "camera")
STREAM_KEYS = {"format", "size", "stride", "preserve_ar"}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The text of picamera2's modules by name."""
    folder = tmp_path_factory.mktemp("picamera2")
    words = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check"]
    words += ["--dest", str(folder), f"picamera2=={VERSION}"]
    try:
        subprocess.run(words, check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"NOT COMPARED with the real picamera2, only with the frozen signatures: {error}")
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        return {
            name: wheel.read(f"picamera2/{name}.py").decode() for name in ("picamera2", "request", "controls")
        }


def test_the_frozen_signatures_are_the_real_ones(source: dict[str, str]) -> None:
    for file, owner in (("picamera2", "Picamera2"), ("request", "CompletedRequest")):
        real = _methods(source[file], owner)
        for name, parameters in FROZEN[owner].items():
            assert real[name] == parameters, f"{owner}.{name}"
    for name in FROZEN_ATTRIBUTES:
        assert re.search(rf"self\.(notifyme_r, self\.)?{name}(: [\w.]+)? = ", source["picamera2"]), name
    keys = [
        {element.value for element in node.value.elts if isinstance(element, ast.Constant)}
        for node in ast.walk(ast.parse(source["picamera2"]))
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Tuple)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == "valid"
    ]
    assert STREAM_KEYS in keys


def test_the_real_one_still_has_the_traps_that_picam_avoids(source: dict[str, str]) -> None:
    def body(name: str) -> str:
        tree = ast.parse(source["picamera2"])
        found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == name]
        return ast.unparse(found[-1])

    assert "flush = time.monotonic_ns()" in body("capture_request"), "the shutter's clock is time.monotonic"
    assert "md['SensorTimestamp'] - 1000 * md['ExposureTime']" in body("wait_for_timestamp_")
    assert "FrameMetadata.Status.Success" in body("process_requests"), "a dead frontend raises nothing"
    assert "job.cancel()" in body("cancel_all_and_flush"), "a job that timed out is still queued"
    assert "camera_num >= len(" in body("__init__"), "no camera is a RuntimeError"
    assert "os.close(self.notifyme_w)" not in body("__init__"), "a failed opening leaves a pipe"
    assert "size[0] - size[0] % align" in body("align_stream"), "odd sizes are made even"
    assert "camera_config['main']['size']" in body("_make_libcamera_config"), "no sensor size: the picture's"
    assert "'BGR888': 'RGB'" in ast.unparse(ast.parse(source["request"])), "BGR888 is RGB in memory"


def test_the_stand_in_takes_the_read_out_that_the_real_one_takes(source: dict[str, str]) -> None:
    tree = ast.parse(source["picamera2"])
    scoring = [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "score_mode"
    ]
    names: dict[str, Any] = {"SensorFormat": lambda depth: SimpleNamespace(bit_depth=depth)}
    exec(ast.unparse(scoring[0]), names)  # noqa: S102 - picamera2's own, out of a method that needs a camera
    for sensor in SENSORS:
        modes = [{"format": mode.bit_depth, "size": mode.size} for mode in sensor.read_outs]
        depth = max(modes, key=lambda mode: (mode["size"], mode["format"]))["format"]
        for size in ((800, 600), (1280, 720), *sizes_to_ask_for(sensor.pixels, (800, 600))):
            real = min(modes, key=lambda mode: names["score_mode"](mode, depth, size))
            ours = sensor.nearest(size)
            assert (ours.size, ours.bit_depth) == (real["size"], real["format"]), (sensor.model, size)


def test_picam_uses_only_what_picamera2_has() -> None:
    used = 0
    for node in ast.walk(ast.parse(inspect.getsource(picam))):
        if isinstance(node, ast.Attribute) and (owner := _owner(node.value)):
            if owner == "picamera2":
                assert node.attr == "Picamera2"
                continue
            known = {*FROZEN[owner], *FROZEN_ATTRIBUTES}
            assert node.attr in known, f"{owner} has no {node.attr}"
            used += 1
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            called = _owner(node.func.value)
            if called == "picamera2":
                _check_call(node, FROZEN["Picamera2"]["__init__"])
            elif called:
                _check_call(node, FROZEN[called][node.func.attr])
    assert used >= 12, "this test no longer finds the calls it should check"


def test_every_capture_has_a_limit_and_the_shutter_flushes() -> None:
    text = inspect.getsource(picam)
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    captures = [ast.unparse(call) for call in calls if "capture_" in ast.unparse(call.func)]
    assert captures == ["self._picam2.capture_request(wait=timeout_s, flush=flush)"]
    shots = [ast.unparse(call) for call in calls if ast.unparse(call.func) == "self._take"]
    assert shots == ["self._take(timeout_s, flush=None)", "self._take(timeout_s, flush=True)"]


def test_the_stand_in_has_the_same_signatures() -> None:
    text = inspect.getsource(picamera2_stand_in)
    for owner in FROZEN:
        here = _methods(text, owner)
        for name, parameters in FROZEN[owner].items():
            if parameters is not None:
                assert here[name] == parameters, f"{owner}.{name}"


def _owner(node: ast.expr) -> str | None:
    """Which of picamera2's classes the expression is an object of, in picam.py."""
    names = {
        "self._picam2": "Picamera2",
        "picamera2.Picamera2": "Picamera2",
        "picam2": "Picamera2",
        "request": "CompletedRequest",
        "picamera2": "picamera2",
    }
    return names.get(ast.unparse(node))


def _check_call(call: ast.Call, parameters: list[str] | None) -> None:
    assert parameters is not None, f"{ast.unparse(call)}: a property is not called"
    assert len(call.args) <= len(parameters), ast.unparse(call)
    for keyword in call.keywords:
        assert keyword.arg in parameters, f"no {keyword.arg} in {ast.unparse(call.func)}"
        if keyword.arg == "main":
            assert isinstance(keyword.value, ast.Dict)
            assert {ast.literal_eval(key) for key in keyword.value.keys if key is not None} <= STREAM_KEYS


def _methods(text: str, owner: str) -> dict[str, list[str] | None]:
    """The parameters of each method of the class, overloads left out; None for a property."""
    tree = ast.parse(text)
    (found,) = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == owner]
    methods: dict[str, list[str] | None] = {}
    for node in found.body:
        if isinstance(node, ast.FunctionDef):
            marks = {ast.unparse(mark) for mark in node.decorator_list}
            if any(mark.endswith(".setter") for mark in marks) or "overload" in marks:
                continue
            names = [argument.arg for argument in node.args.args if argument.arg != "self"]
            methods[node.name] = None if marks & {"property", "classproperty"} else names
    return methods
