"""What the bench adds to a card that a push has made an exhibit of: a log of events, settings for a slow processor."""

from kiosk.core.context import IdleTimes
from tests.device.machine.guest import Guest

EVENT_LOG = "/run/kiosk-exhibit/events.jsonl"
COMMAND = "/usr/local/bin/kiosk-with-a-log"
# A new log with every start: the folder goes with the unit's end.
COMMAND_TEXT = f"""#!/bin/sh
exec /opt/kiosk/current/.venv/bin/kiosk --event-log {EVENT_LOG}
"""
# There the emulated processor takes seconds for a gradient, and half a second for an answer.
FRAMES_PER_S = 10
IDLE = IdleTimes(quiet_s=600, teaching_quiet_s=600, countdown_s=120)
SETTINGS = f"""[display]
frames_per_s = {FRAMES_PER_S}
[classifier]
looks_per_s = 0.5
[gradients]
load_deadline_s = 900
job_deadline_s = 200
forget_deadline_s = 600
[idle]
quiet_s = {IDLE.quiet_s}
teaching_quiet_s = {IDLE.teaching_quiet_s}
countdown_s = {IDLE.countdown_s}
"""
# llvmpipe on a virtio screen leaves stale frames and torn ones; a Pi's compositor has a graphics processor.
ENVIRONMENT = f"WLR_RENDERER=pixman\nKIOSK={COMMAND}\n"
# And minutes to open the exhibit, where a board takes seconds.
PATIENCE = """[Service]
TimeoutStartSec=900
TimeoutStopSec=60
WatchdogSec=120
"""


def wrap(guest: Guest) -> None:
    """Add it before the first push, which keeps what staff have put there."""
    guest.run("mkdir -p /etc/kiosk /etc/systemd/system/kiosk.service.d")
    for file, text in {
        "/etc/kiosk/environment": ENVIRONMENT,
        "/etc/kiosk/kiosk.toml": SETTINGS,
        "/etc/systemd/system/kiosk.service.d/machine.conf": PATIENCE,
        COMMAND: COMMAND_TEXT,
    }.items():
        guest.run(f"cat >{file}", given=text.encode())
    guest.run(f"chmod 755 {COMMAND}")
