"""What `kiosk-release` does: takes a push, as root, and runs nothing of it but what was signed and verified.

`sudo` may be narrowed to this one command: whoever lacks a key that this device knows cannot become root by it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from device_release import Device, Offer
from signed_release import Refused

OPTIONS = {"--jetson", "--offline"}
SIGNED = ("plan", "install")
PLAIN = ("rollback", "status", "logs")
DOOR_VERSION = "1"
HERE = Path(__file__).resolve().parent


def installer(device: Device) -> Path:
    """Return the install-release that this file came with, or that of the release that runs."""
    beside = HERE.parent / "install-release"
    return beside if beside.is_file() else device.application / "current" / "systemd" / "install-release"


def take(device: Device, command: str, options: list[str]) -> int:
    """Return how planning or installing the release on standard input went."""
    archive = sys.stdin.buffer
    offer = device.offered(archive, first=True)
    if command == "install":
        refuse_older(device, offer)
    # A dry run writes nothing to the disk.
    within = Path("/run") if command == "plan" else None
    with device.verified(archive, offer, within) as folder:
        if device.allowed_signers() is None and not (folder / "signers").is_file():
            raise Refused("the first push must bring a list of signers: push with this checkout's deploy.sh")
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # a lost connection stops nothing any more
        release = folder / "release" / "systemd" / "install-release"
        words = [command, offer.manifest.release, "--from", str(folder), *options]
        if command == "install":
            say(f"{offer.manifest.release} is as {offer.signer.name} signed it")
        return run(release, *words)


def refuse_older(device: Device, offer: Offer) -> None:
    """Refuse a release that is older than the one that runs, unless its signer wanted that."""
    if offer.older and not offer.manifest.older:
        raise Refused(
            f"{offer.manifest.release} is older than {device.running()}, which runs: push it with --older"
            " if that is what you want"
        )


def say(line: str) -> None:
    """Tell what happens; a lost connection is nobody to tell."""
    try:
        print(f"==> {line}", flush=True)  # noqa: T201
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123


def run(script: Path, *words: str) -> int:
    """Return how a script of a verified release ended."""
    return subprocess.run(["bash", str(script), *words], stdin=subprocess.DEVNULL, check=False).returncode  # noqa: S603, S607


def forget_pin(device: Device) -> int:
    """Remove the staff's PIN, so that a new one is chosen on the screen."""
    place = device.private / "staff-pin.json"
    if not place.exists():
        raise Refused("there is no PIN of the staff to forget")
    place.unlink()
    say(
        "The staff's PIN is forgotten; choose a new one on the screen: hold the upper left corner for 3 seconds"
    )
    return 0


def perform(device: Device, command: str, options: list[str]) -> int:
    """Return how a command went."""
    if command in SIGNED and OPTIONS.issuperset(options):
        return take(device, command, options)
    if options:
        raise Refused(f"{command} takes no {options[0]}")
    if command in PLAIN:
        return run(installer(device), command)
    if command == "forget-pin":
        return forget_pin(device)
    if command == "version":
        print(DOOR_VERSION)  # noqa: T201
        return 0
    raise Refused(f"no such command: {command}")


def main() -> None:
    """Perform the command in the arguments."""
    os.umask(0o022)
    os.environ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    command, *options = sys.argv[1:] or [""]
    try:
        sys.exit(perform(Device(), command, options))
    except (Refused, OSError) as error:
        sys.exit(f"device: {error}")


if __name__ == "__main__":
    main()
