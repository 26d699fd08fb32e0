"""decide: which version runs for a subject, and the exposure that it logs."""

import hashlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from support.clinic import Clinic


def test_without_an_experiment_the_live_deployment_answers(clinic: Clinic):
    version = clinic.version("hello")
    deployment = clinic.publish(version)

    answer = clinic.decide("ann")

    assert answer["reason"] == "live_deployment"
    assert answer["deployment_id"] == deployment["deployment_id"]
    assert answer["version"]["id"] == str(version["id"])
    assert answer["bundle"]["messages"] == [{"role": "system", "content": "hello"}]
    assert (answer["experiment"], answer["variant"], answer["assignment_id"]) == (None, None, None)


def test_nothing_deployed_says_what_to_do(clinic: Clinic):
    with pytest.raises(psycopg.Error) as caught:
        clinic.decide("ann")
    assert caught.value.sqlstate == "PT404"
    assert "nothing_deployed" in caught.value.diag.message_detail
    assert "Publish a version first" in caught.value.diag.message_hint


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ({}, "capability"),
        ({"intent": "ScheduleMeeting"}, "intent"),
        ({"intent": "CancelMeeting"}, "capability"),
        ({"action": "Book"}, "action"),
        ({"action": "Book", "intent": "CancelMeeting"}, "action"),
        ({"action": "Book", "intent": "ScheduleMeeting"}, "both"),
        ({"action": "UserLookup", "intent": "ScheduleMeeting"}, "intent"),
    ],
)
def test_the_most_specific_scope_wins(clinic: Clinic, scope, expected):
    clinic.publish(clinic.version("capability"))
    clinic.publish(clinic.version("intent"), intent="ScheduleMeeting")
    clinic.publish(clinic.version("action"), action="Book")
    clinic.publish(clinic.version("both"), action="Book", intent="ScheduleMeeting")

    assert clinic.decide("ann", **scope)["bundle"]["messages"][0]["content"] == expected


def test_a_subject_keeps_its_arm_and_is_logged_once(clinic: Clinic):
    experiment = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")})
    experiment.move("activate")

    first = clinic.decide("ann", attributes={"plan": "free"})
    again = clinic.decide("ann", attributes={"plan": "paid"})

    assert first["reason"] == "assigned"
    assert first == again
    logged = clinic.owner.one("select * from assignments")
    assert str(logged["id"]) == first["assignment_id"]
    assert logged["attributes"] == {"plan": "free"}


def test_two_first_decides_at_once_give_one_assignment(clinic: Clinic):
    clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")}).move("activate")
    callers = [clinic.world.server() for _ in range(4)]
    subjects = [f"s{i}" for i in range(25)]

    def decide_all(caller):
        return {s: clinic.decide(s, by=caller, workspace_id=clinic.workspace_id)["assignment_id"] for s in subjects}

    with ThreadPoolExecutor(len(callers)) as pool:
        answers = list(pool.map(decide_all, callers))

    assert all(answer == answers[0] for answer in answers)
    assert clinic.owner.one("select count(*) from assignments")["count"] == len(subjects)


def test_the_bucket_is_salted_sha256(clinic: Clinic):
    def bucket(salt, purpose, unit):
        return int(hashlib.sha256(f"{salt}:{purpose}:{unit}".encode()).hexdigest()[:12], 16) % 10_000

    owner = clinic.world.postgres()
    for unit in ("ann", "ünï", "客", "x" * 512):
        assert owner.one("select private.bucket('salt', 'variant', %s) b", unit)["b"] == bucket("salt", "variant", unit)


def test_arms_follow_their_buckets_and_weights(clinic: Clinic):
    experiment = clinic.experiment({"a": clinic.version("a")})
    experiment.arm("b", clinic.version("b"), weight=3)
    experiment.move("activate")

    counts = Counter(clinic.decide(f"s{i}")["variant"]["key"] for i in range(400))

    assert 60 < counts["a"] < 140
    wrong = clinic.owner.rows(
        "select from assignments a join experiment_phase_arms p using (phase_id, variant_id) "
        "where a.bucket not between p.bucket_from and p.bucket_to - 1"
    )
    assert wrong == []


