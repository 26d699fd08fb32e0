"""What somebody with a narrow right may try at the doors where events and files come in."""

import random
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from support.clinic import Clinic, Experiment
from support.refusals import refusal
from support.world import Actor

WHEN = "2026-01-01T10:00:00Z"
MAPPING = {
    "metric": {"value": "booked"},
    "value": {"value": "1"},
    "subject": {"column": "who"},
    "occurred_at": {"value": WHEN},
}


@pytest.fixture
def flags(clinic: Clinic) -> Experiment:
    """A running experiment of another system."""
    experiment = clinic.experiment({"a": None, "b": None}, key="flags", assigned_by="external")
    experiment.move("activate")
    return experiment


def shown(experiment: Experiment, subject: str) -> dict[str, Any]:
    named = {"experiment_id": experiment.id, "variant": "b", "subject": subject}
    return named | {"source": "flags", "source_event_id": subject, "exposed_at": WHEN}


@pytest.fixture
def staging(clinic: Clinic) -> Actor:
    """A key that records and decides in staging, and reads."""
    held = ["events.write", "decisions.make", "workspace.read"]
    return clinic.world.api_key(clinic.owner, clinic.workspace_id, held, ["staging"])


def imported(clinic: Clinic, rows: list[list[str]]) -> dict[str, Any]:
    made = clinic.owner.rpc("start_import", environment="production", columns=["who"])
    clinic.owner.rpc("stage_rows", import_id=made["id"], rows=Jsonb(rows))
    clinic.owner.rpc("map_columns", import_id=made["id"], mapping=MAPPING)
    clinic.owner.rpc("check_import", import_id=made["id"])
    return dict(clinic.owner.rpc("commit_import", import_id=made["id"]))


def test_nobody_reports_in_the_name_of_a_file_and_undo_takes_what_the_file_brought(clinic: Clinic):
    clinic.metric("booked", "mean")
    file = imported(clinic, [["ann"], ["bob"]])
    assert file["rows_landed"] == 2
    row = clinic.outcome("booked", 1, subject="cid", occurred_at=WHEN)
    for source in (file["source"], "import:", "import:mine"):
        answer = clinic.owner.rpc("record_outcomes", outcomes=[row | {"source": source}, row | {"source": "crm"}])
        assert [(e["index"], e["code"], "import:" in e["hint"] + e["message"]) for e in answer["errors"]] == [
            (0, "bad_field", True)
        ]
    mapping = MAPPING | {"event_id": {"column": "who"}, "origin": file["source"]}
    draft = clinic.owner.rpc("start_import", environment="production", columns=["who"], name="other")
    assert refusal(clinic.owner.rpc, "map_columns", import_id=draft["id"], mapping=mapping) == "bad_mapping"
    assert clinic.owner.rpc("undo_import", import_id=file["id"])["rows_undone"] == 2
    assert [r["subject"] for r in clinic.owner.rows("select subject from outcomes")] == ["cid"]


def test_what_a_key_may_not_write_is_in_no_environments_ledger(clinic: Clinic, staging: Actor, flags: Experiment):
    version = clinic.version("x")
    answer = staging.rpc("record_inferences", inferences=[clinic.inference(version, "ann")])
    assert [e["code"] for e in answer["errors"]] == ["environment_denied"]
    answer = staging.rpc("record_exposures", exposures=[shown(flags, "ann")])
    assert [e["code"] for e in answer["errors"]] == ["environment_denied"]
    found = clinic.owner.rows("select environment_id, counts from ingest_batches")
    assert [row["environment_id"] for row in found] == [None, None]
    assert flags.id not in str(found)


def test_a_key_for_staging_finds_nobody_by_what_production_knows(clinic: Clinic, staging: Actor):
    version = clinic.version("x")
    call = clinic.inference(version, "ann", conversation="c1", keys=[{"type": "ticket", "value": "T-7"}])
    clinic.owner.rpc("record_inferences", inferences=[call])
    here = clinic.inference(version, "ann", environment="staging")
    assert staging.rpc("record_inferences", inferences=[here])["accepted"] == 1
    clinic.world.catch_up()
    for asked in ({"key_type": "ticket", "key_value": "T-7"}, {"conversation": "c1"}):
        assert clinic.owner.rpc("trace_of", **asked) != []
        assert "ann" not in str(staging.rpc("trace_of", **asked))
    assert len(staging.rpc("trace_of", subject="ann")) == 1


