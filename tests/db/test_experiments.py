"""The life of an experiment: moves, revisions, phases, rolled-back arms."""

import psycopg
import pytest

from support.clinic import Clinic, Experiment


@pytest.fixture
def experiment(clinic: Clinic) -> Experiment:
    clinic.publish(clinic.version("live"))
    return clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")})


def refused(experiment: Experiment, verb: str, **more) -> psycopg.Error:
    with pytest.raises(psycopg.Error) as caught:
        experiment.move(verb, **more)
    return caught.value


def phases(experiment: Experiment) -> list[dict]:
    return experiment.clinic.owner.rows(
        "select p.number, v.key, a.weight, a.bucket_from, a.bucket_to from experiment_phases p "
        "join experiment_phase_arms a on a.phase_id = p.id join variants v on v.id = a.variant_id "
        "where p.experiment_id = %s order by p.number, v.key",
        experiment.id,
    )


def test_moves_follow_the_table(experiment: Experiment):
    assert "move_not_allowed" in refused(experiment, "pause").diag.message_detail
    assert experiment.move("activate")["state"] == "active"
    assert refused(experiment, "activate").sqlstate == "PT409"
    assert experiment.move("pause")["state"] == "paused"
    assert experiment.move("resume")["state"] == "active"
    assert experiment.move("archive")["state"] == "archived"
    assert refused(experiment, "resume").sqlstate == "PT409"
    row = experiment.row
    assert row["started_at"] is not None
    assert row["ended_at"] is not None


def test_a_stale_revision_changes_nothing(experiment: Experiment):
    stale = experiment.row["revision"]
    experiment.move("activate")
    with pytest.raises(psycopg.Error) as caught:
        experiment.clinic.owner.rpc("pause", experiment_id=experiment.id, expected_revision=stale)
    assert caught.value.sqlstate == "PT409"
    assert "stale_revision" in caught.value.diag.message_detail
    assert experiment.row["state"] == "active"


def test_every_change_counts_the_revision_up(experiment: Experiment):
    before = experiment.row["revision"]
    experiment.edit(name="new")
    assert experiment.row["revision"] == before + 1


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ("delete from variants where key = 'b'", "at least two arms"),
        ("update variants set weight = 0 where is_control", "no control with a weight"),
        (
            "delete from variant_versions where variant_id = (select id from variants where key = 'b')",
            "arm b has no version",
        ),
    ],
)
def test_an_incomplete_experiment_says_what_is_missing(experiment: Experiment, spoil, words):
    experiment.clinic.world.admin.connection.execute(spoil)
    error = refused(experiment, "activate")
    assert error.sqlstate == "PT422"
    assert words in error.diag.message_primary


def test_an_arm_must_run_this_capabilitys_prompt(experiment: Experiment):
    clinic = experiment.clinic
    other = clinic.put("capabilities", key="Cancel", name="Cancel")
    prompt = clinic.put("prompts", key="cancel", name="Cancel", capability_id=other["id"])
    experiment.arm("c", clinic.version("c", prompt_id=prompt["id"]))
    assert "arm c runs a version of another capability" in refused(experiment, "activate").diag.message_primary


def test_buckets_are_shared_out_whole(experiment: Experiment):
    experiment.arm("c", experiment.clinic.version("c"), weight=5)
    experiment.move("activate")
    assert [tuple(p.values()) for p in phases(experiment)] == [
        (1, "a", 1, 0, 1428),
        (1, "b", 1, 1428, 2857),
        (1, "c", 5, 2857, 10000),
    ]


def test_weights_changed_in_a_pause_open_a_phase(experiment: Experiment):
    experiment.move("activate")
    with pytest.raises(psycopg.Error) as caught:
        experiment.edit(weights={"b": 3})
    assert "pause_first" in caught.value.diag.message_detail
    experiment.move("pause")
    experiment.move("resume")
    assert {p["number"] for p in phases(experiment)} == {1}
    experiment.move("pause")
    paused = experiment.row["revision"]
    assert experiment.edit(weights={"b": 3})["revision"] == paused + 1
    experiment.move("resume")
    assert [(p["number"], p["weight"]) for p in phases(experiment)] == [(1, 1), (1, 1), (2, 1), (2, 3)]


def test_a_started_experiment_keeps_what_was_measured_comparable(experiment: Experiment):
    clinic = experiment.clinic
    experiment.move("activate")
    experiment.move("pause")
    other = str(clinic.version("other")["id"])
    for change in (
        {"key": "renamed"},
        {"unit": "conversation"},
        {"environment": "staging"},
        {"intents": ["CancelMeeting"]},
        {"actions": ["Book"]},
        {"audience": {"attribute": "plan", "eq": "pro"}},
        {"metrics": [{"metric": clinic.metric("booked")["key"], "role": "primary"}]},
        {"variants": [{"key": "a", "is_control": False}, {"key": "b", "is_control": True}]},
        {"variants": [{"key": "b"}]},
        {"variants": [{"key": "a"}, {"key": "b", "versions": other}]},
    ):
        with pytest.raises(psycopg.Error) as caught:
            experiment.edit(**change)
        assert "experiment_started" in (caught.value.diag.message_detail or ""), change
    with pytest.raises(psycopg.Error) as caught:
        clinic.owner.connection.execute("delete from experiments")
    assert "experiment_started" in (caught.value.diag.message_detail or "")


