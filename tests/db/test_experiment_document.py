"""The document of an experiment: what defines it, its hash, and the revision that counts its changes."""

import hashlib
import json
from typing import Any

import pytest

from support.clinic import Clinic, Experiment


@pytest.fixture
def draft(clinic: Clinic) -> Experiment:
    experiment = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")})
    experiment.counts(clinic.metric("booked"))
    clinic.put("experiment_intents", experiment_id=experiment.id, intent_id=clinic.intents["ScheduleMeeting"])
    return experiment


def document(experiment: Experiment) -> dict[str, Any]:
    postgres = experiment.clinic.world.postgres()
    return postgres.one("select private.experiment_document(%s) d", experiment.id)["d"]


def content_hash(experiment: Experiment) -> str:
    return experiment.clinic.world.postgres().one("select private.experiment_hash(%s) h", experiment.id)["h"]


def test_the_document_holds_what_defines_the_experiment(draft: Experiment):
    said = document(draft)
    assert (said["key"], said["environment"], said["capability"]) == ("tone", "production", "BookAppointment")
    assert said["intents"] == ["ScheduleMeeting"]
    assert said["metrics"] == [{"metric": "goal", "role": "primary"}, {"metric": "booked", "role": "secondary"}]
    assert [(arm["key"], arm["weight"], list(arm["versions"])) for arm in said["variants"]] == [
        ("a", 1, ["*"]),
        ("b", 1, ["*"]),
    ]
    assert not {"state", "revision", "created_at", "updated_at", "salt", "id"} & set(said)


def test_the_hash_is_sha256_of_the_document_and_of_what_its_names_mean(draft: Experiment):
    printed = draft.clinic.world.postgres().one(
        "select private.experiment_document(%s)::text d, private.experiment_references(%s)::text r",
        draft.id,
        draft.id,
    )
    assert content_hash(draft) == hashlib.sha256((printed["d"] + printed["r"]).encode()).hexdigest()
    assert json.loads(printed["d"]) == document(draft)


def test_a_move_leaves_the_hash_as_it_is(draft: Experiment):
    before = content_hash(draft)
    draft.move("activate")
    draft.move("pause")
    assert content_hash(draft) == before


PARTS = {
    "an arm": "insert into variants (workspace_id, experiment_id, key, name) values ('{w}', '{e}', 'c', 'c')",
    "an arm less": "delete from variants where key = 'b'",
    "what an arm runs": "delete from variant_versions where variant_id = (select id from variants where key = 'b')",
    "an action": "insert into experiment_actions (workspace_id, experiment_id, capability_id, action_id) "
    "select workspace_id, '{e}', capability_id, id from actions where key = 'Book'",
    "an intent less": "delete from experiment_intents",
    "a metric less": "delete from experiment_metrics",
}


@pytest.mark.parametrize("change", PARTS)
def test_a_change_of_any_part_changes_hash_and_revision(draft: Experiment, change: str):
    before, revision = content_hash(draft), draft.row["revision"]
    statement = PARTS[change].format(w=draft.clinic.workspace_id, e=draft.id)
    draft.clinic.owner.connection.execute(statement)
    assert content_hash(draft) != before
    assert draft.row["revision"] == revision + 1


def test_one_transaction_is_one_revision(draft: Experiment):
    revision = draft.row["revision"]
    with draft.clinic.owner.connection.transaction():
        draft.arm("c", draft.clinic.version("c"))
        draft.arm("d", draft.clinic.version("d"))
    assert draft.row["revision"] == revision + 1
