"""Updates from a USB stick: asked for here, verified and installed by the system's own service."""

from kiosk.core.staff import UpdateFacts, UpdateStage
from kiosk.device.root_service import Answer, RootService, RootServiceError
from kiosk.device.staff_pin import PinTried

LONGEST_LINE = 300


def update_facts(service: RootService) -> UpdateFacts:
    """Return what a stick offers, and how far the update is that was asked for last."""
    if not service.there:
        return UpdateFacts(stage=UpdateStage.UNABLE)
    try:
        return _facts(service.ask("look"))
    except RootServiceError as error:
        return UpdateFacts(stage=UpdateStage.SILENT, line=str(error))


def begin_update(service: RootService, pin: str, shown: UpdateFacts) -> UpdateFacts | PinTried:
    """Ask for the release that was shown; return how far it is, or that the PIN was wrong.

    The PIN, typed anew, is the proof that staff want it: the service compares it itself.
    """
    try:
        answer = service.ask("install", pin=pin, seen=shown.seen, older=shown.older)
    except RootServiceError as error:
        return UpdateFacts(stage=UpdateStage.SILENT, line=str(error))
    if answer.text("fault"):
        return UpdateFacts(stage=UpdateStage.FAILED, line=answer.text("fault"))
    if not answer.flag("right"):
        return PinTried(right=False, wait_s=answer.number("wait_s"))
    return _facts(answer)


def _facts(answer: Answer) -> UpdateFacts:
    try:
        stage = UpdateStage(answer.text("stage"))
    except ValueError:
        stage = UpdateStage.NONE
    return UpdateFacts(
        offered=answer.text("release"),
        stage=stage,
        line=(answer.text("line") or answer.text("fault"))[:LONGEST_LINE],
        seen=answer.text("seen"),
        signer=answer.text("signer"),
        age_days=round(answer.number("age_days")),
        running=answer.text("running"),
        older=answer.flag("older"),
        refused=answer.text("refused")[:LONGEST_LINE],
    )
