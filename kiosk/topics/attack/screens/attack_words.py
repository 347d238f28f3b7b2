"""What the attack screens say of a step: the verdict, how far its noise can be seen, how large it is."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context
from kiosk.core.health import Phase
from kiosk.core.parts import GUESSING, called
from kiosk.core.scene import Colour
from kiosk.core.visit import Judged, Verdict, Visit
from kiosk.topics.attack.facts import (
    convinced,
    fell_first,
    first_fooled,
    fooled,
    looks,
    part_left,
)
from kiosk.topics.attract.messages import Film


@dataclass(frozen=True, slots=True)
class Said:
    """The verdict in words: a large line, a quiet one, and how near it is where it is near."""

    title: str
    colour: Colour
    note: str
    ring: float | None = None
    wish: bool = False


def said(visit: Visit, context: Context, *, running: bool, quieting: bool, lost: bool) -> Said:
    """Return what is said of the step on the screen; trouble goes before everything else in the quiet line."""
    texts = context.texts
    verdict = _verdict(visit, context, running=running, quieting=quieting)
    if visit.recorded:
        return replace(verdict, note=texts("attack.recorded_note"))
    if context.gradients.given_up:
        note = texts("attack.never_watch" if Film.shown_by(context).steps else "attack.never_note")
        return Said(texts("attack.never"), Colour.TEXT, note)
    if context.gradients.phase is not Phase.LOST and not lost:
        return verdict
    note = texts("attack.gradients_lost" if context.gradients.phase is Phase.LOST else "attack.lost")
    if verdict.wish:  # alone, the lie would read as the answer
        return Said(texts("attack.moment"), Colour.TEXT, note)
    return replace(verdict, note=note)


def _verdict(visit: Visit, context: Context, *, running: bool, quieting: bool) -> Said:
    texts = context.texts
    wanted = texts("attack.anything") if visit.target is None else called(context, visit.target)
    if visit.boosts:
        return Said(texts("attack.boost"), Colour.TRUTH, texts("attack.boost_note"))
    if fooled(visit):
        return Said(
            texts("attack.fooled"), Colour.LIE, _how(visit, context, running=running, quieting=quieting)
        )
    if visit.shown == 0:
        return Said(wanted, Colour.LIE, "", wish=True)
    nearly = visit.now.verdict is Verdict.NEARLY
    note = texts("attack.spent") if visit.spent else texts("attack.aim", label=wanted)
    near = closeness(visit.now, visit.target, visit.original.first.label) if nearly else None
    return Said(texts("attack.nearly" if nearly else "attack.not_yet"), Colour.TEXT, note, near)


def _how(visit: Visit, context: Context, *, running: bool, quieting: bool) -> str:
    """Return how it was fooled: the steps it took, why more are added, or what less noise does as well."""
    texts = context.texts
    if visit.now.quiet:
        return texts("attack.quiet", part=texts(f"attack.part_{part_left(visit)}"))
    if running and not convinced(visit):
        return texts("attack.going_on")
    if fell_first(visit):
        return texts("attack.less_sure")
    if quieting:
        return texts("attack.quieting")
    if not visit.now.answer.known:
        return texts("attack.fooled_doubt")
    if visit.now.answer.first.confidence < GUESSING:
        return texts("attack.fooled_guess")
    steps = first_fooled(visit) or visit.shown
    took = texts("attack.fooled_one") if steps == 1 else texts("attack.fooled_note", steps=steps)
    surer = visit.now.target_confidence > visit.steps[steps].target_confidence
    return texts("attack.fooled_surer", took=took, steps=visit.shown) if surer else took


def with_noise(visit: Visit, context: Context) -> str:
    """Return the line above the picture with the noise: how far this can be seen, where it fools."""
    if not visit.now.step:
        return context.texts("attack.with_noise")
    return context.texts(looks(visit.now.psnr_db, fools=visit.fools))


def noise_size(now: Judged, context: Context) -> str:
    """Return the size of the noise in plain words, and that it is drawn stronger than it is."""
    if now.step == 0:
        return context.texts("attack.noise_none")
    mean = context.texts("attack.mean", number=f"{now.mean_255:.1f}")
    return context.texts("attack.noise_words", most=now.linf_255, mean=mean)


def closeness(judged: Judged, target: int | None, truth: int) -> float:
    """Return how near the target is to being said, 0..1."""
    first = judged.answer.first
    if target is not None:
        return min(1.0, judged.target_confidence / first.confidence) if first.confidence > 0 else 0.0
    rest = max((row.confidence for row in judged.answer.top if row.label != truth), default=0.0)
    return min(1.0, rest / first.confidence) if first.confidence > 0 else 0.0
