"""Runs and jobs: queued in the transaction that makes them, done once however often a worker dies."""

import psycopg
import pytest
from psycopg.types.json import Jsonb

from support.clinic import Clinic


@pytest.fixture
def cases(clinic: Clinic):
    return [clinic.put("test_cases", prompt_id=clinic.prompt_id, name=f"c{i}", variables={"n": i}) for i in range(12)]


def start(clinic: Clinic, *versions, **more):
    return clinic.owner.rpc("create_run", version_ids=[v["id"] for v in versions], **more)


def claim(worker, quantity=100, lease_seconds=60):
    return worker.rpc("claim_jobs_v1", worker="w1", quantity=quantity, lease_seconds=lease_seconds)


def result(item, **more):
    return {k: item[k] for k in ("version_id", "test_case_id", "repeat")} | {"status": "ok", "output": "x"} | more


def test_a_run_queues_every_call_once(clinic: Clinic, cases):
    versions = [clinic.version("a"), clinic.version("b")]
    run = start(clinic, *versions, repeats=2)
    assert (run["total"], run["state"], run["done"]) == (48, "queued", 0)

    jobs = claim(clinic.world.server())

    items = [tuple(item.values()) for job in jobs for item in job["payload"]["items"]]
    assert len(items) == len(set(items)) == 48
    assert {job["kind"] for job in jobs} == {"run_chunk"}
    assert {job["payload"]["workspace_id"] for job in jobs} == {clinic.workspace_id}
    assert [len(job["payload"]["items"]) for job in jobs] == [20, 20, 8]


def test_work_holds_what_the_worker_needs_and_only_what_is_left(clinic: Clinic, cases):
    run = start(
        clinic,
        clinic.version("Say {{n}}", variables={"n": {"type": "integer"}}),
        test_case_ids=[c["id"] for c in cases[:2]],
    )
    worker = clinic.world.server()
    items = claim(worker)[0]["payload"]["items"]
    work = worker.rpc("run_work_v1", run_id=run["id"], items=items)
    assert work[0]["bundle"]["messages"][0]["content"] == "Say {{n}}"
    assert {w["variables"]["n"] for w in work} == {0, 1}
    worker.rpc("record_run_results_v1", run_id=run["id"], results=[result(work[0])])
    assert [w["test_case_id"] for w in worker.rpc("run_work_v1", run_id=run["id"], items=items)] == [
        work[1]["test_case_id"]
    ]


def test_results_count_once_and_the_last_one_ends_the_run(clinic: Clinic, cases):
    run = start(clinic, clinic.version("a"), test_case_ids=[c["id"] for c in cases[:2]])
    worker = clinic.world.server()
    items = claim(worker)[0]["payload"]["items"]
    first = [result(items[0], status="error", error_code="timeout")]
    assert worker.rpc("record_run_results_v1", run_id=run["id"], results=first) == {"accepted": 1, "duplicates": 0}
    assert worker.rpc("record_run_results_v1", run_id=run["id"], results=first) == {"accepted": 0, "duplicates": 1}
    row = clinic.owner.one("select * from runs")
    assert (row["state"], row["done"], row["failed"], row["finished_at"]) == ("running", 1, 1, None)
    worker.rpc("record_run_results_v1", run_id=run["id"], results=[result(items[1])])
    row = clinic.owner.one("select * from runs")
    assert (row["state"], row["done"], row["failed"]) == ("done", 2, 1)
    assert row["finished_at"] is not None


def test_a_lease_hides_a_job_until_it_ends(clinic: Clinic, cases):
    start(clinic, clinic.version("a"), test_case_ids=[cases[0]["id"]])
    one, two = clinic.world.server(), clinic.world.server()
    job = claim(one)[0]
    assert (job["attempt"], claim(two)) == (1, [])
    assert one.rpc("extend_job_v1", job_id=job["job_id"], lease_seconds=60) is True
    clinic.world.postgres().connection.execute("update pgmq.q_jobs set vt = now() where true")
    again = claim(two)[0]
    assert (again["job_id"], again["attempt"]) == (job["job_id"], 2)
    assert two.rpc("complete_job_v1", job_id=job["job_id"]) is True
    assert one.rpc("complete_job_v1", job_id=job["job_id"]) is False
    assert one.rpc("extend_job_v1", job_id=job["job_id"], lease_seconds=60) is False


def test_a_failed_job_comes_back_later(clinic: Clinic, cases):
    start(clinic, clinic.version("a"), test_case_ids=[cases[0]["id"]])
    worker = clinic.world.server()
    job = claim(worker)[0]
    failed = {"job_id": job["job_id"], "error_code": "overloaded", "error_message": "busy"}
    assert worker.rpc("fail_job_v1", **failed, retry_in_seconds=0) is True
    assert claim(worker)[0]["attempt"] == 2
    row = clinic.owner.one("select * from job_failures")
    assert (row["error_code"], row["is_dead"], row["attempt"]) == ("overloaded", False, 1)


