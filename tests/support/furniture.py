"""One of everything in a workspace. Two workspaces are furnished alike: a test against an empty table proves nothing.

A family whose tables are new adds a piece: a function that takes `Furnished` and fills them through the public verbs.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from psycopg.types.json import Jsonb

from support.clinic import Clinic, Experiment


@dataclass
class Furnished:
    """A workspace with one row of everything, and the ids that calls need."""

    clinic: Clinic
    version: dict[str, Any]
    metric: dict[str, Any]
    experiment: Experiment
    draft: Experiment
    rows: dict[str, Any] = field(default_factory=dict)


def scope(clinic: Clinic, experiment: Experiment) -> None:
    """Narrow an experiment to one action and one intent."""
    clinic.put("experiment_intents", experiment_id=experiment.id, intent_id=clinic.intents["ScheduleMeeting"])
    clinic.put(
        "experiment_actions",
        experiment_id=experiment.id, capability_id=clinic.capability_id, action_id=clinic.actions["Book"],
    )  # fmt: skip


def furnish(clinic: Clinic) -> Furnished:
    """Fill a workspace."""
    first = clinic.version("live")
    clinic.publish(first)
    version, metric = clinic.version("next"), clinic.metric("booked")
    clinic.publish(version, expected=first["id"])
    experiment = clinic.experiment({"a": version, "b": clinic.version("b")})
    experiment.counts(metric)
    scope(clinic, experiment)
    clinic.put("capabilities", key="Spare", name="Spare")
    clinic.put("actions", capability_id=clinic.capability_id, key="Spare", name="Spare", position=9)
    clinic.put("intents", key="Spare", name="Spare")
    clinic.put("environments", key="spare", name="Spare")
    clinic.metric("spare")
    draft = clinic.experiment({"a": version, "b": version}, key="draft")
    scope(clinic, draft)
    experiment.move("activate")
    furnished = Furnished(clinic, version, metric, experiment, draft, {"first": first})
    for piece in PIECES:
        piece(furnished)
    return furnished


def traffic(at: Furnished) -> None:
    """A subject, its inference and its outcome, and what the decision was joined by."""
    at.clinic.decide("ann", action="Book", intent="ScheduleMeeting")
    at.rows["inference"] = at.clinic.inference(
        at.version, "ann", conversation="c-1", keys=[{"type": "ticket", "value": "T-1"}]
    )
    at.clinic.owner.rpc("record_inferences", inferences=[at.rows["inference"]])
    at.clinic.owner.rpc("record_outcomes", outcomes=[at.clinic.outcome("booked", 1, subject="ann")])


def override(at: Furnished) -> None:
    """A version of its own for one action."""
    at.clinic.publish(at.version, action="GetAvailability")


def pause(at: Furnished) -> None:
    """Experiments that wait."""
    for key in ("paused", "waiting"):
        at.rows[key] = at.clinic.experiment({"a": at.version, "b": at.rows["first"]}, key=key)
        at.rows[key].move("activate")
        at.rows[key].move("pause")


def examples(at: Furnished) -> None:
    """What people say when they mean an intent."""
    at.clinic.put("intent_examples", intent_id=at.clinic.intents["ScheduleMeeting"], text="book me in")


def provider_keys(at: Furnished) -> None:
    """A provider's key in Vault."""
    at.clinic.owner.rpc("set_provider_key", provider="openai", secret="sk-0123456789abcdef", name="ours")


def runs(at: Furnished) -> None:
    """A run over a saved case whose job was given up."""
    at.rows["case"] = at.clinic.put("test_cases", prompt_id=at.clinic.prompt_id, name="one")
    at.clinic.put("test_cases", prompt_id=at.clinic.prompt_id, name="spare")
    at.rows["run"] = at.clinic.owner.rpc(
        "create_run", test_case_ids=[at.rows["case"]["id"]], version_ids=[at.version["id"]]
    )
    server = at.clinic.world.server()
    for job in server.rpc("claim_jobs_v1", worker="w", quantity=1, lease_seconds=60):
        server.rpc("fail_job_v1", job_id=job["job_id"], error_code="x", error_message="x", retry_in_seconds=None)


