"""What cards that look inside ask of the real performer: votes, covered squares, memories, other models."""

import shutil
from collections.abc import Iterator

import numpy as np
import pytest
from sklearn.decomposition import PCA

from kiosk.attack.verdict import answer
from kiosk.core.message import DropJob, Forget, JobAdvanced, JobLost
from kiosk.device.state_folder import StateFolder
from kiosk.topics.attack.messages import RunStep, StartStack, StepJudged
from kiosk.topics.cover.messages import CoversSwept, CoverTile, SweepCovers, TileCovered
from kiosk.topics.foresee.messages import PicturePosed, PosePicture
from kiosk.topics.inside.messages import InsideTold, LookInside
from kiosk.topics.journey.messages import TraceWay, WayTraced
from kiosk.topics.judges.messages import AskJudges, JudgesAsked
from kiosk.topics.memories.messages import Remember, Remembered
from kiosk.topics.shield.messages import RaiseShield, ShieldRaised
from kiosk.topics.survival.facts import Glance, Which
from kiosk.topics.survival.messages import PicturesTreated, TreatPictures
from kiosk.vision.classifier import Classifier
from kiosk.vision.memories import load_memories
from tests.player import ESPRESSO, FLAMINGO
from tests.process.rehearsal import Rehearsal, own

STEPS = 5


