"""What one workspace sends does not stop the counting for all: the tick is one transaction for every workspace."""

from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from support.clinic import Clinic
from support.refusals import refusal

SIGHTINGS = """
insert into private.model_sightings (workspace_id, environment_id, provider, requested_model, resolved_model, first_at)
select %s, %s, 'p' || n, 'm', 'm', now() from generate_series(1, 490) n returning 1 as made
"""


def days_ago(n: int) -> str:
    return (datetime.now(UTC) - timedelta(days=n)).isoformat()


def errors(clinic: Clinic, **rows: Any) -> list[str]:
    (kind,) = rows
    return [e["code"] for e in clinic.owner.rpc(f"record_{kind}", **rows)["errors"]]


def test_a_window_stays_within_the_calendar(clinic: Clinic):
    """A moment less seven thousand years is no timestamp: the tick would fail on it."""
    with pytest.raises(psycopg.errors.CheckViolation):
        clinic.metric("ancient", "mean", attribution_window="7000 years")


def test_amounts_whose_sum_is_no_number_are_refused(clinic: Clinic):
    clinic.metric("cost", "mean", source="cost_usd", per_subject="sum")
    version = clinic.version("x")
    rows = [clinic.inference(version, "ann", cost_usd=cost) for cost in (1e308, 1e308, 1e-300, 0, 1e59)]
    rows.append(clinic.inference(version, "ann", latency_ms=1.7e308))
    assert errors(clinic, inferences=rows) == ["bad_field"] * 4
    clinic.world.catch_up()


def test_names_too_long_for_an_index_and_endless_new_ones(clinic: Clinic):
    version = clinic.version("x")
    letters = "".join(chr(0x20000 + 37 * n % 40000) for n in range(512))
    long = {"provider": letters, "requested_model": letters[::-1], "resolved_model": letters[1:] + "x"}
    # All but a few of those that are noticed, as if they had come one by one.
    clinic.world.admin.rows(SIGHTINGS, clinic.workspace_id, clinic.environments["production"])
    rows = [clinic.inference(version, "ann", **long)]
    rows += [clinic.inference(version, "ann", resolved_model=f"m{n}") for n in range(20)]
    assert errors(clinic, inferences=rows) == []
    clinic.world.catch_up()
    found = clinic.world.admin.one("select count(*) as n from private.model_sightings")
    assert found["n"] == 500
    assert errors(clinic, inferences=[clinic.inference(version, "ann", resolved_model="m1")]) == []
    clinic.world.catch_up()


def test_a_quotient_beyond_all_range_is_no_word_of_a_change(clinic: Clinic):
    """The tick estimates what a model's change did; what squares to more than a double is not an error."""
    halves = {k: clinic.metric(k, "mean", attribution_window="1 hour", per_subject="sum")["id"] for k in ("up", "down")}
    clinic.metric(
        "share",
        "ratio",
        attribution_window="1 hour",
        numerator_metric_id=halves["up"],
        denominator_metric_id=halves["down"],
    )
    version, calls, outcomes = clinic.version("x"), [], []
    for day in range(2, 40):
        for n in range(2):
            at, who = days_ago(day), f"s{day}-{n}"
            calls.append(clinic.inference(version, who, started_at=at, resolved_model="old" if day > 20 else "new"))
            values = {"up": (day % 3 + 1) * 10.0 ** (60 if n else -60), "down": 1e-60 if day % 2 else 1e60}
            outcomes += [clinic.outcome(k, min(v, 1e60), subject=who, occurred_at=at) for k, v in values.items()]
    assert errors(clinic, inferences=calls) == errors(clinic, outcomes=outcomes) == []
    clinic.world.catch_up()
    told = clinic.owner.rows("select metric_key, std_error from change_effects where kind = 'provider_model_changed'")
    assert told != []
    clinic.owner.rpc("baseline_comparison", metric="share")


def test_a_key_for_staging_leaves_no_trace_in_the_ledger_of_production(clinic: Clinic):
    clinic.metric("booked", "mean")
    key = clinic.world.api_key(clinic.owner, clinic.workspace_id, ["events.write"], ["staging"])
    row = clinic.outcome("booked", 1, subject="ann")
    answer = key.rpc("record_outcomes", outcomes=[row, row])
    assert {e["code"] for e in answer["errors"]} == {"environment_denied"}
    assert [r["environment_id"] for r in clinic.owner.rows("select environment_id from ingest_batches")] == [None]


def test_what_a_mapping_says_is_one_of_the_list_and_times_are_in_the_calendar(clinic: Clinic):
    clinic.metric("booked", "mean")
    made = clinic.owner.rpc("start_import", environment="production", columns=["who", "when", "what"])
    here = {"import_id": made["id"]}
    mapping = {"metric": {"value": "booked"}, "subject": {"column": "who"}, "value": {"column": "what"}}
    mapping |= {"occurred_at": {"column": "when"}, "time_format": "epoch_s"}
    for option, said in (("decimal", [".", ","]), ("thousands", []), ("time_format", ["iso"])):
        assert refusal(clinic.owner.rpc, "map_columns", **here, mapping=mapping | {option: said}) == "bad_mapping"
    clinic.owner.rpc("map_columns", **here, mapping=mapping)
    rows = [["ann", "9999999999999", "1"], ["ann", "1767225600", "1"]]
    clinic.owner.rpc("stage_rows", **here, rows=Jsonb(rows), first_row=1)
    checked = clinic.owner.rpc("check_import", **here)
    assert (checked["rows_good"], checked["rows_bad"]) == (1, 1)
