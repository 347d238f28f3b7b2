"""Of each kind of request only the newest waits, at both ends of the gradient process's queue."""

import numpy as np
import pytest

from kiosk.gradients.inbox import CancelledError, Inbox
from kiosk.gradients.jobs import JobCancelledError, JobLostError, PendingJob, Promise, WaitingJobs
from kiosk.gradients.newest import NewestOfEach
from kiosk.gradients.protocol import Array, DrawMaps, ForgetVisitor, Job, LoadModel, Ping, Request, Train
from kiosk.vision.recipe import Recipe

GREY = (0.5, 0.5, 0.5)


def draw_maps(job: int) -> DrawMaps:
    return DrawMaps(job, method="grad-cam", pictures=(), label=0)


def train(job: int) -> Train:
    embeddings = Array.of(np.zeros((1, 2), np.float32))
    return Train(job, names=("Cat",), embeddings=embeddings, labels=(0,), bursts=(0,), recipe=Recipe())


def load(job: int) -> LoadModel:
    return LoadModel(job, name="small", sha256="0", side=224, mean=GREY, std=GREY, labels=2)


def taken(waiting: NewestOfEach[Request]) -> list[int]:
    """Take all that waits; return the jobs in the order they came out."""
    jobs = []
    while (request := waiting.take()) is not None:
        jobs.append(request.job)
    return jobs


def pending(request: Job | ForgetVisitor | Ping) -> PendingJob:
    return PendingJob(request, 1.0, lambda reply: reply, None, Promise(request.job))


@pytest.fixture
def waiting() -> NewestOfEach[Request]:
    return NewestOfEach(lambda request: request)


def test_the_oldest_is_taken_first(waiting: NewestOfEach[Request]) -> None:
    for request in (load(1), draw_maps(2), ForgetVisitor(3), Ping(4)):
        assert waiting.put(request) is None
    assert len(waiting) == 4
    assert taken(waiting) == [1, 2, 3, 4]
    assert len(waiting) == 0


def test_nothing_is_taken_where_nothing_waits(waiting: NewestOfEach[Request]) -> None:
    assert waiting.take() is None
    waiting.put(Ping(1))
    waiting.clear()
    assert len(waiting) == 0
    assert waiting.take() is None


def test_the_newest_pushes_out_the_one_of_its_kind_and_waits_behind_the_others(
    waiting: NewestOfEach[Request],
) -> None:
    first = ForgetVisitor(1)
    for request in (first, load(2), Ping(3)):
        waiting.put(request)
    assert waiting.put(ForgetVisitor(4)) is first
    assert taken(waiting) == [2, 3, 4]


def test_every_job_is_of_one_kind(waiting: NewestOfEach[Request]) -> None:
    older, newer = draw_maps(1), train(2)
    assert waiting.put(older) is None
    assert waiting.put(newer) is older
    assert taken(waiting) == [2]


def test_what_is_dropped_waits_no_more(waiting: NewestOfEach[Request]) -> None:
    dropped = draw_maps(2)
    for request in (load(1), dropped, ForgetVisitor(3)):
        waiting.put(request)
    assert waiting.drop(2) is dropped
    assert waiting.drop(2) is None
    assert taken(waiting) == [1, 3]


def test_things_go_by_the_request_in_them() -> None:
    waiting = NewestOfEach[tuple[str, Request]](lambda named: named[1])
    waiting.put(("first", Ping(1)))
    assert waiting.put(("second", Ping(2))) == ("first", Ping(1))
    assert waiting.drop(2) == ("second", Ping(2))


def test_the_inbox_tells_which_job_was_pushed_out() -> None:
    inbox = Inbox()
    assert inbox.put(draw_maps(1)) is None
    assert inbox.put(ForgetVisitor(2)) is None
    assert inbox.put(train(3)) == 1
    assert inbox.take() == ForgetVisitor(2)
    assert inbox.busy == 2


def test_the_inbox_cancels_what_waits_at_once_and_what_is_in_flight_at_its_next_check() -> None:
    inbox = Inbox()
    inbox.put(draw_maps(1))
    assert inbox.take() == draw_maps(1)
    inbox.put(draw_maps(2))
    assert inbox.cancel(2)
    inbox.check(1)
    assert not inbox.cancel(1)
    with pytest.raises(CancelledError, match="1"):
        inbox.check(1)


def test_a_closed_inbox_gives_nothing_out_and_ends_the_job_in_flight() -> None:
    inbox = Inbox()
    inbox.put(draw_maps(1))
    inbox.take()
    inbox.put(draw_maps(2))
    inbox.close()
    with pytest.raises(CancelledError):
        inbox.check(1)
    assert inbox.take() is None
    assert inbox.busy is None


def test_a_waiting_job_ends_when_a_newer_one_comes() -> None:
    jobs = WaitingJobs()
    older, newer, forget = pending(draw_maps(1)), pending(train(2)), pending(ForgetVisitor(3))
    for job in (older, newer, forget):
        jobs.add(job)
    assert isinstance(older.answer.exception(0), JobCancelledError)
    assert [jobs.take(), jobs.take(), jobs.take()] == [newer, forget, None]


def test_a_cancelled_job_ends_at_once() -> None:
    jobs = WaitingJobs()
    job = pending(draw_maps(1))
    jobs.add(job)
    assert not jobs.cancel(2)
    assert jobs.cancel(1)
    assert isinstance(job.answer.exception(0), JobCancelledError)
    assert jobs.take() is None


def test_closed_waiting_jobs_end_every_job() -> None:
    jobs = WaitingJobs()
    before, after = pending(draw_maps(1)), pending(draw_maps(2))
    jobs.add(before)
    jobs.close(JobLostError("closed"))
    jobs.add(after)
    for job in (before, after):
        assert isinstance(job.answer.exception(0), JobLostError)
    assert jobs.take() is None
