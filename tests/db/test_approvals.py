"""Approvals: bound to what was read, given by others, counted at the moment of the act."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from support.clinic import Clinic, Experiment
from support.refusals import refusal
from support.world import Actor

PUBLICATION = {"environment": "production", "capability": "BookAppointment"}


def rule(clinic: Clinic, act: str = "experiments.activate", **values: Any) -> dict[str, Any]:
    """Production asks for a review."""
    reviewers = {"experiments.activate": "experiments.approve", "deployments.publish": "deployments.approve"}[act]
    standard = {"act": act, "permission": reviewers, "environment_id": clinic.environments["production"]}
    return clinic.put("approval_rules", **standard | values)


def draft(clinic: Clinic) -> Experiment:
    """Two arms, ready to start."""
    return clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")})


def submit(experiment: Experiment, by: Actor | None = None, **more: Any) -> dict[str, Any]:
    """Ask for a review of the experiment as it is now."""
    actor = by or experiment.clinic.owner
    return actor.rpc(
        "submit_for_approval", experiment_id=experiment.id, expected_revision=experiment.row["revision"], **more
    )


def edit(experiment: Experiment, by: Actor | None = None, **changes: Any) -> dict[str, Any]:
    """Change parts of the experiment's document."""
    call = {"experiment_id": experiment.id, "expected_revision": experiment.row["revision"], "changes": changes}
    return (by or experiment.clinic.owner).rpc("edit_experiment", **call)


def approve(by: Actor, request: dict[str, Any], verb: str = "approve", **more: Any) -> dict[str, Any]:
    """A reviewer's decision on what they read."""
    return by.rpc(verb, **{"request_id": request["request_id"], "expected_hash": request["content_hash"]} | more)


@pytest.fixture
def reviewer(clinic: Clinic) -> Actor:
    """Somebody else who may review both kinds."""
    return clinic.world.member(clinic.owner, clinic.workspace_id, "product_manager")


def test_without_a_rule_nothing_needs_a_review(clinic: Clinic):
    rule(clinic, environment_id=clinic.environments["staging"])
    assert draft(clinic).move("activate")["state"] == "active"
    clinic.publish(clinic.version("one"))


def test_an_experiment_starts_once_somebody_else_has_approved(clinic: Clinic, reviewer: Actor):
    rule(clinic)
    experiment = draft(clinic)
    assert refusal(experiment.move, "activate") == "approval_required"
    request = submit(experiment, message="Please look at the wording")
    assert (request["state"], request["experiment"]["state"]) == ("open", "in_review")
    assert (request["approvals_given"], request["approvals_needed"]) == (0, 1)
    assert refusal(experiment.move, "activate") == "approval_required"
    answer = approve(reviewer, request, comment="fine")
    assert (answer["state"], answer["approvals_given"]) == ("approved", 1)
    assert experiment.move("activate")["state"] == "active"
    # The same content again needs no second review.
    experiment.move("pause")
    assert experiment.move("resume")["state"] == "active"


def test_nobody_reviews_what_they_asked_for_or_made(clinic: Clinic, reviewer: Actor):
    standing = rule(clinic)
    experiment = draft(clinic)
    engineer = clinic.world.member(clinic.owner, clinic.workspace_id, "engineer")
    request = submit(experiment, by=engineer)
    assert refusal(approve, engineer, request) == "own_work"  # asked for it
    assert refusal(approve, clinic.owner, request) == "own_work"  # drafted it
    clinic.owner.rows("update approval_rules set allow_self = true where id = %s returning id", standing["id"])
    assert approve(engineer, request)["state"] == "approved"
    clinic.owner.rows("update approval_rules set allow_self = false where id = %s returning id", standing["id"])
    assert refusal(experiment.move, "activate") == "approval_required"
    approve(reviewer, request)
    experiment.move("activate")