def tags(at: Furnished) -> None:
    """A tag, and the move that set it."""
    at.rows["tag"] = at.clinic.owner.rpc("tag_version", version_id=at.version["id"], name="stable")


def templates(at: Furnished) -> None:
    """A template of prompts with a version."""
    template = at.clinic.put("prompt_templates", key="greeting", name="Greeting")
    at.rows["template"] = at.clinic.owner.rpc(
        "commit_template_version",
        template_id=template["id"],
        messages=[{"role": "system", "content": "Hello {{name}}"}],
        variables={"name": {"type": "string"}},
    )


def branches(at: Furnished) -> None:
    """A branch whose version main has not."""
    prompt = at.clinic.put("prompts", key="branched", name="Branched", capability_id=at.clinic.capability_id)["id"]
    at.rows["base"] = at.clinic.version("base", prompt_id=prompt)
    at.clinic.owner.rpc("create_branch", prompt_id=prompt, name="shorter")
    at.rows["branched"] = at.clinic.version("short", prompt_id=prompt, branch="shorter")


def notes(at: Furnished) -> None:
    """What is noted for Realtime lives until the commit only; one note is kept here, so that the table has a row."""
    postgres = at.clinic.world.admin
    with postgres.connection.transaction():
        postgres.connection.execute("alter table private.hints disable trigger _900_send")
        postgres.connection.execute("select private.note_hint(%s, 'x', null)", [f"workspace:{at.clinic.workspace_id}"])
        postgres.connection.execute("alter table private.hints enable trigger _900_send")


def layers(at: Furnished) -> None:
    """A layer, a holdout, and an experiment's slots."""
    at.rows["layer"] = at.clinic.put("layers", key="tone", name="Tone")
    at.clinic.put("layers", key="spare", name="Spare")
    at.clinic.owner.rpc("set_holdout", environment="staging", share=500)
    at.draft.edit(layer={"key": "tone", "from": 0, "to": 5000})


def factorial(at: Furnished) -> None:
    """A draft whose arms are the cells of a design."""
    document = {
        "key": "cells", "environment": "production", "capability": "BookAppointment", "base": str(at.version["id"]),
        "factors": [{"key": "model", "kind": "model", "levels": ["smol", "big"]}],
        "metrics": [{"metric": "goal", "role": "primary"}],
    }  # fmt: skip
    at.rows["factorial"] = at.clinic.owner.rpc("create_experiment", document=document)
    at.clinic.metric("complaints")
    at.draft.edit(
        metrics=[{"metric": "goal", "role": "primary"}, {"metric": "complaints", "role": "guardrail", "margin": 0.1}]
    )


def api_keys(at: Furnished) -> None:
    """A key that has been used."""
    world, clinic = at.clinic.world, at.clinic
    at.rows["api_key"] = world.api_key(clinic.owner, clinic.workspace_id, ["workspace.read"])
    at.rows["api_key"].rows("select 1 as used")


def ramps(at: Furnished) -> None:
    """A ramp that is free to advance, and one that waits for its guardrail."""
    place = {"environment": "production", "capability": "BookAppointment", "workspace_id": at.clinic.workspace_id}
    new = place | {"version_id": at.rows["first"]["id"], "hold": "00:00"}
    at.rows["ramp"] = at.clinic.owner.rpc("start_ramp", **new, action="UserLookup")
    at.clinic.owner.rpc(
        "start_ramp", **new, action="Book", intent="CancelMeeting", guardrails=[{"metric": "booked", "margin": 0.1}]
    )


def stopped_arms(at: Furnished) -> None:
    """An arm that was stopped."""
    at.rows["paused"].move("rollback_variant", variant="b")


def invitations(at: Furnished) -> None:
    """Somebody who has not answered yet."""
    at.rows["invitation"] = at.clinic.owner.rpc("invite_member", email="guest@example.test", role="viewer")


def approvals(at: Furnished) -> None:
    """Staging lets people review themselves: a publication that was asked for and approved there."""
    clinic = at.clinic
    clinic.put(
        "approval_rules", act="deployments.publish", permission="deployments.approve", approvals=0, allow_self=True,
        environment_id=clinic.environments["staging"],
    )  # fmt: skip
    at.rows["approval_request"] = clinic.owner.rpc(
        "request_publication", environment="staging", capability="BookAppointment", version_id=at.version["id"]
    )
    request = at.rows["approval_request"]
    clinic.owner.rpc("approve", request_id=request["request_id"], expected_hash=request["content_hash"])


