"""Whether the exhibit's buttons are wired: then the kernel has a keyboard that is made of contacts on the header."""

from pathlib import Path

INPUTS = Path("/proc/bus/input/devices")
OF_CONTACTS = "P: Phys=gpio-keys/"  # what the kernel's gpio_keys driver calls its place


def buttons_wired(inputs: Path = INPUTS) -> bool:
    """Return whether the kernel tells of such a keyboard; where it tells nothing, there is none."""
    try:
        return OF_CONTACTS in inputs.read_text("utf-8", errors="replace")
    except OSError:
        return False
