"""Rows on their way in, while somebody takes rows away."""

from typing import Any

import pytest
from psycopg.types.json import Jsonb

from support.clinic import Clinic
from support.rivals import overtaken
from support.world import Actor

MAPPING = {
    "metric": {"value": "booked"},
    "value": {"value": "1"},
    "subject": {"column": "who"},
    "event_id": {"column": "who"},
    "occurred_at": {"value": "2026-01-01T10:00:00Z"},
}


@pytest.fixture
def admin(clinic: Clinic) -> Actor:
    return clinic.world.member(clinic.owner, clinic.workspace_id, "admin")


def checked(clinic: Clinic, name: str) -> str:
    """A file of two rows that is about to land."""
    made = clinic.owner.rpc("start_import", environment="production", columns=["who"], name=name)
    clinic.owner.rpc("stage_rows", import_id=made["id"], rows=Jsonb([["ann"], ["bob"]]))
    mapping = MAPPING | {"origin": "crm"}
    clinic.owner.rpc("map_columns", import_id=made["id"], mapping=mapping)
    assert clinic.owner.rpc("check_import", import_id=made["id"])["rows_good"] == 2
    return str(made["id"])


def state(clinic: Clinic, import_id: str) -> dict[str, Any]:
    return clinic.owner.one("select state, rows_landed, rows_undone from metric_imports where id = %s", import_id)


def test_an_erasure_waits_for_what_is_on_its_way_and_what_is_sent_again_stays_away(clinic: Clinic, admin: Actor):
    clinic.metric("booked", "mean")
    version = clinic.version("x")
    call = clinic.inference(version, "ann", conversation="c1", keys=[{"type": "ticket", "value": "T-7"}])
    ended = overtaken(
        clinic.world,
        clinic.owner, lambda: clinic.owner.rpc("record_inferences", inferences=[call]),
        admin, lambda: admin.rpc("erase_subject", subject="ann", reason="Asked"),
    )  # fmt: skip
    assert ended == "ok"
    other = clinic.inference(version, "bob")
    again = clinic.owner.rpc("record_inferences", inferences=[call, other])
    assert (again["accepted"], again["duplicates"], again["errors"]) == (1, 1, [])
    assert [r["subject"] for r in clinic.owner.rows("select subject from inferences")] == ["bob"]
    assert clinic.owner.rows("select 1 from outcome_keys") == []


def test_an_erasure_waits_for_an_arm_that_is_being_drawn(clinic: Clinic, admin: Actor):
    clinic.publish(clinic.version("live"))
    experiment = clinic.experiment({"a": clinic.version("a"), "b": clinic.version("b")})
    experiment.move("activate")
    ended = overtaken(
        clinic.world,
        clinic.owner, lambda: clinic.decide("ann"),
        admin, lambda: admin.rpc("erase_subject", subject="ann", reason="Asked"),
    )  # fmt: skip
    assert ended == "ok"
    assert clinic.owner.rows("select subject from assignments") == []


def test_an_undo_waits_for_the_part_that_lands_and_takes_it_too(clinic: Clinic, admin: Actor):
    clinic.metric("booked", "mean")
    file = checked(clinic, "may")
    ended = overtaken(
        clinic.world,
        clinic.owner, lambda: clinic.owner.rpc("commit_import", import_id=file),
        admin, lambda: admin.rpc("undo_import", import_id=file),
    )  # fmt: skip
    assert ended == "ok"
    assert state(clinic, file) == {"state": "undone", "rows_landed": 2, "rows_undone": 2}
    assert clinic.owner.rows("select 1 from outcomes") == []
    assert clinic.world.admin.rows("select 1 from private.outcome_claims") == []


def test_a_commit_that_an_undo_overtakes_lands_nothing(clinic: Clinic, admin: Actor):
    clinic.metric("booked", "mean")
    file = checked(clinic, "may")
    ended = overtaken(
        clinic.world,
        clinic.owner, lambda: clinic.owner.rpc("undo_import", import_id=file),
        admin, lambda: admin.rpc("commit_import", import_id=file),
    )  # fmt: skip
    assert ended == "PT409"
    assert clinic.owner.rows("select 1 from outcomes") == []


def test_two_files_with_the_same_events_land_them_once_and_each_takes_back_its_own(clinic: Clinic, admin: Actor):
    clinic.metric("booked", "mean")
    files = [checked(clinic, name) for name in ("may", "may again")]
    ended = overtaken(
        clinic.world,
        clinic.owner, lambda: clinic.owner.rpc("commit_import", import_id=files[0]),
        admin, lambda: admin.rpc("commit_import", import_id=files[1]),
    )  # fmt: skip
    assert ended == "ok"
    assert [state(clinic, f)["rows_landed"] for f in files] == [2, 0]
    clinic.owner.rpc("undo_import", import_id=files[1])
    assert len(clinic.owner.rows("select 1 from outcomes")) == 2
    clinic.owner.rpc("undo_import", import_id=files[0])
    assert clinic.owner.rows("select 1 from outcomes") == []