@pytest.mark.parametrize("state", ["in_review", "active", "paused", "archived"])
def test_rows_are_written_one_by_one_only_in_a_draft(experiment: Experiment, state: str):
    clinic = experiment.clinic
    metric = clinic.metric("booked")
    clinic.world.admin.rows("update experiments set state = %s where id = %s returning id", state, experiment.id)
    for statement in (
        "delete from variants where key = 'b'",
        "delete from variant_versions",
        f"insert into variants (workspace_id, experiment_id, key, name) values ('{clinic.workspace_id}', '{experiment.id}', 'c', 'c')",
        f"insert into experiment_metrics (workspace_id, experiment_id, metric_id) values ('{clinic.workspace_id}', '{experiment.id}', '{metric['id']}')",
    ):
        with pytest.raises(psycopg.Error) as caught:
            clinic.owner.connection.execute(statement)
        assert caught.value.sqlstate == "PT409", statement
        assert "revision_required" in (caught.value.diag.message_detail or ""), statement
    for table, column in (("experiments", "name"), ("variants", "weight"), ("variant_versions", "prompt_version_id")):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            clinic.owner.connection.execute(f"update {table} set {column} = {column}")


def test_a_draft_can_be_thrown_away(experiment: Experiment):
    experiment.clinic.owner.connection.execute("delete from experiments")
    assert experiment.clinic.owner.rows("select * from variants") == []


def test_a_rolled_back_arm_runs_the_control_and_keeps_its_subjects(experiment: Experiment):
    experiment.arm("c", experiment.clinic.version("c"))
    experiment.move("activate")
    clinic = experiment.clinic
    before = {f"s{i}": clinic.decide(f"s{i}") for i in range(30)}
    assert {d["variant"]["key"] for d in before.values()} == {"a", "b", "c"}

    answer = experiment.move("rollback_variant", variant="b", reason="worse")

    assert answer["state"] == "active"
    assert answer["revision"] == experiment.row["revision"]
    for subject, decision in before.items():
        after = clinic.decide(subject)
        assert after["variant"] == decision["variant"]
        rolled_back = decision["variant"]["key"] == "b"
        assert after["reason"] == ("variant_rolled_back" if rolled_back else "assigned")
        assert after["bundle"]["messages"][0]["content"] == ("a" if rolled_back else decision["variant"]["key"])
    assert {clinic.decide(f"new{i}")["variant"]["key"] for i in range(30)} == {"a", "c"}
    assert {(p["number"], p["key"]) for p in phases(experiment)} == {(1, "a"), (1, "b"), (1, "c"), (2, "a"), (2, "c")}


@pytest.mark.parametrize(
    ("variant", "code"), [("a", "control_stays"), ("zzz", "unknown_variant"), ("b", "already_rolled_back")]
)
def test_what_cannot_be_rolled_back_is_named(experiment: Experiment, variant, code):
    experiment.move("activate")
    experiment.move("rollback_variant", variant="b")
    assert code in refused(experiment, "rollback_variant", variant=variant).diag.message_detail


def test_moves_are_in_the_ledger(experiment: Experiment):
    experiment.move("activate")
    experiment.move("pause")
    experiment.move("resume")
    experiment.move("rollback_variant", variant="b", reason="worse")
    experiment.move("archive")
    ledger = experiment.clinic.owner.rows(
        "select kind from changes where experiment_id = %s order by id", experiment.id
    )
    assert [row["kind"] for row in ledger] == [
        "experiment_activated", "experiment_paused", "experiment_resumed", "variant_rolled_back", "experiment_archived",
    ]  # fmt: skip


def test_an_archived_draft_is_not_a_change(experiment: Experiment):
    experiment.move("archive")
    assert experiment.clinic.owner.rows("select * from changes where experiment_id = %s", experiment.id) == []


def moved(experiment: Experiment, verb: str) -> str:
    """A move that governance makes: no public verb of its own bears its name."""
    query = "select private.move_experiment(%s, %s, %s, null) as m"
    return experiment.clinic.owner.one(query, experiment.id, verb, experiment.row["revision"])["m"]["state"]


def test_a_draft_goes_to_review_and_comes_back(experiment: Experiment):
    assert moved(experiment, "submit") == "in_review"
    assert moved(experiment, "withdraw") == "draft"
    assert moved(experiment, "submit") == "in_review"
    assert moved(experiment, "reject") == "draft"
    with pytest.raises(psycopg.Error) as caught:
        moved(experiment, "reject")
    assert "move_not_allowed" in (caught.value.diag.message_detail or "")
    assert moved(experiment, "submit") == "in_review"
    assert experiment.move("activate")["state"] == "active"


def test_each_move_asks_for_its_own_permission(experiment: Experiment):
    clinic = experiment.clinic
    writer = clinic.world.member(clinic.owner, clinic.workspace_id, "enablement")
    call = "select private.move_experiment(%s, %s, %s, null) as m"
    assert writer.one(call, experiment.id, "submit", experiment.row["revision"])["m"]["state"] == "in_review"
    for verb in ("reject", "activate"):
        with pytest.raises(psycopg.Error) as caught:
            writer.one(call, experiment.id, verb, experiment.row["revision"])
        assert "permission_denied" in (caught.value.diag.message_detail or "")
