"""`kiosk demo`: one whole visit without a screen, played by the real performer; its pictures go to a folder."""

import math
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console

from kiosk.attack.noise import noise_size, noise_view
from kiosk.attack.print_proof import Proofing
from kiosk.attack.run import Attacked, JudgedStep, Method, Plan, run_attack
from kiosk.attack.verdict import judge
from kiosk.commands.opening import Opened, opened
from kiosk.commands.visit.screenplay import PANEL, NoAnswerError, Screenplay, showing
from kiosk.commands.visit.sheet import Outcome, Side, draw_sheet
from kiosk.core.health import Phase
from kiosk.core.message import Effect, Event
from kiosk.core.visit import Verdict
from kiosk.device.durable import replace_files, require_writable
from kiosk.errors import BadArgumentError
from kiosk.exhibit.parts import PARTS
from kiosk.exhibit.performer import Performer
from kiosk.exhibit.script import Walk, visit_script
from kiosk.exhibit.topics import TOPICS
from kiosk.program.state import State, initial
from kiosk.recapture.preset import PRESETS
from kiosk.settings.files import load_settings
from kiosk.topics.attack.facts import SURE_ENOUGH
from kiosk.topics.attack.messages import RunStep, StartStack, StepJudged
from kiosk.vision.classifier import Prediction
from kiosk.vision.heatmap import pulling
from kiosk.vision.picture import Rgb, png_bytes, to_picture
from kiosk.words.friendly_labels import labels_for
from kiosk.words.texts import load_texts

DEFAULT_PICTURE = "coffee-cup.png"
DEFAULT_TARGETS = ("flamingo", "espresso")
EXHIBIT_BUDGET_255 = 16.0
MAX_STEPS = {"sign": 16, "falling": 16, "untargeted": 16, "quiet": 32, "report": 40, "least": 40, "fgsm": 1}
EXHIBITS_OWN = ("sign", "untargeted")  # the others are made beforehand, and played as a recording is
MOST_PLAYED = 40
TOP = 5


@dataclass(frozen=True)
class DemoVisit:
    """A finished visit: what was photographed, the lie, the attack, and a picture of every screen.

    `quiet` is the picture with the least noise that keeps the lie, if it was found.
    """

    source: str
    original: Rgb
    prediction: Prediction
    plan: Plan
    attacked: Attacked
    screens: dict[str, bytes]
    quiet: Rgb | None = None


def run(
    settings_file: Path | None,
    *,
    out: Path,
    picture: Path | None,
    target: str | None,
    method: Method,
    preset: str | None,
    model: str | None,
    fool_confidence: float,
) -> int:
    """Return 0 when the visit is over and its files are written, fooled or not: `visit.json` says which."""
    if preset is not None and method != "printproof":
        raise BadArgumentError("--preset: only the method printproof has presets; leave it out")
    console = Console(markup=False)
    require_writable(out)
    with opened(settings_file, model) as kiosk:
        source = picture or kiosk.state.stock / DEFAULT_PICTURE
        photograph = kiosk.decoder.read(source)
        prediction = kiosk.classifier(to_picture(photograph, kiosk.classifier.card.input_size))
        lie = _target(kiosk, target, method, prediction)
        proofing = Proofing(PRESETS[preset or "standard"], kiosk.ranges)
        boosts = lie == prediction.label
        plan = Plan(
            method=method,
            target=lie,
            budget_255=EXHIBIT_BUDGET_255,
            max_steps=proofing.preset.gradients if method == "printproof" else MAX_STEPS[method],
            fool_confidence=max(fool_confidence, SURE_ENOUGH) if boosts else fool_confidence,
            proofing=proofing,
        )
        console.print(f"{source.name}: {_words(kiosk, prediction)}. The lie: {_lie(kiosk, plan)}.")
        if boosts:
            console.print("That is what it says anyway: the noise will make it surer.")
        visit = _visit(kiosk, settings_file, model, source.name, photograph, plan)
        for step in visit.attacked.steps:
            console.print(f"  step {step.step}: {_words(kiosk, step.prediction)}, {step.verdict.value}")
        if visit.quiet is not None:
            size = noise_size(visit.original, visit.quiet)
            console.print(
                f"  then by itself: {_words(kiosk, kiosk.classifier(visit.quiet))}, with less noise:"
                f" L2 {size.l2_255:.0f} instead of {visit.attacked.steps[-1].noise.l2_255:.0f}"
            )
        files = _pictures(kiosk, visit) | visit.screens
    files["visit.json"] = b""
    record = _record(kiosk, visit, sorted(files))
    files["visit.json"] = msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n"
    replace_files(out, files)
    verdict = visit.attacked.shown.verdict.value.capitalize()
    console.print(f"{verdict}. The pictures are in {out}", soft_wrap=True)
    return 0


def _visit(
    kiosk: Opened, settings_file: Path | None, model: str | None, source: str, photograph: Rgb, plan: Plan
) -> DemoVisit:
    """Return the visit: as the exhibit plays it, or without screens where it would not offer the lie."""
    labels = labels_for(kiosk.classifier.card)
    if plan.target is not None and labels.name(plan.target) is None:
        Console(stderr=True).print(
            "The exhibit never offers this label to visitors, so no screens were drawn."
        )
        original = to_picture(photograph, kiosk.classifier.card.input_size)
        prediction = kiosk.classifier(original)
        attacked = run_attack(kiosk.classifier, kiosk.gradients, original, prediction.label, plan)
        return DemoVisit(source, original, prediction, plan, attacked, {})
    settings = load_settings(settings_file)
    state = initial(TOPICS, PANEL, load_texts(TOPICS), labels)
    with (
        showing(photograph) as camera,
        Performer(PARTS, settings, kiosk.state, camera, model, lambda: None) as performer,
    ):
        attempt = _Attempt(kiosk, performer, plan)
        play = Screenplay(state, performer, attempt.watch)
        play.wait_for(_ready, "the model or its gradient process")
        play.play(Walk(visit_script(TOPICS), plan.target))
        original, prediction, attacked = attempt.result()
        quiet = attempt.quiet()
        play.leave()
    return DemoVisit(source, original, prediction, plan, attacked, play.shots, quiet)


