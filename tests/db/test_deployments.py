"""publish and rollback: append-only moves of a pointer by compare-and-swap."""

import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from support.clinic import Clinic


def roll_back(clinic: Clinic, expected, **more):
    return clinic.owner.rpc(
        "rollback",
        **{"environment": "production", "capability": "BookAppointment"} | more,
        expected_version=expected["id"],
    )


def test_publish_tells_what_it_did(clinic: Clinic):
    first, second = clinic.version("one"), clinic.version("two")
    clinic.publish(first)
    answer = clinic.publish(second, expected=first["id"], reason="shorter")

    assert answer["kind"] == "publish"
    assert answer["previous_version_id"] == str(first["id"])
    assert answer["version"]["number"] == 2
    assert answer["summary"] == "Published booking v2 at production / BookAppointment"
    assert answer["reason"] == "shorter"


def test_a_stale_expectation_is_a_conflict_and_changes_nothing(clinic: Clinic):
    first, second = clinic.version("one"), clinic.version("two")
    clinic.publish(first)
    for expected in (None, second["id"]):
        with pytest.raises(psycopg.Error) as caught:
            clinic.publish(second, expected=expected)
        assert caught.value.sqlstate == "PT409"
        assert str(first["id"]) in caught.value.diag.message_detail
    assert len(clinic.owner.rows("select * from deployments")) == 1


def test_rollback_is_seen_by_the_next_decide(clinic: Clinic):
    first, second = clinic.version("one"), clinic.version("two")
    clinic.publish(first)
    clinic.publish(second, expected=first["id"])
    assert clinic.decide("ann")["version"]["number"] == 2

    answer = roll_back(clinic, second, reason="it was rude")

    assert answer["kind"] == "rollback"
    assert clinic.decide("ann")["version"]["number"] == 1
    assert answer["summary"] == "Rolled back to booking v1 at production / BookAppointment"


def test_rolling_back_twice_goes_two_steps_back(clinic: Clinic):
    versions = [clinic.version(str(i)) for i in range(3)]
    live = None
    for version in versions:
        clinic.publish(version, expected=live)
        live = version["id"]
    roll_back(clinic, versions[2])
    roll_back(clinic, versions[1])
    assert clinic.decide("ann")["version"]["number"] == 1
    with pytest.raises(psycopg.Error) as caught:
        roll_back(clinic, versions[0])
    assert "nothing_to_roll_back" in caught.value.diag.message_detail


def test_rollback_to_a_named_version_that_was_live(clinic: Clinic):
    versions = [clinic.version(str(i)) for i in range(3)]
    clinic.publish(versions[0])
    clinic.publish(versions[1], expected=versions[0]["id"])
    with pytest.raises(psycopg.Error) as caught:
        roll_back(clinic, versions[1], to_version=versions[2]["id"])
    assert caught.value.sqlstate == "PT422"
    assert "never_live_here" in caught.value.diag.message_detail

    roll_back(clinic, versions[1], to_version=versions[0]["id"])
    assert clinic.decide("ann")["version"]["number"] == 1


def test_an_intent_rolls_back_alone(clinic: Clinic):
    old, new = clinic.version("old"), clinic.version("new")
    for scope in ({}, {"intent": "ScheduleMeeting"}):
        clinic.publish(old, **scope)
        clinic.publish(new, expected=old["id"], **scope)
    roll_back(clinic, new, intent="ScheduleMeeting")

    assert clinic.decide("ann", intent="ScheduleMeeting")["version"]["number"] == 1
    assert clinic.decide("ann")["version"]["number"] == 2


def test_publishing_what_is_live_is_refused(clinic: Clinic):
    version = clinic.version("one")
    clinic.publish(version)
    with pytest.raises(psycopg.Error) as caught:
        clinic.publish(version, expected=version["id"])
    assert "already_live" in caught.value.diag.message_detail