def test_a_trace_has_the_arms_that_another_system_drew(clinic: Clinic, flags: Experiment):
    assert clinic.owner.rpc("record_exposures", exposures=[shown(flags, "ann")])["accepted"] == 1
    told = clinic.owner.rpc("trace_of", subject="ann")
    assert [(e["kind"], str(e["experiment_id"])) for e in told] == [("exposure", flags.id)]


@pytest.mark.parametrize("first_row", [0, -1, 2**63 - 5, 1_000_000_001])
def test_rows_are_numbered_within_reason(clinic: Clinic, first_row: int):
    made = clinic.owner.rpc("start_import", environment="production", columns=["who"])
    assert refusal(
        clinic.owner.rpc, "stage_rows", import_id=made["id"], rows=Jsonb([["a"]] * 9), first_row=first_row
    ) == "bad_argument"  # fmt: skip


@pytest.mark.parametrize("name", ["", "x" * 256])
def test_a_file_is_not_called_anything(clinic: Clinic, name: str):
    begin = {"environment": "production", "columns": ["who"], "name": "may"}
    assert refusal(clinic.owner.rpc, "start_import", **begin, file_name=name) == "bad_argument"


def test_times_at_the_ends_of_the_calendar_do_not_stop_the_counting(clinic: Clinic, flags: Experiment):
    flags.counts(clinic.metric("booked", "mean"))
    assert clinic.owner.rpc("record_exposures", exposures=[shown(flags, "ann")])["accepted"] == 1
    version, times = clinic.version("x"), ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59+00:00"]
    outcomes = [clinic.outcome("booked", 1, subject="ann", occurred_at=t) for t in times]
    calls = [clinic.inference(version, "ann", started_at=t) for t in times]
    assert clinic.owner.rpc("record_outcomes", outcomes=outcomes)["accepted"] == 2
    assert clinic.owner.rpc("record_inferences", inferences=calls)["accepted"] == 2
    clinic.world.catch_up()
    beyond = ["294277-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "2026-01-01T10:00:00+26:00", "2026-01-01T10:00:00 BC"]
    sent = [clinic.outcome("booked", 1, subject="ann", occurred_at=t) for t in beyond]
    assert [e["code"] for e in clinic.owner.rpc("record_outcomes", outcomes=sent)["errors"]] == ["bad_field"] * 4


def letters(seed: int) -> str:
    """512 characters of four bytes each, which nothing makes shorter."""
    draw = random.Random(seed)
    return "".join(chr(draw.randrange(0x20000, 0x2A000)) for _ in range(512))


def test_a_key_too_long_for_an_index_beside_long_names_is_refused_by_itself(clinic: Clinic):
    version, subject, talk, value = clinic.version("x"), letters(1), letters(2), letters(3)
    keys = [{"type": "t" * 100, "value": value}]
    long = clinic.inference(version, subject, conversation=talk, keys=keys)
    rows = [
        clinic.inference(version, "ann", keys=[{"type": "t", "value": "v" * 512}] * 9), long,
        clinic.inference(version, subject, conversation=talk), clinic.inference(version, "ann", keys=keys),
    ]  # fmt: skip
    for batch in (rows, [long]):
        said = clinic.owner.rpc("record_inferences", inferences=batch)
        assert [(e["code"], "keys that fit" in e["message"]) for e in said["errors"]] == [("bad_field", True)]
        assert said["accepted"] == len(batch) - 1
    named = {
        "key": keys[0],
        "subject": subject,
        "conversation": talk,
        "source": letters(4),
        "source_event_id": letters(5),
    }
    assert (
        clinic.owner.rpc("record_outcomes", outcomes=[clinic.outcome("booked", 1, **named)])["errors"][0]["code"]
        == "unknown_metric"
    )
    clinic.metric("booked")
    assert clinic.owner.rpc("record_outcomes", outcomes=[clinic.outcome("booked", 1, **named)])["accepted"] == 1
    clinic.world.catch_up()
