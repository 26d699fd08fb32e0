"""Notifications: told to whom it concerns, never to who did it, and as each person wishes."""

from typing import Any

import pytest

from support.clinic import Clinic, Experiment
from support.world import Actor


def inbox(actor: Actor, *kinds: str) -> list[dict[str, Any]]:
    """What an actor was told, in order."""
    return actor.rows("select * from notifications where kind = any (%s) order by created_at, id", list(kinds))


@pytest.fixture
def colleague(clinic: Clinic) -> Actor:
    return clinic.world.member(clinic.owner, clinic.workspace_id, "product_manager")


def test_a_mention_and_a_reply_reach_their_people_once(clinic: Clinic, experiment: Experiment, colleague: Actor):
    about = {"object_kind": "experiment", "object_id": experiment.id}
    first = clinic.owner.rpc("add_comment", **about, body="Look", mentions=[colleague.user_id, clinic.owner.user_id])
    (mention,) = inbox(colleague, "mention", "reply")
    assert (mention["kind"], str(mention["object_id"]), mention["detail"]) == (
        "mention", experiment.id, {"comment_id": str(first["id"])},
    )  # fmt: skip
    assert str(mention["actor_id"]) == clinic.owner.user_id
    colleague.rpc("add_comment", **about, body="Seen", thread_id=first["id"])
    assert [n["kind"] for n in inbox(clinic.owner, "mention", "reply")] == ["reply"]
    # Called by name in a reply: one message, not two.
    colleague.rpc("add_comment", **about, body="And?", thread_id=first["id"], mentions=[clinic.owner.user_id])
    assert [n["kind"] for n in inbox(clinic.owner, "mention", "reply")] == ["reply", "mention"]


def test_reviewers_are_asked_and_the_requester_hears_the_decision(clinic: Clinic, colleague: Actor):
    viewer = clinic.world.member(clinic.owner, clinic.workspace_id, "viewer")
    engineer = clinic.world.member(clinic.owner, clinic.workspace_id, "engineer")
    clinic.put("approval_rules", act="experiments.activate", permission="experiments.approve")
    draft = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")})
    request = engineer.rpc("submit_for_approval", experiment_id=draft.id, expected_revision=draft.row["revision"])
    (asked,) = inbox(colleague, "approval_requested")
    assert str(asked["object_id"]) == str(request["request_id"])
    # Not the requester, not the author, not who may not review.
    assert inbox(engineer, "approval_requested") == inbox(clinic.owner, "approval_requested") == []
    assert inbox(viewer, "approval_requested") == []
    colleague.rpc("approve", request_id=request["request_id"], expected_hash=request["content_hash"])
    (decided,) = inbox(engineer, "approval_decided")
    assert decided["detail"]["state"] == "approved"


def test_who_drafted_an_experiment_hears_what_others_do_to_it(clinic: Clinic, experiment: Experiment, colleague: Actor):
    experiment.move("pause")
    assert inbox(clinic.owner, "experiment_moved") == []
    colleague.rpc("resume", experiment_id=experiment.id, expected_revision=experiment.row["revision"])
    colleague.rpc(
        "rollback_variant", experiment_id=experiment.id, expected_revision=experiment.row["revision"], variant="b"
    )
    told = inbox(clinic.owner, "experiment_moved", "variant_rolled_back")
    assert [n["kind"] for n in told] == ["experiment_moved", "variant_rolled_back"]


def test_who_published_hears_that_it_was_taken_back(clinic: Clinic, colleague: Actor):
    old, new = clinic.version("old"), clinic.version("new")
    clinic.publish(old)
    made = clinic.publish(new, old["id"])
    place = {"environment": "production", "capability": "BookAppointment"}
    colleague.rpc("rollback", **place, expected_version=new["id"])
    (told,) = inbox(clinic.owner, "deployment_rolled_back")
    assert str(told["object_id"]) == str(made["deployment_id"])
    assert inbox(colleague, "deployment_rolled_back") == []


