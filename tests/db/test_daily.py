"""The daily tier: exact, whatever the order in which rows arrive."""

import random
from datetime import timedelta
from decimal import Decimal
from typing import Any

from support.clinic import EPOCH, Clinic
from support.days import wrong_days

CELLS = """
select day, metric_id, intent_id, model, n, y, yy from private.daily_cells
order by day, metric_id nulls first, intent_id, model, n
"""


def history(clinic: Clinic, draw: random.Random) -> list[tuple[str, dict[str, Any]]]:
    """Calls and outcomes of some customers, placed in every way that there is, some by evidence that is ambiguous."""
    version = clinic.version("v")
    rows: list[tuple[str, dict[str, Any]]] = []
    for n in range(120):
        at = EPOCH + timedelta(minutes=draw.randrange(10 * 1440))
        call = clinic.inference(
            version, f"s{draw.randrange(8)}", started_at=at.isoformat(), intent=draw.choice(list(clinic.intents)),
            conversation=f"c{draw.randrange(10)}", resolved_model=draw.choice(["smol-1", "smol-2"]),
            keys=[{"type": "ticket", "value": f"T{draw.randrange(20)}"}], cost_usd=draw.choice([0.1, 0.2]),
        )  # fmt: skip
        rows.append(("inferences", call))
        where: dict[str, Any] = draw.choice([
            {"subject": f"s{draw.randrange(8)}"},
            {"conversation": f"c{draw.randrange(10)}"},
            {"inference_id": call["id"]},
            {"key": {"type": "ticket", "value": f"T{draw.randrange(20)}"}},
        ])  # fmt: skip
        later = (at + timedelta(hours=draw.randrange(-5, 70))).isoformat()
        metric = draw.choice(["booked", "seconds", "spent"])
        value = 1 if metric == "booked" else draw.choice([0.1, 0.7, 1e9, 3])
        rows.append(("outcomes", clinic.outcome(metric, value, occurred_at=later, source_event_id=f"e{n}", **where)))
    return rows


def test_any_order_of_arrival_ends_in_the_cells_of_the_raw_rows(clinic: Clinic):
    draw = random.Random(4)
    clinic.metric("booked", when_absent="zero", attribution_window="1 day")
    clinic.metric("seconds", "duration", attribution_window="36 hours", per_subject="mean")
    spent = clinic.metric("spent", "mean", attribution_window="2 days", when_absent="zero")
    calls = clinic.metric("calls", "count", attribution_window="30 hours", source="calls")
    clinic.metric("per_call", "ratio", numerator_metric_id=spent["id"], denominator_metric_id=calls["id"])
    admin = clinic.world.admin
    rows = history(clinic, draw)
    draw.shuffle(rows)
    for start in range(0, len(rows), 24):
        for kind in ("inferences", "outcomes"):
            batch = [row for what, row in rows[start : start + 24] if what == kind]
            if batch:
                assert clinic.owner.rpc(f"record_{kind}", **{kind: batch})["errors"] == []
        if start % 72 == 0:  # the tier may be late
            clinic.world.step("compact")
        elif start % 72 == 24:
            clinic.owner.rpc("erase_subject", subject=f"s{draw.randrange(8)}", reason="They asked for it")
        else:
            clinic.world.catch_up()
            assert wrong_days(clinic) == []
    clinic.world.catch_up()
    assert wrong_days(clinic) == []
    cells = admin.rows(CELLS)
    assert len({row["day"] for row in cells}) == 10
    left = admin.one("select count(*) as n from inferences")["n"]
    assert 60 < left < 120
    assert admin.one("select sum(calls) as n from private.hourly_calls")["n"] == left
    admin.rows("select private.rebuild_days(%s)", clinic.workspace_id)
    assert admin.rows(CELLS) == cells
    # In another cluster transaction ids begin anew.
    admin.rows("update private.watermark set system_identifier = 'another', lo = lo + 1000000 returning 1")
    admin.rows("update private.daily_watermark set lo = lo + 1000000 returning 1")
    clinic.world.catch_up()
    assert admin.rows(CELLS) == cells
    assert wrong_days(clinic) == []
    late = [row | {"source": "late"} for what, row in rows if what == "outcomes"]
    clinic.owner.rpc("record_outcomes", outcomes=late)
    clinic.world.catch_up()
    assert wrong_days(clinic) == []
    assert admin.rows(CELLS) != cells


