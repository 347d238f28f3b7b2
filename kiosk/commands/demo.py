"""`kiosk demo`: one whole visit without a screen, its pictures written to a folder."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console

from kiosk.attack.noise import noise_view
from kiosk.attack.run import Attacked, JudgedStep, Method, Plan, run_attack
from kiosk.commands.opening import Opened, opened
from kiosk.commands.screenplay import PANEL, Screenplay
from kiosk.commands.sheet import Side, draw_sheet
from kiosk.device.durable import replace_files, require_writable
from kiosk.errors import BadArgumentError
from kiosk.perform import shelf as keys
from kiosk.perform.film import film_folder, load_film
from kiosk.program import initial
from kiosk.screens.attack import SURE_ENOUGH
from kiosk.vision.classifier import Prediction
from kiosk.vision.heatmap import overlay
from kiosk.vision.picture import Rgb, png_bytes, read_photograph, to_picture
from kiosk.words.friendly_labels import labels_for
from kiosk.words.texts import load_texts

DEFAULT_PICTURE = "coffee-cup.png"
DEFAULT_TARGETS = ("flamingo", "espresso")
EXHIBIT_BUDGET_255 = 16.0
MAX_STEPS = {"sign": 16, "untargeted": 16, "quiet": 32, "report": 40, "least": 40, "fgsm": 1}
TOP = 5


@dataclass(frozen=True)
class Visit:
    """A finished visit: what was photographed, the lie, and the attack."""

    source: str
    original: Rgb
    prediction: Prediction
    plan: Plan
    attacked: Attacked


def run(
    settings_file: Path | None,
    *,
    out: Path,
    picture: Path | None,
    target: str | None,
    method: Method,
    model: str | None,
    fool_confidence: float,
) -> int:
    """Return 0 when the visit is over and its files are written, fooled or not: `visit.json` says which."""
    console = Console(markup=False)
    require_writable(out)
    with opened(settings_file, model) as kiosk:
        source = picture or kiosk.state.stock / DEFAULT_PICTURE
        original = to_picture(read_photograph(source), kiosk.classifier.card.input_size)
        prediction = kiosk.classifier(original)
        lie = _target(kiosk, target, method, prediction)
        boosts = lie == prediction.label
        plan = Plan(
            method=method,
            target=lie,
            budget_255=EXHIBIT_BUDGET_255,
            max_steps=MAX_STEPS[method],
            fool_confidence=max(fool_confidence, SURE_ENOUGH) if boosts else fool_confidence,
        )
        console.print(f"{source.name}: {_words(kiosk, prediction)}. The lie: {_lie(kiosk, plan)}.")
        if boosts:
            console.print("That is what it says anyway: the noise will make it surer.")
        attacked = run_attack(
            kiosk.classifier,
            kiosk.gradients,
            original,
            prediction.label,
            plan,
            lambda step: console.print(
                f"  step {step.step}: {_words(kiosk, step.prediction)}, {step.verdict.value}"
            ),
        )
        visit = Visit(source.name, original, prediction, plan, attacked)
        files = _pictures(kiosk, visit) | _screens(kiosk, visit)
    files["visit.json"] = b""
    record = _record(kiosk, visit, sorted(files))
    files["visit.json"] = msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n"
    replace_files(out, files)
    console.print(f"{attacked.shown.verdict.value.capitalize()}. The pictures are in {out}", soft_wrap=True)
    return 0


def _target(kiosk: Opened, given: str | None, method: Method, prediction: Prediction) -> int | None:
    """Return the index of the lie, None for `untargeted`."""
    if method == "untargeted":
        if given is not None:
            raise BadArgumentError("--target: the method untargeted takes none; leave it out")
        return None
    if given is not None:
        return kiosk.labels.index(given)
    for name in DEFAULT_TARGETS:
        if name in kiosk.labels.names and kiosk.labels.index(name) != prediction.label:
            return kiosk.labels.index(name)
    return prediction.top(2)[1][0]


def _pictures(kiosk: Opened, visit: Visit) -> dict[str, bytes]:
    """Return the visit's PNG files by name."""
    shown = visit.attacked.shown
    lie = shown.prediction.label if visit.plan.target is None else visit.plan.target
    truth_seen = kiosk.gradients.grad_cam([visit.original], visit.prediction.label).result()[0]
    lie_seen = kiosk.gradients.grad_cam([shown.picture], lie).result()[0]
    pictures = {
        "original.png": visit.original,
        "adversarial.png": shown.picture,
        "noise.png": noise_view(visit.original, shown.picture),
        "gradcam-original.png": overlay(visit.original, truth_seen.map),
        "gradcam-adversarial.png": overlay(shown.picture, lie_seen.map),
    }
    names = kiosk.labels.names
    pictures["sheet.png"] = draw_sheet(
        Side(
            visit.original,
            _top(kiosk, visit.prediction),
            pictures["gradcam-original.png"],
            names[visit.prediction.label],
            truth_seen.peak > 0,
        ),
        Side(
            shown.picture,
            _top(kiosk, shown.prediction),
            pictures["gradcam-adversarial.png"],
            names[lie],
            lie_seen.peak > 0,
        ),
        pictures["noise.png"],
        shown.noise,
        shown.verdict,
        shown.step,
        boosts=visit.plan.target == visit.prediction.label,
    )
    return {name: png_bytes(rgb) for name, rgb in pictures.items()}


