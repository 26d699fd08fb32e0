"""Realtime: small hints to private topics, heard by members only."""

import pytest

from support.clinic import Clinic
from support.world import Actor


@pytest.fixture
def messages(clinic: Clinic):
    """What was sent since the last look: (topic, event, payload without Realtime's own id), all private."""
    admin = Actor(clinic.world.connect("supabase_admin"))

    def look():
        rows = admin.rows("select * from realtime.messages order by inserted_at, topic")
        admin.connection.execute("delete from realtime.messages")
        assert all(row["private"] and row["extension"] == "broadcast" for row in rows)
        return [(r["topic"], r["event"], {k: v for k, v in r["payload"].items() if k != "id"}) for r in rows]

    look()
    return look


def kinds(sent, topic: str) -> list[dict]:
    """What the only message to a topic says."""
    (said,) = [payload["changed"] for name, event, payload in sent if (name, event) == (topic, "changed")]
    return said


def test_a_publish_is_one_message_to_the_workspace(clinic: Clinic, messages):
    version = clinic.version("x")
    messages()
    made = clinic.publish(version)
    change = clinic.owner.one("select id from changes")["id"]
    assert messages() == [
        (
            f"workspace:{clinic.workspace_id}",
            "changed",
            {
                "changed": [
                    {"kind": "changes", "ids": [str(change)]},
                    {"kind": "deployments", "ids": [made["deployment_id"]]},
                ]
            },
        )
    ]


def test_a_move_tells_the_experiment_and_the_workspace_its_revision(clinic: Clinic, messages):
    experiment = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")})
    messages()
    experiment.move("activate")
    sent = messages()
    moved = {"kind": "experiments", "ids": [experiment.id], "revision": experiment.row["revision"]}
    assert len(sent) == 2
    assert moved in kinds(sent, f"experiment:{experiment.id}")
    assert moved in kinds(sent, f"workspace:{clinic.workspace_id}")


def test_a_transaction_of_many_statements_tells_each_topic_once(clinic: Clinic, messages):
    experiment = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")})
    messages()
    with clinic.owner.connection.transaction():
        for weight in (2, 3, 4):
            experiment.edit(weights={"a": weight, "b": weight})
        experiment.counts(clinic.metric("booked"))
        experiment.edit(name="n")
        assert messages() == [], "nothing is sent before the commit"
    sent = messages()
    assert len(sent) == len({topic for topic, _, _ in sent}), sent
    said = {entry["kind"]: entry for entry in kinds(sent, f"experiment:{experiment.id}")}
    assert {"experiments", "variants", "experiment_metrics"} <= said.keys()
    assert len(said["variants"]["ids"]) == 2
    assert said["experiment_metrics"]["ids"] is None, "a row without an id of its own"
    assert said["experiments"]["revision"] == experiment.row["revision"]


def test_more_than_fifty_rows_are_named_by_their_kind_alone(clinic: Clinic, messages):
    messages()
    clinic.owner.rows(
        "insert into intents (workspace_id, key, name) select %s, 'i' || n, 'i' from generate_series(1, 51) n returning id",
        clinic.workspace_id,
    )
    assert kinds(messages(), f"workspace:{clinic.workspace_id}") == [{"kind": "intents", "ids": None}]


def test_what_a_savepoint_took_back_is_not_announced(clinic: Clinic, messages):
    messages()
    with clinic.owner.connection.transaction():
        kept = clinic.put("intents", key="kept", name="kept")
        with clinic.owner.connection.transaction(force_rollback=True):
            clinic.put("intents", key="lost", name="lost")
    assert kinds(messages(), f"workspace:{clinic.workspace_id}") == [{"kind": "intents", "ids": [str(kept["id"])]}]


def test_who_is_removed_hears_it_on_a_channel_of_their_own(clinic: Clinic, messages):
    viewer = clinic.world.member(clinic.owner, clinic.workspace_id, "viewer")
    messages()
    clinic.owner.rows("delete from members where user_id = %s returning user_id", viewer.user_id)
    said = [{"kind": "members", "ids": None}]
    sent = messages()
    assert kinds(sent, f"user:{viewer.user_id}") == said
    assert said[0] in kinds(sent, f"workspace:{clinic.workspace_id}")


def test_nothing_that_was_noted_stays(clinic: Clinic):
    clinic.publish(clinic.version("x"))
    assert clinic.world.postgres().rows("select * from private.hints") == []


def test_a_tick_is_one_message_to_each_experiment_whose_numbers_moved(clinic: Clinic, messages):
    counted, other = clinic.metric("booked"), clinic.metric("other")
    version = clinic.version("a")
    clinic.publish(version)
    experiments = []
    for key, metric in (("one", counted), ("two", counted), ("three", other)):
        experiment = clinic.experiment({"a": version, "b": version}, key=key)
        experiment.counts(metric)
        experiment.move("activate")
        for i in range(5):
            # Each in its turn: a subject is in one experiment of a capability at a time.
            clinic.decide(f"{key}{i}")
        experiment.move("pause")
        experiments.append(experiment)
    clinic.world.catch_up()
    messages()
    rows = [clinic.outcome("booked", 1, subject=f"{key}{i}") for key in ("one", "two", "three") for i in range(5)]
    for row in rows:
        clinic.owner.rpc("record_outcomes", outcomes=[row])
    assert messages() == []

    clinic.world.tick()

    sent = messages()
    assert sorted(topic for topic, _, _ in sent) == sorted(f"experiment:{e.id}" for e in experiments[:2])
    assert [kinds(sent, f"experiment:{e.id}") for e in experiments[:2]] == [
        [{"kind": "results", "ids": [e.id]}] for e in experiments[:2]
    ]


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

    run = clinic.world.postgres().insert("runs", workspace_id=clinic.workspace_id, name="r", total=1)
    nouns = {
        "workspace": clinic.workspace_id,
        "experiment": experiment.id,
        "prompt": clinic.prompt_id,
        "run": run["id"],
    }
    for topic in (f"{noun}:{key}" for noun, key in nouns.items()):
        assert hears(clinic.owner, topic)
        assert hears(viewer, topic)
        assert not hears(outsider, topic)
    for actor in (viewer, outsider):
        assert hears(actor, f"user:{actor.user_id}")
        assert not hears(clinic.owner, f"user:{actor.user_id}")
    clinic.owner.rows("delete from members where user_id = %s returning user_id", viewer.user_id)
    assert not hears(viewer, f"workspace:{clinic.workspace_id}")
    for topic in (
        "jobs",
        "workspace:",
        f"WORKSPACE:{clinic.workspace_id}",
        f"workspace:{str(clinic.workspace_id).upper()}",
        "experiment:x",
        "",
        f"workspace:{clinic.workspace_id}:x",
        f"x:{experiment.id}",
    ):
        assert not hears(clinic.owner, topic)


def test_nobody_sends(clinic: Clinic):
    with pytest.raises(Exception, match="row-level security"):
        clinic.owner.connection.execute(
            "insert into realtime.messages (topic, extension, event, payload, private) values (%s, 'broadcast', 'x', '{}', true)",
            [f"workspace:{clinic.workspace_id}"],
        )