def test_a_dead_job_ends_its_run_with_its_error(clinic: Clinic, cases):
    run = start(clinic, clinic.version("a"), test_case_ids=[c["id"] for c in cases[:3]])
    worker = clinic.world.server()
    job = claim(worker)[0]
    worker.rpc("record_run_results_v1", run_id=run["id"], results=[result(job["payload"]["items"][0])])
    failed = {"job_id": job["job_id"], "error_code": "bad_key", "error_message": "refused"}
    assert worker.rpc("fail_job_v1", **failed, retry_in_seconds=None) is True
    assert worker.rpc("fail_job_v1", **failed, retry_in_seconds=None) is False
    row = clinic.owner.one("select * from runs")
    assert (row["state"], row["done"], row["failed"]) == ("done", 3, 2)
    assert {r["error_code"] for r in clinic.owner.rows("select * from run_results where status = 'error'")} == {
        "bad_key"
    }
    assert claim(worker) == []


def send(clinic: Clinic, message):
    """Put a message into the queue by hand, as a bug or a newer release might."""
    clinic.world.postgres().connection.execute("select pgmq.send('jobs', %s::jsonb)", [Jsonb(message)])


NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    "message",
    [
        None,
        7,
        "run_chunk",
        [],
        {},
        {"kind": "run_chunk"},
        {"kind": "run_chunk", "payload": None},
        {"kind": "run_chunk", "payload": "x"},
        {"kind": "run_chunk", "payload": [1]},
        {"kind": "run_chunk", "payload": {"workspace_id": "x", "run_id": "y", "items": "z"}},
        {"kind": "run_chunk", "payload": {"workspace_id": NOBODY, "run_id": NOBODY, "items": [1, {}, None]}},
    ],
    ids=repr,
)
@pytest.mark.parametrize("retry", [0, None])
def test_a_job_that_nobody_can_read_fails_without_an_error(clinic: Clinic, message, retry):
    send(clinic, message)
    worker = clinic.world.server()
    job = claim(worker)[0]
    failed = {"job_id": job["job_id"], "error_code": "invalid_job", "error_message": "unreadable"}
    assert worker.rpc("fail_job_v1", **failed, retry_in_seconds=retry) is True
    assert len(claim(worker)) == (0 if retry is None else 1)
    row = worker.one("select * from job_failures")
    assert (row["workspace_id"], row["is_dead"]) == (None, retry is None)
    assert clinic.owner.rows("select * from job_failures") == []


def test_a_half_readable_job_ends_the_calls_that_it_names(clinic: Clinic, cases):
    run = start(clinic, clinic.version("a"), test_case_ids=[c["id"] for c in cases[:2]])
    worker = clinic.world.server()
    job = claim(worker)[0]
    worker.rpc("complete_job_v1", job_id=job["job_id"])
    good = job["payload"]["items"]
    strays = [good[0] | {"repeat": n} for n in (0, -1, "x", None, 2**40)] + [{"version_id": "x"}, 3]
    extra = [good[1] | {"repeat": n} for n in range(2, 9)]
    send(clinic, {"kind": "run_chunk", "payload": {"run_id": str(run["id"]), "items": [*strays, *good, *extra]}})
    dead = claim(worker)[0]
    failed = {"job_id": dead["job_id"], "error_code": "invalid_job", "error_message": "unreadable"}
    assert worker.rpc("fail_job_v1", **failed, retry_in_seconds=None) is True
    row = clinic.owner.one("select * from runs")
    assert (row["state"], row["done"], row["failed"]) == ("done", 2, 2)


def test_a_refused_run_queues_nothing(clinic: Clinic, cases):
    version = clinic.version("a")
    for arguments, code in (
        ({"version_ids": [NOBODY]}, "unknown_version"),
        ({"version_ids": [version["id"]], "test_case_ids": [NOBODY]}, "unknown_test_case"),
        ({"version_ids": [version["id"]], "repeats": 0}, "bad_argument"),
        ({"version_ids": [version["id"]], "repeats": None}, "bad_argument"),
    ):
        with pytest.raises(psycopg.Error) as caught:
            clinic.owner.rpc("create_run", **arguments)
        assert code in caught.value.diag.message_detail
    assert claim(clinic.world.server()) == []


def test_a_prompt_without_cases_has_nothing_to_run(clinic: Clinic):
    with pytest.raises(psycopg.Error) as caught:
        start(clinic, clinic.version("a"))
    assert "nothing_to_run" in caught.value.diag.message_detail


def test_bad_results_are_refused_whole(clinic: Clinic, cases):
    run = start(clinic, clinic.version("a"), test_case_ids=[cases[0]["id"]])
    worker = clinic.world.server()
    item = claim(worker)[0]["payload"]["items"][0]
    for results, state in (([result(item, status="maybe")], "PT422"), (Jsonb({}), "PT400")):
        with pytest.raises(psycopg.Error) as caught:
            worker.rpc("record_run_results_v1", run_id=run["id"], results=results)
        assert caught.value.sqlstate == state
    stranger = item | {"test_case_id": NOBODY}
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        worker.rpc("record_run_results_v1", run_id=run["id"], results=[result(stranger)])


def test_leases_and_quantities_have_bounds(clinic: Clinic):
    worker = clinic.world.server()
    for quantity, lease in ((0, 60), (101, 60), (1, 0), (1, 3601)):
        with pytest.raises(psycopg.Error) as caught:
            claim(worker, quantity, lease)
        assert "bad_argument" in caught.value.diag.message_detail