def test_days_whose_raw_rows_are_retired_stay(clinic: Clinic):
    clinic.metric("spent", "mean", attribution_window="2 days", when_absent="zero")
    version = clinic.version("v")
    admin = clinic.world.admin

    def at(days: int) -> str:
        return (EPOCH + timedelta(days=days)).isoformat()

    def record(days: int, who: str) -> None:
        clinic.owner.rpc("record_inferences", inferences=[clinic.inference(version, who, started_at=at(days))])
        clinic.owner.rpc("record_outcomes", outcomes=[clinic.outcome("spent", 2, subject=who, occurred_at=at(days))])

    def sums() -> list[tuple[Any, ...]]:
        clinic.world.catch_up()
        rows = admin.rows(
            "select day, sum(n) filter (where metric_id is null) as n, sum(y) as y from private.daily_cells group by 1 order by 1"
        )
        hours = admin.one("select sum(calls) as n from private.hourly_calls")["n"]
        return [(row["day"].isoformat(), row["n"], row["y"]) for row in rows] + [hours]

    for days, who in ((0, "ann"), (0, "bob"), (3, "ann")):
        record(days, who)
    before = [("2026-01-01", 2, 4), ("2026-01-04", 1, 2), 3]
    assert sums() == before
    admin.one("select private.drop_partitions_before(now() + interval '40 days')")
    assert admin.one("select kept_from::text as day from private.daily_watermark")["day"] == "2026-01-05"
    # Neither a rebuild nor another definition can say what these days were.
    admin.rows("select private.rebuild_days(%s)", clinic.workspace_id)
    clinic.owner.rows("update outcome_metrics set attribution_window = '3 days' where key = 'spent' returning 1")
    assert sums() == before
    # A late outcome is added; a late call, whose day is half gone, is counted in its hour alone; new days are as ever.
    clinic.owner.rpc("record_outcomes", outcomes=[clinic.outcome("spent", 5, subject="bob", occurred_at=at(1))])
    record(0, "eve")
    record(9, "bob")
    assert sums() == [("2026-01-01", 2, 9), ("2026-01-04", 1, 2), ("2026-01-10", 1, 2), 5]
    assert wrong_days(clinic) == []
    # Who is erased goes, however old.
    clinic.owner.rpc("erase_subject", subject="bob", reason="They asked for it")
    assert sums() == [("2026-01-01", 1, 2), ("2026-01-04", 1, 2), 4]
    assert wrong_days(clinic) == []


def test_a_late_outcome_moves_the_day_of_its_customer(clinic: Clinic):
    clinic.metric("spent", "mean", attribution_window="2 days", when_absent="zero")
    version = clinic.version("v")
    calls = [
        clinic.inference(version, who, started_at=(EPOCH + timedelta(hours=at)).isoformat())
        for who, at in (("ann", 1), ("ann", 5), ("bob", 2), ("ann", 50))
    ]
    clinic.owner.rpc("record_inferences", inferences=calls)
    clinic.world.catch_up()

    def days() -> list[tuple[Any, ...]]:
        rows = clinic.world.admin.rows(
            "select day, sum(n) filter (where metric_id is null) as units, sum(y) as y, sum(yy) as yy"
            " from private.daily_cells group by day order by day"
        )
        return [(str(r["day"]), r["units"], r["y"], r["yy"]) for r in rows]

    assert days() == [("2026-01-01", 2, 0, 0), ("2026-01-03", 1, 0, 0)]
    # 49 hours after the first day's first call: that window is over, the third day's has not begun.
    out = [
        clinic.outcome("spent", value, subject="ann", occurred_at=(EPOCH + timedelta(hours=at)).isoformat())
        for value, at in ((0.1, 2), (0.2, 30), (7, 49), (5, 51))
    ]
    clinic.owner.rpc("record_outcomes", outcomes=out)
    clinic.world.catch_up()
    assert days() == [("2026-01-01", 2, Decimal("0.3"), Decimal("0.09")), ("2026-01-03", 1, 5, 25)]
    earlier = clinic.inference(version, "ann", started_at=EPOCH.isoformat(), intent="CancelMeeting")
    clinic.owner.rpc("record_inferences", inferences=[earlier])
    clinic.world.catch_up()
    found = clinic.world.admin.one("select intent_id, y from private.daily_cells where y = 0.3")
    assert str(found["intent_id"]) == str(clinic.intents["CancelMeeting"])
    assert wrong_days(clinic) == []


def test_a_model_that_a_provider_begins_to_use_is_a_change_once(clinic: Clinic):
    version = clinic.version("v")
    for hour, model in ((5, "smol-b"), (9, "smol-b"), (1, "smol-a"), (12, None), (20, "smol-c")):
        at = (EPOCH + timedelta(hours=hour)).isoformat()
        call = clinic.inference(version, f"s{hour}", started_at=at, resolved_model=model)
        clinic.owner.rpc("record_inferences", inferences=[call])
        clinic.world.catch_up()
    told = clinic.owner.rows(
        "select occurred_at, detail ->> 'resolved_model' as model, detail ->> 'previous_model' as previous"
        " from timeline where kind = 'provider_model_changed' order by occurred_at"
    )
    assert [(row["occurred_at"], row["model"], row["previous"]) for row in told] == [
        (EPOCH + timedelta(hours=5), "smol-b", "smol-a"),
        (EPOCH + timedelta(hours=20), "smol-c", "smol-b"),
    ]


