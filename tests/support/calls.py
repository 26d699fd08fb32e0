"""A good call of every public verb, and who may make it. The borders' tests are generated from this and the catalog.

A verb that is not declared fails `borders/test_verbs.py`; until then its arguments are guessed by their names.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb

from support.cast import PEOPLE, SERVER, holders, people
from support.clinic import Experiment
from support.furniture import Furnished, result_of

Arguments = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """Arguments that the owner's call succeeds with, and whose calls do."""

    arguments: Callable[[Furnished], Arguments]
    may: frozenset[str]
    here: bool = True
    """Takes workspace_id; else the ids say where."""


def by(permission: str, arguments: Callable[[Furnished], Arguments], *, bound: bool = False, here: bool = True) -> Call:
    """Whoever holds the permission; `bound` to an environment, so not by a key of another."""
    return Call(arguments, holders(permission) - ({"key_staging"} if bound else set()), here)


def person(permission: str, arguments: Callable[[Furnished], Arguments]) -> Call:
    """An act of a person: no key and no server."""
    return Call(arguments, people(permission))


def worker(arguments: Callable[[Furnished], Arguments]) -> Call:
    """The worker's alone."""
    return Call(arguments, SERVER, here=False)


def scope(at: Furnished, **more: Any) -> Arguments:
    """Production's booking."""
    return {"environment": "production", "capability": "BookAppointment"} | more


def seen(experiment: Experiment, **more: Any) -> Arguments:
    """An experiment at its present revision."""
    return {"experiment_id": experiment.id, "expected_revision": experiment.row["revision"]} | more


def move(at: Furnished, **more: Any) -> Arguments:
    """The live experiment at its present revision."""
    return {"experiment_id": at.experiment.id, "expected_revision": at.experiment.row["revision"]} | more


def begin(at: Furnished, **more: Any) -> Arguments:
    """The draft at its present revision."""
    return {"experiment_id": at.draft.id, "expected_revision": at.draft.row["revision"]} | more


def live(at: Furnished) -> str:
    """What production runs."""
    rows = at.clinic.owner.rows(
        "select prompt_version_id from deployments where workspace_id = %s and capability_id = %s"
        " and action_id is null and intent_id is null order by number desc limit 1",
        at.clinic.workspace_id, at.clinic.capability_id,
    )  # fmt: skip
    return str(rows[0]["prompt_version_id"])


def review(at: Furnished) -> Arguments:
    """A request as its reviewer saw it."""
    asked = at.rows["approval_request"]
    return {"request_id": str(asked["request_id"]), "expected_hash": asked["content_hash"]}


def exposure(at: Furnished) -> Arguments:
    """What an SDK decided for a subject by itself."""
    rows = at.clinic.owner.rows(
        "select experiment_id::text, phase_id::text, variant_id::text, subject from assignments"
        " where experiment_id = %s order by assigned_at limit 1", at.experiment.id,
    )  # fmt: skip
    return dict(rows[0])


def case_ids(at: Furnished) -> list[str]:
    """The saved case of the run."""
    return [str(at.rows["case"]["id"])]


BUNDLE = {"messages": [{"role": "user", "content": "new words"}], "provider": "local", "model": "smol"}


def branched(at: Furnished, **more: Any) -> Arguments:
    """The prompt that has a branch."""
    return {"prompt_id": str(at.rows["branched"]["prompt_id"])} | more


def made(at: Furnished, name: str) -> str:
    """The id of a row that was furnished."""
    return str(at.rows[name]["id"])


PROMPTS: dict[str, Call] = {
    "create_branch": by("prompts.write", lambda at: branched(at, name="fresh", from_version=made(at, "branched"))),
    "rename_branch": by("prompts.write", lambda at: branched(at, branch="shorter", new_name="fresh")),
    "delete_branch": by(
        "prompts.write",
        lambda at: branched(at, branch="shorter", expected_head=made(at, "branched"), even_unmerged=True),
    ),
    "merge_branch": by("prompts.write", lambda at: branched(at, source="shorter")),
    "version_log": by("workspace.read", branched),
    "diff_versions": by(
        "workspace.read", lambda at: {"from_version": made(at, "base"), "to_version": made(at, "branched")}
    ),
    "tag_version": by("prompts.write", lambda at: {"version_id": made(at, "base"), "name": "fresh"}),
    "untag": by(
        "prompts.write",
        lambda at: {
            "prompt_id": str(at.clinic.prompt_id),
            "name": "stable",
            "expected_version": str(at.rows["tag"]["version_id"]),
        },
    ),
    "fork_prompt": by("prompts.write", lambda at: {"key": "fresh", "name": "Fresh", "version_id": made(at, "base")}),
    "render_version": by("workspace.read", lambda at: {"version_id": made(at, "base")}),
    "render_template_version": by(
        "workspace.read", lambda at: {"template_version_id": made(at, "template"), "variables": {"name": "Eve"}}
    ),
    "create_prompt_template": by("templates.write", lambda at: {"key": "fresh", "name": "Fresh"}),
    "commit_template_version": by(
        "templates.write",
        lambda at: {"template_id": str(at.rows["template"]["template_id"]), "messages": BUNDLE["messages"]},
    ),
    "create_version_from_template": by(
        "prompts.write",
        lambda at: branched(at, template_version_id=made(at, "template"), provider="local", model="smol"),
    ),
    "lineage_of": by("workspace.read", lambda at: {"inference_id": made(at, "inference")}, bound=True),
}


