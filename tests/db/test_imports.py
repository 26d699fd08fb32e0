"""A file of outcomes: staged, mapped, checked, landed once, taken back."""

from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from support.clinic import EPOCH, Clinic, Experiment, expose, hours
from support.refusals import refusal

COLUMNS = ["id", "who", "score", "when"]
MAPPING = {
    "metric": {"value": "csat"},
    "value": {"column": "score"},
    "subject": {"column": "who"},
    "occurred_at": {"column": "when"},
    "event_id": {"column": "id"},
}
WHEN = "2026-01-01T10:00:00Z"


def begin(clinic: Clinic, rows: list[list[str | None]], mapping: dict[str, Any] | None = None, **more: Any) -> str:
    """A staged and mapped import."""
    start = {"environment": "production", "columns": COLUMNS} | more
    made = clinic.owner.rpc("start_import", **start)
    if rows:
        clinic.owner.rpc("stage_rows", import_id=made["id"], rows=Jsonb(rows))
    clinic.owner.rpc("map_columns", import_id=made["id"], mapping=MAPPING if mapping is None else mapping)
    return str(made["id"])


def check(clinic: Clinic, import_id: str) -> dict[str, Any]:
    """The report of a dry run."""
    return dict(clinic.owner.rpc("check_import", import_id=import_id)["report"])


def landed(clinic: Clinic) -> list[tuple[str, float]]:
    return [
        (r["subject"], r["value"]) for r in clinic.owner.rows("select subject, value from outcomes order by subject")
    ]


@pytest.fixture
def measured(clinic: Clinic) -> Clinic:
    clinic.metric("csat", "mean")
    clinic.metric("booked")
    return clinic


def test_a_file_goes_all_the_way_and_back(measured: Clinic):
    clinic = measured
    rows = [
        ["e1", "ann", "3", WHEN],
        ["e2", "bob", " 4.5 ", WHEN],
        ["e3", "cid", "", WHEN],
        ["e4", "dan", "good", WHEN],
    ]
    file = begin(clinic, rows, sha256="a" * 64, name="may")
    assert begin(clinic, rows, sha256="a" * 64, name="may") == file, "the same file is the same import"
    report = check(clinic, file)
    counts = {name: report[name] for name in ("rows", "good", "bad", "empty", "repeats", "known", "twins")}
    assert counts == {"rows": 4, "good": 2, "bad": 1, "empty": 1, "repeats": 0, "known": 0, "twins": 0}
    assert report["metrics"] == [{"metric": "csat", "rows": 2, "smallest": 3, "largest": 4.5, "mean": 3.75}]
    assert [(e["row"], e["column"], e["cell"], e["code"]) for e in report["errors"]] == [
        (4, "score", "good", "bad_field")
    ]
    assert landed(clinic) == [], "a dry run lands nothing"
    done = clinic.owner.rpc("commit_import", import_id=file)
    assert (done["state"], done["rows_landed"]) == ("imported", 2)
    assert landed(clinic) == [("ann", 3.0), ("bob", 4.5)]
    assert clinic.owner.rpc("commit_import", import_id=file)["rows_landed"] == 2, "landing again changes nothing"
    assert refusal(clinic.owner.rpc, "stage_rows", import_id=file, rows=Jsonb([])) == "import_state"
    # The next export overlaps: what is known by its event id does not land again.
    later = begin(clinic, [*rows[:2], ["e5", "eve", "1", WHEN], ["e5", "eve", "1", WHEN]], name="june")
    report = check(clinic, later)
    assert (report["good"], report["known"], report["repeats"]) == (1, 2, 1)
    clinic.owner.rpc("record_outcomes", outcomes=[clinic.outcome("csat", 9, subject="ann")])
    clinic.owner.rpc("commit_import", import_id=later)
    undone = clinic.owner.rpc("undo_import", import_id=file)
    assert (undone["state"], undone["rows_undone"]) == ("undone", 2)
    assert landed(clinic) == [("ann", 9.0), ("eve", 1.0)], "only its own rows were taken back"
    assert clinic.owner.rpc("undo_import", import_id=file)["rows_undone"] == 2
    told = clinic.owner.rows("select summary from changes where kind = 'import' order by id")
    assert [t["summary"] for t in told] == [
        "Imported 2 outcomes from may", "Imported 1 outcomes from june", "Took back 2 outcomes of may",
    ]  # fmt: skip
    logged = clinic.owner.one(
        "select row_count from audit_events where table_name = 'outcomes' and operation = 'delete'"
    )
    assert logged["row_count"] == 2
    assert check(clinic, begin(clinic, rows, sha256="a" * 64, name="may"))["good"] == 2, "it may come again"
    assert refusal(clinic.world.admin.rows, "delete from outcomes returning 1") == "append_only"
    assert clinic.world.admin.one("select count(*) as n from private.import_rows where import_id = %s", file)["n"] == 0


