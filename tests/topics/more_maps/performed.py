"""What this topic asks the performer for, on a step of an attack."""

from kiosk.topics.more_maps.facts import Method, keys_of
from kiosk.topics.more_maps.messages import CheckedDrawn, DrawChecked
from tests.process.rehearsal import OnStep


def drawn_by(method: Method) -> OnStep:
    """A map of that kind on a step, with its control."""
    return OnStep(
        lambda job, step: DrawChecked(job, method, step, before=0, after=1, lie=1),
        CheckedDrawn,
        keys_of(method),
    )


# One by the gradient process, and one by many looks: the others are like one of the two.
ON_STEP: dict[str, OnStep] = {
    f"more-maps-{method}": drawn_by(method) for method in (Method.GRAD_CAM, Method.OCCLUSION)
}