def test_a_prompt_of_another_place_cannot_be_published(clinic: Clinic):
    other = clinic.put("capabilities", key="Cancel", name="Cancel")
    foreign = clinic.put("prompts", key="cancel", name="Cancel", capability_id=other["id"])
    step = clinic.put(
        "prompts",
        key="lookup",
        name="Lookup",
        capability_id=clinic.capability_id,
        action_id=clinic.actions["UserLookup"],
    )
    versions = {prompt["id"]: clinic.version("x", prompt_id=prompt["id"]) for prompt in (foreign, step)}
    for prompt, scope in ((foreign, {}), (step, {}), (step, {"action": "Book"})):
        with pytest.raises(psycopg.Error) as caught:
            clinic.publish(versions[prompt["id"]], **scope)
        assert "wrong_prompt" in caught.value.diag.message_detail
    clinic.publish(versions[step["id"]], action="UserLookup")


def test_concurrent_publishes_lose_none(clinic: Clinic):
    versions = [clinic.version(str(i)) for i in range(6)]
    clinic.publish(versions[0])
    callers = [clinic.world.server() for _ in range(5)]
    start = threading.Barrier(len(callers))

    def publish(caller, version):
        start.wait()
        try:
            caller.rpc(
                "publish", environment="production", capability="BookAppointment", version_id=version["id"],
                expected_version=versions[0]["id"], workspace_id=clinic.workspace_id,
            )  # fmt: skip
        except psycopg.Error as error:
            return error.sqlstate
        return "landed"

    with ThreadPoolExecutor(len(callers)) as pool:
        answers = list(pool.map(publish, callers, versions[1:]))

    assert sorted(answers) == ["PT409"] * 4 + ["landed"]
    assert [d["number"] for d in clinic.owner.rows("select number from deployments order by number")] == [1, 2]


def test_first_publishes_at_once_let_one_through(clinic: Clinic):
    versions = [clinic.version(str(i)) for i in range(4)]
    callers = [clinic.world.server() for _ in versions]
    start = threading.Barrier(len(callers))

    def publish(caller, version):
        start.wait()
        try:
            caller.rpc(
                "publish", environment="staging", capability="BookAppointment", version_id=version["id"],
                expected_version=None, workspace_id=clinic.workspace_id,
            )  # fmt: skip
        except psycopg.Error as error:
            return error.sqlstate
        return "landed"

    with ThreadPoolExecutor(len(callers)) as pool:
        assert sorted(pool.map(publish, callers, versions)) == ["PT409"] * 3 + ["landed"]


def test_the_view_and_the_heads_agree(clinic: Clinic):
    old, new = clinic.version("old"), clinic.version("new")
    for scope in ({}, {"action": "Book"}, {"intent": "CancelMeeting"}, {"action": "Book", "intent": "CancelMeeting"}):
        clinic.publish(old, **scope)
        clinic.publish(new, expected=old["id"], **scope)
    roll_back(clinic, new, action="Book")

    live = clinic.owner.rows("select deployment_id, prompt_version_id, live_since from live_deployments")
    heads = clinic.world.postgres().rows("select deployment_id, prompt_version_id from private.deployment_heads")
    assert {(r["deployment_id"], r["prompt_version_id"]) for r in live} == {tuple(r.values()) for r in heads}
    assert len(live) == 4


def test_every_move_is_in_the_ledger_with_its_actor(clinic: Clinic):
    version = clinic.version("one")
    made = clinic.publish(version)
    row = clinic.owner.one("select * from changes")
    assert row["kind"] == "deployment_published"
    assert str(row["deployment_id"]) == made["deployment_id"]
    assert (row["actor_kind"], str(row["actor_id"])) == ("user", clinic.owner.user_id)


def test_history_cannot_be_rewritten_even_by_the_owner_of_the_schema(clinic: Clinic):
    clinic.publish(clinic.version("one"))
    postgres = clinic.world.postgres()
    for statement in (
        "update deployments set reason = 'x'", "delete from deployments", "truncate deployments cascade",
        "update prompt_versions set message = 'x'", "delete from changes",
    ):  # fmt: skip
        with pytest.raises(psycopg.Error) as caught:
            postgres.connection.execute(statement)
        assert caught.value.sqlstate == "PT409", statement
