"""Slices: the cube is what the raw rows say, whatever came when, and each slice answers what it says it answers."""

import random
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from support.clinic import EPOCH, Clinic, Experiment, open_clinic
from support.world import World

if TYPE_CHECKING:
    from collections.abc import Callable

CELLS = """
select e.key as experiment, m.key as metric, v.key as arm, c.standing, coalesce(i.key, c.intent) as intent, coalesce(a.key, c.action) as action, c.model,
  c.day::text, c.y, c.d
from private.cube_cells c join public.experiments e on e.id = c.experiment_id join public.variants v on v.id = c.variant_id join public.outcome_metrics m on m.id = c.metric_id
left join public.intents i on i.id::text = c.intent left join public.actions a on a.id::text = c.action
where c.workspace_id = %s order by 1, 2, 3, 4, 5, 6, 7, 8
"""
Event = tuple[str, dict[str, Any]]


def at(n: float) -> str:
    return (EPOCH + timedelta(hours=n)).isoformat()


def history(draw: random.Random, subjects: int = 16) -> list[Event]:
    """Exposures (some in two arms), calls of several actions and models, and outcomes by every kind of key."""
    events: list[Event] = []
    for n in range(subjects):
        begun, place = draw.random() * 60, {"subject": f"s{n}", "conversation": f"c{n}"}
        shown = {
            "variant": draw.choice("ab"),
            "source": "flags",
            "exposed_at": at(begun),
            "source_event_id": f"x{n}",
        } | place
        events.append(("exposures", shown | {"intent": draw.choice(["ScheduleMeeting", "CancelMeeting"])}))
        if n % 5 == 0:
            again = {
                "source_event_id": f"y{n}",
                "exposed_at": at(begun + draw.choice([-3, 3])),
                "variant": draw.choice("ab"),
            }
            events.append(("exposures", shown | again))
        key = {"type": "ticket", "value": f"T{n // 2}"}
        for k in range(draw.randint(1, 4)):
            call = {
                "id": str(uuid.UUID(int=draw.getrandbits(128), version=4)),
                "started_at": at(begun + draw.choice([-4, 0.1, 1, 20, 40])),
            }
            call |= {"action": draw.choice(["Book", "UserLookup"]), "requested_model": draw.choice(["big", "small"])}
            call |= {"latency_ms": draw.randint(1, 900) / 8, "status": draw.choice(["ok", "error"])} | place
            call |= {"keys": [key]} if k == 0 else {"conversation": draw.choice([f"c{n}", f"d{n}"])}
            events.append(("inferences", call))
            belongs = [{"subject": f"s{n}"}, {"conversation": f"c{n}"}, {"inference_id": call["id"]}, {"key": key},
                {"subject": f"s{n}", "inference_id": call["id"]}, {"subject": f"s{n}", "conversation": f"d{n}"}]  # fmt: skip
            for metric in ("booked", "score"):
                value = 1 if metric == "booked" else round(draw.gauss(5, 9), 3)
                row = {"metric": metric, "value": value, "occurred_at": at(begun + draw.choice([-5, 0.5, 2, 30, 200]))}
                events.append(("outcomes", row | {"source_event_id": f"{n}.{k}.{metric}"} | draw.choice(belongs)))
    return events


def sliced(clinic: Clinic) -> Experiment:
    """An experiment with a metric of each kind that slices have."""
    clinic.version("x")
    clinic.metric("booked", when_absent="zero")
    clinic.metric("score", "mean", attribution_window="2 days")
    clinic.metric("latency", "mean", source="latency_ms")
    halves = {"numerator_metric_id": clinic.metric("failed", "count", source="errors")["id"]}
    halves |= {"denominator_metric_id": clinic.metric("calls", "count", source="calls")["id"]}
    clinic.metric("error_rate", "ratio", direction="decrease", **halves)
    return running(clinic, "tone")


def running(clinic: Clinic, key: str, **values: Any) -> Experiment:
    experiment = clinic.experiment({"a": None, "b": None}, key, judged=False, assigned_by="external", **values)
    roles = [{"metric": key, "role": "secondary"} for key in ("score", "latency", "error_rate")]
    experiment.edit(metrics=[{"metric": "booked", "role": "primary"}, *roles])
    experiment.move("activate")
    return experiment


