"""What a reading means for staff: a line that says how a part is, and what to do about it."""

from kiosk.core.health import CRASH, Finding, Level
from kiosk.device.health import Readings, Supply
from kiosk.settings.sections import HeatSettings

MEGABYTE = 1_000_000
LITTLE_BYTES, TOO_LITTLE_BYTES = 300 * MEGABYTE, 20 * MEGABYTE
HOUR_S, DAY_S = 3600, 86400


def board_findings(readings: Readings, heat: HeatSettings) -> tuple[Finding, ...]:
    """Return a finding for each part of the board: the tiles of the staff screen and lines of `kiosk check`."""
    return (
        heat_finding(readings.temperature_c, heat),
        supply_finding(readings.supply),
        disk_finding(readings.free_bytes),
        root_finding(readings.read_only_root, readings.state_lasts, overlay_asked=readings.overlay_asked),
        clock_finding(readings.clock_set, readings.hours_ignored),
    )


def heat_finding(temperature_c: float | None, limits: HeatSettings) -> Finding:
    """Return how warm the processor is."""
    if temperature_c is None:
        return Finding("temperature", Level.UNKNOWN, "not known here")
    found = f"{temperature_c:.0f} °C"
    if temperature_c < limits.paced_from_c:
        return Finding("temperature", Level.OK, found)
    return Finding(
        "temperature",
        Level.WARNING,
        f"{found}: attack steps are slowed down",
        "clean the fan and its openings; keep the sun off",
    )


def supply_finding(supply: Supply) -> Finding:
    """Return whether the power supply is good enough."""
    advice = "use the board's own power supply and a short, thick cable"
    if supply == Supply():
        return Finding("power", Level.UNKNOWN, "not known here")
    if supply.undervoltage:
        return Finding("power", Level.WARNING, "the voltage is too low", advice)
    if supply.undervoltage_before:
        return Finding("power", Level.WARNING, "the voltage was too low since the start", advice)
    if supply.slowed:
        return Finding(
            "power", Level.WARNING, "the processor is held back", "cool the board; check its supply"
        )
    if supply.slowed_before:
        return Finding("power", Level.OK, "good; the processor was held back since the start")
    return Finding("power", Level.OK, "good")


def disk_finding(free_bytes: int | None) -> Finding:
    """Return whether there is room in the state folder."""
    if free_bytes is None:
        return Finding("disk", Level.WARNING, "the free space is not known", "look at the card or disk")
    found = f"{free_bytes / MEGABYTE:,.0f} MB free"
    if free_bytes >= LITTLE_BYTES:
        return Finding("disk", Level.OK, found)
    level = Level.WARNING if free_bytes >= TOO_LITTLE_BYTES else Level.FAILED
    return Finding("disk", level, found, "remove old releases or files, or use a larger card")


def root_finding(
    read_only_root: bool | None, state_lasts: bool | None, *, overlay_asked: bool = False
) -> Finding:
    """Return whether the system is safe from a pulled plug, and whether what is to last does."""
    if read_only_root is None:
        return Finding("root", Level.UNKNOWN, "not known here")
    if overlay_asked and not read_only_root:
        return Finding(
            "root",
            Level.WARNING,
            "writable, though it was to be read-only",
            "the overlay did not start: sudo update-initramfs -u, then restart",
        )
    if state_lasts is False:
        return Finding(
            "root",
            Level.WARNING,
            "what is counted and set is lost at the next start",
            "put the state folder on a writable partition, such as /data",
        )
    return Finding("root", Level.OK, "read-only" if read_only_root else "writable")


def clock_finding(clock_set: bool | None, hours_ignored: str | None = None) -> Finding:
    """Return whether the clock can be trusted, and opening hours with it."""
    if hours_ignored is not None:
        return Finding("clock", Level.WARNING, "opening hours are ignored", hours_ignored)
    if clock_set is None:
        return Finding("clock", Level.UNKNOWN, "not known here")
    if clock_set:
        return Finding("clock", Level.OK, "set")
    return Finding(
        "clock",
        Level.WARNING,
        "not set: opening hours are not kept",
        "connect a network with a time server, or fit the clock's battery",
    )


def running_finding(since_s: float) -> Finding:
    """Return for how long the exhibit itself has run: the board may be up for months."""
    days, hours = int(since_s // DAY_S), int(since_s % DAY_S // HOUR_S)
    minutes = int(since_s % HOUR_S // 60)
    return Finding("running", Level.OK, f"for {days} d {hours} h" if days else f"for {hours} h {minutes} min")


def settings_finding(complaints: tuple[str, ...]) -> Finding:
    """Return whether every settings file could be used."""
    if not complaints:
        return Finding("settings", Level.OK, "good")
    return Finding(
        "settings",
        Level.FAILED,
        "; ".join(complaints),
        "mend the file: until then the exhibit runs on the shipped settings",
    )


def crash_finding(crash: str | None) -> Finding:
    """Return whether the exhibit crashed lately, by the first line of what it wrote down."""
    if crash is None:
        return Finding(CRASH, Level.OK, "none")
    return Finding(
        CRASH,
        Level.WARNING,
        crash.splitlines()[0],
        "send last-crash.txt of the state folder to the maker, then remove it",
    )
