"""`kiosk evaluate`: the exhibit's classifier and attack over a folder of photographs."""

import os
import random
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from kiosk.attack.print_proof import Proofing
from kiosk.attack.run import Attacked, Method, Plan, run_attack
from kiosk.attack.strides import WIDEST_OF_BUDGET
from kiosk.attack.survival import Survival, survival_summary
from kiosk.attack.verdict import judge
from kiosk.commands.demo import step_record
from kiosk.commands.opening import Opened, opened
from kiosk.core.visit import Verdict
from kiosk.device.durable import replace_files, require_writable
from kiosk.errors import BadArgumentError
from kiosk.gradients.client import GradientClient
from kiosk.recapture.preset import PRESETS
from kiosk.vision.classifier import AnyClassifier, Classifier
from kiosk.vision.decoding.decoder import Decoder
from kiosk.vision.head import load_head
from kiosk.vision.picture import Rgb, picture_files, png_bytes, to_picture
from kiosk.vision.reading import DamagedJsonError, decoded_json, read_small_file
from kiosk.vision.taught import TaughtClassifier
from kiosk.words.model_labels import ModelLabels

STEP_255 = 1.0
SURVIVAL_VIEWS = 24
MOST_LABELS_BYTES = 64 * 2**20


@dataclass(frozen=True)
class Examined:
    """The int8 model, its float twin where it was kept, both with the same head where there is one."""

    classifier: AnyClassifier
    twin: AnyClassifier | None
    gradients: GradientClient
    labels: ModelLabels
    decoder: Decoder

    def picture(self, file: Path) -> Rgb:
        """Return a photograph's picture."""
        return to_picture(self.decoder.read(file), self.classifier.card.input_size)


@dataclass(frozen=True)
class Seen:
    """What the models say of one clean photograph; the right label and the float answer may be unknown."""

    file: Path
    label: int
    known: bool
    float_label: int | None
    right: int | None


def run(
    settings_file: Path | None,
    *,
    pictures: Path,
    out: Path,
    labels: Path | None,
    targets: int,
    seed: int,
    model: str | None,
    head: Path | None,
    method: Method | None,
    preset: str | None,
    views: int | None,
    keep: Path | None,
    step: float | None,
    budget: float,
    max_steps: int,
    limit: int | None,
    fool_confidence: float,
) -> int:
    """Return 0 when every picture was classified and attacked and the JSON file is written."""
    files = picture_files(pictures)[:limit]
    require_writable(out.parent)
    if keep is not None:
        require_writable(keep)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    screen = Console(stderr=True)
    progress = Progress(*columns, console=screen, disable=not screen.is_terminal)
    method = method or ("falling" if head else "sign")
    if preset is not None and method != "printproof":
        raise BadArgumentError("--preset: only the method printproof has presets; leave it out")
    count = (SURVIVAL_VIEWS if method == "printproof" else 0) if views is None else views
    step_255 = step or (WIDEST_OF_BUDGET * budget if method == "falling" else STEP_255)
    with opened(settings_file, model) as kiosk, progress:
        examined = _examined(kiosk, head)
        right = _right_labels(labels, examined.labels)
        seen = [
            _look(examined, file, right.get(file.name))
            for file in progress.track(files, description="classifying")
        ]
        recapture = kiosk.settings.recapture
        proofing = Proofing(PRESETS[preset or "standard"], kiosk.ranges, seed)
        plan = Plan(method, None, step_255, budget, max_steps, fool_confidence, proofing)
        attacks = _attacks(examined, seen, plan, targets, Survival(count, recapture.referee), keep)
        total = len(seen) * targets
        rows = [*progress.track(attacks, total=total, description=f"attacking ({method})")]
    summary = summarise(examined.classifier.card.name, method, step_255, targets, seen, rows)
    summary |= survival_summary(rows, count)
    if method == "printproof":
        summary["preset"] = preset or "standard"
    if head is not None:
        summary |= {
            "head": os.fsencode(head.name).decode("utf-8", "replace"),
            "doubted": _rate([not clean.known for clean in seen]),
            "doubted_fooled": _rate([not row["known"] for row in rows if row["fooled"]]),
        }
    replace_files(out.parent, {out.name: msgspec.json.format(msgspec.json.encode(summary), indent=1) + b"\n"})
    Console().print_json(data={key: value for key, value in summary.items() if key != "rows"})
    return 0


def _attacks(
    examined: Examined,
    seen: Sequence[Seen],
    plan: Plan,
    targets: int,
    survival: Survival,
    keep: Path | None,
) -> Iterator[dict[str, Any]]:
    """Yield a row for each attack: every picture is attacked by the plan, to so many targets of its own."""
    classifier, seed = examined.classifier, plan.proofing.seed
    for clean in seen:
        original = examined.picture(clean.file)
        for target in _targets(clean, targets, seed, plan.method, len(examined.labels.names)):
            aimed = replace(plan, target=target)
            attacked = run_attack(classifier, examined.gradients, original, clean.label, aimed)
            if keep is not None:
                replace_files(keep, {_kept_name(clean.file, target): png_bytes(attacked.shown.picture)})
            views = survival.row(
                classifier,
                original,
                clean.label,
                attacked.shown.picture,
                target,
                _views_seed(seed, clean.file),
            )
            yield _row(examined, clean, aimed, attacked) | views