def _ready(state: State) -> bool:
    context = state.context
    return context.camera and context.model.phase is Phase.READY and context.gradients.phase is Phase.READY


@dataclass
class _Attempt:
    """The visit's attack, as it is seen from outside: its iterates, what each took, and what the model says of them.

    An attack that is not the exhibit's own is made here, and played to the visitor as a recording is.
    """

    kiosk: Opened
    performer: Performer
    plan: Plan
    made: Attacked | None = None
    seconds: list[float] = field(default_factory=list)
    _asked_s: float = 0.0

    def watch(self, event: Event, effects: tuple[Effect, ...]) -> None:
        """Note when steps are asked for and judged; make the attack that is to be played, before its first step."""
        if isinstance(event, StepJudged):
            self.seconds.append(time.monotonic() - self._asked_s)
        for effect in effects:
            if isinstance(effect, RunStep):
                self._asked_s = time.monotonic()
                self._play_another_attack()
            elif isinstance(effect, StartStack):
                self.seconds.clear()

    def result(self) -> tuple[Rgb, Prediction, Attacked]:
        """Return the picture, what the model says of it, and the attack with the step to show."""
        stack = self.performer.pictures.stack
        if stack is None:
            raise NoAnswerError("no picture was taken; see: kiosk check")
        classifier, plan = self.kiosk.classifier, self.plan
        original, prediction = stack.original, classifier(stack.original)
        if self.made is not None:
            return original, prediction, self.made
        steps = []
        for number in range(1, len(self.seconds) + 1):  # what lies above was made quieter by no step
            picture = stack.picture(number)
            said = classifier(picture)
            verdict = judge(said, prediction.label, plan.target, fool_confidence=plan.fool_confidence)
            size, took_s = noise_size(original, picture), self.seconds[number - 1]
            steps.append(JudgedStep(number, picture, said, size, verdict, took_s))
        if not steps:
            raise NoAnswerError("the attack made no step; see: kiosk check")
        shown = next((step for step in reversed(steps) if step.verdict is Verdict.FOOLED), steps[-1])
        return original, prediction, Attacked(tuple(steps), shown)

    def quiet(self) -> Rgb | None:
        """Return the picture that lies above all steps of the attack, None where none was found."""
        stack, loud = self.performer.pictures.stack, len(self.seconds)
        return stack.picture(loud + 1) if stack is not None and len(stack.iterates) > loud + 1 else None

    def _play_another_attack(self) -> None:
        stack, plan = self.performer.pictures.stack, self.plan
        if plan.method in EXHIBITS_OWN and not plan.fool_confidence:
            return
        if stack is None or stack.recorded:
            return
        classifier = self.kiosk.classifier
        label = classifier(stack.original).label
        self.made = run_attack(classifier, self.kiosk.gradients, stack.original, label, plan)
        stack.recorded = tuple(step.picture for step in _few(self.made))


def _few(attacked: Attacked) -> list[JudgedStep]:
    """Return the steps that a visit shows: all of a short attack, some of a long one, the one to show last."""
    steps = attacked.steps[: attacked.shown.step]
    every = max(1, math.ceil(len(steps) / MOST_PLAYED))
    return [*steps[-1::-every][::-1]]


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


def _pictures(kiosk: Opened, visit: DemoVisit) -> dict[str, bytes]:
    """Return the visit's PNG files by name."""
    shown = visit.attacked.shown
    truth, rival = visit.prediction.label, _rival(visit)
    both = (visit.original, shown.picture)
    seen = pulling(both, kiosk.gradients.maps("contrast", both, rival, truth).result())
    pictures = {
        "original.png": visit.original,
        "adversarial.png": shown.picture,
        "noise.png": noise_view(visit.original, shown.picture),
        "contrast-original.png": seen[0],
        "contrast-adversarial.png": seen[1],
        **({} if visit.quiet is None else {"quiet.png": visit.quiet}),
    }
    names = kiosk.labels.names
    answer = shown.prediction.top(1)[0][1]
    boosts = visit.plan.target == truth
    pictures["sheet.png"] = draw_sheet(
        load_texts(TOPICS),
        Side(visit.original, _top(kiosk, visit.prediction), seen[0]),
        Side(shown.picture, _top(kiosk, shown.prediction), seen[1]),
        (names[truth], names[rival]),
        pictures["noise.png"],
        shown.noise,
        Outcome(shown.verdict, answer, shown.step, boosts),
    )
    return {name: png_bytes(rgb) for name, rgb in pictures.items()}


def _rival(visit: DemoVisit) -> int:
    """Return the answer that is weighed against the first one: the lie, else what is said now, else the next."""
    following = [label for label, _ in visit.attacked.shown.prediction.top(2)]
    wanted = following if visit.plan.target is None else [visit.plan.target, *following]
    return next(label for label in wanted if label != visit.prediction.label)


def _record(kiosk: Opened, visit: DemoVisit, files: list[str]) -> dict[str, Any]:
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
