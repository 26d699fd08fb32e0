"""Comments: threads on any thing of the workspace, mentions of members, and what was said before in the audit log."""

import uuid
from typing import Any

import pytest

from support.clinic import Clinic, Experiment
from support.refusals import refusal
from support.world import Actor


def about(experiment: Experiment) -> dict[str, Any]:
    return {"object_kind": "experiment", "object_id": experiment.id}


@pytest.fixture
def colleague(clinic: Clinic) -> Actor:
    return clinic.world.member(clinic.owner, clinic.workspace_id, "operations")


def test_a_thread_with_a_reply_is_settled_and_opened_again(clinic: Clinic, experiment: Experiment, colleague: Actor):
    first = clinic.owner.rpc("add_comment", **about(experiment), body="Too chatty?")
    reply = colleague.rpc("add_comment", **about(experiment), body="Yes", thread_id=first["id"])
    assert (reply["thread_id"], str(reply["author_id"])) == (first["id"], colleague.user_id)
    assert colleague.rpc("resolve_thread", comment_id=reply["id"])["resolved_at"] is not None
    assert clinic.owner.rpc("resolve_thread", comment_id=first["id"], resolved=False)["resolved_at"] is None
    # A reply begins no thread of its own, and stays with its thing.
    assert (
        refusal(colleague.rpc, "add_comment", **about(experiment), body="x", thread_id=reply["id"]) == "unknown_comment"
    )
    elsewhere = {"object_kind": "prompt", "object_id": clinic.prompt_id}
    assert refusal(colleague.rpc, "add_comment", **elsewhere, body="x", thread_id=first["id"]) == "unknown_comment"


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("experiment", "select id from experiments limit 1"),
        ("variant", "select id from variants limit 1"),
        ("prompt", "select id from prompts limit 1"),
        ("prompt_version", "select id from prompt_versions limit 1"),
        ("deployment", "select id from deployments limit 1"),
        ("change", "select id from changes limit 1"),
        ("capability", "select id from capabilities limit 1"),
        ("intent", "select id from intents limit 1"),
        ("environment", "select id from environments limit 1"),
    ],
)
def test_anything_can_be_talked_about(clinic: Clinic, experiment: Experiment, kind: str, query: str):
    thing = clinic.owner.rows(query)[0]["id"]
    assert clinic.owner.rpc("add_comment", object_kind=kind, object_id=thing, body="hm")["object_id"] == thing


def test_a_thing_that_is_not_there_or_not_yours_is_unknown_alike(clinic: Clinic, experiment: Experiment):
    outsider = clinic.world.user("outsider")
    assert refusal(outsider.rpc, "add_comment", **about(experiment), body="x") == "unknown_object"
    nothing = {"object_kind": "experiment", "object_id": str(uuid.uuid4())}
    assert refusal(clinic.owner.rpc, "add_comment", **nothing, body="x") == "unknown_object"
    for kind in ("members", "pg_class", "experiments", ""):
        assert (
            refusal(clinic.owner.rpc, "add_comment", object_kind=kind, object_id=experiment.id, body="x")
            == "bad_argument"
        )
    viewer = clinic.world.member(clinic.owner, clinic.workspace_id, "viewer")
    assert refusal(viewer.rpc, "add_comment", **about(experiment), body="x") == "permission_denied"


def test_only_its_author_changes_a_comment_and_the_log_keeps_the_words(
    clinic: Clinic, experiment: Experiment, colleague: Actor
):
    said = colleague.rpc("add_comment", **about(experiment), body="first words")
    assert refusal(clinic.owner.rpc, "edit_comment", comment_id=said["id"], body="x") == "not_yours"
    assert refusal(clinic.owner.rpc, "delete_comment", comment_id=said["id"]) == "not_yours"
    edited = colleague.rpc("edit_comment", comment_id=said["id"], body="second words")
    assert (edited["body"], edited["edited_at"] is not None) == ("second words", True)
    for _ in range(2):
        assert colleague.rpc("delete_comment", comment_id=said["id"])["body"] == ""
    assert refusal(colleague.rpc, "edit_comment", comment_id=said["id"], body="x") == "unknown_comment"
    log = clinic.owner.rows(
        "select before ->> 'body' as was, after ->> 'body' as became from audit_events where row_id = %s order by occurred_at",
        said["id"],
    )
    assert [(e["was"], e["became"]) for e in log] == [
        (None, "first words"), ("first words", "second words"), ("second words", ""),
    ]  # fmt: skip


def test_only_members_are_mentioned(clinic: Clinic, experiment: Experiment, colleague: Actor):
    stranger = clinic.world.user("stranger")
    call = about(experiment) | {"body": "look"}
    assert refusal(clinic.owner.rpc, "add_comment", **call, mentions=[stranger.user_id]) == "not_a_member"
    made = clinic.owner.rpc("add_comment", **call, mentions=[colleague.user_id, colleague.user_id])
    assert [str(u) for u in made["mentions"]] == [colleague.user_id]
    assert (
        refusal(clinic.owner.rpc, "edit_comment", comment_id=made["id"], body="x", mentions=[stranger.user_id])
        == "not_a_member"
    )


def test_a_key_comments_as_itself(clinic: Clinic, experiment: Experiment):
    key = clinic.world.api_key(clinic.owner, clinic.workspace_id, ["workspace.read", "comments.write"])
    made = key.rpc("add_comment", **about(experiment), body="deployed by CI")
    assert made["author_kind"] == "api_key"
    assert key.rpc("edit_comment", comment_id=made["id"], body="deployed by the pipeline")["edited_at"] is not None
