"""record_inferences and record_outcomes: good rows land once, bad rows come back with a reason."""

import random
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg.types.json import Jsonb

from support.clinic import Clinic


@pytest.fixture
def version(clinic: Clinic):
    return clinic.version("hello")


def record(clinic: Clinic, what: str, rows):
    return clinic.owner.rpc(f"record_{what}", **{what: Jsonb(rows)})


def test_inferences_land_once(clinic: Clinic, version):
    rows = [clinic.inference(version, f"s{i}") for i in range(3)]
    assert record(clinic, "inferences", rows) == {"accepted": 3, "duplicates": 0, "errors": []}
    changed = [row | {"subject": "somebody else"} for row in rows]
    assert record(clinic, "inferences", changed) == {"accepted": 0, "duplicates": 3, "errors": []}
    assert {r["subject"] for r in clinic.owner.rows("select subject from inferences")} == {"s0", "s1", "s2"}


def test_a_full_inference_is_kept_whole(clinic: Clinic, version):
    experiment = clinic.experiment({"a": version, "b": clinic.version("b")})
    arm = clinic.owner.one("select * from variants where key = 'b'")
    row = clinic.inference(
        version, "ann", conversation="c1", action="Book", intent="ScheduleMeeting", experiment_id=experiment.id,
        variant_id=str(arm["id"]), resolved_model="smol-2", input_tokens=10, output_tokens=5, cost_usd=0.25,
        finish_reason="stop", output="Booked.", started_at="2026-01-01T10:00:00+02:00",
    )  # fmt: skip
    assert record(clinic, "inferences", [row])["errors"] == []
    kept = clinic.owner.one("select * from inferences")
    assert kept["started_at"].isoformat() == "2026-01-01T08:00:00+00:00"
    assert (kept["action_id"], kept["variant_id"]) == (clinic.actions["Book"], arm["id"])
    assert (kept["input_tokens"], kept["cost_usd"], kept["output"]) == (10, 0.25, "Booked.")


def test_good_rows_land_beside_bad_ones(clinic: Clinic, version):
    bad = [
        ("nonsense", "bad_row", ""),
        (clinic.inference(version, ""), "bad_field", "subject"),
        (clinic.inference(version, "s") | {"id": "7"}, "bad_field", "id"),
        (clinic.inference(version, "s") | {"id": None}, "missing_field", "id"),
        (clinic.inference(version, "s", latency_ms=-1), "bad_field", "latency_ms"),
        (clinic.inference(version, "s", latency_ms="NaN"), "bad_field", "latency_ms"),
        (clinic.inference(version, "s", started_at="2026-01-01T10:00:00"), "bad_field", "started_at"),
        (clinic.inference(version, "s", started_at="2026-02-30T10:00:00Z"), "bad_field", "started_at"),
        (clinic.inference(version, "s", started_at="infinity"), "bad_field", "started_at"),
        (clinic.inference(version, "s", started_at="now"), "bad_field", "started_at"),
        (clinic.inference(version, "s", input_tokens=1.5), "bad_field", "input_tokens"),
        (clinic.inference(version, "s", input_tokens=2147483648), "bad_field", "input_tokens"),
        (clinic.inference(version, "s", status="maybe"), "bad_field", "status"),
        (clinic.inference(version, "s", keys=[{"type": "ticket"}]), "bad_field", "keys"),
        (clinic.inference(version, "s", environment="nowhere"), "unknown_environment", "nowhere"),
        (clinic.inference(version, "s", capability="Nothing"), "unknown_capability", "Nothing"),
        (clinic.inference(version, "s", action="Fly"), "unknown_action", "Fly"),
        (clinic.inference(version, "s", intent="Dream"), "unknown_intent", "Dream"),
        (clinic.inference(version, "s", version_id=str(uuid.uuid4())), "unknown_version", ""),
        (clinic.inference(version, "s", experiment_id=str(uuid.uuid4())), "unknown_experiment", ""),
        (clinic.inference(version, "s", variant_id=str(uuid.uuid4())), "unknown_variant", ""),
    ]
    answer = record(clinic, "inferences", [*(row for row, _, _ in bad), clinic.inference(version, "good")])

    assert answer["accepted"] == 1
    assert [(e["index"], e["code"]) for e in answer["errors"]] == [(i, code) for i, (_, code, _) in enumerate(bad)]
    for error, (_, _, named) in zip(answer["errors"], bad, strict=True):
        assert named in error["message"]
        assert error["hint"]


@pytest.mark.parametrize(("batch", "state"), [({}, "PT400"), ([{}] * 10_001, "PT413"), ("x", "PT400")])
def test_what_is_no_batch_is_refused_whole(clinic: Clinic, batch, state):
    for what in ("inferences", "outcomes"):
        with pytest.raises(psycopg.Error) as caught:
            record(clinic, what, batch)
        assert caught.value.sqlstate == state


def test_an_empty_batch_is_nothing(clinic: Clinic):
    assert record(clinic, "inferences", []) == {"accepted": 0, "duplicates": 0, "errors": []}
    assert record(clinic, "outcomes", []) == {"accepted": 0, "duplicates": 0, "errors": []}


def test_outcomes_are_idempotent_by_source_and_event_and_the_first_wins(clinic: Clinic):
    clinic.metric("booked")
    first = clinic.outcome("booked", True, subject="ann", source_event_id="e1")
    twice = [first, first | {"value": False}]
    assert record(clinic, "outcomes", twice) == {"accepted": 1, "duplicates": 1, "errors": []}
    assert record(clinic, "outcomes", [first | {"value": 0}])["duplicates"] == 1
    assert record(clinic, "outcomes", [first | {"source": "csat"}])["accepted"] == 1
    assert [r["value"] for r in clinic.owner.rows("select value from outcomes")] == [1.0, 1.0]


