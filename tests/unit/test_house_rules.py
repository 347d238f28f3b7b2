"""The house numbers: short modules, short functions, no broad catches, no work at import, no torch in the exhibit.

Each table of exceptions may only shrink: an entry that is not needed any more fails its test.
"""

import ast
import importlib.util
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "kiosk"
SOURCES = sorted(PACKAGE.rglob("*.py"))

LONGEST_MODULE, LONGEST_FUNCTION = 400, 60
KNOWN_LONG_MODULES: dict[str, int] = {}
KNOWN_LONG_FUNCTIONS: dict[str, int] = {}
# The boundaries of a thread or a process: whatever goes wrong inside is logged there and answered.
KNOWN_BROAD_CATCHES: dict[str, int] = {
    "camera/capture_thread.py:run": 1,
    "gradients/supervisor.py:_run": 1,
    "gradients/worker.py:_answer": 1,
    "perform/judge.py:_did_one": 1,
}
FORBIDDEN_IN_NAMES = ("util", "helper", "manager", "handle", "common", "misc")
# These run in the gradient process, or build a model, or measure; a command names them at run time.
WITH_TORCH = (
    "kiosk.gradients.attacks.",
    "kiosk.gradients.gradcam.",
    "kiosk.gradients.network.",
    "kiosk.gradients.quantised.",
    "kiosk.gradients.training.",
    "kiosk.gradients.worker.",
    "kiosk.gradients.yardsticks.",
    "kiosk.vision.build.",
)

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
        [sys.executable, "-I", "-c", IMPORTING, *modules], capture_output=True, text=True, check=False
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


@pytest.mark.parametrize("name", ["kiosk.gradients.worker", "kiosk.vision.build.builder"])
def test_what_needs_torch_is_there_to_be_named_at_run_time(name: str) -> None:
    assert importlib.util.find_spec(name) is not None