def test_an_edit_voids_the_approval_and_takes_the_experiment_out_of_review(clinic: Clinic, reviewer: Actor):
    rule(clinic)
    experiment = draft(clinic)
    request = submit(experiment)
    approve(reviewer, request)
    edit(experiment, weights={"b": 3})
    assert experiment.row["state"] == "draft"
    assert clinic.owner.one("select state from approval_requests")["state"] == "void"
    assert refusal(experiment.move, "activate") == "approval_required"
    assert refusal(approve, reviewer, request) == "request_closed"
    again = submit(experiment)
    assert again["content_hash"] != request["content_hash"]
    approve(reviewer, again)
    experiment.move("activate")


def test_an_edit_in_the_same_transaction_is_seen_by_the_act(clinic: Clinic, reviewer: Actor):
    rule(clinic)
    experiment = draft(clinic)
    approve(reviewer, submit(experiment))
    with clinic.owner.connection.transaction(force_rollback=True):
        edit(experiment, traffic=5000)
        assert refusal(experiment.move, "activate") == "approval_required"


def test_a_running_experiment_is_not_widened_past_the_reviewers(clinic: Clinic, reviewer: Actor):
    rule(clinic)
    experiment = draft(clinic)
    edit(experiment, traffic=500)
    approve(reviewer, submit(experiment))
    experiment.move("activate")
    assert refusal(edit, experiment, traffic=10000) == "approval_required"
    edit(experiment, traffic=100)  # less is always allowed


def test_a_paused_experiment_resumes_with_its_edit_once_that_is_approved(clinic: Clinic, reviewer: Actor):
    rule(clinic)
    experiment = draft(clinic)
    approve(reviewer, submit(experiment))
    experiment.move("activate")
    experiment.move("pause")
    edit(experiment, weights={"b": 3})
    assert refusal(experiment.move, "resume") == "approval_required"
    request = submit(experiment)
    assert request["experiment"]["state"] == "paused"
    approve(reviewer, request)
    experiment.move("resume")


@pytest.mark.parametrize("loss", ["leaves", "is demoted"])
def test_a_reviewer_who_may_no_longer_review_counts_no_more(clinic: Clinic, reviewer: Actor, loss: str):
    rule(clinic)
    experiment = draft(clinic)
    request = submit(experiment)
    approve(reviewer, request)
    if loss == "leaves":
        clinic.owner.rows("delete from members where user_id = %s returning user_id", reviewer.user_id)
    else:
        clinic.owner.rows("update members set role = 'viewer' where user_id = %s returning user_id", reviewer.user_id)
    assert refusal(experiment.move, "activate") == "approval_required"
    other = clinic.world.member(clinic.owner, clinic.workspace_id, "product_manager")
    approve(other, request)
    experiment.move("activate")


def test_a_rule_that_became_stricter_holds_at_once(clinic: Clinic, reviewer: Actor):
    standing = rule(clinic)
    experiment = draft(clinic)
    request = submit(experiment)
    approve(reviewer, request)
    clinic.owner.rows("update approval_rules set approvals = 2 where id = %s returning id", standing["id"])
    assert refusal(experiment.move, "activate") == "approval_required"
    approve(clinic.world.member(clinic.owner, clinic.workspace_id, "product_manager"), request)
    experiment.move("activate")


def test_the_rule_of_an_environment_goes_before_the_general_one(clinic: Clinic):
    rule(clinic, environment_id=None)
    rule(clinic, approvals=0)
    draft(clinic).move("activate")


def test_a_rejected_experiment_is_a_draft_again(clinic: Clinic, reviewer: Actor):
    rule(clinic)
    experiment = draft(clinic)
    request = submit(experiment)
    approve(reviewer, request)
    answer = approve(reviewer, request, "reject", comment="second thoughts")
    assert (answer["state"], answer["experiment"]["state"]) == ("rejected", "draft")
    assert [r["decision"] for r in clinic.owner.rows("select decision from approval_reviews order by id")] == [
        "approve", "reject",
    ]  # fmt: skip
    assert refusal(experiment.move, "activate") == "approval_required"
    assert submit(experiment)["request_id"] != request["request_id"]


