"""Experiments from documents: one call makes a whole draft, an edit names the revision, a stale one undoes nothing."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from support.clinic import Clinic, Experiment
from support.world import Actor


@pytest.fixture
def whole(clinic: Clinic) -> dict[str, Any]:
    """A document that uses every field."""
    clinic.metric("booked")
    clinic.metric("complaints", direction="decrease")
    clinic.put("layers", key="tone", name="Tone")
    versions = [str(clinic.version(text)["id"]) for text in ("a", "b")]
    return {
        "key": "greeting", "name": "Greeting", "hypothesis": "Shorter is better.",
        "environment": "production", "capability": "BookAppointment",
        "actions": ["UserLookup", "Book"], "intents": ["ScheduleMeeting"],
        "unit": "conversation", "traffic": 5000, "minimum_effect": 0.02, "planned_units": 4000,
        "assigned_by": "upshot", "switchers": "first_arm", "segments": ["plan"],
        "audience": {"attribute": "plan", "eq": "pro"}, "layer": {"key": "tone", "from": 0, "to": 5000},
        "metrics": [
            {"metric": "booked", "role": "primary"},
            {"metric": "complaints", "role": "guardrail", "margin": 0.01},
        ],
        "factors": [],
        "variants": [
            {"key": "control", "name": "Control", "weight": 1, "is_control": True, "levels": {},
             "versions": {"*": versions[0]}},
            {"key": "short", "name": "Short", "weight": 2, "is_control": False, "levels": {},
             "versions": {"*": versions[0], "Book": versions[1]}},
        ],
    }  # fmt: skip


def refusal(actor: Actor, verb: str, **arguments: Any) -> tuple[str, dict[str, Any]]:
    with pytest.raises(psycopg.Error) as caught:
        actor.rpc(verb, **arguments)
    return caught.value.sqlstate or "?", json.loads(str(caught.value.diag.message_detail))


def test_one_call_drafts_a_whole_experiment_and_reads_back_as_it_was_written(clinic: Clinic, whole):
    made = clinic.owner.rpc("create_experiment", document=whole)
    assert (made["state"], made["revision"]) == ("draft", 1)
    assert made["document"] == whole
    assert clinic.owner.rpc("experiment_document", experiment_id=made["experiment_id"]) == made
    assert (
        clinic.owner.rpc("activate", experiment_id=made["experiment_id"], expected_revision=made["revision"])["state"]
        == "active"
    )


def test_the_same_call_again_answers_the_same_experiment(clinic: Clinic, whole):
    made = clinic.owner.rpc("create_experiment", document=whole)
    assert clinic.owner.rpc("create_experiment", document=whole) == made
    state, detail = refusal(clinic.owner, "create_experiment", document=whole | {"traffic": 1})
    assert (state, detail["code"], detail["experiment_id"]) == ("PT409", "experiment_key_taken", made["experiment_id"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"environment": "nowhere"}, "environment"),
        ({"capability": "nothing"}, "capability"),
        ({"environment": None}, "environment"),
        ({"actions": ["Book", "Fly"]}, "actions[1]"),
        ({"actions": "Book"}, "actions"),
        ({"intents": ["Sing"]}, "intents[0]"),
        ({"traffic": 10001}, "traffic"),
        ({"traffic": 1.5}, "traffic"),
        ({"traffic": "all"}, "traffic"),
        ({"unit": "person"}, "unit"),
        ({"name": ""}, "name"),
        ({"key": "a b"}, "key"),
        ({"colour": "red"}, "colour"),
        ({"minimum_effect": 0}, "minimum_effect"),
        ({"planned_units": 39}, "planned_units"),
        ({"planned_units": 100.5}, "planned_units"),
        ({"layer": {"key": "tone", "from": 5, "to": 5}}, "layer.to"),
        ({"layer": {"key": "none", "from": 0, "to": 5}}, "layer.key"),
        ({"metrics": [{"metric": "luck"}]}, "metrics[0].metric"),
        ({"metrics": [{"role": "primary"}]}, "metrics[0].metric"),
        ({"metrics": [{"metric": "booked", "margin": 1}]}, "metrics[0].margin"),
        ({"metrics": [{"metric": "booked"}, {"metric": "booked"}]}, "metrics"),
        ({"variants": [{"key": "a", "weight": -1}]}, "variants[0].weight"),
        ({"variants": [{"key": "a"}, {"key": "a"}]}, "variants"),
        ({"variants": [{"key": "a", "is_control": True}, {"key": "b", "is_control": True}]}, "variants"),
        ({"variants": [{"key": "a", "versions": {"Fly": "x"}}]}, "variants[0].versions.Fly"),
        ({"variants": [{"key": "a", "versions": {"*": "booking@nope"}}]}, "variants[0].versions.*"),
        ({"variants": [{"key": "a", "levels": {"model": "x"}}]}, "variants[0].levels.model"),
        ({"weights": {"nobody": 1}}, "weights.nobody"),
        ({"base": "x"}, "base"),
    ],
)
def test_a_document_that_is_not_valid_names_its_field(clinic: Clinic, whole, change, field):
    state, detail = refusal(clinic.owner, "create_experiment", document=whole | change)
    assert (state, detail["code"], detail["field"]) == ("PT422", "bad_document", field)
    assert clinic.owner.rows("select * from experiments") == []


@pytest.mark.parametrize("document", [[], "x", 1, None])
def test_a_document_is_an_object(clinic: Clinic, document):
    query = "select create_experiment(%s::jsonb)"
    with pytest.raises(psycopg.Error) as caught:
        clinic.owner.rows(query, json.dumps(document))
    assert caught.value.sqlstate == "PT422"


@pytest.mark.parametrize(
    "reference",
    [
        "booking@main",
        "booking@stable",
        "booking@2",
        {"prompt": "booking", "tag": "stable"},
        {"prompt": "booking", "number": 2},
    ],
)
def test_a_version_may_be_meant_by_branch_tag_or_number(clinic: Clinic, whole, reference):
    wanted = str(clinic.owner.one("select id from prompt_versions where number = 2")["id"])
    clinic.owner.rpc("tag_version", version_id=wanted, name="stable")
    document = whole | {
        "variants": [{"key": "a", "versions": reference if isinstance(reference, str) else {"*": reference}}]
    }
    made = clinic.owner.rpc("create_experiment", document=document)
    assert made["document"]["variants"][0]["versions"] == {"*": wanted}


def test_an_edit_changes_what_it_names_and_nothing_else(clinic: Clinic, whole):
    made = clinic.owner.rpc("create_experiment", document=whole)
    answer = clinic.owner.rpc(
        "edit_experiment",
        experiment_id=made["experiment_id"],
        expected_revision=1,
        changes={"name": "New", "weights": {"short": 7}, "intents": [], "actions": ["Book"], "layer": None},
    )
    assert answer["revision"] == 2
    expected = whole | {"name": "New", "intents": [], "actions": ["Book"], "layer": None}
    expected["variants"][1]["weight"] = 7
    assert answer["document"] == expected
    assert answer["content_hash"] != made["content_hash"]


def test_arms_that_are_not_listed_go_and_what_is_not_said_of_one_stays(clinic: Clinic, whole):
    made = clinic.owner.rpc("create_experiment", document=whole)
    version = str(clinic.version("c")["id"])
    arms = [{"key": "short", "is_control": True}, {"key": "third", "versions": {"*": version}}]
    call = {"experiment_id": made["experiment_id"], "expected_revision": 1, "changes": {"variants": arms}}
    after = clinic.owner.rpc("edit_experiment", **call)["document"]["variants"]
    assert [(a["key"], a["weight"], a["is_control"]) for a in after] == [("short", 2, True), ("third", 1, False)]
    assert after[0]["versions"] == whole["variants"][1]["versions"]


def test_what_is_as_it_was_is_no_change(clinic: Clinic, whole):
    made = clinic.owner.rpc("create_experiment", document=whole)
    call = {"experiment_id": made["experiment_id"], "expected_revision": 1, "changes": made["document"]}
    assert clinic.owner.rpc("edit_experiment", **call) == made


def test_a_stale_edit_is_refused_and_told_what_changed(clinic: Clinic, whole):
    made = clinic.owner.rpc("create_experiment", document=whole)
    call = {"experiment_id": made["experiment_id"], "expected_revision": 1}
    clinic.owner.rpc("edit_experiment", **call, changes={"traffic": 100})
    clinic.owner.rpc("activate", experiment_id=made["experiment_id"], expected_revision=2)
    state, detail = refusal(clinic.owner, "edit_experiment", **call, changes={"traffic": 10000, "name": "Mine"})
    assert (state, detail["code"], detail["revision"]) == ("PT409", "stale_revision", 3)
    assert detail["changed"] == {
        "traffic": {"then": 5000, "now": 100},
        "state": {"then": "draft", "now": "active"},
    }
    now = clinic.owner.rpc("experiment_document", experiment_id=made["experiment_id"])
    assert (now["document"]["traffic"], now["document"]["name"], now["state"]) == (100, "Greeting", "active")


def test_of_two_editors_at_once_one_wins_and_the_other_is_told(clinic: Clinic, whole):
    made = clinic.owner.rpc("create_experiment", document=whole)
    editors = [clinic.world.member(clinic.owner, clinic.workspace_id, "engineer") for _ in range(4)]

    def edit(n: int) -> str:
        try:
            editors[n].rpc(
                "edit_experiment",
                experiment_id=made["experiment_id"], expected_revision=1, changes={"name": f"editor {n}"},
            )  # fmt: skip
        except psycopg.Error as error:
            return json.loads(str(error.diag.message_detail))["changed"]["name"]["now"]
        return f"editor {n}"

    with ThreadPoolExecutor(len(editors)) as pool:
        names = set(pool.map(edit, range(len(editors))))
    now = clinic.owner.rpc("experiment_document", experiment_id=made["experiment_id"])
    assert (now["revision"], names) == (2, {now["document"]["name"]})


def test_a_row_that_waits_for_an_activation_comes_too_late(clinic: Clinic):
    experiment = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")})
    holder, late = clinic.world.server(), clinic.world.member(clinic.owner, clinic.workspace_id, "engineer")
    values = {"workspace_id": clinic.workspace_id, "experiment_id": experiment.id, "key": "c", "name": "c", "weight": 9}
    with ThreadPoolExecutor(1) as pool:
        with holder.connection.transaction():
            holder.rpc("activate", experiment_id=experiment.id, expected_revision=experiment.row["revision"])
            waiting = pool.submit(late.insert, "variants", **values)
            pid = late.connection.info.backend_pid
            query = "select from pg_stat_activity where pid = %s and wait_event_type = 'Lock'"
            while not clinic.world.admin.rows(query, pid):
                assert not waiting.done(), waiting.result()
        with pytest.raises(psycopg.Error) as caught:
            waiting.result()
    assert "revision_required" in (caught.value.diag.message_detail or "")
    assert {row["key"] for row in clinic.owner.rows("select key from variants")} == {"a", "b"}


def test_an_edit_takes_an_experiment_out_of_review(clinic: Clinic, whole):
    made = clinic.owner.rpc("create_experiment", document=whole)
    ids = {"experiment_id": made["experiment_id"]}
    clinic.world.admin.rows(
        "update experiments set state = 'in_review' where id = %s returning id", ids["experiment_id"]
    )
    same = clinic.owner.rpc("edit_experiment", **ids, expected_revision=2, changes={"traffic": 5000})
    assert (same["state"], same["revision"]) == ("in_review", 2)
    assert clinic.owner.rpc("edit_experiment", **ids, expected_revision=2, changes={"traffic": 1})["state"] == "draft"


def test_an_archived_experiment_is_not_edited(clinic: Clinic):
    experiment = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")})
    experiment.move("archive")
    with pytest.raises(psycopg.Error) as caught:
        experiment.edit(name="late")
    assert "move_not_allowed" in (caught.value.diag.message_detail or "")


def test_every_revision_is_remembered_with_who_made_it(clinic: Clinic):
    experiment = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")})
    engineer = clinic.world.member(clinic.owner, clinic.workspace_id, "engineer")
    revision = experiment.edit(by=engineer, name="New")["revision"]
    experiment.move("activate")
    kept = clinic.owner.rows(
        "select * from experiment_revisions where experiment_id = %s order by revision desc", experiment.id
    )
    assert [(k["revision"], k["state"]) for k in kept[:2]] == [(revision + 1, "active"), (revision, "draft")]
    assert str(kept[1]["actor_id"]) == engineer.user_id
    assert (kept[1]["document"]["name"], kept[2]["document"]["name"]) == ("New", "tone")
    assert kept[0]["content_hash"] == kept[1]["content_hash"]


def test_a_fork_is_a_draft_of_everything_with_a_salt_of_its_own(clinic: Clinic, whole):
    made = clinic.owner.rpc("create_experiment", document=whole)
    clinic.owner.rpc("activate", experiment_id=made["experiment_id"], expected_revision=1)
    fork = clinic.owner.rpc("fork_experiment", experiment_id=made["experiment_id"], key="again")
    assert (fork["state"], fork["revision"], fork["parent_experiment_id"]) == ("draft", 1, made["experiment_id"])
    assert fork["document"] == whole | {"key": "again"}
    assert clinic.owner.one("select count(distinct salt) from experiments")["count"] == 2
    assert clinic.owner.rpc("fork_experiment", experiment_id=made["experiment_id"], key="again") == fork
    state, detail = refusal(clinic.owner, "fork_experiment", experiment_id=made["experiment_id"], key="greeting")
    assert (state, detail["code"]) == ("PT409", "experiment_key_taken")


def test_ancestry_tells_parents_and_children_with_their_states(clinic: Clinic):
    first = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")}, key="first")
    first.move("archive")
    second = Experiment(
        clinic, clinic.owner.rpc("fork_experiment", experiment_id=first.id, key="second")["experiment_id"]
    )
    third = Experiment(
        clinic, clinic.owner.rpc("fork_experiment", experiment_id=second.id, key="third")["experiment_id"]
    )
    second.move("activate")
    told = clinic.owner.rpc("experiment_ancestry", experiment_id=second.id)
    assert (told["key"], [p["key"] for p in told["parents"]], [c["key"] for c in told["children"]]) == (
        "second", ["first"], ["third"],
    )  # fmt: skip
    assert (told["parents"][0]["state"], told["state"], told["children"][0]["state"]) == ("archived", "active", "draft")
    told = clinic.owner.rpc("experiment_ancestry", experiment_id=third.id)
    assert [(p["key"], p["distance"]) for p in told["parents"]] == [("second", 1), ("first", 2)]
