"""The `kiosk` command: parses arguments, then calls a command's module by name, so that each loads only its own."""

import importlib
import logging
import os
import sys
from pathlib import Path
from typing import Any

import click

from kiosk.commands.arguments import FILE, FOLDER, NEW_FILE, NEW_FOLDER, PAPERS, SETTINGS_FILE, Number
from kiosk.device.freed_memory import forbid_core_dumps
from kiosk.errors import BadArgumentError, KioskError

METHODS = ("sign", "falling", "quiet", "least", "printproof", "fgsm", "untargeted", "report")
MAPS = ("grad-cam", "grad-cam++", "cam", "contrast", "smoothgrad", "integrated-gradients", "occlusion")
PRESETS = ("quick", "standard", "discreet")
LASTING = (None, "gradients", "camera")  # they serve until they are told to end: warnings are their only word


def main() -> None:
    """Run the command line: exit 0 when it succeeds, 1 for a failed run, 2 for bad arguments or settings.

    What is typed is an argument, and so is what it names: a path or a name that is not there is 2. What is in a file
    counts as a failed run, but for settings and tables of labels, which somebody typed as well.
    """
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    # Else ONNX Runtime writes a device id and a queue of events for its maker when it is imported.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    forbid_core_dumps()
    try:
        status = command.main(standalone_mode=False)
    except click.ClickException as error:
        sys.exit(_complain(error.format_message(), 2))
    except BadArgumentError as error:
        sys.exit(_complain(str(error), 2))
    except KioskError as error:
        sys.exit(_complain(str(error), 1))
    except (click.Abort, KeyboardInterrupt):
        sys.exit(_complain("stopped", 130))
    except BrokenPipeError:
        sys.exit(1)
    sys.exit(status if isinstance(status, int) else 0)


def _complain(message: str, status: int) -> int:
    """Return the exit status after one line on standard error."""
    sys.stderr.write(f"kiosk: {' '.join(message.split())}\n")
    return status


def _call(module: str, **arguments: Any) -> Any:
    return importlib.import_module(f"kiosk.commands.{module}").run(**arguments)


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--settings", type=SETTINGS_FILE, help="A TOML file of settings; else KIOSK_SETTINGS, else the system's."
)
@click.option("--window", metavar="WxH", help="A window of that size, such as 1280x800; else full screen.")
@click.option(
    "--camera", metavar="SPEC", help="auto, picam, webcam[:DEVICE], gstreamer[:PIPELINE], pictures:DIR."
)
@click.option("--model", help="A built model's name; else the one in use.")
@click.option(
    "--event-log", type=NEW_FILE, help="Write events (never pictures) to this file, for tests and repairs."
)
@click.option("--verbose", is_flag=True, help="Log to standard error.")
@click.version_option(package_name="kiosk")
@click.pass_context
def command(context: click.Context, /, settings: Path | None, verbose: bool, **arguments: Any) -> int:
    """Return the adversarial-attack kiosk: fool a neural network with a picture that looks the same.

    Without a sub-command it opens the exhibit.
    """
    # What a command could not get over it says itself, in one line; what it did get over is nobody's matter.
    quiet = logging.WARNING if context.invoked_subcommand in LASTING else logging.ERROR
    logging.basicConfig(
        level=logging.INFO if verbose else quiet,
        format="%(levelname)s %(name)s %(message)s",
        stream=sys.stderr,
    )
    context.obj = settings
    if context.invoked_subcommand is None:
        return int(_call("exhibit", settings_file=settings, **arguments))
    return 0


@command.command()
@click.option("--out", required=True, type=NEW_FOLDER, help="Where the pictures and visit.json go.")
@click.option("--picture", type=FILE, help="The photograph to attack; else a stock picture.")
@click.option("--target", help="The lie: a label's name or number.")
@click.option("--method", type=click.Choice(METHODS), default="sign", show_default=True)
@click.option(
    "--preset", type=click.Choice(PRESETS), help="Of printproof: its budget and gradients; else standard."
)
@click.option("--model", help="A built model's name; else the one in use.")
@click.option("--fool-confidence", type=Number(0, 1), default=0.0, help="Ask for this confidence too.")
@click.pass_obj
def demo(settings: Path | None, /, **arguments: Any) -> int:
    """Play one whole visit without a screen and write its pictures."""
    return int(_call("demo", settings_file=settings, **arguments))