def reviewed(at: Furnished) -> Arguments:
    """The request that waits in staging, as its reviewer read it."""
    request = at.rows["approval_request"]
    return {"request_id": str(request["request_id"]), "expected_hash": request["content_hash"]}


def about(at: Furnished, **more: Any) -> Arguments:
    """What people talk about."""
    return {"object_kind": "experiment", "object_id": at.experiment.id} | more


def spare(at: Furnished) -> Arguments:
    """A metric that no experiment counts."""
    found = at.clinic.owner.one(
        "select id from outcome_metrics where workspace_id = %s and key = 'spare'", at.clinic.workspace_id
    )
    return {"object_kind": "outcome_metric", "object_id": str(found["id"])}


GOVERNANCE: dict[str, Call] = {
    "annotate": by("comments.write", lambda at: {"summary": "A holiday", "environment": "production"}, bound=True),
    "archive_object": by("metrics.write", spare, here=False),
    "restore_object": by("metrics.write", spare, here=False),
}

PERIODS = {"from_a": "2026-01-01", "to_a": "2026-01-08", "from_b": "2026-01-08", "to_b": "2026-01-15"}

READING: dict[str, Call] = {
    "outcome_waterfall": by("workspace.read", lambda at: {"metric": "booked"} | PERIODS),
    "touch_credits": by(
        "workspace.read", lambda at: {"metric": "booked", "from_day": "2026-01-01", "to_day": "2026-01-08"}
    ),
    "metric_series": by("workspace.read", lambda at: {"metric": "booked"}),
    "baseline_comparison": by("workspace.read", lambda at: {"metric": "booked"}),
    "trace_of": by("workspace.read", lambda at: {"subject": "ann"}),
    "outcome_of": by("workspace.read", lambda at: {"key_type": "ticket", "key_value": "T-1"}),
}

