"""The self-test's parts that open something: display, camera, model, gradient process. Each ends in findings."""

import grp
import os
import queue
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from kiosk.attack.film import STOCK_PICTURE, film_folder, load_film
from kiosk.attack.run import Plan, run_attack
from kiosk.camera.choose import check_spec
from kiosk.camera.orientation import Orientation
from kiosk.camera.process.supervisor import CameraChange, CameraSupervisor
from kiosk.core.health import Finding, Level
from kiosk.device.camera_fault import camera_fault
from kiosk.device.health import HERE, Places, available_memory_bytes
from kiosk.device.state_folder import StateFolder
from kiosk.errors import KioskError
from kiosk.gradients.client import GradientClient
from kiosk.gradients.supervisor import Status
from kiosk.settings.sections import CameraSettings, GradientSettings
from kiosk.ui.display.hotplug import connected_screens
from kiosk.ui.display.window_trial import LIMIT_S, DriverBrokenError, try_window, try_window_in_cage
from kiosk.ui.window import DisplayUnavailableError
from kiosk.vision.classifier import Classifier
from kiosk.vision.picture import read_photograph, to_picture
from kiosk.words.model_labels import ModelLabels

# `auto` may try two dead cameras, each with its own limit, before the pictures.
CAMERA_LIMIT_S = 30.0
LIES = ("flamingo", "espresso")
BUDGET_255, MAX_STEPS = 16.0, 16
# A gradient process at its largest, and some to spare for the exhibit that runs meanwhile.
NEEDED_BYTES = 600_000_000
MEMORY_LIMIT_S, LOOK_EVERY_S = 60.0, 1.0


@dataclass(frozen=True)
class Server:
    """What stands between SDL's driver and the screen: the variable that names one that runs, and its program."""

    variable: str
    program: str


SERVERS = {"wayland": Server("WAYLAND_DISPLAY", "cage"), "x11": Server("DISPLAY", "Xorg")}


# Display and hands.


def screen_findings(
    driver: str | None,
    *,
    beside_running: bool = False,
    environment: Mapping[str, str] = os.environ,
    places: Places = HERE,
    limit_s: float = LIMIT_S,
) -> Iterator[Finding]:
    """Yield which display driver opens the window, and whether touch and buttons reach the exhibit with it.

    The window is there for a moment; beside a running exhibit there is none. On a device the display's server starts
    with the exhibit: until then a window opens in a cage that is never seen, and for X there is only a screen to find.
    """
    wanted = driver or environment.get("SDL_VIDEODRIVER") or ""
    server = SERVERS.get(wanted)
    try:
        if server is not None and not environment.get(server.variable):
            opens = _opens_in_cage(wanted, server, environment, limit_s)
            yield _server_finding(wanted, server, connected_screens(places.sys), opens=opens)
            yield input_finding(wanted)
            return
        opened = try_window(driver, driver_only=beside_running, environment=environment, limit_s=limit_s)
    except DisplayUnavailableError as error:
        yield Finding("display", Level.FAILED, str(error), "connect a screen; see display.driver")
    except DriverBrokenError as error:
        advice = "install the display's packages anew, as a push does, or set display.driver"
        yield Finding("display", Level.FAILED, str(error), advice)
    else:
        found = f"{opened} opens" if beside_running else f"{opened} opens a window"
        yield Finding("display", Level.OK, found)
        yield input_finding(opened)


def _opens_in_cage(driver: str, server: Server, environment: Mapping[str, str], limit_s: float) -> bool:
    """Return whether a window opens in a cage of its own; False where there is none, or it refuses root.

    Raises as try_window_in_cage does.
    """
    if driver != "wayland" or which(server.program) is None or os.geteuid() == 0:
        return False
    try_window_in_cage(environment, limit_s)
    return True


def _server_finding(driver: str, server: Server, screens: tuple[str, ...], *, opens: bool) -> Finding:
    found = f"{driver}: {server.program} starts with the exhibit{' and opens its window' if opens else ''}"
    if which(server.program) is None:
        advice = f"install {server.program}, or set display.driver"
        return Finding("display", Level.FAILED, f"{driver}: there is no {server.program}", advice)
    if not screens:
        return Finding(
            "display", Level.WARNING, f"{found}; no screen is connected", "connect it and switch it on"
        )
    return Finding("display", Level.OK, f"{found}, on {', '.join(screens)}")


def _readable(device: Path) -> bool:
    return os.access(device, os.R_OK)


def input_finding(
    driver: str, devices: Path = Path("/dev/input"), readable: Callable[[Path], bool] = _readable
) -> Finding:
    """Return whether touch and buttons reach the exhibit: under kmsdrm it reads them itself."""
    if driver != "kmsdrm":
        return Finding("touch and buttons", Level.UNKNOWN, f"not looked at: they come through {driver}")
    found = sorted(devices.glob("event*"))
    if not found:
        return Finding(
            "touch and buttons",
            Level.WARNING,
            f"nothing in {devices}",
            "connect the touch screen and buttons",
        )
    if not all(map(readable, found)):
        return Finding(
            "touch and buttons",
            Level.FAILED,
            f"{devices} may not be read; not in the groups: {', '.join(missing_groups()) or 'none'}",
            "sudo usermod -aG input,video,render USER, then log in again",
        )
    return Finding("touch and buttons", Level.OK, f"{len(found)} devices")


