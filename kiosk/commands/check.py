"""`kiosk check`: the self-test, line by line; exit 0 only if the exhibit can open."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kiosk.commands import checks
from kiosk.core.health import Finding, Level, can_open
from kiosk.device.durable import WriteError, require_writable
from kiosk.device.findings import board_findings, crash_finding, settings_finding
from kiosk.device.health import read_health
from kiosk.device.running import is_running, last_crash
from kiosk.device.state_folder import StateFolder
from kiosk.errors import KioskError
from kiosk.settings.files import settings_at_start
from kiosk.settings.sections import Settings
from kiosk.store.exhibit_dataset import utc_now
from kiosk.store.finding import look_at_store
from kiosk.vision.classifier import Classifier

STYLES = {Level.OK: "green", Level.UNKNOWN: "dim", Level.WARNING: "yellow", Level.FAILED: "bold red"}


def run(settings_file: Path | None, *, as_json: bool) -> int:
    """Return 0 where the exhibit can open, 1 where something failed."""
    console = Console(stderr=True)
    progress = console.status("checking …") if console.is_terminal else nullcontext()
    with progress:
        found = tuple(_findings(settings_file))
    if as_json:
        Console().print_json(msgspec.json.encode({"can_open": can_open(found), "findings": found}).decode())
    else:
        _print(found)
    return 0 if can_open(found) else 1


def _findings(settings_file: Path | None) -> Iterator[Finding]:
    """Yield what each part of the self-test finds; what a running exhibit uses is left to it."""
    read = settings_at_start(settings_file)
    settings, state = read.settings, StateFolder(read.settings.state_folder())
    taken = is_running(state.path)
    yield settings_finding(read.complaints)
    yield from _model_findings(settings, state, taken=taken)
    yield checks.camera_finding(settings.camera, state.path, taken=taken)
    yield from checks.screen_findings(settings.display.driver, beside_running=taken)
    yield _state_finding(state.path)
    yield look_at_store(state.database, utc_now())
    yield from board_findings(read_health(state.path), settings.heat)
    yield crash_finding(last_crash(state.path))


def _model_findings(settings: Settings, state: StateFolder, *, taken: bool) -> Iterator[Finding]:
    try:
        classifier = Classifier(state.model(None), threads=settings.classifier.threads)
    except (KioskError, OSError) as error:
        yield Finding("model", Level.FAILED, str(error), "kiosk model build efficientnet_lite0")
        yield Finding("gradient process", Level.WARNING, "not tested without a model")
        return
    with classifier:
        yield checks.model_finding(classifier, state.stock)
        film = checks.film_finding(classifier, state)
        yield film
        if taken and not checks.memory_comes():
            advice = "test it while the exhibit is closed: kiosk check"
            yield Finding(
                "gradient process", Level.WARNING, "not tested: too little memory beside the exhibit", advice
            )
            return
        recorded = film.level is Level.OK
        yield from checks.gradient_findings(settings.gradients, classifier, state.stock, recorded=recorded)


def _state_finding(folder: Path) -> Finding:
    try:
        require_writable(folder)
    except WriteError as error:
        return Finding(
            "state folder", Level.FAILED, str(error), "run this as the exhibit's user; see KIOSK_STATE"
        )
    return Finding("state folder", Level.OK, str(folder))


def _print(found: tuple[Finding, ...]) -> None:
    console = Console(markup=False)
    table = Table("", "part", "found", "what to do", box=None)
    for finding in found:
        mark = Text(finding.level.value, STYLES[finding.level])
        table.add_row(mark, finding.what, finding.found, finding.advice)
    console.print(table)
    verdict = "The exhibit can open." if can_open(found) else "The exhibit cannot open."
    console.print(f"\n{verdict}")
