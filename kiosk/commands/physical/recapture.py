"""`kiosk recapture`: views of a picture as a camera sees it on paper or on a phone, judged where a lie is named."""

from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console

from kiosk.attack.survival import JudgedView, judged_views, share_interval
from kiosk.commands.opening import looking
from kiosk.device.durable import replace_files, require_writable
from kiosk.recapture.conditions import Medium
from kiosk.vision.picture import png_bytes, to_picture


def run(
    settings_file: Path | None,
    *,
    picture: Path,
    views: int,
    out: Path,
    target: str | None,
    medium: str,
    seed: int,
    model: str | None,
) -> int:
    """Return 0 when the views are written, and with a target what the model says of each."""
    require_writable(out)
    with looking(settings_file, model) as kiosk:
        lie = None if target is None else kiosk.labels.index(target)
        side = kiosk.classifier.card.input_size
        shown = to_picture(kiosk.decoder.read(picture), side)
        conditions, on = kiosk.settings.recapture.referee, Medium(medium)
        seen = [*judged_views(kiosk.classifier, shown, views, seed, conditions, on)]
        files = {f"view-{number:03}.png": png_bytes(view.picture) for number, view in enumerate(seen)}
        told = f"{views} views of {picture.name} on {on.value}"
        if lie is not None:
            record = _record(seen, kiosk.labels.names, lie) | {
                "picture": picture.name,
                "medium": on.value,
                "seed": seed,
                "model": kiosk.classifier.card.name,
            }
            files["recapture.json"] = msgspec.json.format(msgspec.json.encode(record), indent=1) + b"\n"
            low, high = record["fooled_interval"]
            told += f": {kiosk.labels.names[lie]} in {record['fooled']:.0%} [{low:.0%}, {high:.0%}]"
    replace_files(out, files)
    Console(markup=False).print(f"{told}. They are in {out}", soft_wrap=True)
    return 0


def _record(seen: list[JudgedView], names: tuple[str, ...], lie: int) -> dict[str, Any]:
    """Return recapture.json's content: shares as fractions with their 95 % intervals."""
    labels = [view.prediction.label for view in seen]
    lies = sum(label == lie for label in labels)
    return {
        "target": names[lie],
        "views": len(seen),
        "fooled": lies / len(seen),
        "fooled_interval": share_interval(lies, len(seen)),
        "rows": [
            {
                "view": number,
                "label": names[label],
                "confidence": float(view.prediction.probabilities[label]),
                "target_confidence": float(view.prediction.probabilities[lie]),
                "fooled": label == lie,
            }
            for number, (view, label) in enumerate(zip(seen, labels, strict=True))
        ],
    }