def test_who_began_a_ramp_hears_how_it_goes(clinic: Clinic):
    clinic.publish(clinic.version("old"))
    new = clinic.version("new")
    live = clinic.owner.one("select prompt_version_id from live_deployments")["prompt_version_id"]
    place = {"environment": "production", "capability": "BookAppointment"}
    ramp = clinic.owner.rpc("start_ramp", **place, version_id=new["id"], expected_version=live, hold="00:00")
    clinic.world.server().rpc("abort_ramp", ramp_id=ramp["ramp_id"], expected_revision=ramp["revision"], reason="x")
    assert "ramp" in {n["kind"] for n in inbox(clinic.owner, "ramp", "experiment_moved")}


def test_admins_hear_of_members_and_keys(clinic: Clinic, colleague: Actor):
    admin = clinic.world.member(clinic.owner, clinic.workspace_id, "admin")
    clinic.owner.rpc("mark_notifications_read")
    made = admin.rpc("create_api_key", name="crm", permissions=["events.write"])
    admin.rows("update members set role = 'viewer' where user_id = %s returning user_id", colleague.user_id)
    told = [n for n in inbox(clinic.owner, "members", "keys") if n["read_at"] is None]
    assert [n["kind"] for n in told] == ["keys", "members"]
    assert "crm" in told[0]["summary"]
    assert made["secret"] not in str(told)
    assert "viewer" in told[1]["summary"]
    assert inbox(colleague, "members", "keys") == []


def test_each_person_says_what_they_want_to_hear(clinic: Clinic, experiment: Experiment, colleague: Actor):
    about = {"object_kind": "experiment", "object_id": experiment.id}
    clinic.put("notification_preferences", kind="experiment_moved", delivery="off")
    experiment.move("pause")
    colleague.rpc("resume", experiment_id=experiment.id, expected_revision=experiment.row["revision"])
    assert inbox(clinic.owner, "experiment_moved") == []
    # A muted thing is silent, but for a call by name.
    clinic.owner.rpc("mute_object", **about)
    colleague.rpc(
        "rollback_variant", experiment_id=experiment.id, expected_revision=experiment.row["revision"], variant="b"
    )
    assert inbox(clinic.owner, "variant_rolled_back") == []
    colleague.rpc("add_comment", **about, body="!", mentions=[clinic.owner.user_id])
    assert len(inbox(clinic.owner, "mention")) == 1
    clinic.owner.rpc("mute_object", **about, muted=False)
    assert clinic.owner.rows("select from notification_mutes") == []


def test_reading_one_and_reading_all(clinic: Clinic, experiment: Experiment, colleague: Actor):
    about = {"object_kind": "experiment", "object_id": experiment.id}
    for word in ("one", "two", "three"):
        clinic.owner.rpc("add_comment", **about, body=word, mentions=[colleague.user_id])
    assert colleague.rpc("unread_notifications") == 3
    first = inbox(colleague, "mention")[0]["id"]
    assert colleague.rpc("mark_notifications_read", notification_ids=[first]) == 1
    assert colleague.rpc("mark_notifications_read", notification_ids=[first]) == 0
    assert colleague.rpc("unread_notifications", workspace_id=clinic.workspace_id) == 2
    # Nobody reads for another.
    assert clinic.owner.rpc("mark_notifications_read", notification_ids=[inbox(colleague, "mention")[1]["id"]]) == 0
    assert colleague.rpc("mark_notifications_read") == 2
    assert colleague.rpc("unread_notifications") == 0


def test_who_leaves_sees_nothing_any_more(clinic: Clinic, experiment: Experiment, colleague: Actor):
    about = {"object_kind": "experiment", "object_id": experiment.id}
    clinic.owner.rpc("add_comment", **about, body="x", mentions=[colleague.user_id])
    clinic.owner.rows("delete from members where user_id = %s returning user_id", colleague.user_id)
    assert inbox(colleague, "mention") == []
    assert colleague.rpc("unread_notifications") == 0
