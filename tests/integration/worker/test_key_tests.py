"""A provider's key is tried by a worker, and its row says what came of it."""

import pytest


def outcome(office, provider):
    office.clinic.owner.rpc("test_provider_key", provider=provider)
    office.work()
    return office.clinic.owner.one("select * from provider_keys where provider = %s", provider)


@pytest.mark.parametrize("provider", ["openai", "anthropic", "gemini"])
def test_a_key_that_the_provider_takes(office, llmock, provider):
    office.key(provider)
    row = outcome(office, provider)
    assert (row["test_status"], row["test_error_code"]) == ("ok", None)
    assert row["last_tested_at"] >= row["test_requested_at"]
    assert office.queued() == 0


@pytest.mark.parametrize("provider", ["openai", "anthropic", "gemini"])
def test_a_key_that_the_provider_refuses(office, llmock, provider):
    office.key(provider)
    llmock.outage(status=401)
    row = outcome(office, provider)
    assert (row["test_status"], row["test_error_code"]) == ("error", "authentication_failed")
    assert office.clinic.owner.rows("select * from job_failures") == []


def test_asking_twice_queues_once_and_a_new_key_starts_over(office, llmock):
    office.key()
    for _ in range(2):
        office.clinic.owner.rpc("test_provider_key", provider="openai")
    assert office.queued() == 1
    office.key()
    office.work()  # the test of the key that was replaced
    row = office.clinic.owner.one("select * from provider_keys")
    assert (row["test_status"], row["last_tested_at"], row["test_requested_at"]) == (None, None, None)


def test_a_key_deleted_meanwhile_ends_the_test_quietly(office, llmock):
    office.key()
    office.clinic.owner.rpc("test_provider_key", provider="openai")
    office.clinic.owner.rpc("delete_provider_key", provider="openai")
    office.work()
    assert office.queued() == 0
    assert office.clinic.owner.rows("select * from provider_keys") == []


def test_a_key_that_queued_runs_need_is_deleted_by_force_alone(office, llmock):
    office.key()
    office.cases(2)
    run = office.run(office.version())
    with pytest.raises(Exception, match="1 queued runs need the key of openai"):
        office.clinic.owner.rpc("delete_provider_key", provider="openai")
    answer = office.clinic.owner.rpc("delete_provider_key", provider="openai", force=True)
    assert answer == {"provider": "openai", "runs_waiting": 1}
    assert office.system.rows("select * from vault.secrets where name like 'upshot/%'") == []
    office.work()
    office.finished(run)
    assert {r["error_code"] for r in office.results(run)} == {"provider_key_missing"}
    assert llmock.requests == []
