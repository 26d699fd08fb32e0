"""Raw events stand in a partition a month: nothing is lost on the way in, nothing is double, old months can be dropped."""

import random
import uuid
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from support.clinic import Clinic
from support.refusals import refusal

PARTS = """
select i.inhparent::regclass::text as parent, c.relname as part, c.relrowsecurity as guarded,
  (select count(*) from pg_trigger t where t.tgrelid = c.oid and t.tgname = '_000_append_only') as append_only,
  has_table_privilege('service_role', c.oid, 'select') as readable, obj_description(c.oid, 'pg_class') as said
from pg_inherits i join pg_class c on c.oid = i.inhrelid where c.relkind = 'r' and i.inhparent in (
  'public.inferences'::regclass, 'public.outcomes'::regclass, 'public.exposures'::regclass) order by 2
"""


def timed(moment: datetime) -> str:
    """A time-ordered id."""
    return str(uuid.UUID(int=int(moment.timestamp() * 1000) << 80 | 7 << 76 | 2 << 62 | random.getrandbits(60)))


def where(clinic: Clinic, table: str) -> dict[str, int]:
    """In which partitions the rows are."""
    found = clinic.world.admin.rows(f"select tableoid::regclass::text as part, count(*) as n from {table} group by 1")
    return {row["part"].removeprefix("private."): row["n"] for row in found}


def test_months_are_made_around_rows_that_are_there_and_dropped_when_they_are_old(clinic: Clinic):
    admin, version, now = clinic.world.admin, clinic.version("x"), datetime.now(UTC)
    month = f"{now:%Y_%m}"
    clinic.metric("booked")
    inferences = [
        clinic.inference(version, "ann", id=timed(now)),
        clinic.inference(version, "ann", id=str(uuid.UUID(int=1))),
    ]
    outcomes = [clinic.outcome("booked", 1, subject=f"s{i}") for i in range(3)]
    clinic.owner.rpc("record_inferences", inferences=inferences)
    clinic.owner.rpc("record_outcomes", outcomes=outcomes)
    before: list[Any] = admin.rows("select id, tx from outcomes order by id")
    assert where(clinic, "outcomes") == {"outcomes_default": 3}

    made = admin.one("select private.keep_partitions() as said")["said"]["made"]
    assert len(made) == 9
    assert admin.one("select private.keep_partitions() as said")["said"]["made"] == []

    assert where(clinic, "inferences") == {f"inferences_{month}": 1, "inferences_before": 1}
    assert where(clinic, "outcomes") == {f"outcomes_{month}": 3}
    assert admin.rows("select id, tx from outcomes order by id") == before
    assert clinic.owner.rpc("record_inferences", inferences=inferences)["duplicates"] == 2
    assert clinic.owner.rpc("record_outcomes", outcomes=outcomes)["duplicates"] == 3
    parts = admin.rows(PARTS)
    assert len(parts) == 14
    assert all(p["guarded"] and p["append_only"] and p["said"] and not p["readable"] for p in parts)
    for refused in (f"delete from private.outcomes_{month} where true", f"truncate private.inferences_{month}"):
        with pytest.raises(psycopg.Error, match="history"):
            admin.rows(refused)

    assert admin.one("select private.drop_partitions_before(now()) as said")["said"] == {"dropped": [], "deleted": 0}
    soon = "select private.drop_partitions_before(now() + interval '40 days') as said"
    assert refusal(admin.one, soon) == "not_counted_yet"
    clinic.world.catch_up()
    said = admin.one(soon)["said"]
    assert f"outcomes_{month}" in said["dropped"]
    assert said["deleted"] == 1
    assert where(clinic, "outcomes") == {} == where(clinic, "inferences")
    # Their claims went with them.
    assert clinic.owner.rpc("record_outcomes", outcomes=outcomes)["accepted"] == 3