def conversation(at: Furnished) -> None:
    """A server calls the owner to a thread, who wants to hear less."""
    clinic, about = at.clinic, {"object_kind": "experiment", "object_id": at.experiment.id}
    at.rows["comment"] = clinic.world.server().rpc("add_comment", **about, body="Look", mentions=[clinic.owner.user_id])
    at.rows["own_comment"] = clinic.owner.rpc("add_comment", **about, body="I see", thread_id=at.rows["comment"]["id"])
    clinic.owner.rpc("annotate", summary="A campaign began", environment="production")
    clinic.owner.rpc("mute_object", **about)
    clinic.put("notification_preferences", kind="ramp", delivery="off")


def company(at: Furnished) -> None:
    """Somebody to give another role to, a role that nobody has, and a remark of the owner's own."""
    clinic, about = at.clinic, {"object_kind": "experiment", "object_id": at.experiment.id}
    at.rows["colleague"] = str(clinic.world.member(clinic.owner, clinic.workspace_id, "viewer").user_id)
    clinic.owner.rpc("create_role", key="spare", name="Spare")
    at.rows["remark"] = clinic.owner.rpc("add_comment", **about, body="Mine")


def results(at: Furnished) -> None:
    """What a worker computed for the experiment."""
    at.rows["result"] = at.clinic.world.server().rpc("store_result_v1", **result_of(at), as_of="2026-01-02T00:00:00Z")


def result_of(at: Furnished) -> dict[str, Any]:
    """A worker's result, but for its moment."""
    about = {"workspace_id": at.clinic.workspace_id, "experiment_id": at.experiment.id, "metric_id": at.metric["id"]}
    return about | {"method": "aipw", "method_version": "1", "result": {"difference": 0.1}, "grade": "A"}


def tallies(at: Furnished) -> None:
    """An outcome that waits for its place, results as the compactor made them, and what it has yet to do."""
    clinic = at.clinic
    late = clinic.outcome("booked", 1, key={"type": "ticket", "value": "T-2"})
    clinic.owner.rpc("record_outcomes", outcomes=[late])
    clinic.world.catch_up_slices()
    # By a transaction that is far from over: the next tick leaves these alone.
    clinic.world.admin.rows(
        "insert into private.segment_values values (%s, gen_random_uuid(), 'plan', 'pro') returning 1",
        clinic.workspace_id,
    )
    clinic.world.admin.rows(
        "insert into private.marked_units values (%s, 'subject', 'ann', 1::bigint << 60) returning 1",
        clinic.workspace_id,
    )
    clinic.world.admin.rows(
        "insert into private.marked_days (workspace_id, subject, tx) values (%s, 'ann', 1::bigint << 60) returning 1",
        clinic.workspace_id,
    )
    clinic.world.admin.rows(
        "insert into private.model_sightings (workspace_id, environment_id, provider, requested_model, resolved_model, first_at)"
        " values (%s, %s, 'local', 'smol', 'smol', now()) returning 1",
        clinic.workspace_id,
        clinic.environments["production"],
    )
    clinic.world.admin.rows(
        "insert into private.held_experiments (workspace_id, experiment_id, reason, retry_at)"
        " values (%s, gen_random_uuid(), 'failed', 'infinity') returning 1",
        clinic.workspace_id,
    )
    clinic.world.admin.rows(
        "insert into private.change_requests (change_id, metric_id, workspace_id, as_of, first_day, days_after)"
        " select c.id, m.id, workspace_id, now(), current_date, 14 from changes c join outcome_metrics m using (workspace_id)"
        " where workspace_id = %s limit 1 returning 1",
        clinic.workspace_id,
    )
    clinic.world.admin.rows(
        "insert into private.stale_experiments values (%s, 1::bigint << 60) returning 1", at.experiment.id
    )
    for table, more in (
        ("results", "'x', null, interval '0', now()"),
        ("readouts", "phase_id, variant_id, true, 'all', '', false, 0"),
    ):
        clinic.world.admin.rows(
            f"insert into private.quantile_{table} select workspace_id, experiment_id, metric_id, {more}"
            " from private.effect_moments where workspace_id = %s limit 1 returning 1",
            clinic.workspace_id,
        )
    clinic.world.admin.rows(
        "insert into private.sequence_bounds select workspace_id, experiment_id, metric_id, variant_id, 0, 1, 1"
        " from private.effect_moments where workspace_id = %s limit 1 on conflict do nothing returning 1",
        clinic.workspace_id,
    )
    clinic.world.admin.rows(
        "insert into private.restatements select workspace_id, experiment_id, metric_id, phase_id, variant_id, entry_day,"
        " entry_day, now(), 1, 0, 1, 0, 1 from private.effect_moments where workspace_id = %s limit 1 returning 1",
        clinic.workspace_id,
    )