@pytest.fixture(scope="module")
def rehearsal(state: StateFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """A performer that took a picture of the cup, and fooled itself about it."""
    folder = tmp_path_factory.mktemp("cup")
    shutil.copy(state.stock / "coffee-cup.png", folder)
    with own(state, f"pictures:{folder}") as rehearsal:
        rehearsal.ready()
        rehearsal.photograph()
        rehearsal.do(StartStack(FLAMINGO))
        for at in range(STEPS):
            rehearsal.ask(RunStep(rehearsal.job(), at), StepJudged)
        yield rehearsal


def test_the_shield_brings_the_first_answer_back_and_its_votes_are_repeatable(rehearsal: Rehearsal) -> None:
    job = rehearsal.job()
    told = [rehearsal.ask(RaiseShield(job, STEPS, FLAMINGO), ShieldRaised) for _ in range(2)]
    assert told[0] == told[1], "the job's number is the seed"
    for ballot in (told[0].original, told[0].adversarial):
        assert (ballot.label, ballot.count) == (ESPRESSO, 100)
        assert ballot.votes > 80
        assert ballot.for_lie == 0
        assert ballot.radius_255 > 5
    shares = [event.share for event in rehearsal.heard if isinstance(event, JobAdvanced) and event.job == job]
    assert len(shares) >= 40
    assert shares[:5] == sorted(shares[:5])
    pictures = rehearsal.performer.pictures
    haze = pictures["shield-original"].astype(float) - pictures["original"]
    assert 8 < haze.std() < 13


def test_no_further_votes_are_cast_once_nobody_waits(rehearsal: Rehearsal) -> None:
    job = rehearsal.job()
    rehearsal.do(RaiseShield(job, STEPS, FLAMINGO))
    rehearsal.until(lambda: any(told.job == job for told in rehearsal.all(JobAdvanced)), "the first votes")
    rehearsal.do(DropJob(job))
    rehearsal.heard.clear()
    rehearsal.ask(Remember(rehearsal.job(), STEPS), Remembered)
    assert not [event for event in rehearsal.heard if isinstance(event, JobAdvanced | ShieldRaised)]


def test_a_covered_square_is_grey_and_the_answer_is_of_that_picture(
    rehearsal: Rehearsal, classifier: Classifier
) -> None:
    told = rehearsal.ask(CoverTile(rehearsal.job(), STEPS, 14), TileCovered)
    pictures = rehearsal.performer.pictures
    assert told.answer == answer(classifier(pictures["covered"]))
    changed = (pictures["covered"] != pictures["adversarial"]).any(axis=2)
    rows, columns = (np.flatnonzero(changed.any(axis=axis)) for axis in (1, 0))
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (75, 111, 75, 111)
    swept = rehearsal.ask(SweepCovers(rehearsal.job(), STEPS, told.answer.first.label), CoversSwept)
    assert len(swept.losses) == 36
    assert pictures["cover-map"].shape == (224, 224, 3)


def test_a_cup_reminds_it_of_a_cup(rehearsal: Rehearsal) -> None:
    told = rehearsal.ask(Remember(rehearsal.job(), STEPS), Remembered)
    assert told.original[0].name == "coffee cup"
    assert [memory.taught for memory in (*told.original, *told.adversarial)] == [False] * 6
    assert told.adversarial[0].likeness < told.original[0].likeness
    assert told.alike < 0.9
    assert {memory.key for memory in (*told.original, *told.adversarial)} <= set(rehearsal.performer.pictures)


def test_the_way_over_the_map_is_scikit_learns_and_crosses_the_border_with_the_answer(
    rehearsal: Rehearsal, state: StateFolder, classifier: Classifier
) -> None:
    told = rehearsal.ask(TraceWay(rehearsal.job(), STEPS, FLAMINGO), WayTraced)
    stack = rehearsal.performer.pictures.stack
    assert stack is not None
    seen = [classifier(stack.picture(step)) for step in range(STEPS + 1)]
    embeddings = np.stack([one.embedding for one in seen])
    theirs = PCA(2, svd_solver="full").fit(load_memories(state.model(None)).embeddings)
    np.testing.assert_allclose(told.flat.path, theirs.transform(embeddings), atol=1e-4)
    assert told.flat.spread == pytest.approx(theirs.explained_variance_ratio_.sum(), abs=1e-4)
    assert told.turned is not None
    leads = [one.logits[FLAMINGO] - one.logits[ESPRESSO] for one in seen]
    for chart in (told.flat, told.turned):
        for step in range(1, STEPS + 1):
            shown = np.hypot(*np.subtract(chart.path[step], chart.path[0]))
            away = np.linalg.norm(embeddings[step] - embeddings[0])
            assert chart.kept[step] == pytest.approx(shown / away, abs=1e-3)
    clear = [step for step, lead in enumerate(leads) if abs(lead) > 0.2]  # the logits are rounded to 8 bits
    assert [told.turned.over(told.turned.path[step]) for step in clear] == [leads[step] > 0 for step in clear]
    assert told.turned.over(told.turned.path[-1])
    assert not told.turned.over(told.turned.thrown[-1]), "as much dice noise does not fool it"
    assert told.turned.kept[-1] > 2 * told.flat.kept[-1]


def test_lamps_are_the_answers_on_the_treated_pictures_and_repeatable(
    rehearsal: Rehearsal, classifier: Classifier
) -> None:
    job = rehearsal.job()
    told = rehearsal.ask(TreatPictures(job, STEPS, FLAMINGO), PicturesTreated)
    pictures = dict(rehearsal.performer.pictures)
    by = {FLAMINGO: Glance.LIE, ESPRESSO: Glance.RIGHT}
    said = [by.get(classifier(pictures[one.key]).label, Glance.OTHER) for one in told.treated]
    assert [one.glance for one in told.treated] == said
    assert [len(told.of(which)) for which in Which] == [6, 6, 0]
    assert rehearsal.ask(TreatPictures(job, STEPS, FLAMINGO), PicturesTreated) == told
    for one in told.treated:
        assert np.array_equal(rehearsal.performer.pictures[one.key], pictures[one.key])


def test_a_posed_picture_is_judged_and_none_whose_answer_is_blocked(
    rehearsal: Rehearsal, classifier: Classifier
) -> None:
    job = rehearsal.job()
    told = rehearsal.ask(PosePicture(job, frozenset()), PicturePosed)
    posed = rehearsal.performer.pictures["posed"]
    assert told.said == answer(classifier(posed))
    assert rehearsal.ask(PosePicture(job, frozenset()), PicturePosed) == told, "the job's number is the seed"
    other = rehearsal.ask(PosePicture(job, frozenset({told.said.first.label})), PicturePosed)
    assert other.said.first.label != told.said.first.label
    assert rehearsal.ask(PosePicture(rehearsal.job(), frozenset(range(1000))), JobLost)


def test_the_float_twin_has_an_opinion(rehearsal: Rehearsal, state: StateFolder) -> None:
    told = rehearsal.ask(AskJudges(rehearsal.job(), STEPS), JudgesAsked)
    (twin, *_) = told.opinions
    assert twin.exact
    with Classifier(state.model(None), file="float.onnx") as judge:
        assert twin.original == answer(judge(rehearsal.performer.pictures["original"]))
        assert twin.adversarial == answer(judge(rehearsal.performer.pictures["adversarial"]))


def test_aimed_noise_grows_from_stage_to_stage_and_dices_does_not_as_much(rehearsal: Rehearsal) -> None:
    told = rehearsal.ask(LookInside(rehearsal.job(), STEPS), InsideTold)
    assert [stage.rows for stage in told.stages] == [224, 112, 56, 28, 14, 7]
    assert told.stages[0].channels == 3
    assert told.stages[0].aimed == pytest.approx(told.stages[0].thrown, rel=1e-3), "they are as large"
    assert told.stages[-1].aimed > 5 * told.stages[0].aimed
    assert told.stages[-1].thrown < told.stages[-1].aimed / 2
    pictures = rehearsal.performer.pictures
    assert pictures["inside-5-original-0"].shape == (7, 7, 3)
    assert not np.array_equal(pictures["inside-5-original-0"], pictures["inside-5-adversarial-0"])


@pytest.mark.parametrize(
    "effect", [RaiseShield, SweepCovers, AskJudges, Remember, LookInside, TraceWay, TreatPictures]
)
def test_of_a_step_that_there_is_not_nothing_is_told(rehearsal: Rehearsal, effect: type) -> None:
    more = (FLAMINGO,) if effect in (RaiseShield, SweepCovers, TraceWay, TreatPictures) else ()
    assert rehearsal.ask(effect(rehearsal.job(), STEPS + 3, *more), JobLost)


def test_leaving_forgets_all_of_it(rehearsal: Rehearsal) -> None:
    rehearsal.do(Forget())
    kept = [key for key in rehearsal.performer.pictures if not key.startswith("film-")]
    assert kept == []