def test_traffic_keeps_the_rest_on_the_live_version(clinic: Clinic):
    clinic.publish(clinic.version("live"))
    experiment = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")}, traffic=2000)
    experiment.move("activate")

    reasons = Counter(clinic.decide(f"s{i}")["reason"] for i in range(300))

    assert 30 < reasons["assigned"] < 95
    assert reasons["assigned"] + reasons["live_deployment"] == 300


def test_a_subject_in_the_experiment_stays_when_traffic_shrinks(clinic: Clinic):
    clinic.publish(clinic.version("live"))
    experiment = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")})
    experiment.move("activate")
    before = clinic.decide("ann")
    experiment.edit(traffic=0)

    assert clinic.decide("ann") == before
    assert clinic.decide("bob")["reason"] == "live_deployment"


def test_a_paused_experiment_gives_the_live_deployment(clinic: Clinic):
    clinic.publish(clinic.version("live"))
    experiment = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")})
    experiment.move("activate")
    arm = clinic.decide("ann")["variant"]["key"]
    experiment.move("pause")
    assert clinic.decide("ann")["reason"] == "live_deployment"
    experiment.move("resume")
    assert clinic.decide("ann")["variant"]["key"] == arm


def test_an_experiment_answers_only_within_its_scope(clinic: Clinic):
    clinic.publish(clinic.version("live"))
    experiment = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")})
    clinic.put("experiment_intents", experiment_id=experiment.id, intent_id=clinic.intents["ScheduleMeeting"])
    clinic.put(
        "experiment_actions",
        experiment_id=experiment.id, capability_id=clinic.capability_id, action_id=clinic.actions["Book"],
    )  # fmt: skip
    experiment.move("activate")

    inside = {"action": "Book", "intent": "ScheduleMeeting"}
    assert clinic.decide("ann", **inside)["reason"] == "assigned"
    assert clinic.decide("ann", **inside | {"action": "UserLookup"})["reason"] == "live_deployment"
    assert clinic.decide("ann", **inside | {"intent": "CancelMeeting"})["reason"] == "live_deployment"
    assert clinic.decide("ann", action="Book")["reason"] == "live_deployment"


def test_the_narrower_experiment_comes_first(clinic: Clinic):
    wide = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")}, key="wide")
    narrow = clinic.experiment({"a": clinic.version("c"), "b": clinic.version("d")}, key="narrow")
    clinic.put("experiment_intents", experiment_id=narrow.id, intent_id=clinic.intents["ScheduleMeeting"])
    wide.move("activate")
    narrow.move("activate")

    assert clinic.decide("ann", intent="ScheduleMeeting")["experiment"]["key"] == "narrow"
    assert clinic.decide("ann")["experiment"]["key"] == "wide"


def test_a_conversation_experiment_assigns_conversations(clinic: Clinic):
    clinic.publish(clinic.version("live"))
    experiment = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")}, unit="conversation")
    experiment.move("activate")

    arms = {clinic.decide("ann", conversation=f"c{i}")["variant"]["key"] for i in range(20)}

    assert arms == {"a", "b"}
    assert clinic.decide("ann")["reason"] == "live_deployment"


def test_a_variant_runs_its_own_version_per_action(clinic: Clinic):
    base = clinic.version("base")
    experiment = clinic.experiment({"a": base, "b": base})
    special = clinic.version("for booking")
    for arm in clinic.owner.rows("select id from variants"):
        clinic.put(
            "variant_versions",
            variant_id=arm["id"], action_id=clinic.actions["Book"], prompt_version_id=special["id"],
        )  # fmt: skip
    experiment.move("activate")

    assert clinic.decide("ann", action="Book")["version"]["id"] == str(special["id"])
    assert clinic.decide("ann", action="UserLookup")["version"]["id"] == str(base["id"])


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ({"environment": "nowhere"}, "unknown_environment"),
        ({"capability": "Nothing"}, "unknown_capability"),
        ({"action": "Fly"}, "unknown_action"),
        ({"intent": "Dream"}, "unknown_intent"),
        ({"subject": ""}, "bad_argument"),
        ({"subject": "x" * 513}, "bad_argument"),
    ],
)
def test_bad_calls_are_named(clinic: Clinic, call, code):
    clinic.publish(clinic.version("live"))
    arguments = {"subject": "ann"} | call
    with pytest.raises(psycopg.Error) as caught:
        clinic.decide(**arguments)
    assert f'"code": "{code}"' in caught.value.diag.message_detail
