"""The ways to draw a map that visitors are shown, and what its control says of a map."""

from enum import StrEnum

ALIKE = 0.5  # the rank correlation at which two maps are still the same picture to a visitor


class Method(StrEnum):
    """The ways that passed their controls, named as `kiosk explain` does: those alone are offered.

    They name squares that matter, and change with what the network knows (README, tests/figures/test_map_controls.py).
    """

    GRAD_CAM = "grad-cam"
    CLASS_MAP = "cam"
    CONTRAST = "contrast"
    OCCLUSION = "occlusion"


BY_GRADIENTS = (Method.GRAD_CAM, Method.CONTRAST)


class Check(StrEnum):
    """What a map beside its control comes to: it changed as it should, it did not, or there was nothing to change.

    UNFIT is a network that has no map of this kind.
    """

    CHANGED = "changed"
    ALIKE = "alike"
    NOTHING = "nothing"
    UNFIT = "unfit"


def keys_of(method: Method) -> tuple[str, str, str]:
    """Return what the maps of a kind are called on the shelf: the original's, the attacked picture's, the control."""
    return f"map-{method}-original", f"map-{method}-adversarial", f"map-{method}-control"


def offered(*, gradients: bool, taught: bool) -> tuple[Method, ...]:
    """Return the ways there are: with or without gradients, and where what a visitor taught judges.

    A class map needs an answer that is a sum over squares, which one of several layers is not.
    """
    without = () if gradients else BY_GRADIENTS
    return tuple(
        method for method in Method if method not in without and not (taught and method is Method.CLASS_MAP)
    )


def checked(alike: float, *, speaks: bool) -> Check:
    """Return what a rank correlation with the control says of a map, in which something `speaks` for the answer."""
    if not speaks:
        return Check.NOTHING
    return Check.CHANGED if alike <= ALIKE else Check.ALIKE