def _examined(kiosk: Opened, head_file: Path | None) -> Examined:
    classifier = kiosk.classifier
    twin = Classifier.float_twin(classifier.folder)
    if head_file is None:
        return Examined(classifier, twin, kiosk.gradients, kiosk.labels, kiosk.decoder)
    head = load_head(head_file, classifier.card.sha256, classifier.channels)
    return Examined(
        TaughtClassifier(classifier, head),
        TaughtClassifier(twin, head) if twin else None,
        kiosk.gradients,
        ModelLabels(head.labels),
        kiosk.decoder,
    )


def _right_labels(file: Path | None, labels: ModelLabels) -> dict[str, int]:
    """Return file name -> right class from a labels.json; raises BadArgumentError for anything else."""
    if file is None:
        return {}
    try:
        table: dict[str, int | str] = decoded_json(
            read_small_file(file, MOST_LABELS_BYTES), dict[str, int | str]
        )
    except OSError as error:
        raise BadArgumentError(f"{file}: cannot be read ({error.strerror})") from None
    except DamagedJsonError as error:
        raise BadArgumentError(f"{file}: is no table of file name -> class ({error})") from None
    try:
        return {name: labels.index(given) for name, given in table.items()}
    except BadArgumentError as error:
        raise BadArgumentError(f"{file}: {error}") from None


def _look(examined: Examined, file: Path, right: int | None) -> Seen:
    picture = examined.picture(file)
    seen = examined.classifier(picture)
    return Seen(file, seen.label, seen.known, examined.twin(picture).label if examined.twin else None, right)


def _targets(clean: Seen, count: int, seed: int, method: Method, labels: int) -> list[int | None]:
    """Return the lies for a picture, drawn from the seed and its file name: never the verdict or the right label.

    A head may have fewer labels left than asked for.
    """
    if method == "untargeted":
        return [None] * count
    allowed = [label for label in range(labels) if label not in (clean.label, clean.right)]
    drawn: list[int | None] = list(_draw(seed, clean.file).sample(allowed, min(count, len(allowed))))
    return drawn


def _views_seed(seed: int, file: Path) -> int:
    """Return what a picture's views are drawn from."""
    return _draw(seed, file).getrandbits(32)


def _draw(seed: int, file: Path) -> random.Random:
    """Return the source of a picture's lies; a name's bytes need not be UTF-8."""
    return random.Random(f"{seed}:".encode() + os.fsencode(file.name))  # noqa: S311


def _kept_name(file: Path, target: int | None) -> str:
    """Return the name of an attacked picture's file: whose it is, and what it is to be taken for."""
    return f"{file.stem}--{'anything' if target is None else target}.png"


def _row(examined: Examined, clean: Seen, plan: Plan, attacked: Attacked) -> dict[str, Any]:
    shown, names = attacked.shown, examined.labels.names
    float_fooled = None
    if examined.twin is not None:
        verdict = judge(
            examined.twin(shown.picture), clean.label, plan.target, fool_confidence=plan.fool_confidence
        )
        float_fooled = verdict is Verdict.FOOLED
    return {
        "file": os.fsencode(clean.file.name).decode("utf-8", "replace"),
        "original_label": names[clean.label],
        "target": None if plan.target is None else names[plan.target],
        "fooled": attacked.fooled,
        "fooled_float": float_fooled,
        **({"known": shown.prediction.known} if examined.classifier.head else {}),
        **step_record(shown, plan.target, names),
        "seconds_per_step": statistics.median(step.seconds for step in attacked.steps),
        "seconds_whole": sum(step.seconds for step in attacked.steps),
    }


def summarise(
    model: str,
    method: Method,
    step_255: float,
    targets: int,
    seen: Sequence[Seen],
    rows: Sequence[dict[str, Any]],
) -> dict[str, Any]:
    """Return evaluate's JSON: rates as fractions, noise and steps over the attacks that fooled, null where unknown."""
    known = [clean for clean in seen if clean.right is not None]
    twins = [clean for clean in seen if clean.float_label is not None]
    fooled = [row for row in rows if row["fooled"]]
    judged = [row["fooled_float"] for row in rows if row["fooled_float"] is not None]
    steps = [row["step"] for row in fooled]
    return {
        "model": model,
        "method": method,
        "step_255": step_255,
        "pictures": len(seen),
        "top1": _rate([clean.label == clean.right for clean in known]),
        "float_agreement": _rate([clean.label == clean.float_label for clean in twins]),
        "targets": targets,
        "success": _rate([row["fooled"] for row in rows]),
        "success_float": _rate(judged),
        "steps_median": _median(steps),
        "steps_mean": statistics.fmean(steps) if steps else None,
        "steps_p90": float(np.percentile(steps, 90)) if steps else None,
        "linf_255_median": _median([row["linf_255"] for row in fooled]),
        "l2_255_median": _median([row["l2_255"] for row in fooled]),
        "psnr_db_median": _median([row["psnr_db"] for row in fooled if row["psnr_db"] is not None]),
        "seconds_per_step_median": _median([row["seconds_per_step"] for row in rows]),
        "rows": list(rows),
    }


def _rate(outcomes: Sequence[bool]) -> float | None:
    return sum(outcomes) / len(outcomes) if outcomes else None


def _median(values: Sequence[float]) -> float | None:
    return float(statistics.median(values)) if values else None