CALLS: dict[str, Call] = {
    **GOVERNANCE,
    **READING,
    "decide": by("decisions.make", lambda at: scope(at, subject="eve"), bound=True),
    "publish": by(
        "deployments.publish",
        lambda at: scope(at, version_id=str(at.rows["first"]["id"]), expected_version=live(at)),
        bound=True,
    ),
    "rollback": by(
        "deployments.rollback",
        lambda at: scope(at, expected_version=live(at), to_version=str(at.rows["first"]["id"])),
        bound=True,
    ),
    "withdraw": by(
        "deployments.rollback",
        lambda at: scope(at, action="GetAvailability", expected_version=str(at.version["id"])),
        bound=True,
    ),
    "create_api_key": person("api_keys.write", lambda at: {"name": "fresh", "permissions": ["events.write"]}),
    "set_holdout": by("layers.write", lambda at: {"environment": "production", "share": 100}, bound=True),
    "record_inferences": by(
        "events.write", lambda at: {"inferences": [at.clinic.inference(at.version, "eve")]}, bound=True
    ),
    "record_outcomes": by(
        "events.write",
        lambda at: {"outcomes": [at.clinic.outcome("booked", 1, inference_id=at.rows["inference"]["id"])]},
        bound=True,
    ),
    "activate": by("experiments.activate", begin, bound=True),
    "pause": by("experiments.activate", move, bound=True),
    "resume": by(
        "experiments.activate",
        lambda at: seen(at.rows["waiting"]),
        bound=True,
    ),
    "archive": by("experiments.activate", move, bound=True),
    "rollback_variant": by("deployments.rollback", lambda at: move(at, variant="b"), bound=True),
    "preview_rollback": by("workspace.read", scope, bound=True),
    "preview_publish": by("workspace.read", lambda at: scope(at, version_id=str(at.rows["first"]["id"])), bound=True),
    "restore_variant": by(
        "experiments.activate",
        lambda at: {
            "experiment_id": at.rows["paused"].id,
            "expected_revision": at.rows["paused"].row["revision"],
            "variant": "b",
        },
        bound=True,
    ),
    "start_ramp": by(
        "deployments.publish",
        lambda at: scope(at, action="Book", version_id=str(at.rows["first"]["id"])),
        bound=True,
    ),
    "advance_ramp": by(
        "deployments.publish", lambda at: {"ramp_id": at.rows["ramp"]["id"], "expected_revision": 1}, bound=True
    ),
    "abort_ramp": by(
        "deployments.rollback", lambda at: {"ramp_id": at.rows["ramp"]["id"], "expected_revision": 1}, bound=True
    ),
    "compact": worker(lambda at: {}),
    "compact_days": worker(lambda at: {}),
    "compact_slices": worker(lambda at: {}),
    "keep_partitions_v1": worker(lambda at: {}),
    "tick_ramps_v1": worker(lambda at: {"pause_seconds": 0}),
    "create_experiment": by(
        "experiments.write",
        lambda at: {"document": {"key": "fresh", "environment": "production", "capability": "BookAppointment"}},
        bound=True,
    ),
    "edit_experiment": by("experiments.write", lambda at: begin(at, changes={"name": "Fresh"}), bound=True),
    "fork_experiment": by("experiments.write", lambda at: {"experiment_id": at.draft.id, "key": "fork"}, bound=True),
    "experiment_document": by("workspace.read", lambda at: {"experiment_id": at.draft.id}, bound=True),
    "create_experiment_from_template": by(
        "experiments.write",
        lambda at: {
            "template": "model-comparison",
            "given": {
                "key": "models",
                "name": "Models",
                "capability": "BookAppointment",
                "metric": "booked",
                "base": str(at.version["id"]),
                "models": ["smol", "big"],
            },
        },
        bound=True,
    ),
    "save_as_template": by(
        "templates.write", lambda at: {"experiment_id": at.draft.id, "key": "good", "name": "Good"}, bound=True
    ),
    "experiment_checklist": by("workspace.read", lambda at: {"experiment_id": at.draft.id}, bound=True),
    "experiment_ancestry": by("workspace.read", lambda at: {"experiment_id": at.draft.id}, bound=True),
    "commit_version": by("prompts.write", lambda at: BUNDLE | {"prompt_id": str(at.clinic.prompt_id)}),
    "create_prompt": by("prompts.write", lambda at: {"key": "fresh", "name": "Fresh", "capability": "BookAppointment"}),
    "request_analysis": by(
        "experiments.write",
        lambda at: {"experiment_id": at.experiment.id, "method": "regression_adjustment"},
        bound=True,
    ),
    "create_run": by("runs.write", lambda at: {"version_ids": [str(at.version["id"])], "test_case_ids": case_ids(at)}),
    "set_provider_key": by("provider_keys.write", lambda at: {"provider": "mistral", "secret": "sk-0123456789abcdef"}),
    "create_workspace": Call(
        lambda at: {"name": "Mine", "slug": "mine"},
        people("workspace.read") | {"outsider", "other_owner", "former_member"},
        here=False,
    ),
    **PROMPTS,
    "claim_jobs_v1": worker(lambda at: {"worker": "w", "quantity": 1, "lease_seconds": 1}),
    "extend_job_v1": worker(lambda at: {"job_id": 1, "lease_seconds": 1}),
    "complete_job_v1": worker(lambda at: {"job_id": 1}),
    "fail_job_v1": worker(lambda at: {"job_id": 1, "error_code": "x", "error_message": "x"}),
    "run_work_v1": worker(lambda at: {"run_id": str(at.rows["run"]["id"]), "items": Jsonb([])}),
    "record_run_results_v1": worker(lambda at: {"run_id": str(at.rows["run"]["id"]), "results": Jsonb([])}),
    "effects_as_of": by("workspace.read", lambda at: {"experiment_id": at.experiment.id}, bound=True),
    "effects_between": by("workspace.read", lambda at: {"experiment_id": at.experiment.id}, bound=True, here=False),
    "slice_effects": by(
        "workspace.read", lambda at: {"experiment_id": at.experiment.id, "model": "smol"}, bound=True, here=False
    ),
    "analysis_units_v1": worker(lambda at: {"experiment_id": at.experiment.id, "metric_id": str(at.metric["id"])}),
    "analysis_days_v1": worker(lambda at: {"experiment_id": at.experiment.id, "metric_id": str(at.metric["id"])}),
    "store_result_v1": worker(lambda at: result_of(at) | {"as_of": "2026-01-03T00:00:00Z"}),
    "provider_key_v1": worker(lambda at: {"workspace_id": str(at.clinic.workspace_id), "provider": "openai"}),
}