@command.command()
@click.option("--pictures", required=True, type=FOLDER, help="A folder of photographs.")
@click.option("--out", required=True, type=NEW_FILE, help="The JSON file to write.")
@click.option("--labels", type=FILE, help="A JSON table: file name -> right class, by number or name.")
@click.option(
    "--targets", type=click.IntRange(0, 100), default=1, show_default=True, help="Attacks a picture."
)
@click.option("--seed", type=int, default=0, show_default=True, help="What random targets are drawn from.")
@click.option("--model", help="A built model's name; else the one in use.")
@click.option("--method", type=click.Choice(METHODS), help="Else sign, or falling with a head.")
@click.option(
    "--preset", type=click.Choice(PRESETS), help="Of printproof, in place of budget and steps; else standard."
)
@click.option(
    "--views",
    type=click.IntRange(0, 1000),
    help="Simulated photographs of each; else 24 of printproof's, no other's.",
)
@click.option("--keep", type=NEW_FOLDER, help="Write each attacked picture to this folder, under its name.")
@click.option("--head", type=FILE, help="A taught head's file: its labels in place of the model's.")
@click.option(
    "--step", type=Number(0.01, 255), help="In 1/255; else 1. The first of falling; else half the budget."
)
@click.option("--budget", type=Number(0.01, 255), default=4.0, show_default=True, help="L-inf, in 1/255.")
@click.option("--max-steps", type=click.IntRange(1, 1000), default=10, show_default=True)
@click.option("--limit", type=click.IntRange(1), help="Only the first so many pictures.")
@click.option("--fool-confidence", type=Number(0, 1), default=0.0, help="Ask for this confidence too.")
@click.pass_obj
def evaluate(settings: Path | None, /, **arguments: Any) -> int:
    """Measure the classifier and an attack over a folder of photographs."""
    return int(_call("evaluate", settings_file=settings, **arguments))


@command.command()
@click.option("--picture", required=True, type=FILE, help="What is printed, or shown on a phone.")
@click.option("--views", required=True, type=click.IntRange(1, 10000), help="How often it is photographed.")
@click.option("--out", required=True, type=NEW_FOLDER, help="Where the views go.")
@click.option("--target", help="The lie, by name or number: judges the views, in recapture.json.")
@click.option("--on", "medium", type=click.Choice(("paper", "screen")), default="paper", show_default=True)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--model", help="A built model's name; else the one in use.")
@click.pass_obj
def recapture(settings: Path | None, /, **arguments: Any) -> int:
    """Photograph a picture as a camera would, on paper or on a phone, and say what the model sees."""
    return int(_call("physical.recapture", settings_file=settings, **arguments))


@command.command()
@click.option("--picture", required=True, type=FILE, help="The photograph to print.")
@click.option("--target", required=True, help="The lie: a label's name or number.")
@click.option("--out", required=True, type=NEW_FOLDER, help="Where sheet.pdf and control.pdf go.")
@click.option("--paper", type=PAPERS, default="A4", show_default=True)
@click.option("--preset", type=click.Choice(PRESETS), default="standard", show_default=True)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True)
@click.option("--model", help="A built model's name; else the one in use.")
@click.pass_obj
def sheet(settings: Path | None, /, **arguments: Any) -> int:
    """Lay out a photo beside one that lives on paper, as a PDF; and one with as much noise by dice."""
    return int(_call("physical.sheet", settings_file=settings, **arguments))