def test_an_event_id_used_again_for_another_metric_is_an_error(clinic: Clinic):
    clinic.metric("booked")
    clinic.metric("escalated")
    rows = [clinic.outcome(m, 1, subject="ann", source_event_id="e1") for m in ("booked", "escalated")]
    answer = record(clinic, "outcomes", rows)
    assert (answer["accepted"], answer["duplicates"]) == (1, 0)
    assert [(e["index"], e["code"]) for e in answer["errors"]] == [(1, "event_id_reused")]


def test_bad_outcomes_are_named(clinic: Clinic):
    clinic.metric("booked")
    clinic.metric("seconds", "duration")
    bad = [
        (clinic.outcome("booked", 0.5, subject="s"), "bad_proportion"),
        (clinic.outcome("booked", "true", subject="s"), "bad_field"),
        (clinic.outcome("seconds", "NaN", subject="s"), "bad_field"),
        (clinic.outcome("seconds", "Infinity", subject="s"), "bad_field"),
        (clinic.outcome("seconds", 10**400, subject="s"), "bad_field"),
        (clinic.outcome("seconds", 1e-300, subject="s"), "bad_field"),
        (clinic.outcome("seconds", None, subject="s"), "missing_field"),
        (clinic.outcome("nothing", 1, subject="s"), "unknown_metric"),
        (clinic.outcome("booked", 1), "no_join_key"),
        (clinic.outcome("booked", 1, key={"type": "ticket"}), "bad_field"),
        (clinic.outcome("booked", 1, subject="s", environment="nowhere"), "unknown_environment"),
        (clinic.outcome("booked", 1, subject="s", occurred_at="2026-01-01"), "bad_field"),
    ]
    answer = record(clinic, "outcomes", [row for row, _ in bad] + [clinic.outcome("seconds", -3.5, subject="s")])
    assert answer["accepted"] == 1
    assert [(e["index"], e["code"]) for e in answer["errors"]] == [(i, code) for i, (_, code) in enumerate(bad)]


def test_the_same_ids_in_two_workspaces_do_not_meet(clinic: Clinic, version):
    row = clinic.inference(version, "ann")
    record(clinic, "inferences", [row])
    other = clinic.world.user("other")
    made = other.rpc("create_workspace", name="Other", slug="other")
    capability = other.insert("capabilities", workspace_id=made["workspace_id"], key="BookAppointment", name="x")
    prompt = other.insert(
        "prompts", workspace_id=made["workspace_id"], key="p", name="p", capability_id=capability["id"]
    )
    own = other.rpc(
        "commit_version",
        prompt_id=prompt["id"],
        messages=[{"role": "user", "content": "x"}],
        provider="local",
        model="m",
    )

    strange = other.rpc("record_inferences", inferences=Jsonb([row]))
    assert [e["code"] for e in strange["errors"]] == ["unknown_version"]
    assert other.rpc("record_inferences", inferences=Jsonb([row | {"version_id": str(own["id"])}]))["accepted"] == 1


def test_a_window_that_is_not_positive_is_refused(clinic: Clinic):
    for window in ("0", "-1 day"):
        with pytest.raises(psycopg.errors.CheckViolation):
            clinic.metric("booked", attribution_window=window)


def test_the_same_batch_from_several_senders_in_any_order_lands_once(clinic: Clinic, version):
    clinic.metric("booked")
    inferences = [clinic.inference(version, f"s{i}", keys=[{"type": "t", "value": str(i)}]) for i in range(300)]
    outcomes = [clinic.outcome("booked", 1, subject=f"s{i}") for i in range(300)]
    senders = [clinic.world.server() for _ in range(4)]
    start = threading.Barrier(len(senders))

    def send(sender):
        mine = random.Random(id(sender))
        answers = []
        start.wait()
        for what, rows in (("inferences", inferences), ("outcomes", outcomes)):
            shuffled = Jsonb(mine.sample(rows, len(rows)))
            answers.append(sender.rpc(f"record_{what}", **{what: shuffled}, workspace_id=clinic.workspace_id))
        return answers

    with ThreadPoolExecutor(len(senders)) as pool:
        answers = [answer for several in pool.map(send, senders) for answer in several]

    assert sum(a["accepted"] for a in answers) == 600
    assert sum(a["duplicates"] for a in answers) == 3 * 600
    assert clinic.owner.one("select count(*) from outcome_keys")["count"] == 300


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (1, 2, 0), (2, 1, 0)])
def test_a_key_belongs_to_whom_it_was_seen_with_first_in_whatever_order_that_arrives(clinic: Clinic, version, order):
    clinic.metric("booked")
    key = {"type": "ticket", "value": "T-1"}
    calls = [("ann", 8), ("ann", 10), ("bob", 9)]
    for subject, hour in (calls[n] for n in order):
        call = clinic.inference(version, subject, keys=[key], started_at=f"2026-01-01T{hour:02}:00:00Z")
        assert record(clinic, "inferences", [call])["accepted"] == 1
    assert record(clinic, "outcomes", [clinic.outcome("booked", 1, key=key)])["accepted"] == 1
    assert clinic.world.admin.one("select subject from private.placed_outcomes")["subject"] == "ann"
    clinic.world.catch_up()
    assert clinic.world.admin.one("select subject from private.outcome_places")["subject"] == "ann"
