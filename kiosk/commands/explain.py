"""`kiosk explain`: what an answer leaned on, drawn over its picture."""

from pathlib import Path

import cv2
import numpy as np
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from kiosk.commands.opening import Opened, opened
from kiosk.device.durable import replace_files, require_writable
from kiosk.explaining.maps import Method, explain
from kiosk.vision.classifier import Prediction
from kiosk.vision.heatmap import CellMap, pulling, shining
from kiosk.vision.picture import Rgb, png_bytes, to_picture

DRAWN_PX = 672  # three times the grid


def run(
    settings_file: Path | None,
    *,
    picture: Path,
    label: str | None,
    method: Method,
    out: Path,
    model: str | None,
) -> int:
    """Return 0 when the map is drawn and its file written."""
    require_writable(out.parent)
    screen = Console(stderr=True)
    progress = Progress(TextColumn("{task.description}"), BarColumn(), console=screen)
    progress.disable = not screen.is_terminal
    with opened(settings_file, model) as kiosk, progress:
        shown = to_picture(kiosk.decoder.read(picture), kiosk.classifier.card.input_size)
        prediction = kiosk.classifier(shown)
        wanted = prediction.label if label is None else kiosk.labels.index(label)
        rival = _rival(prediction, wanted)
        task = progress.add_task(method, total=1.0)
        drawn = explain(
            kiosk.classifier,
            kiosk.gradients,
            method,
            shown,
            wanted,
            rival,
            lambda share: progress.update(task, completed=share),
        )
        told = _told(kiosk, prediction, method, drawn, wanted, rival)
    replace_files(out.parent, {out.name: png_bytes(_over(shown, drawn, method))})
    console = Console(markup=False, soft_wrap=True)
    console.print(f"{picture.name}: {told}")
    console.print(f"Wrote {out}")
    return 0


def _rival(prediction: Prediction, label: int) -> int:
    """Return the best other answer."""
    return next(other for other, _ in prediction.top(2) if other != label)


def _told(
    kiosk: Opened, prediction: Prediction, method: Method, drawn: CellMap, label: int, rival: int
) -> str:
    """Return what was answered, and what the map says of which label."""
    first = prediction.label
    answer = f"{kiosk.labels.names[first]} {prediction.probabilities[first]:.0%}"
    against = f" against {kiosk.labels.names[rival]}" if method == "contrast" else ""
    nothing = "" if drawn.peak > 0 else "; nothing speaks for it"
    return f"{answer}. {method} of {kiosk.labels.names[label]}{against}{nothing}"


def _over(picture: Rgb, drawn: CellMap, method: Method) -> Rgb:
    """Return the picture, enlarged, under its map."""
    large = np.asarray(cv2.resize(picture, (DRAWN_PX, DRAWN_PX), interpolation=cv2.INTER_CUBIC), np.uint8)
    draw = pulling if method == "contrast" else shining
    return draw([large], [drawn])[0]
