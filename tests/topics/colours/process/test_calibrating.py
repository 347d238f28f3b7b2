"""The colour chart by the real performer: written, held up through a made-up printer and camera, measured, undone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kiosk.device.health import Places
from kiosk.device.state_folder import StateFolder
from kiosk.paper.markers import ChartFinder
from kiosk.settings.sections import StaffSettings
from kiosk.store.colour_maps import FILE, colour_maps
from kiosk.topics.colours.messages import (
    ChartGiven,
    ChartWords,
    ColoursTold,
    GiveChart,
    MeasureChart,
    ReadColours,
    UndoColours,
)
from kiosk.topics.colours.performing import Calibrating
from kiosk.vision.picture import Rgb
from tests.process.rehearsal import QUICK, Rehearsal
from tests.sheets import printed
from tests.unit.test_colours import distorted, page_of
from tests.unit.test_simulator import WARM

WORDS = ChartWords("The kiosk", "Colours", "For staff.")
GREY = np.full((720, 1280, 3), 90, np.uint8)


@contextmanager
def before(frame: Rgb, folder: Path) -> Iterator[Rehearsal]:
    """A performer whose camera sees that, with a state folder of its own and a stick."""
    seen, stick, proc = folder / "seen", folder / "media" / "stick", folder / "proc"
    for made in (seen, stick, proc):
        made.mkdir(parents=True)
    (proc / "mounts").write_text(f"/dev/sda1 {stick} vfat rw 0 0\n")
    for number in range(2):
        Image.fromarray(frame).save(seen / f"{number}.png")
    wishes = QUICK.model_copy(update={"staff": StaffSettings(sticks=stick.parent)})
    rehearsal = Rehearsal(
        StateFolder(folder / "state"), f"pictures:{seen}", wishes, Places(proc=proc), (Calibrating,)
    )
    with rehearsal.performer:
        rehearsal.seeing()
        yield rehearsal


@pytest.fixture
def _no_cups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUPS_SERVER", "/nowhere/cups.sock")


def test_a_chart_is_measured_kept_and_undone(tmp_path: Path) -> None:
    page = distorted(page_of(tmp_path))
    with before(page[: page.shape[0] // 2], tmp_path) as rehearsal:
        assert rehearsal.ask(ReadColours(), ColoursTold) == ColoursTold(None)
        told = rehearsal.ask(MeasureChart(), ColoursTold)
        assert told.fault == ""
        assert told.residual_255 is not None
        assert told.residual_255 < 3
        (kept,) = colour_maps(tmp_path / "state")
        assert kept.residual_255 == told.residual_255
        assert np.abs(np.array(kept.ink) - np.array(WARM.ink))[:, :3].max() < 0.05
        assert rehearsal.ask(UndoColours(), ColoursTold) == ColoursTold(None)
        assert colour_maps(tmp_path / "state") == ()


@pytest.mark.usefixtures("_no_cups")
def test_where_no_chart_is_seen_nothing_is_written_and_it_can_be_given_out(tmp_path: Path) -> None:
    with before(GREY, tmp_path) as rehearsal:
        told = rehearsal.ask(MeasureChart(), ColoursTold)
        assert "No chart is seen." in told.fault
        assert not (tmp_path / "state" / FILE).exists()
        assert rehearsal.ask(GiveChart(WORDS), ChartGiven) == ChartGiven(on_stick=True)

    (file,) = (tmp_path / "media" / "stick").iterdir()
    assert ChartFinder()(printed(file.read_bytes(), 100, tmp_path)) is not None