def record(experiment: Experiment, kind: str, rows: list[dict[str, Any]]) -> None:
    clinic = experiment.clinic
    version = clinic.owner.one("select id from prompt_versions where workspace_id = %s limit 1", clinic.workspace_id)
    whole: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
        "inferences": lambda row: clinic.inference(version, row["subject"]) | row,
        "outcomes": lambda row: clinic.outcome(row["metric"], row["value"]) | row,
        "exposures": lambda row: row | {"experiment_id": experiment.id},
    }
    assert clinic.owner.rpc(f"record_{kind}", **{kind: [whole[kind](row) for row in rows]})["errors"] == []


def told(clinic: Clinic, events: list[Event], draw: random.Random) -> list[dict[str, Any]]:
    """The cells in the end, the events in any order, with steps of the cube in between."""
    admin = clinic.world.admin
    experiments = [sliced(clinic), running(clinic, "talks", unit="conversation")]
    events = draw.sample(events, len(events))
    while events:
        size = draw.choice([1, 5, 20, 60])
        cut, events = events[:size], events[size:]
        for kind in draw.sample(["exposures", "inferences", "outcomes"], 3):
            rows = [row for what, row in cut if what == kind]
            for experiment in experiments if kind == "exposures" else experiments[:1]:
                if rows:
                    record(experiment, kind, rows)
        if draw.random() < 0.5:
            clinic.world.catch_up()
            # Steps of any size, and not always to the end.
            admin.rows("update private.cube_watermark set step = %s returning 1", draw.choice([1, 4, 20_000]))
            for _ in range(draw.choice([0, 1, 3, 50])):
                clinic.world.step("compact_slices")
    clinic.world.catch_up_slices()
    assert all(admin.rows("select * from private.verify_slices(%s)", experiment.id) == [] for experiment in experiments)
    return admin.rows(CELLS, clinic.workspace_id)


def test_any_order_ends_in_the_same_cells_which_are_those_of_a_recomputation(world: World):
    clinics = [open_clinic(world) for _ in range(2)]
    seed = random.randrange(10_000)
    events = history(random.Random(seed))
    one, other = (told(clinic, events, random.Random(seed + n)) for n, clinic in enumerate(clinics))
    assert {c["metric"] for c in one} == {"booked", "score", "latency", "error_rate"}, f"seed {seed}"
    assert {c["experiment"] for c in one} == {"tone", "talks"}, f"seed {seed}"
    assert one == other, f"seed {seed}"


def test_a_call_that_comes_steps_after_it_was_found_for_an_outcome_has_it(clinic: Clinic):
    experiment, admin = sliced(clinic), clinic.world.admin
    call = {"id": str(uuid.uuid4()), "subject": "ann", "started_at": at(9), "requested_model": "big", "action": "Book"}
    shown = {"variant": "a", "subject": "ann", "source": "f", "source_event_id": "x", "exposed_at": at(0)}
    record(experiment, "exposures", [shown])
    # It happened before the call that it names: only its name joins them.
    told = {"metric": "booked", "value": 1, "occurred_at": at(1), "source_event_id": "o", "inference_id": call["id"]}
    record(experiment, "outcomes", [told | {"subject": "ann"}])
    clinic.world.catch_up_slices()
    others = [{"id": str(uuid.uuid4()), "subject": f"other{n}", "started_at": at(2)} for n in range(4)]
    for row in [*others, call]:
        record(experiment, "inferences", [row])
    clinic.world.catch_up()
    admin.rows("update private.cube_watermark set step = 1 returning 1")
    clinic.world.catch_up_slices()
    assert admin.rows("select * from private.verify_slices(%s)", experiment.id) == []


