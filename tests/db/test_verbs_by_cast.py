"""What verbs promise beyond who may call them, which tests/borders asks of every verb as everybody."""

import uuid
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from support.clinic import Clinic, Experiment, open_clinic
from support.world import Actor


@pytest.fixture
def cast(clinic: Clinic) -> dict[str, Actor]:
    members = ("engineer", "prompt_engineer", "viewer")
    roles = {r: clinic.world.member(clinic.owner, clinic.workspace_id, r) for r in members}
    strangers = {
        "outsider": clinic.world.user("outsider"),
        "other_owner": open_clinic(clinic.world).owner,
        "anon": clinic.world.anon(),
    }
    return roles | strangers | {"owner": clinic.owner, "server": clinic.world.server()}


def outcome_of(actor: Actor, verb: str, arguments: dict[str, Any]) -> tuple[str, str]:
    """("ok", "") or (SQLSTATE, message and hint); nothing stays."""
    try:
        with actor.connection.transaction(force_rollback=True):
            actor.rpc(verb, **arguments)
    except psycopg.Error as error:
        return (
            error.sqlstate or "?",
            f"{error.diag.message_primary} {error.diag.message_hint} {error.diag.message_detail}",
        )
    return "ok", ""


def test_the_workers_verbs_are_the_workers_alone(cast):
    nobody = str(uuid.UUID(int=0))
    for verb, arguments in (
        ("claim_jobs_v1", {"worker": "w", "quantity": 1, "lease_seconds": 1}),
        ("extend_job_v1", {"job_id": 1, "lease_seconds": 1}),
        ("complete_job_v1", {"job_id": 1}),
        ("fail_job_v1", {"job_id": 1, "error_code": "x", "error_message": "x"}),
        ("run_work_v1", {"run_id": nobody, "items": Jsonb([])}),
        ("record_run_results_v1", {"run_id": nobody, "results": Jsonb([])}),
        ("provider_key_v1", {"workspace_id": nobody, "provider": "openai"}),
    ):
        answers = {name: outcome_of(actor, verb, arguments)[0] for name, actor in cast.items()}
        assert {name for name, state in answers.items() if state != "42501"} == {"server"}, (verb, answers)


def test_the_only_workspace_is_meant_when_none_is_named(clinic: Clinic, cast):
    clinic.publish(clinic.version("live"))
    assert clinic.decide("ann")["reason"] == "live_deployment"
    nowhere = outcome_of(cast["outsider"], "decide", {"environment": "production", "capability": "x", "subject": "s"})
    assert nowhere[0] == "PT403"
    assert "no_workspace" in nowhere[1]
    several = outcome_of(cast["server"], "decide", {"environment": "production", "capability": "x", "subject": "s"})
    assert several[0] == "PT400"
    assert "workspace_ambiguous" in several[1]


def test_anon_reaches_nothing(cast):
    anon = cast["anon"]
    for statement in ("select * from workspaces", "select * from experiment_effects", "select private.my_workspaces()"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            anon.connection.execute(statement)


def test_the_engine_cannot_be_called_around_the_verbs(clinic: Clinic, cast):
    """Private functions that do not check the caller are closed even to members."""
    for call in (
        "private.furnish_workspace(null, null)", "private.enqueue('x', '{}')", "private.log_change(null)",
        "private.open_phase(null)", "private.scope_head(null)", "private.land_keys(null, null)",
        "private.note_hint('x', 'x', null)", "private.provider_key(null, 'x')", "private.claim_jobs(1, 1)",
    ):  # fmt: skip
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            cast["owner"].connection.execute(f"select {call}")


def test_create_workspace_is_idempotent_and_for_people(clinic: Clinic, cast):
    first = cast["outsider"].rpc("create_workspace", name="Mine", slug="mine")
    assert cast["outsider"].rpc("create_workspace", name="Mine", slug="mine") == first
    assert set(first["environments"]) == {"production", "staging"}
    # The same slug elsewhere is nobody's business.
    assert (
        cast["other_owner"].rpc("create_workspace", name="Mine", slug="mine")["workspace_id"] != first["workspace_id"]
    )
    assert outcome_of(cast["server"], "create_workspace", {"name": "x", "slug": "x"})[0] == "PT401"
    assert outcome_of(cast["anon"], "create_workspace", {"name": "x", "slug": "x"})[0] == "42501"
    for name, slug in (("", "x"), ("x", "Not a slug"), ("x", "-x"), ("x", None)):
        assert outcome_of(cast["outsider"], "create_workspace", {"name": name, "slug": slug})[0] == "PT400"


def test_a_key_is_replaced_and_never_read_back(clinic: Clinic):
    first = clinic.owner.rpc("set_provider_key", provider="openai", secret="sk-first-0123456789")
    second = clinic.owner.rpc("set_provider_key", provider="openai", secret="sk-second-9876543210", name="new")
    assert (first["id"], second["hint"], second["name"]) == (second["id"], "…3210", "new")
    worker = clinic.world.server()
    assert worker.rpc("provider_key_v1", workspace_id=clinic.workspace_id, provider="openai") == "sk-second-9876543210"
    assert clinic.owner.rpc("set_provider_key", provider="local", secret="short")["hint"] == "…"
    with pytest.raises(psycopg.Error) as caught:
        worker.rpc("provider_key_v1", workspace_id=clinic.workspace_id, provider="anthropic")
    assert "unknown_provider_key" in caught.value.diag.message_detail


def test_create_prompt_takes_keys(clinic: Clinic, cast):
    made = cast["engineer"].rpc(
        "create_prompt", key="lookup", name="Look up", capability="BookAppointment", action="UserLookup"
    )
    assert (made["capability_id"], made["action_id"]) == (clinic.capability_id, clinic.actions["UserLookup"])
    assert cast["owner"].one("select name from branches where prompt_id = %s", made["id"])["name"] == "main"
    for name, arguments, state in (
        ("viewer", {"capability": "BookAppointment"}, "PT403"),
        ("engineer", {"capability": "Nothing"}, "PT404"),
        ("engineer", {"capability": "BookAppointment", "action": "Nothing"}, "PT404"),
        ("outsider", {"capability": "BookAppointment"}, "PT403"),
    ):
        assert outcome_of(cast[name], "create_prompt", {"key": "x", "name": "x"} | arguments)[0] == state


def test_who_may_not_start_an_experiment_may_not_open_it_wider(clinic: Clinic, experiment: Experiment, cast):
    with pytest.raises(psycopg.Error) as caught:
        experiment.edit(by=cast["prompt_engineer"], traffic=5000)
    assert caught.value.sqlstate == "PT403"
    assert experiment.edit(by=cast["engineer"], traffic=5000)["document"]["traffic"] == 5000
    draft = clinic.experiment({"a": None, "b": None}, key="draft")
    assert draft.edit(by=cast["prompt_engineer"], traffic=5000)["document"]["traffic"] == 5000
