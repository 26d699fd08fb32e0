"""Archiving: out of the lists, not out of history, and never under a running experiment."""

from typing import Any

import pytest

from support.clinic import Clinic
from support.refusals import refusal


def archive(clinic: Clinic, kind: str, thing: Any, verb: str = "archive_object") -> dict[str, Any]:
    return clinic.owner.rpc(verb, object_kind=kind, object_id=str(thing))


def test_an_archived_thing_leaves_the_lists_and_comes_back(clinic: Clinic):
    metric = clinic.metric("booked")
    for _ in range(2):
        assert archive(clinic, "outcome_metric", metric["id"])["archived_at"] is not None
    pick = "select from outcome_metrics where archived_at is null and key = 'booked'"
    assert clinic.owner.rows(pick) == []
    assert len(clinic.owner.rows("select from outcome_metrics where key = 'booked'")) == 1
    draft = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")})
    assert refusal(draft.counts, metric) == "archived"
    for _ in range(2):
        assert archive(clinic, "outcome_metric", metric["id"], "restore_object")["archived_at"] is None
    assert len(clinic.owner.rows(pick)) == 1
    draft.counts(metric)


def test_nothing_new_uses_what_is_archived_and_what_is_live_stays_live(clinic: Clinic):
    old, new = clinic.version("old"), clinic.version("new")
    clinic.publish(old)
    clinic.publish(new, old["id"])
    draft = clinic.experiment({"a": old, "b": new})
    for kind, thing in (
        ("capability", clinic.capability_id),
        ("prompt", clinic.prompt_id),
        ("intent", clinic.intents["CancelMeeting"]),
    ):
        archive(clinic, kind, thing)
    assert clinic.decide("ann")["version"]["id"] == str(new["id"])
    assert refusal(draft.move, "activate") == "archived"
    assert refusal(clinic.publish, old, new["id"]) == "archived"
    assert refusal(clinic.version, "third") == "archived"
    assert (
        refusal(clinic.put, "actions", capability_id=clinic.capability_id, key="x", name="x", position=9) == "archived"
    )
    assert refusal(clinic.put, "intent_examples", intent_id=clinic.intents["CancelMeeting"], text="x") == "archived"
    # Back to what was live here before is always possible.
    clinic.owner.rpc("rollback", environment="production", capability="BookAppointment", expected_version=new["id"])
    assert clinic.decide("ann")["version"]["id"] == str(old["id"])


@pytest.mark.parametrize("kind", ["environment", "capability", "outcome_metric", "prompt"])
def test_what_a_running_experiment_uses_stays(clinic: Clinic, kind: str):
    metric = clinic.metric("booked")
    experiment = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")})
    experiment.counts(metric)
    experiment.move("activate")
    thing = {
        "environment": clinic.environments["production"], "capability": clinic.capability_id,
        "outcome_metric": metric["id"], "prompt": clinic.prompt_id,
    }[kind]  # fmt: skip
    assert refusal(archive, clinic, kind, thing) == "still_used"
    experiment.move("archive")
    archive(clinic, kind, thing)
    assert clinic.owner.rows("select from experiment_effects") is not None


def test_each_kind_asks_for_its_permission_and_others_have_no_archive(clinic: Clinic):
    engineer = clinic.world.member(clinic.owner, clinic.workspace_id, "prompt_engineer")
    call = {"object_kind": "environment", "object_id": str(clinic.environments["staging"])}
    assert refusal(engineer.rpc, "archive_object", **call) == "permission_denied"
    assert refusal(clinic.world.user("outsider").rpc, "archive_object", **call) == "unknown_object"
    assert (
        refusal(clinic.owner.rpc, "archive_object", object_kind="deployment", object_id=clinic.prompt_id)
        == "bad_argument"
    )
    assert engineer.rpc("archive_object", object_kind="prompt", object_id=str(clinic.prompt_id))["archived_at"]


def test_what_nothing_refers_to_can_still_be_deleted_and_what_is_used_cannot(clinic: Clinic):
    spare = clinic.put("capabilities", key="Spare", name="Spare")
    assert clinic.owner.rows("delete from capabilities where id = %s returning id", spare["id"])
    with pytest.raises(Exception, match="foreign key"):
        clinic.owner.rows("delete from capabilities where id = %s returning id", clinic.capability_id)