def test_only_the_requester_or_a_governor_withdraws(clinic: Clinic, reviewer: Actor):
    rule(clinic)
    experiment = draft(clinic)
    engineer = clinic.world.member(clinic.owner, clinic.workspace_id, "engineer")
    request = submit(experiment, by=engineer)
    assert refusal(reviewer.rpc, "withdraw_request", request_id=request["request_id"]) == "permission_denied"
    for _ in range(2):
        answer = engineer.rpc("withdraw_request", request_id=request["request_id"])
        assert (answer["state"], answer["experiment"]["state"]) == ("withdrawn", "draft")
    again = submit(experiment, by=engineer)
    assert clinic.owner.rpc("withdraw_request", request_id=again["request_id"])["state"] == "withdrawn"


def test_an_experiment_that_ends_asks_for_nothing_any_more(clinic: Clinic):
    experiment = draft(clinic)
    submit(experiment)
    experiment.move("archive")
    assert clinic.owner.one("select state from approval_requests")["state"] == "withdrawn"


def test_asking_and_deciding_twice_changes_nothing(clinic: Clinic, reviewer: Actor):
    rule(clinic)
    experiment = draft(clinic)
    first = submit(experiment)
    assert submit(experiment)["request_id"] == first["request_id"]
    approve(reviewer, first)
    approve(reviewer, first)
    assert len(clinic.owner.rows("select from approval_reviews")) == 1


def test_a_reviewer_approves_what_they_read_and_nothing_else(clinic: Clinic, reviewer: Actor):
    rule(clinic)
    request = submit(draft(clinic))
    assert refusal(approve, reviewer, request, expected_hash="0" * 64) == "stale_approval"


def test_keys_and_servers_do_not_review(clinic: Clinic):
    rule(clinic)
    request = submit(draft(clinic))
    key = clinic.world.api_key(clinic.owner, clinic.workspace_id, ["workspace.read", "experiments.write"])
    for actor in (key, clinic.world.server()):
        assert refusal(approve, actor, request) == "person_required"


def test_the_maker_of_a_key_does_not_approve_what_the_key_asked_for(clinic: Clinic, reviewer: Actor):
    rule(clinic)
    admin = clinic.world.member(clinic.owner, clinic.workspace_id, "admin")
    experiment = draft(clinic)
    key = clinic.world.api_key(admin, clinic.workspace_id, ["workspace.read", "experiments.write"])
    request = submit(experiment, by=key)
    assert refusal(approve, admin, request) == "own_work"
    approve(reviewer, request)
    experiment.move("activate")


def test_a_server_needs_the_approval_too(clinic: Clinic):
    rule(clinic)
    experiment = draft(clinic)
    call = {"experiment_id": experiment.id, "expected_revision": experiment.row["revision"]}
    assert refusal(clinic.world.server().rpc, "activate", **call) == "approval_required"


def test_a_version_goes_live_once_per_approval_and_a_rollback_needs_none(clinic: Clinic, reviewer: Actor):
    old, new = clinic.version("old"), clinic.version("new")
    clinic.publish(old)
    rule(clinic, "deployments.publish")
    assert refusal(clinic.publish, new, old["id"]) == "approval_required"
    writer = clinic.world.member(clinic.owner, clinic.workspace_id, "prompt_engineer")
    request = writer.rpc("request_publication", version_id=new["id"], **PUBLICATION)
    assert refusal(approve, clinic.owner, request) == "own_work"  # committed it
    approve(reviewer, request)
    # Approved for this scope, and for no other.
    assert refusal(clinic.publish, new, None, action="Book") == "approval_required"
    assert refusal(clinic.publish, clinic.version("other"), old["id"]) == "approval_required"
    clinic.publish(new, old["id"])
    clinic.owner.rpc("rollback", expected_version=new["id"], **PUBLICATION)
    assert refusal(clinic.publish, new, old["id"]) == "approval_required"