def test_ratios_and_metrics_of_calls_follow_their_parts_and_their_definition(clinic: Clinic):
    spent = clinic.metric("spent", "mean", attribution_window="2 days", when_absent="zero")
    calls = clinic.metric("calls", "count", attribution_window="1 day", source="calls")
    clinic.metric("per_call", "ratio", numerator_metric_id=spent["id"], denominator_metric_id=calls["id"])
    version = clinic.version("v")
    rows = [
        clinic.inference(version, who, started_at=(EPOCH + timedelta(hours=at)).isoformat(), latency_ms=100 * at)
        for who, at in (("ann", 1), ("ann", 2), ("ann", 26), ("bob", 3))
    ]
    clinic.owner.rpc("record_inferences", inferences=rows)
    at = (EPOCH + timedelta(hours=3)).isoformat()
    out = [clinic.outcome("spent", 9, subject="ann", occurred_at=at)]
    clinic.owner.rpc("record_outcomes", outcomes=out)

    def sums() -> dict[str, list[tuple[Any, ...]]]:
        clinic.world.catch_up()
        assert wrong_days(clinic) == []
        rows = clinic.world.admin.rows(
            "select m.key, c.n, c.y, c.d, c.dd, c.yd from private.daily_cells c"
            " join outcome_metrics m on m.id = c.metric_id order by m.key, c.day"
        )
        found: dict[str, list[tuple[Any, ...]]] = {}
        for row in rows:
            found.setdefault(row.pop("key"), []).append(tuple(int(v) for v in row.values()))
        return found

    # Ann's first day: 9 spent, two calls that day and the one 25 hours after is over the count's day but in the ratio's week.
    assert sums() == {
        "calls": [(2, 3, 2, 2, 3), (1, 1, 1, 1, 1)],
        "per_call": [(2, 9, 4, 10, 27), (1, 0, 1, 1, 0)],
        "spent": [(1, 9, 1, 1, 9)],
    }
    # A later call moves the days that count it; a metric defined otherwise, or anew, is computed from its past.
    more = clinic.inference(version, "bob", started_at=(EPOCH + timedelta(hours=10)).isoformat(), latency_ms=50)
    clinic.owner.rpc("record_inferences", inferences=[more])
    assert sums()["calls"] == [(2, 4, 2, 2, 4), (1, 1, 1, 1, 1)]
    clinic.metric("slowest", "mean", attribution_window="1 day", source="latency_ms", per_subject="max")
    clinic.owner.rows("update outcome_metrics set attribution_window = '1 hour' where key = 'spent' returning 1")
    found = sums()
    assert found["slowest"] == [(2, 500, 2, 2, 500), (1, 2600, 1, 1, 2600)]
    assert "spent" not in found
    # Raw rows that are taken away leave the cells and the hours.
    clinic.owner.rpc("erase_subject", subject="ann", reason="They asked for it")
    assert sums()["calls"] == [(1, 2, 1, 1, 2)]


def test_results_do_not_wait_for_days_nor_days_run_ahead(clinic: Clinic):
    world = clinic.world
    clinic.metric("spent", "mean", attribution_window="2 days", when_absent="zero")

    def spent(value: int) -> dict[str, Any]:
        return clinic.outcome("spent", value, subject="ann", occurred_at=EPOCH.isoformat())

    call = clinic.inference(clinic.version("v"), "ann", started_at=EPOCH.isoformat())
    clinic.owner.rpc("record_inferences", inferences=[call])
    clinic.owner.rpc("record_outcomes", outcomes=[spent(1)])
    world.catch_up()
    slow = world.postgres().connection
    with slow.transaction():
        clinic.owner.rpc("record_outcomes", outcomes=[spent(2)])
        assert slow.execute("select private.compact_days() as said").fetchone()["said"]["state"] == "idle"
        world.tick()
        assert slow.execute("select private.compact_days() as said").fetchone()["said"]["state"] == "moved"
        assert world.step("compact_days") == {"state": "busy"}
        mine = int(slow.execute("select pg_current_xact_id()::text as tx").fetchone()["tx"])
        clinic.owner.rpc("record_outcomes", outcomes=[spent(4)])
        assert world.tick()["state"] == "moved"
        assert world.admin.one("select lo from private.watermark")["lo"] > mine
    world.catch_up()
    assert wrong_days(clinic) == []
    assert world.admin.one("select sum(y) as y from private.daily_cells")["y"] == 7
