"""A page on its way out of the exhibit: into a printer's queue, else onto a stick."""

from dataclasses import dataclass
from datetime import datetime

from kiosk.device.usb_stick import mounted_sticks, write_to_stick
from kiosk.paper.printer import Printer
from kiosk.perform.workshop import Workshop


@dataclass(frozen=True, slots=True)
class PaperOut:
    """Where a page went: a printer's job, or (None) a stick."""

    printer: Printer | None = None
    job: str = ""


def give_out(pdf: bytes, name: str, workshop: Workshop) -> PaperOut:
    """Return where a page went, on a stick under that name; waits for CUPS' commands. Raises KioskError."""
    wishes = workshop.settings.printing
    printer = Printer.found(wishes.printer)
    if printer is not None:
        return PaperOut(printer, printer.send(pdf, wishes.paper))
    sticks = mounted_sticks(workshop.settings.staff.sticks, workshop.places)
    write_to_stick(sticks, f"{name}-{datetime.now().astimezone():%Y%m%d-%H%M%S}.pdf", pdf)
    return PaperOut()
