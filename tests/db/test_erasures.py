"""A person is erased: no row names them, no number holds them, and a receipt without their name is left."""

import psycopg
import pytest

from support.clinic import EPOCH, Clinic, Experiment, expose, hours
from support.refusals import refusal


def test_a_person_leaves_every_table_and_every_number(clinic: Clinic, experiment: Experiment):
    metric = clinic.metric("booked", "mean")
    experiment.counts(metric)
    arms = expose(experiment, [f"s{i}" for i in range(40)])
    ann = arms["b"][0]
    late = (EPOCH + hours(1)).isoformat()
    everybody = [
        clinic.outcome("booked", n, subject=s, occurred_at=late) for n, s in enumerate([*arms["a"], *arms["b"]])
    ]
    clinic.owner.rpc("record_outcomes", outcomes=everybody)
    version = clinic.version("said")
    call = clinic.inference(
        version, ann, conversation="c1", output="Dear Ann", keys=[{"type": "ticket", "value": "T-7"}]
    )
    clinic.owner.rpc("record_inferences", inferences=[call])
    named = [{"key": {"type": "ticket", "value": "T-7"}}, {"conversation": "c1"}, {"inference_id": call["id"]}]
    sent = [clinic.outcome("booked", 5, occurred_at=late, **how) for how in named]
    clinic.owner.rpc("record_outcomes", outcomes=sent[:2])
    clinic.world.catch_up()
    clinic.owner.rpc("record_outcomes", outcomes=sent[2:])
    before = experiment.effect("booked", "b")
    receipt = clinic.owner.rpc("erase_subject", subject=ann, reason="They asked for it")
    assert receipt["rows"] == {
        "outcomes": 4, "inferences": 1, "outcome_keys": 1, "assignments": 1, "exposures": 0, "import_rows": 0,
    }  # fmt: skip
    after = experiment.effect("booked", "b")
    assert after["n_variant"] == before["n_variant"] - 1
    clinic.world.catch_up()
    clinic.world.admin.rows("select private.rebuild(%s)", experiment.id)
    assert experiment.effect("booked", "b") | {"as_of": 0} == after | {"as_of": 0}, "as from raw"
    # The note to the compactor goes with the tick that takes it.
    assert set(holders_of(clinic, ann)) <= {"private.marked_units.unit_id"}
    # Sent again, an outcome is known by its claim: the person does not come back.
    assert clinic.owner.rpc("record_outcomes", outcomes=sent)["accepted"] == 0
    again = clinic.owner.rpc("erase_subject", subject=ann, reason="Once more")
    assert set(again["rows"].values()) == {0}
    logged = clinic.owner.rows("select table_name from audit_events where operation = 'delete' order by table_name")
    assert [row["table_name"] for row in logged] == ["assignments", "inferences", "outcome_keys", "outcomes"]
    for table in ("inferences", "outcomes", "assignments", "outcome_keys", "erasures"):
        assert refusal(clinic.world.admin.rows, f"delete from {table} returning 1") == "append_only"


def test_a_reason_is_asked_for(clinic: Clinic):
    with pytest.raises(psycopg.Error, match="reason"):
        clinic.owner.rpc("erase_subject", subject="ann", reason="")


def holders_of(clinic: Clinic, name: str) -> list[str]:
    """Tables of the product in which any column of any row is this text."""
    columns = clinic.world.admin.rows(
        "select c.oid::regclass::text as name, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid"
        " where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and c.relkind in ('r', 'p')"
        " and a.attnum > 0 and not a.attisdropped and a.atttypid = 'text'::regtype"
    )
    return [
        f"{row['name']}.{row['attname']}"
        for row in columns
        if clinic.world.admin.rows(f'select 1 from {row["name"]} where "{row["attname"]}" = %s limit 1', name)
    ]
