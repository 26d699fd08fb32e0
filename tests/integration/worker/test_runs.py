"""A run from create_run to its last result, whatever the provider does."""

import pytest


@pytest.mark.parametrize(
    ("provider", "model"),
    [("openai", "gpt-5-mini"), ("anthropic", "claude-haiku-4-5"), ("gemini", "gemini-2.5-flash")],
)
def test_a_run_is_done_by_each_provider(office, llmock, provider, model):
    office.key(provider)
    office.cases(3)
    run = office.run(office.version(provider, model), repeats=2)
    office.work()

    state = office.finished(run)
    assert (state["total"], state["done"], state["failed"]) == (6, 6, 0)
    results = office.results(run)
    assert {(r["status"], r["finish_reason"]) for r in results} == {("ok", "stop")}
    assert all(r["output"] and r["latency_ms"] > 0 and r["input_tokens"] > 0 and r["cost_usd"] > 0 for r in results)
    assert office.queued() == 0
    assert "Answer the customer: Question 0" in str(llmock.requests[0].body) + str([r.body for r in llmock.requests])


def test_a_passing_failure_is_tried_again_inside_the_job(office, llmock):
    office.key()
    office.cases(1)
    run = office.run(office.version())
    llmock.rate_limit(retry_after=1).truncate(after_chunks=1)
    office.work()
    [result] = office.results(run)
    assert (result["status"], result["attempts"]) == ("ok", 3)
    llmock.assert_resilient()


def test_a_permanent_failure_is_a_result_and_not_an_endless_retry(office, llmock):
    office.key()
    office.cases(3)
    run = office.run(office.version())
    llmock.outage(status=401)
    office.work()
    state = office.finished(run)
    assert (state["done"], state["failed"]) == (3, 3)
    assert {r["error_code"] for r in office.results(run)} == {"authentication_failed"}
    assert len(llmock.requests) == 3
    assert office.queued() == 0


def test_an_outage_leaves_the_job_for_later(office, llmock):
    office.key()
    office.cases(1)
    run = office.run(office.version())
    llmock.rate_limit(times=None, retry_after=3600)
    office.work()
    assert office.results(run) == []
    [failure] = office.clinic.owner.rows("select * from job_failures")
    assert (failure["error_code"], failure["is_dead"]) == ("rate_limited", False)
    waiting = office.system.one("select extract(epoch from vt - clock_timestamp()) as seconds from pgmq.q_jobs")
    assert 3500 < waiting["seconds"] <= 3600


def test_a_missing_key_says_what_to_do(office):
    office.cases(1)
    run = office.run(office.version())
    office.work()
    [result] = office.results(run)
    assert (result["status"], result["error_code"]) == ("error", "provider_key_missing")
    assert "an admin can add one" in result["error_message"]


def unchecked(office, content):
    """A version as it may stand in a database that is older than the check of placeholders at commit."""
    return office.system.one(
        "insert into prompt_versions (workspace_id, prompt_id, number, branch_id, messages, variables, provider, model)"
        " select workspace_id, prompt_id, number + 100, branch_id,"
        " jsonb_build_array(jsonb_build_object('role', 'user', 'content', %s::text)), variables, provider, model"
        " from prompt_versions where id = %s returning *",
        content, office.version(params={"seed": 1})["id"],
    )  # fmt: skip


def test_versions_that_cannot_run_fail_by_name_without_a_call(office, llmock):
    office.key()
    office.cases(1)
    text = {"type": "string"}
    broken = {
        "unsupported_parameter": {"params": {"temperature": 9}},
        "unknown_provider": {"provider": "acme"},
        "unexpected_variable": {"variables": {}, "messages": [{"role": "user", "content": "Answer."}]},
        "missing_variable": {"variables": {"text": text, "tone": text}},
        "invalid_bundle": {"messages": [{"role": "robot", "content": "{{text}}"}]},
    }
    versions = {code: office.version(**changes) for code, changes in broken.items()}
    versions["invalid_template"] = unchecked(office, "{{text}} {{other}}")
    run = office.run(*versions.values())
    office.work()
    results = {r["version_id"]: r for r in office.results(run)}
    assert {code: results[v["id"]]["error_code"] for code, v in versions.items()} == {code: code for code in versions}
    assert {(r["status"], r["attempts"]) for r in results.values()} == {("error", 0)}
    assert llmock.requests == []


def test_logs_tell_ids_but_neither_prompts_nor_keys(office):
    office.key()
    office.cases(2)
    run = office.run(office.version())
    log = office.work(log_level="debug").text()
    for event in ("worker_started", "job_claimed", "llm_call_finished", "results_recorded", "job_completed"):
        assert f'"event": "{event}"' in log
    assert run in log
    for secret in (
        "Question 0",
        "Answer the customer",
        "sk-the-secret",
        office.environment["UPSHOT_SUPABASE_SECRET_KEY"],
    ):
        assert secret not in log


@pytest.mark.localmodel
def test_the_local_model_runs_too(office):
    office.cases(2)
    version = office.version(
        "local",
        "smollm2-135m-instruct",
        params={"seed": 1, "max_tokens": 8},
        response_format={"type": "choice", "choices": ["book", "cancel"]},
    )
    run = office.run(version)
    office.work(local_slots=1)
    assert {r["output"] for r in office.results(run)} <= {"book", "cancel"}
    assert office.finished(run)["failed"] == 0