def imports(at: Furnished) -> None:
    """A file that was imported, and one that was checked."""
    columns = ["id", "who", "score", "when"]
    mapping = {
        "metric": {"value": "spare"}, "value": {"column": "score"}, "subject": {"column": "who"},
        "occurred_at": {"column": "when"}, "event_id": {"column": "id"},
    }  # fmt: skip
    for name in ("imported", "checked", "mapped", "import"):
        begun = at.clinic.owner.rpc("start_import", environment="production", columns=columns, name=name)
        at.clinic.owner.rpc(
            "stage_rows", import_id=begun["id"], rows=Jsonb([[name, "ann", "1", "2026-01-01T00:00:00Z"]])
        )
        at.rows[name] = at.clinic.owner.rpc("map_columns", import_id=begun["id"], mapping=mapping)
    for name in ("imported", "checked"):
        at.clinic.owner.rpc("check_import", import_id=at.rows[name]["id"])
    at.clinic.owner.rpc("commit_import", import_id=at.rows["imported"]["id"])
    gone = at.clinic.inference(at.version, "gone")
    at.clinic.owner.rpc("record_inferences", inferences=[gone])
    at.clinic.owner.rpc("erase_subject", subject="gone", reason="They asked for it")


def brought(at: Furnished) -> None:
    """An experiment whose arms another system draws, a ratio, and batches that did not land whole."""
    clinic = at.clinic
    at.rows["external"] = clinic.experiment({"a": None, "b": None}, key="external", assigned_by="external")
    at.rows["external"].move("activate")
    row = {"experiment_id": at.rows["external"].id, "variant": "b", "subject": "ann", "source": "flags"}
    at.rows["exposure"] = row | {"source_event_id": "x1", "exposed_at": "2026-01-01T00:00:00Z"}
    # Two arms that nobody rolled back: only those have effects by segment.
    other = at.rows["exposure"] | {"variant": "a", "subject": "bob", "source_event_id": "x2"}
    clinic.owner.rpc("record_exposures", exposures=[at.rows["exposure"], at.rows["exposure"], other])
    clinic.world.catch_up()
    halves = {f"{half}_metric_id": clinic.metric(half)["id"] for half in ("numerator", "denominator")}
    clinic.metric("per_call", "ratio", **halves)


def trouble(at: Furnished) -> None:
    """News that the cube has not taken yet, and a workspace whose outcomes can't be placed: nothing is counted from here on."""
    clinic = at.clinic
    for statement in (
        "insert into private.cube_unit_news (experiment_id, unit_id) select id, 'ann' from experiments where workspace_id = %s limit 1",
        "insert into private.cube_place_news (workspace_id, outcome_id) values (%s, gen_random_uuid())",
        "insert into private.cube_marks (workspace_id, unit_kind, bucket) values (%s, 'subject', 1)",
        "insert into private.late_workspaces (workspace_id, sqlstate, message, retry_at) values (%s, '22000', 'trouble', 'infinity')",
    ):
        clinic.world.admin.rows(f"{statement} returning 1", clinic.workspace_id)


PIECES: list[Callable[[Furnished], None]] = [
    traffic,
    pause,
    override,
    examples,
    provider_keys,
    runs,
    tags,
    templates,
    branches,
    notes,
    layers,
    factorial,
    api_keys,
    ramps,
    stopped_arms,
    invitations,
    approvals,
    conversation,
    company,
    imports,
    results,
    tallies,
    brought,
    trouble,
]