# People and governance.
CALLS |= {
    "invite_member": person("members.write", lambda at: {"email": "new@example.test", "role": "viewer"}),
    "revoke_invitation": by("members.write", lambda at: {"invitation_id": str(at.rows["invitation"]["id"])}),
    "accept_invitation": Call(lambda at: {"invitation_id": str(at.rows["invitation"]["id"])}, frozenset(), here=False),
    "my_invitations": Call(lambda at: {}, PEOPLE | {"outsider", "other_owner", "former_member"}, here=False),
    "change_role": person(
        "members.write", lambda at: {"user_id": at.rows["colleague"], "role": "operations", "expected_role": "viewer"}
    ),
    "remove_member": person("members.write", lambda at: {"user_id": at.rows["colleague"]}),
    "transfer_ownership": Call(lambda at: {"to_user": at.rows["colleague"]}, frozenset({"owner"})),
    "leave_workspace": Call(lambda at: {}, PEOPLE - {"owner"}),
    "create_role": person("roles.write", lambda at: {"key": "fresh", "name": "Fresh"}),
    "update_role": person(
        "roles.write", lambda at: {"key": "spare", "name": "Fresh", "permissions": ["workspace.read"]}
    ),
    "delete_role": person("roles.write", lambda at: {"role": "spare"}),
    "revoke_api_key": person("api_keys.write", lambda at: {"api_key_id": str(at.rows["api_key"].api_key["id"])}),
    "rotate_api_key": person(
        "api_keys.write",
        lambda at: {
            "api_key_id": str(at.rows["api_key"].api_key["id"]),
            "expected_prefix": at.rows["api_key"].api_key["prefix"],
        },
    ),
    "submit_for_approval": by("experiments.write", begin, bound=True),
    "request_publication": by(
        "prompts.write", lambda at: scope(at, version_id=str(at.rows["first"]["id"])), bound=True
    ),
    "approve": Call(review, people("deployments.approve"), here=False),
    "reject": Call(review, people("deployments.approve"), here=False),
    "withdraw_request": Call(
        lambda at: {"request_id": str(at.rows["approval_request"]["request_id"])},
        holders("*") & (PEOPLE | SERVER),
        here=False,
    ),
    "add_comment": by(
        "comments.write",
        lambda at: {"object_kind": "experiment", "object_id": str(at.experiment.id), "body": "Hm"},
        bound=True,
    ),
    "edit_comment": Call(
        lambda at: {"comment_id": str(at.rows["remark"]["id"]), "body": "Hm"}, frozenset({"owner"}), here=False
    ),
    "delete_comment": Call(lambda at: {"comment_id": str(at.rows["remark"]["id"])}, frozenset({"owner"}), here=False),
    "resolve_thread": by("comments.write", lambda at: {"comment_id": str(at.rows["comment"]["id"])}, here=False),
    "mark_notifications_read": person("workspace.read", lambda at: {}),
    "unread_notifications": person("workspace.read", lambda at: {}),
    "delete_provider_key": by("provider_keys.write", lambda at: {"provider": "openai", "force": True}),
    "test_provider_key": by("provider_keys.write", lambda at: {"provider": "openai"}),
    "explain_decision": by("decisions.make", lambda at: scope(at, subject="eve"), bound=True),
    "record_exposures": by("decisions.make", lambda at: {"exposures": [exposure(at)]}, bound=True),
    "record_provider_key_test_v1": worker(
        lambda at: {"workspace_id": str(at.clinic.workspace_id), "provider": "openai", "rotated_at": "2026-01-01"}
    ),
    "ruleset": by("decisions.make", lambda at: {"environment": "production"}, bound=True),
    "mute_object": Call(
        lambda at: {"object_kind": "experiment", "object_id": str(at.experiment.id)},
        people("workspace.read"),
        here=False,
    ),
}

# Files of outcomes.
CALLS |= {
    "start_import": by("imports.write", lambda at: {"environment": "production", "columns": ["a", "b"]}, bound=True),
    "stage_rows": by(
        "imports.write",
        lambda at: {"import_id": made(at, "import"), "rows": Jsonb([["x", "eve", "1", None]]), "first_row": 2},
        bound=True, here=False,
    ),
    "map_columns": by(
        "imports.write",
        lambda at: {"import_id": made(at, "import"), "mapping": at.rows["import"]["mapping"] | {"decimal": ","}},
        bound=True, here=False,
    ),
    "check_import": by("imports.write", lambda at: {"import_id": made(at, "mapped")}, bound=True, here=False),
    "commit_import": by("imports.write", lambda at: {"import_id": made(at, "checked")}, bound=True, here=False),
    "erase_subject": by("subjects.erase", lambda at: {"subject": "ann", "reason": "They asked for it"}),
    "undo_import": by("imports.write", lambda at: {"import_id": made(at, "imported")}, bound=True, here=False),
}  # fmt: skip