def test_the_claims_that_the_verbs_write_are_those_of_the_function(clinic: Clinic):
    clinic.metric("booked")
    odd = [("crm", "1"), ("cr|m", "1"), ("cr", "m|1"), ("ü|", "🙂"), ("a" * 512, "b" * 512)]
    rows = [clinic.outcome("booked", 1, subject="s", source=s, source_event_id=e) for s, e in odd]
    assert clinic.owner.rpc("record_outcomes", outcomes=rows)["accepted"] == len(odd)
    missing = clinic.world.admin.rows("""
        select o.source from outcomes o where not exists (
          select from private.outcome_claims c where c.key = private.event_claim(
            o.workspace_id || '|' || o.environment_id, o.source, o.source_event_id))""")
    assert missing == []


WRONG: list[Any] = [
    None, "", "x" * 513, "NaN", "Infinity", 0, -1, 1.5, 2147483648, 1e-300, 10**400, True, [], {}, [None], ["ok"], "now",
    "infinity", "2026-02-30T10:00:00Z", "2026-01-01", "2026-01-01 10:00+02", "2026-01-01T10:00:00.123+00:00", "maybe", "ok",
    "{0189d5f8-0000-7000-8000-000000000000}", "0189D5F8-0000-7000-8000-000000000000", "0189d5f8-00007000-8000-00000000-0000",
    {"type": "ticket", "value": "T"}, {"type": "tick et", "value": "T"}, {"type": "t", "value": "v" * 300},
    "12", "0", "1", "1.5", "true", "false", "1e5", " 2026-01-01T10:00:00Z", "2026-1 -01T10:00:00Z", "2026-01-01T10:00:00Z 2026-01-01T10:00:00Z",
    "2026-01-01T10:00:00Z ", "2026-01-01T10:00:00Z,", "2026-01-01T10:00:00Z,2026-01-01T10:00:00Z", "2026-01-01T10:00:00.1234567Z", "2026-01-01T10:00:00.12Z", "2026-01-01T24:00:00Z", "2026-01-01T10:00:60Z",
    [{"type": "t", "value": 1}], [{"type": "t", "value": "1"}], [[{"type": "t", "value": "1"}]], ["x"],
]  # fmt: skip


IS_CLEAN = """
create function pg_temp.is_clean(kind text, tenant uuid, r jsonb) returns boolean language plpgsql as $$
begin
  execute format('select private.insert_clean_%ss($1, $2)', kind) using tenant, jsonb_build_array(r);
  raise no_data_found;  -- it lands, and is taken back for the next
exception
  when data_exception then
    return false;
  when no_data_found then
    return true;
end $$
"""


@pytest.mark.parametrize("kind", ["inference", "outcome"])
def test_the_quick_look_never_misses_what_the_close_look_finds(clinic: Clinic, kind: str):
    """Every field with every odd value: what lands at first sight has no fault that the close look knows."""
    version = clinic.version("x")
    clinic.metric("booked")
    good = {
        "inference": clinic.inference(version, "ann", conversation="c", action="Book", intent="ScheduleMeeting", cost_usd=1,
            input_tokens=1, output_tokens=2, resolved_model="m", finish_reason="stop", keys=[{"type": "t", "value": "v"}]),
        "outcome": clinic.outcome("booked", 1, subject="ann", conversation="c", key={"type": "t", "value": "v"}),
    }[kind]  # fmt: skip
    admin, tenant = clinic.world.admin, clinic.workspace_id
    admin.connection.execute(IS_CLEAN)
    fields = [r["name"] for r in admin.rows("select name from private.batch_fields where batch = %s", kind)]
    rows: list[Any] = [good | {field: value} for field in fields for value in WRONG]
    rows += [{k: v for k, v in good.items() if k != field} for field in fields] + [[good], "x", None, 7, {}, good]
    clean = admin.rows(
        "select n - 1 as index from jsonb_array_elements(%s) with ordinality as r (r, n) where pg_temp.is_clean(%s, %s, r)",
        rows, kind, tenant)  # fmt: skip
    read = admin.rows(f"select index, fault from private.read_{kind}s(%s, %s)", tenant, rows)
    faulty = {r["index"] for r in read if r["fault"] is not None}
    quick = {r["index"] for r in clean}
    assert quick & faulty == set()
    assert len(rows) - 1 in quick
    assert len(quick) > len(fields), "names with odd values are clean too"