def test_cells_are_read_as_people_write_them(measured: Clinic):
    clinic = measured
    said = {
        "decimal": ",", "thousands": ".", "time_format": "dmy", "time_zone": "Europe/Berlin",
    }  # fmt: skip
    rows = [
        ["1", "a", "1.234,5", "31.01.2026 09:30"], ["2", "b", "-0,5", "1/7/2026"], ["3", "c", "yes", "31.01.2026 09:30"],
        ["4", "d", "1.2", "31.01.2026"], ["5", "e", "1", "2026/31/01"], ["6", "f", "NaN", "31.01.2026"],
        ["7", "g", "1e999", "31.01.2026"], ["8", "h", "Infinity", "31.01.2026"], ["9", "", "1", "31.01.2026"],
        ["", "i", "1", "31.01.2026"], ["11", "j", "1"], ["12", "k", "1", "31.02.2026"],
    ]  # fmt: skip
    file = begin(clinic, rows, MAPPING | said)
    report = check(clinic, file)
    assert {e["row"]: e.get("column") or e["code"] for e in report["errors"]} == {
        4: "score", 5: "when", 6: "score", 7: "bad_field", 8: "score", 9: "no_join_key", 10: "id", 11: "bad_field",
        12: "when",
    }  # fmt: skip
    clinic.owner.rpc("commit_import", import_id=file)
    kept = clinic.owner.rows("select value, occurred_at from outcomes order by subject")
    assert [(k["value"], k["occurred_at"].isoformat()) for k in kept] == [
        (1234.5, "2026-01-31T08:30:00+00:00"), (-0.5, "2026-06-30T22:00:00+00:00"), (1.0, "2026-01-31T08:30:00+00:00"),
    ]  # fmt: skip


def test_a_mapping_is_refused_with_the_field_that_is_wrong(clinic: Clinic):
    made = clinic.owner.rpc("start_import", environment="production", columns=COLUMNS)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"value": {"column": "nope"}}, "value"),
        ({"value": None}, "value"),
        ({"subject": {"column": "who", "value": "x"}}, "subject"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_format": "ydm"}, "time_format"),
        ({"key_value": {"column": "who"}}, "key_type"),
        ({"colour": "red"}, "colour"),
        ({"decimal": ",", "thousands": ","}, "thousands"),
    ]
    for change, field in wrong:
        with pytest.raises(psycopg.Error, match=f"The mapping is not valid: {field} must be"):
            clinic.owner.rpc("map_columns", import_id=made["id"], mapping=MAPPING | change)
    assert refusal(clinic.owner.rpc, "check_import", import_id=made["id"]) == "bad_mapping"


