"""Arms that another system draws: record_exposures takes them as given, and decide never serves them."""

from typing import Any

import psycopg
import pytest

from support.clinic import Clinic, Experiment


@pytest.fixture
def flags(clinic: Clinic) -> Experiment:
    """A running experiment of another system; its arms run nothing of ours."""
    experiment = clinic.experiment({"a": None, "b": None}, key="flags", assigned_by="external")
    experiment.move("activate")
    return experiment


def row(experiment: Experiment, subject: str, event: str, **more: Any) -> dict[str, Any]:
    named = {"experiment_id": experiment.id, "variant": "b", "subject": subject, "source": "flags"}
    return named | {"source_event_id": event, "exposed_at": "2026-01-01T10:00:00Z"} | more


def test_arms_are_taken_as_given_each_event_once(clinic: Clinic, flags: Experiment):
    arms = {r["key"]: str(r["id"]) for r in clinic.owner.rows("select key, id from variants")}
    rows = [
        row(flags, "ann", "1"),
        row(flags, "ann", "1", variant="a"),
        row(flags, "ann", "2", variant=None, variant_id=arms["a"]),
        row(flags, "bob", "3", attributes={"bot": True}, intent="ScheduleMeeting"),
    ]
    assert clinic.owner.rpc("record_exposures", exposures=rows) == {"accepted": 3, "duplicates": 1, "errors": []}
    assert clinic.owner.rpc("record_exposures", exposures=rows)["duplicates"] == 4
    kept = clinic.owner.rows(
        "select v.key, x.unit_id, x.phase_id from exposures x join variants v on v.id = x.variant_id order by x.source_event_id"
    )
    assert [(r["key"], r["unit_id"]) for r in kept] == [("b", "ann"), ("a", "ann"), ("b", "bob")]
    # What happened before it was activated here is of the first phase.
    assert {r["phase_id"] for r in kept} == {clinic.owner.one("select id from experiment_phases")["id"]}
    assert clinic.owner.rows("select from assignments") == []


def test_what_is_wrong_is_said_row_by_row(clinic: Clinic, flags: Experiment):
    draft = clinic.experiment({"a": None, "b": None}, key="draft", assigned_by="external")
    bad = [
        (row(flags, "ann", "1", variant="z"), "unknown_variant"),
        (row(flags, "ann", "2", variant=None), "missing_field"),
        (row(flags, "ann", "3", source=None), "missing_field"),
        (row(flags, "ann", "4", source_event_id=None), "missing_field"),
        (row(flags, "ann", "5", exposed_at="yesterday"), "bad_field"),
        (row(flags, "ann", "6", intent="Dream"), "unknown_intent"),
        (row(draft, "ann", "7"), "move_not_allowed"),
    ]
    answer = clinic.owner.rpc("record_exposures", exposures=[*(r for r, _ in bad), row(flags, "ann", "8")])
    assert [(e["index"], e["code"]) for e in answer["errors"]] == [(i, code) for i, (_, code) in enumerate(bad)]
    assert answer["accepted"] == 1


def test_decide_and_rulesets_do_not_know_it(clinic: Clinic, flags: Experiment):
    clinic.publish(clinic.version("live"))
    assert clinic.decide("ann")["reason"] == "live_deployment"
    assert clinic.owner.rpc("ruleset", environment="production")["experiments"] == []
    document = clinic.owner.rpc("experiment_document", experiment_id=flags.id)["document"]
    assert (document["assigned_by"], document["switchers"], document["segments"]) == ("external", "exclude", [])
    with pytest.raises(psycopg.Error) as caught:
        flags.edit(assigned_by="upshot")
    assert caught.value.sqlstate == "PT409"


def test_what_did_not_land_is_in_the_ledger_and_a_clean_batch_leaves_nothing(clinic: Clinic, flags: Experiment):
    metric, version = clinic.metric("booked"), clinic.version("x")
    first = clinic.outcome("booked", 1, subject="ann")
    clinic.owner.rpc("record_outcomes", outcomes=[first])
    clinic.owner.rpc("record_inferences", inferences=[clinic.inference(version, "ann")])
    clinic.owner.rpc("record_exposures", exposures=[row(flags, "ann", "1")])
    assert clinic.owner.rows("select from ingest_batches") == []

    later = clinic.outcome("booked", 1, subject="ann", occurred_at="2999-01-01T00:00:00Z")
    bad = [clinic.outcome("booked", v, subject="s") for v in ("NaN", "Infinity", "", "much", 0.5)]
    clinic.owner.rpc("record_outcomes", outcomes=[first, first, later, *bad, clinic.outcome("nothing", 1, subject="s")])
    clinic.owner.rpc("record_exposures", exposures=[row(flags, "ann", "1"), row(flags, "ann", "2", variant="z")])
    outcomes, exposures = clinic.owner.rows("select * from ingest_batches order by id")
    numbers = ("rows", "accepted", "duplicates", "errors")
    assert [outcomes[n] for n in numbers] == [9, 1, 2, 6]
    assert {(c["code"], c.get("metric_id"), c["rows"]) for c in outcomes["counts"]} == {
        ("clock_ahead", str(metric["id"]), 1), ("duplicate", str(metric["id"]), 2), ("unknown_metric", None, 1),
        ("bad_field", str(metric["id"]), 4), ("bad_proportion", str(metric["id"]), 1),
    }  # fmt: skip
    assert [exposures[n] for n in numbers] == [2, 0, 1, 1]
    assert {c["experiment_id"] for c in exposures["counts"]} == {flags.id}


def test_ratios_and_quantiles_are_whole_and_nothing_is_recorded_for_what_is_computed(clinic: Clinic):
    spend, calls = clinic.metric("spend", "mean"), clinic.metric("calls", "count", source="calls")
    halves = {"numerator_metric_id": spend["id"], "denominator_metric_id": calls["id"]}
    ratio = clinic.metric("per_call", "ratio", **halves)
    assert clinic.metric("middle", "quantile")["quantile"] == 0.5
    refused = {
        "23514": [{"kind": "ratio"}, {"kind": "mean", **halves}, {"kind": "quantile", "quantile": 1}],
        "PT422": [{"kind": "ratio", **halves, "denominator_metric_id": ratio["id"]}],
    }
    for state, several in refused.items():
        for values in several:
            with pytest.raises(psycopg.Error) as caught:
                clinic.metric("another", **values)
            assert caught.value.sqlstate == state
    rows = [clinic.outcome(key, 1, subject="ann") for key in ("per_call", "calls", "middle", "spend")]
    answer = clinic.owner.rpc("record_outcomes", outcomes=rows)
    assert [(e["index"], e["code"]) for e in answer["errors"]] == [(0, "metric_is_computed"), (1, "metric_is_computed")]
