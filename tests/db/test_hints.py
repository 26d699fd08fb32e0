"""Realtime: small hints to private topics, heard by members only."""

import pytest

from support.clinic import Clinic
from support.world import Actor


@pytest.fixture
def messages(clinic: Clinic):
    """What was sent since the last look: (topic, event, payload without its id), all private."""
    admin = Actor(clinic.world.connect("supabase_admin"))

    def look():
        rows = admin.rows("select * from realtime.messages order by inserted_at, payload ->> 'kind'")
        admin.connection.execute("delete from realtime.messages")
        assert all(row["private"] and row["extension"] == "broadcast" for row in rows)
        return [(r["topic"], r["event"], {k: v for k, v in r["payload"].items() if k != "id"}) for r in rows]

    look()
    return look


def test_a_publish_tells_the_workspace(clinic: Clinic, messages):
    version = clinic.version("x")
    messages()
    made = clinic.publish(version)
    change = clinic.owner.one("select id from changes")["id"]
    topic = f"workspace:{clinic.workspace_id}"
    assert sorted(messages(), key=lambda m: m[2]["kind"]) == [
        (topic, "changed", {"kind": "changes", "ids": [str(change)]}),
        (topic, "changed", {"kind": "deployments", "ids": [made["deployment_id"]]}),
    ]


def test_a_move_tells_the_experiment_and_the_workspace(clinic: Clinic, messages):
    experiment = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")})
    messages()
    experiment.move("activate")
    sent = messages()
    assert (f"experiment:{experiment.id}", "changed", {"kind": "state", "experiment_id": experiment.id}) in sent
    assert (f"workspace:{clinic.workspace_id}", "changed", {"kind": "experiments", "ids": [experiment.id]}) in sent


def test_a_batch_of_outcomes_is_one_message_to_each_experiment_that_counts_it(clinic: Clinic, messages):
    counted, other = clinic.metric("booked"), clinic.metric("other")
    version = clinic.version("a")
    experiments = []
    for key, metric in (("one", counted), ("two", counted), ("three", other)):
        experiment = clinic.experiment({"a": version, "b": version}, key=key)
        experiment.counts(metric)
        experiment.move("activate")
        experiments.append(experiment)
    messages()
    clinic.owner.rpc("record_outcomes", outcomes=[clinic.outcome("booked", 1, subject=f"s{i}") for i in range(50)])
    assert sorted(topic for topic, _, _ in messages()) == sorted(f"experiment:{e.id}" for e in experiments[:2])


def test_new_subjects_are_announced_at_most_once_a_second(clinic: Clinic, messages):
    experiment = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")})
    experiment.move("activate")
    messages()
    postgres = clinic.world.postgres()
    for i in range(5):
        clinic.decide(f"s{i}")
        postgres.connection.execute("update private.hint_clock set sent_at = clock_timestamp() where true")
    assert [payload["kind"] for _, _, payload in messages()] == ["results"]
    postgres.connection.execute("update private.hint_clock set sent_at = sent_at - interval '2 seconds' where true")
    clinic.decide("late")
    assert [payload["kind"] for _, _, payload in messages()] == ["results"]


def test_a_refused_call_announces_nothing(clinic: Clinic, messages):
    version = clinic.version("a")
    clinic.publish(version)
    messages()
    with pytest.raises(Exception, match="live"):
        clinic.publish(version)
    assert messages() == []


def test_only_members_hear(clinic: Clinic):
    version = clinic.version("a")
    experiment = clinic.experiment({"a": version, "b": version})
    viewer = clinic.world.member(clinic.owner, clinic.workspace_id, "viewer")
    outsider = clinic.world.user("outsider")
    admin = Actor(clinic.world.connect("supabase_admin"))

    def hears(actor: Actor, topic: str) -> bool:
        # As Realtime asks: a probe row, then a look through the caller's eyes.
        admin.connection.execute("delete from realtime.messages")
        admin.connection.execute("select realtime.send('{}', 'probe', %s, true)", [topic])
        actor.connection.execute("select set_config('realtime.topic', %s, false)", [topic])
        return bool(actor.rows("select from realtime.messages"))

    for topic in (f"workspace:{clinic.workspace_id}", f"experiment:{experiment.id}"):
        assert hears(clinic.owner, topic)
        assert hears(viewer, topic)
        assert not hears(outsider, topic)
    for topic in ("jobs", "workspace:", "experiment:x", "", f"workspace:{clinic.workspace_id}:x", f"x:{experiment.id}"):
        assert not hears(clinic.owner, topic)


def test_nobody_sends(clinic: Clinic):
    with pytest.raises(Exception, match="row-level security"):
        clinic.owner.connection.execute(
            "insert into realtime.messages (topic, extension, event, payload, private) values (%s, 'broadcast', 'x', '{}', true)",
            [f"workspace:{clinic.workspace_id}"],
        )