def test_effects_move_with_an_import_and_back(clinic: Clinic, experiment: Experiment):
    metric = clinic.metric("csat", "mean")
    experiment.counts(metric)
    arms = expose(experiment, [f"s{i}" for i in range(20)])
    version = clinic.version("said")
    keyed = [clinic.inference(version, s, keys=[{"type": "ticket", "value": f"T-{s}"}]) for s in arms["b"]]
    clinic.owner.rpc("record_inferences", inferences=keyed)
    clinic.world.catch_up()
    nothing = experiment.effect("csat", "b")
    late = (EPOCH + hours(1)).isoformat()
    rows = [[str(n), f"T-{s}", str(n), late] for n, s in enumerate(arms["b"])]
    rows += [["before", f"T-{arms['b'][0]}", "1", (EPOCH - hours(1)).isoformat()], ["nobody", "T-none", "1", late]]
    mapping = {k: v for k, v in MAPPING.items() if k != "subject"} | {
        "key_type": {"value": "ticket"}, "key_value": {"column": "who"}, "origin": "crm",
    }  # fmt: skip
    file = begin(clinic, rows, mapping)
    report = check(clinic, file)
    n = len(arms["b"])
    assert report["matches"] == {
        "matched": n + 1, "waiting": 1, "by": {"subject": 0, "conversation": 0, "inference": 0, "key": n + 1},
    }  # fmt: skip
    assert [(e["counts"], e["before_exposure"], e["after_window"], e["units"]) for e in report["experiments"]] == [
        (n, 1, 0, n)
    ]
    clinic.owner.rpc("commit_import", import_id=file)
    assert experiment.effect("csat", "b")["mean_variant"] == (n - 1) / 2
    # The origin sends one of them by itself: it is known.
    sent = clinic.outcome("csat", 9, subject="s0", source="crm", source_event_id="1")
    assert clinic.owner.rpc("record_outcomes", outcomes=[sent])["accepted"] == 0
    clinic.owner.rpc("undo_import", import_id=file)
    back = experiment.effect("csat", "b")
    names = ("n_control", "n_variant", "mean_control", "mean_variant", "difference", "std_error", "reason_code")
    assert [back[name] for name in names] == [nothing[name] for name in names]
    clinic.world.admin.rows("select private.rebuild(%s)", experiment.id)
    assert experiment.effect("csat", "b") | {"as_of": 0} == back | {"as_of": 0}, "as from raw"
    assert clinic.owner.rpc("record_outcomes", outcomes=[sent])["accepted"] == 1


def test_what_a_file_may_say_is_what_record_outcomes_takes(clinic: Clinic):
    """Rows are seen as sets; whatever is odd in one of them is said in the words of the verb."""
    halves = {k: clinic.metric(k, "mean", per_subject="sum")["id"] for k in ("csat", "calls")}
    clinic.metric("booked")
    clinic.metric("share", "ratio", numerator_metric_id=halves["csat"], denominator_metric_id=halves["calls"])
    names = ["metric", "value", "subject", "conversation", "inference_id", "key_type", "key_value"]
    good = {"metric": "csat", "value": "1", "subject": "ann"}
    odd: list[tuple[dict[str, str], str | None]] = [
        ({}, None), ({"metric": "booked"}, None), ({"value": "-2.5e3"}, None), ({"value": "0.0"}, None),
        ({"inference_id": "0189D5F8-0000-7000-8000-000000000000"}, None), ({"subject": "é" * 512}, None),
        ({"key_type": "ticket", "key_value": "T"}, None),
        ({"metric": "none"}, "unknown_metric"), ({"metric": "share"}, "metric_is_computed"),
        ({"metric": "booked", "value": "0.5"}, "bad_proportion"), ({"subject": "", "conversation": ""}, "no_join_key"),
        ({"value": "1e61"}, "bad_field"), ({"value": "1e-61"}, "bad_field"), ({"subject": "x" * 513}, "bad_field"),
        ({"conversation": "x" * 513}, "bad_field"), ({"inference_id": "7"}, "bad_field"),
        ({"inference_id": "0189d5f800007000-8000-00000000-0000-"}, "bad_field"),
        ({"key_type": "tick et", "key_value": "T"}, "bad_field"), ({"key_value": "T"}, "bad_field"), ({"metric": ""}, "missing_field"),
    ]  # fmt: skip
    rows: list[list[str | None]] = [[(good | said).get(n, "") for n in names] for said, _ in odd]
    mapping = {name: {"column": name} for name in names} | {"occurred_at": {"value": WHEN}}
    made = clinic.owner.rpc("start_import", environment="production", columns=names)
    clinic.owner.rpc("stage_rows", import_id=made["id"], rows=Jsonb(rows))
    clinic.owner.rpc("map_columns", import_id=made["id"], mapping=mapping)
    report = check(clinic, made["id"])
    assert {e["row"]: e["code"] for e in report["errors"]} == {n: code for n, (_, code) in enumerate(odd, 1) if code}
    done = clinic.owner.rpc("commit_import", import_id=made["id"])
    assert done["rows_landed"] == sum(code is None for _, code in odd)
