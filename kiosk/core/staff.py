"""What the exhibit knows for its staff: the PIN's rule, their settings, their corner."""

from dataclasses import dataclass
from enum import Enum

DIAGONAL = "display.diagonal_inch"
QUIET, COUNTDOWN = (f"idle.{name}" for name in ("quiet_s", "countdown_s"))
TURNED, MIRRORED = "camera.turned", "camera.mirrored"
AT_ONCE = (DIAGONAL, QUIET, COUNTDOWN, TURNED, MIRRORED)  # all other settings take effect at the next start
CORNER = "corner"  # the hidden control that leads to the staff's screens
CORNER_HOLD_S = 3.0
FEWEST_DIGITS, MOST_DIGITS = 4, 8

Value = str | int | float
Values = tuple[tuple[str, Value], ...]


def is_pin(digits: str) -> bool:
    """Return whether this may be a PIN: four to eight digits."""
    return FEWEST_DIGITS <= len(digits) <= MOST_DIGITS and digits.isascii() and digits.isdecimal()


@dataclass(frozen=True, slots=True)
class StaffFacts:
    """What the exhibit knows for its staff.

    `pin_chosen`: there is one. `may_choose`: where there is none, it may be chosen on this screen. `closed`: for
    repair. `after_hours`: closed by the clock, until it `opens`, on `opens_day` where that is not today. `settings`:
    those that staff may change, by dotted key, as the next start will find them. `restart_due`: some of them differ
    from those in force.
    """

    pin_chosen: bool = False
    may_choose: bool = True
    closed: bool = False
    after_hours: bool = False
    opens: str = ""
    opens_day: str = ""
    settings: Values = ()
    restart_due: bool = False

    @property
    def shut(self) -> bool:
        """Return whether there are no visits now, for whatever reason."""
        return self.closed or self.after_hours

    @property
    def reachable(self) -> bool:
        """Return whether the staff's corner leads anywhere: there is a PIN, or one may be chosen here."""
        return self.pin_chosen or self.may_choose

    def value(self, key: str) -> Value | None:
        """Return the value of a setting, None where it is not known."""
        return dict(self.settings).get(key)


@dataclass(frozen=True, slots=True)
class StaffSetting:
    """One setting: its section and name, the values to step through in their order, and their unit, if any."""

    section: str
    name: str
    choices: tuple[Value, ...]
    unit: str = ""

    @property
    def key(self) -> str:
        """Return its dotted key, as a settings file has it."""
        return f"{self.section}.{self.name}"

    def stepped(self, value: Value, by: int) -> Value:
        """Return the choice so many places on from a value, and the last one at either end.

        A number that is no choice stands between its neighbours; a word that is none stands before the first.
        """
        if value in self.choices:
            place = self.choices.index(value) + by
        else:
            below = sum(_is_below(choice, value) for choice in self.choices)
            place = below + by - (by > 0)
        return self.choices[max(0, min(place, len(self.choices) - 1))]


def _is_below(choice: Value, value: Value) -> bool:
    return not isinstance(choice, str) and not isinstance(value, str) and choice < value


# All of them take effect at the next start of the exhibit. What could leave a black screen is not among them.
STAFF_SETTINGS: tuple[StaffSetting, ...] = (
    StaffSetting(
        "display",
        "diagonal_inch",
        (7.0, 8.0, 10.1, 11.6, 12.5, 13.3, 14.0, 15.6, 17.3, 18.5, 21.5, 23.8, 27.0, 32.0, 43.0, 55.0),
        "inch",
    ),
    StaffSetting("camera", "source", ("auto", "picam", "webcam", "gstreamer")),
    StaffSetting("idle", "quiet_s", (20.0, 30.0, 40.0, 60.0, 90.0, 120.0, 180.0), "s"),
    StaffSetting("idle", "countdown_s", (10.0, 15.0, 20.0, 30.0), "s"),
    StaffSetting("classifier", "looks_per_s", (5.0, 10.0, 15.0), "/s"),
    StaffSetting("gradients", "load_deadline_s", (60.0, 120.0, 300.0, 600.0), "s"),
    StaffSetting("gradients", "job_deadline_s", (15.0, 30.0, 60.0, 120.0), "s"),
    StaffSetting("heat", "paced_from_c", (65.0, 70.0, 75.0, 80.0), "°C"),
)
# What is set where it is seen: on the screen on which the camera is framed.
FRAMING_SETTINGS: tuple[StaffSetting, ...] = (
    StaffSetting("camera", "turned", (0, 90, 180, 270), "°"),
    StaffSetting("camera", "mirrored", (False, True)),
)
KEPT_SETTINGS = (*STAFF_SETTINGS, *FRAMING_SETTINGS)


class UpdateStage(Enum):
    """How far an update from a USB stick is."""

    NONE = "none"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SILENT = "silent"  # what would know does not answer
    UNABLE = "unable"  # nothing on this machine takes up updates


@dataclass(frozen=True, slots=True)
class UpdateFacts:
    """The release that a stick offers (empty: none), how far an update is, and the last line told of it.

    `seen` names exactly what is offered. `signer` signed it, so many days ago; `running` is what runs now, `older`
    says that it is a newer one. `refused`: why an archive on the stick is not offered.
    """

    offered: str = ""
    stage: UpdateStage = UpdateStage.NONE
    line: str = ""
    seen: str = ""
    signer: str = ""
    age_days: int = 0
    running: str = ""
    older: bool = False
    refused: str = ""