def _screens(kiosk: Opened, visit: Visit) -> dict[str, bytes]:
    """Return a PNG of every screen the exhibit shows in this visit; none where it would not offer the lie."""
    shown, target = visit.attacked.shown, visit.plan.target
    labels = labels_for(kiosk.classifier.card)
    if target is not None and labels.name(target) is None:
        Console(stderr=True).print(
            "The exhibit never offers this label to visitors, so no screens were drawn."
        )
        return {}
    lie = shown.prediction.label if target is None else target
    seen = kiosk.gradients.grad_cam([visit.original, shown.picture], lie).result()
    play = Screenplay(
        initial(PANEL, load_texts(), labels),
        visit.original,
        visit.prediction,
        visit.attacked.steps,
        target,
        maps={
            keys.GRADCAM_ORIGINAL: overlay(visit.original, seen[0].map),
            keys.GRADCAM_ADVERSARIAL: overlay(shown.picture, seen[1].map),
        },
        look=kiosk.classifier,
    )
    film = load_film(film_folder(kiosk.state.stock, kiosk.classifier.card.name), kiosk.classifier.card.sha256)
    return play.play(film)


def _record(kiosk: Opened, visit: Visit, files: list[str]) -> dict[str, Any]:
    """Return visit.json's content."""
    attacked, names = visit.attacked, kiosk.labels.names
    seconds = sum(step.seconds for step in attacked.steps[: attacked.shown.step])
    return {
        "model": kiosk.classifier.card.name,
        "picture": os.fsencode(visit.source).decode("utf-8", "replace"),
        "original": _answer(kiosk, visit.prediction),
        "target": None if visit.plan.target is None else names[visit.plan.target],
        "method": visit.plan.method,
        "steps": [step_record(step, visit.plan.target, names) for step in attacked.steps],
        "fooled": attacked.fooled,
        "seconds_to_fooled": seconds if attacked.fooled else None,
        "adversarial": _answer(kiosk, attacked.shown.prediction),
        "files": files,
    }


def step_record(step: JudgedStep, target: int | None, names: tuple[str, ...]) -> dict[str, Any]:
    """Return a judged step as `visit.json` and `evaluate` write it."""
    probabilities, label = step.prediction.probabilities, step.prediction.label
    return {
        "step": step.step,
        "label": names[label],
        "confidence": float(probabilities[label]),
        "target_confidence": None if target is None else float(probabilities[target]),
        "linf_255": step.noise.linf_255,
        "l2_255": step.noise.l2_255,
        "psnr_db": step.noise.psnr_db,
        "seconds": step.seconds,
    }


def _answer(kiosk: Opened, prediction: Prediction) -> dict[str, Any]:
    top = _top(kiosk, prediction)
    return {"label": top[0][0], "confidence": top[0][1], "top": [list(pair) for pair in top]}


def _top(kiosk: Opened, prediction: Prediction) -> list[tuple[str, float]]:
    return [(kiosk.labels.names[label], confidence) for label, confidence in prediction.top(TOP)]


def _words(kiosk: Opened, prediction: Prediction) -> str:
    (label, confidence), *_ = _top(kiosk, prediction)
    return f"{label} {confidence:.0%}"


def _lie(kiosk: Opened, plan: Plan) -> str:
    return "anything but this" if plan.target is None else kiosk.labels.names[plan.target]
