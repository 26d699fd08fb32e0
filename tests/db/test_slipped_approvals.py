"""Roads past a review that somebody tried: names that move, slots, other people's drafts, keys, reported exposures."""

from typing import Any

import pytest

from support.clinic import Clinic, Experiment
from support.refusals import refusal
from support.world import Actor


def rule(clinic: Clinic, act: str) -> None:
    """Production asks for a review."""
    reviewers = {"experiments.activate": "experiments.approve", "deployments.publish": "deployments.approve"}[act]
    clinic.put("approval_rules", act=act, permission=reviewers, environment_id=clinic.environments["production"])


def submit(experiment: Experiment) -> dict[str, Any]:
    """Ask for a review of the experiment as it is now."""
    return experiment.clinic.owner.rpc(
        "submit_for_approval", experiment_id=experiment.id, expected_revision=experiment.row["revision"]
    )


def approve(by: Actor, request: dict[str, Any]) -> dict[str, Any]:
    """Approve what was read."""
    return by.rpc("approve", request_id=request["request_id"], expected_hash=request["content_hash"])


def member_with(clinic: Clinic, *permissions: str) -> Actor:
    """Somebody whose role holds just this."""
    clinic.owner.rpc("create_role", key="special", name="Special", permissions=["workspace.read", *permissions])
    return clinic.world.member(clinic.owner, clinic.workspace_id, "special")


@pytest.fixture
def reviewer(clinic: Clinic) -> Actor:
    """Somebody else who may write and review."""
    return clinic.world.member(clinic.owner, clinic.workspace_id, "product_manager")


@pytest.fixture
def draft(clinic: Clinic) -> Experiment:
    """Two arms, ready to start."""
    rule(clinic, "experiments.activate")
    return clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")})


def test_a_name_that_means_another_thing_is_not_what_was_approved(clinic: Clinic, draft: Experiment, reviewer: Actor):
    draft.edit(actions=["Book"])
    approve(reviewer, submit(draft))
    clinic.owner.rows("update actions set key = 'Elsewhere' where key = 'Book' returning id")
    clinic.owner.rows("update actions set key = 'Book' where key = 'UserLookup' returning id")
    draft.edit(actions=["Book"])
    assert clinic.owner.one("select state from approval_requests")["state"] == "void"
    assert refusal(draft.move, "activate") == "approval_required"


def test_a_running_experiment_gets_no_wider_slots_past_the_reviewers(
    clinic: Clinic, draft: Experiment, reviewer: Actor
):
    clinic.put("layers", key="page", name="Page")
    draft.edit(layer={"key": "page", "from": 100, "to": 200})
    approve(reviewer, submit(draft))
    draft.move("activate")
    for slots in ({"from": 0, "to": 200}, {"from": 100, "to": 10000}, {"from": 5000, "to": 5100}):
        assert refusal(draft.edit, layer={"key": "page"} | slots) == "approval_required"
    draft.edit(layer={"key": "page", "from": 120, "to": 200})


def test_who_changed_a_draft_does_not_approve_it(draft: Experiment, reviewer: Actor):
    draft.edit(by=reviewer, weights={"b": 3})
    assert refusal(approve, reviewer, submit(draft)) == "own_work"


def test_who_rejected_a_draft_may_approve_the_next(draft: Experiment, reviewer: Actor):
    request = submit(draft)
    reviewer.rpc("reject", request_id=request["request_id"], expected_hash=request["content_hash"])
    draft.edit(weights={"b": 3})
    assert approve(reviewer, submit(draft))["state"] == "approved"


def test_who_changed_a_draft_with_their_key_does_not_approve_it(clinic: Clinic, draft: Experiment):
    smith = member_with(clinic, "api_keys.write", "experiments.write", "experiments.approve")
    key = clinic.world.api_key(smith, clinic.workspace_id, ["workspace.read", "experiments.write"])
    draft.edit(by=key, weights={"b": 3})
    assert refusal(approve, smith, submit(draft)) == "own_work"


def test_who_committed_a_version_with_their_key_does_not_approve_its_publication(clinic: Clinic):
    rule(clinic, "deployments.publish")
    smith = member_with(clinic, "api_keys.write", "prompts.write", "deployments.approve")
    key = clinic.world.api_key(smith, clinic.workspace_id, ["workspace.read", "prompts.write"])
    bundle = {"messages": [{"role": "system", "content": "mine"}], "provider": "local", "model": "smol"}
    version = key.rpc("commit_version", prompt_id=clinic.prompt_id, **bundle)
    request = clinic.owner.rpc(
        "request_publication", environment="production", capability="BookAppointment", version_id=version["id"]
    )
    assert refusal(approve, smith, request) == "own_work"


def test_nobody_widens_an_experiment_by_reporting_exposures(clinic: Clinic):
    clinic.publish(clinic.version("live"))
    experiment = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")}, traffic=1000)
    experiment.move("activate")
    key = clinic.world.api_key(clinic.owner, clinic.workspace_id, ["decisions.make"])
    subjects = [f"s{n}" for n in range(60)]
    drawn = [s for s in subjects if clinic.decide(s, by=key)["experiment"]]
    assert 0 < len(drawn) < 30
    [rule_] = key.rpc("ruleset", environment="production")["experiments"]
    said = [
        {"experiment_id": rule_["id"], "phase_id": rule_["phase_id"], "variant_id": arm, "subject": subject}
        for subject in subjects
        for arm in rule_["arm_ids"]
    ]
    answer = key.rpc("record_exposures", exposures=said)
    assert (answer["accepted"], {e["code"] for e in answer["errors"]}) == (0, {"wrong_arm"})
    assert [s for s in subjects if clinic.decide(s, by=key)["experiment"]] == drawn
    # What was drawn while more people took part may still be reported when fewer do.
    experiment.edit(traffic=10000)
    experiment.edit(traffic=1000)
    assert key.rpc("record_exposures", exposures=said)["accepted"] == len(subjects) - len(drawn)
