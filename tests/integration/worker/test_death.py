"""Workers die in the middle of things; runs end all the same, and every result is there exactly once."""

import json
from collections import Counter

import pytest

TOTAL = 40


@pytest.fixture
def slow_run(office, llmock):
    """Forty calls in two jobs, of a model that takes its time."""
    office.key()
    office.cases(TOTAL)
    llmock.pace(40)
    return office.run(office.version())


def some_results(office, run_id):
    return office.eventually(lambda: office.state(run_id)["done"] >= 3, "the first results")


def assert_exact(office, run_id):
    state, results = office.finished(run_id), office.results(run_id)
    assert (state["total"], state["done"], state["failed"]) == (TOTAL, TOTAL, 0)
    assert len(results) == TOTAL
    assert set(Counter((r["version_id"], r["test_case_id"], r["repeat"]) for r in results).values()) == {1}
    assert {r["status"] for r in results} == {"ok"}
    office.eventually(lambda: office.queued() == 0, "an empty queue")


def test_sigkill_in_mid_batch_loses_nothing_and_records_nothing_twice(office, llmock, slow_run):
    victim = office.worker(jobs=1, concurrency=3, result_batch=3)
    some_results(office, slow_run)
    victim.kill()
    at_death = office.state(slow_run)["done"]
    assert 3 <= at_death < TOTAL

    heir = office.worker(jobs=2, concurrency=3, result_batch=3, lease_seconds=600)
    assert_exact(office, slow_run)
    assert heir.terminate() == 0
    # What was recorded is not asked again: only the calls in flight and not yet stored are.
    assert len(llmock.requests) <= TOTAL + 2 * 3 + 3
    assert max(r["attempt"] for r in office.system.rows("select read_ct as attempt from pgmq.a_jobs")) == 2


def test_several_deaths_in_a_row_change_nothing(office, slow_run):
    for _ in range(2):
        before = office.state(slow_run)["done"]
        victim = office.worker(jobs=2, concurrency=2, result_batch=2)
        office.eventually(lambda before=before: office.state(slow_run)["done"] > before, "progress")
        victim.kill()
        office.leases_end()
    office.worker()
    assert_exact(office, slow_run)


def test_two_workers_share_a_run(office, slow_run):
    office.worker(jobs=1)
    office.worker(jobs=1)
    assert_exact(office, slow_run)
    claimed = [worker.text().count('"job_claimed"') for worker in office.started]
    assert sum(claimed) == 2


def test_sigterm_gives_the_rest_back_at_once(office, slow_run):
    stopped = office.worker(jobs=1, concurrency=2, result_batch=2, lease_seconds=600)
    some_results(office, slow_run)
    assert stopped.terminate() == 0
    done = office.state(slow_run)["done"]
    assert 3 <= done < TOTAL
    assert stopped.says("worker_stopped")
    # With a lease of ten minutes, only a job that was given back can be finished now.
    office.worker()
    assert_exact(office, slow_run)


def test_a_lease_is_kept_for_longer_than_it_was_taken(office, llmock):
    office.key()
    office.cases(1)
    llmock.delay(9)
    run = office.run(office.version())
    office.worker(jobs=1, lease_seconds=6)
    office.worker(jobs=1, lease_seconds=6)
    office.finished(run)
    assert len(llmock.requests) == 1


def test_a_job_that_kills_every_worker_is_buried_and_its_run_ends(office):
    office.key()
    office.cases(2)
    run = office.run(office.version())
    office.system.rows("update pgmq.q_jobs set read_ct = 6 where true returning msg_id")
    office.work()
    state = office.finished(run)
    assert (state["done"], state["failed"]) == (2, 2)
    assert {r["error_code"] for r in office.results(run)} == {"attempts_exhausted"}
    [failure] = office.clinic.owner.rows("select * from job_failures")
    assert failure["is_dead"]


def test_poison_is_taken_out_of_the_queue(office):
    workspace = str(office.clinic.workspace_id)
    poison = [{"run_id": "nonsense"}, {"workspace_id": workspace, "items": []}, {"workspace_id": workspace}, [], "text"]
    for payload in poison:
        message = json.dumps({"kind": "run_chunk", "payload": payload})
        office.system.rows("select pgmq.send('jobs', %s::jsonb)", message)
    office.work()
    assert office.queued() == 0
    assert office.system.one("select count(*) as n from pgmq.a_jobs")["n"] == len(poison)