def numbered(experiment: Experiment, subjects: int = 300) -> None:
    """Subjects in two arms, each with calls of two models and outcomes after them."""
    draw = random.Random(7)
    shown, calls, outcomes = [], [], []
    for n in range(subjects):
        who, arm = {"subject": f"s{n}"}, "ab"[n % 2]
        intent = draw.choice(["ScheduleMeeting", "CancelMeeting"])
        shown.append(
            {"variant": arm, "source": "f", "exposed_at": at(0), "source_event_id": f"{n}", "intent": intent} | who
        )
        for k in range(draw.randint(1, 5)):
            model = draw.choice(["big", "small"])
            call = {
                "id": str(uuid.UUID(int=draw.getrandbits(128), version=4)),
                "started_at": at(1 + 26 * k),
                "requested_model": model,
            }
            calls.append(
                call | {"latency_ms": draw.randint(100, 900) * (2 if arm == "b" else 1), "action": "Book"} | who
            )
            if draw.random() < 0.5:
                outcomes.append(
                    {"metric": "booked", "value": 1, "occurred_at": at(2 + 26 * k), "source_event_id": f"{n}.{k}"} | who
                )
    for kind, rows in (("exposures", shown), ("inferences", calls), ("outcomes", outcomes)):
        record(experiment, kind, rows)
    experiment.clinic.world.catch_up_slices()


BY_HAND = """
select u.variant_id::text, sum(x.y) as y, sum(x.d) as d, count(distinct x.unit) as n
from private.experiment_units u
join (
  select i.subject as unit, i.latency_ms as y, 1 as d from public.inferences i
  where i.requested_model = 'big' and i.started_at >= '2026-01-02' and i.started_at < '2026-01-04') x on x.unit = u.unit_id
where u.experiment_id = %s group by 1
"""


def test_a_slice_is_the_ratio_of_what_happened_in_it_and_says_what_it_is(clinic: Clinic):
    experiment = sliced(clinic)
    numbered(experiment)
    ask = experiment.clinic.owner.rpc
    days = {"from_day": "2026-01-02", "to_day": "2026-01-03"}
    (row,) = ask("slice_effects", experiment_id=experiment.id, model="big", metric="latency", **days)
    by_hand = {r["variant_id"]: r for r in experiment.clinic.world.admin.rows(BY_HAND, experiment.id)}
    control, variant = by_hand[str(row["control_variant_id"])], by_hand[str(row["variant_id"])]
    assert (row["n_control"], row["n_variant"]) == (control["d"], variant["d"])
    assert row["mean_control"] == pytest.approx(control["y"] / control["d"], rel=1e-12)
    assert row["difference"] == pytest.approx(variant["y"] / variant["d"] - control["y"] / control["d"], rel=1e-12)
    assert row["p_value"] < 1e-9
    assert 50 < row["degrees_of_freedom"] <= 126
    assert (row["grade"], row["estimand"], row["method"]) == ("C", "per_call", "ratio_buckets")
    assert row["warnings"] == ["decided_after_assignment"]
    assert (row["sequential_p_value"], row["verdict"]) == (None, None)
    whole = {r["metric_key"]: r for r in ask("slice_effects", experiment_id=experiment.id, **days)}
    assert {m: (r["grade"], r["estimand"]) for m, r in whole.items()} == {
        "booked": ("A", "per_call"), "score": ("A", "per_outcome"), "latency": ("A", "per_call"), "error_rate": ("A", "ratio"),
    }  # fmt: skip
    assert (whole["score"]["reason_code"], whole["error_rate"]["reason_code"]) == ("no_subjects", "zero_variance")
    for refused, code in (
        ({"action": "None"}, "unknown_action"),
        ({"intent": "None"}, "unknown_intent"),
        ({"metric": "x"}, "unknown_metric"),
    ):
        with pytest.raises(Exception, match=code.replace("unknown_", "")):
            ask("slice_effects", experiment_id=experiment.id, **refused)


def test_a_slice_by_intent_is_its_segment_and_no_filter_is_the_experiment(clinic: Clinic):
    experiment = sliced(clinic)
    numbered(experiment, subjects=60)
    owner = experiment.clinic.owner
    columns = "metric_key, n_control, n_variant, difference, std_error, verdict, grade, reason_code"
    for arguments, view in (
        ({}, "experiment_effects where true"),
        ({"intent": "CancelMeeting"}, "segment_effects where segment_name = 'CancelMeeting'"),
    ):
        sliced_rows = owner.rows(
            f"select {columns} from slice_effects(%s, intent => %s) order by 1", experiment.id, arguments.get("intent"))  # fmt: skip
        assert sliced_rows == owner.rows(
            f"select {columns} from {view} and experiment_id = %s order by 1", experiment.id
        )
        assert len(sliced_rows) == 4