def test_a_ramp_needs_the_approval_of_a_publication_and_its_steps_none(clinic: Clinic, reviewer: Actor):
    old, new = clinic.version("old"), clinic.version("new")
    clinic.publish(old)
    rule(clinic, "deployments.publish")
    rule(clinic)
    call = PUBLICATION | {"version_id": new["id"], "expected_version": old["id"], "hold": "00:00"}
    assert refusal(clinic.owner.rpc, "start_ramp", **call) == "approval_required"
    approve(reviewer, clinic.owner.rpc("request_publication", version_id=new["id"], **PUBLICATION))
    ramp = clinic.owner.rpc("start_ramp", **call)
    before = clinic.owner.one("select traffic from experiments where id = %s", ramp["experiment_id"])["traffic"]
    by_hand = {"experiment_id": ramp["experiment_id"], "changes": {"traffic": 10000}}
    by_hand["expected_revision"] = clinic.owner.one(
        "select revision from experiments where id = %s", ramp["experiment_id"]
    )["revision"]
    assert refusal(clinic.owner.rpc, "edit_experiment", **by_hand) == "ramp_keeps_traffic"
    clinic.owner.rpc("advance_ramp", ramp_id=ramp["ramp_id"], expected_revision=ramp["revision"], force=True)
    after = clinic.owner.one("select traffic from experiments where id = %s", ramp["experiment_id"])["traffic"]
    assert after > before


def test_two_reviewers_at_once_are_two_approvals(clinic: Clinic):
    rule(clinic, approvals=2)
    experiment = draft(clinic)
    request = submit(experiment)
    reviewers = [clinic.world.member(clinic.owner, clinic.workspace_id, "product_manager") for _ in range(2)]
    start = threading.Barrier(2)

    def decide(reviewer: Actor) -> str:
        start.wait()
        return str(approve(reviewer, request)["state"])

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, reviewers)) == ["approved", "open"]
    experiment.move("activate")


def test_an_approval_and_an_edit_at_once_never_let_the_edit_through(clinic: Clinic, reviewer: Actor):
    rule(clinic)
    for turn in range(6):
        experiment = clinic.experiment(
            {"a": clinic.version(f"a{turn}"), "b": clinic.version(f"b{turn}")}, key=f"e{turn}"
        )
        request = submit(experiment)
        approve(reviewer, request)
        revision = experiment.row["revision"]
        start = threading.Barrier(2)
        editor = clinic.world.member(clinic.owner, clinic.workspace_id, "engineer")

        def change(
            editor: Actor = editor, experiment: Experiment = experiment, revision: int = revision, start: Any = start
        ) -> str:
            start.wait()
            try:
                editor.rpc(
                    "edit_experiment",
                    experiment_id=experiment.id,
                    expected_revision=revision,
                    changes={"hypothesis": "other"},
                )
            except psycopg.Error as error:
                return str(error.sqlstate)
            return "edited"

        def act(experiment: Experiment = experiment, revision: int = revision, start: Any = start) -> str:
            start.wait()
            try:
                clinic.owner.rpc("activate", experiment_id=experiment.id, expected_revision=revision)
            except psycopg.Error as error:
                return str(error.sqlstate)
            return "started"

        with ThreadPoolExecutor(2) as pool:
            edited, started = pool.submit(change), pool.submit(act)
            # Both name the revision that was approved: one of them comes first, and the other is refused as stale.
            assert sorted([edited.result(), started.result()]) in (["PT409", "edited"], ["PT409", "started"])


def test_a_stranger_learns_nothing(clinic: Clinic, reviewer: Actor):
    request = submit(draft(clinic))
    outsider = clinic.world.user("outsider")
    for verb in ("approve", "reject"):
        assert refusal(approve, outsider, request, verb) == "unknown_request"
    assert refusal(outsider.rpc, "withdraw_request", request_id=request["request_id"]) == "unknown_request"
    viewer = clinic.world.member(clinic.owner, clinic.workspace_id, "viewer")
    assert refusal(approve, viewer, request) == "permission_denied"
