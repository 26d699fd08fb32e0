import asyncio

import pytest

from unit.services.fakes import FakeQueue, FakeWake, job
from upshot.domain.errors import InvalidJobError, StoreError
from upshot.domain.retry import JobPolicy
from upshot.services.disposition import Done, Later
from upshot.services.worker import Worker, WorkerLimits


class Handler:
    """Does what the script says: returns a disposition, raises, or waits for ever."""

    def __init__(self, act=None):
        self.act = act or Done()
        self.seen = []
        self.begun = asyncio.Event()

    async def handle(self, job, *, last, stop):
        self.seen.append((job.id, last))
        self.begun.set()
        if isinstance(self.act, Exception):
            raise self.act
        if callable(self.act):
            return await self.act(stop)
        return self.act


def make(queue, handler, **limits):
    wake = FakeWake()
    settings = WorkerLimits(**{"jobs": 1, "lease": 60, "poll": 10.0, "drain": 1.0} | limits)
    return Worker(queue, wake, {"run_chunk": handler}, JobPolicy(attempts=3, base=10, factor=3), settings), wake


async def work(queue, handler, **limits):
    worker, _ = make(queue, handler, **limits)
    await asyncio.wait_for(worker.run(asyncio.Event(), until_empty=True), 60)


async def test_jobs_are_done_and_completed():
    queue, handler = FakeQueue(job({}, number=1), job({}, number=2)), Handler()
    await work(queue, handler)
    assert (queue.completed, queue.failed) == ([1, 2], [])


async def test_what_is_left_comes_back_later_each_time_longer():
    queue = FakeQueue(job({}, number=1, attempt=1), job({}, number=2, attempt=2))
    await work(queue, Handler(Later("rate_limited", "m")))
    assert queue.failed == [(1, "rate_limited", 10), (2, "rate_limited", 30)]


async def test_the_providers_wait_reaches_the_queue():
    queue = FakeQueue(job({}))
    await work(queue, Handler(Later("rate_limited", "m", retry_after=99)))
    assert queue.failed == [(1, "rate_limited", 99)]


async def test_the_last_delivery_knows_that_it_is_the_last():
    handler = Handler()
    await work(FakeQueue(job({}, attempt=2), job({}, attempt=3)), handler)
    assert [last for _, last in handler.seen] == [False, True]


@pytest.mark.parametrize(
    ("act", "code", "wait"),
    [
        (InvalidJobError("poison"), "invalid_job", None),
        (StoreError("down"), "database_error", 10),
        (RuntimeError("surprise"), "internal_error", 10),
    ],
)
async def test_what_a_handler_raises_becomes_a_failure(act, code, wait):
    queue = FakeQueue(job({}))
    await work(queue, Handler(act))
    assert queue.failed == [(1, code, wait)]


async def test_a_job_that_kills_its_workers_is_buried_untouched():
    queue, handler = FakeQueue(job({}, attempt=4)), Handler()
    await work(queue, handler)
    assert queue.failed == [(1, "attempts_exhausted", None)]
    assert handler.seen == []


async def test_poison_that_the_database_cannot_even_note_leaves_the_queue():
    queue = FakeQueue(job({}))
    queue.refuses_failures = StoreError("no such workspace", sqlstate="23502", refused=True)
    await work(queue, Handler(InvalidJobError("poison")))
    assert queue.completed == [1]


async def test_a_failure_that_cannot_be_told_now_is_left_to_the_lease():
    queue = FakeQueue(job({}))
    queue.refuses_failures = StoreError("unreachable")
    await work(queue, Handler(InvalidJobError("poison")))
    assert (queue.completed, list(queue.held)) == ([], [1])


async def test_an_unknown_kind_is_left_to_newer_workers_for_a_while():
    queue = FakeQueue(job({}, number=1, kind="brand_new"), job({}, number=2, kind="brand_new", attempt=3))
    await work(queue, Handler())
    assert queue.failed == [(1, "invalid_job", 10), (2, "invalid_job", None)]


async def test_a_queue_that_is_down_for_a_moment_is_asked_again():
    queue = FakeQueue(job({}))
    queue.claims_broken = 1
    worker, wake = make(queue, Handler())
    wake.rung.set()
    stop = asyncio.Event()
    running = asyncio.create_task(worker.run(stop))
    await asyncio.wait_for(queue.settled.wait(), 60)
    stop.set()
    await running
    assert wake.asked.is_set()


async def test_emptying_a_queue_that_cannot_be_read_is_a_failure_not_an_empty_queue():
    queue = FakeQueue()
    queue.claims_broken = 1
    with pytest.raises(ExceptionGroup) as failed:
        await work(queue, Handler())
    assert failed.group_contains(StoreError)


async def test_a_hint_wakes_an_idle_worker():
    queue = FakeQueue()
    handler = Handler()
    worker, wake = make(queue, handler, poll=1000.0)
    stop = asyncio.Event()
    running = asyncio.create_task(worker.run(stop))
    async with asyncio.timeout(60):
        await wake.asked.wait()
        queue.waiting.append(job({}))
        wake.rung.set()
        await handler.begun.wait()
    stop.set()
    await asyncio.wait_for(running, 60)
    assert queue.completed == [1]


async def test_leases_are_extended_while_the_job_runs():
    queue = FakeQueue(job({}))

    async def longer_than_a_lease(_stop):
        await queue.was_extended.wait()
        return Done()

    await work(queue, Handler(longer_than_a_lease), lease=0.3)
    assert set(queue.extended) == {1}
    assert queue.completed == [1]


async def test_a_lost_job_is_dropped_and_not_settled():
    async def for_ever(_stop):
        await asyncio.Event().wait()

    queue = FakeQueue(job({}))
    queue.lose_leases = True
    await work(queue, Handler(for_ever), lease=0.1)
    assert (queue.completed, queue.failed) == ([], [])


async def test_stopping_lets_running_jobs_finish():
    async def until_told(stop):
        await stop.wait()
        return Later("worker_stopped", "m", at_once=True)

    queue, handler = FakeQueue(job({}), job({}, number=2)), Handler(until_told)
    worker, _ = make(queue, handler)
    stop = asyncio.Event()
    running = asyncio.create_task(worker.run(stop))
    await handler.begun.wait()
    stop.set()
    await asyncio.wait_for(running, 60)
    assert queue.failed == [(1, "worker_stopped", 0)]
    assert [j.id for j in queue.waiting] == [2]


async def test_a_job_that_does_not_finish_in_time_is_given_back():
    async def for_ever(_stop):
        await asyncio.Event().wait()

    queue, handler = FakeQueue(job({})), Handler(for_ever)
    worker, _ = make(queue, handler, drain=0.05)
    stop = asyncio.Event()
    running = asyncio.create_task(worker.run(stop))
    await handler.begun.wait()
    stop.set()
    await asyncio.wait_for(running, 60)
    assert queue.failed == [(1, "worker_stopped", 0)]