@command.command()
@click.option("--from", "folder", required=True, type=FOLDER, help="A folder of folders: one a label.")
@click.option("--out", required=True, type=NEW_FILE, help="The head's file to write.")
@click.option("--model", help="A built model's name; else the one in use.")
@click.option("--layers", default="32,32", show_default=True, help="Widths of the hidden layers, or none.")
@click.option("--epochs", type=click.IntRange(1, 500), default=40, show_default=True)
@click.option("--batch", type=click.IntRange(1, 2048), default=32, show_default=True)
@click.option("--learning-rate", type=Number(1e-6, 1), default=0.003, show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=0, show_default=True)
@click.pass_obj
def teach(settings: Path | None, /, **arguments: Any) -> int:
    """Teach a head from pictures: each folder is a label, each picture an example.

    Each picture is also held out once, on its own: near-copies of one another flatter the accuracy told.
    """
    return int(_call("teach", settings_file=settings, **arguments))


@command.command()
@click.option("--picture", required=True, type=FILE, help="The photograph that is answered.")
@click.option("--label", help="Whose map: a label's name or number; else the answer's.")
@click.option("--method", type=click.Choice(MAPS), default="grad-cam", show_default=True)
@click.option("--out", required=True, type=NEW_FILE, help="The PNG file to write.")
@click.option("--model", help="A built model's name; else the one in use.")
@click.pass_obj
def explain(settings: Path | None, /, **arguments: Any) -> int:
    """Draw what an answer leaned on over its picture.

    contrast weighs the label against the best other answer; all others tell of the label alone.
    """
    return int(_call("explain", settings_file=settings, **arguments))


@command.group()
def model() -> None:
    """List, build, add and choose models."""


@model.command("list")
@click.pass_obj
def model_list(settings: Path | None) -> int:
    """List the models there are, with what was measured when they were built."""
    return int(_call("model", settings_file=settings, action="list"))


@model.command("build")
@click.argument("name")
@click.option("--weights", type=FILE, help="A weights file in torchvision's layout.")
@click.option(
    "--activations", type=click.Choice(["auto", "uint8", "int8"]), default="auto", show_default=True
)
@click.option(
    "--stickers/--no-stickers",
    default=True,
    show_default=True,
    help="Make the default model's stickers as well: a few minutes.",
)
@click.pass_obj
def model_build(settings: Path | None, /, **arguments: Any) -> int:
    """Build a model: check its weights, export, quantise, measure, install; then its film and its stickers."""
    return int(_call("model", settings_file=settings, action="build", **arguments))


@model.command("add")
@click.argument("file", type=FILE)
@click.option(
    "--labels",
    required=True,
    type=FILE,
    help='A JSON list of names, or a name a line; "!name" is never shown.',
)
@click.option("--name", required=True, help="What to call the model.")
@click.option("--mean", required=True, metavar="M", help="Of pixels of 0 to 1: one number, or R,G,B.")
@click.option("--std", required=True, metavar="S", help="As --mean.")
@click.option(
    "--activations", type=click.Choice(["auto", "uint8", "int8"]), default="auto", show_default=True
)
@click.pass_obj
def model_add(settings: Path | None, /, **arguments: Any) -> int:
    """Add an ONNX classifier: check it, quantise it, measure it, install it."""
    return int(_call("model", settings_file=settings, action="add", **arguments))


@model.command("use")
@click.argument("name")
@click.pass_obj
def model_use(settings: Path | None, name: str) -> int:
    """Take a built model into use."""
    return int(_call("model", settings_file=settings, action="use", name=name))


@command.group()
def patch() -> None:
    """Build stickers that a model takes for one thing wherever they lie, list them, lay them out to be printed."""


@patch.command("build")
@click.option("--target", required=True, help="What it is to be taken for: a label's name or number.")
@click.option("--area", type=Number(2, 60), default=22, show_default=True, help="Per cent of the picture.")
@click.option("--gradients", type=click.IntRange(2, 20000), default=960, show_default=True)
@click.option("--model", help="A built model's name; else the one in use.")
@click.pass_obj
def patch_build(settings: Path | None, /, **arguments: Any) -> int:
    """Build a sticker and keep it beside the model, with its digest."""
    return int(_call("physical.patch", settings_file=settings, action="build", **arguments))


