"""The update from a USB stick: what is offered, who signed it and when, why not, and how far it is."""

from dataclasses import dataclass, replace

from kiosk.core.context import Context, IdleTimes
from kiosk.core.message import Tick
from kiosk.core.parts import scene_of
from kiosk.core.scene import Scene
from kiosk.core.screen import STAFF_QUIET_S, Outcome, Pressed, ScreenEvent, StaffScreen
from kiosk.core.staff import UpdateFacts, UpdateStage
from kiosk.core.staff_parts import foot_controls, led, matter, staff_frame
from kiosk.topics.staff.messages import LookForUpdate, ToRepair, ToUpdate, ToUpdatePin, UpdateTold

LOOK_EVERY_S = 2.0
SILENT_LOOKS = 6  # of ten seconds each: a busy device takes its time to answer
INSTALLED_WITHIN_S = 1800.0  # two self-tests, each given up after 900 s (systemd/install-release)


@dataclass(frozen=True, slots=True)
class StaffUpdate(StaffScreen):
    """What was found last and when to look next.

    `read`: what became of the last update was read. `insisting`: an older release is being asked about. `silent`: how
    many looks in a row had no answer while it installs.
    """

    found: UpdateFacts | None = None
    due_s: float = 0.0
    read: bool = False
    insisting: bool = False
    silent: int = 0

    def update(self, event: ScreenEvent, context: Context) -> Outcome:
        """Return how it goes on, or where it leads."""
        match event:
            case Tick() if context.now_s >= self.due_s:
                return Outcome(replace(self, due_s=context.now_s + LOOK_EVERY_S), (LookForUpdate(),))
            case UpdateTold(told) if self._waits and told.stage is UpdateStage.SILENT:
                return Outcome(replace(self, silent=self.silent + 1))
            case UpdateTold(told) if self._installs and told.stage is not UpdateStage.RUNNING:
                return Outcome(ToUpdate(told))  # whoever waited for it has all the time to read it
            case UpdateTold(told):
                same = self.found is not None and told.seen == self.found.seen
                return Outcome(replace(self, found=told, silent=0, insisting=self.insisting and same))
            case Pressed("back") if self.insisting:
                return Outcome(replace(self, insisting=False))
            case Pressed("back"):
                return Outcome(ToRepair())
            case Pressed("again") if self._tells:
                return Outcome(replace(self, read=True))
            case Pressed("older") if self._may_install(older=True):
                return Outcome(replace(self, insisting=True))
            case Pressed("install") if self.found and self._may_install(older=self.insisting):
                return Outcome(ToUpdatePin(self.found))
            case Pressed():
                return Outcome(led(event, context) or self)
            case _:
                return Outcome(self)

    def quiet_s(self, idle: IdleTimes) -> float:
        """Return how long it may stay untouched before it goes: staff wait at it for minutes while it installs."""
        del idle
        return INSTALLED_WITHIN_S if self._installs else STAFF_QUIET_S

    @property
    def _installs(self) -> bool:
        """Return whether an update is being installed."""
        return self.found is not None and self.found.stage is UpdateStage.RUNNING

    @property
    def _waits(self) -> bool:
        """Return whether an update is being installed by a service that may still answer."""
        return self._installs and self.silent < SILENT_LOOKS

    def _may_install(self, *, older: bool) -> bool:
        """Return whether a release is shown to install, newer or older than the one that runs."""
        found = self.found
        return found is not None and self._offers and found.older is older

    @property
    def _tells(self) -> bool:
        """Return whether what became of the last update is still to be read, before anything is offered."""
        ended = (UpdateStage.DONE, UpdateStage.FAILED)
        return self.found is not None and self.found.stage in ended and not self.read

    @property
    def _offers(self) -> bool:
        """Return whether what is on the stick is shown, with who signed it."""
        found = self.found
        if found is None or self._tells:
            return False
        return bool(found.offered) and not self._installs and found.stage is not UpdateStage.UNABLE

    def view(self, context: Context) -> Scene:
        """Return what is found on a card, and what can be done."""
        layout, items, body = staff_frame(context, "repair")
        texts = context.texts
        deck = body.foot(layout.touch)
        card = body.above(layout.touch + layout.gap)
        title, advice = self._said(context)
        items += matter(layout, card, "stick", (texts("repair.update"), title, advice))
        actions = [("back", texts("control.back"), "back")]
        if self._tells:
            actions.append(("again", texts("repair.update_again"), "stick"))
        elif self._may_install(older=self.insisting):
            words = "repair.update_older_yes" if self.insisting else "repair.update_yes"
            actions.append(("install", texts(words), "stick"))
        elif self._may_install(older=True):
            actions.append(("older", texts("repair.update_older"), "stick"))
        items += foot_controls(layout, deck, actions)
        return scene_of(context, "staff-update", items, "back" if self.insisting else actions[-1][0])

    def _said(self, context: Context) -> tuple[str, str]:
        """Return what is found, and what to do about it."""
        found, texts = self.found, context.texts
        if found is None:
            return texts("repair.update_looking"), ""
        if found.stage is UpdateStage.UNABLE:
            return texts("repair.update_unable"), texts("repair.update_unable_how")
        if self._installs or self._tells or found.stage is UpdateStage.SILENT:
            return texts(f"repair.update_{found.stage.value}"), found.line
        if self.insisting:
            words = texts("repair.update_older_ask", release=found.offered)
            return words, texts("repair.update_older_note", running=found.running)
        if found.refused:
            return texts("repair.update_refused"), found.refused
        if not found.offered:
            return texts("repair.update_none"), texts("repair.update_how")
        signed = texts("repair.update_signed", signer=found.signer, age=_age(context, found.age_days))
        note = texts("repair.update_note")
        if found.older:
            note = texts("repair.update_older_note", running=found.running)
        return texts("repair.update_offered", release=found.offered), f"{signed} {note}"


def _age(context: Context, days: int) -> str:
    """Return how long ago something was signed; a clock that is wrong may say that it is still to come."""
    if days < 0:
        return context.texts("repair.age_ahead")
    words = ("repair.age_today", "repair.age_one")
    return context.texts(words[days]) if days < len(words) else context.texts("repair.age_days", days=days)
