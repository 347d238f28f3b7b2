"""The house numbers: short modules, short functions, small folders, no broad catches, no work at import, no torch.

Each table of exceptions may only shrink: an entry that is not needed any more fails its test.
"""

import ast
import dataclasses
import importlib
import importlib.util
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.core.screen import RestingScreen, Screen, StaffScreen, VisitScreen

PACKAGE = Path(__file__).resolve().parents[2] / "kiosk"
SOURCES = sorted(PACKAGE.rglob("*.py"))

LONGEST_MODULE, LONGEST_FUNCTION = 400, 60
MOST_AT_THE_TOP, MOST_IN_A_FOLDER = 5, 16
KNOWN_LONG_MODULES: dict[str, int] = {}
KNOWN_LONG_FUNCTIONS: dict[str, int] = {}
# The boundaries of a thread or a process: whatever goes wrong inside is logged there and answered.
KNOWN_BROAD_CATCHES: dict[str, int] = {
    "camera/process/server.py:_use": 2,
    "camera/process/supervisor.py:_report": 1,
    "camera/process/supervisor.py:_run": 1,
    "gradients/compute/worker.py:_answer": 1,
    "gradients/supervisor.py:_run": 1,
    "perform/classify_thread.py:_failure": 1,
    "vision/decoding/__main__.py:_read": 1,
}
FORBIDDEN_IN_NAMES = ("util", "helper", "manager", "handle", "common", "misc")
# These run in the gradient process, or build a model, or measure; a command names them at run time.
WITH_TORCH = ("kiosk.gradients.compute.", "kiosk.vision.build.")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def where(file: Path) -> str:
    return file.relative_to(PACKAGE).as_posix()


def module_name(file: Path) -> str:
    parts = file.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def is_broad(handler: ast.ExceptHandler) -> bool:
    """Return whether a handler catches everything, alone or within a tuple."""
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(name, ast.Name) and name.id in ("Exception", "BaseException") for name in caught)


def broad_catches(file: Path) -> Iterator[str]:
    """Yield file:function for every broad except, naming the innermost function."""
    tree = parsed(file)
    owners: dict[ast.AST, str] = {}
    for function in functions(tree):  # outer functions come first
        owners.update(dict.fromkeys(ast.walk(function), function.name))
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and is_broad(node):
            yield f"{where(file)}:{owners.get(node, 'module')}"


def test_there_is_something_to_check() -> None:
    assert len(SOURCES) > 20
    assert PACKAGE / "cli.py" in SOURCES


def test_modules_are_short() -> None:
    lines = {where(file): len(file.read_text("utf-8").splitlines()) for file in SOURCES}
    assert {name: count for name, count in lines.items() if count > LONGEST_MODULE} == KNOWN_LONG_MODULES


def test_folders_are_small() -> None:
    """Counted with their __init__.py; nearly all of the exhibit lies in packages."""
    modules = Counter(file.parent for file in SOURCES)
    assert modules[PACKAGE] <= MOST_AT_THE_TOP
    large = {where(folder): count for folder, count in modules.items() if count > MOST_IN_A_FOLDER}
    assert large == {}


def derived(kind: type[Any]) -> Iterator[type[Any]]:
    """Yield every class that is derived from a class, however far."""
    for nearest in kind.__subclasses__():
        yield nearest
        yield from derived(nearest)


def test_no_field_of_a_screen_takes_the_place_of_what_every_screen_has() -> None:
    """It would do so silently: the field is found instead of the method, or has the property for its default."""
    for file in (PACKAGE / "topics").rglob("*.py"):
        importlib.import_module(module_name(file))
    taken = {name for kind in (Screen, RestingScreen, VisitScreen, StaffScreen) for name in dir(kind)}
    assert {"update", "view", "picture", "held", "stopped", "quiet_s", "secret"} <= taken
    screens = [screen for screen in derived(Screen) if dataclasses.is_dataclass(screen)]
    assert len(screens) > 20
    shadowing = {
        f"{screen.__name__}.{field.name}"
        for screen in screens
        for field in dataclasses.fields(screen)
        if field.name in taken
    }
    assert shadowing == set()


def test_functions_are_short() -> None:
    lengths = {
        f"{where(file)}:{function.name}": (function.end_lineno or 0) - function.lineno + 1
        for file in SOURCES
        for function in functions(parsed(file))
    }
    long = {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION}
    assert long == KNOWN_LONG_FUNCTIONS


def test_everything_is_caught_at_the_known_boundaries_only() -> None:
    found = Counter(catch for file in SOURCES for catch in broad_catches(file))
    assert dict(found) == KNOWN_BROAD_CATCHES


def test_modules_are_named_after_what_they_are() -> None:
    names = [part for file in SOURCES for part in file.relative_to(PACKAGE).with_suffix("").parts]
    assert [name for name in names if any(word in name for word in FORBIDDEN_IN_NAMES)] == []


def test_nothing_is_global_but_constants() -> None:
    statements = [
        f"{where(file)}:{node.lineno}"
        for file in SOURCES
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Global)
    ]
    assert statements == []


def test_every_module_says_what_it_is() -> None:
    silent = [where(file) for file in SOURCES if file.stat().st_size and not ast.get_docstring(parsed(file))]
    assert silent == []


# Run in a fresh interpreter: imports the modules named on its command line and tells what that did.
IMPORTING = """
import importlib, json, sys, threading
opened = []
sys.addaudithook(lambda event, details: opened.append(details[:2]) if event == "open" else None)
for name in sys.argv[1:]:
    importlib.import_module(name)
print(json.dumps({
    "loaded": sorted(sys.modules),
    "opened": [path for path, mode in opened if isinstance(path, str)],
    "threads": [thread.name for thread in threading.enumerate()],
    "homes": [sys.prefix, sys.base_prefix, *filter(None, sys.path)],
}))
"""


def imported(*modules: str) -> dict[str, list[str]]:
    done = subprocess.run(
        [sys.executable, "-P", "-s", "-c", IMPORTING, *modules],
        env=os.environ | {"PYTHONPATH": str(PACKAGE.parent)},  # this checkout, whichever is installed
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    told: dict[str, list[str]] = json.loads(done.stdout)
    return told


def without_torch() -> list[str]:
    """Return every module of the exhibit's process that can be imported on this machine."""
    names = [module_name(file) for file in SOURCES if file.name != "__main__.py"]
    return [name for name in names if not f"{name}.".startswith(WITH_TORCH)]


def test_importing_the_exhibits_modules_does_nothing_else() -> None:
    told = imported(*without_torch())
    assert "torch" not in told["loaded"]
    assert told["threads"] == ["MainThread"]
    # Libraries ask which system this is; everything else opened is code.
    homes = (*told["homes"], str(PACKAGE), "/etc/os-release", "/usr/lib/os-release", "/proc/", "/sys/")
    assert [path for path in told["opened"] if not path.startswith(homes)] == []


def test_the_command_line_starts_without_the_heavy_libraries() -> None:
    loaded = set(imported("kiosk.cli")["loaded"])
    assert loaded.isdisjoint({"torch", "torchvision", "onnxruntime", "cv2", "onnx", "pygame"})


@pytest.mark.parametrize("name", ["kiosk.gradients.compute.worker", "kiosk.vision.build.builder"])
def test_what_needs_torch_is_there_to_be_named_at_run_time(name: str) -> None:
    assert importlib.util.find_spec(name) is not None