@patch.command("list")
@click.option("--model", help="A built model's name; else the one in use.")
@click.pass_obj
def patch_list(settings: Path | None, /, **arguments: Any) -> int:
    """List the stickers there are for a model, with what was measured when they were built."""
    return int(_call("physical.patch", settings_file=settings, action="list", **arguments))


@patch.command("sheet")
@click.option("--target", required=True, help="Whose sticker: a label's name or number.")
@click.option("--out", required=True, type=NEW_FILE, help="The PDF file to write.")
@click.option("--size", type=Number(20, 85), default=80, show_default=True, help="Millimetres across.")
@click.option("--paper", type=PAPERS, default="A4", show_default=True)
@click.option("--model", help="A built model's name; else the one in use.")
@click.pass_obj
def patch_sheet(settings: Path | None, /, **arguments: Any) -> int:
    """Lay a sticker out to be printed, a grey one of the same size beside it, as a PDF."""
    return int(_call("physical.patch", settings_file=settings, action="sheet", **arguments))


@command.group()
def dataset() -> None:
    """List, export, import and remove the datasets that staff keep."""


@dataset.command("list")
@click.pass_obj
def dataset_list(settings: Path | None) -> int:
    """List the exhibit datasets there are."""
    return int(_call("dataset", settings_file=settings, action="list"))


@dataset.command("export")
@click.argument("name")
@click.argument("file", type=NEW_FILE)
@click.pass_obj
def dataset_export(settings: Path | None, /, **arguments: Any) -> int:
    """Write an exhibit dataset to a zip file."""
    return int(_call("dataset", settings_file=settings, action="export", **arguments))


@dataset.command("import")
@click.argument("file", type=FILE)
@click.option("--name", help="Keep it under this name; else its own.")
@click.pass_obj
def dataset_import(settings: Path | None, /, **arguments: Any) -> int:
    """Check a zip file that a kiosk exported, and keep what is in it."""
    return int(_call("dataset", settings_file=settings, action="import", **arguments))


@dataset.command("remove")
@click.argument("name")
@click.pass_obj
def dataset_remove(settings: Path | None, name: str) -> int:
    """Remove an exhibit dataset."""
    return int(_call("dataset", settings_file=settings, action="remove", name=name))


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.option("--model", help="A built model's name; else the one in use.")
@click.option(
    "--runs", type=click.IntRange(5, 10000), default=60, show_default=True, help="Paired runs a figure."
)
@click.option("--frames", type=click.IntRange(0), default=0, help="Also time so many frames of the screen.")
@click.pass_obj
def bench(settings: Path | None, /, **arguments: Any) -> int:
    """Measure times on this device, as ratios first."""
    return int(_call("bench", settings_file=settings, **arguments))


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.option("--beside-running", is_flag=True, hidden=True)  # devices ask so; it is done anyway
@click.pass_obj
def check(settings: Path | None, /, as_json: bool, beside_running: bool) -> int:
    """Test every part: exit 0 only if the exhibit can open.

    What an exhibit that runs needs is left to it: camera, display, memory.
    """
    del beside_running
    return int(_call("check", settings_file=settings, as_json=as_json))


@command.command()
@click.option(
    "--socket", type=click.Path(path_type=Path), help="Where to listen, unless systemd passes a socket."
)
@click.option("--threads", type=click.IntRange(1, 16), help="PyTorch's threads; else the settings'.")
@click.option("--nice", type=click.IntRange(0, 19), help="Priority; else the settings'.")
@click.option("--with-parent", is_flag=True, help="End when standard input ends.")
@click.pass_obj
def gradients(settings: Path | None, /, **arguments: Any) -> int:
    """Run the gradient process."""
    return int(_call("gradients", settings_file=settings, **arguments))


@command.command()
@click.option(
    "--socket", type=click.Path(path_type=Path), required=True, help="Where the exhibit listens for it."
)
@click.pass_obj
def camera(_settings: Path | None, /, **arguments: Any) -> int:
    """Run the camera process: it does what the exhibit commands, and ends with it."""
    return int(_call("camera", **arguments))
