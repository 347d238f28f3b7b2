"""Boards that cannot run PyTorch, or are too slow or too hot for it: the exhibit says so once and goes on without."""

import os
import time
from pathlib import Path

import pytest

from kiosk.core.health import Health, Phase
from kiosk.core.message import DropJob, GradientsChanged, JobLost
from kiosk.device.health import Places
from kiosk.device.state_folder import StateFolder
from kiosk.gradients.jobs import JobLostError
from kiosk.gradients.supervisor import Status
from kiosk.settings.sections import GradientSettings, HeatSettings
from kiosk.topics.attack.messages import RunStep, StartStack, StepJudged
from kiosk.vision.classifier import Classifier
from tests.player import FLAMINGO
from tests.process.rehearsal import QUICK, Rehearsal
from tests.process.test_gradient_process import PATIENCE_S, Watched, pid_of

pytestmark = pytest.mark.timed

ILLEGAL_INSTRUCTION = "import os, signal\nos.kill(os.getpid(), signal.SIGILL)\n"
NEVER_DONE = "import time\ntime.sleep(600)\n"
BROKEN = "raise ImportError('libgomp.so.1: cannot open shared object file')\n"
PAUSE_S = 1.5


class Torch:
    """A stand-in for the PyTorch that the gradient process imports, until it is mended."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "torch.py"

    def be(self, text: str) -> None:
        self._file.write_text(text, "utf-8")

    def mend(self) -> None:
        """Let the real one be found again."""
        self._file.unlink()


@pytest.fixture
def torch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Torch:
    """What child processes find when they import torch."""
    path = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH"))))
    monkeypatch.setenv("PYTHONPATH", path)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    return Torch(tmp_path)


def starts(watched: Watched) -> int:
    return sum(status is Status.STARTING for status, _ in watched.states)


def test_an_illegal_instruction_is_met_once_and_not_again_until_staff_ask(
    state: StateFolder, classifier: Classifier, torch: Torch
) -> None:
    torch.be(ILLEGAL_INSTRUCTION)
    watched = Watched(state, classifier)
    with watched.client as client:
        client.ping()
        watched.wait_for(Status.UNUSABLE)
        status, reason = watched.states[-1]
        assert status is Status.UNUSABLE
        assert "SIGILL" in reason
        assert "another processor" in reason
        with pytest.raises(JobLostError, match="SIGILL"):
            client.ping().result(PATIENCE_S)
        assert starts(watched) == 1
        torch.mend()
        client.restart()
        watched.wait_for(Status.READY)
        first = pid_of(watched)
        assert client.ping().result(PATIENCE_S) == first
        client.restart()
        watched.wait_for(Status.READY, times=2)
        assert pid_of(watched) != first, "one that runs is started anew"


def test_a_start_that_is_never_done_rests_at_its_deadline_and_is_tried_again(
    state: StateFolder, classifier: Classifier, torch: Torch
) -> None:
    torch.be(NEVER_DONE)
    # Long enough for a start on a busy machine, once it can be done.
    watched = Watched(state, classifier, GradientSettings(threads=1, load_deadline_s=12.0, rest_s=1.0))
    with watched.client:
        watched.wait_for(Status.RESTING)
        assert starts(watched) == 1
        assert "set gradients.load_deadline_s higher" in watched.states[-1][1]
        pid = pid_of(watched)
        assert not Path(f"/proc/{pid}").exists(), "it was ended"
        torch.mend()
        watched.wait_for(Status.READY)
        assert watched.client.ping().result(PATIENCE_S) == pid_of(watched)


def test_a_process_that_dies_at_every_start_is_tried_again_for_ever_and_quietly(
    state: StateFolder, classifier: Classifier, torch: Torch
) -> None:
    torch.be(BROKEN)
    settings = GradientSettings(
        threads=1, failed_starts=3, first_back_off_s=0.05, longest_back_off_s=0.1, rest_s=0.3
    )
    watched = Watched(state, classifier, settings)
    with watched.client as client:
        watched.wait_for(Status.RESTING)
        assert starts(watched) == 3
        assert "failed 3 times in a row" in watched.states[-1][1]
        with pytest.raises(JobLostError, match="tried again every"):
            client.ping().result(PATIENCE_S)
        watched.wait_for(Status.RESTING, times=4)
        rested = [reason for status, reason in watched.states if status is Status.RESTING]
        assert [reason.rpartition(", ")[2] for reason in rested[:4]] == [f"{n} so far" for n in range(1, 5)]
        assert starts(watched) == 3, "an attempt after a rest is no news"
        torch.mend()
        watched.wait_for(Status.READY)
        assert client.ping().result(PATIENCE_S) == pid_of(watched)


def test_the_program_hears_that_there_will_be_no_gradients_and_why(state: StateFolder, torch: Torch) -> None:
    torch.be(ILLEGAL_INSTRUCTION)
    rehearsal = Rehearsal(state, f"pictures:{state.stock}")
    with rehearsal.performer:
        rehearsal.until(
            lambda: any(e.health.phase is Phase.LOST for e in rehearsal.all(GradientsChanged)), "lost"
        )
        lost = rehearsal.all(GradientsChanged)[-1].health
        assert lost == Health(Phase.LOST, reason=lost.reason)
        assert "SIGILL" in lost.reason
        rehearsal.seeing()
        rehearsal.photograph()
        rehearsal.do(StartStack(FLAMINGO))
        assert "SIGILL" in rehearsal.ask(RunStep(rehearsal.job(), 0), JobLost).reason


def test_steps_pause_while_the_board_is_hot_and_a_dropped_one_is_never_taken(
    state: StateFolder, tmp_path: Path
) -> None:
    zone = tmp_path / "sys/class/thermal/thermal_zone0"
    zone.mkdir(parents=True)
    (zone / "type").write_text("cpu-thermal\n", "utf-8")
    (zone / "temp").write_text("90000\n", "utf-8")
    settings = QUICK.model_copy(update={"heat": HeatSettings(longest_pause_s=PAUSE_S)})
    hot = Rehearsal(state, f"pictures:{state.stock}", settings, Places(sys=tmp_path / "sys"))
    with hot.performer:
        hot.ready()
        hot.photograph()
        hot.do(StartStack(FLAMINGO))
        dropped = hot.job()
        hot.do(RunStep(dropped, 0), DropJob(dropped))
        since_s = time.monotonic()
        assert hot.ask(RunStep(hot.job(), 0), StepJudged).judged.step == 1
        assert time.monotonic() - since_s >= PAUSE_S
        (zone / "temp").write_text("60000\n", "utf-8")
        assert hot.ask(RunStep(hot.job(), 1), StepJudged).judged.step == 2
        answered = [event.job for event in hot.heard if isinstance(event, StepJudged | JobLost)]
        assert dropped not in answered