def test_the_whole_cube_adds_up_to_the_moments_and_a_person_who_is_erased_leaves_it(clinic: Clinic):
    experiment = sliced(clinic)
    numbered(experiment, subjects=80)
    admin, owner = experiment.clinic.world.admin, experiment.clinic.owner
    both = """
    select (select sum(y) from private.effect_moments where metric_id = m.id and dimension = 'all' and entry_day = 'infinity') as kept,
      (select sum(v) from private.cube_cells c cross join unnest(c.y) v where c.metric_id = m.id
        and '(all)' = all (array[c.intent, c.action, c.model])) as sliced
    from outcome_metrics m where key = 'latency'"""
    # The mean of a subject's calls is not their sum; the sum of the calls is what both can say.
    admin.rows("update outcome_metrics set per_subject = 'sum' where key = 'latency' returning 1")
    experiment.clinic.world.catch_up_slices()
    before = admin.one(both)
    assert before["kept"] == before["sliced"]
    owner.rpc("erase_subject", subject="s3", reason="asked to", workspace_id=experiment.clinic.workspace_id)
    experiment.clinic.world.catch_up_slices()
    after = admin.one(both)
    assert after["kept"] == after["sliced"] < before["sliced"]
    assert admin.rows("select * from private.verify_slices(%s)", experiment.id) == []


def test_what_is_being_counted_anew_is_not_shown_until_all_of_it_is_there(clinic: Clinic):
    experiment = sliced(clinic)
    numbered(experiment, subjects=40)
    admin, ask = experiment.clinic.world.admin, experiment.clinic.owner.rpc
    (there,) = ask("slice_effects", experiment_id=experiment.id, model="big", metric="latency")
    # Nobody has taken any news for long: the compactor forgets them.
    many = """with told as (insert into private.cube_place_news (workspace_id, outcome_id)
      select workspace_id, gen_random_uuid() from experiments, generate_series(1, 1001) where experiments.id = %s)
      select setval('private.cube_news_order', 200000)"""
    for cause in ("select private.rebuild(%s)", many):
        admin.rows(cause, experiment.id)
        shown = {"variant": "a", "subject": cause, "source": "f", "source_event_id": cause, "exposed_at": at(0)}
        record(experiment, "exposures", [shown])
        clinic.world.catch_up()
        assert admin.one("select count(*) as n from private.cube_place_news")["n"] == 0
        admin.rows("update private.cube_watermark set step = 60 returning 1")
        steps = 0
        while experiment.clinic.world.step("compact_slices")["state"] == "moved":
            (row,) = ask("slice_effects", experiment_id=experiment.id, model="big", metric="latency")
            steps += row["reason_code"] == "not_computed_yet" and row["difference"] is None
        assert steps >= 1
        assert row == there | {"as_of": row["as_of"]}


def test_values_beyond_forty_are_counted_together(clinic: Clinic):
    experiment = sliced(clinic)
    shown = {"variant": "a", "source": "f", "exposed_at": at(0), "source_event_id": "1", "subject": "ann"}
    record(experiment, "exposures", [shown])
    calls = [{"subject": "ann", "started_at": at(1), "requested_model": f"m{n:02}"} for n in range(45)]
    record(experiment, "inferences", calls)
    experiment.clinic.world.catch_up_slices()
    models = experiment.clinic.world.admin.rows("select distinct model, d from private.cube_cells join outcome_metrics m on m.id = metric_id"
        " where intent = '(all)' and m.key = 'latency' and model = '(other)'")  # fmt: skip
    assert [sum(v or 0 for v in r["d"]) for r in models] == [5]
    assert experiment.clinic.world.admin.rows("select * from private.verify_slices(%s)", experiment.id) == []