def missing_groups(wanted: tuple[str, ...] = ("input", "render", "video")) -> tuple[str, ...]:
    """Return those of the device groups that this system has and this user is not in."""
    mine = {*os.getgroups(), os.getegid()}
    return tuple(
        group.gr_name for group in grp.getgrall() if group.gr_name in wanted and group.gr_gid not in mine
    )


# The camera.


def camera_finding(
    settings: CameraSettings, state: Path, *, taken: bool = False, limit_s: float = CAMERA_LIMIT_S
) -> Finding:
    """Return which camera gives frames; `taken`: a running exhibit has it, which knows why it is away.

    Without one the exhibit opens all the same, with its own pictures, and says so to visitors.
    """
    fault = camera_fault(state) if taken else ""
    if taken and not fault:
        return Finding("camera", Level.OK, "in use by the running exhibit")
    if not taken:
        check_spec(settings.source)
        change = _first_change(settings, limit_s)
        if change.state == "opened":
            return Finding("camera", Level.OK, change.reason)
        fault = change.reason
    return Finding(
        "camera", Level.WARNING, fault, "visitors see our own pictures and read that it is missing"
    )


def _first_change(settings: CameraSettings, limit_s: float) -> CameraChange:
    """Return what becomes of the camera, in a process as the exhibit's."""
    heard = queue.SimpleQueue[CameraChange]()
    hangs = Orientation(settings.turned, settings.mirrored)
    with CameraSupervisor(settings.source, heard.put, hangs):
        try:
            return heard.get(timeout=limit_s)
        except queue.Empty:
            return CameraChange("stalled", f"camera: its driver did not answer within {limit_s:g} s")


# The model and the attack.


def model_finding(classifier: Classifier, stock: Path) -> Finding:
    """Return what the model says of a stock picture; its file has the digest on its card, or it would not be open."""
    picture = to_picture(read_photograph(stock / STOCK_PICTURE), classifier.card.input_size)
    label, confidence = classifier(picture).top(1)[0]
    card = classifier.card
    said = f"{STOCK_PICTURE}: {card.labels[label]}, {confidence:.0%}"
    return Finding("model", Level.OK, f"{card.name}, SHA-256 {card.sha256[:12]}; {said}")


def film_finding(classifier: Classifier, state: StateFolder) -> Finding:
    """Return whether there is a recorded attack to show between visits, or where no other can be made."""
    card = classifier.card
    if load_film(film_folder(state.stock, card.name), card.sha256) is None:
        advice = f"build the model again: kiosk model build {card.name}"
        return Finding("recorded attack", Level.WARNING, "there is none for this model", advice)
    return Finding("recorded attack", Level.OK, "there")


def gradient_findings(
    settings: GradientSettings, classifier: Classifier, stock: Path, *, recorded: bool
) -> Iterator[Finding]:
    """Yield whether a gradient process becomes ready here, and whether an attack with it succeeds.

    A board that cannot run it shows the recorded attack; without one either the exhibit is nothing.
    """
    statuses: list[Status] = []
    since_s = time.monotonic()
    with GradientClient(
        classifier.folder, classifier.card, settings, on_status=lambda status, _: statuses.append(status)
    ) as gradients:
        try:
            gradients.ping().result()  # waits until the model is loaded, or the process is lost
        except KioskError as error:
            watching = recorded and not {Status.RESTING, Status.UNUSABLE}.isdisjoint(statuses)
            level = Level.WARNING if watching else Level.FAILED
            advice = "visitors watch the recorded attack" if watching else "install this release anew"
            yield Finding("gradient process", level, str(error), advice)
            return
        took_s = time.monotonic() - since_s
        yield Finding("gradient process", Level.OK, f"ready after {took_s:.1f} s")
        yield _attack_finding(gradients, classifier, stock)


def _attack_finding(gradients: GradientClient, classifier: Classifier, stock: Path) -> Finding:
    labels = ModelLabels(classifier.card.labels)
    original = to_picture(read_photograph(stock / STOCK_PICTURE), classifier.card.input_size)
    prediction = classifier(original)
    lie = next(
        (
            labels.index(name)
            for name in LIES
            if name in labels.names and labels.index(name) != prediction.label
        ),
        prediction.top(2)[1][0],
    )
    plan = Plan("sign", lie, budget_255=BUDGET_255, max_steps=MAX_STEPS)
    try:
        attacked = run_attack(classifier, gradients, original, prediction.label, plan)
    except KioskError as error:
        return Finding("attack", Level.FAILED, str(error), "see the log of the gradient process")
    steps = attacked.steps
    step_s = sum(step.seconds for step in steps) / len(steps)
    said = f"{labels.names[prediction.label]} to {labels.names[lie]}"
    if not attacked.fooled:
        advice = "build the model again, and see: kiosk bench"
        return Finding("attack", Level.FAILED, f"{said}: not fooled in {len(steps)} steps", advice)
    return Finding("attack", Level.OK, f"{said} in {len(steps)} steps of {step_s:.2g} s")


def memory_comes(
    needed_bytes: int = NEEDED_BYTES, limit_s: float = MEMORY_LIMIT_S, places: Places = HERE
) -> bool:
    """Return whether there is room for a second gradient process, once it is there or the limit is over."""
    due_s = time.monotonic() + limit_s
    while True:
        available = available_memory_bytes(places)
        if available is None or available >= needed_bytes:
            return True
        if time.monotonic() >= due_s:
            return False
        time.sleep(min(LOOK_EVERY_S, limit_s))
