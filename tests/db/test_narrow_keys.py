"""API keys that hold little: how somebody may try to make more of them."""

from typing import Any

import psycopg
import pytest

from support.clinic import Clinic, Experiment
from support.refusals import refusal
from support.world import Actor


def test_a_null_among_the_permissions_does_not_hide_the_others(clinic: Clinic):
    permissions = ["workspace.read", "api_keys.write", "roles.write"]
    clinic.owner.rpc("create_role", key="keysmith", name="Keysmith", permissions=permissions)
    smith = clinic.world.member(clinic.owner, clinic.workspace_id, "keysmith")
    for wanted in ([None, "deployments.publish"], [None, "members.write"], [None]):
        assert refusal(smith.rpc, "create_api_key", name="wide", permissions=wanted) == "not_for_keys"
        role = {"key": "wide", "name": "Wide", "permissions": wanted}
        assert refusal(smith.rpc, "create_role", **role) == "above_your_own"
    nowhere = {"name": "nowhere", "permissions": ["workspace.read"], "environments": [None, "staging"]}
    assert refusal(smith.rpc, "create_api_key", **nowhere) == "unknown_environment"
    with pytest.raises(psycopg.errors.CheckViolation):
        clinic.world.admin.insert(
            "api_keys", workspace_id=clinic.workspace_id, name="x", prefix="x", permissions=["audit.read", None]
        )


@pytest.fixture
def staging(clinic: Clinic, experiment: Experiment) -> Actor:
    """A key for staging alone that holds all that a key may hold, beside an experiment in production."""
    held = [row["key"] for row in clinic.owner.rows("select key from permissions where not is_personal")]
    return clinic.world.api_key(clinic.owner, clinic.workspace_id, held, ["staging"])


def test_a_key_for_staging_reads_nothing_of_production_by_verbs(clinic: Clinic, experiment: Experiment, staging: Actor):
    inference = clinic.inference(clinic.version("seen"), "ann")
    clinic.owner.rpc("record_inferences", inferences=[inference])
    here: dict[str, Any] = {"experiment_id": experiment.id}
    calls: list[tuple[str, dict[str, Any]]] = [
        ("experiment_document", here),
        ("experiment_ancestry", here),
        ("experiment_checklist", here),
        ("fork_experiment", here | {"key": "mine"}),
        ("save_as_template", here | {"key": "mine", "name": "Mine"}),
        ("annotate", here | {"summary": "mine"}),
        ("add_comment", {"object_kind": "experiment", "object_id": experiment.id, "body": "mine"}),
        ("add_comment", {"object_kind": "variant", "object_id": variant_of(clinic, experiment), "body": "mine"}),
        ("lineage_of", {"inference_id": inference["id"]}),
    ]
    for verb, arguments in calls:
        assert refusal(staging.rpc, verb, **arguments) == "environment_denied", verb


def variant_of(clinic: Clinic, experiment: Experiment) -> str:
    """One arm."""
    return clinic.owner.rows("select id from variants where experiment_id = %s", experiment.id)[0]["id"]


def test_a_key_for_staging_reads_nothing_of_production_by_tables(
    clinic: Clinic, experiment: Experiment, staging: Actor
):
    live = clinic.owner.one("select id, prompt_version_id as version from deployments")
    clinic.owner.rpc(
        "start_ramp", environment="production", capability="BookAppointment", version_id=clinic.version("next")["id"],
        expected_version=live["version"],
    )  # fmt: skip
    for kind, thing in (("experiment", experiment.id), ("deployment", live["id"]), ("prompt", clinic.prompt_id)):
        clinic.owner.rpc("add_comment", object_kind=kind, object_id=thing, body=f"about a {kind}")
    rule = {"act": "experiments.activate", "environment_id": clinic.environments["production"]}
    clinic.put("approval_rules", permission="experiments.approve", **rule)
    other = clinic.experiment({"a": clinic.version("c"), "b": clinic.version("d")}, key="other")
    request = clinic.owner.rpc("submit_for_approval", experiment_id=other.id, expected_revision=other.row["revision"])
    reviewer = clinic.world.member(clinic.owner, clinic.workspace_id, "product_manager")
    reviewer.rpc("approve", request_id=request["request_id"], expected_hash=request["content_hash"])

    for table in (
        "audit_events",
        "ramps",
        "ramp_steps",
        "approval_requests",
        "approval_reviews",
        "experiment_revisions",
    ):
        assert clinic.owner.rows(f"select from {table}"), table
        assert staging.rows(f"select from {table}") == [], table
    assert [c["body"] for c in staging.rows("select body from comments")] == ["about a prompt"]


def test_a_call_in_staging_is_no_part_of_an_experiment_in_production(
    clinic: Clinic, experiment: Experiment, staging: Actor
):
    row = clinic.inference(clinic.version("seen"), "ann", environment="staging", experiment_id=experiment.id)
    answer = staging.rpc("record_inferences", inferences=[row])
    assert [e["code"] for e in answer["errors"]] == ["unknown_experiment"]


def test_an_event_of_staging_does_not_keep_one_of_production_out(clinic: Clinic, staging: Actor):
    clinic.metric("paid")
    row = clinic.outcome("paid", 1, subject="ann", source_event_id="1")
    assert staging.rpc("record_outcomes", outcomes=[row | {"environment": "staging"}])["accepted"] == 1
    assert clinic.owner.rpc("record_outcomes", outcomes=[row])["accepted"] == 1
    assert clinic.owner.rpc("record_outcomes", outcomes=[row])["duplicates"] == 1
